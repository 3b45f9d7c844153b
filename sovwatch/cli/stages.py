"""The stages as commands, and `run`, which does all that is due."""

import json
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sovwatch.cli import given
from sovwatch.cli.frame import Frame, cli, frame_of, progress, say, show_json, show_table, warn
from sovwatch.wording import counted

EARLIEST, LATEST = 1970, 9000  # years that a preview may be of: beyond them calendars end

if TYPE_CHECKING:
    from alerts.outbox import DeliveryReport
    from sovwatch.app import App
    from sovwatch.model import Digest


@cli.command()
def run(context: typer.Context) -> None:
    """Do all that is due, once. Read sources, judge, compose digests, deliver: what cron calls."""
    from sovwatch.app import run as run_all
    from sovwatch.app.running import summary

    frame = frame_of(context)
    with frame.app() as app, progress() as tell, frame.aside():
        report = run_all(app, tell)
    if frame.json:
        show_json(asdict(report))
    else:
        say(summary(report))
        _warn_of(report.delivered)
    raise typer.Exit(int(report.judged.failed > 0))


@cli.command()
def collect(
    context: typer.Context,
    source: Annotated[
        list[str] | None, typer.Argument(metavar="[SOURCE]...", help="Read these now, whether due or not.")
    ] = None,
) -> None:
    """Read the sources that are due."""
    from sovwatch.app.collecting import collect as collect_due
    from sovwatch.app.running import enrol, reading

    frame = frame_of(context)
    with frame.app() as app, progress() as tell, app.lease():
        enrol(app)
        report = collect_due(app, source or (), tell)
    if frame.json:
        show_json(asdict(report))
        return
    say(reading(report))


@cli.command()
def judge(
    context: typer.Context,
    again: Annotated[bool, typer.Option("--again", help="Judge the archive again, after topics.toml changed.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="With --again: show what would change.")] = False,
) -> None:
    """Judge what was read. Relevance, copies, stories, what is known already, what is new."""
    from sovwatch.app.running import judge_all

    frame = frame_of(context)
    if again:
        _judge_again(frame, dry_run=dry_run)
        return
    with frame.app() as app, progress() as tell, app.lease():
        report = judge_all(app, tell)
    if frame.json:
        show_json(asdict(report))
    else:
        copies = counted(report.placements.get("copy", 0), "copy", "copies")
        say(f"judged {report.judged}: {report.on_topic} on topic, {copies}")
    raise typer.Exit(int(report.failed > 0))


def _judge_again(frame: Frame, *, dry_run: bool) -> None:
    from sovwatch.app.again import again

    with frame.app() as app, app.lease(), progress() as tell:
        changes = again(app, dry_run=dry_run, progress=tell)
    if frame.json:
        show_json([asdict(one) for one in changes])
        return
    show_table(
        ["before", "after", "title", "address"], [[one.before, one.after, one.title, one.url] for one in changes]
    )
    typer.echo(f"{counted(len(changes), 'article')} {'would change' if dry_run else 'changed'}")


@cli.command()
def digest(
    context: typer.Context,
    preview: Annotated[
        bool, typer.Option("--preview", help="Show what a channel would get; write and send nothing.")
    ] = False,
    channel: Annotated[list[str] | None, typer.Option("--channel", metavar="NAME", help="Only this channel.")] = None,
    at: Annotated[
        datetime | None,
        typer.Option("--at", metavar="TIME", parser=given.time, help="With --preview: as if it were that time."),
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", help="With --preview: write it as an HTML page, one a channel.")
    ] = None,
) -> None:
    """Compose a digest of all that is untold now. `deliver` sends it."""
    from sovwatch.app import telling

    _check_options(at, html, preview=preview)
    frame = frame_of(context)
    with frame.app() as app:
        names = _channels(app.settings.channels, channel)
        if preview:
            _preview(app, names, at, html, as_json=frame.json)
            return
        with app.lease():
            report = telling.digest(app, only_due=False, channels=names)
    if frame.json:
        show_json(asdict(report))
        return
    say(f"promised {counted(len(report.promised), 'message')}")


def _check_options(at: datetime | None, html: Path | None, *, preview: bool) -> None:
    if (at or html) and not preview:
        raise typer.BadParameter("goes with --preview", param_hint="--at" if at else "--html")
    if at and not EARLIEST <= at.year <= LATEST:
        raise typer.BadParameter(f"a year from {EARLIEST} to {LATEST}", param_hint="--at")


def _preview(app: "App", names: list[str], at: datetime | None, html: Path | None, *, as_json: bool) -> None:
    """Show what each channel would get, under its name where there are several; a page bears it in that of its file."""
    from alerts.files import as_name
    from alerts.promise import pack
    from sovwatch.app import telling
    from sovwatch.desk import from_desk

    when = from_desk(at, app.settings.zone) if at else None
    several = len(names) > 1
    composed = {name: telling.preview(app, name, when) for name in names}
    if as_json:
        show_json({name: json.loads(pack(one)) if one else None for name, one in composed.items()})
    for name, one in composed.items():
        if html and one:
            _write_page(one, html.with_stem(f"{html.stem}-{as_name(name)}") if several else html)
        elif not as_json:
            _show_preview(one, name if several and not html else "")


def _show_preview(composed: "Digest | None", name: str) -> None:
    from alerts.console import show

    if name:
        typer.echo(f"Channel {name}:")
    if composed:
        show(composed)
    else:
        typer.echo("Nothing is new, and the channel wants no word about that.")


def _write_page(composed: "Digest", file: Path) -> None:
    from alerts.page import page
    from sovwatch.errors import ConfigurationError

    try:
        file.write_text(page(composed), encoding="utf-8")
    except OSError as error:
        raise ConfigurationError("--html", f"{file} cannot be written: {error.strerror}") from None


@cli.command()
def deliver(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what waits, and send nothing.")] = False,
    drop: Annotated[
        str | None, typer.Option("--drop", metavar="CHANNEL", help="Give up what this channel was promised.")
    ] = None,
) -> None:
    """Deliver what is promised. What waits for an operator is tried at once."""
    from sovwatch.app.running import deliver as deliver_promised

    frame = frame_of(context)
    with frame.app() as app:
        if dry_run:
            _show_waiting(app, as_json=frame.json)
            return
        with app.lease():
            if drop is not None:
                _drop(app, drop, as_json=frame.json)
                return
            with frame.aside():
                report = deliver_promised(app, held_too=True)
    if frame.json:
        show_json(asdict(report) if report else {"delivered": 0})
        return
    say(f"delivered {counted(report.delivered if report else 0, 'message')}")
    _warn_of(report)


@cli.command()
def ingest(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="JSON lines with url, title, text …; - is standard input.")
    ],
    tell: Annotated[bool, typer.Option("--tell", help="Tell channels of them too, as of news.")] = False,
) -> None:
    """Read articles from a file and judge them: memory, unless --tell."""
    from sovwatch.app.ingesting import ingest as ingest_lines
    from sovwatch.app.running import enrol, judge_all
    from sovwatch.errors import ConfigurationError

    frame = frame_of(context)
    try:
        lines = sys.stdin if str(file) == "-" else file.open(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise ConfigurationError(str(file), f"cannot be read: {error.strerror}") from None
    with frame.app() as app, progress() as show, app.lease(), lines:
        enrol(app)
        report = ingest_lines(app, lines, tell=tell, progress=show)
        judged = judge_all(app, show)
    for number, problem in report.bad:
        warn(f"{file}:{number}: {problem}")
    if frame.json:
        show_json({**asdict(report), "judged": asdict(judged)})
    else:
        read = f"{counted(report.read, 'article')}, {report.new} new"
        say(f"read {read}; {judged.on_topic} of {judged.judged} judged are on topic")
    if report.bad:
        raise typer.Exit(1)


@cli.command()
def daemon(context: typer.Context) -> None:
    """Run by itself until stopped. Calls `run` as sources and digests fall due."""
    from sovwatch.daemon import serve

    frame = frame_of(context)
    frame.settings(level="info")
    serve(frame.config)


def _channels(known: "Any", wanted: list[str] | None) -> list[str]:
    from sovwatch.errors import ConfigurationError
    from sovwatch.settings import nearest

    for name in wanted or ():
        if name not in known:
            raise ConfigurationError("--channel", f"no channel is called {name!r}{nearest(name, known)}")
    return wanted or list(known)


def _show_waiting(app: "App", *, as_json: bool) -> None:
    from sovwatch.store import queue

    with app.store.read() as c:
        rows = queue.undelivered(c)
    if as_json:
        show_json([{name: row[name] for name in ("channel", "key", "error", "cure")} for row in rows])
        return
    for row in rows:
        typer.echo(f"{row['channel']}  {row['key']}  {row['error'] or 'waits to be sent'}")
    if not rows:
        say("nothing waits")


def _drop(app: "App", channel: str, *, as_json: bool) -> None:
    """Give up what a channel was promised, and say which stories it will not be told of."""
    from alerts.promise import headlines
    from sovwatch.errors import ConfigurationError
    from sovwatch.settings import nearest
    from sovwatch.store import queue

    with app.store.write(durable=True) as c:
        known = {*app.settings.channels, *queue.channels(c)}
        if channel not in known:
            problem = f"nothing was ever promised to a channel {channel!r}{nearest(channel, known)}"
            raise ConfigurationError("--drop", problem, "`sovwatch deliver --dry-run`")
        given_up = queue.drop(c, channel, app.now())
    lost = [headline for payload in given_up for headline in headlines(payload)]
    if as_json:
        show_json({"messages": len(given_up), "headlines": lost})
        return
    say(f"gave up {counted(len(given_up), 'message')} to {channel}")
    for headline in lost:  # the only trace of them, also where it goes into a file
        typer.echo(f"  {headline}")


def _warn_of(report: "DeliveryReport | None") -> None:
    for held in report.held if report else ():
        warn(f"channel {held.channel}: {held.error} ({held.cure}; then `sovwatch deliver`)")
