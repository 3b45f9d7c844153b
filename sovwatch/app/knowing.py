"""What one channel knows when it is told of a story: of the story, of other stories, and from the seeds."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property

from sqlalchemy import Connection

from sovwatch.app.opening import App
from sovwatch.elsewhere import Elsewhere
from sovwatch.reports import Report
from sovwatch.seeds import affair
from sovwatch.similarity import Fingerprint
from sovwatch.store import candidates, edits, history, telling
from sovwatch.stored import fingerprint_of

_LATELY = timedelta(weeks=4)


class Knowledge:
    """What a channel knows, as fingerprints; `told` is its history of the stories that it is owed."""

    def __init__(
        self, app: App, c: Connection, channel: str, now: datetime, told: Mapping[int, history.History]
    ) -> None:
        self._app, self._c, self._channel, self._now, self._told = app, c, channel, now, told

    def of_story(self, story: int, owed: Sequence[telling.Owed]) -> list[Fingerprint]:
        """What the channel knows of the story: of an article that was edited since, what it said before.

        What is owed again though it was only counted is not known by itself.
        """
        if (told := self._told.get(story)) is None:
            return []
        again = told.counted & {one.row["id"] for one in owed}
        known = candidates.fingerprints(self._c, set(told.articles) - again)
        known |= {row["id"]: fingerprint_of(row) for row in edits.unheard(self._c, self._channel, list(known))}
        for one in sorted(owed, key=lambda one: -one.revision):
            if one.row["id"] in known and one.before.get("text"):
                known[one.row["id"]] = fingerprint_of({**one.row, **one.before})
        return list(known.values())

    def elsewhere(self, story: int) -> Elsewhere:
        """What the channel was lately told in other stories."""
        told = self._told.get(story)
        return self._lately.apart(frozenset(told.articles) if told else frozenset())

    @cached_property
    def _lately(self) -> Elsewhere:
        lately = history.lately(self._c, self._channel, self._now - _LATELY)
        return Elsewhere(candidates.fingerprints(self._c, lately))

    def since(self, report: Report) -> list[Fingerprint]:
        """What the channel was told by others of the story after it was told of this article."""
        told = self._told[report.story].told
        at = told[report.piece.article]
        later = [article for article, heard in told.items() if heard > at]
        return list(candidates.fingerprints(self._c, later).values())

    def of_seeds(self, reports: Iterable[Report]) -> list[Fingerprint]:
        """What the reader knows of the affairs that any report of the story belongs to."""
        found = {report.seed.seed: report.seed for report in reports if report.seed is not None}
        return [known for seed in found.values() for known in affair(self._app.bench.cards, seed)]
