"""The quality gate: how well the week of coverage that this project wrote is sorted, without any data from outside.

Nothing is fitted on that week (the weights come from ../shared/bench), so these figures are of unseen coverage. The
floors lie below what docs/quality.md states, so that only a real loss trips them.
"""

import random
from pathlib import Path

import pytest

from sovwatch.demo.coverage import load
from sovwatch.evaluate import Labelled, arranged, evaluate, scored
from sovwatch.model import Dated, Precision

AFFAIRS = Path(__file__).parents[1] / "benchmarks" / "affairs"


@pytest.fixture(scope="module")
def week() -> list[Labelled]:
    """The articles on topic of the invented week, in the order of publication, with the truth about each."""
    coverage = load()
    return [
        Labelled(
            id=name,
            title=piece.title,
            text=piece.text,
            language=coverage.outlets[piece.outlet].language,
            published=Dated(piece.published, Precision.SECOND),
            outlet=coverage.outlets[piece.outlet].name,
            topics=frozenset(coverage.truth[name].topics),
            event=coverage.truth[name].story,
            copy_of=coverage.truth[name].copy_of,
        )
        for name, piece in sorted(coverage.dispatches.items(), key=lambda item: item[1].published)
        if coverage.truth[name].story
    ]


@pytest.fixture(scope="module")
def orders(week: list[Labelled]) -> list[dict[str, float]]:
    """The figures in the order of publication, and in three others (an article that comes early has fewer to join)."""
    places = [list(range(len(week))) for _ in range(4)]
    for number, order in enumerate(places[1:]):
        random.Random(number).shuffle(order)
    return [scored(week, arranged(week, order)) for order in places]


def test_reprints_are_told_from_reports(orders: list[dict[str, float]]) -> None:
    assert (orders[0]["copies precision"], orders[0]["copies recall"]) == (1.0, 1.0)
    assert min(found["copies precision"] for found in orders) == 1.0


def test_happenings_of_the_week_are_stories(orders: list[dict[str, float]]) -> None:
    assert orders[0]["stories bcubed f1"] >= 0.9
    assert orders[0]["stories bcubed precision"] >= 0.85
    assert min(found["stories bcubed f1"] for found in orders) >= 0.85


def test_english_and_french_meet(orders: list[dict[str, float]]) -> None:
    assert min(found["across languages f1"] for found in orders) >= 0.85


def test_few_articles_are_joined_wrongly(orders: list[dict[str, float]]) -> None:
    assert orders[0]["wrong joins outside an affair"] <= 6
    assert max(found["wrong joins outside an affair"] for found in orders) <= 10


@pytest.mark.parametrize("polls", [("corbeau-11", "corbeau-12"), ("meridien-jan", "meridien-feb")])
def test_two_polls_of_one_pollster_are_two_stories(week: list[Labelled], polls: tuple[str, str]) -> None:
    placed = arranged(week)
    first, second = ({placed.story[one.id] for one in week if one.event == poll} for poll in polls)
    assert first
    assert first.isdisjoint(second)


@pytest.mark.parametrize(("name", "f1", "recall", "wrong"), [("busy", 0.75, 0.9, 26), ("thick", 0.83, 0.9, 23)])
def test_thick_news_is_told_apart_no_worse_than_it_was(name: str, f1: float, recall: float, wrong: int) -> None:
    """Two affairs with 35 and 40 happenings, written by strangers; docs/quality.md says how far it is."""
    found = evaluate("stories", AFFAIRS / f"{name}.jsonl")
    assert found["stories bcubed f1"] >= f1
    assert found["stories bcubed recall"] >= recall
    assert found["wrong joins inside an affair"] <= wrong
