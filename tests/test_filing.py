"""Files of the operator are written whole or not at all."""

import os
from errno import ENOSPC, EROFS
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sovwatch.app import App, open_app, seeding
from sovwatch.app.sourcing import import_opml
from sovwatch.app.starter import copy_starter
from sovwatch.cli import cli
from sovwatch.errors import ConfigurationError
from sovwatch.filing import put
from sovwatch.settings import load
from tests.command import a_home

OPML = '<opml version="2.0"><body><outline text="Weekly" xmlUrl="https://weekly.example/feed"/></body></opml>'


def listing(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def add_seed(home: Path) -> None:
    app: App = open_app(load(home / "sovwatch.toml", {}))
    try:
        seeding.add(app, str(home.parent / "text"), name="a", happened=None, affair=None, title=None)
    finally:
        app.store.close()


def import_feeds(home: Path) -> None:
    import_opml(load(home / "sovwatch.toml", {}), home.parent / "opml")


@pytest.mark.parametrize("command", [add_seed, import_feeds, copy_starter])
def test_what_meets_a_full_disk_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: object
) -> None:
    home = a_home(tmp_path).parent
    (tmp_path / "text").write_text("A judge ruled on Monday that the petition may go ahead.", encoding="utf-8")
    (tmp_path / "opml").write_text(OPML, encoding="utf-8")
    open_app(load(home / "sovwatch.toml", {})).store.close()
    target = tmp_path / "new" if command is copy_starter else home
    before = listing(tmp_path)

    def full(_: int) -> None:
        raise OSError(ENOSPC, os.strerror(ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(ConfigurationError, match=r"cannot be written: No space left on device \(free some space"):
            command(target)  # type: ignore[operator]
    after = listing(tmp_path)
    assert {name: body for name, body in after.items() if "sqlite" not in name} == {
        name: body for name, body in before.items() if "sqlite" not in name
    }
    command(target)  # type: ignore[operator]
    assert len(listing(tmp_path)) > len(before) or "weekly.example" in (home / "sources.toml").read_text()


def test_a_file_that_is_written_anew_keeps_its_mode_and_the_links_to_it(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_text("old", encoding="utf-8")
    real.chmod(0o640)
    link.symlink_to(real)
    put(link, "new")
    assert (real.read_text(encoding="utf-8"), link.is_symlink(), real.stat().st_mode & 0o777) == ("new", True, 0o640)
    put(tmp_path / "first", b"1")
    assert (tmp_path / "first").stat().st_mode & 0o777 == 0o644


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_a_file_of_another_user_stays_theirs(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.write_text("old", encoding="utf-8")
    os.chown(theirs, 1234, 1235)
    put(theirs, "new")
    assert (theirs.read_text(encoding="utf-8"), theirs.stat().st_uid, theirs.stat().st_gid) == ("new", 1234, 1235)


def test_a_card_that_exists_is_not_written_over(tmp_path: Path) -> None:
    home = a_home(tmp_path).parent
    (tmp_path / "text").write_text("A judge ruled on Monday that the petition may go ahead.", encoding="utf-8")
    add_seed(home)
    before = listing(home / "seeds")
    (tmp_path / "text").write_text("Another judge ruled on Tuesday that it may not.", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="this seed exists"):
        add_seed(home)
    assert listing(home / "seeds") == before


def test_a_card_that_cannot_be_removed_is_named_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = a_home(tmp_path).parent
    put(home / "seeds" / "a.toml", "")

    def refuse(_: Path) -> None:
        raise OSError(EROFS, os.strerror(EROFS))  # root, as whom tests run, may write whatever its mode is

    monkeypatch.setattr(Path, "unlink", refuse)
    found = CliRunner().invoke(cli, ["--config", str(home / "sovwatch.toml"), "seeds", "remove", "a"])
    assert isinstance(found.exception, ConfigurationError)
    assert "seeds/a.toml: cannot be removed: Read-only file system (" in str(found.exception)
