"""What a cycle costs in which nothing changed: many sources on loopback, collected twice into SQLite.

    python -m benchmarks.polling [SOURCES] [ENTRIES]

The first cycle reads all feeds and writes their entries; the second finds all unchanged, half by 304, half by a body
that has the same hash. Each source is a host of its own, which is the worst case. CPU is that of the whole of
`collect`: the crawl's child, its start included, and the parent that writes. Feeds are served by a process of its own.
"""

import argparse
import multiprocessing
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from sovwatch.app import open_app
from sovwatch.app.collecting import CollectReport, collect
from sovwatch.settings import CrawlSettings, Settings, SourceSettings


class Feeds(BaseHTTPRequestHandler):
    """Serves a feed of its own for each number in an address; those with an even one know ETags."""

    protocol_version = "HTTP/1.1"
    entries = 50

    def do_GET(self) -> None:
        """Answer a request in absolute form."""
        host = self.headers["Host"]
        number = int("".join(c for c in self.path if c.isdigit()) or 0)
        if self.path.endswith("/robots.txt"):
            self._send(404, b"")
        elif number % 2 == 0 and self.headers.get("If-None-Match"):
            self._send(304, b"")
        else:
            self._send(200, self._feed(host), etag=f'"{number}"' if number % 2 == 0 else "")

    def _feed(self, host: str) -> bytes:
        text = "She counts again. " * 20
        items = "".join(
            f"<item><title>Clerk {n} counts</title><link>http://{host}/a/{n}</link><guid>{host}-{n}</guid>"
            f"<pubDate>Sat, 21 Nov 2026 10:00:{n % 60:02} GMT</pubDate><description>{text}</description></item>"
            for n in range(self.entries)
        )
        return f"<rss version='2.0'><channel><title>{host}</title>{items}</channel></rss>".encode()

    def _send(self, status: int, body: bytes, etag: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Type", "application/rss+xml")
        if etag:
            self.send_header("ETag", etag)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (http.server's name)
        """Say nothing."""


def _serve(entries: int, port: "multiprocessing.Queue[int]") -> None:
    Feeds.entries = entries
    server = ThreadingHTTPServer(("127.0.0.1", 0), Feeds)
    port.put(server.server_port)
    server.serve_forever()


@contextmanager
def served(entries: int) -> Iterator[str]:
    """Serve feeds of so many entries; gives the server's address."""
    port: multiprocessing.Queue[int] = multiprocessing.Queue()
    server = multiprocessing.Process(target=_serve, args=(entries, port), daemon=True)
    server.start()
    try:
        yield f"127.0.0.1:{port.get(timeout=30)}"
    finally:
        server.terminate()
        server.join()


@dataclass(frozen=True, slots=True)
class Cycle:
    """What a cycle came to, and its seconds: CPU of the crawl's child and of the parent, and wall."""

    report: CollectReport
    child: float
    parent: float
    wall: float

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
        before, began = os.times(), time.monotonic()
        report = collect(app, names)
        after = os.times()
        child = after.children_user + after.children_system - before.children_user - before.children_system
        parent = after.user + after.system - before.user - before.system
        found.append(Cycle(report, child, parent, time.monotonic() - began))
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
