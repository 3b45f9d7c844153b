"""Every command, option and key stands in the documentation, and what stands there exists."""

import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from pydantic import BaseModel

from sovwatch.cli import cli
from sovwatch.cli.frame import NEWCOMERS_ORDER
from sovwatch.settings import (
    ChannelSettings,
    CrawlSettings,
    DaemonSettings,
    LogSettings,
    MailSettings,
    RetentionSettings,
    Settings,
    SharedSettings,
    SlackSettings,
    SourceSettings,
    TopicSettings,
    WorkerSettings,
    load,
)
from tests.command import a_home

ROOT = Path(__file__).parent.parent
DOCS = "".join(file.read_text(encoding="utf-8") for file in sorted((ROOT / "docs").rglob("*.md")))
COMMANDS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
KEYS = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
SECRET = {"home", "token", "password", "ping"}
FILES = {"sources", "shared", "topics", "channels"}
SECTIONS: dict[str, type[BaseModel]] = {
    "At the top": Settings,
    "`[channels.NAME]`": ChannelSettings,
    "`[slack]`": SlackSettings,
    "`[mail]`": MailSettings,
    "`[crawl]`": CrawlSettings,
    "`[retention]`": RetentionSettings,
    "`[log]`": LogSettings,
    "`[daemon]`": DaemonSettings,
    "`[worker]`": WorkerSettings,
    "sources.toml": SourceSettings,
    "topics.toml, `[TOPIC]`": TopicSettings,
    "topics.toml, `[shared.NAME]`": SharedSettings,
}


def commands(command: Any, path: str = "sovwatch") -> Iterator[tuple[str, Any]]:
    if not hasattr(command, "commands"):
        yield path, command
        return
    for name, sub in command.commands.items():
        yield from commands(sub, f"{path} {name}")


ALL = dict(commands(typer.main.get_command(cli)))


def test_every_command_and_option_stands_in_the_documentation() -> None:
    missing = [path for path in ALL if f"`{path}" not in COMMANDS]
    for path, command in ALL.items():
        row = next((line for line in COMMANDS.splitlines() if f"| `{path}" in line), "")
        options = [option for given in command.params for option in given.opts if option.startswith("--")]
        missing += [f"{path} {option}" for option in options if option != "--help" and f"`{option}" not in row]
    assert missing == []


def test_every_command_in_the_documentation_exists() -> None:
    named = {match.strip() for match in re.findall(r"^\| `(sovwatch(?: [a-z]+)+)", COMMANDS, re.MULTILINE)}
    assert {name for name in named if not any(name == path or name.startswith(f"{path} ") for path in ALL)} == set()


def test_help_lists_every_command_where_a_newcomer_looks_for_it() -> None:
    command: Any = typer.main.get_command(cli)

    assert command.list_commands(typer.Context(command)) == list(NEWCOMERS_ORDER)


@pytest.mark.parametrize("section", SECTIONS)
def test_the_keys_in_the_documentation_are_those_of_the_program(section: str) -> None:
    model = SECTIONS[section]
    tables = {name for name, field in Settings.model_fields.items() if _is_table(field.annotation)}
    known = set(model.model_fields) - SECRET - (tables | FILES if model is Settings else set())

    assert _documented(section) == known


def test_every_test_that_the_threat_list_names_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs" / "security.md").read_text(encoding="utf-8")))
    written = {
        name
        for file in (ROOT / "tests").glob("test_*.py")
        for name in re.findall(r"^(?:async )?def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
    }

    assert len(named) > 20
    assert named - written == set()


def _is_table(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _documented(section: str) -> set[str]:
    body = next(part for part in KEYS.split("\n## ") if part.startswith(section))
    cells = [line.split("|")[1] for line in body.splitlines() if line.startswith("| `")]
    if not cells:  # a section that lists its keys in a sentence
        cells = [body.partition("\n")[2]]
        return set(re.findall(r"`([a-z_]+)`", cells[0])) - {"profile", "all", "shared"}
    return {name for cell in cells for name in re.findall(r"`([a-z_]+)`", cell)}


def test_the_defaults_in_the_documentation_are_those_of_the_program(tmp_path: Path) -> None:
    """Each default that is written as TOML is set, and changes nothing."""
    lines = []
    for section, model in SECTIONS.items():
        if model in {SourceSettings, TopicSettings, SharedSettings}:
            continue
        table = {"At the top": "", "`[channels.NAME]`": "[channels.desk]"}.get(section, section.strip("`"))
        lines.append(table)
        lines += [f"{key} = {value}" for key, value in _defaults(section)]
    written = load(a_home(tmp_path, "\n".join(lines)), {})
    plain = load(a_home(tmp_path, "[channels.desk]"), {})

    assert written == plain
    assert len(lines) > 50


def _defaults(section: str) -> Iterator[tuple[str, str]]:
    body = next(part for part in KEYS.split("\n## ") if part.startswith(section))
    for line in body.splitlines():
        if line.startswith("| `"):
            cells = [cell.strip() for cell in line.split("|")]
            keys, values = re.findall(r"`(\w+)`", cells[1]), re.findall(r"`([^`]+)`", cells[2])
            if len(keys) == len(values) and " in the " not in cells[2]:
                yield from zip(keys, values, strict=True)


def test_every_measurement_that_is_a_command_stands_in_the_documentation() -> None:
    files = (ROOT / "benchmarks").glob("*.py")
    made = {f"benchmarks.{file.stem}" for file in files if "__main__" in file.read_text(encoding="utf-8")}
    assert len(made) > 10
    assert {name for name in made if f"python -m {name}" not in DOCS} == set()


PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
ROOMS = ("sovwatch", "spiders", "alerts")
MODULES = [file for folder in (*ROOMS, "benchmarks") for file in (ROOT / folder).rglob("*.py")]


def test_every_link_in_the_documentation_leads_somewhere() -> None:
    links = [
        (page.parent / link).resolve()
        for page in PAGES
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    ]
    assert len(links) > 20
    assert [link for link in links if not link.exists()] == []


QUALITY = (ROOT / "docs" / "quality.md").read_text(encoding="utf-8").partition("## What is measured")


def _row(start: str) -> str:
    """The figures of the row below the summary of docs/quality.md that begins so."""
    return next(line.partition(" | ")[2] for line in QUALITY[2].splitlines() if line.startswith(f"| {start}"))


@pytest.mark.parametrize(
    ("row", "first", "last"),
    [
        ("**blind**: real coverage", 0, 4),
        ("copies F1 on `coverage/`", 1, 2),
        ("stories B-cubed F1 on `coverage/`", 0, 1),
        ("… across languages, F1", 0, 1),
        ("`benchmarks/affairs`: `year`, `decade`", 0, 2),
        ("openings of `coverage/`", 0, 4),
        ("the press, English", 2, 4),
        ("the press, French", 2, 4),
        ("told all", 0, 1),
    ],
)
def test_the_summary_of_quality_says_what_the_page_says_below(row: str, first: int, last: int) -> None:
    reached = re.findall(r"(?<![\d(])\d?\.\d{2,3}\b", _row(row))[first:last]

    assert len(reached) == last - first
    assert [figure for figure in reached if figure not in QUALITY[0]] == []


@pytest.mark.parametrize("row", ["86 articles and 339 pairs", "… the last batches", "… two batches"])
def test_the_summary_of_quality_counts_what_was_held_back_as_the_page_does(row: str) -> None:
    counted = re.findall(r"\d+ of \d+", _row(row))

    assert len(counted) == 2
    assert [count for count in counted if count not in QUALITY[0]] == []


def test_the_summary_of_quality_adds_up_the_false_alarms() -> None:
    cells = re.findall(r"(\d+) of (\d+)", _row("… false alarms among"))

    assert len(cells) == 4
    assert f"of {sum(int(of) for _, of in cells)} others" in QUALITY[0]
    assert f"{sum(int(alarms) for alarms, _ in cells)} false alarms, {cells[3][0]} of them French" in QUALITY[0]


def test_the_figures_that_the_readme_repeats_stand_in_the_documentation() -> None:
    repeated = re.findall(r"\d+,\d{3}", (ROOT / "README.md").read_text(encoding="utf-8"))

    assert len(repeated) > 2
    assert [figure for figure in repeated if figure not in DOCS] == []


def test_every_page_decision_and_module_that_is_named_exists() -> None:
    decisions = {file.name[:4] for file in (ROOT / "docs" / "decisions").iterdir()}
    named = 0
    for file in (*PAGES, *MODULES):
        said = file.read_text(encoding="utf-8")
        assert set(re.findall(r"decisions/(\d{4})", said)) <= decisions, file
        assert [name for name in re.findall(r"\bdocs/[\w/-]+\.md", said) if not (ROOT / name).exists()] == [], file
        dotted = re.findall(rf"`((?:{'|'.join(ROOMS)})\.(?!toml)[\w.]+)`", said)
        assert [name for name in dotted if not _is_there(name)] == [], file
        named += len(dotted)
    assert named > 20


DECISIONS = {file.name[:4]: file for file in sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))}


@pytest.mark.parametrize("number", DECISIONS)
def test_every_decision_says_whether_it_stands_as_the_index_does(number: str) -> None:
    file = DECISIONS[number]
    index = (file.parent / "README.md").read_text(encoding="utf-8")
    row = next(line for line in index.splitlines() if line.startswith(f"| [{number}]({file.name})"))
    said = re.findall(r"^\*Status: (.+)\*$", file.read_text(encoding="utf-8"), re.MULTILINE)
    over = re.findall(r"superseded by \[?(\d{4})", said[0])

    assert len(said) == 1
    assert over or said[0].startswith("standing")
    assert row.endswith(f"| superseded by {over[0]} |" if over else "| standing |")
    assert set(over) <= set(DECISIONS)


def test_the_index_of_decisions_names_the_numbers_that_were_never_used() -> None:
    index = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8").partition("|")[0]
    used = {int(number) for number in DECISIONS}

    assert {int(number) for number in re.findall(r"\d{4}", index)} == set(range(1, max(used) + 1)) - used


def _is_there(name: str) -> bool:
    """Whether a dotted name is a module, or something in one."""
    try:
        pkgutil.resolve_name(name)
    except (ImportError, AttributeError):
        return False
    return True
