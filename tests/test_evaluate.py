"""Scoring, on groupings small enough to count by hand, and the whole way from labelled documents to figures."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sovwatch.evaluate import Memory, evaluate, labelled, when
from sovwatch.model import Dated, Precision
from sovwatch.scoring import across, as_they_came, bcubed, components, copies_found, pairs_alike, wrong_joins
from sovwatch.similarity import fingerprint
from sovwatch.stories import Opens

TRUE = {"a": "x", "b": "x", "c": "y", "d": "y"}


def test_bcubed_averages_over_items() -> None:
    """One story of three and one alone, where two and two belong together."""
    found = bcubed({"a": 1, "b": 1, "c": 1, "d": 2}, TRUE)
    assert found.precision == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)
    assert found.recall == pytest.approx((1 + 1 + 1 / 2 + 1 / 2) / 4)
    assert found.f1 == pytest.approx(2 * found.precision * found.recall / (found.precision + found.recall))


def test_what_was_told_first_counts_as_it_stood_then() -> None:
    """b belongs with a and opened a story, c came into that; what is put right later changes nothing."""
    found = as_they_came({"a": "a", "b": "b", "c": "bc", "z": "bcz", "d": "cdz"}, TRUE)
    assert found.precision == pytest.approx((1 + 1 + 1 / 2 + 1) / 4)
    assert found.recall == pytest.approx((1 + 1 / 2 + 1 + 1) / 4)


def test_chains_are_one_component() -> None:
    found = components([("a", "b"), ("b", "c"), ("z", "a")], "abcd")
    assert found["a"] == found["b"] == found["c"] != found["d"]


def test_pairs_are_counted_inside_components() -> None:
    found = pairs_alike({"a": "1", "b": "1", "c": "1", "d": "2"}, TRUE)
    assert found == (1 / 3, 1 / 2)


def test_languages_are_scored_by_mixed_pairs_alone() -> None:
    language = {"a": "en", "b": "fr", "c": "en", "d": "en"}
    assert across(TRUE, {"a": 1, "b": 1, "c": 1, "d": 1}, language) == (1 / 3, 1.0)


def test_a_wrong_join_inside_one_affair_is_the_milder_error() -> None:
    story = dict.fromkeys("abcde", 1)
    event = {"a": "z", "b": "z", "c": "y", "d": "x", "e": None}
    affair = {"a": "one", "b": "one", "c": "one", "d": "two", "e": None}
    assert wrong_joins(story, event, affair) == (2, 1)


def test_two_events_of_no_affair_are_of_no_one_affair() -> None:
    assert wrong_joins(dict.fromkeys("abc", 1), {"a": "x", "b": "x", "c": "y"}, dict.fromkeys("abc")) == (1, 0)


def test_copies_are_scored_by_overlap_and_by_chains() -> None:
    pairs = [
        {"a": 1, "b": 2, "jaccard5": 0.9, "contain5": 0.95, "gold": True},
        {"a": 2, "b": 3, "jaccard5": 0.2, "contain5": 0.35, "gold": False},
        {"a": 4, "b": 5, "jaccard5": 0.2, "contain5": 0.6, "gold": False},
    ]
    said = {"1": "x", "2": "x", "3": "x", "4": "y", "5": "z", "6": "x"}
    found = copies_found(pairs, said)
    assert found == {
        "headline pairs found": 1.0,
        "overlap pairs found": 0.5,
        "said pairs that overlap": 0.5,
    }


@pytest.mark.parametrize(
    ("given", "precision"),
    [
        ("2016", Precision.YEAR),
        ("2016-05", Precision.MONTH),
        ("2016-05-04", Precision.DAY),
        ("2016-05-04T10:00:00Z", Precision.SECOND),
    ],
)
def test_a_date_keeps_its_precision(given: str, precision: Precision) -> None:
    found = when(given)
    assert found is not None
    assert found.precision is precision
    assert when(None) is None


REPORT = (
    "The Harbour Party of Calgary opened its campaign for a vote on separation on Friday with a rally of 800 "
    "people at the Elm Street arena. Its leader, Nora Felske, promised a petition by June. "
)
FRENCH = (
    "Le Harbour Party de Calgary a lancé vendredi sa campagne pour un vote sur la séparation, avec un "
    "rassemblement de 800 personnes à l'aréna de la rue Elm. Sa chef, Nora Felske, promet une pétition d'ici "
    "juin. "
)
OTHER = (
    "Lawyers for the town of Vegreville asked a judge on Tuesday to strike down a by-law on grain trucks, "
    "saying that 45 farms were never heard. The judge, Paul Ostry, will rule in autumn. "
)


@pytest.mark.parametrize(("days", "stories"), [(41, 1), (42, 0)])
def test_a_story_of_long_ago_is_no_candidate(days: int, stories: int) -> None:
    then = datetime(2026, 1, 5, tzinfo=UTC)
    earlier, later = (
        fingerprint("Harbour Party rallies", REPORT, language="en", published=Dated(at))
        for at in (then, then + timedelta(days=days))
    )
    memory = Memory()
    memory.add(earlier, frozenset(), Opens(None, None, ""))
    copies, near = memory.candidates(later)
    assert (len(copies), len(near)) == (1, stories)


def test_labelled_documents_go_the_whole_way(tmp_path: Path) -> None:
    documents = [
        {
            "id": "1",
            "title": "Harbour Party opens its campaign",
            "text": REPORT * 2,
            "event": "rally",
            "language": "en",
        },
        {
            "id": "2",
            "title": "Campaign opens",
            "text": REPORT * 2 + "More follows.",
            "event": "rally",
            "language": "en",
        },
        {"id": "3", "title": "Le Harbour Party lance sa campagne", "text": FRENCH, "event": "rally", "language": "fr"},
        {"id": "4", "title": "Grain trucks before a judge", "text": OTHER, "event": "by-law", "language": "en"},
    ]
    for document, day in zip(documents, ("06", "06", "07", "10"), strict=True):
        document["published"] = f"2026-03-{day}"
    (tmp_path / "mine.jsonl").write_text("\n".join(map(json.dumps, documents)), encoding="utf-8")
    found = evaluate("stories", tmp_path / "mine.jsonl")
    assert found["stories bcubed f1"] == found["as first told f1"] == 1.0
    assert found["across languages f1"] == 1.0
    assert found["wrong joins outside an affair"] == 0


BENCH = Path(__file__).parents[2] / "shared" / "bench"


@pytest.mark.skipif(not BENCH.is_dir(), reason="../shared/bench is not here")
def test_coverage_that_others_wrote_keeps_its_figures() -> None:
    """In sample, so no measure of quality: it tells when a change costs what docs/quality.md states."""
    size = len(labelled(BENCH, "coverage"))
    assert size > 100
    found = evaluate("coverage", BENCH / "coverage")
    backwards = evaluate("coverage", BENCH / "coverage", range(size - 1, -1, -1))
    assert min(found["stories bcubed f1"], backwards["stories bcubed f1"]) >= 0.85
    assert found["wrong joins outside an affair"] <= 2
    assert found["copies precision"] == 1.0
    assert found["copies f1"] >= 0.9
