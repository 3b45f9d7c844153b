"""The gate on relevance: openings that this project wrote, by topic and language, with floors that a real loss trips.

The lists have seen these openings since: docs/tried.md tells what they scored at first sight, and the figures now.
`openings_4`, which leaves the plain words out, is no gate: most of it is out of reach of lists.
"""

import tomllib
from collections import Counter
from pathlib import Path

import pytest

from sovwatch.model import Centrality
from sovwatch.relevance import Topic, relevance
from tests.topics import SHIPPED

DATA = Path(__file__).parent / "data"
CELLS = [(topic, language) for topic in ("alberta", "quebec") for language in ("en", "fr")]

Seen = Counter[tuple[Centrality | None, Centrality | None]]


def seen(batch: str, topic: Topic, language: str) -> Seen:
    """Count the pieces of a cell by what they are and what they are said to be."""
    pieces = tomllib.loads((DATA / f"{batch}.toml").read_text(encoding="utf-8"))["piece"]
    counts: Seen = Counter()
    for piece in pieces:
        if piece["language"] == language and not piece.get("borderline"):
            about: Centrality | None = "main" if topic.id in piece.get("main", ()) else None
            about = "mention" if topic.id in piece.get("mention", ()) else about
            counts[about, relevance(piece["title"], "", piece["text"], topic).centrality] += 1
    return counts


def f1(counts: Seen) -> float:
    """F1 of subjects against pieces off topic; passing mentions are left out."""
    found = counts["main", "main"] + counts["main", "mention"]
    false = counts[None, "main"] + counts[None, "mention"]
    return 2 * found / (2 * found + false + counts["main", None])


@pytest.mark.parametrize(("topic", "language"), CELLS)
@pytest.mark.parametrize(
    ("batch", "floor"),
    [
        ("openings_1", 0.92),
        ("openings_2", 0.88),
        ("openings_3", 0.9),
        ("openings_6", 0.83),
        ("openings_7", 0.64),
        ("openings_9", 0.94),
        ("openings_10", 0.88),
        ("openings_11", 0.88),
    ],
)
def test_subjects_are_told_from_the_same_vocabulary_elsewhere(
    batch: str, floor: float, topic: str, language: str
) -> None:
    counts = seen(batch, SHIPPED[topic], language)
    assert counts["main", "main"] >= 4
    assert f1(counts) >= floor


def test_who_leaves_breaks_with_or_is_independent_of_something_else_is_off_topic() -> None:
    counts: Seen = Counter()
    for topic, language in CELLS:
        counts += seen("openings_8", SHIPPED[topic], language)
    assert counts[None, None] >= 80
    assert counts[None, "main"] + counts[None, "mention"] <= 2


def test_the_votes_and_independences_of_others_in_quebec_stay_off_topic() -> None:
    counts: Seen = Counter()
    for language in ("en", "fr"):
        counts += seen("openings_12", SHIPPED["quebec"], language)
    assert counts["main", "main"] >= 9
    assert f1(counts) >= 0.95


def test_a_subject_is_seldom_called_a_mention_and_a_mention_seldom_a_subject() -> None:
    counts: Seen = Counter()
    for number in (1, 2, 3, 5, 6, 7, 9, 10, 11, 12):
        for topic, language in CELLS:
            counts += seen(f"openings_{number}", SHIPPED[topic], language)
    assert counts["main", "main"] >= 5 * counts["main", "mention"]
    assert counts["mention", "mention"] > counts["mention", "main"] + counts["mention", None]
