"""For operators: a first configuration, the doctor, the demo."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from sovwatch.cli import given
from sovwatch.cli.frame import cli, frame_of, say, show_json

if TYPE_CHECKING:
    from sovwatch.store.searching import Hit


@cli.command()
def init(context: typer.Context, folder: Annotated[Path, typer.Argument(metavar="[DIR]")] = Path()) -> None:
    """Write an editable configuration into DIR/config. What is there already stays as it is."""
    from sovwatch.app.starter import copy_starter

    written, kept = copy_starter(folder / "config")
    if frame_of(context).json:
        show_json({"wrote": written, "kept": kept})
        return
    for path in written:
        typer.echo(f"wrote  {path}")
    for path in kept:
        typer.echo(f"kept   {path}")
    typer.echo(f"Next: edit {folder / 'config' / 'sovwatch.toml'}, then `sovwatch check`.")


@cli.command()
def check(context: typer.Context) -> None:
    """Say what is in order and what is not. From configuration and database to network and Slack, with the cure."""
    from sovwatch.app.doctor import examine, verdict

    frame = frame_of(context)
    findings = examine(frame.config)
    if frame.json:
        show_json([{"what": one.what, "state": one.state, "detail": one.detail, "cure": one.cure} for one in findings])
    else:
        for one in findings:
            typer.echo(f"{one.state:8} {one.what}: {one.detail}" + (f" → {one.cure}" if one.cure else ""))
    raise typer.Exit(verdict(findings))


@cli.command()
def status(context: typer.Context) -> None:
    """Tell how it goes, in one screen. The last run, what is due, ill sources, what waits, how fast news is told."""
    from sovwatch.app.status import lines
    from sovwatch.app.status import status as look

    frame = frame_of(context)
    with frame.app() as app:
        app.require_schedules()
        found, zone = look(app), app.settings.zone
    if frame.json:
        show_json(asdict(found))
        return
    for line in lines(found, zone):
        typer.echo(line)


@cli.command()
def search(
    context: typer.Context,
    words: Annotated[list[str], typer.Argument(metavar="WORDS...", help='"a phrase", separat* for any ending.')],
    limit: Annotated[int, typer.Option(metavar="N", parser=given.count, help="The newest so many.")] = 20,
) -> None:
    """Find articles by words of title and text. Accents and case do not matter."""
    from sovwatch.store.searching import search as find

    frame = frame_of(context)
    with frame.app() as app, app.store.read() as c:
        hits, zone = find(c, " ".join(words), limit), ZoneInfo(app.settings.zone)
    if frame.json:
        show_json([asdict(hit) for hit in hits])
        return
    if not hits:
        say("nothing found; `separat*` finds every ending")
    for hit in hits:
        story = f" · story {hit.story}" if hit.story is not None else ""
        typer.echo(f"{_day(hit, zone)}  {hit.outlet or '–'}: {hit.title}\n            {hit.url}{story}")


def _day(hit: "Hit", zone: ZoneInfo) -> str:
    """When it was published, as far as that is known: a first reading sees the news of weeks on one day."""
    if hit.published is not None and "T" not in hit.published:
        return f"{hit.published:10}"
    at = datetime.fromisoformat(hit.published) if hit.published else hit.first_seen
    return f"{at.astimezone(zone):%Y-%m-%d}"


@cli.command()
def demo(
    out: Annotated[Path, typer.Option("--out", help="Where the page with the conversation is written.")] = Path(
        "demo.html"
    ),
) -> None:
    """Play six days of an invented newsroom on this machine. It needs no account and no network."""
    _refuse_unwritable(out)
    from sovwatch.demo.play import demo as play_demo

    raise typer.Exit(play_demo(out))


def _refuse_unwritable(out: Path) -> None:
    """Try now what would else be tried after a minute of play, and leave no trace of it."""
    from sovwatch.errors import ConfigurationError

    try:
        new = not out.exists()
        out.open("a").close()
        if new:
            out.unlink()
    except OSError as error:
        problem = f"{out} cannot be written: {error.strerror}"
        raise ConfigurationError("--out", problem, "name a file in a folder that you may write") from None
