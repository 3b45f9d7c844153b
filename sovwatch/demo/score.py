"""How the demo's week was judged, against the truth file: an export in, a table and the mistakes out.

Counts are of articles, not of addresses: an AMP twin and a tagged link are the same article. A story is right when
exactly the articles that belong together stand together. An article that is named beside another of its story, which
adds something, is no repeat. Which of two copies is the original depends on which was read first: either may be folded.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from sovwatch.demo.coverage import Coverage, Dispatch, Truth

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of the table: how many were found, how many there are, how many of the found are right."""

    name: str
    found: int
    true: int
    right: int


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that was judged wrong; `why` is the truth file's word on the article."""

    what: str
    dispatch: Dispatch
    why: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """The table and the list under it."""

    measures: tuple[Measure, ...]
    mistakes: tuple[Mistake, ...]


@dataclass(frozen=True, slots=True)
class _Question:
    """Something that is asked of every article: which were found, which are true, what to call the two errors."""

    name: str
    found: frozenset[str]
    true: frozenset[str]
    extra: str
    missed: str

    @property
    def measure(self) -> Measure:
        return Measure(self.name, len(self.found), len(self.true), len(self.found & self.true))


def score(rows: Iterable[Row], coverage: Coverage) -> Score:
    """Compare an export (`sovwatch export --format jsonl`) with the truth."""
    week = _Week(coverage, _by_article(rows, coverage))
    on_topic, copies, repeats, told = week.questions()
    measures = (
        Measure("Articles read", len(week.read), len(coverage.dispatches), len(week.read)),
        on_topic.measure,
        copies.measure,
        week.story_measure(),
        repeats.measure,
        told.measure,
    )
    questions = (on_topic, copies, repeats, told)
    wrong = [(q.extra, name) for q in questions for name in sorted(q.found - q.true)]
    wrong += [(q.missed, name) for q in questions for name in sorted(q.true - q.found)]
    wrong += week.misplaced()
    return Score(measures, tuple(Mistake(what, coverage.dispatches[n], coverage.truth[n].why) for what, n in wrong))


def _by_article(rows: Iterable[Row], coverage: Coverage) -> dict[str, Row]:
    """Return the row of each article by the truth's name for it: the first address read speaks for the others."""
    found: dict[str, Row] = {}
    for row in rows:
        parts = urlsplit(row["original_url"])
        dispatch = coverage.by_path.get((parts.hostname or "", parts.path.removeprefix("/amp")))
        if dispatch is not None and (dispatch.id not in found or row["placement"] != "same"):
            found[dispatch.id] = row
    return found


@dataclass(frozen=True)
class _Week:
    coverage: Coverage
    read: Mapping[str, Row]

    def questions(self) -> tuple[_Question, ...]:
        """Ask the four questions."""
        return (
            _Question(
                "On topic",
                self._found(lambda row: bool(row["topics"])),
                self._true(lambda truth: bool(truth.topics)),
                "taken for on topic",
                "missed as off topic",
            ),
            _Question(
                "Copies folded",
                self._folded(),
                self._true(lambda truth: truth.copy_of is not None),
                "folded though it is no copy",
                "a copy that was not folded",
            ),
            _Question(
                "Repeats held back",
                self._found(lambda row: (row["seed"] or {}).get("relation") in {"repeat", "copy"}),
                self._true(lambda truth: truth.seed == "repeat"),
                "held back though it adds",
                "a repeat of what is known, not held back",
            ),
            self._telling(),
        )

    def _folded(self) -> frozenset[str]:
        """Return what was folded; an original that was folded under its reprint counts as that reprint."""
        folded = set(self._found(lambda row: row["placement"] == "copy"))
        for name, truth in self.coverage.truth.items():
            if truth.copy_of in folded and name not in folded:
                folded = folded - {truth.copy_of} | {name}
        return frozenset(folded)

    def _telling(self) -> _Question:
        news = self._true(lambda truth: truth.adds and "main" in truth.topics.values())
        told = frozenset(name for name in self.read if self._tellings(name))
        company = {name for name in told - news if self._tells_beside(name, news)}
        return _Question(
            "Told for what they add", told - company, news, "told though it adds nothing", "not told, though it adds"
        )

    def _tells_beside(self, name: str, news: frozenset[str]) -> bool:
        """Say whether an article was only named in messages that told of another of its story, which does add."""
        others = {at for other in self._story(name) & news for at in self._tellings(other)}
        return set(self._tellings(name)) <= others

    def _tellings(self, name: str) -> list[str]:
        """Return when an article was told, in order."""
        row = self.read.get(name, {"told": ()})
        return sorted(each["at"] for each in row["told"] if each["how"] != "counted")

    def _story(self, name: str) -> frozenset[str]:
        """Return the articles of the same story, itself included."""
        story = self.coverage.truth[name].story
        return self._true(lambda truth: truth.story == story) if story else frozenset({name})

    def _found(self, test: Callable[[Row], bool]) -> frozenset[str]:
        return frozenset(name for name, row in self.read.items() if test(row))

    def _true(self, test: Callable[[Truth], bool]) -> frozenset[str]:
        return frozenset(name for name, truth in self.coverage.truth.items() if test(truth))

    @cached_property
    def _groups(self) -> tuple[list[frozenset[str]], dict[str, frozenset[str]]]:
        """The stories as they were formed, and as they are, of what is both judged and truly on topic."""
        found: dict[Any, set[str]] = defaultdict(set)
        true: dict[str, set[str]] = defaultdict(set)
        for name, row in self.read.items():
            if (story := self.coverage.truth[name].story) and row["story"]:
                found[row["story"]].add(name)
                true[story].add(name)
        return [frozenset(group) for group in found.values()], {name: frozenset(group) for name, group in true.items()}

    def story_measure(self) -> Measure:
        """Count the stories that were formed, those that there are, and those formed exactly."""
        found, true = self._groups
        return Measure("Stories", len(found), len(true), sum(group in found for group in true.values()))

    def misplaced(self) -> Iterator[tuple[str, str]]:
        """Yield articles that stand with the wrong story, or apart from their own.

        A formed story belongs to the true one that it holds most of; each true story has one home.
        """
        found, true = self._groups
        homes = {story: max(found, key=lambda group: (len(group & true[story]), -len(group))) for story in true}
        for group in found:
            owners = [story for story, home in homes.items() if home == group]
            owner = max(owners, key=lambda story: len(true[story] & group), default="")
            for name in sorted(group - true.get(owner, frozenset())):
                own = self.coverage.truth[name].story
                yield (f"stands with “{owner}”, not with “{own}”" if owner else f"stands apart from “{own}”"), name
