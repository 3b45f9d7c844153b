"""Looking without changing: export and explain."""

import csv
import json
import re
import sys
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, TextIO

import typer

from sovwatch.cli import given
from sovwatch.cli.frame import cli, for_programs, frame_of, show_json

FORMATS = ("jsonl", "csv")
COLUMNS = (
    "url", "original_url", "title", "outlet", "language", "published", "first_seen", "topics",
    "placement", "copy_of", "story", "seed", "new", "told",
)  # fmt: skip
_FORMULA = re.compile(r"['\s]*[=+\-@＝＋－＠]")  # how a cell begins that a spreadsheet runs (OWASP, "CSV Injection")


@cli.command()
def export(
    context: typer.Context,
    form: Annotated[str, typer.Option("--format", help="jsonl or csv.")] = "jsonl",
    since: Annotated[
        datetime | None,
        typer.Option(metavar="TIME", parser=given.time, help="Only what was first seen since then (UTC)."),
    ] = None,
    story: Annotated[
        int | None, typer.Option(metavar="STORY", parser=given.number, help="Only this story, with its history.")
    ] = None,
) -> None:
    """Write out every address read, with what came of it."""
    from datetime import UTC

    from sovwatch.app.steering import story_of
    from sovwatch.store import reading

    _check_format(form)
    start = since.replace(tzinfo=UTC) if since and since.tzinfo is None else since
    for_programs()
    with frame_of(context).app() as app, app.store.read() as c:
        if story is not None:
            story_of(app, story)  # refuses one that is none
        rows = reading.export(c, since=start, story=story)
        if form == "jsonl":
            for row in rows:
                typer.echo(json.dumps(row, ensure_ascii=False))
            return
        as_csv(rows, sys.stdout)


def _check_format(form: str) -> None:
    from sovwatch.settings import nearest

    if form not in FORMATS:
        known = f"{', '.join(FORMATS)}{nearest(form, FORMATS)}"
        raise typer.BadParameter(f"{form!r} is not one of {known}", param_hint="--format")


def as_csv(rows: Iterable[Mapping[str, Any]], file: TextIO) -> None:
    """Write an export as CSV: what is nested as JSON, topics as their names, and no formula (docs/export.md)."""
    writer = csv.DictWriter(file, fieldnames=COLUMNS)
    writer.writeheader()
    for row in rows:
        names = {"topics": " ".join(topic["topic"] for topic in row["topics"])}
        writer.writerow({key: _cell(value) for key, value in {**row, **names}.items()})


def _cell(value: Any) -> Any:
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


@cli.command()
def explain(
    context: typer.Context,
    url: Annotated[str | None, typer.Argument(metavar="URL")] = None,
    near: Annotated[bool, typer.Option("--near", help="List what fell just below a threshold instead.")] = False,
    limit: Annotated[
        int, typer.Option(metavar="N", parser=given.count, help="With --near: so many of each kind.")
    ] = 10,
) -> None:
    """Tell why an article was told, folded or left out. The whole trail, from where it was seen to who was told."""
    if near is (url is not None):
        raise typer.BadParameter("give either the address of an article or --near", param_hint="URL")
    if url is None:
        _near(context, limit)
        return
    from sovwatch.app.explaining import explain as trail_of
    from sovwatch.app.explaining import plain

    frame = frame_of(context)
    with frame.app() as app:
        trail = trail_of(app, url)
    if frame.json:
        show_json(plain(trail))
        return
    for line in trail.lines:
        typer.echo(line)


def _near(context: typer.Context, limit: int) -> None:
    from sovwatch.app import near

    frame = frame_of(context)
    with frame.app() as app:
        found = near.near(app, limit)
    if frame.json:
        show_json(near.plain(found))
        return
    for line in near.lines(found):
        typer.echo(line)
