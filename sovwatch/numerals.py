"""Numbers as English and French write them, in digits and in words, from the tokens of a folded sentence.

    "456,365"  "1 200"  "98,51"  "1.2 million"  "500-billion"  "456k"  "half a billion"
    "twenty-five thousand"  "quatre-vingt-dix-sept"  "vingt et un"  "une trentaine"

"One" alone is no number: in French it is an article.
"""

import math
import re
from typing import NamedTuple

_ONES = (
    "zero|one un une|two deux|three trois|four quatre|five cinq|six|seven sept|eight huit|nine neuf|ten dix|"
    "eleven onze|twelve douze|thirteen treize|fourteen quatorze|fifteen quinze|sixteen seize|"
    "seventeen|eighteen|nineteen"
)
_TENS = (
    "twenty vingt vingts|thirty trente|forty quarante|fifty cinquante|sixty soixante|seventy septante|eighty octante|"
    "ninety nonante"
)
WORDS = {word: value for value, spelt in enumerate(_ONES.split("|")) for word in spelt.split()} | {
    word: 10 * tens for tens, spelt in enumerate(_TENS.split("|"), 2) for word in spelt.split()
}
_HUNDRED = {"hundred", "cent", "cents"}
_SCALES = {
    **dict.fromkeys(("k", "thousand", "mille"), 1e3),
    **dict.fromkeys(("million", "millions", "mn"), 1e6),
    **dict.fromkeys(("billion", "billions", "bn", "milliard", "milliards", "md"), 1e9),
    **dict.fromkeys(("trillion", "trillions"), 1e12),
}
_OF_DOLLARS = {"m": 1e6, "g": 1e9}  # "5 M$"
DOZENS = dict(
    zip(
        ("dozen", "douzaine", "dizaine", "vingtaine", "trentaine", "quarantaine", "cinquantaine", "centaine"),
        (12.0, 12.0, 10.0, 20.0, 30.0, 40.0, 50.0, 100.0),
        strict=True,
    )
)
_HALVES = {"half": 0.5, "demi": 0.5, "quarter": 0.25}
_ALONE = {"cent", "mille"}  # a number without one before it
_JOINING = {"and", "et", "-"}
STARTS = frozenset({*WORDS, *DOZENS, *_HALVES, *_ALONE})  # words that a number may start with, beside digits
_TOKEN = re.compile(
    r"\d{1,3}(?:[ ,']\d{3})+(?!\d)(?:[.,]\d{1,2}(?!\d))?|\d+(?:[.,]\d+)*|[$€£%]|[^\W\d_]+|[-–:/;().,]", re.UNICODE
)


class Token(NamedTuple):
    """A word, number or mark of a folded sentence, and where it stands."""

    text: str
    start: int
    end: int


def tokens(folded: str) -> list[Token]:
    """The tokens of a folded sentence; digits with the marks that part thousands and decimals are one."""
    return [Token(match[0], match.start(), match.end()) for match in _TOKEN.finditer(folded)]


def number(found: list[Token], at: int, language: str) -> tuple[float, int] | None:
    """The value of the number that starts at a token, and the token after it; not a number for "1.2.3"."""
    text = found[at].text
    if text[0].isdigit():
        value, end = _digits(text, language), at + 1
        scale, scaled = _scale(found, end)
        return value * scale, scaled
    if text in DOZENS:
        return DOZENS[text], at + 1
    if text in _HALVES:
        scale, end = _scale(found, at + 1)
        return (_HALVES[text] * scale, end) if scale > 1 else None
    return _spelt(found, at) if text in WORDS or text in _ALONE else None


def _digits(text: str, language: str) -> float:
    """The value of digits: a comma, space or apostrophe parts thousands; another comma is a French decimal."""
    text = text.replace(" ", "").replace("'", "")
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", text):
        return float(text.replace(",", ""))
    if language == "fr" and re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", text):
        return float(text.replace(".", "").replace(",", "."))
    try:
        return float(text.replace(",", "."))
    except ValueError:  # 1.2.3: a version, an address
        return math.nan


def _scale(found: list[Token], at: int) -> tuple[float, int]:
    """The factor that stands at a token ("million", "-billion", "half a billion"), and the token after it."""
    scale, skipped = 1.0, at
    while skipped < len(found) and (found[skipped].text in {"-", "a", "an"}):
        skipped += 1
    while skipped < len(found) and (factor := _SCALES.get(found[skipped].text)):
        scale, skipped, at = scale * factor, skipped + 1, skipped + 1
    if scale == 1 and at + 1 < len(found) and found[at].text in _OF_DOLLARS and found[at + 1].text == "$":
        return _OF_DOLLARS[found[at].text], at + 1
    return scale, at


def _spelt(found: list[Token], at: int) -> tuple[float, int] | None:
    """A number in words: "twenty-five", "quatre-vingt-dix", "two hundred thousand"."""
    total, current, end = 0.0, 0.0, at
    while end < len(found):
        if read := _counted_in(found, end, total, current):
            total, current = read
        elif end == at or not _continues(found, end):
            break
        end += 1
    value = total + current
    return (value, end) if value > 1 else None


def _counted_in(found: list[Token], at: int, total: float, current: float) -> tuple[float, float] | None:
    """Full thousands and what is counted above them, with the word at a place; None where it does not go on so."""
    word = found[at].text
    if WORDS.get(word):
        four_twenties = word in {"vingt", "vingts"} and current == 4  # noqa: PLR2004
        return total, 80 if four_twenties else current + WORDS[word]
    if word in _HUNDRED and (current or word == "cent") and found[at - 1].text not in {"per", "pour"}:
        return total, max(current, 1.0) * 100
    if word in _SCALES and (current or word == "mille"):
        return total + max(current, 1.0) * _SCALES[word], 0.0
    return None


def _continues(found: list[Token], at: int) -> bool:
    """Whether "and", "et" or a hyphen joins two parts of one number in words."""
    if found[at].text not in _JOINING or at + 1 == len(found):
        return False
    before, after = found[at - 1].text, found[at + 1].text
    if found[at].text == "-":
        return after in WORDS or after in _HUNDRED or after in _SCALES
    return (before in _HUNDRED and after in WORDS) or (WORDS.get(before, 0) >= 20 and after in {"un", "une", "onze"})  # noqa: PLR2004
