"""Why an article that stands to no seed does not: the seed that comes nearest, how near, and what is in the way.

For people (`explain`): nothing is decided by it, and it asks of `seeds` what that asked.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sovwatch import seeds
from sovwatch.novelty import additions
from sovwatch.seeds import AFFAIR, AFTER, Affair, Card
from sovwatch.similarity import Fingerprint
from sovwatch.statements import Statements


class Miss(NamedTuple):
    """The seed nearest to an article that is held back for none: shares of its wording and matter, what was missing."""

    wording: float
    about: float
    seed: str
    why: str

    def __str__(self) -> str:
        return (
            f"nearest is {self.seed}: {self.wording:.0%} of its wording, {self.about:.2f} of what its affair is about; "
            f"nothing held back: {self.why}"
        )


def nearest_miss(said: Statements, cards: Iterable[Card]) -> Miss | None:
    """The nearest seed and why nothing was held back for it; None where there is no card to compare with."""
    affairs: dict[str, list[Card]] = {}
    for card in cards:
        affairs.setdefault(card.affair, []).append(card)
    found = [_miss(said, known) for known in affairs.values()]
    return max(found, key=lambda miss: max(miss.wording, miss.about), default=None)


def _miss(said: Statements, known: Sequence[Card]) -> Miss:
    affair = Affair([card.fingerprint for card in known])
    nearest, share = seeds.nearest(said.fp, known)
    return Miss(share, affair.part_in(said.fp), nearest.id, _why(said, known, affair))


def _why(said: Statements, known: Sequence[Card], affair: Affair) -> str:
    if untimely := _untimely(said.fp, known):
        return untimely
    if not affair.has(said.fp):
        return f"it is of the affair from {AFFAIR:.2f} on"
    if all(passage.place < 0 for passage, *_ in said.found):
        return "what it added cannot be told, as its text is no longer kept"
    if new := additions(said, affair.seeds, by_day=False):
        return f"it opens with something else, and adds: {new[0].line}"
    if not affair.tells(said):
        return "it says nothing new that can be named, but speaks of what no seed does"
    return "it tells of a day after what happened"


def _untimely(fp: Fingerprint, known: Sequence[Card]) -> str:
    """Why an article cannot be a repeat by its day alone; "" where it can."""
    days = [day for card in known for day in card.happened or ()]
    if not days:
        return "its card does not say when it happened, so only copies are recognised"
    if fp.at is None:
        return "nothing says when the article was published"
    if seeds.near(fp, known):
        return ""
    happened = " to ".join(dict.fromkeys((min(days).isoformat(), max(days).isoformat())))
    return f"published {fp.at:%Y-%m-%d}, not within {AFTER.days} days from {happened}, when it happened"
