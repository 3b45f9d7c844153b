"""Sources: list them, try one, find new ones, exchange them as OPML."""

import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sovwatch.cli.frame import Frame, cli, frame_of, progress, show_json, show_table, warn
from sovwatch.desk import at_desk
from sovwatch.wording import counted

if TYPE_CHECKING:
    from spiders.trial import Trial

sources = typer.Typer(help="Where news comes from: list, try, discover, export, import.", no_args_is_help=True)
cli.add_typer(sources, name="sources")


@sources.command("list")
def list_(context: typer.Context) -> None:
    """List the sources, with when they were read and how they do."""
    from dataclasses import asdict

    from sovwatch.app.sourcing import listed

    frame = frame_of(context)
    with frame.app() as app:
        rows, zone = listed(app), app.settings.zone
    if frame.json:
        show_json([asdict(row) for row in rows])
        return
    columns = ["source", "outlet", "kind", "lang", "last read", "next due", "health"]
    shown = [
        [row.id, row.outlet, row.kind, row.language, _soon(row.last_read, zone), _soon(row.next_due, zone), row.health]
        for row in rows
    ]
    show_table(columns, shown)


@sources.command("try")
def try_(
    context: typer.Context,
    what: Annotated[
        list[str] | None, typer.Argument(metavar="[ID|URL]...", help="Sources, or addresses of feeds.")
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Try every source that is switched on: for a first day.")
    ] = False,
    kind: Annotated[str, typer.Option("--kind", help="What an address is: feed, sitemap or listing.")] = "feed",
) -> None:
    """Fetch a source now and show what would be read. Entry by entry; nothing is remembered."""
    frame = frame_of(context)
    if every:
        _try_all(frame)
        return
    if not what:
        raise typer.BadParameter("name a source or an address, or give --all")
    from dataclasses import asdict

    from sovwatch.app.sourcing import try_one

    settings, trials = frame.settings(), []
    for one in what:
        trials.append(try_one(settings, one, kind=kind))
        if not frame.json:
            _show_trial(trials[-1], settings.zone)
    if frame.json:
        show_json([asdict(trial) for trial in trials])
    raise typer.Exit(int(any(trial.run.outcome == "failed" for trial in trials)))


def _try_all(frame: Frame) -> None:
    from sovwatch.app.sourcing import try_all

    settings, rows = frame.settings(), []
    total = sum(source.enabled for source in settings.sources)
    with progress() as tell:
        for done, one in enumerate(try_all(settings), start=1):
            tell("trying sources", done, total)
            rows.append({name: getattr(one, name) for name in ("source", "outcome", "entries", "status", "detail")})
    if frame.json:
        show_json(rows)
    else:
        _show_runs(rows)
    raise typer.Exit(int(any(row["outcome"] == "failed" for row in rows)))


def _show_runs(rows: Sequence[Mapping[str, object]]) -> None:
    show_table(
        ["source", "outcome", "entries", "what went wrong"],
        [[str(row["source"]), str(row["outcome"]), str(row["entries"]), str(row["detail"])] for row in rows],
    )


def _show_trial(trial: "Trial", zone: str) -> None:
    from spiders.cures import cure

    run = trial.run
    typer.echo(
        f"{run.source}: {run.outcome}, {counted(run.entries, 'entry', 'entries')}, {counted(run.size, 'byte')}"
        + (f": {run.detail}" if run.detail else "")
        + (f" ({todo})" if (todo := cure(run.detail)) else "")
    )
    rows = [
        [_minute(a.published.at if a.published else None, zone), a.page, f"{len(a.text.split())}", a.title, a.url]
        for a in trial.articles
    ]
    if rows:
        show_table(["published", "page", "words", "title", "address"], rows)


@sources.command("discover")
def discover(context: typer.Context, url: Annotated[str, typer.Argument(metavar="URL")]) -> None:
    """Find a site's feeds and news sitemaps."""
    from dataclasses import asdict

    from sovwatch.app.sourcing import discover as look

    frame = frame_of(context)
    settings = frame.settings()
    site = look(settings, url)
    if frame.json:
        show_json([asdict(one) for one in site.found])
    elif site.found:
        show_table(
            ["kind", "entries", "newest", "address"],
            [[one.kind, str(one.entries), _minute(one.newest, settings.zone), one.url] for one in site.found],
        )
    if not site.found:
        warn(f"sovwatch: {url}: {site.why} ({site.cure})")
        raise typer.Exit(1)


@sources.command("export")
def export(context: typer.Context) -> None:
    """Write the sources as OPML to standard output."""
    from spiders.opml import write

    sys.stdout.buffer.write(write(frame_of(context).settings().sources))


@sources.command("import")
def import_(context: typer.Context, file: Annotated[Path, typer.Argument(metavar="FILE.opml")]) -> None:
    """Add the feeds of an OPML file to sources.toml. Those that are there already stay as they are."""
    from sovwatch.app.sourcing import import_opml

    frame = frame_of(context)
    settings = frame.settings()
    added, known = import_opml(settings, file)
    if frame.json:
        show_json({"added": added, "known": known})
        return
    typer.echo(f"{added} added to {settings.home / 'sources.toml'}, {known} known already")


def _minute(at: datetime | None, zone: str) -> str:
    return at_desk(at, zone) if at else "–"


def _soon(at: datetime | None, zone: str) -> str:
    """Without year and zone: there is room for neither, and both are the desk's."""
    return at_desk(at, zone)[5:16] if at else "–"
