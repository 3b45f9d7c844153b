"""Run labelled documents through what places articles, in memory, and score it: `sovwatch evaluate` and the benchmarks.

The documents go the way of the real thing: fingerprint, index keys, candidates that share one, `stories.place`. Three
forms of labels are read, those of ../shared/bench (docs/quality.md describes them for users' own):

    coverage   docs.jsonl and labels.jsonl in one folder: stories, across languages, wrong joins, copies
    stories    one file whose rows carry `event`, and may carry `affair` and `topics`
    copies     a file of documents and `pairs.jsonl` beside it
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count, islice
from pathlib import Path
from typing import Any

from sovwatch.background import Tables, shipped
from sovwatch.fingerprints import Fingerprint
from sovwatch.model import Dated, Precision
from sovwatch.region import Member, StoryView, compared
from sovwatch.scoring import across, as_they_came, bcubed, components, copies_found, pairs_alike, wrong_joins
from sovwatch.season import MOST, Seasons
from sovwatch.similarity import fingerprint
from sovwatch.store.candidates import COPIES, LOOKED_AT, STORIES
from sovwatch.stories import STORY_WINDOW, Copy, Move, Placement, place
from sovwatch.text import language_of

_PRECISIONS = {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY}


@dataclass(frozen=True, slots=True)
class Labelled:
    """A document with what people said of it; `event` None: of no labelled event."""

    id: str
    title: str
    text: str
    language: str
    published: Dated | None
    outlet: str = ""
    topics: frozenset[str] = frozenset()
    event: str | None = None
    affair: str | None = None
    copy_of: str | None = None

    def fingerprint(self) -> Fingerprint:
        """Its fingerprint."""
        return fingerprint(self.title, self.text, language=self.language, published=self.published, outlet=self.outlet)


def rows(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSON-lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def when(given: str | None) -> Dated | None:
    """A date of a label file: ISO 8601, or only its year, month or day."""
    if not given:
        return None
    full = given + "-01-01"[len(given) - 4 :] if len(given) < 10 else given  # noqa: PLR2004  (YYYY-MM-DD)
    instant = datetime.fromisoformat(full)
    instant = instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    return Dated(instant, _PRECISIONS.get(len(given), Precision.SECOND))


def labelled(bench: Path, name: str) -> list[Labelled]:
    """The documents of a set of the bench: "coverage" (those on topic), "fr_press", or a file of stories."""
    if name == "coverage":
        return covered(bench / "coverage")
    folder = "copies" if name == "fr_press" else "stories"
    return told(bench / folder / f"{name}.jsonl")


def told(path: Path) -> list[Labelled]:
    """The documents of a file whose rows carry their labels themselves."""
    return [
        _document(row, {"event_id": row.get("event"), "event_group": row.get("affair"), "topics": row.get("topics")})
        for row in rows(path)
    ]


def covered(folder: Path) -> list[Labelled]:
    """The documents of a folder with docs.jsonl and labels.jsonl that are on topic."""
    labels = {row["id"]: row for row in rows(folder / "labels.jsonl")}
    found = rows(folder / "docs.jsonl")
    return [_document(row, labels[row["id"]]) for row in found if labels[row["id"]]["topics"]]


def _document(row: dict[str, Any], label: dict[str, Any]) -> Labelled:
    text = row.get("text") or ""
    return Labelled(
        id=str(row["id"]),
        title=row.get("title") or "",
        text=text,
        language=row.get("language") or language_of(f"{row.get('title')} {text}", "en"),
        published=when(row.get("published")),
        outlet=row.get("outlet") or "",
        topics=frozenset(label.get("topics") or ()),
        event=label.get("event_id"),
        affair=label.get("event_group"),
        copy_of=label.get("near_copy_of"),
    )


@dataclass
class Memory:
    """What is known, by index keys: the store's part, in memory."""

    members: list[Member] = field(default_factory=list)
    story: list[int] = field(default_factory=list)
    copied: dict[int, int] = field(default_factory=dict)  # a copy -> the article that it is folded under
    copies: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))  # and back
    stories: dict[int, list[int]] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=count)
    by_wording: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_happening: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def candidates(self, fp: Fingerprint) -> tuple[list[Member], list[StoryView]]:
        """The articles that share keys of wording, and the stories with a member that shares keys of happening."""
        copies = Counter(one for key in fp.copy_keys() for one in self.by_wording.get(key, ()))
        near = Counter(
            self.story[one]
            for key in fp.story_keys()
            for one in self.by_happening.get(key, ())
            if self._timely(fp, one)
        )
        views = [
            StoryView(one, tuple(self.members[member] for member in compared(self.stories[one])))
            for one, _ in near.most_common(STORIES)
        ]
        near_in_words = [one for one, _ in copies.most_common(COPIES)]
        return [replace(self.members[one], story=self.story[one]) for one in near_in_words], views

    def recent(self, since: datetime, until: datetime) -> list[Fingerprint]:
        """The articles of a time, of the newest stories, as `store.candidates.recent` gives them."""
        newest = (one for _, members in sorted(self.stories.items(), reverse=True) for one in reversed(members))
        prints = (self.members[one].fingerprint for one in islice(newest, LOOKED_AT))
        return list(islice((fp for fp in prints if fp.at and since <= fp.at < until), MOST))

    def _timely(self, fp: Fingerprint, known: int) -> bool:
        other = self.members[known].fingerprint.at
        return fp.at is None or other is None or abs(fp.at - other) <= STORY_WINDOW

    def add(self, fp: Fingerprint, topics: frozenset[str], placed: Placement) -> None:
        """Remember an article where it was placed."""
        number = len(self.members)
        if isinstance(placed, Copy):
            story = self.story[placed.of]
            self.copied[number] = self.copied.get(placed.of, placed.of)
            self.copies[self.copied[number]].append(number)
        else:
            for move in placed.moves:
                self._carry_out(move)
            story = self._carry_out(placed.own)
        self.members.append(Member(number, fp, topics))
        self.story.append(story)
        for key in fp.copy_keys():
            self.by_wording[key].append(number)
        if isinstance(placed, Copy):  # found by its wording, but a story by what is no copy
            return
        self.stories.setdefault(story, []).append(number)
        for key in fp.story_keys():
            self.by_happening[key].append(number)

    def together(self, story: int) -> list[int]:
        """The articles of a story, its copies too."""
        return sorted(one for article in self.stories[story] for one in self._with_copies(article))

    def _with_copies(self, article: int) -> tuple[int, ...]:
        return (article, *self.copies.get(article, ()))

    def _carry_out(self, move: Move) -> int:
        """Change stories as the store does; gives the story, a new one where the move has none."""
        story = next(self.numbers) if move.story is None else move.story
        for other in move.unites:
            self._unite(other, story)
        for article in move.takes:
            self._move(article, story)
        return story

    def _move(self, article: int, into: int) -> None:
        """Put an article into another story, with its copies, as `store.steering.gather` does."""
        self.stories[self.story[article]].remove(article)
        self.stories[into] = sorted([*self.stories.get(into, ()), article])
        for one in self._with_copies(article):
            self.story[one] = into

    def _unite(self, story: int, into: int) -> None:
        """Put a story into an earlier one, as `store.steering.unite` does."""
        for one in self.together(story):
            self.story[one] = into
        self.stories[into] = sorted(self.stories[into] + self.stories.pop(story))


@dataclass(frozen=True, slots=True)
class Placed:
    """Where the documents went, by id: the story of each, and what is called a copy of what.

    `beside` is what its story had when a document came, itself too, in the order in which they came.
    """

    story: dict[str, int]
    copies: list[tuple[str, str]]
    why: dict[str, str]
    beside: dict[str, tuple[str, ...]]


def arranged(documents: Sequence[Labelled], order: Iterable[int] | None = None, by: Tables | None = None) -> Placed:
    """Place the documents one after the other, in the order given or their own; by the shipped tables, or by others."""
    memory, seasons = Memory(), Seasons(by or shipped())
    arrived: list[str] = []
    copies: list[tuple[str, str]] = []
    why: dict[str, str] = {}
    beside: dict[str, tuple[str, ...]] = {}
    for number in order if order is not None else range(len(documents)):
        document = documents[number]
        fp = document.fingerprint()
        tables = seasons.tables(fp.at, memory.recent)
        placed = place(fp, document.topics, *memory.candidates(fp), tables)
        if isinstance(placed, Copy):
            copies.append((document.id, arrived[placed.of]))
        why[document.id] = placed.why
        memory.add(fp, document.topics, placed)
        arrived.append(document.id)
        beside[document.id] = tuple(arrived[one] for one in memory.together(memory.story[-1]))
    return Placed(dict(zip(arrived, memory.story, strict=True)), copies, why, beside)


def evaluate(
    kind: str, path: Path, order: Sequence[int] | None = None, tables: Tables | None = None
) -> dict[str, float]:
    """Score one labelled set; `kind` and `path` as the module describes. Figures are 0..1, wrong joins are counts.

    Stories are told in the order of publication unless another is given, those without a date first.
    """
    if kind == "copies":
        documents = [_document(row, {}) for row in rows(path)]
        placed = arranged(documents, order, tables)
        said = components(placed.copies, placed.story)
        return copies_found(rows(path.parent / "pairs.jsonl"), said)
    documents = told(path) if kind == "stories" else covered(path)
    placed = arranged(documents, by_date(documents) if order is None else order, tables)
    return scored(documents, placed)


def by_date(documents: Sequence[Labelled]) -> list[int]:
    """The places of documents in the order of publication; undated ones come first."""
    at = [document.published.at.timestamp() if document.published else 0.0 for document in documents]
    return sorted(range(len(at)), key=at.__getitem__)


def scored(documents: Sequence[Labelled], placed: Placed) -> dict[str, float]:
    """The figures of stories and copies over labelled documents."""
    event = {one.id: one.event for one in documents if one.event}
    cubed, first = bcubed(placed.story, event), as_they_came(placed.beside, event)
    mixed = across(event, placed.story, {one.id: one.language for one in documents})
    wrong = wrong_joins(
        placed.story, {one.id: one.event for one in documents}, {one.id: one.affair for one in documents}
    )
    members = [one.id for one in documents]
    true = components([(one.id, one.copy_of) for one in documents if one.copy_of], members)
    copied = pairs_alike(components(placed.copies, members), true)
    return {
        "stories bcubed precision": cubed.precision,
        "stories bcubed recall": cubed.recall,
        "stories bcubed f1": cubed.f1,
        "as first told precision": first.precision,
        "as first told recall": first.recall,
        "as first told f1": first.f1,
        "across languages f1": mixed.f1,
        "wrong joins outside an affair": wrong.outside,
        "wrong joins inside an affair": wrong.inside,
        "copies precision": copied.precision,
        "copies recall": copied.recall,
        "copies f1": copied.f1,
    }
