"""Nothing that the program says counts wrongly: none, one and two of each thing, in both languages."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from alerts.labels import NBSP
from alerts.reasons import in_french
from alerts.words import Words
from sovwatch.app.pacing import Paced
from sovwatch.app.running import RunReport, reading, summary
from sovwatch.app.status import Status, lines
from sovwatch.model import Footer
from sovwatch.store.fleet import Fleet
from sovwatch.wording import counted, lasting

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FOLDED = "2 reprises regroupées"
ONE_OF_MANY = re.compile(r"(?<![\d.,])1[ \u00a0](?!MB|s\b)\w+(?:s|ies)\b")


@pytest.mark.parametrize(("number", "expected"), [(0, "0 stories"), (1, "1 story"), (2, "2 stories")])
def test_things_are_counted(number: int, expected: str) -> None:
    assert counted(number, "story", "stories") == expected
    assert counted(number, "word") == expected.replace("story", "word").replace("stories", "words")


@pytest.mark.parametrize(
    ("minutes", "english", "french"),
    [
        (0.1, "less than a minute", "moins d’une minute"),
        (1, "1 minute", f"1{NBSP}minute"),
        (90, "90 minutes", f"90{NBSP}minutes"),
        (121, "2 hours", f"2{NBSP}heures"),
        (47 * 60, "47 hours", f"47{NBSP}heures"),
        (48 * 60, "2 days", f"2{NBSP}jours"),
        (152 * 24 * 60, "152 days", f"152{NBSP}jours"),
    ],
)
def test_lengths_of_time_are_said_as_exactly_as_it_matters(minutes: float, english: str, french: str) -> None:
    assert lasting(timedelta(minutes=minutes)) == english
    assert in_french(english) == french


def _status(number: int) -> Status:
    fleet = Fleet(**dict.fromkeys(("workers", "silent", "failed"), number), queues={})
    return Status(
        now=NOW,
        last_run=None,
        last_reading=None,
        next_source=NOW + timedelta(seconds=number),
        next_digests={"desk": NOW + timedelta(minutes=number)},
        sources=number,
        ill={},
        unread=0,
        remarks={},
        paced=(str(Paced("weekly.example", number, float(number), 1)),),
        waiting=number,
        held=number,
        oldest_waiting=None,
        errors=(),
        articles=number,
        pending=number,
        read_week=number,
        on_topic_week=number,
        stories_week=number,
        to_seen=float(number),
        to_told=float(number),
        database_bytes=number,
        fleet=fleet,
    )


def test_one_of_each_is_one_on_the_status_and_after_a_run() -> None:
    report = RunReport()
    report.collected.sources = report.collected.new = 1
    said = [*lines(_status(1), "America/Edmonton"), reading(report.collected), summary(report)]
    assert [line for line in said if ONE_OF_MANY.search(line)] == []
    assert "archive       1 article, 1 to be judged, 0.0 MB" in said
    assert "read 1 source (0 unchanged), 1 new article" in said
    assert next(line for line in said if line.startswith("next source")).endswith("(in less than a minute)")


@pytest.mark.parametrize(
    ("language", "number", "expected"),
    [
        ("en", 0, "0 articles read · 0 on topic"),
        ("en", 1, "1 article read · 1 on topic · 1 not judged yet · 1 copy folded · 1 repeat held back · 1 waiting"),
        (
            "en",
            2,
            "2 articles read · 2 on topic · 2 not judged yet · 2 copies folded · 2 repeats held back · 2 waiting",
        ),
        ("fr", 0, "0 article lu · 0 sur le sujet"),
        (
            "fr",
            1,
            "1 article lu · 1 sur le sujet · 1 pas encore jugé · 1 reprise regroupée · 1 redite écartée · 1 en attente",
        ),
        (
            "fr",
            2,
            f"2 articles lus · 2 sur le sujet · 2 pas encore jugés · {FOLDED} · 2 redites écartées · 2 en attente",
        ),
    ],
)
def test_a_digests_footer_counts_in_its_language(language: str, number: int, expected: str) -> None:
    counts = dict.fromkeys(("read", "on_topic", "unjudged", "copies", "repeats", "waiting"), number)
    footer = Footer(**counts)  # type: ignore[arg-type]
    said = Words(language, "UTC", NOW).footer(footer)
    assert [line.replace(NBSP, " ") for line in said] == [expected]
