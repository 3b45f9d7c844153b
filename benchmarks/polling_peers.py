"""Polling beside peers: lemon24/reader and a plain feedparser loop, on the same server in one run.

    python -m benchmarks.polling_peers [FEEDS] [ENTRIES] [--peers PYTHON]

Peers run in a process of their own, `--peers` names a Python that has `sovwatch[bench]` (this one by default). Each
does two cycles: all feeds new, then nothing changed (half by 304, half by the same body). CPU is user and system time
of the process that polls, its start included for all; the server's is not counted. sovwatch asks robots.txt of each
host and writes nothing here; reader keeps its entries in SQLite; the loop keeps ETags in memory and parses.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from datetime import timedelta
from http.server import ThreadingHTTPServer
from pathlib import Path

from benchmarks.polling import Feeds, cycle
from sovwatch.model import Due
from sovwatch.settings import CrawlSettings, Settings, SourceSettings

READER = """
import json, sys, time, os
from reader import make_reader
server, feeds, database = sys.argv[1], int(sys.argv[2]), sys.argv[3]
reader = make_reader(database)
for n in range(feeds):
    reader.add_feed(f"http://{server}/s{n}")
out = []
for _ in range(2):
    a = os.times(); b = time.monotonic()
    reader.update_feeds(workers=8, scheduled=False)
    z = os.times(); out.append([z.user + z.system - a.user - a.system, time.monotonic() - b])
print(json.dumps({"cycles": out, "entries": reader.get_entry_counts().total}))
"""
LOOP = """
import json, sys, time, os, feedparser
server, feeds = sys.argv[1], int(sys.argv[2])
tags, out, entries = {}, [], 0
for _ in range(2):
    a = os.times(); b = time.monotonic()
    for n in range(feeds):
        found = feedparser.parse(f"http://{server}/s{n}", etag=tags.get(n))
        tags[n] = found.get("etag")
        entries += len(found.entries)
    z = os.times(); out.append([z.user + z.system - a.user - a.system, time.monotonic() - b])
print(json.dumps({"cycles": out, "entries": entries}))
"""


def ours(server: str, feeds: int) -> tuple[list[tuple[float, float]], int]:
    """Two cycles of our crawl: CPU and wall seconds of each, and the entries parsed."""
    names = [f"s{n}" for n in range(feeds)]
    limits = CrawlSettings(
        resolve={"*.example": server}, delay=timedelta(), deadline=timedelta(minutes=20), concurrency=32
    )
    sources = tuple(SourceSettings(id=s, url=f"http://{s}.example/feed", outlet=s, fetch="never") for s in names)
    settings = Settings(home=Path("/nowhere"), sources=sources, crawl=limits)
    first, cpu_first, wall_first = cycle(settings, [Due(source=name) for name in names])
    known = [Due(source=run.source, etag=run.etag, body_hash=run.body_hash) for run in first]
    _, cpu_second, wall_second = cycle(settings, known)
    return [(cpu_first, wall_first), (cpu_second, wall_second)], sum(run.entries for run in first)


def peer(python: str, code: str, arguments: Sequence[str]) -> tuple[list[tuple[float, float]], int] | str:
    """The same of a peer, or why it is absent."""
    done = subprocess.run([python, "-c", code, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["failed"])[-1]
    found = json.loads(done.stdout.strip().splitlines()[-1])
    return [(cpu, wall) for cpu, wall in found["cycles"]], int(found["entries"])


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description="Measure polling beside peers.")
    options.add_argument("feeds", nargs="?", type=int, default=1000)
    options.add_argument("entries", nargs="?", type=int, default=50)
    options.add_argument("--peers", default=sys.executable, help="a Python with sovwatch[bench]")
    given = options.parse_args()
    Feeds.entries = given.entries
    server = ThreadingHTTPServer(("127.0.0.1", 0), Feeds)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"127.0.0.1:{server.server_port}"
    with tempfile.TemporaryDirectory() as folder:
        arguments = [address, str(given.feeds), str(Path(folder) / "reader.sqlite")]
        rows = [
            ("sovwatch", ours(address, given.feeds)),
            ("lemon24/reader", peer(given.peers, READER, arguments)),
            ("feedparser loop", peer(given.peers, LOOP, arguments)),
        ]
    base = rows[0][1]
    assert not isinstance(base, str)
    print(f"{given.feeds} feeds of {given.entries} entries: CPU-s, wall s, and CPU against sovwatch's")
    for name, found in rows:
        if isinstance(found, str):
            print(f"{name:16} absent: {found}")
            continue
        cells = [
            f"{cpu:7.1f} {wall:7.1f} {cpu / mine:5.2f}"
            for (cpu, wall), (mine, _) in zip(found[0], base[0], strict=True)
        ]
        print(f"{name:16} first {cells[0]}   unchanged {cells[1]}   {found[1]} entries")
    print(f"peak memory of all children: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
