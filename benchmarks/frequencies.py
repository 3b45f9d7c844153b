"""Count how common each term is in news at large, and write `sovwatch/frequencies.bin`: hashes and figures, no words.

    python benchmarks/frequencies.py [BENCH]        BENCH defaults to ../shared/bench

News at large is English and French news of other subjects and headlines on Alberta politics, each counted apart, since
a word says little where it is common in any of them; so are its headlines alone. The topics' own news is `coverage/`.
See `sovwatch.background`.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from sovwatch.background import FILE, RARE, Tables, encoded, surprise
from sovwatch.model import Dated
from sovwatch.similarity import Fingerprint, fingerprint
from sovwatch.text import language_of

CORPORA = (
    "stories/en_wikinews.jsonl",
    "stories/fr_headlines.jsonl",
    "copies/fr_press.jsonl",
    "headlines/alberta_unlabelled.jsonl",
)
TOPICAL = "coverage/docs.jsonl"
LEAST = 3  # documents that must have a term before its rate is believed
SMOOTHED = 4  # documents added to both sides of a rate of the small topical corpus


def documents(path: Path) -> Iterator[tuple[str, str]]:
    """Titles and texts of a corpus, each text once."""
    seen: set[str] = set()
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        title, text = row.get("title") or "", row.get("text") or row.get("snippet") or ""
        if title + text not in seen:
            seen.add(title + text)
            yield title, text


def counted(fingerprints: Iterable[Fingerprint]) -> Counter[int]:
    """How many documents have each term, name or number."""
    return Counter(key for found in fingerprints for key in {*found.terms, *found.names, *found.numbers})


def taken(path: Path) -> list[Fingerprint]:
    """The fingerprints of a corpus, undated."""
    return [_undated(title, text) for title, text in documents(path)]


def headlines(path: Path) -> list[Fingerprint]:
    """The fingerprints of its headlines alone, each once."""
    return [_undated(title, "") for title in dict.fromkeys(title for title, _ in documents(path) if title)]


def _undated(title: str, text: str) -> Fingerprint:
    undated: Dated | None = None
    return fingerprint(title, text, language=language_of(title + " " + text), published=undated)


def at_large(corpora: Iterable[Sequence[Fingerprint]]) -> dict[int, float]:
    """Bits of each term, where it is commonest."""
    highest: dict[int, float] = {}
    for found in corpora:
        for key, count in counted(found).items():
            if count >= LEAST:
                highest[key] = max(count / len(found), highest.get(key, 0.0))
    return {key: surprise(rate) for key, rate in highest.items()}


def topical(counts: Counter[int], documents: int, general: Mapping[int, float]) -> dict[int, float]:
    """Bits of each term of the topics' news, smoothed, never more than in news at large."""
    unseen = surprise(SMOOTHED / (documents + SMOOTHED))
    known = {key: min(unseen, bits) for key, bits in general.items()}
    for key, count in counts.items():
        known[key] = min(surprise((count + SMOOTHED) / (documents + SMOOTHED)), general.get(key, RARE))
    return known


def main() -> int:
    """Write the table; exit 1 where the folder is absent."""
    bench = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/bench")
    if not bench.is_dir():
        print(f"{bench} is absent: nothing to count")
        return 1
    general = at_large(taken(bench / name) for name in CORPORA)
    own = taken(bench / TOPICAL)
    bare = at_large(headlines(bench / name) for name in CORPORA)
    FILE.write_bytes(encoded(Tables(general, topical(counted(own), len(own), general), bare)))
    print(f"{len(general)} terms at large, {FILE.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
