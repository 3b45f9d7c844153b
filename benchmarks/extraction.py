"""Reading pages: ours beside plain trafilatura, on the pages of ../shared/bench/pages, in one run.

    python -m benchmarks.extraction [FOLDER] [--misses]

Text: F1 of 4-word shingles counted with their repetitions, as ScrapingHub's article-extraction-benchmark does, mean
over pages. Title: the same letters and figures, marks and spaces aside. Authors: the same set of names. Date: the
same day, and the same minute. Title, authors and date are known for some of the pages only.
"""

import argparse
import gzip
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import process_time
from typing import Any

import trafilatura

from sovwatch.dates import parse
from spiders.page import Page, read_page

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
    given = options.parse_args()
    if not (given.folder / "pages.jsonl").is_file():
        print(f"{given.folder} is absent: nothing to measure")
        return
    pages = list(rows(given.folder))
    for name, reader in (("plain trafilatura", plain_trafilatura), ("ours", ours)):
        began = process_time()
        results = [(row, scores(row, got), got) for row, markup in pages for got in [reader(markup, row["url"])]]
        spent = process_time() - began
        line = []
        for measure in MEASURES:
            values = [found[measure] for _, found, _ in results if measure in found]
            line.append(f"{measure} {sum(values) / len(values):.3f} (n={len(values)})")
        print(f"{name:18} {'  '.join(line)}  {spent / len(pages) * 1000:.0f} ms a page")
        if given.misses and name == "ours":
            _print_misses(results)


def _print_misses(results: list[tuple[Mapping[str, Any], dict[str, float], Reading]]) -> None:
    for row, found, got in results:
        if found.get("text", 1) < 0.75:
            print(f"  text {found['text']:.2f} {row['id']}: {len(got.text)} characters for {len(row['body'])}")
        for measure, key in (("title", "title"), ("authors", "authors"), ("minute", "published")):
            if found.get(measure) == 0:
                print(f"  {measure} {row['id']}: {getattr(got, key)!r} for {row[key]!r}")


if __name__ == "__main__":
    main()
