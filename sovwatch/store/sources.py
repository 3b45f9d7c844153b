"""When sources are due, and how they do."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from sovwatch import schema as t
from sovwatch.model import Due, SourceRun
from sovwatch.store.storable import plain

CHUNK = 400  # names a statement
RUNS_KEPT = timedelta(days=60)  # of the history that expected volumes are learned from


def known(c: Connection) -> set[str]:
    """The ids of all sources that have a row."""
    return set(c.execute(select(t.source.c.id)).scalars())


def enrol(c: Connection, names: Iterable[str], now: datetime) -> None:
    """Make rows for sources that are new in the configuration; they are due at once."""
    there = known(c)
    if fresh := [{"id": name, "next_due": now} for name in names if name not in there]:
        c.execute(insert(t.source), fresh)


def due(c: Connection, names: Iterable[str], now: datetime) -> list[Due]:
    """Of these sources, those that are due, the longest overdue first.

    The names are compared here: PostgreSQL takes 65,535 parameters a statement, SQLite 32,766, and fleets have more.
    """
    wanted = frozenset(names)
    query = select(t.source).where(t.source.c.next_due <= now).order_by(t.source.c.next_due, t.source.c.id)
    return [_due(row) for row in c.execute(query).mappings() if row["id"] in wanted]


def named(c: Connection, names: Sequence[str]) -> list[Due]:
    """These sources, whether they are due or not."""
    return [_due(row) for row in c.execute(select(t.source).where(t.source.c.id.in_(names))).mappings()]


def _due(row: RowMapping) -> Due:
    return Due(
        source=row["id"],
        etag=row["etag"],
        last_modified=row["last_modified"],
        body_hash=row["body_hash"],
        first_reading=row["first_read"] is None,
    )


def next_due(c: Connection, names: Iterable[str]) -> datetime | None:
    """When the next of these sources is due."""
    wanted = frozenset(names)
    rows = c.execute(select(t.source.c.id, t.source.c.next_due).order_by(t.source.c.next_due))
    return next((at for name, at in rows if name in wanted), None)


def state(c: Connection, name: str) -> RowMapping | None:
    """All that is remembered of a source."""
    return c.execute(select(t.source).where(t.source.c.id == name)).mappings().one_or_none()


def states(c: Connection) -> dict[str, RowMapping]:
    """All that is remembered of all sources, by id."""
    return {row["id"]: row for row in c.execute(select(t.source)).mappings()}


def last_ok(c: Connection, names: Sequence[str]) -> dict[str, datetime | None]:
    """When each of these sources was last read well; asked by name, since a fleet's job reads few of very many."""
    s = t.source.c
    found: dict[str, datetime | None] = {}
    for start in range(0, len(names), CHUNK):
        asked = select(s.id, s.last_ok).where(s.id.in_(names[start : start + CHUNK]))
        found |= {name: at for name, at in c.execute(asked)}  # noqa: C416  (rows are no pairs to the type checker)
    return found


def runs(c: Connection, name: str, limit: int = 50) -> list[RowMapping]:
    """The newest readings of a source, the newest first."""
    query = (
        select(t.source_run).where(t.source_run.c.source == name).order_by(t.source_run.c.started.desc()).limit(limit)
    )
    return list(c.execute(query).mappings())


def record(c: Connection, run: SourceRun, *, next_due: datetime, interval: timedelta) -> None:
    """Write how a reading went, and when the next is due."""
    c.execute(
        insert(t.source_run).values(
            source=run.source,
            started=run.started,
            finished=run.finished,
            outcome=run.outcome,
            detail=plain(run.detail),
            status=run.status,
            entries=run.entries,
            new=run.new,
            size=run.size,
        )
    )
    values: dict[str, Any] = {"next_due": next_due, "interval": interval.total_seconds(), "last_read": run.finished}
    if run.outcome == "failed":
        values["failures"] = t.source.c.failures + 1
    else:
        values |= {
            "failures": 0,
            "last_ok": run.finished,
            "first_read": func.coalesce(t.source.c.first_read, run.finished),
        }
        if run.new:
            values["last_new"] = run.finished
        if run.moved_to:
            values["moved_to"] = run.moved_to
    if run.outcome == "fetched":
        values |= {"body_hash": run.body_hash}
        values |= {name: plain(value) if (value := getattr(run, name)) else None for name in ("etag", "last_modified")}
    c.execute(update(t.source).where(t.source.c.id == run.source).values(values))


def ill(c: Connection, name: str, why: str | None, now: datetime) -> None:
    """Note that a source is ill, since now unless it was already; or, with None, that it is well."""
    values = (
        {"ill_since": func.coalesce(t.source.c.ill_since, now), "ill_why": why}
        if why
        else {"ill_since": None, "ill_why": None}
    )
    c.execute(update(t.source).where(t.source.c.id == name).values(values))


def forget_runs(c: Connection, now: datetime) -> int:
    """Drop the history that nothing is learned from any more."""
    return c.execute(delete(t.source_run).where(t.source_run.c.started < now - RUNS_KEPT)).rowcount


def ill_names(c: Connection) -> list[str]:
    """The ids of sources that are ill."""
    return list(
        c.execute(select(t.source.c.id).where(t.source.c.ill_since.is_not(None)).order_by(t.source.c.id)).scalars()
    )


def rhythm(c: Connection, name: str, limit: int = 30) -> list[datetime]:
    """When a source's newest articles were published, the newest first: what its polling is adapted to."""
    a = t.article.c
    query = select(a.published).where(a.source == name, a.published.is_not(None)).order_by(a.id.desc()).limit(limit)
    return sorted(c.execute(query).scalars(), reverse=True)


def to_tell(c: Connection, ill_before: datetime, *, hold: bool = False) -> tuple[list[RowMapping], list[RowMapping]]:
    """The sources ill since before then that operators do not know of, and those well again that they know as ill.

    Whoever is about to tell may `hold` them, so that nobody else does until the transaction ends.
    """
    s = t.source.c
    ill = select(t.source).where(s.ill_since <= ill_before, s.ill_told.is_(None)).order_by(s.id)
    well = select(t.source).where(s.ill_since.is_(None), s.ill_told.is_not(None)).order_by(s.id)
    if hold:
        ill, well = ill.with_for_update(), well.with_for_update()
    return list(c.execute(ill).mappings()), list(c.execute(well).mappings())


def told_health(c: Connection, ill: Sequence[str], well: Sequence[str], now: datetime) -> None:
    """Note that operators were told that these are ill, and those well again."""
    c.execute(update(t.source).where(t.source.c.id.in_(ill)).values(ill_told=now))
    c.execute(update(t.source).where(t.source.c.id.in_(well)).values(ill_told=None))
