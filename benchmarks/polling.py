"""What a cycle costs in which nothing changed: many sources on loopback, collected twice into SQLite.

    python -m benchmarks.polling [SOURCES] [ENTRIES]

The first cycle reads all feeds and writes their entries; the second finds all unchanged, half by 304, half by a body
that has the same hash. Each source is a host of its own, which is the worst case. CPU is that of the whole of
`collect`: the crawl's child, its start included, and the parent that writes. Feeds are served by a process of its own,
which counts what it sends.
"""

import argparse
import multiprocessing
import os
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock

from sovwatch.app import open_app
from sovwatch.app.collecting import CollectReport, collect
from sovwatch.settings import CrawlSettings, Settings, SourceSettings

_TEASER = "She counts again. " * 20
_PARAGRAPH = (
    "<p>The clerk of <a href='http://town.example/hall?a=1&amp;b=2'>the town hall</a> counts the ballots of the "
    "<em>school board</em> again; the mayor, who asked for it, says that nobody is in a hurry.</p>"
)
_FULL = (
    "<dc:creator>Odile Marchetti</dc:creator><category>Local</category><category>Schools</category>"
    "<category>Ballots</category><media:content url='http://pictures.example/1.jpg' medium='image'/>"
    f"<content:encoded><![CDATA[{_PARAGRAPH * 9}<p><img src='http://pictures.example/1.jpg' alt='A clerk'/></p>]]>"
    "</content:encoded>"
)


class Feeds(BaseHTTPRequestHandler):
    """Serves a feed of its own for each number in an address; those with an even one know ETags."""

    protocol_version = "HTTP/1.1"
    entries = 50
    full = False  # entries of 2.9 kB with their text in HTML, authors, categories and a picture, instead of 0.5 kB
    sent = 0
    counting = Lock()

    def do_GET(self) -> None:
        """Answer a request, in absolute form too."""
        host = self.headers["Host"]
        number = int("".join(c for c in self.path if c.isdigit()) or 0)
        if self.path.endswith("/sent"):
            self._send("200 OK", str(self.sent).encode(), count=False)
        elif self.path.endswith("/robots.txt"):
            self._send("404 Not Found", b"")
        elif number % 2 == 0 and self.headers.get("If-None-Match"):
            self._send("304 Not Modified", b"")
        else:
            self._send("200 OK", self._feed(host), etag=f'"{number}"' if number % 2 == 0 else "")

    def _feed(self, host: str) -> bytes:
        more = _FULL if self.full else ""
        items = "".join(
            f"<item><title>Clerk {n} counts</title><link>http://{host}/a/{n}</link><guid>{host}-{n}</guid>"
            f"<pubDate>Sat, 21 Nov 2026 10:00:{n % 60:02} GMT</pubDate><description>{_TEASER}</description>"
            f"{more}</item>"
            for n in range(self.entries)
        )
        spaces = (
            "xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:media='http://search.yahoo.com/mrss/' "
            "xmlns:content='http://purl.org/rss/1.0/modules/content/' "
        )
        opening = f"<rss {spaces if self.full else ''}version='2.0'>"
        return f"{opening}<channel><title>{host}</title>{items}</channel></rss>".encode()

    def _send(self, status: str, body: bytes, etag: str = "", *, count: bool = True) -> None:
        lines = [
            f"HTTP/1.1 {status}",
            f"Date: {self.date_time_string()}",
            f"Content-Length: {len(body)}",
            "Content-Type: application/rss+xml",
            *([f"ETag: {etag}"] if etag else []),
        ]
        answer = "\r\n".join((*lines, "", "")).encode() + body
        self.wfile.write(answer)
        with self.counting:
            type(self).sent += count * len(answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (http.server's name)
        """Say nothing."""


def _serve(entries: int, full: bool, port: "multiprocessing.Queue[int]") -> None:
    Feeds.entries, Feeds.full = entries, full
    server = ThreadingHTTPServer(("127.0.0.1", 0), Feeds)
    port.put(server.server_port)
    server.serve_forever()


@contextmanager
def served(entries: int, *, full: bool = False) -> Iterator[str]:
    """Serve feeds of so many entries; gives the server's address."""
    port: multiprocessing.Queue[int] = multiprocessing.Queue()
    server = multiprocessing.Process(target=_serve, args=(entries, full, port), daemon=True)
    server.start()
    try:
        yield f"127.0.0.1:{port.get(timeout=30)}"
    finally:
        server.terminate()
        server.join()


def sent(server: str) -> int:
    """How many bytes the server has answered with, heads included."""
    with urllib.request.urlopen(f"http://{server}/sent") as answer:
        return int(answer.read())


@dataclass(frozen=True, slots=True)
class Cycle:
    """What a cycle came to, its seconds (CPU of the crawl's child and of the parent, and wall), and bytes received."""

    report: CollectReport
    child: float
    parent: float
    wall: float
    received: int

    @property
    def cpu(self) -> float:
        """All of its CPU seconds."""
        return self.child + self.parent


def cycles(server: str, feeds: int, home: Path) -> list[Cycle]:
    """Collect so many feeds twice."""
    limits = CrawlSettings(
        resolve={"*.example": server}, delay=timedelta(), deadline=timedelta(minutes=20), concurrency=32
    )
    names = [f"s{n}" for n in range(feeds)]
    sources = tuple(SourceSettings(id=s, url=f"http://{s}.example/feed", outlet=s, fetch="never") for s in names)
    app = open_app(Settings(home=home, sources=sources, crawl=limits))
    found = []
    for _ in range(2):
        bytes_before = sent(server)
        before, began = os.times(), time.monotonic()
        report = collect(app, names)
        after, ended = os.times(), time.monotonic()
        child = after.children_user + after.children_system - before.children_user - before.children_system
        parent = after.user + after.system - before.user - before.system
        found.append(Cycle(report, child, parent, ended - began, sent(server) - bytes_before))
    app.store.close()
    return found


def main() -> None:
    """Print what the two cycles cost."""
    options = argparse.ArgumentParser(description="Measure cycles of polling.")
    options.add_argument("sources", nargs="?", type=int, default=2000)
    options.add_argument("entries", nargs="?", type=int, default=50)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder, served(given.entries) as server:
        first, second = cycles(server, given.sources, Path(folder))
    for name, cycle in (("first", first), ("unchanged", second)):
        report = cycle.report
        print(
            f"{name:10} {cycle.cpu:6.1f} CPU-s: crawl {cycle.child:.1f}, writing {cycle.parent:.1f}; {cycle.wall:.0f} s"
        )
        print(f"           {report.sources} sources, {report.not_modified} not modified, {report.new} new articles")
    print(f"unchanged costs {second.cpu / first.cpu:.2f} of the first", end="; ")
    print(f"the crawl alone {second.child / first.child:.2f}")


if __name__ == "__main__":
    main()
