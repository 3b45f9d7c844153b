"""The outbox: messages promised to channels, and how far each came; `alerts.promise` tells what the columns mean."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, RowMapping, delete, func, insert, literal, or_, select, update

from sovwatch import schema as t
from sovwatch.store import steering
from sovwatch.store.database import Store

_DROPPED = "dropped"


def promise(c: Connection, key: str, channel: str, payload: str, *, now: datetime) -> bool:
    """Promise a message, in the transaction in which its stories become told; False where its key is known."""
    if c.execute(select(literal(1)).where(t.outbox.c.key == key)).first() is not None:
        return False
    c.execute(insert(t.outbox).values(key=key, channel=channel, payload=payload, promised_at=now))
    return True


def link(c: Connection, key: str, story: int) -> str | None:
    """Where a person finds a story that a delivered message told: in its first part, or further down its thread."""
    return links(c, {(key, story)})[key, story]


def links(c: Connection, told: Collection[tuple[str, int]]) -> dict[tuple[str, int], str | None]:
    """The same for many messages, each with a story that it told, in one question."""
    o, d = t.outbox.c, t.landed.c
    place = t.outbox.outerjoin(t.landed, (d.outbox == o.id) & d.story.in_({story for _, story in told}))
    query = select(o.key, o.link, d.story, d.link).select_from(place).where(o.key.in_({key for key, _ in told}))
    first: dict[str, str | None] = {}
    further: dict[tuple[str, int], str] = {}
    for key, whole, story, part in c.execute(query):
        first[key] = whole
        if story is not None:
            further[key, story] = part
    return {one: further.get(one, first.get(one[0])) for one in told}


def unsent(c: Connection, keys: Collection[str]) -> dict[str, Literal["waits", "given up"]]:
    """Of these messages those that are not known to have arrived whole."""
    o = t.outbox.c
    query = select(o.key, o.delivered_at).where(o.key.in_(keys), or_(o.delivered_at.is_(None), o.error == _DROPPED))
    return {key: "waits" if delivered_at is None else "given up" for key, delivered_at in c.execute(query)}


def payload(c: Connection, key: str) -> str:
    """What a message holds; "" where it is forgotten or was never promised."""
    return c.execute(select(t.outbox.c.payload).where(t.outbox.c.key == key)).scalar_one_or_none() or ""


def since_digest(c: Connection, channel: str) -> list[str]:
    """The payloads of alerts and replies promised to the channel after its last digest, while they are kept."""
    o = t.outbox.c
    ours = (o.channel == channel, o.error != _DROPPED)
    last = select(func.max(o.id)).where(*ours, o.key.startswith("digest:")).scalar_subquery()
    alone = or_(o.key.startswith("breaking:"), o.key.startswith("reply:"))
    query = select(o.payload).where(*ours, alone, o.payload != "", o.id > func.coalesce(last, 0))
    return list(c.execute(query.order_by(o.id)).scalars())


def waits(c: Connection) -> bool:
    """Whether any promise is undelivered."""
    return c.execute(select(literal(1)).where(t.outbox.c.delivered_at.is_(None)).limit(1)).first() is not None


def undelivered(c: Connection) -> list[RowMapping]:
    """All promises that are not delivered, the oldest first."""
    return list(c.execute(select(t.outbox).where(t.outbox.c.delivered_at.is_(None)).order_by(t.outbox.c.id)).mappings())


class Backlog(NamedTuple):
    """How many promises are undelivered, how many of them held for an operator, and when the oldest was made."""

    waiting: int
    held: int
    oldest: datetime | None


def backlog(c: Connection) -> Backlog:
    """How much waits to be delivered."""
    o = t.outbox.c
    query = select(func.count(), func.count().filter(o.held), func.min(o.promised_at)).where(o.delivered_at.is_(None))
    return Backlog(*c.execute(query).one())


def errors(c: Connection, channels: Collection[str]) -> list[tuple[str, str, str]]:
    """Channel, error and cure of each promise that could not be delivered so far, or is to none of these channels."""
    o = t.outbox.c
    failing = or_(o.error != "", o.channel.not_in(channels))
    query = select(o.channel, o.error, o.cure).where(o.delivered_at.is_(None), failing)
    return [(row.channel, row.error, row.cure) for row in c.execute(query.order_by(o.id))]


def channels(c: Connection) -> list[str]:
    """The channels that were ever promised anything."""
    return list(c.execute(select(t.outbox.c.channel).distinct()).scalars())


def drop(c: Connection, channel: str, now: datetime) -> list[str]:
    """Give up what a channel was promised and did not get, so that it was not told; gives the payloads, in no order.

    One that arrived in part, or was handed over and may have arrived, stays told: nobody knows what was read.
    """
    o, d = t.outbox.c, t.told.c
    mine = (o.channel == channel) & o.delivered_at.is_(None)
    dropped = update(t.outbox).where(mine).values(delivered_at=now, error=_DROPPED, held=False)
    rows = c.execute(dropped.returning(o.key, o.part, o.attempted_at, o.payload)).all()
    unread = [row.key for row in rows if not row.part and row.attempted_at is None]
    unheard = (d.channel == channel) & d.message.in_(unread)
    c.execute(update(t.told).where(unheard).values(how="dropped"))
    return [row.payload for row in rows]


class SqlQueue:
    """The outbox as `alerts.outbox.Queue` asks for it, in plain rows; each method is one durable transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def channels(self) -> Sequence[str]:
        """The channels that have something undelivered."""
        with self._store.read() as c:
            query = select(t.outbox.c.channel).where(t.outbox.c.delivered_at.is_(None)).distinct()
            return list(c.execute(query).scalars())

    def head_row(self, channel: str, after: int) -> RowMapping | None:
        """The channel's oldest promise that is not delivered, among those later than `after`."""
        o = t.outbox.c
        with self._store.read() as c:
            query = (
                select(t.outbox)
                .where(o.channel == channel, o.delivered_at.is_(None), o.id > after)
                .order_by(o.id)
                .limit(1)
            )
            return c.execute(query).mappings().one_or_none()

    def remote_of(self, key: str) -> str | None:
        """Where the first part of a delivered promise stands."""
        with self._store.read() as c:
            return c.execute(select(t.outbox.c.remote).where(t.outbox.c.key == key)).scalar_one_or_none()

    def begin(self, promise: int, *, at: datetime) -> None:
        """Note that the present part is being handed over."""
        self._set(promise, attempted_at=at, attempts=t.outbox.c.attempts + 1, held=False, not_before=None)

    def advance(
        self,
        promise: int,
        *,
        at: datetime,
        remote: str,
        link: str | None,
        done: bool,
        stories: Sequence[int] = (),
    ) -> None:
        """Note the present part as delivered; the first part's place is the promise's, a later one's its stories'."""
        values = dict(
            part=t.outbox.c.part + 1,
            level=0,
            attempts=0,
            held=False,
            cure="",
            attempted_at=None,
            not_before=None,
            error="",
            remote=func.coalesce(t.outbox.c.remote, remote),
            link=func.coalesce(t.outbox.c.link, link),
            **({"delivered_at": at} if done else {}),
        )
        with self._store.write(durable=True) as c:
            c.execute(update(t.outbox).where(t.outbox.c.id == promise).values(**values))
            if link is not None and stories:
                _note_landed(c, promise, stories, link)

    def plainer(self, promise: int, *, error: str) -> None:
        """Note that the present part was refused for its form."""
        self._set(promise, level=t.outbox.c.level + 1, attempted_at=None, error=error)

    def later(self, promise: int, *, until: datetime, error: str, unknown: bool) -> None:
        """Wait until then; whether it arrived stays unknown, or it surely did not."""
        self._set(promise, not_before=until, error=error, **({} if unknown else {"attempted_at": None}))

    def hold(self, promise: int, *, until: datetime, error: str, cure: str, unknown: bool) -> None:
        """Wait for an operator, asking again after `until`."""
        cleared = {} if unknown else {"attempted_at": None}
        self._set(promise, not_before=until, held=True, error=error, cure=cure, **cleared)

    def _set(self, promise: int, **values: Any) -> None:
        with self._store.write(durable=True) as c:
            c.execute(update(t.outbox).where(t.outbox.c.id == promise).values(**values))


def _note_landed(c: Connection, promise: int, stories: Sequence[int], link: str) -> None:
    """Note where the stories of a delivered part stand.

    An upgrade between two parts may part them elsewhere, and tell a story again: then the latest place counts.
    """
    now = {steering.went_into(c, story) or story for story in stories}  # united since it was promised
    d = t.landed.c
    c.execute(delete(t.landed).where(d.outbox == promise, d.story.in_(now)))
    c.execute(insert(t.landed), [{"outbox": promise, "story": story, "link": link} for story in sorted(now)])
