"""The program as an operator meets it: a real process, and a small configuration folder for it."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

SILENT = {"SLACK_BOT_TOKEN", "SOVWATCH_CONFIG", "SOVWATCH_DATABASE"}

TOPICS = """\
[alberta]
name = "Alberta separatism"
match = "all"
"""

CONFIGURATION = """\
database = "sqlite:///news.sqlite"
zone = "UTC"

[channels.desk]
kind = "terminal"
zone = "UTC"
"""


def sovwatch(
    *arguments: str | Path, cwd: Path, env: Mapping[str, str] | None = None, stdin: str = "", timeout: float = 240
) -> subprocess.CompletedProcess[str]:
    """Run `sovwatch`, with warnings as errors, without a terminal and without this shell's own settings."""
    inherited = {name: value for name, value in os.environ.items() if name not in SILENT}
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "sovwatch", *map(str, arguments)],
        cwd=cwd,
        env={**inherited, **(env or {})},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def on_terminal(*arguments: str, cwd: Path, columns: int) -> str:
    """Return what `sovwatch` shows on a terminal so wide, without colours."""
    shown = subprocess.run(
        ["script", "-qec", shlex.join([sys.executable, "-m", "sovwatch", *arguments]), "/dev/null"],
        cwd=cwd,
        env={**os.environ, "COLUMNS": str(columns)},
        capture_output=True,
        text=True,
        check=True,
    )
    return re.sub(r"\x1b\[\d*m", "", shown.stdout)


def a_home(folder: Path, configuration: str = CONFIGURATION, *, topics: str = TOPICS, sources: str = "") -> Path:
    """Write a configuration folder `config` in `folder` and return the path of its sovwatch.toml."""
    home = folder / "config"
    (home / "seeds").mkdir(parents=True, exist_ok=True)
    (home / "topics.toml").write_text(topics, encoding="utf-8")
    (home / "sources.toml").write_text(sources, encoding="utf-8")
    settings = home / "sovwatch.toml"
    settings.write_text(configuration, encoding="utf-8")
    return settings


def complaint(done: subprocess.CompletedProcess[str]) -> str:
    """The one line that the program said on standard error, and nothing else was said."""
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("sovwatch: "), lines[0]
    return lines[0].removeprefix("sovwatch: ")
