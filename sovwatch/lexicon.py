"""What news is made of, in English and French: the acts, matters and stances that a run of words names.

The words stand in `lexicon.toml` beside this file, whose head explains them. A concept is a key such as "reject"; its
kind says what it weighs when it is new. The lexicon links the languages without a model; what it doesn't hold is seen
by its figures, names and days only.
"""

import re
import tomllib
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal, NamedTuple

from sovwatch.text import fold

Kind = Literal["decisions", "acts", "things", "matters", "stances"]
Section = Literal[
    "media",
    "press",
    "roles",
    "onlookers",
    "speech",
    "generic",
    "hedges",
    "exceeding",
    "short_of",
    "numbered",
    "denials",
]
KINDS: tuple[Kind, ...] = ("decisions", "acts", "things", "matters", "stances")
_SHORTEST_STEM, _LONGEST_STEM = 3, 40  # letters; a word of a hundred thousand took seconds
_LEANING = re.compile(r"\b[a-z]'(?=\w)|'s\b")  # articles, pronouns and 's


class Concept(NamedTuple):
    """A concept found in a run of words: which, of what kind, and the words [start, end) that name it."""

    key: str
    kind: Kind
    start: int
    end: int


class _Form(NamedTuple):
    parts: tuple[str, ...]
    key: str
    kind: Kind


@lru_cache(maxsize=1)
def _tables() -> dict[str, dict[str, str]]:
    text = files("sovwatch").joinpath("lexicon.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _forms_of(line: str, language: str) -> list[tuple[str, ...]]:
    english, _, french = line.partition("|")
    side = french if language == "fr" else english
    return [_plain(form) for form in side.split(",") if form.strip()]


def _plain(form: str) -> tuple[str, ...]:
    """The folded words of a form but those that lean on others, as `claims.content` gives those of a text."""
    return tuple(_LEANING.sub("", fold(form)).replace("-", " ").replace("'", " ").split())


@lru_cache(maxsize=4)
def _index(language: str) -> dict[str, list[_Form]]:
    """Forms by their first word; a form that starts with a stem lies under the stem and its `*`."""
    forms: dict[str, list[_Form]] = {}
    for kind in KINDS:
        for key, line in _tables()[kind].items():
            for parts in _forms_of(line, language):
                forms.setdefault(parts[0], []).append(_Form(parts, key, kind))
    return forms


@lru_cache(maxsize=16384)
def _starting(word: str, language: str) -> tuple[_Form, ...]:
    """The forms that start with a word, the longest first."""
    forms = _index(language)
    stems = (word[:length] + "*" for length in range(_SHORTEST_STEM, min(len(word), _LONGEST_STEM) + 1))
    found = (form for first in (word, *stems) for form in forms.get(first, ()))
    return tuple(sorted(found, key=lambda form: (-len(form.parts), -len(form.parts[0]))))


def _matches(part: str, word: str) -> bool:
    return word.startswith(part[:-1]) if part.endswith("*") else word == part


def concepts(found: Sequence[str], language: str) -> list[Concept]:
    """The concepts that folded words name, from left to right, the longest form first; a word names one concept."""
    result: list[Concept] = []
    at = 0
    while at < len(found):
        step = 1
        for form in _starting(found[at], language):
            end = at + len(form.parts)
            if end <= len(found) and all(map(_matches, form.parts[1:], found[at + 1 : end])):
                result.append(Concept(form.key, form.kind, at, end))
                step = len(form.parts)
                break
        at += step
    return result


@lru_cache(maxsize=1)
def units() -> dict[str, str]:
    """Folded word -> what a figure before it counts ("person", "seat", …), in both languages."""
    known: dict[str, str] = {}
    for key, line in _tables()["units"].items():
        for language in ("en", "fr"):
            for parts in _forms_of(line, language):
                known.setdefault(" ".join(parts), key)
    return known


@lru_cache(maxsize=1)
def implied() -> dict[str, frozenset[str]]:
    """An act -> the acts that imply it: who was told one of them was told it too."""
    return {act: frozenset(part.strip() for part in line.split(",")) for act, line in _tables()["implied"].items()}


@cache
def listed(section: Section) -> frozenset[str]:
    """The folded names of a list: outlets and agencies, words for a function, verbs of speech."""
    names = (
        " ".join(fold(name).replace("-", " ").replace("'", " ").split())
        for name in _tables()[section]["names"].split(",")
    )
    return frozenset(name for name in names if name)


def any_listed(found: Sequence[str], *sections: Section) -> bool:
    """Whether a folded word, or its singular, is listed."""
    return any(
        word in listed(section) or word.removesuffix("s") in listed(section) for word in found for section in sections
    )
