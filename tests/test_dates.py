"""Dates as publishers write them, in both languages."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sovwatch.dates import _absolute, _plain, _usual, bounded, parse
from sovwatch.model import Dated, Precision

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
_INSTANTS = st.datetimes(datetime(1996, 1, 1), datetime(2060, 1, 1), timezones=st.timezones()).map(  # noqa: DTZ001
    lambda at: at.replace(microsecond=0)
)


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@given(_INSTANTS)
def test_iso_and_rfc_822_are_read_back_to_the_second(at: datetime) -> None:
    fixed = at.astimezone(UTC) if at.utcoffset() is None or at.utcoffset().seconds % 60 else at  # type: ignore[union-attr]
    for written in (fixed.isoformat(), fixed.isoformat(sep=" "), format_datetime(fixed)):
        assert parse(written) == Dated(fixed.astimezone(UTC))


_FIGURES = st.integers(0, 61).map("{:02}".format)
_OFFSETS = st.sampled_from(["GMT", "Z", "+0000", "-0500", "+05:30", "-03:30", "+1400", "EST", "", "-9900", "+0560"])
_FEED_DATES = st.one_of(
    st.builds(
        "{}{} {} {} {}:{}:{} {}".format,
        st.sampled_from(["Sat, ", "sam., ", ""]),
        st.sampled_from(["1", "01", "9", "29", "30", "31", "32", "0"]),
        st.sampled_from(["Jan", "Feb", "Sep", "Mai", "Fev", "Foo", "janv"]),
        st.sampled_from(["2026", "2024", "0026", "9999", "26"]),
        _FIGURES, _FIGURES, _FIGURES, _OFFSETS,
    ),
    st.builds(
        "{}-{}-{}T{}:{}:{}{}".format,
        st.sampled_from(["2026", "2024", "9999", "1000"]),
        st.sampled_from(["01", "02", "12", "13", "00"]), _FIGURES, _FIGURES, _FIGURES, _FIGURES, _OFFSETS,
    ),
)  # fmt: skip


@settings(max_examples=1000)
@given(_FEED_DATES)
@example("Sat, 21 Nov 2026 10:00:05 GMT")
@example("1 Jan 2026 00:30:00 +0530")
@example("31 Dec 2026 23:30:00 -0330")
@example("2026-11-21T10:00:05-05:00")
def test_the_shortcut_for_the_usual_forms_reads_what_a_search_would_find(text: str) -> None:
    at = _usual(text)
    assert at is None or Dated(at) == _absolute(_plain(text), text, "America/Toronto")


def test_the_usual_forms_take_the_shortcut() -> None:
    forms = ("Sat, 21 Nov 2026 10:00:05 GMT", "21 Nov 2026 05:00:05 -0500", "2026-11-21T10:00:05Z")
    assert [_usual(text) for text in forms] == [datetime(2026, 11, 21, 10, 0, 5, tzinfo=UTC)] * 3


@given(st.text(max_size=80))
def test_no_text_breaks_it(text: str) -> None:
    dated = parse(text, now=NOW, zone="America/Toronto")
    assert dated is None or dated.at.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("written", "at", "precision"),
    [
        ("2016", "2016-01-01", Precision.YEAR),
        ("2016-05", "2016-05-01", Precision.MONTH),
        ("May 2016", "2016-05-01", Precision.MONTH),
        ("mai 2016", "2016-05-01", Precision.MONTH),
        ("2026-01-29", "2026-01-29", Precision.DAY),
        ("20260129", "2026-01-29", Precision.DAY),
        ("29/01/2026", "2026-01-29", Precision.DAY),
        ("01/29/2026", "2026-01-29", Precision.DAY),
        ("05/05/2026", "2026-05-05", Precision.DAY),
        ("29 janvier 2026", "2026-01-29", Precision.DAY),
        ("le 1er février 2026", "2026-02-01", Precision.DAY),
        ("Jan. 29, 2026", "2026-01-29", Precision.DAY),
        ("Thursday, January 29th, 2026", "2026-01-29", Precision.DAY),
        ("2026-01-29T17:30:00.123Z", "2026-01-29T17:30:00", Precision.SECOND),
        ("20260129T173000Z", "2026-01-29T17:30:00", Precision.SECOND),
        ("2026-11-20T08:15:00-0500", "2026-11-20T13:15:00", Precision.SECOND),
        ("lun., 21 sept. 2026 10:13:00 -0400", "2026-09-21T14:13:00", Precision.SECOND),
        ("Mon, 21 Sep 2026 24:00:00 GMT", "2026-09-22T00:00:00", Precision.SECOND),
        ("21 Sep 26 10:13:00 HAE", "2026-09-21T14:13:00", Precision.SECOND),
        ("21 Sep 96 10:13:00 GMT", "1996-09-21T10:13:00", Precision.SECOND),
        ("January 29, 2026 12:30 p.m.", "2026-01-29T12:30:00", Precision.SECOND),
        ("January 29, 2026 12:30 a.m.", "2026-01-29T00:30:00", Precision.SECOND),
        ("29 janvier 2026 à 17 h 30 HNE", "2026-01-29T22:30:00", Precision.SECOND),
        ("Publié le 29 janv. 2026, 17h30 (HNR)", "2026-01-30T00:30:00", Precision.SECOND),
        ("29 juillet 2026 17 h HAR", "2026-07-29T23:00:00", Precision.SECOND),
        ("January 29, 2026 5:30 p.m. MST", "2026-01-30T00:30:00", Precision.SECOND),
        ("July 1, 2026 5:30 PM ET", "2026-07-01T21:30:00", Precision.SECOND),
        (
            "July 1, 2026 5:30 PM, by the desk of the Ledger at Fictionville -0530",
            "2026-07-01T17:30:00",
            Precision.SECOND,
        ),
        ("Published 5:30 PM EST, Jan 29, 2026", "2026-01-29T22:30:00", Precision.SECOND),
        ("2026-01-29 10:00:00 America/Edmonton", "2026-01-29T17:00:00", Precision.SECOND),
        ("Thu Jan 29 17:30:00 EST 2026", "2026-01-29T22:30:00", Precision.SECOND),
        ("29 janvier 2026 9 h 05 heure de l'Est", "2026-01-29T14:05:00", Precision.SECOND),
        ("1741619499", "2025-03-10T15:11:39", Precision.SECOND),
        ("1741619499000", "2025-03-10T15:11:39", Precision.SECOND),
        ("il y a 3 heures", "2026-11-22T09:00:00", Precision.SECOND),
        ("20 minutes ago", "2026-11-22T11:40:00", Precision.SECOND),
        ("an hour ago", "2026-11-22T11:00:00", Precision.SECOND),
        ("il y a une semaine", "2026-11-15T12:00:00", Precision.DAY),
        ("hier", "2026-11-21", Precision.DAY),
        ("yesterday at 10:15", "2026-11-21T10:15:00", Precision.SECOND),
        ("aujourd’hui à 7 h 10", "2026-11-22T07:10:00", Precision.SECOND),
    ],
)
def test_as_publishers_write(written: str, at: str, precision: Precision) -> None:
    assert parse(written, now=NOW) == Dated(_utc(at), precision)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "soon",
        "03/04/2026",
        "2026-13-45",
        "31 février 2026",
        "10:30",
        "14",
        "avril",
        "1-2-3",
        "0001-01-01T00:00:00",
        "Mon, 01 Jan 0001 00:00:00 GMT",
        "-0001-11-30T00:00:00Z",
    ],
)
def test_what_cannot_be_known_is_no_date(written: str) -> None:
    assert parse(written, now=NOW) is None


def test_a_date_without_a_zone_is_in_the_sources_own() -> None:
    toronto = datetime(2026, 7, 1, 9, tzinfo=ZoneInfo("America/Toronto"))
    assert parse("2026-07-01 09:00", zone="America/Toronto") == Dated(toronto.astimezone(UTC))
    assert parse("2026-07-01", zone="America/Toronto") == Dated(_utc("2026-07-01T04:00"), Precision.DAY)


@pytest.mark.parametrize(
    ("written", "begins", "precision"),
    [
        ("2026-07-21", "2026-07-21", Precision.DAY),
        ("2026-07", "2026-07-01", Precision.MONTH),
        ("2026", "2026-01-01", Precision.YEAR),
    ],
)
def test_a_day_east_of_utc_stays_that_day(written: str, begins: str, precision: Precision) -> None:
    """Its first instant there is of the day before it in UTC, by which days are written and compared."""
    assert parse(written, zone="Europe/Paris") == Dated(_utc(begins), precision)
    assert parse("hier", zone="Europe/Paris", now=NOW) == Dated(_utc("2026-11-21"), Precision.DAY)


def test_relative_dates_need_to_know_the_time() -> None:
    assert parse("3 hours ago") is None


def test_the_evidence_is_kept() -> None:
    assert parse("2026-07-01", evidence="json-ld") == Dated(_utc("2026-07-01"), Precision.DAY, "json-ld")


@pytest.mark.parametrize(
    ("dated", "makes_sense"),
    [
        (Dated(NOW), True),
        (Dated(NOW + timedelta(minutes=5)), True),
        (Dated(NOW + timedelta(hours=5)), False),
        (Dated(NOW + timedelta(hours=10), Precision.DAY), True),
        (Dated(_utc("2099-01-01")), False),
        (Dated(_utc("1970-01-01")), False),
        (Dated(_utc("1996-01-01")), True),
    ],
)
def test_a_live_feeds_date_is_bounded_by_sense(dated: Dated, makes_sense: bool) -> None:
    assert bounded(dated, now=NOW) == (dated if makes_sense else None)


def test_nothing_is_older_than_its_source() -> None:
    assert bounded(Dated(_utc("2020-01-01")), now=NOW, since=_utc("2021-01-01")) is None
    assert bounded(None, now=NOW) is None


@pytest.mark.parametrize("zone", ["America/Argentina", "America/Indiana", "Etc/Nowhere"])
def test_what_is_no_zone_is_passed_over(zone: str) -> None:
    """Some are folders of the zone database, and no zones."""
    assert parse(f"2026-01-29 10:00 {zone}") == Dated(datetime(2026, 1, 29, 10, tzinfo=UTC), Precision.SECOND, "given")
