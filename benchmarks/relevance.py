"""Relevance on our own openings and on labelled coverage of others: F1 a cell, every error, articles a second.

    python benchmarks/relevance.py [--bench ../shared/bench] [--config FILE] [--half A|B] [--out-of-fold]

A cell is a topic in a language. As ../shared/bench/score.py has it: a missed main subject is an error, an article off
topic that is called relevant is one, passing mentions and borderline labels are left out. `--half` takes one half of
the events (by the hash of their group), for whoever wants to make a profile on one half and score it on the other.

`--out-of-fold` judges the documents of each event with only those terms of the profile that a document of some other
event holds too: what the lists are worth on events that nobody had in mind when writing them. It errs low, since it
takes away also what was written from knowledge of the matter and happens to be used once.
"""

import argparse
import hashlib
import json
import sys
import time
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from sovwatch.model import Verdict
from sovwatch.phrases import Phrases, tokens
from sovwatch.relevance import Topic, compile_topics, relevance
from sovwatch.settings import load

Row = dict[str, Any]
HERE = Path(__file__).resolve().parent.parent
OPENINGS = HERE / "tests" / "data"


class Judged(NamedTuple):
    """A labelled document, its label for one topic, and what we say."""

    document: Row
    label: Row
    verdict: Verdict

    @property
    def gold(self) -> str | None:
        """Return "main", "mention" or None."""
        central: str | None = (self.label.get("centrality") or {}).get(self.verdict.topic)
        return central

    @property
    def wrong(self) -> str:
        """Return "missed", "false alarm" or nothing."""
        if self.label["borderline"]:
            return ""
        if self.gold == "main":
            return "" if self.verdict.relevant else "missed"
        return "false alarm" if self.gold is None and self.verdict.relevant else ""


def main() -> int:
    """Print the figures; 0 also where the coverage is absent, which is said."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=Path, default=HERE.parent / "shared" / "bench")
    parser.add_argument("--config", type=Path, default=HERE / "config" / "sovwatch.toml")
    parser.add_argument("--half", choices=["A", "B"])
    parser.add_argument("--out-of-fold", action="store_true")
    args = parser.parse_args()
    topics = compile_topics(load(args.config).topics)
    for openings in sorted(OPENINGS.glob("openings_*.toml")):
        print(f"\n{openings.name}, written for this project and learnt from:")
        _print_judged(list(_opened(openings, topics)))
    folder = args.bench / "coverage"
    if not folder.is_dir():
        print(f"no labelled coverage at {folder}: nothing more measured")
        return 0
    print(f"\n{folder}{', out of fold' * args.out_of_fold}:")
    documents, labels = _rows(folder / "docs.jsonl"), _rows(folder / "labels.jsonl")
    chosen = [label for label in labels if args.half in {None, _half(label)}]
    _print_judged(list((_out_of_fold if args.out_of_fold else _judged)(documents, chosen, topics)))
    _print_speed(documents, topics)
    return 0


def _rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _event(label: Row) -> str:
    event: str = label.get("event_group") or label["event_id"] or label["id"]
    return event


def _half(label: Row) -> str:
    return "AB"[int(hashlib.md5(_event(label).encode(), usedforsecurity=False).hexdigest(), 16) % 2]


def _judge(document: Row, topic: Topic) -> Verdict:
    return relevance(document["title"], "", document["text"], topic)


def _judged(documents: Sequence[Row], labels: Sequence[Row], topics: Sequence[Topic]) -> Iterator[Judged]:
    by_id = {document["id"]: document for document in documents}
    for label in labels:
        for topic in topics:
            yield Judged(by_id[label["id"]], label, _judge(by_id[label["id"]], topic))


def _opened(path: Path, topics: Sequence[Topic]) -> Iterator[Judged]:
    """Judge the pieces of a file of openings, which name the topics that they are about or mention."""
    for number, piece in enumerate(tomllib.loads(path.read_text(encoding="utf-8"))["piece"]):
        central = {topic: kind for kind in ("mention", "main") for topic in piece.get(kind, ())}
        document = {"id": f"{path.stem}:{number + 1}", **piece}
        for topic in topics:
            label = {"borderline": piece.get("borderline", False), "centrality": central}
            yield Judged(document, label, _judge(document, topic))


def _out_of_fold(documents: Sequence[Row], labels: Sequence[Row], topics: Sequence[Topic]) -> Iterator[Judged]:
    by_id = {document["id"]: document for document in documents}
    for topic in topics:
        events: dict[tuple[str, str], set[str]] = {}
        for label in labels:
            words = tokens(f"{by_id[label['id']]['title']}. {by_id[label['id']]['text']}")
            for hit in topic.phrases.find(words):
                events.setdefault((hit.kind, hit.written), set()).add(_event(label))
        for event in sorted({_event(label) for label in labels}):
            known = [term for term in topic.phrases.terms if events.get((term.kind, term.written), set()) - {event}]
            less = replace(topic, phrases=Phrases(known))
            yield from _judged(documents, [label for label in labels if _event(label) == event], [less])


def _print_judged(judged: Sequence[Judged]) -> None:
    _print_cells(judged)
    _print_centrality(judged)
    _print_errors(judged)


def _print_cells(judged: Sequence[Judged]) -> None:
    print("| topic | language | precision | recall | F1 | on topic | false alarms | missed |")
    print("|---|---|---|---|---|---|---|---|")
    for topic in sorted({each.verdict.topic for each in judged}):
        for language in ("en", "fr"):
            cell = [each for each in judged if each.verdict.topic == topic and each.document["language"] == language]
            positive = sum(each.gold == "main" and not each.label["borderline"] for each in cell)
            false, missed = (sum(each.wrong == kind for each in cell) for kind in ("false alarm", "missed"))
            found = positive - missed
            precision, recall = found / max(1, found + false), found / max(1, positive)
            f1 = 2 * precision * recall / max(1e-9, precision + recall)
            figures = " | ".join(f"{figure:.3f}" for figure in (precision, recall, f1))
            print(f"| {topic} | {language} | {figures} | {positive} | {false} | {missed} |")


def _print_centrality(judged: Sequence[Judged]) -> None:
    """Say how often main subject and mention are told apart; a main subject called a mention opens no telling."""
    sure = [each for each in judged if not each.label["borderline"]]
    for gold in ("main", "mention"):
        said = [each.verdict.centrality for each in sure if each.gold == gold]
        counts = ", ".join(f"{said.count(kind)} {kind or 'off topic'}" for kind in ("main", "mention", None))
        print(f"labelled {gold}: {counts}")


def _print_errors(judged: Sequence[Judged]) -> None:
    for each in judged:
        if each.wrong:
            reasons = "; ".join(f"{reason.words} ({reason.rule})" for reason in each.verdict.reasons[:3])
            where = f"{each.document['id']} {each.document['language']} {each.verdict.topic}"
            print(f"{each.wrong}: {where} {each.verdict.score:.2f} {each.document['title'][:80]!r} {reasons}")


def _print_speed(documents: Sequence[Row], topics: Sequence[Topic]) -> None:
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        for document in documents:
            for topic in topics:
                _judge(document, topic)
        best = min(best, time.process_time() - start)
    size = sum(len(document["text"]) for document in documents) / len(documents)
    print(f"{len(documents) / best:.0f} articles/s of {size:.0f} characters on one core, {len(topics)} topics each")


if __name__ == "__main__":
    sys.exit(main())
