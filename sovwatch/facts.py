"""The hard facts that a sentence states, in a form that is the same in English and French: numbers, dates, names.

A number is its value ("ten", "dix" and "10" are one; "1.2 million" and "1 200 000" too); a date is a day where the date
of publication lets it be resolved ("on Thursday" in a piece of a Friday), else what was said of it; a name is one
capitalised word, since "Danielle Smith" is "Smith" in the next sentence.

`figures` and `moments` read a sentence again, and more closely (units, bounds, days ahead), for what it says that is
new. What is found here is hashed and compared as it is, and the weights of `stories.toml` were fitted on it.
"""

import re
from collections.abc import Collection, Iterator
from datetime import date, timedelta

from sovwatch.dates import MONTHS
from sovwatch.model import Dated, Precision
from sovwatch.moments import NEAR_DAYS, WEEKDAYS

_TOO_FEW = 2  # longer words of a headline that tell nothing of its case

_UNITS = (
    "zero,one,two,three,four,five,six,seven,eight,nine,ten,eleven,twelve,thirteen,fourteen,fifteen,sixteen,seventeen,"
    "eighteen,nineteen;zero,un,deux,trois,quatre,cinq,six,sept,huit,neuf,dix,onze,douze,treize,quatorze,quinze,seize"
)
_TENS = (
    "twenty,thirty,forty,fifty,sixty,seventy,eighty,ninety;vingt,trente,quarante,cinquante,soixante,septante,,nonante"
)
_SPELT = {
    **{word: n for part in _UNITS.split(";") for n, word in enumerate(part.split(",")) if n > 1},
    **{word: 10 * n for part in _TENS.split(";") for n, word in enumerate(part.split(","), 2) if word},
    "quatre-vingt": 80,
    "quatre-vingts": 80,
    "quatre-vingt-dix": 90,
    "soixante-dix": 70,
    "dix-sept": 17,
    "dix-huit": 18,
    "dix-neuf": 19,
}
_SCALE = {
    "k": 1e3,
    "thousand": 1e3,
    "mille": 1e3,
    "million": 1e6,
    "millions": 1e6,
    "m": 1e6,
    "billion": 1e9,
    "billions": 1e9,
    "bn": 1e9,
    "b": 1e9,
    "milliard": 1e9,
    "milliards": 1e9,
    "trillion": 1e12,
}
_NUMBER = re.compile(
    r"(?<![\w.,])(?P<value>\d{1,3}(?:[ ,]\d{3})+(?![\d])(?:[.,]\d+)?|\d+(?:[.,]\d+)?)"
    r"(?:[ -]?(?P<scale>thousand|mille|millions?|milliards?|billions?|trillion|bn|[kmb])(?![a-z]))?"
    r"(?:st|nd|rd|th|er|e)?(?![a-z]|\d)"
)
_SPELT_NUMBER = re.compile(
    r"(?<![\w-])(?P<value>" + "|".join(sorted(_SPELT, key=len, reverse=True)) + r")(?:-(?P<unit>[a-z]+))?"
    r"(?: (?P<scale>thousand|mille|millions?|milliards?|billions?))?(?![\w-])"
)

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DATE = re.compile(
    rf"\b(?:(?P<iso>\d{{4}})-(?P<iso_month>\d\d)-(?P<iso_day>\d\d)"
    rf"|(?P<month>{_MONTH})\b\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d|[.,]\d|:)(?:,? (?P<year>(?:19|20)\d\d))?"
    rf"|(?P<day2>\d{{1,2}})(?:er|st|nd|rd|th|e)? (?:of )?(?P<month2>{_MONTH})\b\.?(?:,? (?P<year2>(?:19|20)\d\d))?"
    rf"|(?P<month3>{_MONTH})\b\.? (?:of |de )?(?P<year3>(?:19|20)\d\d))\b"
)
_DAY_WORD = re.compile(rf"\b(?:{'|'.join((*WEEKDAYS, *NEAR_DAYS))})\b")

# Capital for another reason than being a name: openers of sentences, roles, titles.
_OPENERS_AND_ROLES = """
    the a an and but or in on at by for from to of as if it its he she we they you i his her their our my this
    that these those there here what who when where why how which while after before since with without not no
    yes is are was were be has have had do does did will would can could should may might must mr mrs ms dr prof
    sir premier minister prime president judge justice chief leader mayor senator mp mla mps mlas mna deputy
    secretary general governor king queen say says said new more most many some all both each according also now
    then le la les un une des du de d l et mais ou donc or ni car en dans sur sous par pour avec sans chez ce
    cet cette ces son sa ses leur leurs notre nos votre vos mon ma mes il elle on nous vous ils elles je tu qui
    que quoi dont si ne pas plus selon apres avant depuis lors alors ainsi aussi cependant toutefois m mme mm
    mlle dr me premiere ministre president presidente juge chef cheffe maire depute deputee senateur
    gouvernement est sont etait a ont sera
"""
_NO_NAME = frozenset((*_OPENERS_AND_ROLES.split(), *MONTHS, *WEEKDAYS))


def numbers(folded: str) -> Iterator[str]:
    """The values of the numbers of a folded sentence whose dates were blanked."""
    for match in _NUMBER.finditer(folded):
        value = _value(match["value"]) * _SCALE.get(match["scale"] or "", 1.0)
        yield _plain(value)
    for match in _SPELT_NUMBER.finditer(folded):
        spelt = _SPELT[match["value"]] + _SPELT.get(match["unit"] or "", 0)
        yield _plain(spelt * _SCALE.get(match["scale"] or "", 1.0))


def _value(digits: str) -> float:
    """The value of digits written the English or the French way; a comma before three digits parts thousands."""
    digits = digits.replace(" ", "")
    whole, comma, part = digits.rpartition(",")
    if comma and len(part) != len("000"):
        return float(whole.replace(",", "") + "." + part) if "." not in part else float(digits.replace(",", ""))
    return float(digits.replace(",", ""))


def _plain(value: float) -> str:
    return f"{value:.10g}"


def dates(folded: str, published: Dated | None) -> Iterator[tuple[str, tuple[int, int]]]:
    """Dates of a folded sentence as (key, span); a day without a year is taken nearest to publication."""
    for match in _DATE.finditer(folded):
        year = match["iso"] or match["year"] or match["year2"] or match["year3"]
        month = (
            int(match["iso_month"]) if match["iso"] else MONTHS[match["month"] or match["month2"] or match["month3"]]
        )
        day = match["iso_day"] or match["day"] or match["day2"]
        key = _month_key(int(year), month) if day is None else _day_key(year, month, int(day), published)
        if key:
            yield key, match.span()
    if published is None or published.precision not in {Precision.SECOND, Precision.DAY}:
        return
    for match in _DAY_WORD.finditer(folded):
        yield f"d{_near_day(match[0], published.at.date()).isoformat()}", match.span()


def _month_key(year: int, month: int) -> str:
    return f"m{year}-{month:02}"


def _day_key(year: str | None, month: int, day: int, published: Dated | None) -> str | None:
    if not 1 <= month <= 12 or not 1 <= day <= 31:  # noqa: PLR2004  (a calendar)
        return None
    if year is None and published is None:
        return f"d--{month:02}-{day:02}"
    try:
        if year is not None:
            return f"d{date(int(year), month, day).isoformat()}"
        assert published is not None
        near = published.at.date()
        around = [date(y, month, day) for y in (near.year - 1, near.year, near.year + 1)]
    except ValueError:
        return None
    return f"d{min(around, key=lambda one: abs(one - near)).isoformat()}"


def _near_day(word: str, published: date) -> date:
    """The day that a weekday or "yesterday" means; news tells of days just past, so a weekday is the latest one."""
    if word in NEAR_DAYS:
        return published + timedelta(days=NEAR_DAYS[word])
    return published - timedelta(days=(published.weekday() - WEEKDAYS[word]) % 7)


def may_name(folded: str, word: str) -> bool:
    """Whether a word is written as a name is: a capital first, and no article, role, weekday or month."""
    return word[0].isupper() and len(folded) > 1 and folded not in _NO_NAME


def opens(plain: str, at: int) -> bool:
    """Whether the word at that place of a sentence in `one_form` is capital by position alone."""
    before = plain[:at].rstrip(" (-")
    return not before or before[-1] in '.:!?"|[;•'


def in_title_case(title: str) -> bool:
    """Whether a headline writes most of its longer words with a capital, so that capitals tell nothing."""
    longer = re.findall(r"[^\W\d_]{4,}", title)
    return len(longer) > _TOO_FEW and sum(word[0].isupper() for word in longer) >= 0.7 * len(longer)


def blanked(folded: str, spans: Collection[tuple[int, int]]) -> str:
    """The sentence with the given spans blanked, so that the day of a date is not read as a number too."""
    for start, end in spans:
        folded = folded[:start] + " " * (end - start) + folded[end:]
    return folded
