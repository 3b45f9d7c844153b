"""Reading the feeds of ../shared/bench/feeds: none may crash, each must give the entries of index.json or more.

    python -m benchmarks.feeds [FOLDER]

index.json counts what feedparser lists; ours drops an entry that has no web address of any kind, since an article
without one cannot be told. Each difference is printed with its reason.
"""

import argparse
import json
from pathlib import Path
from time import process_time

import feedparser

from sovwatch.dates import parse
from sovwatch.urls import is_web
from spiders.feed import read_feed

FOLDER = Path(__file__).parents[2] / "shared" / "bench" / "feeds"


def reason(body: bytes) -> str:
    """Return what kinds of links the entries have that ours leaves out."""
    raw = feedparser.parse(body).entries
    lost = [entry.get("link") or "no link" for entry in raw if not is_web(entry.get("link") or "")]
    return f"{len(lost)} without a web address, such as {lost[0]!r}" if lost else "unexplained"


def main() -> None:
    """Print the differences and the sum."""
    options = argparse.ArgumentParser(description="Measure the reading of feeds.")
    options.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    folder = options.parse_args().folder
    if not (folder / "index.json").is_file():
        print(f"{folder} is absent: nothing to measure")
        return
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    wanted = found = dated = undated = 0
    began = process_time()
    for row in index:
        body = (folder / row["file"]).read_bytes()
        listing = read_feed(body, f"https://feeds.example/{row['file']}")
        wanted, found = wanted + row["entries"], found + len(listing.entries)
        dated += sum(entry.published is not None or entry.updated is not None for entry in listing.entries)
        if len(listing.entries) != row["entries"] or listing.problem:
            print(f"{row['file']}: {len(listing.entries)} of {row['entries']}: {listing.problem or reason(body)}")
        for raw, entry in zip(feedparser.parse(body).entries, listing.entries, strict=False):
            if raw.get("published") and entry.published is None:
                undated += 1
                print(f"{row['file']}: no date in {raw['published']!r}, {parse(raw['published'])}")
                break
    spent = process_time() - began
    print(
        f"{len(index)} feeds, {found} entries of {wanted}, {dated} dated, {spent:.1f} s with feedparser's own reading"
    )


if __name__ == "__main__":
    main()
