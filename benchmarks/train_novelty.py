"""Fit the weights by which `sovwatch.newness` tells a sentence that says something new; write `novelty.toml`.

    python -m benchmarks.train_novelty [BENCH] [--without WRITER ...] [--write]      BENCH defaults to ../shared/bench

`benchmarks/updates` has articles that follow others, labelled sentence by sentence against what was told before them:
N news, K known, V of no weight. `*.jsonl` is coverage of our own, by writers who had not seen the program. `*.tsv` are
labels alone, by readers who had not either: of articles in BENCH by number, of those before them, and for each sentence
from the first on. Figures are by source, out of fold: each is judged by weights that were fitted on the others.
`--without` keeps sources out of the fit: how a blind figure is taken. On `coverage` nothing is fitted.

A reader meets two lines of an article, the first above all. So "first" is how many of the first lines are news, "two"
how many of those shown, "met" of how many articles that add something one of them is news. "Lines" are up to six.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from math import log
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks.fitting import fit
from sovwatch.dates import parse
from sovwatch.known import Known
from sovwatch.model import LINES
from sovwatch.newness import Newness
from sovwatch.novelty import LIKELY, additions
from sovwatch.regression import Model
from sovwatch.scoring import Figures, counted
from sovwatch.similarity import Fingerprint, fingerprint
from sovwatch.statements import Statements, statements
from sovwatch.text import sentences

UPDATES = Path(__file__).with_name("updates")
TEXTS = {  # in BENCH, by what the name of the labels begins with
    "coverage": "coverage/docs.jsonl",
    "wikinews": "stories/en_wikinews.jsonl",
    "fr_press": "copies/fr_press.jsonl",
}
UNTAUGHT = "coverage"
OWN = 0.3  # what a sentence of our own weighs beside one of the press: there are six times as many
OTHERS = (0.2, 0.25, 0.35, 0.4, 0.5, 0.6, 0.7)  # what other values of LIKELY would give
SHORT = (1, 2, 3)  # sentences that a feed gives of an article


class Update(NamedTuple):
    """An article that follows others, with its labelled sentences, and what was told before it."""

    source: str
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

    source: str
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


def press(bench: Path, source: str) -> Iterator[Update]:
    """The labelled articles of the press, up to their last labelled sentence, each with those before it."""
    texts = bench / next(path for name, path in TEXTS.items() if source.startswith(name))
    pieces = {str(piece["id"]): piece for piece in map(json.loads, texts.read_text(encoding="utf-8").splitlines())}
    for line in (UPDATES / f"{source}.tsv").read_text(encoding="utf-8").splitlines():
        number, known, labels = line.split("\t")
        parts = sentences(pieces[number]["text"])[: len(labels)]
        before = tuple(_print(pieces[other], pieces[other]["text"]) for other in known.split(","))
        yield Update(source, {**pieces[number], "sentences": list(zip(parts, labels, strict=True))}, before)


def sources(bench: Path) -> dict[str, list[Update]]:
    """All labelled articles by source; those of the press where the folder is."""
    found = {path.stem: list(updates(path.stem)) for path in sorted(UPDATES.glob("*.jsonl"))}
    if bench.is_dir():
        found |= {path.stem: list(press(bench, path.stem)) for path in sorted(UPDATES.glob("*.tsv"))}
    return found


def _print(piece: Mapping[str, Any], text: str) -> Fingerprint:
    published = parse(piece.get("published") or "")
    return fingerprint(piece["title"], text, language=piece["language"], published=published)


def rows(update: Update) -> Iterator[Row]:
    """The sentences of an update, whole and as short as feeds give it."""
    for each in (update, *map(update.first, SHORT)):
        said, labels = each.said, each.labels
        newness = Newness(said, Known(each.known))
        for one in said.found:
            if one.passage.place >= 0:
                seen = newness.features(one, newness.news(one))
                yield Row(update.source, seen, labels[one.passage.place] == "N")


def model(found: Sequence[Row]) -> Model:
    """The weights that those sentences ask for.

    Each source has a constant of its own, since in one there is more news than in another, and the model has their
    mean: else what only tells sources apart, as the length of their articles does, would count.
    """
    names, of = list(found[0].seen), sorted({row.source for row in found})
    seen = np.array([[row.seen[name] for name in names] for row in found])
    own = np.array([[float(row.source == source) for source in of[1:]] for row in found])
    share = np.array([OWN if (UPDATES / f"{row.source}.jsonl").exists() else 1.0 for row in found])
    new = np.array([float(row.new) for row in found])
    constant, *weights = fit(np.hstack([seen, own]), new, share).tolist()
    mean = constant + sum(weights[len(names) :]) / len(of)
    return Model(mean, dict(zip(names, weights[: len(names)], strict=True)))


class Tally(NamedTuple):
    """Figures of articles, which add something or not, and of sentences, which are news or not; what a reader meets."""

    articles: Figures
    lines: Figures
    first: float  # of the lines that stand first, how many are news
    two: float  # of the lines that are shown
    met: float  # of the articles that add something, of how many a line that is shown is news


def _share(found: Sequence[bool]) -> float:
    return sum(found) / len(found) if found else 0.0


def measured(found: Sequence[Update], weights: Model, likely: float) -> Tally:
    """What `additions` makes of updates by those weights, told from a probability on."""
    moved = weights._replace(constant=weights.constant + log(LIKELY / (1 - LIKELY)) - log(likely / (1 - likely)))
    adds, told, news = [], [], 0  # told: whether the lines of each article are news, but for its headline
    for each in found:
        labels = each.labels
        places = [one.place for one in additions(each.said, each.known, model=moved)]
        adds.append(("N" in labels, bool(places)))
        told.append([labels[place] == "N" for place in places if place >= 0])
        news += labels.count("N")
    lines, shown = [*chain.from_iterable(told)], [one[:LINES] for one in told]
    return Tally(
        counted(adds.count((True, True)), adds.count((False, True)), adds.count((True, False))),
        counted(sum(lines), len(lines) - sum(lines), news - sum(lines)),
        first=_share([one[0] for one in shown if one]),
        two=_share([*chain.from_iterable(shown)]),
        met=_share([any(one) for one, (new, _) in zip(shown, adds, strict=True) if new]),
    )


def shown(name: str, likely: float, tally: Tally) -> str:
    """A line of the table."""
    articles, lines = tally.articles, tally.lines
    return (
        f"{name:19} {likely:.2f}  articles P {articles.precision:.3f} R {articles.recall:.3f} F1 {articles.f1:.3f}"
        f"  lines P {lines.precision:.3f} R {lines.recall:.3f}"
        f"  first {tally.first:.3f} two {tally.two:.3f} met {tally.met:.3f}"
    )


def main() -> int:
    """Print figures out of fold by writer, then of the writers kept out, and write the weights where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", nargs="?", type=Path, default=Path("../shared/bench"))
    parser.add_argument("--without", nargs="*", default=[], metavar="SOURCE")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    every = sources(args.bench)
    if not args.bench.is_dir():
        print(f"{args.bench} is absent: nothing of the press is fitted or measured")
    seen = {source: [row for update in found for row in rows(update)] for source, found in every.items()}
    taught = [source for source in every if source not in (UNTAUGHT, *args.without)]
    whole = model([row for source in taught for row in seen[source]])
    left_out = {
        source: model([row for other in taught if other != source for row in seen[other]])
        if source in taught
        else whole
        for source in every
    }
    reached = told(every, left_out)
    if args.write:
        write(whole, reached, sum(len(seen[source]) for source in taught))
    return 0


def told(every: Mapping[str, Sequence[Update]], left_out: Mapping[str, Model]) -> dict[str, Tally]:
    """Print the figures of each source: whole articles, what a feed gives, other thresholds; gives the first."""
    reached = {}
    for source, found in every.items():
        reached[source] = measured(found, left_out[source], LIKELY)
        print(shown(source, LIKELY, reached[source]), flush=True)
    for count in SHORT:
        for source, found in every.items():
            short = [update.first(count) for update in found]
            print(shown(f"{source}, first {count}", LIKELY, measured(short, left_out[source], LIKELY)), flush=True)
    for likely in OTHERS:
        for source, found in every.items():
            print(shown(source, likely, measured(found, left_out[source], likely)), flush=True)
    return reached


def write(weights: Model, reached: Mapping[str, Tally], count: int) -> None:
    """Write the weights into the package, with what they reached."""
    lines = [
        "# Weights by which sovwatch.newness tells a sentence that says something new, in log-odds. Written by",
        f"# benchmarks/train_novelty.py; fitted on {count} sentences that benchmarks/updates has labels of, of whole",
        "# articles and of what a feed gives of them: a to f we wrote, others are the press. Figures: each source by",
        f"# weights that were fitted on the others; on {UNTAUGHT} nothing was fitted.",
    ]
    for source, tally in reached.items():
        lines += ["", f"[figures.{source}]"]
        lines += [f'"first line, precision" = {tally.first:.3f}', f'"two lines, precision" = {tally.two:.3f}']
        for name, figures in (("articles", tally.articles), ("lines", tally.lines)):
            lines += [f'"{name}, precision" = {figures.precision:.3f}', f'"{name}, recall" = {figures.recall:.3f}']
    lines += ["", "[sentences.weights]", f"constant = {weights.constant:.4f}"]
    lines += [f'"{name}" = {weight:.4f}' for name, weight in weights.weights.items()]
    Path("sovwatch/novelty.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
