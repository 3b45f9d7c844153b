"""A spider of an operator's own, from the folder of the configuration: what docs/sources.md shows, to the letter."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sovwatch.settings import CrawlSettings, Settings, SourceSettings
from spiders.trial import Trial, try_source
from tests import hostile as h

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
GUIDE = Path(__file__).parents[1] / "docs" / "sources.md"
FRONT = b"<table><tr class='story'><td><a href='/a/1'>Town votes</a></td></tr></table>"


def _try(home: Path, spider: str) -> Trial:
    with h.HostileNewsroom({"gazette.example/": h.plain(FRONT, Content_Type="text/html")}) as newsroom:
        limits = CrawlSettings(
            resolve={"*.example": newsroom.address}, delay=timedelta(), deadline=timedelta(seconds=40)
        )
        source = SourceSettings(
            id="gazette", url="http://gazette.example/", outlet="G", kind="spider", spider=spider, fetch="never"
        )
        return try_source(Settings(home=home, crawl=limits), source, now=NOW)


def test_the_spider_of_the_guide_reads_its_site(tmp_path: Path) -> None:
    (tmp_path / "spiders").mkdir()
    (tmp_path / "spiders" / "broken.py").write_text("1 / 0\n", encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "spiders" / "gazette.py").write_text(code, encoding="utf-8")

    trial = _try(tmp_path, "gazette")

    assert (trial.run.outcome, trial.run.detail) == ("fetched", "")
    assert [(one.url, one.title) for one in trial.articles] == [("http://gazette.example/a/1", "Town votes")]


def test_a_file_that_cannot_be_loaded_is_named(tmp_path: Path) -> None:
    (tmp_path / "spiders").mkdir()
    broken = tmp_path / "spiders" / "broken.py"
    broken.write_text("1 / 0\n", encoding="utf-8")

    run = _try(tmp_path, "gazette").run

    assert run.outcome == "failed"
    assert "no spider is called 'gazette'" in run.detail
    assert f"{broken} cannot be loaded: ZeroDivisionError: division by zero" in run.detail


def test_a_file_may_hold_whatever_a_module_may(tmp_path: Path) -> None:
    """A dataclass looks its module up while it is made."""
    (tmp_path / "spiders").mkdir()
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    row = "\n\nfrom dataclasses import dataclass\n\n\n@dataclass\nclass Row:\n    url: 'str'\n"
    (tmp_path / "spiders" / "gazette.py").write_text(code + row, encoding="utf-8")

    assert _try(tmp_path, "gazette").run.detail == ""
