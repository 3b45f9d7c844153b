"""Judging the archive again after the topics changed: only articles whose relevance differs are touched."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, select, update

from sovwatch import schema as t
from sovwatch.app.opening import App, Progress, silent
from sovwatch.judge import judge_one
from sovwatch.model import Verdict
from sovwatch.store import telling
from sovwatch.stored import verdicts

PAGE = 500  # articles read at once


@dataclass(frozen=True, slots=True)
class Changed:
    """An article that is judged otherwise now: its topics before and after, passing mentions in brackets."""

    url: str
    title: str
    before: str
    after: str


def again(app: App, *, dry_run: bool, progress: Progress = silent) -> list[Changed]:
    """Judge all articles whose text is kept again; those that differ are placed anew, unless it is a dry run.

    What was first seen longer ago than `fresh` becomes memory first: a changed profile must not tell old news.
    """
    found = []
    now = app.now()
    for done, row in enumerate(_archive(app), start=1):
        progress("judging again", done, None)
        new = verdicts(row, app.bench.topics)
        with app.store.read() as c:
            old = {
                topic["topic"]: topic["centrality"] for topic in telling.topics_of(c, [row["id"]]).get(row["id"], [])
            }
        if old == _relevant(new):
            continue
        found.append(Changed(row["url"], row["title"], _shown(old), _shown(_relevant(new))))
        if dry_run:
            continue
        if now - row["first_seen"] > app.settings.fresh:
            with app.store.write() as c:
                c.execute(update(t.article).where(t.article.c.id == row["id"]).values(standing="memory"))
            row = {**row, "standing": "memory"}  # noqa: PLW2901
        judge_one(app.store, row, app.bench, now=now)
    return found


def _archive(app: App) -> Iterator[RowMapping | Mapping[str, Any]]:
    last = 0
    while True:
        with app.store.read() as c:
            query = select(t.article).where(t.article.c.id > last, t.article.c.text.is_not(None), ~t.article.c.pending)
            rows = list(c.execute(query.order_by(t.article.c.id).limit(PAGE)).mappings())
        if not rows:
            return
        yield from rows
        last = rows[-1]["id"]


def _relevant(found: tuple[Verdict, ...]) -> dict[str, str]:
    return {verdict.topic: verdict.centrality for verdict in found if verdict.centrality is not None}


def _shown(topics: Mapping[str, str]) -> str:
    return ", ".join(name if central == "main" else f"({name})" for name, central in topics.items()) or "off topic"
