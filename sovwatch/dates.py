"""Dates as publishers write them, English and French, made into instants in UTC with their precision and evidence.

Read are ISO 8601 (also "2016" and "2016-05"), RFC 822, epochs in seconds and milliseconds, English and French dates
in words, and relative ones ("il y a 3 heures") where `now` is given. Canadian zone names are known in both languages:
HNE, HAE, HNR, HAR, MST, MDT, … A date in figures that could be read both ways (03/04/2026) is no date: a first-seen
instant is better than a wrong month.

Alternatives: dateutil takes unknown zone names as local time, dateparser guesses (and takes 30 ms), feedparser knows
no French and takes HAE and America/Edmonton silently as UTC.
"""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sovwatch.model import Dated, Precision
from sovwatch.text import without_accents

_HOURS = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "tuc": 0, "wet": 0, "bst": 1, "cet": 1, "west": 1, "cest": 2,
    "eet": 2, "eest": 3,
    "nst": -3.5, "hnt": -3.5, "ndt": -2.5, "hat": -2.5, "ast": -4, "hna": -4, "adt": -3, "haa": -3,
    "est": -5, "hne": -5, "edt": -4, "hae": -4, "cst": -6, "hnc": -6, "cdt": -5, "hac": -5,
    "mst": -7, "hnr": -7, "mdt": -6, "har": -6, "pst": -8, "hnp": -8, "pdt": -7, "hap": -7,
    "akst": -9, "akdt": -8, "hst": -10,
    "hny": -7, "hay": -7, "msk": 3, "jst": 9, "aest": 10, "aedt": 11,
}  # fmt: skip
_PLACES = {
    "et": "America/Toronto", "he": "America/Toronto", "ct": "America/Winnipeg", "hc": "America/Winnipeg",
    "mt": "America/Edmonton", "hr": "America/Edmonton", "pt": "America/Vancouver", "hp": "America/Vancouver",
    "at": "America/Halifax", "ha": "America/Halifax", "nt": "America/St_Johns", "ht": "America/St_Johns",
}  # fmt: skip
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan janvier janv", "february feb fevrier fevr fev", "march mar mars", "april apr avril avr",
            "may mai", "june jun juin", "july jul juillet juil", "august aug aout", "september sep sept septembre",
            "october oct octobre", "november nov novembre", "december dec decembre",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip

_MONTH = r"(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
_DAY = r"(?P<day>\d{1,2})(?:er|st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_IN_WORDS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{_DAY}[\s.\-]+(?:de\s+|of\s+)?{_MONTH}[,\s\-]+(?:de\s+)?(?P<year>\d{{4}}|\d{{2}}(?=\s+\d{{1,2}}:))\b",
        rf"\b{_MONTH}\s*{_DAY}\s*,?\s+{_YEAR}\b",
        rf"\b{_MONTH}\s+{_DAY}\s+(?P<clock>\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?:\s+[a-z]{{2,5}})?)\s+{_YEAR}\b",  # asctime
        rf"\b{_MONTH}\s*,?\s+{_YEAR}\b",
    )
)
_IN_FIGURES = (
    re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?=$|[^\d])"),
    re.compile(r"^(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?=$|t)"),
    re.compile(r"^(?P<year>\d{4})-(?P<month>\d{2})$"),
    re.compile(r"^(?P<year>\d{4})$"),
    re.compile(r"\b(?P<first>\d{1,2})[-/.](?P<second>\d{1,2})[-/.](?P<year>\d{4})\b"),
)
_CLOCK = re.compile(
    r"(?<![\d:+-])(?P<hour>\d{1,2})(?:\s*(?::|h(?:eures?)?\b|h(?=\d))\s*(?P<minute>\d{2})?(?::(?P<second>\d{2})(?:[.,]\d+)?)?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?(?![\d/])"
)
_COMPACT_CLOCK = re.compile(r"^t?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?(?=z|[+-]|$)")
_OFFSET = re.compile(r"(?:gmt|utc)?\s*(?P<sign>[+\-−])(?P<hours>\d{2}):?(?P<minutes>\d{2})?(?!\d)")
_ZONE_WORD = re.compile(r"^[\s(,]*(?P<name>[a-z]{1,5})\b")
_ZONE_WORDS = re.compile(
    r"^[\s(,]*(?:heure (?:normale |avancee )?(?:de l'|des |du )(?P<fr>est|rocheuses|pacifique|centre|atlantique)"
    r"|(?P<en>eastern|mountain|pacific|central|atlantic)(?: (?:standard|daylight))?(?: time)?)\b"
)
_SPELLED = {
    "est": "et", "eastern": "et", "rocheuses": "mt", "mountain": "mt", "pacifique": "pt", "pacific": "pt",
    "centre": "ct", "central": "ct", "atlantique": "at", "atlantic": "at",
}  # fmt: skip
_PLACE = re.compile(r"[A-Z][A-Za-z]+/[A-Z][A-Za-z_]+(?:/[A-Z][A-Za-z_]+)?")
_UNITS = {
    "second": 1, "seconde": 1, "sec": 1, "s": 1, "minute": 60, "min": 60, "mins": 60, "m": 60,
    "hour": 3600, "heure": 3600, "hr": 3600, "h": 3600, "day": 86400, "jour": 86400, "d": 86400, "j": 86400,
    "week": 604800, "semaine": 604800,
}  # fmt: skip
# What nearly all feeds write, read without a search.
_RFC_822 = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(\d\d?) ([A-Z][a-z]{2}) ([12]\d{3}) (\d\d):(\d\d):(\d\d) (?:GMT|([+-])([01]\d)([0-5]\d))"
)
_ISO_8601 = re.compile(r"[12]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-][01]\d:[0-5]\d)")
_AGO = re.compile(r"\b(?:il y a\s+)?(?P<number>\d+|an?|une?)\s*(?P<unit>[a-z]+?)s?(?:\s+ago)?\b")
_EPOCH = re.compile(r"^(?P<whole>\d{9,10}|\d{13})(?:\.\d+)?$")
_EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)  # before it no publisher had a feed or a page
_CLOCKS_DIFFER = timedelta(minutes=10)
_DAY_BEGINS = timedelta(hours=14)  # the easternmost zone's day begins so long before UTC's


def parse(text: str, *, zone: str = "UTC", evidence: str = "given", now: datetime | None = None) -> Dated | None:
    """Read a date; None where there is none. `zone` is for what names none; `now` allows "3 hours ago" and "hier"."""
    if (at := _usual(text)) is not None:
        return Dated(at, evidence=evidence)
    plain = _plain(text)
    if not plain or len(plain) > 200:  # noqa: PLR2004  (no date is longer; a paragraph is not searched)
        return None
    try:
        found = _epoch(plain) or _absolute(plain, text, zone) or (_relative(plain, zone, now) if now else None)
    except (ValueError, OverflowError):
        return None
    return replace(found, evidence=evidence) if found else None


def _usual(text: str) -> datetime | None:
    """An instant in one of the two usual forms; None where there is something to look at more closely."""
    try:
        if _ISO_8601.fullmatch(text):
            return datetime.fromisoformat(text).astimezone(UTC)
        if not (match := _RFC_822.fullmatch(text)) or (month := MONTHS.get(match[2].lower())) is None:
            return None
        day, year, hour, minute, second = map(int, match.group(1, 3, 4, 5, 6))
        at = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    if match[7] is None:
        return at
    east = timedelta(hours=int(match[8]), minutes=int(match[9]))
    return at - east if match[7] == "+" else at + east


def bounded(dated: Dated | None, *, now: datetime, since: datetime | None = None) -> Dated | None:
    """Return the date where it makes sense for what is read live: not in the future, not before `since` or the web."""
    if dated is None:
        return None
    slack = _CLOCKS_DIFFER if dated.precision is Precision.SECOND else _DAY_BEGINS
    return dated if (since or _EARLIEST) <= dated.at <= now + slack else None


def _plain(text: str) -> str:
    """Lower case, no accents, plain spaces and apostrophes."""
    return " ".join(without_accents(text.replace("’", "'").replace("−", "-")).lower().split())


def _epoch(plain: str) -> Dated | None:
    match = _EPOCH.match(plain)
    if not match:
        return None
    seconds = int(match["whole"]) / (1000 if len(match["whole"]) == 13 else 1)  # noqa: PLR2004  (milliseconds)
    return Dated(datetime.fromtimestamp(int(seconds), UTC))


def _absolute(plain: str, text: str, zone: str) -> Dated | None:
    for pattern in (*_IN_FIGURES, *_IN_WORDS):
        match = pattern.search(plain)
        if match and (day := _calendar(match.groupdict())):
            year, month, of_month = day
            clock_text = match.groupdict().get("clock") or ""
            rest = f"{clock_text} {plain[match.end() :]}" if clock_text else plain[match.end() :]
            before = plain[: match.start()]
            return _assembled(year, month, of_month, rest, before, _zone_of_place(text) or _zone(zone))
    return None


def _calendar(groups: dict[str, str | None]) -> tuple[int, int | None, int | None] | None:
    """Year, month and day of a match; None where it could be read in two ways."""
    written = groups["year"] or ""
    year = int(written)
    if len(written) == 2:  # noqa: PLR2004  (RFC 822; "0001" is what some systems write for no date)
        year += 2000 if year < 70 else 1900  # noqa: PLR2004
    if groups.get("first"):
        first, second = int(groups["first"] or 0), int(groups["second"] or 0)
        if first <= 12 and second <= 12 and first != second:  # noqa: PLR2004  (03/04: March or April?)
            return None
        return (year, second, first) if first > 12 else (year, first, second)  # noqa: PLR2004
    month = groups.get("month")
    if month is None:
        return (year, None, None)
    number = int(month) if month.isdigit() else MONTHS[month]
    return (year, number, int(groups["day"]) if groups.get("day") else None)  # type: ignore[arg-type]


def _assembled(year: int, month: int | None, day: int | None, rest: str, before: str, zone: tzinfo) -> Dated | None:
    if not 1000 <= year <= 9998:  # noqa: PLR2004
        return None
    first = datetime(year, month or 1, day or 1, tzinfo=zone)
    begins = max(_utc(first), first.replace(tzinfo=UTC))  # east of UTC it begins on the day before, which nobody wrote
    if month is None or day is None:
        return Dated(begins, Precision.YEAR if month is None else Precision.MONTH)
    for where in (rest, before):
        clock = _clock(where)
        if clock:
            of_day, after = clock
            return Dated(_utc(first.replace(tzinfo=None) + of_day, _zone_after(after) or zone))
    return Dated(begins, Precision.DAY)


def _clock(text: str) -> tuple[timedelta, str] | None:
    """A time of day and what follows it; "10" alone is none."""
    match = _COMPACT_CLOCK.match(text) or next((found for found in _CLOCK.finditer(text) if _is_clock(found)), None)
    if not match:
        return None
    groups = match.groupdict()
    hour, half = int(groups["hour"]), groups.get("half")
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    minute, second = int(groups.get("minute") or 0), int(groups.get("second") or 0)
    if hour > 24 or minute > 59 or second > 60:  # noqa: PLR2004  (24:00 is midnight, :60 a leap second)
        return None
    return timedelta(hours=hour, minutes=minute, seconds=second), text[match.end() :]


def _is_clock(match: re.Match[str]) -> bool:
    """Whether it has more than a bare number: minutes, an h, or a.m. and p.m."""
    return bool(match["minute"] or match["half"] or "h" in match[0])


def _zone_after(text: str) -> tzinfo | None:
    """The zone that is written after a time: an offset, or a name."""
    offset = _OFFSET.search(text[:40])
    if offset:
        span = timedelta(hours=int(offset["hours"]), minutes=int(offset["minutes"] or 0))
        return timezone(-span if offset["sign"] != "+" else span)
    if spelled := _ZONE_WORDS.match(text):
        return ZoneInfo(_PLACES[_SPELLED[spelled["fr"] or spelled["en"]]])
    word = _ZONE_WORD.match(text)
    if not word:
        return None
    name = word["name"]
    if name in _HOURS:
        return timezone(timedelta(hours=_HOURS[name]))
    return ZoneInfo(_PLACES[name]) if name in _PLACES else None


def _zone_of_place(text: str) -> tzinfo | None:
    """A zone written as America/Edmonton."""
    match = _PLACE.search(text)
    try:
        return ZoneInfo(match[0]) if match else None
    except (ZoneInfoNotFoundError, ValueError, OSError):  # some are folders of the zone database
        return None


def _zone(name: str) -> tzinfo:
    return UTC if name == "UTC" else ZoneInfo(name)


def _utc(moment: datetime, zone: tzinfo | None = None) -> datetime:
    return (moment.replace(tzinfo=zone) if zone else moment).astimezone(UTC)


def _relative(plain: str, zone: str, now: datetime) -> Dated | None:
    for words, days in ((("today", "aujourd'hui"), 0), (("yesterday", "hier"), 1), (("avant-hier",), 2)):
        if any(re.search(rf"(?<![\w-]){word}\b", plain) for word in words):
            local = now.astimezone(_zone(zone)) - timedelta(days=days)
            rest = plain.split(next(word for word in words if word in plain), 1)[1]
            return _assembled(local.year, local.month, local.day, rest, "", _zone(zone))
    match = _AGO.search(plain) if "ago" in plain or "il y a" in plain else None
    if not match or match["unit"] not in _UNITS:
        return None
    number = int(match["number"]) if match["number"].isdigit() else 1
    span = timedelta(seconds=number * _UNITS[match["unit"]])
    return Dated(now - span, Precision.DAY if span >= timedelta(days=1) else Precision.SECOND)
