"""What all commands share: the global options, opening the program, progress, tables and JSON."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, redirect_stdout
from dataclasses import dataclass
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from sovwatch.app import App
    from sovwatch.app.opening import Progress
    from sovwatch.settings import Settings

SHORT = 11  # characters of a cell that is never broken: "02-05 16:40", "2026-01-29"
NEWCOMERS_ORDER = (  # of the commands in --help
    *("init", "check", "run", "daemon", "worker", "status", "search", "explain", "evaluate", "demo"),
    *("collect", "judge", "digest", "deliver", "sources", "seeds"),
    *("mute", "mutes", "follow", "stories", "slack", "ingest", "export", "database"),
)


class Ordered(TyperGroup):
    """The commands as a newcomer needs them; typer would list them by module, and groups last."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names, in order; one that is not in the list comes at the end."""
        place = {name: number for number, name in enumerate(NEWCOMERS_ORDER)}
        return sorted(super().list_commands(ctx), key=lambda name: place.get(name, len(place)))


cli = typer.Typer(
    name="sovwatch",
    cls=Ordered,
    help="Watch the news on Alberta and Quebec separatism, in English and French, and tell each story once.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@dataclass(slots=True)
class Frame:
    """The global options."""

    config: Path | None
    json: bool

    def settings(self, *, level: str = "warning") -> "Settings":
        """The configuration that the options and the environment name; what goes wrong is logged from here on."""
        from sovwatch.app import journal
        from sovwatch.settings import load

        settings = load(self.config)
        journal.start(settings, level=level)
        return settings

    @contextmanager
    def app(self) -> "Iterator[App]":
        """The open program; closed again when the command is done."""
        from sovwatch.app import open_app

        app = open_app(self.settings())
        try:
            yield app
        finally:
            app.store.close()

    def aside(self) -> AbstractContextManager[object]:
        """While this holds, what terminal channels are told goes to standard error where the output is to be JSON."""
        return redirect_stdout(sys.stderr) if self.json else nullcontext()

    def did(self, line: str, **values: Any) -> None:
        """What came of a command: values for a program, or a line for a person at a terminal."""
        if self.json:
            show_json(values)
        else:
            say(line)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"sovwatch {version('sovwatch')}")
        raise typer.Exit


@cli.callback()
def _frame(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option(
            "--config", metavar="PATH", help="Configuration file; else $SOVWATCH_CONFIG, else ./config/sovwatch.toml."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON where a program may read it.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    del version
    context.obj = Frame(config, as_json)


def frame_of(context: typer.Context) -> Frame:
    """The global options of a command."""
    frame = context.obj
    assert isinstance(frame, Frame)
    return frame


@contextmanager
def progress() -> "Iterator[Progress]":
    """A progress bar on a terminal; nothing elsewhere, so that cron mails only trouble."""
    if not sys.stderr.isatty():
        from sovwatch.app.opening import silent

        yield silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:18}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, Any] = {}

        def tell(what: str, done: int, total: int | None) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total)
            bars.update(tasks[what], completed=done, total=total)

        yield tell


def say(line: str) -> None:
    """A line for a person at a terminal; silent under cron."""
    if sys.stdout.isatty():
        typer.echo(line)


def warn(line: str) -> None:
    """A line about trouble, for whoever reads standard error."""
    typer.echo(line, err=True)


def for_programs() -> None:
    """Write what follows in UTF-8, whatever the locale: JSON is nothing else, and nothing may be replaced."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")


def show_json(value: Any) -> None:
    """Print a value as JSON; instants as ISO 8601."""
    for_programs()
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    return str(value)


def show_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table: fitted to a terminal, with its first column, which one types, and its short ones whole.

    Elsewhere it is a line a row, uncut.
    """
    if not sys.stdout.isatty():
        widths = [max(map(len, cells)) for cells in zip(columns, *rows, strict=True)]
        for row in (columns, *rows):
            typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, (name, *cells) in enumerate(zip(columns, *rows, strict=True)):
        short = max(map(len, (name, *cells))) <= SHORT
        table.add_column(name, no_wrap=number == 0 or short, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)
