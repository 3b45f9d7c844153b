"""What operators are told of hosts that are asked slowly."""

from datetime import timedelta
from pathlib import Path

import pytest

from sovwatch.app import App
from sovwatch.app.pacing import Paced, paced
from sovwatch.app.status import lines, status
from sovwatch.model import RobotsTxt
from sovwatch.settings import CrawlSettings, Settings, SourceSettings
from sovwatch.store import Store, robots
from tests.builders import NOW

SLOW = "User-agent: *\nCrawl-delay: {}\n"


def _app(store: Store, *, sources: int, rules: str = "", **crawl: object) -> App:
    read = tuple(
        SourceSettings(id=f"s{n}", url=f"http://slow.example/{n}", outlet="Slow", enabled=n > 0)
        for n in range(sources + 1)
    )
    other = SourceSettings(id="other", url="http://other.example/feed", outlet="Other")
    with store.write() as c:
        robots.remember(c, [RobotsTxt(origin="http://slow.example", body=rules, read=NOW)])
    limits = CrawlSettings.model_validate(crawl)
    return App(Settings(home=Path("/nowhere"), sources=(*read, other), crawl=limits, clock=NOW), store)


@pytest.mark.parametrize(
    ("sources", "rules", "crawl", "expected"),
    [
        (12, SLOW.format(30), {}, [Paced("slow.example", 12, 30, 5)]),
        (5, SLOW.format(30), {}, []),
        (12, SLOW.format(600), {}, [Paced("slow.example", 12, 30, 5)]),  # more than half a minute is not waited
        (12, SLOW.format(30), {"robots": False}, []),
        (12, "", {}, []),
        (80, "", {}, [Paced("slow.example", 80, 2, 75)]),
        (3, SLOW.format(30), {"deadline": timedelta(seconds=60)}, [Paced("slow.example", 3, 30, 1)]),
    ],
)
def test_hosts_whose_sources_are_not_all_read_in_one_crawl(
    store: Store, sources: int, rules: str, crawl: dict[str, object], expected: list[Paced]
) -> None:
    app = _app(store, sources=sources, rules=rules, **crawl)
    with store.read() as c:
        assert list(paced(app.settings, c)) == expected


def test_status_says_so(store: Store) -> None:
    screen = list(lines(status(_app(store, sources=12, rules=SLOW.format(30))), "UTC"))
    assert "              slow.example: 12 sources, asked every 30 s, 5 in a crawl: all are read in 3 crawls" in screen
