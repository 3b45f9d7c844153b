"""The days and months that a sentence speaks of, resolved against the publication: "jeudi", "next month", "Oct. 19".

A weekday is the latest such day, publication included, since news tells of days just past; "next Thursday", "jeudi
prochain" and a weekday after "will" are the one to come; of "Thursday, March 5" only the date counts. A month or a day
without a year is the one nearest to publication; without publication its year is unknown.
"""

import re
from collections.abc import Container, Iterator
from datetime import date, timedelta
from functools import lru_cache

from sovwatch.dates import MONTHS

UNKNOWN_YEAR = "-"  # where nothing tells: m--03, d--03-08
JUST_PAST = 3  # days before publication that are the happening's own day, however it is called
Moment = tuple[str, tuple[int, int]]  # (key, span in the folded sentence)

_NAMES_OF_DAYS = (
    "monday lundi,tuesday mardi,wednesday mercredi,thursday jeudi,friday vendredi,saturday samedi,sunday dimanche"
)
WEEKDAYS = {name: number for number, names in enumerate(_NAMES_OF_DAYS.split(",")) for name in names.split()}
_MONTH = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?+"  # not "by Nov", without its "."
_BEFORE_MONTH = (
    "in|for|by|since|until|during|throughout|this|last|next|late|early|mid|of|en|d'ici|depuis|ce|cet|fin|debut|mi|"
    "au mois de|pour|de|d'|durant|des|jusqu'en"
)
_NO_OTHER_WORD = (  # a month without a word before it: "January was kind"
    "january|february|september|october|november|december|janvier|fevrier|juillet|septembre|octobre|novembre|decembre"
)
_YEAR = re.compile(r"(?<![\d$.,-])20\d\d(?![\d%,.-]\d|[ -]\d{2,3}\b)")
_LEAP = 2000  # a year that has every day
_FAR = 30  # years ahead that somebody sets a date in; beyond that it is a number
_ANY = re.compile(
    r"\b20\d\d\b|"
    + "|".join((*MONTHS, *WEEKDAYS, "today", "aujourd", "yesterday", "hier", "tomorrow", "demain", "month", "mois"))
    + "|spring|summer|fall|autumn|printemps|ete|automne"
)
_DATE = re.compile(
    rf"\b(?:(?P<y0>\d{{4}})-(?P<m0>\d\d)-(?P<d0>\d\d)"
    rf"|(?P<d1>\d{{1,2}})(?:er|st|nd|rd|th)?[ -](?:of )?(?P<m1>{_MONTH})(?:,? (?P<y1>(?:19|20)\d\d))?"
    rf"|(?P<m2>{_MONTH}) (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?![.,]?\d|:| ?%)(?:,? (?P<y2>(?:19|20)\d\d))?"
    rf"|(?P<m3>{_MONTH}),? (?:of |de )?(?P<y3>(?:19|20)\d\d)"
    rf"|(?:{_BEFORE_MONTH})[ -]?(?P<m4>{_MONTH})(?! \d)"
    rf"|(?P<m5>{_NO_OTHER_WORD})\b(?! \d))"
)
_WEEKDAY = re.compile(
    rf"(?P<before>\b(?:next|coming|will \w+(?: \w+)?(?: on)?) )?\b(?P<day>{'|'.join(WEEKDAYS)})\b"
    r"(?P<after> (?:prochain|next))?"
)
_ITS_DATE = re.compile(r",? (?:le )?")  # between a weekday and its date
NEAR_DAYS = {"today": 0, "aujourd'hui": 0, "yesterday": -1, "hier": -1, "tomorrow": 1, "demain": 1}
_NEAR_DAY = re.compile(rf"(?<![\w-])(?:{'|'.join(NEAR_DAYS)})\b")  # no movement that is called Oui-Demain
_NEAR_MONTH = re.compile(
    r"\b(?:(?P<next>next month|le mois prochain|mois prochain)|(?P<last>last month|le mois dernier|mois dernier))\b"
)
_SEASON = re.compile(r"\b(?P<season>spring|summer|fall|autumn|printemps|ete prochain|cet ete|automne)\b")
_SEASONS = {
    "spring": 4,
    "printemps": 4,
    "summer": 7,
    "ete prochain": 7,
    "cet ete": 7,
    "fall": 10,
    "autumn": 10,
    "automne": 10,
}


@lru_cache(maxsize=256)  # sentences: an article is read for its fingerprint, and then for what it states
def moments(folded: str, published: date | None) -> tuple[Moment, ...]:
    """Days (d2026-10-19), months (m2026-10), years to come (y2029) and seasons (s2026-10); of a day its month too."""
    return tuple(_moments(folded, published)) if _ANY.search(folded) else ()


def _moments(folded: str, published: date | None) -> Iterator[Moment]:
    dated = [(key, match.span()) for match in _DATE.finditer(folded) for key in _dated(match, published)]
    yield from dated
    if published is not None:
        yield from _counted(folded, published, {span[0] for key, span in dated if key[0] == "d"})


def _counted(folded: str, published: date, days: Container[int]) -> Iterator[Moment]:
    """Those that count from the publication, but weekdays of the `days`, which begin there."""
    for match in _WEEKDAY.finditer(folded):
        between = _ITS_DATE.match(folded, match.end())
        if between is None or between.end() not in days:
            yield f"d{_weekday(match, published).isoformat()}", match.span()
    for match in _NEAR_DAY.finditer(folded):
        yield f"d{(published + timedelta(days=NEAR_DAYS[match[0]])).isoformat()}", match.span()
    for match in _NEAR_MONTH.finditer(folded):
        shift = 1 if match["next"] else -1
        yield f"m{_shifted(published, shift)}", match.span()
    for match in _YEAR.finditer(folded):
        if published.year < int(match[0]) <= published.year + _FAR:
            yield f"y{match[0]}", match.span()
    for match in _SEASON.finditer(folded):
        yield f"s{published.year}-{_SEASONS[match['season']]:02}", match.span()


def _dated(match: re.Match[str], published: date | None) -> Iterator[str]:
    year, month, day = (
        next(
            (match[f"{part}{n}"] for n in range(6) if f"{part}{n}" in match.re.groupindex and match[f"{part}{n}"]), None
        )
        for part in "ymd"
    )
    assert month is not None
    number = int(month) if month.isdigit() else MONTHS[month.rstrip(".")]
    if not 1 <= number <= 12:  # noqa: PLR2004
        return
    past = match[0].startswith(("since", "last", "depuis"))
    nearest = _nearest_year(number, published, past=past) if published else UNKNOWN_YEAR
    whole = year or nearest
    yield f"m{whole}-{number:02}"
    if day and _is_day(whole, number, int(day)):
        yield f"d{whole}-{number:02}-{int(day):02}"


def _is_day(year: str | int, month: int, day: int) -> bool:
    """Whether the calendar has the day: texts have 31 June, and 29 February of any year."""
    try:
        date(_LEAP if year == UNKNOWN_YEAR else int(year), month, day)
    except ValueError:
        return False
    return True


def _nearest_year(month: int, published: date, *, past: bool) -> int:
    """The year in which that month is nearest to publication, the last one where `past`."""
    if past:
        return published.year - (month > published.month)
    ahead = (month - published.month) % 12
    return published.year + ((published.month + ahead - 1) // 12 if ahead <= 9 else -(month > published.month))  # noqa: PLR2004


def _weekday(match: re.Match[str], published: date) -> date:
    number = WEEKDAYS[match["day"]]
    if match["before"] or match["after"]:
        return published + timedelta(days=(number - published.weekday() - 1) % 7 + 1)
    return published - timedelta(days=(published.weekday() - number) % 7)


def _shifted(published: date, months: int) -> str:
    total = published.year * 12 + published.month - 1 + months
    return f"{total // 12}-{total % 12 + 1:02}"
