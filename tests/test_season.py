"""What terms tell in the news of these weeks: a name that everybody has by now tells nothing."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from sovwatch.background import RARE_TOPICAL, Tables, shipped
from sovwatch.judge import Bench
from sovwatch.model import Dated, Precision
from sovwatch.pairs import odds
from sovwatch.season import WEEK, Seasons, in_season
from sovwatch.similarity import Fingerprint, fingerprint
from sovwatch.store import Store, articles, candidates
from sovwatch.topics import compile_topics
from tests.builders import NOW, an_article
from tests.shipped import shipped_settings
from tests.test_judge import judge_all

WEDNESDAY = datetime(2026, 11, 25, 12, tzinfo=UTC)


def a_print(text: str, title: str = "Separation petition") -> Fingerprint:
    return fingerprint(title, text, language="en", published=Dated(WEDNESDAY, Precision.SECOND))


AFFAIR = [
    a_print(f"Odette Varnholm spoke about the Foothills Assembly's {what} for the separation of Alberta.")
    for what in ("petition", "office", "lawyers", "money", "members", "campaign", "rally", "history", "leaflets", "bus")
]


def telling(tables: Tables, name: str) -> float:
    (key,) = a_print(f"It was said that {name} spoke.").names
    return tables.topical.get(key, RARE_TOPICAL)


def test_a_name_that_every_report_has_by_now_tells_little() -> None:
    season = in_season(shipped(), AFFAIR * 6)
    assert telling(shipped(), "Varnholm") == RARE_TOPICAL
    assert telling(season, "Varnholm") < 1.1  # one in two: all sixty of these, hardly any of the sixty counted before


def test_what_no_report_has_tells_more_but_never_more_than_at_large() -> None:
    season = in_season(shipped(), AFFAIR * 6)
    key = next(key for key, bits in shipped().topical.items() if bits < shipped().general.get(key, 0) - 1.5)
    assert season.topical[key] == pytest.approx(shipped().topical[key] + 1)  # twice as many articles
    assert all(bits <= season.general.get(key, 99) for key, bits in season.topical.items())


def test_without_news_all_is_as_shipped() -> None:
    assert in_season(shipped(), ()) is shipped()


def test_sharing_the_names_of_the_season_makes_no_happening() -> None:
    one = a_print("Odette Varnholm opened an office of the Foothills Assembly in Camrose.", "Open for business")
    other = a_print("The Foothills Assembly of Odette Varnholm owes its lawyers a fortune.", "Who pays the bill?")
    assert odds(one, other, in_season(shipped(), AFFAIR * 6)) < odds(one, other, shipped()) / 2


def test_a_week_is_counted_anew_when_it_has_grown() -> None:
    seasons, asked = Seasons(shipped()), list[tuple[datetime, datetime]]()

    def recent(since: datetime, until: datetime) -> Sequence[Fingerprint]:
        asked.append((since, until))
        return AFFAIR * 4

    first = seasons.tables(WEDNESDAY, recent)
    assert [seasons.tables(WEDNESDAY - timedelta(days=2), recent) for _ in range(9)] == [
        first
    ] * 9  # Monday, of the same
    monday = datetime(2026, 11, 23, tzinfo=UTC)
    assert asked == [(monday - WEEK, monday + 2 * WEEK)]
    seasons.tables(WEDNESDAY + WEEK, recent)
    assert len(asked) == 2
    assert seasons.tables(WEDNESDAY, recent) is not first  # ten placed since, a quarter of forty
    assert len(asked) == 3


def test_what_has_no_date_is_placed_by_the_shipped_rates() -> None:
    assert Seasons(shipped()).tables(None, lambda *_: AFFAIR) is shipped()


def test_few_articles_of_a_season_change_rates_little() -> None:
    season = in_season(shipped(), AFFAIR[:1])
    assert telling(season, "Varnholm") > RARE_TOPICAL - 1


def test_the_store_gives_the_articles_of_a_time_without_copies(store: Store) -> None:
    march = "Separatists of the Foothills Assembly marched in Camrose on Sunday for Alberta's independence."
    told = {
        "first": (NOW, {}),
        "copy": (NOW, {}),
        "older": (NOW - timedelta(days=40), {"text": march, "title": "March"}),
    }
    with store.write() as c:
        for name, (at, changes) in told.items():
            published = Dated(at, Precision.SECOND)
            found = an_article(f"https://{name}.example/1", source=name, published=published, **changes)
            articles.remember(c, found, now=NOW, standing="news")
    judge_all(store, Bench(compile_topics(shipped_settings().topics), (), {}))
    with store.read() as c:
        assert [fp.published for fp in candidates.recent(c, NOW - WEEK, NOW + WEEK)] == [NOW]
        assert len(candidates.recent(c, NOW - timedelta(days=60), NOW + WEEK)) == 2
