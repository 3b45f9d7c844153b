"""Polling beside peers: lemon24/reader and a plain feedparser loop, on the same server in one run.

    python -m benchmarks.polling_peers [FEEDS] [ENTRIES] [--full] [--peers PYTHON]

Each runs in a process of its own, peers under `--peers`, a Python that has `sovwatch[bench]` (this one by default), and
does two cycles: all feeds new, then nothing changed (half by 304, half by the same body).

- sovwatch runs `collect`, which writes the entries, their keys and the index for searching into SQLite.
- reader runs `update_feeds`, which writes its entries into SQLite, with the 8 workers that do best here; once more with
  its search enabled and `update_search` after, which writes an index as we do.
- The loop keeps ETags in memory and writes nothing; "the crawl" is ours without the parent that writes.

CPU is user and system time of what polls, the crawl's process with its start included; imports of the peers are not
counted. Memory is the most that the process held; for sovwatch that of both, added. Bytes are what the server answered
with; sovwatch alone asks each host for robots.txt, once. `--full` gives entries of the size that real ones have.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.polling import served

_MEASURE = """
import json, os, resource, sys, time, urllib.request
server, feeds, database = sys.argv[1], int(sys.argv[2]), sys.argv[3]
out = []
def sent():
    return int(urllib.request.urlopen(f"http://{server}/sent").read())
def cycle(do):
    s = sent(); a = os.times(); b = time.monotonic()
    do()
    z = os.times(); e = time.monotonic()
    out.append([z.user + z.system - a.user - a.system, e - b, sent() - s])
def peak():
    status = open("/proc/self/status").read()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024
"""
READER = f"""{_MEASURE}
from reader import make_reader
reader = make_reader(database)
searched = sys.argv[4:] == ["search"]
if searched:
    reader.enable_search()
for n in range(feeds):
    reader.add_feed(f"http://{{server}}/s{{n}}")
def do():
    reader.update_feeds(workers=8, scheduled=False)
    if searched:
        reader.update_search()
cycle(do); cycle(do)
print(json.dumps([out, peak(), reader.get_entry_counts().total]))
"""
LOOP = f"""{_MEASURE}
import feedparser
tags, entries = {{}}, {{}}
def do():
    for n in range(feeds):
        found = feedparser.parse(f"http://{{server}}/s{{n}}", etag=tags.get(n))
        tags[n] = found.get("etag")
        entries[n] = max(entries.get(n, 0), len(found.entries))
cycle(do); cycle(do)
print(json.dumps([out, peak(), sum(entries.values())]))
"""
OURS = f"""{_MEASURE}
from pathlib import Path
from benchmarks.polling import cycles
both = cycles(server, feeds, Path(database).parent)
largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
rows = [[[one.cpu, one.wall, one.received] for one in both], [[one.child, one.wall, one.received] for one in both]]
print(json.dumps([rows, peak() + largest, largest, both[0].report.new]))
"""


@dataclass(frozen=True, slots=True)
class Polled:
    """What somebody's two cycles took: CPU seconds, wall seconds and bytes of each, memory in MB, entries."""

    name: str
    cycles: Sequence[tuple[float, float, int]]
    peak: float
    entries: int


def _said(python: str, code: str, arguments: Sequence[str]) -> list[object] | str:
    """What the code printed, or why there is nothing."""
    done = subprocess.run([python, "-c", code, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["failed"])[-1]
    found: list[object] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def _ours(server: str, feeds: int, folder: Path) -> list[Polled]:
    match _said(sys.executable, OURS, [server, str(feeds), str(folder / "ours")]):
        case [[list(both), list(crawl)], float(peak), float(largest), int(entries)]:
            return [Polled("sovwatch", both, peak, entries), Polled("of it the crawl", crawl, largest, entries)]
        case said:
            raise RuntimeError(f"sovwatch: {said}")


def _peer(name: str, python: str, code: str, arguments: Sequence[str]) -> Polled:
    match _said(python, code, arguments):
        case [list(both), float(peak), int(entries)]:
            return Polled(name, both, peak, entries)
        case said:
            raise RuntimeError(f"{name}: {said}")


def _print(rows: Sequence[Polled], feeds: int) -> None:
    for number, cycle in enumerate(("first cycle", "unchanged")):
        own = rows[0].cycles[number][0]
        print(f"{cycle:28} CPU-s  over ours  feeds/CPU-s  feeds/s  peak MB  MB received  entries")
        for row in rows:
            cpu, wall, received = row.cycles[number]
            print(
                f"{row.name:28} {cpu:5.1f} {cpu / own:10.2f} {feeds / cpu:12.0f} {feeds / wall:8.0f} {row.peak:8.0f}"
                f" {received / 1e6:12.2f} {row.entries:8}"
            )


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description="Measure polling beside peers.")
    options.add_argument("feeds", nargs="?", type=int, default=1000)
    options.add_argument("entries", nargs="?", type=int, default=50)
    options.add_argument("--full", action="store_true", help="entries of 2.9 kB with HTML, not of 0.5 kB without")
    options.add_argument("--peers", default=sys.executable, help="a Python with sovwatch[bench]")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder, served(given.entries, full=given.full) as server:
        before = os.getloadavg()[0]
        rows = _ours(server, given.feeds, Path(folder))
        for name, code, more in (
            ("reader, update_feeds", READER, []),
            ("reader, and update_search", READER, ["search"]),
            ("feedparser in a loop", LOOP, []),
        ):
            database = str(Path(folder) / f"{len(rows)}.sqlite")
            rows.append(_peer(name, given.peers, code, [server, str(given.feeds), database, *more]))
    print(f"{given.feeds} feeds of {given.entries} entries; load {before:.1f} to {os.getloadavg()[0]:.1f}")
    _print(rows, given.feeds)


if __name__ == "__main__":
    main()
