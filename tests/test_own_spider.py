"""A spider of an operator's own, from the folder of the configuration: what docs/sources.md shows, to the letter."""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sovwatch.settings import CrawlSettings, Settings, SourceSettings
from spiders.guard import open_to_others, untrusted
from spiders.trial import Trial, try_source
from tests import hostile as h

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
GUIDE = Path(__file__).parents[1] / "docs" / "sources.md"
FRONT = b"<table><tr class='story'><td><a href='/a/1'>Town votes</a></td></tr></table>"


@pytest.fixture(autouse=True)
def _plain_umask() -> Iterator[None]:
    """Many desktops let the group write what is made."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def _try(home: Path, spider: str) -> Trial:
    with h.HostileNewsroom({"gazette.example/": h.plain(FRONT, Content_Type="text/html")}) as newsroom:
        limits = CrawlSettings(resolve={"*.example": newsroom.address}, delay=timedelta())
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


@pytest.mark.parametrize(("what", "mode"), [(".", 0o020), ("spiders", 0o002), ("spiders/gazette.py", 0o020)])
def test_a_spider_that_others_may_change_is_not_run(tmp_path: Path, what: str, mode: int) -> None:
    (tmp_path / "spiders").mkdir()
    proof = tmp_path / "ran"
    (tmp_path / "spiders" / "gazette.py").write_text(f"open({str(proof)!r}, 'w')\n", encoding="utf-8")
    open_one = tmp_path / what
    open_one.chmod(open_one.stat().st_mode | mode)

    run = _try(tmp_path, "gazette").run

    assert (run.outcome, proof.exists()) == ("failed", False)
    assert f"{open_one} may be changed by others and is not run: chmod go-w {open_one}" in run.detail
    assert untrusted(tmp_path) == [f"{open_one} may be changed by others and is not run: chmod go-w {open_one}"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_a_spider_of_another_user_is_not_run(tmp_path: Path) -> None:
    (tmp_path / "spiders").mkdir()
    path = tmp_path / "spiders" / "gazette.py"
    path.touch()
    os.chown(path, 12345, 0)
    said = f"{path} belongs to another user and is not run: chown it to root, or to who runs sovwatch"
    assert untrusted(tmp_path) == [said]


@pytest.mark.skipif(Path("/etc/passwd").stat().st_uid != 0, reason="a machine without root")
def test_what_belongs_to_root_is_trusted_by_everyone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 64_000)
    assert open_to_others(Path("/etc/passwd")) == ""
    assert (open_to_others(tmp_path) == "") is (tmp_path.stat().st_uid == 0)


def test_a_file_may_hold_whatever_a_module_may(tmp_path: Path) -> None:
    """A dataclass looks its module up while it is made."""
    (tmp_path / "spiders").mkdir()
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    row = "\n\nfrom dataclasses import dataclass\n\n\n@dataclass\nclass Row:\n    url: 'str'\n"
    (tmp_path / "spiders" / "gazette.py").write_text(code + row, encoding="utf-8")

    assert _try(tmp_path, "gazette").run.detail == ""
