"""The tables: one schema for SQLite and PostgreSQL.

Four groups, after the four durable points: what was read (source, robots, article, address, article_key), what was
decided (judgement, article_topic, copy_key, story_key, story), what is owed to channels (channel, news, told, mute,
follow) and what is on its way to them (outbox, landed). `lease` and `schedule_run` keep the runs apart.

An article's id is its place in the order of arrival; windows of digests are cut by it, never by a date.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    text,
)

HEAD = "0006"  # the newest migration in sovwatch/migrations/versions

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An aware datetime in UTC on both databases; SQLite itself keeps no zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any] | None:
        """Refuse what has no zone, and store the rest in UTC."""
        return _as_text if dialect.name == "sqlite" else _in_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give back an aware datetime in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _in_utc(value: datetime | None) -> datetime | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError(f"{value!r} has no time zone")
    return value.astimezone(UTC)


@lru_cache(maxsize=256)  # what is written together was mostly seen in one instant
def _as_text(value: datetime | None) -> str | None:
    """As SQLAlchemy's own type for SQLite writes it."""
    utc = _in_utc(value)
    return None if utc is None else utc.isoformat(" ", "microseconds")[:26]


_Id = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up only an INTEGER PRIMARY KEY


def _id() -> Column[int]:
    return Column("id", _Id, primary_key=True, autoincrement=True)


def _article(name: str = "article", *, null: bool = False, **more: Any) -> Column[int]:
    return Column(name, _Id, ForeignKey("article.id"), nullable=null, **more)


source = Table(
    "source",
    metadata,
    Column("id", String, primary_key=True),
    Column("next_due", Instant),
    Column("first_read", Instant),
    Column("last_read", Instant),
    Column("last_ok", Instant),
    Column("last_new", Instant),
    Column("failures", Integer, nullable=False, server_default=text("0")),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("body_hash", String),
    Column("moved_to", Text),
    Column("interval", Float),  # seconds between readings, as last decided
    Column("ill_since", Instant),
    Column("ill_why", Text),
    Column("ill_told", Instant),
)

source_run = Table(
    "source_run",
    metadata,
    _id(),
    Column("source", String, nullable=False),
    Column("started", Instant, nullable=False),
    Column("finished", Instant, nullable=False),
    Column("outcome", String, nullable=False),
    Column("detail", Text, nullable=False),
    Column("status", Integer),
    Column("entries", Integer, nullable=False),
    Column("new", Integer, nullable=False),
    Column("size", Integer, nullable=False),
    Index(None, "source", "started"),
)
# A reading that went well and had something to remark; in these very words, as `WAITS` below, or no index serves.
REMARKS = text("source_run.detail <> '' AND source_run.outcome <> 'failed'")
Index("ix_source_run_remarks", source_run.c.started, sqlite_where=text("detail <> '' AND outcome <> 'failed'"))

robots = Table(
    "robots",
    metadata,
    Column("origin", String, primary_key=True),
    Column("body", Text),  # "" where the site has none, None where it was never had
    Column("read", Instant),
    Column("failing_since", Instant),
)

article = Table(
    "article",
    metadata,
    _id(),
    Column("url", Text, nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("text", Text),  # None once `retention` has deleted it
    Column("summary", Text),
    Column("outlet", Text, nullable=False),
    Column("language", String, nullable=False),
    Column("published", Instant),
    Column("precision", String, nullable=False),
    Column("evidence", String, nullable=False),
    Column("authors", JSON, nullable=False),
    Column("source", String),
    Column("kind", String, nullable=False),
    Column("agency", Text, nullable=False),
    Column("paywall", Boolean),
    Column("section", Text, nullable=False),
    Column("tier", String, nullable=False),
    Column("page", String, nullable=False),
    Column("listing", String, nullable=False),
    Column("content", String, nullable=False),  # hash of title and text, so that an edit is seen
    Column("standing", String, nullable=False),  # news | away | memory: see sovwatch.standing
    Column("first_seen", Instant, nullable=False),
    Column("revision", Integer, nullable=False, server_default=text("0")),
    Column("revised", Instant),
    Column("gone", Boolean, nullable=False, server_default=text("false")),
    Column("pending", Boolean, nullable=False),
)
# PostgreSQL's form of the partial indexes stands in the migration alone: named here, it would import that whole
# dialect into every run, a tenth of a second of each cron job that has nothing to do.
Index("ix_article_pending", article.c.id, sqlite_where=article.c.pending)
WAITS = text("article.pending")  # to be judged; in these very words, or SQLite does not see that its index serves
Index("ix_article_first_seen", article.c.first_seen)
Index("ix_article_source", article.c.source, article.c.id)

address = Table(
    "address",
    metadata,
    _id(),
    Column("original_url", Text, nullable=False, unique=True),
    Column("url", Text, nullable=False),
    _article(index=True),
    Column("source", String),
    Column("first_seen", Instant, nullable=False),
    Index(None, "url"),
)

article_key = Table(
    "article_key",
    metadata,
    Column("key", Text, primary_key=True),  # "url:…", "id:…", "guid:…", "title:…"; "missing:…" while its page is
    _article(index=True),
    Column("seen", Instant, nullable=False),  # when an article last showed it; of "missing:…", when it was first missed
)

listing = Table(
    "listing",
    metadata,
    Column("key", String, primary_key=True),  # `listings.listing_key`
    Column("seen", Instant, nullable=False),
)

revision = Table(
    "revision",
    metadata,
    _article(primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("title", Text, nullable=False),  # as it was before
    Column("text", Text),  # likewise, until `retention`
    Column("change", String, nullable=False),  # "" | corrected | withdrawn
    Column("lines", JSON, nullable=False),
)

story = Table(
    "story",
    metadata,
    _id(),
    Column("opened", Instant, nullable=False, index=True),
    Column("merged_into", _Id, ForeignKey("story.id")),
)

judgement = Table(
    "judgement",
    metadata,
    _article(primary_key=True),
    Column("judged", Instant, nullable=False),
    Column("placement", String),
    _article("copy_of", null=True),
    Column("story", _Id, ForeignKey("story.id")),
    Column("seed", String),
    Column("relation", String),
    Column("seed_why", Text),
    Column("new", JSON, nullable=False),
    Column("why", JSON, nullable=False),
    Column("at", Instant),  # the instant that likeness in time is measured from
    Column("scheme", Integer),
    Column("fingerprint", LargeBinary),
    Index(None, "story", "article"),
    Index(None, "copy_of"),
    Index(None, "seed"),
)

article_topic = Table(
    "article_topic",
    metadata,
    _article(primary_key=True),
    Column("topic", String, primary_key=True),
    Column("score", Float, nullable=False),
    Column("centrality", String),
    Column("reasons", JSON, nullable=False),
    Column("signals", JSON, nullable=False),
)

copy_key = Table(
    "copy_key",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    _article(primary_key=True),
    Index(None, "article"),
    sqlite_with_rowid=False,
)

story_key = Table(
    "story_key",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Instant, primary_key=True),
    _article(primary_key=True),
    Index(None, "article"),
    sqlite_with_rowid=False,
)

story_rule = Table(
    "story_rule",
    metadata,
    _article(primary_key=True),
    Column("story", _Id, ForeignKey("story.id"), primary_key=True),
    Column("apart", Boolean, nullable=False),  # an operator took the article out of the story, or put it in
    Column("at", Instant, nullable=False),
    Index(None, "story"),
)

related = Table(
    "related",
    metadata,
    Column("story", _Id, ForeignKey("story.id"), primary_key=True),
    Column("other", _Id, ForeignKey("story.id"), primary_key=True),
    Index(None, "other"),
)

channel = Table(
    "channel",
    metadata,
    Column("name", String, primary_key=True),
    Column("added", Instant, nullable=False),
    Column("upto", _Id, nullable=False),  # last article counted in a digest's footer
)

news = Table(
    "news",
    metadata,
    Column("channel", String, primary_key=True),
    _article(primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("story", _Id, nullable=False),
    Column("since", Instant, nullable=False),
    Index(None, "channel", "story"),
    Index(None, "article"),
)

told = Table(
    "told",
    metadata,
    Column("channel", String, primary_key=True),
    _article(primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("story", _Id, nullable=False),
    Column("at", Instant, nullable=False),
    Column("message", String),  # key in the outbox; None where the article was only counted
    Column("how", String, nullable=False),  # new | update | named | counted | muted | dropped
    Index(None, "channel", "story"),
    Index(None, "channel", "at"),
    Index(None, "article"),
)

mute = Table(
    "mute",
    metadata,
    _id(),
    Column("kind", String, nullable=False),  # story | source | phrase
    Column("what", Text, nullable=False),
    Column("channel", String),
    Column("created", Instant, nullable=False),
    Column("until", Instant),
    Column("by", Text, nullable=False, server_default=text("''")),
    Index(None, "kind", "what"),
)

follow = Table(
    "follow",
    metadata,
    Column("story", _Id, primary_key=True),
    Column("channel", String, primary_key=True),
    Column("created", Instant, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    _id(),
    Column("key", String, nullable=False, unique=True),
    Column("channel", String, nullable=False),
    Column("payload", Text, nullable=False),  # a model.Digest as JSON: rendered when it is sent
    Column("promised_at", Instant, nullable=False),
    Column("part", Integer, nullable=False, server_default=text("0")),
    Column("level", Integer, nullable=False, server_default=text("0")),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("attempted_at", Instant),
    Column("not_before", Instant),
    Column("held", Boolean, nullable=False, server_default=text("false")),
    Column("remote", Text),
    Column("link", Text),
    Column("error", Text, nullable=False, server_default=text("''")),
    Column("cure", Text, nullable=False, server_default=text("''")),
    Column("delivered_at", Instant),
)
Index(
    "ix_outbox_waiting",
    outbox.c.channel,
    outbox.c.id,
    sqlite_where=outbox.c.delivered_at.is_(None),
)

landed = Table(  # where a story stands that is not in its message's first part
    "landed",
    metadata,
    Column("outbox", _Id, ForeignKey("outbox.id"), primary_key=True),
    Column("story", _Id, primary_key=True),
    Column("link", Text, nullable=False),
    Index(None, "story"),
)

lease = Table(
    "lease",
    metadata,
    Column("name", String, primary_key=True),
    Column("holder", String, nullable=False),
    Column("since", Instant, nullable=False),
    Column("until", Instant, nullable=False),
)

schedule_run = Table(
    "schedule_run",
    metadata,
    Column("job", String, primary_key=True),
    Column("slot", Instant, primary_key=True),
    Column("started", Instant, nullable=False),
    Column("finished", Instant),
    Column("state", String, nullable=False),
    Column("detail", Text, nullable=False),
)
