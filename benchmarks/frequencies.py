"""Count how common each term is in news at large, and write `sovwatch/frequencies.bin`: hashes and figures, no words.

    python benchmarks/frequencies.py [BENCH]        BENCH defaults to ../shared/bench

The background is what `coverage/` is not: English and French news of other subjects, and headlines on Alberta politics,
each counted apart, since a word says little where it is common in any of them. See `sovwatch.background`.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from sovwatch.background import FILE, encoded
from sovwatch.model import Dated
from sovwatch.similarity import fingerprint
from sovwatch.text import language_of

CORPORA = (
    "stories/en_wikinews.jsonl",
    "stories/fr_headlines.jsonl",
    "copies/fr_press.jsonl",
    "headlines/alberta_unlabelled.jsonl",
)
LEAST = 3  # documents that must have a term before its rate is believed


def documents(path: Path) -> Iterator[tuple[str, str]]:
    """Titles and texts of a corpus, each text once."""
    seen: set[str] = set()
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        title, text = row.get("title") or "", row.get("text") or row.get("snippet") or ""
        if title + text not in seen:
            seen.add(title + text)
            yield title, text


def rates(path: Path) -> dict[int, float]:
    """The share of documents that have each term, name, number or date."""
    undated: Dated | None = None
    counts: Counter[int] = Counter()
    total = 0
    for title, text in documents(path):
        found = fingerprint(title, text, language=language_of(title + " " + text), published=undated)
        counts.update({*found.terms, *found.names, *found.numbers, *found.dates})
        total += 1
    return {key: count / total for key, count in counts.items() if count >= LEAST}


def main() -> int:
    """Write the table; exit 1 where the folder is absent."""
    bench = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/bench")
    if not bench.is_dir():
        print(f"{bench} is absent: nothing to count")
        return 1
    highest: dict[int, float] = {}
    for name in CORPORA:
        for key, rate in rates(bench / name).items():
            highest[key] = max(rate, highest.get(key, 0.0))
    FILE.write_bytes(encoded(highest))
    print(f"{len(highest)} terms, {FILE.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
