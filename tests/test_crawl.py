"""One crawl of a newsroom with every habit and misbehaviour: each costs its own source only."""

import gzip
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sovwatch.model import Due, SourceRun
from sovwatch.settings import Settings
from spiders.crawl import crawl
from spiders.readings import MOST_LISTINGS, Reading
from tests import hostile as h
from tests.crawling import GOOD, NEWS, NOW, SATURDAY, STORY, Played, a_source, crawl_of, play
from tests.waiting import until

HOSTILE: dict[str, tuple[h.Answer, str]] = {
    "stalls": (h.stall(), "in time"),
    "drips": (h.drip(b"x" * 1000), "in time"),
    "endless": (h.endless(), "is bigger than crawl.max_bytes allows"),
    "bomb": (h.gzip_bomb(), "unpacks to more than crawl.max_bytes allows"),
    "half-closed": (h.half_closed(), "connection failed: Connection was closed cleanly"),
    "rubbish": (h.rubbish(), "what answers speaks no HTTP"),
    "empty": (h.plain(b""), "empty"),
    "html": (h.plain(h.page("Sign in", "Please."), Content_Type="text/html"), "web page stands where a feed was"),
    "json": (h.plain(b'{"error": 1}', Content_Type="application/json"), "no JSON Feed"),
    "broken-gzip": (h.plain(b"\x1f\x8bnothing", Content_Encoding="gzip"), "is not packed as it says"),
    "no-brotli": (h.plain(b"<rss/>", Content_Encoding="br"), "its answer is not packed as it says"),
    "no-zstd": (h.plain(b"<rss/>", Content_Encoding="zstd"), "its answer is not packed as it says"),
    "500": (h.plain(b"", status=500), "answered 500"),
    "404": (h.plain(b"", status=404), "answered 404"),
    "403": (h.plain(b"", status=403), "refuses us"),
    "loop": (h.redirect("http://loop.example/listing"), "redirects more often than crawl.max_redirects allows"),
    "metadata": (h.redirect("http://169.254.169.254/latest/meta-data/"), "169.254.169.254 is not a public address"),
    "loopback": (h.redirect("http://127.0.0.1:1/"), "not a public address"),
    "mapped": (h.redirect("http://[::ffff:10.0.0.1]/"), "not a public address"),
    "decimal": (h.redirect("http://2130706433/"), "2130706433 stands for 127.0.0.1, which is not a public"),
    "by-name": (h.redirect("http://localhost:1/"), "localhost stands for 127.0.0.1, which is not a public"),
    "scheme": (h.redirect("file:///etc/passwd"), "answered 302: leads to no address of the web"),
    "comments": (
        h.plain(
            h.feed(
                ("http://comments.example/a/1", "Bomb", SATURDAY), description="<![CDATA[" + "<!-- " * 200_000 + "]]>"
            )
        ),
        "",
    ),
}
INDEX = (
    b"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
    b"<sitemap><loc>http://index.example/news.xml.gz</loc></sitemap></sitemapindex>"
)
GAZETTE = b"""<html><script id="front">{"next": "/page/2", "stories":
    [{"path": "/a/1", "head": "Town votes", "when": "21 novembre 2026 7 h 15"}]}</script></html>"""
GAZETTE_2 = b"""<html><script id="front">{"stories": [{"path": "/a/2", "head": "Mayor waits"}]}</script></html>"""
FORBIDDING = b"User-agent: *\nDisallow: /a/\nDisallow: /listing\n"
STORIES = {f"many.example/a/{n}": h.plain(h.page(f"Story {n}", *STORY), Content_Type="text/html") for n in range(9)}


@pytest.fixture(scope="module")
def newsroom() -> Iterator[h.HostileNewsroom]:
    story = h.plain(h.page("Petition counted twice", *STORY), Content_Type="text/html")
    pages: dict[str, h.Answer] = {f"{name}.example/listing": answer for name, (answer, _) in HOSTILE.items()}
    pages |= {f"{name}.example/robots.txt": h.stall() for name in ("slow-robots",)}
    pages |= STORIES
    pages |= {
        "good.example/listing": h.versioned(GOOD, '"v1"'),
        "good.example/a/1?utm_source=rss": story,
        "good.example/a/2": story,
        "short.example/listing": h.lying_length(GOOD, len(GOOD) + 500),
        "mislabelled.example/listing": h.plain(
            h.feed(("http://mislabelled.example/a/1", "L’été à Québec", SATURDAY), encoding="cp1252"),
            Content_Type="application/xml; charset=utf-8",
        ),
        "forbidden.example/robots.txt": h.plain(FORBIDDING, Content_Type="text/plain"),
        "forbidden.example/listing": h.plain(GOOD),
        "pages.example/listing": h.plain(
            h.feed(
                *(
                    (f"http://pages.example/{status}", f"Page that answers {status}", SATURDAY)
                    for status in (403, 404, 503)
                )
            )
        ),
        "pages.example/403": h.plain(b"", status=403),
        "pages.example/503": h.plain(b"", status=503),
        "inner.example/listing": h.plain(h.feed(("http://10.0.0.7/secret", "Inside", SATURDAY))),
        "many.example/listing": h.plain(h.feed(*((f"/a/{n}", f"Story {n}", SATURDAY) for n in range(9)))),
        "down.example/listing": h.plain(h.feed(*((f"/a/{n}", f"Story {n}", SATURDAY) for n in range(9)))),
        "down.example/robots.txt": h.plain(b"", status=404),
        "down.example/*": h.plain(b"", status=502),
        "busy.example/listing": h.plain(b"", status=429, Retry_After="3600"),
        "index.example/listing": h.plain(INDEX),
        "index.example/news.xml.gz": h.plain(gzip.compress(NEWS), Content_Type="application/gzip"),
        "ring.example/listing": h.plain(INDEX.replace(b"index.example/news.xml.gz", b"ring.example/listing")),
        "moved.example/listing": h.redirect("http://good.example/moved", status=301),
        "good.example/moved": h.plain(GOOD),
        "agent.example/listing": h.plain(h.feed(("/a/1", "One", SATURDAY))),
        "gazette.example/listing": h.plain(GAZETTE, Content_Type="text/html"),
        "gazette.example/page/2": h.plain(GAZETTE_2, Content_Type="text/html"),
    }
    with h.HostileNewsroom(pages) as server:
        yield server


SOURCES = (
    *(a_source(name) for name in HOSTILE),
    *(
        a_source(name)
        for name in ("good", "short", "mislabelled", "forbidden", "pages", "inner", "down", "busy", "moved")
    ),
    a_source("slow-robots"),
    a_source("many"),
    a_source("index", kind="sitemap"),
    a_source("ring", kind="sitemap"),
    a_source("agent", user_agent="Custom/1.0", fetch="never"),
    a_source("gazette", kind="spider", spider="example-gazette", fetch="never"),
    a_source("nameless", kind="spider"),
    a_source("unheard", kind="spider", spider="nobody"),
    a_source("crooked", kind="listing", select={"entry": "p:::x"}),
)


@pytest.fixture(scope="module")
def played(newsroom: h.HostileNewsroom) -> Played:
    return play(crawl_of(newsroom, *SOURCES, pages_per_source=6))


def test_every_source_has_one_outcome_and_the_crawl_ends_by_itself(played: Played) -> None:
    assert set(played.runs) == {source.id for source in SOURCES}
    assert [run.detail for run in played.runs.values() if "deadline" in run.detail or "cut off" in run.detail] == []


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_source_costs_itself_only(played: Played, name: str) -> None:
    run, reason = played.runs[name], HOSTILE[name][1]
    assert (run.outcome == "failed") == (name != "comments"), run.detail
    assert reason in run.detail
    assert len(run.detail) < 400
    assert (run.etag, run.body_hash) == (None, None) or name == "comments"


def test_the_good_source_among_them_is_read_whole(played: Played) -> None:
    run, articles = played.runs["good"], sorted(played.articles["good"], key=lambda article: article.url)
    assert (run.outcome, run.entries, run.new, run.etag, run.ttl) == ("fetched", 2, 2, '"v1"', timedelta(minutes=45))
    assert [article.url for article in articles] == [
        "http://good.example/a/1?utm_source=rss",
        "http://good.example/a/2",
    ]
    assert all(article.page == "read" and "counted" in article.text for article in articles)
    assert [article.published.at for article in articles if article.published] == [
        datetime(2026, 11, 21, 15, tzinfo=UTC),
        datetime(2026, 11, 21, 16, tzinfo=UTC),
    ]


def test_a_feed_of_unclosed_comments_is_still_read(played: Played) -> None:
    assert played.runs["comments"].entries == 1


def test_an_answer_shorter_than_it_claims_is_read_and_asked_for_again(played: Played) -> None:
    run = played.runs["short"]
    assert (run.outcome, run.entries, run.body_hash) == ("fetched", 2, None)
    assert "broke off" in run.detail


def test_a_mislabelled_encoding_is_seen_through(played: Played) -> None:
    assert [article.title for article in played.articles["mislabelled"]] == ["L’été à Québec"]


def test_what_robots_txt_forbids_is_not_asked_for(played: Played, newsroom: h.HostileNewsroom) -> None:
    assert played.runs["forbidden"].detail == "robots.txt of forbidden.example forbids it"
    assert newsroom.of("forbidden.example") == []


def test_a_page_that_is_refused_leaves_what_the_feed_said(played: Played) -> None:
    found = {article.url[-3:]: article for article in played.articles["pages"]}
    assert {status: article.page for status, article in found.items()} == {
        "403": "refused",
        "404": "refused",
        "503": "refused",
    }
    assert [found["404"].gone, found["403"].gone] == [True, False]
    assert found["403"].title == "Page that answers 403"
    assert found["403"].listing != ""
    assert found["503"].listing == "", "a page that may come back is not remembered as read"
    assert played.runs["pages"].body_hash is None, "nor is the feed that lists it"


def test_a_page_that_is_packed_and_does_not_say_so_is_read() -> None:
    body = gzip.compress(h.page("Petition counted twice", *STORY))
    pages = {"packed.example/listing": h.plain(h.feed(("/a/1", "Petition counted twice", SATURDAY)))}
    with h.HostileNewsroom(pages | {"packed.example/a/1": h.plain(body, Content_Type="text/html")}) as newsroom:
        (article,) = play(crawl_of(newsroom, a_source("packed"))).articles["packed"]
    assert (article.page, "counted" in article.text) == ("read", True)


def test_a_link_into_a_private_network_is_not_followed(played: Played) -> None:
    (article,) = played.articles["inner"]
    assert (article.page, played.runs["inner"].outcome) == ("refused", "fetched")


def test_more_pages_than_allowed_are_left_for_the_next_reading(played: Played) -> None:
    run = played.runs["many"]
    assert len(played.articles["many"]) == 6
    assert (run.entries, run.body_hash) == (9, None)


def test_a_host_that_is_down_is_not_asked_for_every_page(played: Played, newsroom: h.HostileNewsroom) -> None:
    assert len(played.articles["down"]) == 6
    assert len(newsroom.of("down.example")) <= 1 + 5, "not six pages, each tried twice"


def test_retry_after_reaches_the_schedule(played: Played) -> None:
    assert played.runs["busy"].retry_after == timedelta(hours=1)
    assert played.runs["busy"].detail == "answered 429: asks for a pause"


def test_a_sitemap_index_leads_to_its_gzipped_sitemap(played: Played) -> None:
    (article,) = played.articles["index"]
    assert (article.title, article.language) == ("Un titre", "fr")


def test_a_sitemap_index_that_names_itself_is_read_once(played: Played, newsroom: h.HostileNewsroom) -> None:
    assert (played.runs["ring"].outcome, played.runs["ring"].entries) == ("fetched", 0)
    assert len(newsroom.of("ring.example")) == 1


def test_an_index_of_indexes_without_end_is_read_so_far_and_no_further() -> None:
    """Each names five others, which nobody has named before."""

    def endless(connection: socket.socket, asked: h.Asked) -> None:
        named = [b"http://deep.example%s/%d" % (asked.path.encode(), number) for number in range(5)]
        body = b"".join(b"<sitemap><loc>%s</loc></sitemap>" % url for url in named)
        h.plain(b"<sitemapindex>" + body + b"</sitemapindex>")(connection, asked)

    with h.HostileNewsroom({"deep.example/*": endless}) as newsroom:
        source = a_source("deep", kind="sitemap", url="http://deep.example/map")
        run = play(crawl_of(newsroom, source, pages_per_source=0, robots=False)).runs["deep"]

    assert (run.outcome, run.detail) == ("fetched", f"more than {MOST_LISTINGS} listings: the rest is not read")
    assert len(newsroom.asked) == MOST_LISTINGS


def test_a_permanent_move_is_told(played: Played) -> None:
    assert played.runs["moved"].moved_to == "http://good.example/moved"


def test_a_source_may_have_its_own_user_agent(played: Played, newsroom: h.HostileNewsroom) -> None:
    assert played.runs["agent"].outcome == "fetched"
    assert {asked.headers["user-agent"] for asked in newsroom.of("agent.example")} == {"Custom/1.0"}
    assert all("Sovwatch" in asked.headers["user-agent"] for asked in newsroom.of("good.example"))


def test_a_spider_of_ones_own_reads_its_site(played: Played) -> None:
    assert sorted(article.title for article in played.articles["gazette"]) == ["Mayor waits", "Town votes"]
    assert {article.page for article in played.articles["gazette"]} == {"not fetched"}


@pytest.mark.parametrize(("name", "reason"), [("nameless", "needs the spider's name"), ("unheard", "nobody")])
def test_a_wrong_configuration_costs_its_source_only(played: Played, name: str, reason: str) -> None:
    assert played.runs[name].outcome == "failed"
    assert reason in played.runs[name].detail


def test_what_did_not_change_is_not_read_again(newsroom: h.HostileNewsroom, played: Played) -> None:
    known = [
        Due(source="good", etag='"v1"', body_hash=played.runs["good"].body_hash),
        Due(source="agent", body_hash=played.runs["agent"].body_hash),
    ]
    again = play(crawl_of(newsroom, *SOURCES), due=known)
    assert {name: run.outcome for name, run in again.runs.items()} == {"good": "not modified", "agent": "not modified"}
    assert (again.runs["good"].status, again.runs["agent"].status) == (304, 200)
    assert again.runs["good"].etag == '"v1"'
    assert again.articles == {}


def test_why_a_reading_failed_is_said_rather_than_what_it_left_for_the_next() -> None:
    reading = Reading(source=a_source("one"), due=Due(source="one"), started=NOW)
    reading.leave("more than 20 pages: the rest is read next time")
    assert reading.run(NOW).detail == "more than 20 pages: the rest is read next time"
    reading.failed("cut off: the crawl ended before it was read whole")
    reading.failed("answered 500")
    assert reading.run(NOW).detail == "cut off: the crawl ended before it was read whole"


def test_a_crawl_that_does_not_end_is_ended() -> None:
    """Killed at its deadline, by which the other source was read: that is as long as it takes on this machine."""
    with h.HostileNewsroom({"a.example/listing": h.stall(), "b.example/listing": h.plain(GOOD)}) as newsroom:
        began = time.monotonic()
        play(crawl_of(newsroom, a_source("b", fetch="never")))
        deadline = timedelta(seconds=5 + 3 * (time.monotonic() - began))
        sources = (a_source("a"), a_source("b", fetch="never"))
        played = play(crawl_of(newsroom, *sources, timeout=timedelta(minutes=5), deadline=deadline))
    assert played.runs["b"].outcome == "fetched"
    assert played.runs["a"].detail == f"not read: the crawl reached its deadline of {deadline}"


def test_a_crawl_can_be_stopped_from_outside() -> None:
    with h.HostileNewsroom({"a.example/listing": h.stall()}) as newsroom:
        settings = crawl_of(newsroom, a_source("a"))
        played = play(settings, stop=lambda: bool(newsroom.of("a.example")))
    assert played.runs == {}, "what was not read is due still, and has not failed"


def test_nothing_due_starts_nothing() -> None:
    assert list(crawl([], Settings(home=Path("/nowhere")), now=NOW)) == []


PARENT = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sovwatch.model import Due
from sovwatch.settings import CrawlSettings, Settings, SourceSettings
from spiders.crawl import crawl
source = SourceSettings(id="a", url="http://a.example/listing", outlet="A")
limits = CrawlSettings(resolve={"*.example": sys.argv[1]}, timeout=timedelta(minutes=2))
settings = Settings(home=Path("/nowhere"), sources=(source,), crawl=limits)
list(crawl([Due(source="a")], settings, now=datetime.now(UTC), remember=False))
"""


STOPPED = PARENT.replace(
    "list(crawl(",
    """
import signal
asked = []
signal.signal(signal.SIGINT, lambda *_: asked.append(1))
print([got.outcome for got in crawl(""",
).replace("remember=False))", "remember=False, stop=lambda: bool(asked)) if isinstance(got, SourceRun)])")
STOPPED = STOPPED.replace("import Due", "import Due, SourceRun").replace("minutes=2", "seconds=2")


def test_an_interrupt_from_the_keyboard_fails_no_source() -> None:
    """It reaches every process of the terminal's group; the crawl's own would die of it, and each source be ill."""
    with h.HostileNewsroom({"a.example/listing": h.stall()}) as newsroom:
        command = [sys.executable, "-c", STOPPED, newsroom.address]
        parent = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
        until(lambda: bool(newsroom.of("a.example")))
        os.killpg(parent.pid, signal.SIGINT)
        said, _ = parent.communicate(timeout=200)
    assert (said, parent.returncode) == ("[]\n", 0)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's PR_SET_PDEATHSIG")
def test_the_child_dies_with_its_parent() -> None:
    with h.HostileNewsroom({"a.example/listing": h.stall()}) as newsroom:
        parent = subprocess.Popen([sys.executable, "-c", PARENT, newsroom.address])
        until(lambda: bool(newsroom.of("a.example")))
        (child,) = _children(parent.pid)
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        until(lambda: not Path(f"/proc/{child}").exists() or _is_zombie(child))


def test_a_child_that_is_killed_costs_no_source_its_outcome() -> None:
    with h.HostileNewsroom({"a.example/listing": h.stall(), "b.example/listing": h.plain(GOOD)}) as newsroom:
        settings = crawl_of(newsroom, a_source("a"), a_source("b", fetch="never"), timeout=timedelta(minutes=2))
        runs = {}
        for got in crawl([Due(source="b"), Due(source="a")], settings, now=NOW, remember=False):
            if isinstance(got, SourceRun):
                runs[got.source] = got
                if got.source == "b":
                    for child in _children(os.getpid()):
                        os.kill(child, signal.SIGKILL)
    assert runs["b"].outcome == "fetched"
    assert "died (SIGKILL" in runs["a"].detail


def _children(parent: int) -> list[int]:
    listed = Path(f"/proc/{parent}/task").glob("*/children")
    return [int(number) for file in listed for number in file.read_text().split()]


def _is_zombie(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_a_date_without_a_zone_is_of_where_its_source_is() -> None:
    """Of a listing and of a page alike; a desk elsewhere read them hours off, and one later than now as none."""
    body = b"<article><a href='/a/1'>Le conseil compte encore</a><time>2026-11-21 09:00</time></article>"
    page = h.page("Le conseil compte encore", *STORY, extra="<meta name='date' content='2026-11-21T09:05:00'>")
    pages = {}
    for name in ("east", "west", "desk", "east-pages", "west-pages"):
        pages[f"{name}.example/listing"] = h.plain(body, Content_Type="text/html")
        pages[f"{name}.example/a/1"] = h.plain(page, Content_Type="text/html")
    listing = {"kind": "listing", "select": {"entry": "article", "date": "time"}}
    east, west, alone = {"zone": "America/Toronto"}, {"zone": "America/Edmonton"}, {"fetch": "never"}
    with h.HostileNewsroom(pages) as newsroom:
        sources = [
            a_source("east", **listing, **east, **alone),
            a_source("west", **listing, **west, **alone),
            a_source("desk", **listing, **alone),
            a_source("east-pages", **listing, **east),
            a_source("west-pages", **listing, **west),
        ]
        played = play(crawl_of(newsroom, *sources))
    at = {name: f"{found[0].published.at:%H:%M}" for name, found in played.articles.items() if found[0].published}
    assert at == {"east": "14:00", "west": "16:00", "desk": "14:00", "east-pages": "14:05", "west-pages": "16:05"}
