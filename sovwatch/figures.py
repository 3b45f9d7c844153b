"""The figures of a sentence with what they count, alike in English and French: "30 %", "trente pour cent".

A figure is a value and a unit: percent, a currency, a word of the lexicon ("person", "seat"), "nth" for an ordinal from
the third on, or "" where nothing tells. Years, days of a month, hours of a clock and numbers of bills are no figures.

When two figures say one thing is told by `sovwatch.agreement`.
"""

import math
import re
from collections.abc import Iterator
from typing import NamedTuple

from sovwatch.dates import MONTHS
from sovwatch.lexicon import any_listed, listed, units
from sovwatch.numerals import DOZENS, STARTS, WORDS, Token, number, tokens

_ORDINALS = {
    word: value
    for value, pair in enumerate(
        (
            ("third", "troisieme"),
            ("fourth", "quatrieme"),
            ("fifth", "cinquieme"),
            ("sixth", "sixieme"),
            ("seventh", "septieme"),
        ),
        3,
    )
    for word in pair
}
_ORDINAL = re.compile(r"\b(?:" + "|".join(_ORDINALS) + r")\b(?!\s+(?:of|party|parties)\b)")
_SPELT = "one|two|three|four|five|six|seven|eight|nine|ten|un|une|deux|trois|quatre|cinq|sept|huit|neuf|dix"
_IN_WORDS = (*WORDS, "cent", "mille", "half", "moitie", "demi", "a third", "[a-z]+aine", "dozen")
_NUMERAL = re.compile(r"\d|\b(?:" + "|".join(_IN_WORDS) + r")\b")
_SHARE = re.compile(
    rf"\b(?P<part>{_SPELT}|\d)(?: [a-z]+)? (?:in|out of|sur) (?P<whole>{_SPELT}|\d|10|100)\b"
    r"(?! (?:days|jours|years|ans))"
)
_FRACTIONS = {"third": 3, "tiers": 3, "quarter": 4, "quart": 4, "fifth": 5, "cinquieme": 5}
_FRACTION = re.compile(
    r"\b(?P<part>one|un|two|deux|three|trois|a(?= quarter\b| (?:third|fifth)(?: of\b|[.,;)]|$))"
    r"|(?:(?<=than )|(?<=over )|(?<=about )|(?<=nearly )|(?<=almost ))a)"  # "a third referendum" is an ordinal
    r"[ -](?P<whole>third|tiers|quarter|quart|fifth|cinquieme)s?\b"
    r"(?! (?:time|part|of the way|du chemin))"
)
_HALF = re.compile(r"\b(?:half|moitie)(?= (?:of |the |all |des?\b|du |d'|les ))")
_SHARES = (_SHARE, _FRACTION, _HALF)
_CURRENCY = {"$": "dollar", "€": "euro", "£": "pound", "euro": "euro", "euros": "euro", "pounds": "pound"}
_PER_CENT = re.compile(r"\bp\. ?(?:100|cent)\b|\bp\. ?c\.")
_TOLLS = {"toll": "death", "dead": "death", "deaths": "death", "bilan": "death", "morts": "death", "arrests": "arrest"}
_DAYS, _HOURS = 31, 24
_AGE_TO = frozenset({"to", "a", "-", "–"})
_AGES = frozenset({"under", "over", "older", "up", "plus", "moins"})  # "55 and over"
_GROWN = 14  # years: younger people are seldom quoted by age
_UNIT_REACH = 4  # words after a figure among which its unit stands: "500 milliards de dollars"
_TOLL_REACH = 6  # words before a figure that tell what it counts: "the number of dead to five"
_HEDGED = 4  # words before a number that may call it rounded, or deny that
_LOOK_BACK = 200  # characters in which those stand
_TO = frozenset({"to", "and", "-", "–", "au", "et"})
_NOT = frozenset({"no", "not", "pas"})
_MEASURED = frozenset({"percent", "dollar", "euro", "pound"})
_DATING = frozenset(
    {"in", "since", "until", "before", "after", "during", "the", "en", "depuis", "avant", "apres", "du", *MONTHS}
)
HALF = 50.0  # "half of the voters", in per cent: as vague as a third
LARGE = 100  # two counts that are equal from here on count the same thing


class Figure(NamedTuple):
    """A value with its unit; whether the text calls it rounded, and whether the true one is more (1) or less (-1)."""

    value: float
    unit: str
    about: bool = False
    bound: int = 0

    @property
    def key(self) -> str:
        """The figure as text, for a fingerprint."""
        mark = {0: "~", 1: ">", -1: "<"}[self.bound] if self.about else ""
        return f"{self.value:.10g}:{self.unit}{mark}"


def figure_of(key: str) -> Figure:
    """The figure that a key was made of."""
    value, _, unit = key.partition(":")
    bare = unit.rstrip("~<>")
    return Figure(float(value), bare, bare != unit, {">": 1, "<": -1}.get(unit[-1:], 0))


def figures(folded: str, language: str = "en") -> Iterator[Figure]:
    """The figures of a folded sentence, from left to right; before them shares ("four in five"), as percentages."""
    if not _NUMERAL.search(folded):
        return
    yield from _shares(folded)
    folded = _PER_CENT.sub("%", folded)
    for pattern in _SHARES:
        folded = pattern.sub(lambda match: " " * len(match[0]), folded)
    found = tokens(folded)
    end = 0
    for at, token in enumerate(found):
        starts = at >= end and (token.text in STARTS or token.text[0].isdigit())
        if starts and (read := number(found, at, language)):
            value, end = read
            if figure := _figure(_Number(found, at, end, value, _unit(found, at, end))):
                yield figure


def _shares(folded: str) -> Iterator[Figure]:
    for pattern in _SHARES:
        for match in pattern.finditer(folded):
            part, whole = _parted(**match.groupdict())
            if part < whole:
                yield Figure(100 * part / whole, "percent", True, _bound(_before(folded, match.start())))


def _before(folded: str, at: int) -> list[Token]:
    """The tokens right before a place: no more, or a text full of shares would be read once for each."""
    return tokens(folded[max(0, at - _LOOK_BACK) : at])[-_HEDGED:]


def _parted(part: str = "", whole: str = "") -> tuple[int, int]:
    """How many parts of how many; without words for them it is a half."""
    if not whole:
        return 1, 2
    parts = WORDS.get(part) or (int(part) if part.isdigit() else 1)
    return parts, _FRACTIONS.get(whole) or WORDS.get(whole) or int(whole)


class _Number(NamedTuple):
    """A number of a sentence: its tokens, from which to before which it stands, its value, and what it counts."""

    found: list[Token]
    at: int
    end: int
    value: float
    unit: str

    def word(self, step: int) -> str:
        """The word so many steps before (-1) or after (1) it; "" beyond the sentence."""
        place = self.at + step if step < 0 else self.end + step - 1
        return self.found[place].text if 0 <= place < len(self.found) else ""


def _figure(one: _Number) -> Figure | None:
    """The figure of a number, or None where the number only dates, numbers or times something."""
    numbers = one.word(-1) in listed("numbered")
    if not math.isfinite(one.value) or numbers or any(is_so(one) for is_so in _NO_FIGURE):
        return None
    before = one.found[max(0, one.at - _HEDGED) : one.at]
    about = one.found[one.at].text in DOZENS or bool(_hedge(before)[0])
    return Figure(one.value, one.unit, about, _bound(before))


def _hedge(before: list[Token]) -> tuple[str, bool]:
    """The nearest of the three words before a number that calls it rounded, and whether it is denied; "" for none."""
    for place in range(len(before) - 1, max(0, len(before) - 3) - 1, -1):
        word = before[place].text
        if word in {":", ";", ".", ","}:  # "de plus, 300 personnes"
            break
        if any_listed([word], "hedges", "exceeding", "short_of"):
            return word, place > 0 and before[place - 1].text in _NOT
    return "", False


def _bound(before: list[Token]) -> int:
    """Whether the words before a number say that the true one is more (1), or less (-1): "no fewer than" is more."""
    hedge, denied = _hedge(before)
    more = (hedge in listed("exceeding")) - (hedge in listed("short_of"))
    return -more if denied else more


def _is_age(one: _Number) -> bool:
    """Whether a small number says how old somebody is: "under 35", "aged 45 to 64", "de 45 à 64 ans", "Reyes, 61,"."""
    if one.value >= LARGE:
        return False
    range_ends = one.unit == "year" and one.word(-1) in _AGE_TO and one.word(-2).isdigit()
    range_starts = one.word(1) in _AGE_TO and one.word(2).isdigit() and units().get(one.word(3)) == "year"
    after = one.word(1) in {"and", "et"} and one.word(2) in _AGES
    beside_name = one.word(-1) == one.word(1) == "," and one.word(-2).isalpha() and one.value >= _GROWN
    bare = one.unit == "" and (after or one.word(-1) in {"under", "over", "aged"})
    return range_ends or range_starts or beside_name or bare


def _is_day(one: _Number) -> bool:
    return one.unit not in _MEASURED and one.value <= _DAYS and _beside_month(one)


def _is_year(one: _Number) -> bool:
    dated = one.unit == "" or one.word(-1) in _DATING or one.word(1) == ","
    return dated and re.fullmatch(r"1[789]\d\d|20\d\d", one.found[one.at].text) is not None


def _is_hour(one: _Number) -> bool:
    clock = one.word(1) in {"a", "p", "am", "pm", "h"} and one.unit in {"", "hour"} and one.value <= _HOURS
    return clock or one.word(1) == ":"


def _is_minute(one: _Number) -> bool:
    """Whether it stands after "14 h", or right after a colon or a slash."""
    if one.word(-1) in {":", "/"}:
        return _is_joined(one)
    return one.word(-1) in {"h", "heures"} and one.word(-2).isdigit()


def _is_part(one: _Number) -> bool:
    """Whether a fraction follows that is no share: "two-thirds", "1 quarter"."""
    return one.word(2 if one.word(1) == "-" else 1) in _FRACTIONS


def _is_in_name(one: _Number) -> bool:
    """Whether it is the end of a word: "Qc125", "COP18"."""
    return one.word(-1).isalpha() and one.found[one.at].text[0].isdigit() and _is_joined(one)


def _is_numeric_day(one: _Number) -> bool:
    """Whether a slash and another number follow: "11/26/2012"."""
    return one.word(1) == "/" and one.word(2).isdigit()


def _is_joined(one: _Number) -> bool:
    return one.found[one.at - 1].end == one.found[one.at].start


_NO_FIGURE = (_is_age, _is_day, _is_year, _is_hour, _is_minute, _is_part, _is_in_name, _is_numeric_day)


def _beside_month(one: _Number) -> bool:
    """Whether a month stands beside a number: "Sept. 5", "March 15 to 18", "15 mars", "1 er mai", "21 et 22 mars"."""
    before = one.word(-2) if one.word(-1) == "." else one.word(-1)
    if before in MONTHS or one.word(1) in MONTHS:
        return True
    range_ends = one.word(-1) in _TO and any(one.word(step) in MONTHS for step in (-2, -3, -4))
    range_starts = one.word(1) in _TO and one.word(2).isdigit() and one.word(3) in MONTHS
    return range_ends or range_starts or (one.word(1) in {"of", "er"} and one.word(2) in MONTHS)


def _unit(found: list[Token], at: int, end: int) -> str:
    """What a number counts, by the signs around it, the words after it, or a toll before it."""
    if at and found[at - 1].text in _CURRENCY:
        return _CURRENCY[found[at - 1].text]
    if end < len(found) and found[end].text in {"th", "rd", "e", "eme", "ieme"}:
        return "nth"
    for ahead in range(end, min(end + _UNIT_REACH, len(found))):
        word = found[ahead].text
        pair = f"{word} {found[ahead + 1].text}" if ahead + 1 < len(found) else word
        if word == "%" or pair in {"per cent", "pour cent"}:
            return "percent"
        if word in _CURRENCY or word in units():
            return _CURRENCY.get(word) or units()[word]
        if word in {".", ",", ";", "(", ")", ":"} or word in WORDS or word[0].isdigit():
            break
    tolls = (_TOLLS[token.text] for token in found[max(0, at - _TOLL_REACH) : at] if token.text in _TOLLS)
    return next(tolls, "")


def ordinals(folded: str) -> Iterator[Figure]:
    """Ordinals in words from the third to the eighth; "a third of" and "un tiers" are not among them."""
    for match in _ORDINAL.finditer(folded):
        yield Figure(float(_ORDINALS[match[0]]), "nth")
