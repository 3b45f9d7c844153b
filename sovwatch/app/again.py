"""Judging the archive again after the topics changed: only articles whose relevance differs are touched."""

from collections.abc import Mapping
from dataclasses import dataclass

from sovwatch.app.opening import App, Progress, silent
from sovwatch.judge import judge_one
from sovwatch.model import Verdict
from sovwatch.store import rejudging, telling
from sovwatch.stored import Row, verdicts


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
    with app.store.read() as c:
        every = rejudging.how_many(c)
    for done, row in enumerate(rejudging.judged_texts(app.store), start=1):
        progress("judging again", done, every)
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
        old_news = now - row["first_seen"] > app.settings.fresh
        judge_one(app.store, _into_memory(app, row) if old_news else row, app.bench, now=now)
    return found


def _into_memory(app: App, row: Row) -> Row:
    with app.store.write() as c:
        rejudging.into_memory(c, row["id"])
    return {**row, "standing": "memory"}


def _relevant(found: tuple[Verdict, ...]) -> dict[str, str]:
    return {verdict.topic: verdict.centrality for verdict in found if verdict.centrality is not None}


def _shown(topics: Mapping[str, str]) -> str:
    return ", ".join(name if central == "main" else f"({name})" for name, central in topics.items()) or "off topic"
