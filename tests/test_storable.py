"""Whatever a publisher sends is remembered on both databases, or refused by itself: nothing else is lost with it."""

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from sovwatch import schema as t
from sovwatch.model import SourceRun
from sovwatch.store import Store, arrivals, articles, searching, sources
from sovwatch.store.storable import LONGEST, LONGEST_ADDRESS
from tests.builders import NOW, an_article

_DICE = Random(7)
OTHER = an_article("https://x.example/2", title="Quite another title of some words")


def digits(length: int) -> str:
    """Hexadecimal digits by chance, which no database packs into less."""
    return "".join(_DICE.choices("0123456789abcdef", k=length))


ODD: dict[str, dict[str, Any]] = {
    "a title without end": {"title": " ".join(digits(9) for _ in range(150_000))},
    "a summary without end": {"summary": " ".join(digits(9) for _ in range(150_000))},
    "an alias without end": {"aliases": ("https://prairie-ledger.example/" + digits(6_000),)},
    "a NUL anywhere": {
        "agency": "A\x00",
        "language": "e\x00n",
        "guid": "g\x00",
        "section": "\x00",
        "authors": ("\x00",),
    },
    "half a character anywhere": {"guid": "\ud83d", "title": "Petition \ud83d", "authors": ("\ud83d",)},
    "authors without end": {"authors": tuple(digits(500) for _ in range(5_000))},
}


@pytest.mark.parametrize("changes", ODD.values(), ids=ODD)
def test_what_is_odd_about_an_article_costs_neither_it_nor_its_neighbour(store: Store, changes: dict[str, Any]) -> None:
    arrived = [replace(an_article("https://prairie-ledger.example/odd"), **changes), OTHER]
    with store.write() as c:
        assert arrivals.remember_all(c, [(article, "news") for article in arrived], NOW) == ["new", "new"]
    with store.write() as c:
        again = articles.remember(c, arrived[0], now=NOW + timedelta(minutes=1), standing="news")
        assert again.state == "unchanged"


@pytest.mark.parametrize("address", [digits(LONGEST_ADDRESS), "é" * (LONGEST_ADDRESS // 3)])
def test_an_address_without_end_is_none_and_its_neighbour_is_remembered(store: Store, address: str) -> None:
    endless = an_article(f"https://prairie-ledger.example/{address}")
    with store.write() as c:
        both = [
            (endless, "news"),
            (OTHER, "news"),
        ]
        assert arrivals.remember_all(c, both, NOW) == ["", "new"]  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="longer than"):
            articles.remember(c, endless, now=NOW, standing="news")


def test_texts_are_kept_to_the_length_of_the_longest_articles(store: Store) -> None:
    with store.write() as c:
        number = articles.remember(c, an_article(text="word " * 60_000), now=NOW, standing="news").article
        row = c.execute(select(t.article).where(t.article.c.id == number)).mappings().one()
    assert len(row["text"]) == LONGEST["text"]


def test_a_title_steers_no_screen(store: Store) -> None:
    with store.write() as c:
        number = articles.remember(
            c, an_article(title="\x1b]0;owned\x07\x1b[2JPetition \x9b31mred\x08"), now=NOW, standing="news"
        ).article
        row = c.execute(select(t.article).where(t.article.c.id == number)).mappings().one()
    assert row["title"] == "]0;owned[2JPetition 31mred"


def test_what_a_source_answered_is_recorded_whatever_it_was(store: Store) -> None:
    run = SourceRun(
        source="a",
        started=NOW,
        finished=NOW,
        outcome="fetched",
        detail="\x00\ud83d",
        etag='"\x00"',
        last_modified="\x00",
    )
    with store.write() as c:
        sources.enrol(c, ["a"], NOW)
        sources.record(c, [sources.Outcome(run, NOW, timedelta(hours=1), None)], sources.some(c, ["a"]))
    with store.read() as c:
        assert sources.runs(c, "a")[0]["detail"] == "?"


@pytest.mark.parametrize(
    "words", ["_", '"_" petition', '"', "*", "a*b", "( ) & | !", "NEAR(x", "title:x", "a\x00b", "-x", "ß"]
)
def test_no_words_break_a_search(store: Store, words: str) -> None:
    with store.read() as c:
        assert list(searching.search(c, words)) == []
