"""Manners and safety in the small; tests/test_crawl.py holds them on real sockets."""

import contextlib
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request
from scrapy.http import Response

from sovwatch.listings import listing_key
from sovwatch.model import Article, Dated, Due, Entry, Precision, SourceRun
from sovwatch.settings import Settings, SlackSettings, SourceSettings
from sovwatch.text import without_controls
from spiders.addresses import PrivateAddress, PublicAddresses, is_public
from spiders.answers import content_type, freshness, note
from spiders.down import HostDown, LetBe
from spiders.limits import TooSlow, cpu_limit
from spiders.readings import Reading
from spiders.resolve import Resolve
from spiders.retry_after import LeftAlone, RetryAfter, retry_after
from spiders.wire import End, Found, Job, pack, pack_job, unpack, unpack_job

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://weekly.example/a"
_TEXT = st.text(max_size=40)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254",
        "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:5ef5:79fb:0:0:80ff:fffe", "fec0::1", "64:ff9b:1::7f00:1",
        "::7f00:1", "::ffff:224.0.0.1",
    ],
)  # fmt: skip
def test_addresses_that_are_not_of_the_public_web(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "199.60.47.1", "2606:4700::1111", "64:ff9b::101:101", "::ffff:1.1.1.1"])
def test_addresses_that_are(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "https://[::1]:8080/", "http://169.254.169.254./", "http://10.0.0.1:80/"]
)
def test_a_request_to_a_private_address_is_refused_unless_it_is_allowed(url: str) -> None:
    with pytest.raises(PrivateAddress, match="not a public address"):
        PublicAddresses([]).process_request(Request(url))
    PublicAddresses(["127.*", "::1", "169.254.*", "10.*"]).process_request(Request(url))


@pytest.mark.parametrize(
    ("stated", "taken"),
    [
        ("text/html; charset=utf-8", "text/html; charset=utf-8"),
        ("text/html; charset='ISO-8859-1'", "text/html; charset='ISO-8859-1'"),
        ("text/html; charset=utf-16", "text/html; charset=utf-16"),
        ("text/html; charset=nobodys", "text/html; charset=nobodys"),
        ("text/html; charset=idna", "text/html"),
        ("text/html;charset=punycode; x=y", "text/html; x=y"),
        ("text/html; charset=hex", "text/html"),
        ("text/html; charset=undefined", "text/html"),
        ("", ""),
    ],
)
def test_a_charset_that_only_python_knows_is_none(stated: str, taken: str) -> None:
    """Such a label failed the whole feed, or hid the page."""
    assert content_type(Response(URL, headers={"Content-Type": stated} if stated else {})) == taken


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://weekly.example/", "data:,x"])
def test_only_http_and_https_are_fetched(url: str) -> None:
    with pytest.raises(PrivateAddress, match="is not fetched"):
        PublicAddresses(["*"]).process_request(Request(url))


def test_a_request_that_leaves_for_another_host_loses_its_proxy() -> None:
    resolve = Resolve({"*.example": "127.0.0.1:8080"})
    request = Request("http://weekly.example/")
    resolve.process_request(request)
    assert request.meta["proxy"] == "http://127.0.0.1:8080"
    left = request.replace(url="http://elsewhere.test/")
    resolve.process_request(left)
    assert "proxy" not in left.meta


@pytest.mark.parametrize(
    ("value", "pause"),
    [
        ("120", timedelta(minutes=2)),
        ("Sun, 22 Nov 2026 13:00:00 GMT", timedelta(hours=1)),
        ("Sun, 22 Nov 2026 11:00:00 GMT", timedelta()),
        ("316800", timedelta(days=1)),
        ("99999999999999999999", None),
        ("-5", None),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_in_seconds_and_as_a_date(value: str, pause: timedelta | None) -> None:
    assert retry_after(Response(URL, headers={"Retry-After": value}), NOW) == pause


def test_a_host_that_asked_for_a_pause_is_left_alone_until_it_is_over() -> None:
    seconds = [100.0]
    manners = RetryAfter(clock=lambda: seconds[0])
    manners.process_response(Request(URL), Response(URL, status=429, headers={"Retry-After": "30"}))
    with pytest.raises(LeftAlone, match="30 s more"):
        manners.process_request(Request("https://weekly.example/other"))
    manners.process_request(Request("https://another.example/"))
    seconds[0] += 31
    manners.process_request(Request(URL))


def test_pages_of_a_host_that_is_down_wait_and_its_listings_do_not() -> None:
    manners, page, listing = LetBe(), Request(URL, cb_kwargs={"entry": 1}), Request(URL)
    for _ in range(3):
        manners.process_request(page)
        manners.process_exception(page, TimeoutError())
    with pytest.raises(HostDown):
        manners.process_request(page)
    manners.process_request(listing)
    manners.process_response(listing, Response(URL))
    manners.process_request(page)


@pytest.mark.parametrize(
    ("headers", "fresh"),
    [
        ({"Cache-Control": "public, max-age=600"}, timedelta(minutes=10)),
        ({"Cache-Control": "max-age=600", "Age": "500"}, timedelta(seconds=100)),
        ({"Cache-Control": "s-maxage=600"}, None),
        ({"Cache-Control": "max-age=0"}, None),
        ({"Cache-Control": "max-age=600", "Age": "\u00b2"}, timedelta(minutes=10)),
        ({"Cache-Control": "max-age=600", "Age": "9" * 5_000}, None),
        ({}, None),
    ],
)
def test_how_long_an_answer_stays_fresh(headers: dict[str, str], fresh: timedelta | None) -> None:
    assert freshness(Response(URL, headers=headers)) == fresh


def _swallow() -> None:
    """What parsers do."""
    while True:
        with contextlib.suppress(Exception):
            sum(range(1000))


def test_a_parser_that_swallows_exceptions_is_stopped_all_the_same() -> None:
    began = time.process_time()
    with pytest.raises(TooSlow), cpu_limit(timedelta(seconds=0.1)):
        _swallow()
    assert time.process_time() - began < 5


def test_a_quick_parse_is_left_in_peace() -> None:
    with cpu_limit(timedelta(seconds=0.1)):
        pass
    began = time.process_time()
    while time.process_time() - began < 0.3:
        pass


@given(_TEXT, _TEXT, st.none() | _TEXT)
def test_what_a_crawl_says_is_understood(title: str, text: str, guid: str | None) -> None:
    dated = Dated(NOW, Precision.DAY, "json-ld")
    article = Article(url=URL, title=without_controls(title), text=without_controls(text), published=dated, guid=guid)
    run = SourceRun(source="s", started=NOW, finished=NOW, outcome="failed", detail=title, ttl=timedelta(minutes=5))
    for message in (article, run, End("finished"), Found(url=URL, kind="feed", title=title, newest=NOW)):
        line = pack(message)
        assert line.count(b"\n") == 1
        assert unpack(line) == message


def test_nul_and_lone_surrogates_do_not_pass() -> None:
    told = unpack(pack(Article(url=URL, title="a\0b\ud800", text="c\0")))
    assert isinstance(told, Article)
    assert (told.title, told.text) == ("ab?", "c")


@pytest.mark.parametrize("line", [b"{}", b"[1]", b'{"article": {"url": 1}}', b"not json"])
def test_what_is_no_message_is_an_error(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        unpack(line)


def test_a_job_travels_without_secrets() -> None:
    source = SourceSettings(id="s", url=URL, outlet="S")
    settings = Settings(sources=(source,), slack=SlackSettings.model_validate({"token": "xoxb-secret"}))
    line = pack_job(Job((Due(source="s", etag='"x"'),), settings, NOW, 1, remember=False))
    assert b"xoxb-secret" not in line
    job = unpack_job(line)
    assert (job.due, job.now, job.parent, job.remember) == ((Due(source="s", etag='"x"'),), NOW, 1, False)
    assert job.settings.sources == (source,)


def test_an_entry_is_known_again_by_what_its_listing_says() -> None:
    entry = Entry(url=URL, title="A", summary="B")
    assert listing_key(entry) == listing_key(Entry(url=URL, title="A", summary="B"))
    assert listing_key(entry) != listing_key(Entry(url=URL, title="AB"))
    assert listing_key(entry) != listing_key(Entry(url=URL, title="A", summary="B", published=Dated(NOW)))


@pytest.mark.parametrize(
    ("hops", "asked", "moved"),
    [
        ([301], "http://weekly.example/feed", True),
        ([301, 308], "http://weekly.example/feed", True),
        ([301, 302], "http://weekly.example/feed", False),
        ([302], "http://weekly.example/feed", False),
        ([301], "http://weekly.example/sitemap-2", False),
        ([], "http://weekly.example/feed", False),
    ],
)
def test_a_source_has_moved_where_each_hop_of_its_own_address_is_for_good(
    hops: list[int], asked: str, moved: bool
) -> None:
    source = SourceSettings(id="weekly", url="http://weekly.example/feed", outlet="Weekly")
    reading = Reading(source=source, due=Due(source="weekly"), started=NOW)
    meta = {"redirect_reasons": hops, "redirect_urls": [asked]} if hops else {}
    note(reading, Response("http://new.example/feed", request=Request("http://new.example/feed", meta=meta)), NOW)
    assert reading.moved_to == ("http://new.example/feed" if moved else None)
