"""The archive that judging is measured on is one that the program would have left: it finds its stories in it."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from benchmarks import archive, judging
from benchmarks.reports import PERIOD, REPORTS, Reporter
from sovwatch import schema as t
from sovwatch.app.running import judge_all
from sovwatch.background import shipped
from sovwatch.fingerprints import Fingerprint
from sovwatch.pairs import odds
from sovwatch.region import ENOUGH

KNOWN = 10 * PERIOD


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(archive, "SAMPLES", 2 * PERIOD)
    archive.fill(tmp_path / "known.sqlite", KNOWN)
    return tmp_path / "known.sqlite"


def test_new_reports_make_the_stories_that_they_are_of_and_no_known_ones_one(file: Path) -> None:
    app = judging._opened(file.parent, f"sqlite:///{file}")
    new = [row["id"] for row in judging._arrived(app, PERIOD)]
    judge_all(app)
    with app.store.read() as c:
        j = t.judgement.c
        stories = Counter(c.execute(select(j.story).where(j.article.in_(new))).scalars())
        assert sorted(stories.values()) == sorted(REPORTS)
        assert c.execute(select(func.count(t.story.c.merged_into))).scalar_one() == 0
        assert c.execute(select(func.count(t.story.c.id))).scalar_one() == (KNOWN // PERIOD + 1) * len(REPORTS)
    app.store.close()


def test_what_is_exchanged_leaves_happenings_whole_and_strangers_strangers() -> None:
    reports = [archive.sampled(report) for report in Reporter(1).reports(PERIOD + 1)]
    one, other, stranger = reports[-3:]  # the last two of a happening, and the next
    at = archive.NOW - timedelta(hours=1)
    first, second, third = (Fingerprint.unpack(archive.exchanged(each, 7, at)) for each in (one, other, stranger))
    again = Fingerprint.unpack(archive.exchanged(one, 8, at))
    assert first.published == at
    assert first.shingles.isdisjoint(again.shingles)
    assert set(first.copy_keys()).isdisjoint(again.copy_keys())
    assert odds(first, second, shipped()) > 0.5
    assert odds(first, third, shipped()) < ENOUGH["texts"]
