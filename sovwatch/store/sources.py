"""When sources are due, and how they do."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    bindparam,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from sovwatch import schema as t
from sovwatch.model import Due, SourceRun
from sovwatch.polling import NEWEST
from sovwatch.store.lists import CHUNK, batches
from sovwatch.store.storable import plain

WHOLE = timedelta(days=1)  # once in that time a source is asked for what it lists whatever version of it is known
OK = 200  # the status of such an answer
AHEAD = timedelta(hours=1)  # what was read further ahead of now was read by a clock that was wrong
RUNS_KEPT = timedelta(days=7)  # for people who wonder; at 100,000 sources some 67 million readings
HISTORY = 12  # the newest readings of a source, that its health is judged by, are kept however old they are


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

    The names are compared here: fleets have more than a statement takes.
    """
    wanted = frozenset(names)
    query = select(t.source).where(_is_due(now)).order_by(t.source.c.next_due, t.source.c.id)
    return _dues(c, [row for row in c.execute(query).mappings() if row["id"] in wanted], now)


def named(c: Connection, names: Sequence[str], now: datetime) -> list[Due]:
    """These sources, whether they are due or not, the longest overdue first."""
    query = select(t.source).where(t.source.c.id.in_(names)).order_by(t.source.c.next_due, t.source.c.id)
    return _dues(c, list(c.execute(query).mappings()), now)


def _dues(c: Connection, rows: Sequence[RowMapping], now: datetime) -> list[Due]:
    whole = _whole_since(c, [row["id"] for row in rows if row["etag"] or row["last_modified"]], now - WHOLE)
    return [_due(row) if row["id"] in whole else replace(_due(row), etag=None, last_modified=None) for row in rows]


def _whole_since(c: Connection, names: Sequence[str], since: datetime) -> frozenset[str]:
    """Which of these sources sent what they list since then; a 304 may be all that a broken cache ever says again."""
    r, found = t.source_run.c, set[str]()
    for asked in batches(names):
        query = select(r.source).where(r.source.in_(asked), r.started > since, r.status == OK)
        found |= set(c.execute(query).scalars())
    return frozenset(found)


def _due(row: RowMapping) -> Due:
    return Due(
        source=row["id"],
        etag=row["etag"],
        last_modified=row["last_modified"],
        body_hash=row["body_hash"],
        first_reading=row["first_read"] is None,
    )


def _is_due(now: datetime) -> ColumnElement[bool]:
    """Whether a source's time has come; the time that a clock named which ran ahead may be a year off."""
    s = t.source.c
    return or_(s.next_due <= now, s.last_read > now + AHEAD, s.last_read.is_(None))


def next_due(c: Connection, names: Iterable[str], now: datetime) -> datetime | None:
    """When the next of these sources is due."""
    wanted = frozenset(names)
    if any(name in wanted for name in c.execute(select(t.source.c.id).where(_is_due(now))).scalars()):
        return now
    soonest = select(t.source.c.id, t.source.c.next_due).order_by(t.source.c.next_due)
    parts = (c.execute(part) for part in (soonest.limit(CHUNK), soonest))  # a server would send all of the latter
    return next((at for rows in parts for name, at in rows if name in wanted), None)


def last_read(c: Connection) -> datetime | None:
    """When any source was last read."""
    found: datetime | None = c.execute(select(func.max(t.source.c.last_read))).scalar_one()
    return found


def ill(c: Connection) -> dict[str, str]:
    """Why sources are ill, by their ids, in the order of these."""
    s = t.source.c
    query = select(s.id, s.ill_why).where(s.ill_since.is_not(None)).order_by(s.id)
    return {name: why or "" for name, why in c.execute(query)}


def failing(c: Connection) -> set[str]:
    """The ids of sources whose last reading failed."""
    return set(c.execute(select(t.source.c.id).where(t.source.c.failures > 0)).scalars())


def last_words(c: Connection) -> dict[str, str]:
    """What the last reading of each source said that failed and is not ill yet, in one question for all."""
    s, r = t.source.c, t.source_run.c
    said = select(r.detail).where(r.source == s.id).order_by(r.started.desc()).limit(1).scalar_subquery()
    rows = c.execute(select(s.id, said).where(s.failures > 0, s.ill_why.is_(None)))
    return {name: detail for name, detail in rows if detail is not None}


def states(c: Connection) -> dict[str, RowMapping]:
    """All that is remembered of all sources, by id."""
    return {row["id"]: row for row in c.execute(select(t.source)).mappings()}


def some(c: Connection, names: Sequence[str]) -> dict[str, RowMapping]:
    """All that is remembered of these sources, by id."""
    found: dict[str, RowMapping] = {}
    for asked in batches(names):
        found |= {row["id"]: row for row in c.execute(_SOME, {"names": asked}).mappings()}
    return found


_SOME = select(t.source).where(t.source.c.id.in_(bindparam("names", expanding=True)))


def runs(c: Connection, name: str, limit: int = 50) -> list[RowMapping]:
    """The newest readings of a source, the newest first."""
    return list(c.execute(_RUNS, {"name": name, "limit": limit}).mappings())


_RUNS = (  # this and `_RHYTHM` are asked for every source of a crawl, so they are built once
    select(t.source_run)
    .where(t.source_run.c.source == bindparam("name"))
    .order_by(t.source_run.c.started.desc())
    .limit(bindparam("limit"))
)


def remarks(c: Connection, since: datetime) -> dict[str, str]:
    """What the last reading of each source that brought anything had to remark, though it went well."""
    r, s = t.source_run.c, t.source.c
    still = or_(s.last_new.is_(None), s.last_new <= r.finished)
    query = select(r.source, r.detail).join(t.source, s.id == r.source).where(r.started >= since, t.REMARKS, still)
    rows = c.execute(query.order_by(r.started))  # the last of a source counts
    return {name: detail for name, detail in rows}  # noqa: C416  (rows are no pairs to the type checker)


def ever_listed(c: Connection, name: str) -> bool:
    """Whether any reading of a source that is remembered listed anything."""
    r = t.source_run.c
    return c.execute(select(literal(1)).where(r.source == name, r.entries > 0).limit(1)).first() is not None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a reading went, when the next is due, and why the source is ill, if it is."""

    run: SourceRun
    next_due: datetime
    interval: timedelta
    ill: str | None


def record(c: Connection, outcomes: Sequence[Outcome], known: Mapping[str, RowMapping]) -> None:
    """Write how readings of different sources went; `known` is what `some` told of them in this transaction."""
    if outcomes:
        ordered = sorted(outcomes, key=lambda one: one.run.source)  # in one order, or two workers wait for each other
        c.execute(insert(t.source_run), [_row(one.run) for one in ordered])
        c.execute(_RECORD, [_after(known[one.run.source], one) for one in ordered])


def _row(run: SourceRun) -> dict[str, Any]:
    names = ("source", "started", "finished", "outcome", "detail", "status", "entries", "new", "size")
    return {name: getattr(run, name) for name in names} | {"detail": plain(run.detail)}


def _after(row: RowMapping, outcome: Outcome) -> dict[str, Any]:
    """What is remembered of a source after a reading."""
    run, at = outcome.run, outcome.run.finished
    well, fetched = run.outcome != "failed", run.outcome == "fetched"
    return {
        "name": run.source,
        "next_due": outcome.next_due,
        "interval": outcome.interval.total_seconds(),
        "last_read": at,
        "failures": 0 if well else row["failures"] + 1,
        "last_ok": at if well else row["last_ok"],
        "first_read": row["first_read"] or (at if well else None),
        "last_new": at if well and run.new else row["last_new"],
        "moved_to": (run.moved_to if well else None) or row["moved_to"],
        "body_hash": run.body_hash if fetched else row["body_hash"],
        "etag": _plain(run.etag) if fetched else row["etag"],
        "last_modified": _plain(run.last_modified) if fetched else row["last_modified"],
        "ill_since": (row["ill_since"] or at) if outcome.ill else None,
        "ill_why": outcome.ill,
    }


def _plain(text: str | None) -> str | None:
    return None if text is None else plain(text)


_WRITTEN = [column.name for column in t.source.c if column.name not in {"id", "ill_told"}]
_RECORD = (
    update(t.source).where(t.source.c.id == bindparam("name")).values({name: bindparam(name) for name in _WRITTEN})
)


def forget_runs(c: Connection, names: Sequence[str], now: datetime) -> int:
    """Drop old readings of these sources, but those that health is judged by, and the newest that listed anything.

    That is all that shows that one which lists what others bring first ever listed something.
    """
    gone = [
        {"name": name, "before": min(oldest, now - RUNS_KEPT), "listing": listing or 0}
        for name, oldest, listing in c.execute(_KEPT, {"names": names})
        if oldest is not None
    ]
    return c.execute(_FORGET, gone).rowcount if gone else 0


_READ = select(t.source_run.c.started).where(t.source_run.c.source == t.source.c.id)
_LAST_FIRST = t.source_run.c.started.desc()
_KEPT = select(
    t.source.c.id,
    _READ.order_by(_LAST_FIRST).offset(HISTORY - 1).limit(1).scalar_subquery(),
    _READ.with_only_columns(t.source_run.c.id)
    .where(t.source_run.c.entries > 0)
    .order_by(_LAST_FIRST)
    .limit(1)
    .scalar_subquery(),
).where(t.source.c.id.in_(bindparam("names", expanding=True)))
_FORGET = delete(t.source_run).where(
    t.source_run.c.source == bindparam("name"),
    t.source_run.c.started < bindparam("before"),
    t.source_run.c.id != bindparam("listing"),
)


def rhythm(c: Connection, name: str) -> list[datetime]:
    """When a source's newest articles were published, the newest first: what its polling is adapted to."""
    return sorted(c.execute(_RHYTHM, {"name": name}).scalars(), reverse=True)


_RHYTHM = (
    select(t.article.c.published)
    .where(t.article.c.source == bindparam("name"), t.article.c.published.is_not(None))
    .order_by(t.article.c.id.desc())
    .limit(NEWEST)
)


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
