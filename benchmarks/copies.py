"""Copies found a second, with recall, beside datasketch's MinHashLSH and rensa, on the same shingles in one run.

    python -m benchmarks.copies [--texts 200]

Invented texts of 400 words, and each cut to two fifths. Ours looks candidates up by key and compares them, the two
libraries give candidates only. They are timed where they are installed (`pip install datasketch rensa`).
"""

import argparse
import importlib
import importlib.util
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.writer import Writer
from sovwatch.shingles import shingle, wording_keys
from sovwatch.text import sentences, words


def copies_beside(texts: Sequence[str]) -> None:
    """Copies found a second, with recall, by our index and by the two libraries where they are installed."""
    cut = [text[: len(text) * 2 // 5] for text in texts]
    print(f"copies: {len(texts)} texts of 400 words, and each cut to two fifths")
    print("  sovwatch", *_measured(_ours, texts, cut))
    if importlib.util.find_spec("datasketch"):
        print("  datasketch MinHashLSH (128, .2)", *_measured(_datasketch, texts, cut))
    if importlib.util.find_spec("rensa"):
        print("  rensa RMinHashLSH (128, 64 bands)", *_measured(_rensa, texts, cut))


Search = Callable[[Sequence[str], Sequence[str]], int]


def _measured(search: Search, texts: Sequence[str], cut: Sequence[str]) -> tuple[str, str]:
    started = time.process_time()
    found = search(texts, cut)
    spent = time.process_time() - started
    return f"{2 * len(texts) / spent:.0f} texts a second", f"recall {found / len(cut):.3f}"


def _ours(texts: Sequence[str], cut: Sequence[str]) -> int:
    def read(text: str) -> tuple[tuple[int, ...], set[int]]:
        parts = [words(part) for part in sentences(text)]
        found = shingle([word for part in parts for word in part])
        return wording_keys(map(len, parts), found), set(found)

    index: dict[int, int] = {}
    sets: list[set[int]] = []
    for number, text in enumerate(texts):
        keys, found = read(text)
        index.update(dict.fromkeys(keys, number))
        sets.append(found)
    hits = 0
    for number, text in enumerate(cut):
        keys, mine = read(text)
        near = {index[key] for key in keys if key in index}
        hits += number in {one for one in near if len(mine & sets[one]) >= len(mine) / 2}
    return hits


def _shingled(text: str) -> list[str]:
    found = words(text)
    return [" ".join(found[place : place + 5]) for place in range(len(found) - 4)]


def _datasketch(texts: Sequence[str], cut: Sequence[str]) -> int:
    datasketch = importlib.import_module("datasketch")

    def sketched(text: str) -> Any:
        sketch = datasketch.MinHash(num_perm=128)
        sketch.update_batch([part.encode() for part in _shingled(text)])
        return sketch

    index = datasketch.MinHashLSH(threshold=0.2, num_perm=128)  # .4 finds half of them
    for number, text in enumerate(texts):
        index.insert(number, sketched(text))
    return sum(number in index.query(sketched(text)) for number, text in enumerate(cut))


def _rensa(texts: Sequence[str], cut: Sequence[str]) -> int:
    rensa = importlib.import_module("rensa")

    def sketched(text: str) -> Any:
        sketch = rensa.RMinHash(num_perm=128, seed=1)
        sketch.update(_shingled(text))
        return sketch

    index = rensa.RMinHashLSH(threshold=0.2, num_perm=128, num_bands=64)  # 32 bands find half of them
    for number, text in enumerate(texts):
        index.insert(number, sketched(text))
    return sum(number in index.query(sketched(text)) for number, text in enumerate(cut))


def main() -> int:
    """Print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=200)
    writer = Writer(1)
    copies_beside([writer.article() for _ in range(parser.parse_args().texts)])
    return 0


if __name__ == "__main__":
    sys.exit(main())
