"""What arrives together is remembered as it would be one by one."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from sovwatch import schema as t
from sovwatch.model import Article
from sovwatch.store import Store, arrivals, articles, open_store
from tests.builders import NOW, an_article

LATER = NOW + timedelta(hours=1)
PATHS = st.sampled_from(["/1", "/2", "/3?utm_source=x", "/3", "/4-1.7654321", "/5-1.7654321", "/6", "/7"])
TITLES = st.sampled_from([f"A report on the {what} of the town" for what in ("clerk", "mayor", "bridge", "school")])
HOSTS = st.sampled_from(["weekly", "www.weekly", "daily"])
ADDRESSES = st.builds(lambda host, path: f"https://{host}.example{path}", HOSTS, PATHS)
ARTICLES = st.builds(
    an_article,
    ADDRESSES | st.just("mailto:clerk@weekly.example"),
    title=TITLES,
    text=st.sampled_from(["One.", "Two.\x00"]),
    outlet=st.sampled_from(["Weekly", "Daily"]),
    source=st.just("weekly"),
    guid=st.sampled_from([None, "g1", "g2"]),
    listing=st.sampled_from(["", "l1", "l2"]),
    aliases=st.sampled_from([(), ("https://weekly.example/1",)]),
)  # fmt: skip
BATCHES = st.lists(st.lists(ARTICLES, max_size=6), min_size=1, max_size=3)


def _contents(store: Store) -> dict[str, object]:
    """All that was written, with addresses for numbers: those may be given in another order."""
    with store.read() as c:
        urls = {row["id"]: row["url"] for row in c.execute(select(t.article)).mappings()}
        found: dict[str, object] = {}
        for table in (t.article, t.address, t.article_key, t.listing, t.revision):
            rows = [dict(row) for row in c.execute(select(table)).mappings()]
            for row in rows:
                row.pop("id", None)
                row["article"] = urls.get(row.get("article"))
            found[table.name] = sorted(rows, key=repr)
        return found


def _singly(store: Store, batch: list[Article]) -> list[str]:
    states = []
    with store.write() as c:
        for article in batch:
            try:
                states.append(str(articles.remember(c, article, now=LATER, standing="news").state))
            except ValueError:
                states.append("")
    return states


@pytest.fixture(scope="module")
def two_stores() -> Iterator[tuple[Store, Store]]:
    one, other = open_store("sqlite:///:memory:"), open_store("sqlite:///:memory:")
    yield one, other
    one.close()
    other.close()


def _empty(store: Store) -> None:
    with store.write() as c:
        for table in (t.address, t.article_key, t.listing, t.revision, t.article):
            c.execute(delete(table))


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(BATCHES)
def test_together_is_as_one_by_one(two_stores: tuple[Store, Store], batches: list[list[Article]]) -> None:
    one, other = two_stores
    _empty(one)
    _empty(other)
    for batch in batches:
        with one.write() as c:
            together = arrivals.remember_all(c, [(article, "news") for article in batch], LATER)
        assert together == _singly(other, batch)
        assert _contents(one) == _contents(other)


def test_on_both_databases_a_batch_has_numbers_in_its_order(store: Store) -> None:
    batch = [an_article(f"https://weekly.example/{n}", title=f"Report {n} of the weekly paper") for n in range(5)]
    with store.write() as c:
        states = arrivals.remember_all(c, [(article, "news") for article in [*batch, batch[0]]], NOW)
        rows = c.execute(select(t.article.c.url).order_by(t.article.c.id)).scalars().all()
    assert states == ["new"] * 5 + ["unchanged"]
    assert rows[:4] == [f"https://weekly.example/{n}" for n in range(1, 5)]
    assert rows[4] == "https://weekly.example/0", "it stands twice in the batch, so it is looked at singly"
