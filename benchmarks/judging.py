"""Measure what one more article costs when 1,000, 100,000 or 1,000,000 are known, and copies beside two libraries.

    python -m benchmarks.judging [--sizes 1000 100000 1000000] [--new 200]

The known articles lie in the program's own tables on disk (SQLite), in stories of three, with whole fingerprints and
with index keys whose frequencies follow Zipf's law, as words' do; new articles are invented with natural term
statistics (a Zipf vocabulary, names, figures, sentences of 8 to 24 words) and go through fingerprint, look-up and
`place`. datasketch's MinHashLSH and rensa's RMinHashLSH are timed on the same shingles, where they are installed.
"""

import argparse
import importlib
import importlib.util
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import JSON, Table, insert
from sqlalchemy.types import TypeEngine

from sovwatch import schema as t
from sovwatch.fingerprints import SCHEME
from sovwatch.model import Dated
from sovwatch.similarity import fingerprint
from sovwatch.store.database import Store, open_store
from sovwatch.store.placing import copy_candidates, story_candidates
from sovwatch.stories import STORY_WINDOW, place
from sovwatch.text import words

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SPREAD = timedelta(days=365)
BATCH = 2_000
EACH = 3  # articles to a story
PARTS = 64  # of the space of copy keys, written one after the other
SAMPLES = 1_200  # texts whose fingerprints the known articles have: more than are kept unpacked


class Sample(NamedTuple):
    """What the index keeps of a known article."""

    packed: bytes
    copy_keys: tuple[int, ...]
    story_keys: tuple[int, ...]


SYLLABLES = "ba co di fe gu ha li mo ne pa ri so ta vu zel dran stor quin mer land".split()  # noqa: SIM905


class Writer:
    """Invents articles: a vocabulary in which the nth word is n times rarer than the first, names and figures."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.vocabulary = ["".join(self.random.choices(SYLLABLES, k=self.random.randint(1, 4))) for _ in range(40_000)]
        self.weights = list(accumulate(1 / (rank + 2) for rank in range(len(self.vocabulary))))

    def sentence(self) -> str:
        """A sentence of 8 to 24 words."""
        found = self.random.choices(self.vocabulary, cum_weights=self.weights, k=self.random.randint(8, 24))
        if self.random.random() < 0.5:
            found[3] = found[3].capitalize()
        if self.random.random() < 0.3:
            found[5] = str(self.random.randint(2, 90_000))
        return " ".join(found).capitalize() + "."

    def article(self, length: int = 400) -> str:
        """Sentences of about that many words."""
        return " ".join(self.sentence() for _ in range(length // 16))


def fill(store: Store, size: int, samples: Sequence[Sample]) -> None:
    """Known articles 1 to `size`, spread evenly over a year, `EACH` to a story, with the samples' fingerprints.

    The first articles have their sample's own copy keys, the others keys of their own; story keys follow Zipf's law.
    Index rows are written in the order of the index, else a million articles would take hours to write.
    """
    packed = [sample.packed for sample in samples]
    with store.write() as c:
        for first in range(1, size + 1, BATCH):
            numbers = range(first, min(first + BATCH, size + 1))
            c.execute(insert(t.article), [_article(number, _moment(number, size)) for number in numbers])
            opened = [{"id": n, "opened": _moment(n, size)} for n in numbers if n * EACH < size + EACH]
            if opened:
                c.execute(insert(t.story), opened)
        for first in range(1, size + 1, BATCH):
            numbers = range(first, min(first + BATCH, size + 1))
            c.execute(insert(t.judgement), [_judgement(n, packed, _moment(n, size)) for n in numbers])
        for rows in (_copy_keys(size, samples), _story_keys(size, samples)):
            table, batches = rows
            for batch in batches:
                c.execute(insert(table), batch)
        c.exec_driver_sql("ANALYZE")


def _sample(text: str, at: datetime) -> Sample:
    fp = fingerprint("", text, language="en", published=Dated(at))
    return Sample(fp.pack(), fp.copy_keys(), fp.story_keys())


def _moment(number: int, size: int) -> datetime:
    return NOW - SPREAD * (1 - number / size)


Rows = tuple[Table, Iterator[list[dict[str, Any]]]]


def _copy_keys(size: int, samples: Sequence[Sample]) -> Rows:
    """28 keys an article, in order: parts of the space of keys, one after the other."""
    chance = random.Random(size)
    real = sorted((key, n) for n, sample in enumerate(samples[:size], 1) for key in sample.copy_keys)

    def batches() -> Iterator[list[dict[str, Any]]]:
        for part in range(-PARTS // 2, PARTS // 2):
            low, high = part * (1 << 64) // PARTS, (part + 1) * (1 << 64) // PARTS
            mine = {(chance.randrange(low, high), chance.randint(1, size)) for _ in range(28 * size // PARTS)}
            mine |= {pair for pair in real if low <= pair[0] < high}
            yield [{"key": key, "article": n} for key, n in sorted(mine)]

    return t.copy_key, batches()


def _story_keys(size: int, samples: Sequence[Sample]) -> Rows:
    """24 keys an article: those of the samples are the commonest, as words of a topic are."""
    chance = random.Random(size)
    often = Counter(key for sample in samples for key in sample.story_keys)
    ranked = [key for key, _ in often.most_common()] + [chance.getrandbits(32) | 1 << 40 for _ in range(200_000)]
    whole = sum(1 / (rank + 20) for rank in range(len(ranked)))
    uses = {key: 24 * size / (rank + 20) / whole for rank, key in enumerate(ranked)}

    def batches() -> Iterator[list[dict[str, Any]]]:
        batch: list[dict[str, Any]] = []
        for key in sorted(uses):
            count = min(size, int(uses[key]) + (chance.random() < uses[key] % 1))
            numbers = sorted(chance.sample(range(1, size + 1), count))
            batch += [{"key": key, "at": _moment(n, size), "article": n} for n in numbers]
            if len(batch) > 10 * BATCH:
                yield batch
                batch = []
        if batch:
            yield batch

    return t.story_key, batches()


def _filled(table: Table, known: dict[str, Any]) -> dict[str, Any]:
    """A row with something in every column that must have something."""
    row = dict(known)
    for column in table.columns:
        if column.name not in row and not column.nullable and column.default is None and column.server_default is None:
            row[column.name] = _least(column.type)
    return row


def _least(kind: TypeEngine[Any]) -> object:
    if isinstance(kind, t.Instant):
        return NOW
    return [] if isinstance(kind, JSON) else kind.python_type()


def _article(number: int, at: datetime) -> dict[str, Any]:
    return _filled(
        t.article, {"id": number, "url": f"https://known.example/{number}", "first_seen": at, "pending": False}
    )


def _judgement(number: int, packed: Sequence[bytes], at: datetime) -> dict[str, Any]:
    known = {
        "article": number,
        "story": (number - 1) // EACH + 1,
        "scheme": SCHEME,
        "fingerprint": packed[(number - 1) % len(packed)],
        "at": at,
    }
    return _filled(t.judgement, known)


def cost(store: Store, texts: Sequence[str]) -> tuple[float, float]:
    """Seconds of processor time an article: for its fingerprint, and for look-up and placing."""
    started = time.process_time()
    found = [fingerprint(f"News {n}", text, language="en", published=Dated(NOW)) for n, text in enumerate(texts)]
    taken = time.process_time()
    with store.read() as c:
        for fp in found:
            copies = copy_candidates(c, fp.copy_keys(), but=0)
            place(fp, "", copies, story_candidates(c, fp.story_keys(), NOW, STORY_WINDOW, but=0))
    done = time.process_time()
    return (taken - started) / len(texts), (done - taken) / len(texts)


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
    from sovwatch.shingles import shingle, wording_keys
    from sovwatch.text import sentences

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
    """Print the cost at each size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="*", default=[1_000, 100_000, 1_000_000])
    parser.add_argument("--new", type=int, default=200)
    args = parser.parse_args()
    writer = Writer(1)
    texts = [writer.article() for _ in range(args.new)]
    copies_beside(texts)
    days = timedelta(days=20) / SAMPLES
    samples = [_sample(writer.article(), NOW - n * days) for n in range(SAMPLES)]
    for size in sorted(args.sizes):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "judging.db"
            store = open_store(f"sqlite:///{file}")
            fill(store, size, samples)
            cost(store, texts[: args.new // 4])
            taking, placing = cost(store, texts[args.new // 4 :])
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(
                f"{size:>9,} known: fingerprint {taking * 1e3:.2f} ms, look-up and placing {placing * 1e3:.2f} ms, "
                f"{1 / (taking + placing):.0f} articles a second, {memory:.0f} MB, file {file.stat().st_size >> 20} MB",
                flush=True,
            )
            store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
