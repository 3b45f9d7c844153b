"""Fit the weights by which `sovwatch.newness` tells a sentence that says something new; write `novelty.toml`.

    python -m benchmarks.train_novelty [BENCH] [--without WRITER ...] [--write]      BENCH defaults to ../shared/bench

`benchmarks/updates` is coverage of our own, labelled sentence by sentence against what was told before it, by writers
who had not seen the program: N news, K known, V of no weight. Figures are by writer, out of fold: each is judged by
weights that were fitted on the others. `--without` keeps writers out of the fit: how a blind figure is taken.
`coverage.tsv` has such labels of 101 openings of ../shared/bench/coverage, by number: nothing is fitted on them, and
they are measured where that folder is.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from math import log
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks.train_stories import fit
from sovwatch.dates import parse
from sovwatch.known import Known
from sovwatch.newness import Newness
from sovwatch.novelty import LIKELY, additions
from sovwatch.regression import Model
from sovwatch.scoring import Figures, counted
from sovwatch.similarity import Fingerprint, fingerprint
from sovwatch.statements import Statements, statements
from sovwatch.text import sentences

UPDATES = Path(__file__).with_name("updates")
OTHERS = (0.2, 0.25, 0.35, 0.4, 0.5, 0.6, 0.7)  # what other values of LIKELY would give
SHORT = (1, 2, 3)  # sentences that a feed gives of an article


class Update(NamedTuple):
    """An article that follows others, as its writer gave it, and what was told before it."""

    writer: str
    piece: dict[str, Any]
    known: tuple[Fingerprint, ...]

    def first(self, count: int) -> "Update":
        """The first sentences of it."""
        return self._replace(piece={**self.piece, "sentences": self.piece["sentences"][:count]})

    @property
    def text(self) -> str:
        """All its sentences."""
        return " ".join(sentence for sentence, _ in self.piece["sentences"])

    @property
    def said(self) -> Statements:
        """What it states."""
        return statements(self.piece["title"], self.text, _print(self.piece, self.text))

    @property
    def labels(self) -> list[str]:
        """A label for each sentence as the program parts them: the weightiest of its parts' labels."""
        spans, at = [], 0
        for sentence, label in self.piece["sentences"]:
            spans.append((at, at + len(sentence), label))
            at += len(sentence) + 1
        found, at = [], 0
        for sentence in sentences(self.text):
            at = self.text.index(sentence, at)
            given = {label for start, end, label in spans if start < at + len(sentence) and at < end}
            found.append(next(label for label in "NKV" if label in given))
            at += len(sentence)
        return found


class Row(NamedTuple):
    """A sentence of an update as the model sees it, and whether it is news."""

    seen: dict[str, float]
    new: bool


def updates(writer: str) -> Iterator[Update]:
    """The labelled articles of a writer, each with those before it in its story."""
    for line in (UPDATES / f"{writer}.jsonl").read_text(encoding="utf-8").splitlines():
        story = json.loads(line)
        known = [_print(story["base"], " ".join(story["base"]["sentences"]))]
        for piece in story["later"]:
            text = " ".join(sentence for sentence, _ in piece["sentences"])
            yield Update(writer, piece, tuple(known))
            known.append(_print(piece, text))


def press(bench: Path) -> Iterator[Update]:
    """Openings of the press that follow others of their event, with the labels of `coverage.tsv`."""
    with (bench / "coverage" / "docs.jsonl").open(encoding="utf-8") as lines:
        pieces = {piece["id"]: piece for piece in map(json.loads, lines)}
    for line in (UPDATES / "coverage.tsv").read_text(encoding="utf-8").splitlines():
        number, known, labels = line.split("\t")
        parts = list(zip(sentences(pieces[number]["text"]), labels, strict=True))
        before = tuple(_print(pieces[other], pieces[other]["text"]) for other in known.split(","))
        yield Update("press", {**pieces[number], "sentences": parts}, before)


def _print(piece: Mapping[str, Any], text: str) -> Fingerprint:
    return fingerprint(piece["title"], text, language=piece["language"], published=parse(piece["published"]))


def rows(update: Update) -> Iterator[Row]:
    """The sentences of an update, whole and as short as feeds give it."""
    for each in (update, *map(update.first, SHORT)):
        said, labels = each.said, each.labels
        newness = Newness(said, Known(each.known))
        for one in said.found:
            if one.passage.place >= 0:
                yield Row(newness.features(one, newness.news(one)), labels[one.passage.place] == "N")


def model(found: Sequence[Row]) -> Model:
    """The weights that those sentences ask for."""
    names = list(found[0].seen)
    seen = np.array([[row.seen[name] for name in names] for row in found])
    new = np.array([float(row.new) for row in found])
    constant, *weights = fit(seen, new, np.ones(len(found))).tolist()
    return Model(constant, dict(zip(names, weights, strict=True)))


class Tally(NamedTuple):
    """Figures of articles, which add something or not, and of sentences, which are news or not."""

    articles: Figures
    lines: Figures


def measured(found: Sequence[Update], weights: Model, likely: float) -> Tally:
    """What `additions` makes of updates by those weights, told from a probability on."""
    moved = weights._replace(constant=weights.constant + log(LIKELY / (1 - LIKELY)) - log(likely / (1 - likely)))
    adds, told, news = [], [], 0
    for each in found:
        labels = each.labels
        places = [one.place for one in additions(each.said, each.known, model=moved)]
        adds.append(("N" in labels, bool(places)))
        told += [labels[place] == "N" for place in places if place >= 0]
        news += labels.count("N")
    return Tally(
        counted(adds.count((True, True)), adds.count((False, True)), adds.count((True, False))),
        counted(sum(told), len(told) - sum(told), news - sum(told)),
    )


def shown(name: str, likely: float, tally: Tally) -> str:
    """A line of the table."""
    articles, lines = tally
    return (
        f"{name:11} {likely:.2f}  articles P {articles.precision:.3f} R {articles.recall:.3f} F1 {articles.f1:.3f}"
        f"  lines P {lines.precision:.3f} R {lines.recall:.3f}"
    )


def main() -> int:
    """Print figures out of fold by writer, then of the writers kept out, and write the weights where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", nargs="?", type=Path, default=Path("../shared/bench"))
    parser.add_argument("--without", nargs="*", default=[], metavar="WRITER")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    every = {path.stem: list(updates(path.stem)) for path in sorted(UPDATES.glob("*.jsonl"))}
    seen = {writer: [row for update in found for row in rows(update)] for writer, found in every.items()}
    taught = [writer for writer in every if writer not in args.without]
    whole = model([row for writer in taught for row in seen[writer]])
    left_out = {
        writer: model([row for other in taught if other != writer for row in seen[other]])
        if writer in taught
        else whole
        for writer in every
    }
    reached = {}
    for writer, found in every.items():
        reached[writer] = measured(found, left_out[writer], LIKELY)
        print(shown(writer, LIKELY, reached[writer]), flush=True)
    for count in SHORT:
        for writer, found in every.items():
            short = [update.first(count) for update in found]
            print(shown(f"{writer}, first {count}", LIKELY, measured(short, left_out[writer], LIKELY)), flush=True)
    for likely in OTHERS:
        for writer, found in every.items():
            print(shown(writer, likely, measured(found, left_out[writer], likely)), flush=True)
    if args.bench.is_dir():
        real = list(press(args.bench))
        for likely in (LIKELY, *OTHERS):
            print(shown("press", likely, measured(real, whole, likely)), flush=True)
    else:
        print(f"{args.bench} is absent: nothing of the press is measured")
    if args.write:
        write(whole, {writer: reached[writer] for writer in taught}, sum(len(seen[writer]) for writer in taught))
    return 0


def write(weights: Model, reached: Mapping[str, Tally], count: int) -> None:
    """Write the weights into the package, with what they reached."""
    lines = [
        "# Weights by which sovwatch.newness tells a sentence that says something new, in log-odds. Written by",
        f"# benchmarks/train_novelty.py; fitted on {count} sentences of benchmarks/updates, which we wrote: of whole",
        "# articles, and of what a feed gives of them. Figures: each writer by weights that were fitted on the others.",
    ]
    for writer, (articles, sentences_) in reached.items():
        lines += ["", f"[figures.{writer}]"]
        for name, figures in (("articles", articles), ("lines", sentences_)):
            lines += [f'"{name}, precision" = {figures.precision:.3f}', f'"{name}, recall" = {figures.recall:.3f}']
    lines += ["", "[sentences.weights]", f"constant = {weights.constant:.4f}"]
    lines += [f'"{name}" = {weight:.4f}' for name, weight in weights.weights.items()]
    Path("sovwatch/novelty.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
