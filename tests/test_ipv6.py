"""Hosts that have IPv6 alone are read like others, and the private network is as closed to them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from scrapy.utils.datatypes import LocalCache
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.task import Clock

from sovwatch.model import Article, Due, SourceRun
from sovwatch.settings import CrawlSettings, Settings, SourceSettings
from spiders.addresses import PublicResolver
from spiders.crawl import crawl
from tests import hostile as h

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LISTED = (("/a/1", "Clerk finds the missing pages", "Sun, 22 Nov 2026 10:00:00 GMT"),)
TITLE = LISTED[0][1]


def _feed(root: str) -> bytes:
    return h.feed(*((root + path, title, date) for path, title, date in LISTED))


@pytest.fixture
def newsroom() -> Iterator[h.HostileNewsroom]:
    with h.HostileNewsroom({}, at="::1") as newsroom:
        for host in (newsroom.address, "six.example"):
            newsroom.pages[f"{host}/feed"] = h.plain(_feed(f"http://{host}"))
            newsroom.pages[f"{host}/a/1"] = h.plain(h.page(TITLE, f"{TITLE}, she says."), Content_Type="text/html")
        yield newsroom


def _read(url: str, **limits: object) -> tuple[list[Article], SourceRun]:
    crawling = CrawlSettings.model_validate({"delay": timedelta(), "timeout": timedelta(seconds=5)} | limits)
    source = SourceSettings(id="six", url=url, outlet="Six", fetch="all")
    settings = Settings(home=Path("/nowhere"), sources=(source,), crawl=crawling)
    got = list(crawl([Due(source="six")], settings, now=NOW, remember=False))
    return [one for one in got if isinstance(one, Article)], next(one for one in got if isinstance(one, SourceRun))


def test_a_host_at_an_ipv6_address_is_read_with_its_pages(newsroom: h.HostileNewsroom) -> None:
    articles, run = _read(f"http://{newsroom.address}/feed", allow_private=("::1",))
    assert (run.outcome, run.detail) == ("fetched", "")
    assert [(one.title, one.page) for one in articles] == [(TITLE, "read")]


def test_a_proxy_may_be_at_an_ipv6_address(newsroom: h.HostileNewsroom) -> None:
    articles, run = _read("http://six.example/feed", resolve={"*.example": newsroom.address})
    assert (run.outcome, run.detail) == ("fetched", "")
    assert [(one.title, one.page) for one in articles] == [(TITLE, "read")]


def test_a_private_ipv6_address_is_not_asked(newsroom: h.HostileNewsroom) -> None:
    _, run = _read(f"http://{newsroom.address}/feed")
    assert (run.outcome, newsroom.asked) == ("failed", [])
    assert "::1 is not a public address" in run.detail


PUBLIC, PRIVATE = "2606:4700::1111", "fd00::2"


class Names:
    """What a reactor has of names: `answers` says what each stands for, and `late` names never come to an end."""

    def __init__(self, *late: str, **answers: list[str]) -> None:
        self.nameResolver, self._answers, self._late = self, answers, late
        self.clock = Clock()
        self.callLater = self.clock.callLater

    def resolveHostName(self, receiver: Any, name: str, port: int, *_: object) -> None:  # noqa: N802
        receiver.resolutionBegan(None)
        for address in self._answers[name]:
            kind = IPv6Address if ":" in address else IPv4Address
            receiver.addressResolved(kind("TCP", address, port))
        if name not in self._late:
            receiver.resolutionComplete()


class Receiver:
    """Notes what comes."""

    def __init__(self) -> None:
        self.addresses: list[str] = []
        self.completed = 0

    def resolutionBegan(self, resolution: object) -> None:  # noqa: N802
        del resolution

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        self.addresses.append(address.host)

    def resolutionComplete(self) -> None:  # noqa: N802
        self.completed += 1


def _resolved(names: Names, name: str, *allowed: str, later: float = 0) -> Receiver:
    receiver = Receiver()
    resolver = PublicResolver(cast("Any", names), 100, 10, allowed)
    resolver.resolveHostName(cast("Any", receiver), name, 80)
    names.clock.advance(later)
    return receiver


@pytest.fixture(autouse=True)
def _no_names_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scrapy.resolver.dnscache", LocalCache(100))


@pytest.mark.parametrize(
    ("answers", "allowed", "expected"),
    [
        ([PUBLIC], (), [PUBLIC]),
        ([PRIVATE], (), []),
        (["::ffff:169.254.169.254"], (), []),
        (["::1"], (), []),
        (["127.0.0.1"], (), []),
        ([PUBLIC, PRIVATE, "1.1.1.1", "10.0.0.1"], (), [PUBLIC, "1.1.1.1"]),
        ([PRIVATE], ("six",), [PRIVATE]),
        ([PRIVATE], ("seven",), []),
    ],
)
def test_of_the_addresses_of_a_name_the_public_ones_are_asked(
    answers: list[str], allowed: tuple[str, ...], expected: list[str]
) -> None:
    names = Names(six=answers)
    for _ in ("asked", "remembered"):
        receiver = _resolved(names, "six", *allowed, later=11)
        assert (receiver.addresses, receiver.completed) == (expected, 1)


def test_a_name_without_an_answer_in_time_has_none() -> None:
    names = Names("six", six=[])
    assert _resolved(names, "six", later=9).completed == 0
    assert _resolved(names, "six", later=11).completed == 1
