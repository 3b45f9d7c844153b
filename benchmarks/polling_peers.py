"""Polling beside peers: lemon24/reader and a plain feedparser loop, on the same server in one run.

    python -m benchmarks.polling_peers [FEEDS] [ENTRIES] [--peers PYTHON]

Peers run in a process of their own, `--peers` names a Python that has `sovwatch[bench]` (this one by default). Each
does two cycles: all feeds new, then nothing changed (half by 304, half by the same body). sovwatch runs `collect`, and
writes its entries into SQLite as reader does; the loop keeps ETags in memory and writes nothing. CPU is user and system
time of what polls: for sovwatch the crawl's child with its start, and the parent; the imports of the peers are not
counted. sovwatch alone asks each host for robots.txt, once.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.polling import cycles, served

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
    with tempfile.TemporaryDirectory() as folder, served(given.entries) as server:
        mine = cycles(server, given.feeds, Path(folder))
        arguments = [server, str(given.feeds), str(Path(folder) / "reader.sqlite")]
        rows = [
            ("sovwatch", ([(one.cpu, one.wall) for one in mine], mine[0].report.new)),
            ("of it the crawl", ([(one.child, one.wall) for one in mine], mine[0].report.new)),
            ("lemon24/reader", peer(given.peers, READER, arguments)),
            ("feedparser loop", peer(given.peers, LOOP, arguments)),
        ]
    base = [one.cpu for one in mine]
    print(f"{given.feeds} feeds of {given.entries} entries: CPU-s, wall s, and CPU against sovwatch's")
    for name, found in rows:
        if isinstance(found, str):
            print(f"{name:16} absent: {found}")
            continue
        cells = [f"{cpu:7.1f} {wall:7.1f} {cpu / own:5.2f}" for (cpu, wall), own in zip(found[0], base, strict=True)]
        print(f"{name:16} first {cells[0]}   unchanged {cells[1]}   {found[1]} entries")
    print(f"peak memory of all children: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
