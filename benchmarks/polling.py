"""What a cycle costs in which nothing changed: many sources on loopback, crawled twice.

    python -m benchmarks.polling [SOURCES] [ENTRIES]

The first crawl reads all feeds; the second finds all unchanged, half by 304, half by a body that has the same hash.
CPU is that of the crawl's child process, without what it takes to start (an empty crawl's, measured first).
"""

import argparse
import resource
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from sovwatch.model import Due, SourceRun
from sovwatch.settings import CrawlSettings, Settings, SourceSettings
from spiders.crawl import crawl

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


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


def cycle(settings: Settings, due: list[Due]) -> tuple[list[SourceRun], float, float]:
    """Crawl once; return the runs, the child's CPU seconds and the wall seconds."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    runs = [got for got in crawl(due, settings, now=NOW, remember=False) if isinstance(got, SourceRun)]
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return runs, cpu, time.monotonic() - began


def main() -> None:
    """Print what the two cycles cost."""
    options = argparse.ArgumentParser(description="Measure cycles of polling.")
    options.add_argument("sources", nargs="?", type=int, default=2000)
    options.add_argument("entries", nargs="?", type=int, default=50)  # as in FACTS 2
    given = options.parse_args()
    Feeds.entries = given.entries
    server = ThreadingHTTPServer(("127.0.0.1", 0), Feeds)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    limits = CrawlSettings(
        resolve={"*.example": f"127.0.0.1:{server.server_port}"},
        delay=timedelta(),
        deadline=timedelta(minutes=20),
        concurrency=32,
    )
    names = [f"s{n}" for n in range(given.sources)]
    sources = tuple(SourceSettings(id=s, url=f"http://{s}.example/feed", outlet=s, fetch="never") for s in names)
    settings = Settings(home=Path("/nowhere"), sources=sources, crawl=limits)
    _, start, _ = cycle(settings.model_copy(update={"sources": ()}), [Due(source="nobody")])
    first, cpu_first, wall_first = cycle(settings, [Due(source=source.id) for source in sources])
    known = [Due(source=run.source, etag=run.etag, body_hash=run.body_hash) for run in first]
    second, cpu_second, wall_second = cycle(settings, known)
    for name, runs, cpu, wall in (
        ("first", first, cpu_first, wall_first),
        ("unchanged", second, cpu_second, wall_second),
    ):
        outcomes = dict(Counter(run.outcome for run in runs))
        parsed = sum(run.entries for run in runs)
        print(f"{name:10} {cpu - start:6.1f} CPU-s, {wall:6.1f} s, {outcomes}, {parsed} entries parsed")
    share = (cpu_second - start) / (cpu_first - start)
    print(f"start of a child {start:.1f} CPU-s; unchanged costs {share:.2f} of the first")


if __name__ == "__main__":
    main()
