"""Topics of one's own: what their profiles look for tells no two stories of theirs apart.

The articles are of two invented weeks, Scottish and Catalan (`benchmarks/affairs/abroad`); they and the profiles were
written before anything was measured on them, and nothing is fitted on them.
"""

import random
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from sovwatch.app.starter import starter
from sovwatch.background import Tables, shipped
from sovwatch.evaluate import arranged, scored, told
from sovwatch.judge import Bench, judge
from sovwatch.model import Article
from sovwatch.relevance import compile_topics
from sovwatch.settings import TopicSettings, load
from sovwatch.similarity import fingerprint
from sovwatch.store import Store, articles, placing
from sovwatch.topics import sought
from tests.builders import NOW

AFFAIRS = Path(__file__).parents[1] / "benchmarks" / "affairs"
PROFILES = tomllib.loads((AFFAIRS / "abroad.toml").read_text(encoding="utf-8"))


def bench_of(profiles: Mapping[str, Any]) -> Bench:
    topics = {name: TopicSettings.model_validate(profile) for name, profile in profiles.items()}
    return Bench(compile_topics(topics), (), {"desk": frozenset(profiles)})


def places(store: Store, bench: Bench, *events: str) -> list[tuple[str, int]]:
    """Judge the articles on these happenings in the order of their publication; gives the story of each on topic."""
    numbers = []
    for one in told(AFFAIRS / "abroad.jsonl"):
        if one.event in events:
            url = f"https://{one.outlet}/{one.id}"
            article = Article(
                url=url,
                title=one.title,
                text=one.text,
                outlet=one.outlet,
                language=one.language,
                published=one.published,
            )
            with store.write() as c:
                numbers.append((one.event, articles.remember(c, article, now=NOW, standing="news").article))
            for _ in judge(store, bench, now=NOW):
                pass
    with store.read() as c:
        rows = [(event, placing.placed(c, number)) for event, number in numbers]
    return [(event, row["story"]) for event, row in rows if row is not None and row["story"] is not None]


@pytest.fixture(scope="module")
def tables() -> Tables:
    return bench_of(PROFILES).tables


@pytest.mark.parametrize("order", range(4))
def test_happenings_of_other_countries_stay_apart(tables: Tables, order: int) -> None:
    documents = told(AFFAIRS / "abroad.jsonl")
    arrival = list(range(len(documents)))
    if order:
        random.Random(order).shuffle(arrival)
    found = scored(documents, arranged(documents, arrival, tables))
    assert found["stories bcubed precision"] >= 0.92
    assert found["stories bcubed recall"] >= 0.97
    assert found["wrong joins outside an affair"] <= 1


def test_what_is_judged_knows_the_words_of_all_topics_watched(store: Store) -> None:
    happenings = ("parliament-self-determination-resolution", "constitutional-court-suspends", "observatori-poll")
    placed = places(store, bench_of(PROFILES), *happenings)
    assert len(placed) >= 7
    assert len(set(placed)) == len({story for _, story in placed}) == 3


def test_a_profile_that_changes_leaves_what_was_judged_comparable(store: Store) -> None:
    march, poll = "barcelona-march-march-6", "observatori-poll"
    short = {"catalonia": {"name": "Catalan", "places": ["Catalan", "Barcelone"], "loose": ["indépendance"]}}
    before = places(store, bench_of(short), march)
    after = places(store, bench_of(PROFILES), march, poll)
    assert 0 < len(before) < len(after)
    assert len({story for event, story in before + after if event == march}) == 1
    assert len({story for _, story in after}) == 2


def test_words_of_the_topics_whose_news_was_counted_weigh_as_counted() -> None:
    settings = load(starter() / "sovwatch.toml", environment={})
    assert Bench(compile_topics(settings.topics), (), {}).tables is shipped()


def test_a_profile_seeks_words_in_any_form_but_no_others_words() -> None:
    profiles = {
        "isle": {"name": "Isle", "names": ["indyref*"], "places": ["Îles|Isles"], "elsewhere": ["Norway"]},
        "coast": {"name": "Coast", "names": ["Free Coast"], "exclusions": ["coast guard"]},
    }

    def terms(text: str) -> frozenset[int]:
        return frozenset(fingerprint("", text, language="en", published=None).terms)

    found = sought(bench_of(profiles).topics)
    assert terms("Indyref îles isle free coast") <= found
    assert found.isdisjoint(terms("Norway guard"))
