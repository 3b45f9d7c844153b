"""Invented reports of invented happenings, with the words of news: what archives are filled with, and what is new.

Words are drawn as often as they stand in our own coverage (`benchmarks/affairs`, English), names and figures included,
so the common ones are those that the program knows to be common. Each happening has names, figures and words of its
own beside, which its reports share and no other has. Each report is on topic, about 400 words long.

`OWN` gives pairs of one happening the content in common that whole articles of one have, and keeps the happenings
apart: of 120 pairs of one happening the mean probability is .84 and the least .47, of 780 pairs of two .07, with two
above the .25 from which on an article joins.
"""

import json
import random
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

AFFAIRS = Path(__file__).with_name("affairs")
OWN = 0.15  # of the words of a report are of its happening
REPORTS = (1, 1, 2, 1, 3, 1, 2, 13)  # of happenings in a row: most have one or two, one in eight is everywhere
PERIOD = sum(REPORTS)
LENGTH = 400  # words
SENTENCE = (8, 24)  # words
_CONSONANTS, _VOWELS = "bcdfghjklmnprstvz", "aeiou"


class Happening(NamedTuple):
    """What the reports of a happening share."""

    names: Sequence[str]
    figures: Sequence[str]
    words: Sequence[str]


class Report(NamedTuple):
    """An article."""

    title: str
    text: str


class Reporter:
    """Invents happenings and writes their reports."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def reports(self, count: int) -> list[Report]:
        """So many reports, those of a happening in a row, as many of each as `REPORTS` says in turn."""
        found: list[Report] = []
        while len(found) < count:
            for many in REPORTS:
                happening = self.happening()
                found += [self.report(happening) for _ in range(many)]
        return found[:count]

    def happening(self) -> Happening:
        """A new one."""
        longer = [word for word in _spoken() if word[0].islower() and len(word) > 4]
        return Happening(
            [self._invented().capitalize() for _ in range(6)],
            [str(self._random.randint(11, 99_000)) for _ in range(4)],
            [self._invented() for _ in range(10)] + self._random.choices(longer, k=30),
        )

    def report(self, of: Happening) -> Report:
        """A report of it, worded anew."""
        choose = self._random.choices
        title = (*choose(of.names), *choose(of.words, k=4), "Alberta separatists", *choose(_spoken(), k=2))
        text = "The petition for the independence of Alberta"
        while text.count(" ") < LENGTH - sum(SENTENCE) // 4:
            text = f"{text} {self._sentence(of)}"
        return Report(" ".join(title), text)

    def _sentence(self, of: Happening) -> str:
        found = [self._word(of) for _ in range(self._random.randint(*SENTENCE))]
        if self._random.random() < 0.3:
            found[3] = self._random.choice(of.figures)
        said = " ".join(found)
        return f"{said[0].upper()}{said[1:]}."

    def _word(self, of: Happening) -> str:
        if self._random.random() > OWN:
            return self._random.choice(_spoken())
        return self._random.choice(of.names if self._random.random() < 0.25 else of.words)

    def _invented(self) -> str:
        parts = ((_CONSONANTS, _VOWELS) * self._random.randint(3, 4))[: self._random.randint(6, 8)]
        return "".join(map(self._random.choice, parts))


@cache
def _spoken() -> tuple[str, ...]:
    """The words of our coverage, each as often as it stands there."""
    lines = (line for file in sorted(AFFAIRS.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines())
    texts = (document["text"] for document in map(json.loads, lines) if document["language"] == "en")
    return tuple(word for text in texts for word in re.findall(r"[\w'’-]+", text))
