"""Terms of a topic profile, found in the words of a text by one pass over them.

A term is words: "Parti québécois". It matches whatever the case, accents, apostrophes and hyphens; a word of four
letters or more also in -s, -e and -es ("péquiste" finds "péquistes", "albertain" finds "albertaine"); an elided article
or a possessive around it never hides it. But what is said in several words and ends in a possessive is said of what
follows: who would "leave Canada's dental plan" would not leave Canada. In a term,

    seced*                 any ending
    leave|leaving canada   either word at that place
    leave ... canada       up to five words between: "leave the Canadian federation", "leave a broken Canada"
    PQ                     all capitals: only in capitals, so that the party APP is not an app

Terms are looked up by their longest word in a dictionary, so that the cost of a text does not grow with their number.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from sovwatch.text import fold_word

_OWNS = "\x1f"  # marks a word whose possessive was dropped
_TOKEN = re.compile(rf"[^\W_]+{_OWNS}?(?:\s?[,;:(]|\s[-–—](?=\s)|[–—])?")  # and the mark that parts it from the next
_MARKS = " \u00a0\u202f,;:(-–—"
_POSSESSIVE = re.compile(r"['’]s\b", re.IGNORECASE)
_UNITED_STATES = re.compile(r"\bU\.\s?S\.(?:\s?A\.)?")
_BLANK = f"{_OWNS} "  # as long as a possessive, so that every word stays where it stands
_CHOICES = re.compile(r"(?:\w{1,2}['’])?[\w*]+(?:\|[\w*]+)+")
_INFLECTED_FROM = 4  # letters: shorter words ("oui", "non") have no endings worth the false finds
_SHORTEST_STEM = 3  # letters before *: "se*" would find a tenth of all words
_GAP = "..."
_APART = 5  # words that may stand where a term has "...": an article, a name, « l'Alberta du »
_ENDINGS = ("", "s", "e", "es")
_SAID = frozenset({"idioms", "themes", "loose", "hints"})


class Word(NamedTuple):
    """One word as matching sees it."""

    folded: str
    plain: str
    owns: bool = False  # "Canada's"
    parted: bool = False  # a comma, colon or dash follows: what stands behind it is not of this word


class Hit(NamedTuple):
    """A term found at `start` (a word's number), `end` exclusive."""

    start: int
    end: int
    kind: str
    written: str


@dataclass(frozen=True, slots=True)
class Part:
    """What one word of a term may be."""

    forms: frozenset[str]
    prefixes: tuple[str, ...]
    capitals: bool

    def matches(self, word: Word) -> bool:
        """Whether the word of a text is this one."""
        if self.capitals and not word.plain.isupper():
            return False
        return word.folded in self.forms or (bool(self.prefixes) and word.folded.startswith(self.prefixes))


@dataclass(frozen=True, slots=True)
class Term:
    """A term: what each of its words may be, the list it stands in, and how the profile writes it."""

    parts: tuple[Part, ...]
    apart: tuple[int, ...]  # how many words may stand before each part
    kind: str
    written: str
    anchor: int  # its longest word, by which it is looked up
    others: tuple[frozenset[str], ...]  # what each other word may be, the prefixed ones left out

    def possible(self, said: AbstractSet[str]) -> bool:
        """Whether a sentence with these folded words can hold it: cheap to ask, where `at` has to walk."""
        for forms in self.others:  # noqa: SIM110 - half the time of all()
            if forms.isdisjoint(said):
                return False
        return True

    def at(self, words: Sequence[Word], position: int) -> tuple[int, int] | None:
        """Return the words [start, end) of the term where its longest word stands at `position`."""
        start = last = position
        for part, apart in zip(self.parts[: self.anchor][::-1], self.apart[1 : self.anchor + 1][::-1], strict=True):
            before = range(start - 1, max(start - 2 - apart, -1), -1)
            start = next((place for place in before if part.matches(words[place])), -1)
            if start < 0:
                return None
        for part, apart in zip(self.parts[self.anchor + 1 :], self.apart[self.anchor + 1 :], strict=True):
            after = range(last + 1, min(last + 2 + apart, len(words)))
            last = next((place for place in after if part.matches(words[place])), -1)
            if last < 0:
                return None
        return start, last + 1


def tokens(text: str) -> list[Word]:
    """Split a text into words; possessives are dropped, "U.S." is one word."""
    return list(map(_word, _TOKEN.findall(_plain(_composed(text)))))


def written(text: str, start: int, end: int) -> str:
    """Return the words [start, end) of a text as it writes them, with what stands between."""
    text = _composed(text)
    spans = [found.span() for found in _TOKEN.finditer(_plain(text))]
    return text[spans[start][0] : spans[end - 1][1]].rstrip(f"'’{_MARKS}")


def _composed(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)  # a combining accent would end a word


def _plain(text: str) -> str:
    """Return the text with possessives only marked and with "US" for "U.S.", each word where it stood."""
    return _POSSESSIVE.sub(_BLANK, _UNITED_STATES.sub(lambda found: "US".ljust(len(found[0])), text))


@lru_cache(maxsize=16384)
def _word(found: str) -> Word:
    plain = found.rstrip(_MARKS)
    word = plain.removesuffix(_OWNS)
    return Word(fold_word(word), word, owns=word != plain, parted=plain != found)


@lru_cache(maxsize=16384)  # a topic's terms are its rivals' too: compiled in 64 ms and not 84, and in 9 once more
def term(written: str, kind: str) -> Term:
    """Read a term as a profile writes it.

    Raises:
        ValueError: it has no letter or digit, fewer than three before `*`, a choice of more than single words, or a gap
            at an end.
    """
    words = _POSSESSIVE.sub("", written).split()
    if any("|" in word and not _CHOICES.fullmatch(word) for word in words):
        raise ValueError(f"{written!r}: what stands between | must be single words, without - or '")
    parts: list[Part] = []
    apart: list[int] = []
    for before, word in pairwise(["", *words]):
        found = [_part(piece) for piece in re.split(r"[^\w*|]+", word) if piece.strip("*|_")]
        parts += found
        apart += [_APART if before == _GAP and not number else 0 for number in range(len(found))]
    if not parts:
        raise ValueError(f"{written!r} has no word to look for")
    if _GAP in {*words[:1], *words[-1:]}:
        raise ValueError(f"{written!r}: {_GAP} stands between two words")
    anchor = max(range(len(parts)), key=lambda n: min(map(len, (*parts[n].forms, *parts[n].prefixes))))
    others = (part.forms for number, part in enumerate(parts) if number != anchor and not part.prefixes)
    return Term(tuple(parts), tuple(apart), kind, written, anchor, tuple(others))


def _part(written: str) -> Part:
    forms: set[str] = set()
    prefixes: list[str] = []
    for choice in filter(None, written.split("|")):
        folded = fold_word(choice.rstrip("*"))
        if not choice.endswith("*"):
            forms.update(folded + ending for ending in _endings(folded))
        elif len(folded) < _SHORTEST_STEM:
            raise ValueError(f"{choice!r} would match too much; write three letters or more before *")
        else:
            prefixes.append(folded)
    capitals = len(written) > 1 and written.isalpha() and written.isupper()
    return Part(frozenset(forms), tuple(prefixes), capitals)


def _endings(word: str) -> tuple[str, ...]:
    if len(word) < _INFLECTED_FROM:
        return ("",)
    return (*_ENDINGS, "ne", "nes") if word.endswith("en") else _ENDINGS  # européen, européenne


class Phrases:
    """Terms of any kinds, ready to be found."""

    def __init__(self, terms: Iterable[Term]) -> None:
        """Index each term by its longest word, which is the rarest: few words of a text begin a look any further."""
        self._exact: dict[str, list[Term]] = defaultdict(list)
        self._prefixed: dict[str, list[Term]] = defaultdict(list)
        # "référendum" is "referendum" when folded.
        self.terms = tuple({(term.parts, term.apart, term.kind): term for term in terms}.values())
        for each in self.terms:
            for form in each.parts[each.anchor].forms:
                self._exact[form].append(each)
            for prefix in each.parts[each.anchor].prefixes:
                self._prefixed[prefix].append(each)
        self._lengths = sorted({len(prefix) for prefix in self._prefixed})
        self._anchored = lru_cache(maxsize=16384)(self._looked_up)  # a language has few words and many occurrences

    def find(self, words: Sequence[Word]) -> list[Hit]:
        """Find every term in the text, in order; terms may overlap."""
        anchored = [(position, terms) for position, word in enumerate(words) if (terms := self._anchored(word))]
        if not anchored:  # as most sentences of general news
            return []
        said = {word.folded for word in words}
        return sorted(
            Hit(*span, each.kind, each.written)
            for position, terms in anchored
            for each in terms
            if each.possible(said) and (span := each.at(words, position)) and not _of_another(each, span, words)
        )

    def _looked_up(self, word: Word) -> tuple[Term, ...]:
        """Return the terms whose longest word this is."""
        stems = {word.folded[:length] for length in self._lengths}
        found = (*self._exact.get(word.folded, ()), *(term for stem in stems for term in self._prefixed.get(stem, ())))
        return tuple(term for term in dict.fromkeys(found) if term.parts[term.anchor].matches(word))


def _of_another(found: Term, span: tuple[int, int], words: Sequence[Word]) -> bool:
    """Tell whether what is said is said of something that its last word owns."""
    return len(found.parts) > 1 and words[span[1] - 1].owns and found.kind in _SAID
