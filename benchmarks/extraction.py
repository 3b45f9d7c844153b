"""Reading pages: ours beside plain trafilatura and two peers, on the pages of ../shared/bench/pages, in one run.

    python -m benchmarks.extraction [FOLDER] [--misses] [--peers PYTHON]

newspaper4k and news-please are run by a Python that has `sovwatch[bench]` (`--peers`), in a process each; without it
they are left out. Speed is pages a CPU second, imports aside, after one page that is not counted.

Text: F1 of 4-word shingles counted with their repetitions, as ScrapingHub's article-extraction-benchmark does, mean
over pages. Title: the same letters and figures, marks and spaces aside. Authors: the same set of names. Date: the
same day, and the same minute. Title, authors and date are known for some of the pages only.
"""

import argparse
import gzip
import json
import re
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import process_time
from typing import Any

import trafilatura

from sovwatch.dates import parse
from spiders.page import Page, read_page

# What a peer is asked to run: it reads lines of {"url", "file"} and writes what it made of each page.
PEER = """
import gzip, json, sys, time
{imports}
def read(markup, url):
    {reads}
rows = [json.loads(line) for line in sys.stdin]
pages = [(row, gzip.open(row["file"]).read().decode("utf-8", "replace")) for row in rows]
out, spent = [], 0.0
for row, markup in [pages[0], *pages]:
    began = time.process_time()
    try:
        found = read(markup, row["url"])
    except Exception:
        found = ("", "", [], None)
    took = time.process_time() - began
    out.append([*found[:3], found[3].isoformat() if found[3] else None])
    spent += took
    if len(out) == 1:
        spent = 0.0
print(json.dumps({{"spent": spent, "found": out[1:]}}))
"""
PEERS = {
    "newspaper4k": (
        "from newspaper import Article",
        (
            "a = Article(url, fetch_images=False); a.download(input_html=markup); a.parse()\n"
            "    return a.title or '', a.text or '', list(a.authors), a.publish_date or None"
        ),
    ),
    "news-please": (
        "from newsplease import NewsPlease",
        (
            "a = NewsPlease.from_html(markup, url=url, fetch_images=False)\n"
            "    return a.title or '', a.maintext or '', list(a.authors or []), a.date_publish"
        ),
    ),
}
FOLDER = Path(__file__).parents[2] / "shared" / "bench" / "pages"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
MEASURES = ("text", "title", "authors", "day", "minute")


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader made of one page."""

    title: str
    text: str
    authors: tuple[str, ...]
    published: datetime | None


Raw = tuple[Mapping[str, Any], bytes]
Results = list[tuple[Mapping[str, Any], dict[str, float], Reading]]


def ours(markup: bytes, url: str) -> Reading:
    """Read with `spiders.page`."""
    page: Page = read_page(markup, url, now=NOW)
    return Reading(page.title, page.text, page.authors, page.published.at if page.published else None)


def plain_trafilatura(markup: bytes, url: str) -> Reading:
    """Read with trafilatura alone, its date asked to the second."""
    found = trafilatura.bare_extraction(
        markup,
        url=url,
        with_metadata=True,
        include_comments=False,
        date_extraction_params={"outputformat": "%Y-%m-%dT%H:%M:%S%z", "original_date": True},
    )
    if found is None or isinstance(found, dict):
        return Reading("", "", (), None)
    dated = parse(found.date or "")
    authors = tuple(name.strip() for name in (found.author or "").split(";") if name.strip())
    return Reading(found.title or "", found.text or "", authors, dated.at if dated else None)


def rows(folder: Path) -> Iterator[tuple[Mapping[str, Any], bytes]]:
    """Yield each page's truth and markup."""
    for line in (folder / "pages.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield row, gzip.decompress((folder / row["html"]).read_bytes())


def scores(truth: Mapping[str, Any], got: Reading) -> dict[str, float]:
    """Return the measures that the truth allows."""
    found = {"text": f1(truth["body"], got.text)} if truth["body"] else {}
    if truth["title"]:
        found["title"] = float(letters(truth["title"]) == letters(got.title))
    if truth["authors"]:
        found["authors"] = float(
            {letters(name) for name in truth["authors"]} == {letters(name) for name in got.authors}
        )
    if truth["published"]:
        when = datetime.fromisoformat(truth["published"])
        when = when.replace(tzinfo=when.tzinfo or UTC)
        found["day"] = float(got.published is not None and got.published.astimezone(when.tzinfo).date() == when.date())
        found["minute"] = float(got.published is not None and abs((got.published - when).total_seconds()) < 60)
    return found


def f1(truth: str, got: str) -> float:
    """Return F1 of the two texts' shingles of four words."""
    wanted, found = shingles(truth), shingles(got)
    shared = sum((wanted & found).values())
    if not shared:
        return 0.0
    precision, recall = shared / sum(found.values()), shared / sum(wanted.values())
    return 2 * precision * recall / (precision + recall)


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Count the runs of four words of a text; a shorter text is one run."""
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3)))


def letters(text: str) -> str:
    """Return letters and figures alone, in one case and without accents."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(character for character in plain if character.isalnum())


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description="Measure the reading of pages.")
    options.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    options.add_argument("--misses", action="store_true", help="name the pages that ours reads wrongly")
    options.add_argument("--peers", help="a Python with sovwatch[bench]")
    given = options.parse_args()
    if not (given.folder / "pages.jsonl").is_file():
        print(f"{given.folder} is absent: nothing to measure")
        return
    pages = list(rows(given.folder))
    for name, reader in (("plain trafilatura", plain_trafilatura), ("ours", ours)):
        reader(pages[0][1], pages[0][0]["url"])
        began = process_time()
        got = [reader(markup, row["url"]) for row, markup in pages]
        results = _print_row(name, pages, got, process_time() - began)
        if given.misses and name == "ours":
            _print_misses(results)
    for name in PEERS if given.peers else ():
        found = peer(given.peers, name, given.folder, pages)
        if isinstance(found, str):
            print(f"{name:18} absent: {found}")
        else:
            _print_row(name, pages, *found)


def peer(python: str, name: str, folder: Path, pages: Sequence[Raw]) -> tuple[list[Reading], float] | str:
    """Return what a peer made of the pages and its CPU seconds, or why it is absent."""
    imports, reads = PEERS[name]
    asked = "".join(json.dumps({"url": row["url"], "file": str(folder / row["html"])}) + "\n" for row, _ in pages)
    code = PEER.format(imports=imports, reads=reads)
    done = subprocess.run([python, "-c", code], input=asked, capture_output=True, text=True, check=False)
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["failed"])[-1]
    said = json.loads(done.stdout.strip().splitlines()[-1])
    return [_reading(*one) for one in said["found"]], said["spent"]


def _reading(title: str, text: str, authors: list[str], published: str | None) -> Reading:
    when = datetime.fromisoformat(published) if published else None
    return Reading(title, text, tuple(authors), when.replace(tzinfo=when.tzinfo or UTC) if when else None)


def _print_row(name: str, pages: Sequence[Raw], got: Sequence[Reading], spent: float) -> Results:
    results = [(row, scores(row, one), one) for (row, _), one in zip(pages, got, strict=True)]
    line = []
    for measure in MEASURES:
        values = [found[measure] for _, found, _ in results if measure in found]
        line.append(f"{measure} {sum(values) / len(values):.3f} (n={len(values)})")
    print(f"{name:18} {'  '.join(line)}  {len(pages) / spent:.1f} pages a CPU-s", flush=True)
    return results


def _print_misses(results: Results) -> None:
    for row, found, got in results:
        if found.get("text", 1) < 0.75:
            print(f"  text {found['text']:.2f} {row['id']}: {len(got.text)} characters for {len(row['body'])}")
        for measure, key in (("title", "title"), ("authors", "authors"), ("minute", "published")):
            if found.get(measure) == 0:
                print(f"  {measure} {row['id']}: {getattr(got, key)!r} for {row[key]!r}")


if __name__ == "__main__":
    main()
