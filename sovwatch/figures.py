"""The figures of a sentence with what they count, the same in English and French: "30 %", "thirty per cent", "trente pour cent".

A figure is a value and a unit: percent, a currency, a word of the lexicon ("person", "seat"), "nth" for an ordinal from the third on, or
"" where nothing tells. Years, days of a month, hours of a clock and numbers of bills are no figures. "One" counts nothing:
in French it is an article.

Two figures are the same when their units can be and one rounds to the other ("177,732" and "nearly 178,000"): a newsroom rounds, and a
rounded figure is no news. A percentage rounds to its whole only, and a round one is not taken for another round one.
"""

import math
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from sovwatch.lexicon import units

_WORDS = {
    word: value
    for value, spelt in enumerate(
        "zero|one un une|two deux|three trois|four quatre|five cinq|six|seven sept|eight huit|nine neuf|ten dix|eleven onze|"
        "twelve douze|thirteen treize|fourteen quatorze|fifteen quinze|sixteen seize|seventeen|eighteen|nineteen".split(
            "|"
        )
    )
    for word in spelt.split()
} | {
    word: 10 * tens
    for tens, spelt in enumerate(
        "twenty vingt vingts|thirty trente|forty quarante|fifty cinquante|sixty soixante|seventy septante|eighty octante|ninety nonante".split(
            "|"
        ),
        2,
    )
    for word in spelt.split()
}
_HUNDRED = {"hundred", "cent", "cents"}
_SCALES = {
    "k": 1e3, "thousand": 1e3, "mille": 1e3, "million": 1e6, "millions": 1e6, "mn": 1e6, "billion": 1e9, "billions": 1e9, "bn": 1e9,
    "milliard": 1e9, "milliards": 1e9, "md": 1e9, "trillion": 1e12, "trillions": 1e12,
}  # fmt: skip
_DOZEN = {
    "dozen": 12.0,
    "douzaine": 12.0,
    "dizaine": 10.0,
    "vingtaine": 20.0,
    "trentaine": 30.0,
    "cinquantaine": 50.0,
    "centaine": 100.0,
}
_HALVES = {"half": 0.5, "demi": 0.5, "quarter": 0.25}
_SMALL = {"and", "et", "-"}
_ORDINALS = {
    word: value
    for value, spelt in enumerate(
        "third troisieme|fourth quatrieme|fifth cinquieme|sixth sixieme|seventh septieme|eighth huitieme".split("|"), 3
    )
    for word in spelt.split()
}
_SPELT = "one|two|three|four|five|six|seven|eight|nine|ten|un|une|deux|trois|quatre|cinq|sept|huit|neuf|dix"
_SHARE = re.compile(
    rf"\b(?P<part>{_SPELT}|\d)(?: [a-z]+)? (?:in|out of|sur) (?P<whole>{_SPELT}|\d|10|100)\b(?! (?:days|jours|years|ans))"
)
_FRACTIONS = {"third": 3, "thirds": 3, "tiers": 3, "quarter": 4, "quarters": 4, "quart": 4, "quarts": 4, "fifth": 5, "fifths": 5}
_FRACTION = re.compile(
    r"\b(?P<part>a|one|un|two|deux|three|trois)[ -](?P<whole>thirds?|tiers|quarters?|quarts?|fifths?)\b(?! (?:time|part|of the way|du chemin))"
)
_CURRENCY = {"$": "dollar", "€": "euro", "£": "pound", "euro": "euro", "euros": "euro", "pounds": "pound"}
_HEDGES = frozenset(
    "surpass surpasses surpassed exceed exceeds exceeding beyond depasse depassent depassant about around roughly nearly almost "
    "approximately some close over under more than least most up estimated "
    "environ quelque pres presque autour plus moins autant".split()
)
_NUMBERED = frozenset(
    "bill loi treaty traite section article articles paragraphe chapter chapitre hwy highway route phase no n act hb act line ligne "
    "page group groupe game channel age aged covid g nhl top".split()
)
_MONTHS = frozenset(
    "january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct "
    "nov dec janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre".split()
)
_PER_CENT = re.compile(r"\bp\. ?(?:100|cent)\b|\bp\. ?c\.")
_TOKEN = re.compile(
    r"\d{1,3}(?:[ ,]\d{3})+(?!\d)(?:[.,]\d{1,2}(?!\d))?|\d+(?:[.,]\d+)*|[$€£%]|[^\W\d_]+|[-–:/;().,]", re.UNICODE
)
_TOLLS = {"toll": "death", "dead": "death", "deaths": "death", "bilan": "death", "morts": "death", "arrests": "arrest"}
_UNIT_REACH = 4  # words after a figure among which its unit stands: "500 milliards de dollars"
_TOLL_REACH = 6  # words before a figure that tell what it counts: "the number of dead to five"
_OPEN_UNIT = frozenset({"", "time", "nth"})
_TO = frozenset({"to", "and", "-", "–", "au", "et"})
_LASTING = frozenset({"year", "month", "week", "day", "hour", "minute"})
_PEOPLE = frozenset({"person", "job", "death", "injured", "arrest", "signature", "vote"})
_ABOUT_POINTS = 2.5  # "about 30 %", "three in ten"
_LARGE = 100  # two counts that are equal from here on count the same thing


class Figure(NamedTuple):
    """A value with its unit, and whether the text calls it rounded."""

    value: float
    unit: str
    about: bool = False

    @property
    def key(self) -> str:
        """The figure as text, for a fingerprint."""
        return f"{self.value:.10g}:{self.unit}{'~' if self.about else ''}"


def figure_of(key: str) -> Figure:
    """The figure that a key was made of."""
    value, _, unit = key.partition(":")
    return Figure(float(value), unit.removesuffix("~"), unit.endswith("~"))


class _Token(NamedTuple):
    text: str
    start: int
    end: int


def figures(folded: str, language: str = "en") -> Iterator[Figure]:
    """The figures of a folded sentence, from left to right; shares ("four in five", "neuf sur dix") first, as percentages."""
    for match in _SHARE.finditer(folded):
        part, whole = (_WORDS.get(match[name]) or int(match[name]) for name in ("part", "whole"))
        if part < whole:
            yield Figure(100 * part / whole, "percent", True)
    for match in _FRACTION.finditer(folded):
        part, whole = _WORDS.get(match["part"], 1), _FRACTIONS[match["whole"]]
        yield Figure(100 * part / whole, "percent", True)
    folded = _PER_CENT.sub("%", folded)
    for pattern in (_SHARE, _FRACTION):
        folded = pattern.sub(lambda match: " " * len(match[0]), folded)
    tokens = [_Token(match[0], match.start(), match.end()) for match in _TOKEN.finditer(folded)]
    at = 0
    while at < len(tokens):
        number = _number(tokens, at, language)
        if number is None:
            at += 1
            continue
        value, end, bare = number
        if found := _figure(tokens, at, end, value):
            yield found
        at = end


def _number(tokens: list[_Token], at: int, language: str) -> tuple[float, int, bool] | None:
    """The value that starts at a token, the token after it, and whether it is bare digits."""
    text = tokens[at].text
    if text[0].isdigit():
        value, end = _digits(text, language), at + 1
        scale, scaled = _scale(tokens, end)
        return value * scale, scaled, scaled == end
    if text in _DOZEN:
        return _DOZEN[text], at + 1, False
    if text in _HALVES:
        scale, end = _scale(tokens, at + 1)
        return (0.5 * scale, end, False) if scale > 1 else None
    return _spelt(tokens, at)


def _digits(text: str, language: str) -> float:
    """The value of digits: a comma or a space before three digits parts thousands, another comma is a French decimal."""
    text = text.replace(" ", "")
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", text):
        return float(text.replace(",", ""))
    if language == "fr" and re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", text):
        return float(text.replace(".", "").replace(",", "."))
    try:
        return float(text.replace(",", "."))
    except ValueError:  # 1.2.3: a version, an address
        return math.nan


def _scale(tokens: list[_Token], at: int) -> tuple[float, int]:
    """The factor that stands at a token ("million", "-billion", "half a billion"), and the token after it."""
    scale, skipped = 1.0, at
    while skipped < len(tokens) and (tokens[skipped].text in {"-", "a", "an"}):
        skipped += 1
    while skipped < len(tokens) and (factor := _SCALES.get(tokens[skipped].text)):
        scale, skipped, at = scale * factor, skipped + 1, skipped + 1
    if scale == 1 and at + 1 < len(tokens) and tokens[at].text == "m" and tokens[at + 1].text == "$":
        return 1e6, at + 1
    if scale == 1 and at + 1 < len(tokens) and tokens[at].text == "g" and tokens[at + 1].text == "$":
        return 1e9, at + 1
    return scale, at


def _spelt(tokens: list[_Token], at: int) -> tuple[float, int, bool] | None:
    """A number in words: "twenty-five", "quatre-vingt-dix", "two hundred thousand"."""
    total, current, end, single = 0.0, 0.0, at, True
    while end < len(tokens):
        word = tokens[end].text
        if word in _WORDS:
            if word in {"vingt", "vingts"} and current == 4:  # noqa: PLR2004  (quatre-vingts)
                current = 80
            else:
                current += _WORDS[word]
        elif (
            word in _HUNDRED and (current or word in {"cent"}) and tokens[max(at, end) - 1].text not in {"per", "pour"}
        ):
            current = max(current, 1) * 100
        elif word in _SCALES and len(word) > 2 and (current or word == "mille"):  # noqa: PLR2004
            total, current = total + max(current, 1) * _SCALES[word], 0
        elif not (word in _SMALL and end > at and end + 1 < len(tokens) and _continues(tokens, end)):
            break
        else:
            single = False
        end += 1
    value = total + current
    if end == at or value == 0 or (value == 1 and single):
        return None
    return value, end, False


def _continues(tokens: list[_Token], at: int) -> bool:
    """Whether "and", "et" or a hyphen joins two parts of one number in words."""
    before, after = tokens[at - 1].text, tokens[at + 1].text
    if tokens[at].text == "-":
        return after in _WORDS or after in _HUNDRED or after in _SCALES
    return (before in _HUNDRED and after in _WORDS) or (_WORDS.get(before, 0) >= 20 and after in {"un", "une", "onze"})  # noqa: PLR2004


def _figure(tokens: list[_Token], at: int, end: int, value: float) -> Figure | None:
    """The figure of a number, or None where the number only dates, numbers or times something."""
    before = tokens[at - 1].text if at else ""
    unit = _unit(tokens, at, end)
    if math.isnan(value) or before in _NUMBERED or _no_figure(tokens, at, end, value, unit):
        return None
    about = any(token.text in _HEDGES for token in tokens[max(0, at - 3) : at])
    return Figure(value, unit, about)


def _no_figure(tokens: list[_Token], at: int, end: int, value: float, unit: str) -> bool:
    before, earlier = (tokens[place].text if place >= 0 else "" for place in (at - 1, at - 2))
    after, later = (tokens[place].text if place < len(tokens) else "" for place in (end, end + 1))
    if unit == "" and re.fullmatch(r"1[789]\d\d|20\d\d", tokens[at].text):
        return True
    ranged = before in _TO and any(token.text in _MONTHS for token in tokens[max(0, at - 4) : at])
    monthly = ranged or before in _MONTHS or (before == "." and earlier in _MONTHS) or after in _MONTHS or (after in {"of", "er"} and later in _MONTHS)
    if unit in {"", "nth"} and value <= 31 and monthly:  # noqa: PLR2004  (a day of a month)
        return True
    if after in _FRACTIONS or (after == "-" and later in _FRACTIONS):
        return True
    if after in {"a", "p", "am", "pm", "h"} and unit in {"", "hour"} and value <= 24:  # noqa: PLR2004  (a clock)
        return True
    if before in {"h", "heures"} and earlier.isdigit():
        return True
    return after == ":" or (before in {":", "/"} and tokens[at - 1].end == tokens[at].start)


def _unit(tokens: list[_Token], at: int, end: int) -> str:
    """What a number counts, by the signs around it, the words after it, or a toll before it."""
    if at and tokens[at - 1].text in _CURRENCY:
        return _CURRENCY[tokens[at - 1].text]
    if end < len(tokens) and tokens[end].text in {"th", "rd", "e", "eme", "ieme"}:
        return "nth"
    for ahead in range(end, min(end + _UNIT_REACH, len(tokens))):
        word = tokens[ahead].text
        pair = f"{word} {tokens[ahead + 1].text}" if ahead + 1 < len(tokens) else word
        if word == "%" or pair in {"per cent", "pour cent"}:
            return "percent"
        if word in _CURRENCY or word in units():
            return _CURRENCY.get(word) or units()[word]
        if word in {".", ";", "(", ")", ":"} or word[0].isdigit() or (word == "," and ahead > end):
            break
    tolls = (_TOLLS[token.text] for token in tokens[max(0, at - _TOLL_REACH) : at] if token.text in _TOLLS)
    return next(tolls, "")


@lru_cache(maxsize=65536)
def _rounded(value: float, digits: int) -> float:
    return round(value, digits - 1 - math.floor(math.log10(abs(value)))) if value else 0.0


@lru_cache(maxsize=65536)
def _significant(value: float) -> int:
    return max(1, len(f"{value:.10g}".replace(".", "").strip("0"))) if value < 1e15 else 3  # noqa: PLR2004


def same(a: Figure, b: Figure) -> bool:
    """Whether two figures say one thing: units that can be the same, values of which one rounds to the other. Symmetric."""
    return _units_agree(a, b) and _values_agree(a, b)


def _units_agree(a: Figure, b: Figure) -> bool:
    """Whether two units can count one thing: "120,000 people signed" and "120,000 signatures" do."""
    units = {a.unit, b.unit}
    if len(units) == 1 or units <= _OPEN_UNIT or units <= _PEOPLE:
        return True
    if "nth" in units:
        return False
    if "percent" in units:  # "24 per cent, from 29 in November"
        return "" in units and a.value == b.value
    if "" in units:
        return not units & _LASTING
    return (min(a.value, b.value) >= _LARGE and not units & {"dollar", "euro", "pound"})


def _values_agree(a: Figure, b: Figure) -> bool:
    if a.value == b.value:
        return True
    if not (a.value and b.value) or abs(a.value - b.value) > 0.08 * max(a.value, b.value):
        return False
    if a.unit == "percent" == b.unit:
        vague = any(one.about and (one.value % 5 == 0 or one.value % 1) for one in (a, b))
        if vague and abs(a.value - b.value) <= _ABOUT_POINTS:
            return True
        return bool(a.value == round(b.value) != b.value) or bool(b.value == round(a.value) != a.value)
    if min(a.value, b.value) < _LARGE:  # small counts are exact
        return False
    rounder, other = sorted((a, b), key=lambda figure: _significant(figure.value))
    if rounder.about and _significant(rounder.value) < _significant(other.value):
        return abs(a.value - b.value) <= 0.05 * max(a.value, b.value)
    fewest = min(_significant(a.value), _significant(b.value))
    digits = fewest if a.about or b.about else max(2, fewest)
    return _significant(a.value) != _significant(b.value) and _rounded(a.value, digits) == _rounded(b.value, digits)


def ordinals(folded: str) -> Iterator[Figure]:
    """Ordinals in words from the third to the eighth; "a third of" and "un tiers" are not among them."""
    for match in re.finditer(r"\b[a-z]+\b", folded):
        if (value := _ORDINALS.get(match[0])) and not re.match(r"\s+(?:of|party|parties)\b", folded[match.end() :]):
            yield Figure(float(value), "nth")
