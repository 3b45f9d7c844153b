"""Terms: what a text is about, word by word, in a form that English and French share; hashed, so that none can be read.

A word with a counterpart in the other language becomes its concept (`counterparts.txt`: "poll" and "sondage"); any
other becomes the first letters of its folded form, which conflates inflections and, since the two languages share their
Latin, most cognates ("independence", "indépendance"). So one space serves both languages, and no model is needed. How
many letters hardly matters: average precision of same-event pairs is within .01 from 5 to 8, and with suffixes cut.
"""

from functools import cache, lru_cache
from hashlib import blake2b
from importlib.resources import files
from typing import NamedTuple

from sovwatch.text import STOPWORDS, tokens

STEM = 6  # letters of a word that count
LONGEST = 40  # letters of a word that are looked at: no beginning that is known is half as long
SHORTEST = 3  # letters of a word that may be a plural, less its ending

Word = tuple[str, str, int]  # of `text.tokens`: folded, as written, where it starts
Phrases = dict[str, tuple[tuple[tuple[str, ...], str], ...]]


class Token(NamedTuple):
    """A word or phrase of a sentence: its term, how it is written, where it starts, whether a counterpart gave it."""

    folded: str
    term: str
    written: str
    start: int
    concept: bool


@lru_cache(maxsize=32768)
def hashed(term: str) -> int:
    """A stable 32-bit hash: the same in every process, on every machine and Python."""
    return int.from_bytes(blake2b(term.encode(), digest_size=4).digest(), "little")


def name_key(token: Token) -> int:
    """The key of a name: its concept, else the whole word; the first letters of "Centurion" are those of "century"."""
    return hashed(token.term if token.concept else f"@{token.folded}")


class Counterparts(NamedTuple):
    """Them by whole word, by beginning of a word, and by phrase (under its first word, longest first)."""

    whole: dict[str, str]
    beginnings: dict[str, str]
    phrases: Phrases


@cache
def counterparts() -> Counterparts:
    """The counterparts that ship with the package."""
    whole: dict[str, str] = {}
    beginnings: dict[str, str] = {}
    phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for line in files("sovwatch").joinpath("counterparts.txt").read_text(encoding="utf-8").splitlines():
        name, _, forms = line.partition(":")
        if not forms or line.startswith("#"):
            continue
        for form in forms.replace("|", ",").split(","):
            parts = tuple(folded for folded, _, _ in tokens(form.strip()))
            if len(parts) == 1:
                (beginnings if "*" in form else whole).setdefault(parts[0], f"#{name}")
            elif parts:
                phrases.setdefault(parts[0], []).append((parts, f"#{name}"))
    ordered = {first: tuple(sorted(found, key=lambda one: -len(one[0]))) for first, found in phrases.items()}
    return Counterparts(whole, beginnings, ordered)


@lru_cache(maxsize=16384)
def term(folded: str) -> str:
    """The term of one folded word: its concept ("#poll"), else its first letters; "" for a number or function word."""
    if folded in STOPWORDS or len(folded) == 1 or folded[0].isdigit():
        return ""
    known = counterparts()
    if found := known.whole.get(folded):
        return found
    for end in range(min(len(folded), LONGEST), 2, -1):
        if found := known.beginnings.get(folded[:end]):
            return found
    plural = len(folded) > SHORTEST and folded[-1] in "sx" and not folded.endswith("ss")
    return (folded[:-1] if plural else folded)[:STEM]


def read_tokens(plain: str, found: list[Word]) -> list[Token]:
    """The words and phrases of a sentence in `text.one_form`, function words included (their term is "").

    `found` are its `text.tokens`.
    """
    phrases = counterparts().phrases
    result: list[Token] = []
    skip = 0  # words of a phrase that are still to pass
    for at, (folded, written, start) in enumerate(found):
        if skip:
            skip -= 1
        elif folded in phrases and (phrase := _phrase(found, at, phrases)):
            parts, name = phrase
            last = found[at + len(parts) - 1]
            result.append(Token(" ".join(parts), name, plain[start : last[2] + len(last[1])], start, True))
            skip = len(parts) - 1
        else:
            name = term(folded)
            result.append(Token(folded, name, written, start, name[:1] == "#"))
    return result


def _phrase(found: list[Word], at: int, phrases: Phrases) -> tuple[tuple[str, ...], str] | None:
    for parts, name in phrases[found[at][0]]:
        if parts == tuple(folded for folded, _, _ in found[at : at + len(parts)]):
            return parts, name
    return None
