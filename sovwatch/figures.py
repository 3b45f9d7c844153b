"""The figures of a sentence with what they count, alike in English and French: "30 %", "trente pour cent".

A figure is a value and a unit: percent, a currency, a word of the lexicon ("person", "seat"), "nth" for an ordinal from
the third on, or "" where nothing tells. Years, days of a month, hours of a clock and numbers of bills are no figures.

When two figures say one thing is told by `sovwatch.agreement`.
"""

import math
import re
from collections.abc import Iterator
from typing import NamedTuple

from sovwatch.lexicon import any_listed, listed, units
from sovwatch.moments import MONTHS
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
_CURRENCY = {"$": "dollar", "€": "euro", "£": "pound", "euro": "euro", "euros": "euro", "pounds": "pound"}
_PER_CENT = re.compile(r"\bp\. ?(?:100|cent)\b|\bp\. ?c\.")
_TOLLS = {"toll": "death", "dead": "death", "deaths": "death", "bilan": "death", "morts": "death", "arrests": "arrest"}
_DAYS, _HOURS = 31, 24
_AGE_TO = frozenset({"to", "a", "-", "–"})
_AGES = frozenset({"under", "over", "older", "up", "plus", "moins"})  # "55 and over"
_UNIT_REACH = 4  # words after a figure among which its unit stands: "500 milliards de dollars"
_TOLL_REACH = 6  # words before a figure that tell what it counts: "the number of dead to five"
_TO = frozenset({"to", "and", "-", "–", "au", "et"})
_NOT = frozenset({"no", "not", "pas"})
_MEASURED = frozenset({"percent", "dollar", "euro", "pound"})
_DATING = frozenset(
    {"in", "since", "until", "before", "after", "during", "the", "en", "depuis", "avant", "apres", "du"}
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
    for match in _SHARE.finditer(folded):
        part, whole = (WORDS.get(match[name]) or int(match[name]) for name in ("part", "whole"))
        if part < whole:
            yield Figure(100 * part / whole, "percent", True, _bound(tokens(folded[: match.start()])))
    for match in _FRACTION.finditer(folded):
        part, whole = WORDS.get(match["part"], 1), _FRACTIONS[match["whole"]]
        yield Figure(100 * part / whole, "percent", True, _bound(tokens(folded[: match.start()])))
    for match in _HALF.finditer(folded):
        yield Figure(HALF, "percent", True, _bound(tokens(folded[: match.start()])))
    folded = _PER_CENT.sub("%", folded)
    for pattern in (_SHARE, _FRACTION, _HALF):
        folded = pattern.sub(lambda match: " " * len(match[0]), folded)
    found = tokens(folded)
    starts = [place for place, token in enumerate(found) if token.text in STARTS or token.text[0].isdigit()]
    end = 0
    for at in starts:
        if at >= end and (read := number(found, at, language)):
            value, end = read
            if figure := _figure(found, at, end, value):
                yield figure


def _figure(found: list[Token], at: int, end: int, value: float) -> Figure | None:
    """The figure of a number, or None where the number only dates, numbers or times something."""
    before = found[at - 1].text if at else ""
    unit = _unit(found, at, end)
    if not math.isfinite(value) or before in listed("numbered") or _no_figure(found, at, end, value, unit):
        return None
    about = found[at].text in DOZENS or bool(_hedge(found[:at])[0])
    return Figure(value, unit, about, _bound(found[:at]))


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


def _no_figure(found: list[Token], at: int, end: int, value: float, unit: str) -> bool:
    """Whether a number is a year, a day of a month, a clock's, or part of a fraction or of a time."""
    before, earlier = (found[place].text if place >= 0 else "" for place in (at - 1, at - 2))
    after, later = (found[place].text if place < len(found) else "" for place in (end, end + 1))
    day = unit not in _MEASURED and value <= _DAYS and _beside_month(found, at, end)
    year = re.fullmatch(r"1[789]\d\d|20\d\d", found[at].text) and (unit == "" or before in _DATING or after == ",")
    clock = after in {"a", "p", "am", "pm", "h"} and unit in {"", "hour"} and value <= _HOURS
    minute = (before in {"h", "heures"} and earlier.isdigit()) or (
        before in {":", "/"} and found[at - 1].end == found[at].start
    )
    return (
        (value < LARGE and _of_age(found, at, end, unit))
        or day
        or bool(year)
        or clock
        or minute
        or after == ":"
        or bool({after, later if after == "-" else ""} & _FRACTIONS.keys())
    )


def _of_age(found: list[Token], at: int, end: int, unit: str) -> bool:
    """Whether a small number says how old somebody is: "under 35", "55 and over", "aged 45 to 64", "de 45 à 64 ans"."""
    before, earlier = (found[place].text if place >= 0 else "" for place in (at - 1, at - 2))
    after, later, last = (found[place].text if place < len(found) else "" for place in (end, end + 1, end + 2))
    range_ends = unit == "year" and before in _AGE_TO and earlier.isdigit()
    range_starts = after in _AGE_TO and later.isdigit() and units().get(last) == "year"
    bound = unit == "" and (before in {"under", "over", "aged"} or (after in {"and", "et"} and later in _AGES))
    return range_ends or range_starts or bound


def _beside_month(found: list[Token], at: int, end: int) -> bool:
    """Whether a month stands beside a number: "Sept. 5", "March 15 to 18", "15 mars", "1 er mai", "21 et 22 mars"."""
    before = [token.text for token in found[max(0, at - 4) : at]]
    after = [token.text for token in found[end : end + 3]]
    ranged = bool(before) and before[-1] in _TO and not MONTHS.keys().isdisjoint(before)
    named = not MONTHS.keys().isdisjoint(before[-1:] if before[-1:] != ["."] else before[-2:])
    ranges = len(after) == 3 and after[0] in _TO and after[1].isdigit() and after[2] in MONTHS  # noqa: PLR2004
    next_to = after[0] in MONTHS or (after[0] in {"of", "er"} and after[1:2] and after[1] in MONTHS) if after else False
    return ranged or named or ranges or bool(next_to)


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
        if word in {".", ";", "(", ")", ":"} or word in WORDS or word[0].isdigit() or (word == "," and ahead > end):
            break
    tolls = (_TOLLS[token.text] for token in found[max(0, at - _TOLL_REACH) : at] if token.text in _TOLLS)
    return next(tolls, "")


def ordinals(folded: str) -> Iterator[Figure]:
    """Ordinals in words from the third to the eighth; "a third of" and "un tiers" are not among them."""
    for match in _ORDINAL.finditer(folded):
        yield Figure(float(_ORDINALS[match[0]]), "nth")
