"""Searching by the beginnings of words: what FTS5 finds by itself, without reading all that matches."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from sovwatch.app import App
from sovwatch.store import Store, articles, open_store, searching
from tests.builders import NOW, an_article

VOTES = ["séparatisme", "Séparatiste", "SEPARATION", "separated", "sépare", "separate-ness", "œuvre", "oeuvre", "51st"]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('archive') / 'news.sqlite'}")
    remember(store, [f"A vote on {word} and {other}" for word in VOTES for other in VOTES])
    yield store
    store.close()


def remember(store: Store, titles: list[str]) -> None:
    with store.write() as c:
        for number, title in enumerate(titles):
            read = an_article(f"https://paper.example/{number}", title=title, outlet=f"Paper {number}")
            articles.remember(c, read, now=NOW, standing="news")


def by_fts5(store: Store, query: str) -> list[int]:
    every = text("SELECT rowid FROM article_text WHERE article_text MATCH :q ORDER BY rowid DESC")
    with store.read() as c:
        return list(c.execute(every, {"q": query}).scalars())


def found(store: Store, words: str) -> list[int]:
    with store.read() as c:
        return [hit.article for hit in searching.search(c, words, 1000)]


@given(st.sampled_from([*VOTES, "vote", "nothing"]), st.integers(1, 12))
def test_a_beginning_finds_what_fts5_finds(archive: Store, word: str, letters: int) -> None:
    beginning = word[:letters]
    assert found(archive, f"{beginning}*") == by_fts5(archive, f'"{beginning}"*')
    assert found(archive, f"vote {beginning}*") == by_fts5(archive, f'vote AND "{beginning}"*')


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=8))
def test_whatever_stands_before_the_star_is_searched_for_and_never_obeyed(archive: Store, beginning: str) -> None:
    plain = beginning.replace('"', "").replace("*", "")
    if plain.split() == [plain] and any(one.isalnum() for one in plain):
        assert found(archive, f"{plain}*") == by_fts5(archive, f'"{plain}"*')
    found(archive, f"{beginning}*")


def test_what_is_found_is_shown_at_the_address_where_it_was_read(store: Store) -> None:
    with store.write() as c:
        read = an_article("http://paper.example/news?id=7&utm_source=rss", title="A vote")
        articles.remember(c, read, now=NOW, standing="news")
    with store.read() as c:
        (hit,) = searching.search(c, "vote")
    assert hit.url == "http://paper.example/news?id=7"


def test_words_are_asked_for_in_place_of_their_beginning(archive: Store) -> None:
    """So FTS5 walks each from the newest article on, and stops at the limit."""
    with archive.read() as c:
        words = ("separate", "separated", "separation", "separatisme", "separatiste")
        assert searching._fts5(c, "Sépara*") == "(" + " OR ".join(f'"{word}"' for word in words) + ")"
        assert searching._fts5(c, "separate-n*") == '"separate-n"*'
        assert searching._fts5(c, "nowhere*") == '"nowhere"*'


def test_a_beginning_of_very_many_words_is_left_to_fts5(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'news.sqlite'}")
    letters = "abcdefghijklmnopqrstuvwxyz"
    remember(store, [" ".join(f"ab{one}{other}" for other in letters) for one in letters])
    with store.read() as c:
        assert searching._fts5(c, "aba*").count(" OR ") == 25
        assert searching._fts5(c, "ab*") == '"ab"*'
    assert found(store, "aba*") == [1]
    assert len(found(store, "ab*")) == 26
    store.close()


def test_words_are_folded_as_fts5_folds_them() -> None:
    """Each letter up to the end of Latin Extended-A that becomes a plain word; the others are left to FTS5."""
    c = sqlite3.connect(":memory:")
    c.execute("CREATE VIRTUAL TABLE page USING fts5(words, tokenize='unicode61 remove_diacritics 2')")
    c.execute("CREATE VIRTUAL TABLE word USING fts5vocab(page, instance)")
    letters = [chr(point) for point in range(0x180) if chr(point).isalnum()]
    for letter in letters:
        folded = searching._folded(f"a{letter}b")
        if searching._PLAIN_WORD.fullmatch(folded):
            c.execute("DELETE FROM page")
            c.execute("INSERT INTO page VALUES (?)", [f"a{letter}b"])
            assert [(folded,)] == list(c.execute("SELECT DISTINCT term FROM word")), letter
    c.close()


def test_a_search_in_both_databases_finds_beginnings_whatever_their_accents(app: App) -> None:
    remember(app.store, ["Le séparatisme", "Separation of powers", "La réparation"])
    assert found(app.store, "sépar*") == found(app.store, "SEPAR*") == [2, 1]
