"""A short soak; `python -m benchmarks.soak` makes the long one."""

from pathlib import Path

import pytest

from benchmarks.soak import Soak


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_no_story_is_lost_and_none_is_told_twice_in_days_of_trouble(tmp_path: Path) -> None:
    figures = Soak(tmp_path, days=2, runs=5, seed=3).run()

    assert figures.runs > 10
    assert figures.killed + figures.source_failures > 0
    assert figures.told > 0
    assert (figures.lost, figures.told_twice, figures.doubled) == ([], [], [])
    assert (figures.undelivered, figures.owed) == (0, 0)
