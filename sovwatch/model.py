"""The nouns that the rooms hand to each other: values without behaviour of their own.

What came in is an `Entry` (a line of a feed) and then an `Article`; how a source did is a `SourceRun`; what was
decided of an article is a `Judgement`; what a channel is told is a `Digest`. Instants are aware and in UTC
everywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal, NamedTuple


class Precision(StrEnum):
    """How exactly a date is known; `Dated.at` is the first instant of the period."""

    SECOND = "second"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


PERIODS: Mapping[Precision, timedelta] = {  # how long what such a date names lasts, at most
    Precision.SECOND: timedelta(0),
    Precision.DAY: timedelta(days=1),
    Precision.MONTH: timedelta(days=31),
    Precision.YEAR: timedelta(days=366),
}


@dataclass(frozen=True, slots=True)
class Dated:
    """An instant in UTC, how exactly it is known, and which evidence gave it ("json-ld", "feed", "url", "given", …)."""

    at: datetime
    precision: Precision = Precision.SECOND
    evidence: str = "given"


RELATIVE = "relative"  # evidence: a date that counts from when it was read


class Kind(StrEnum):
    """What sort of piece an article is; reporting is told before the others."""

    REPORT = "report"
    OPINION = "opinion"
    RELEASE = "release"
    LIVE = "live"
    REFERENCE = "reference"


class Tier(StrEnum):
    """What sort of source it came from, from the one told first to the one told last."""

    WIRE = "wire"
    PUBLIC = "public"
    NATIONAL = "national"
    LOCAL = "local"
    OPINION = "opinion"
    PARTY = "party"
    AGGREGATOR = "aggregator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a feed, sitemap, listing page or search, as its pure reader found it."""

    url: str
    title: str = ""
    summary: str = ""
    text: str = ""  # the whole body, where a feed carries it
    guid: str | None = None
    published: Dated | None = None
    updated: Dated | None = None
    authors: tuple[str, ...] = ()
    language: str = ""
    outlet: str = ""
    section: str = ""
    own_page: bool = True  # False where the listing has one link for all, so that no page is this entry's


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What came in: one address, and what was read of it.

    `text` is the body in plain text, paragraphs separated by a newline, "" where only a headline and perhaps a
    `summary` could be had. `published` is None where nothing told it. `aliases` are further addresses that the page
    gives itself (rel=canonical, og:url, AMP). `listing` is a hash of what the feed said, so that an unchanged entry
    is not read again.
    """

    url: str
    title: str
    text: str = ""
    summary: str = ""
    outlet: str = ""
    language: str = ""
    published: Dated | None = None
    updated: Dated | None = None
    authors: tuple[str, ...] = ()
    source: str | None = None
    guid: str | None = None
    aliases: tuple[str, ...] = ()
    kind: Kind = Kind.REPORT
    agency: str = ""  # "CP", "Reuters", "AFP", … as credited
    paywall: bool | None = None
    section: str = ""
    tier: Tier = Tier.NATIONAL
    page: Literal["read", "opening", "refused", "not fetched", "given"] = "given"  # "opening": the rest is for others
    gone: bool = False  # its page answers 404 or 410; what that means is for `store.missing`
    listing: str = ""


Outcome = Literal["fetched", "not modified", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRun:
    """How one reading of one source went; written after the articles that it brought."""

    source: str
    started: datetime
    finished: datetime
    outcome: Outcome
    detail: str = ""  # a sentence for a person where it failed
    status: int | None = None  # HTTP status of the listing itself
    entries: int = 0  # entries listed
    new: int = 0  # entries not known before
    size: int = 0  # bytes of the listing after decompression
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    retry_after: timedelta | None = None
    ttl: timedelta | None = None  # what TTL, Cache-Control or Expires ask for
    moved_to: str | None = None  # after a permanent redirect


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A source that is to be read now, with what is remembered of its last reading, and pages to read again."""

    source: str
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    first_reading: bool = False
    again: tuple[Entry, ...] = ()  # told lately, without dates: they may have been corrected or withdrawn since


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsTxt:
    """What a site's robots.txt said when it was last read, "" where it has none, and since when it cannot be had."""

    origin: str  # "https://host"
    body: str | None = None  # None where it was never had
    read: datetime | None = None
    failing_since: datetime | None = None


class Said(NamedTuple):
    """What a page said, at which canonical address and under which headline."""

    url: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a score is what it is: the rule, the words that gave it, and what it counted."""

    rule: str
    words: str
    weight: float


Centrality = Literal["main", "mention"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Relevance of an article to one topic. `score` is 0..1; `centrality` is None where it is not relevant."""

    topic: str
    score: float
    centrality: Centrality | None
    reasons: tuple[Reason, ...] = ()
    signals: tuple[str, ...] = ()  # declared breaking signals that the text carries

    @property
    def relevant(self) -> bool:
        """Whether the article belongs to the topic at all, passing mentions included."""
        return self.centrality is not None


SeedRelation = Literal["copy", "repeat", "update"]


@dataclass(frozen=True, slots=True)
class SeedVerdict:
    """How an article stands to what the reader knows already: the nearest card of the affair, and why."""

    seed: str
    relation: SeedRelation
    why: str = ""


Placed = Literal["opens", "joins", "copy", "same"]


@dataclass(slots=True)
class JudgeReport:
    """What a pass of judging came to."""

    judged: int = 0
    on_topic: int = 0
    placements: dict[str, int] = field(default_factory=dict)
    held_back: int = 0
    failed: int = 0  # could not be judged, by a bug of ours; they wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One article as a digest shows it."""

    article: int
    url: str
    title: str
    outlet: str
    language: str
    published: datetime | None
    precision: Precision = Precision.SECOND
    paywall: bool | None = None
    kind: Kind = Kind.REPORT
    tier: Tier = Tier.NATIONAL
    agency: str = ""
    authors: tuple[str, ...] = ()
    first_seen: datetime | None = None
    had: Literal["whole", "opening", "listing"] = "whole"  # what could be read of it


OPENING = 150  # words: a shorter text may be but the opening of its article
Change = Literal["", "corrected", "withdrawn"]
LINES = 2  # of what an article says
MOST_LINES = 4  # of what an item says: those of its lead, and one of each other report that adds


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One story in a digest: its leading piece, what it says or adds, and who else has it.

    `reports` are independent reports beside the lead; `copies` are reprints and pieces that credit one agency;
    `meanwhile` came before the news of an update, and added nothing to what was told.
    `told_at` and `told_link` are set for an update: when, and where, the story was first told; `told_as`, by which
    headline, in the language `told_in`, is empty where the reader has it above. Of what its publishers withdrew one
    leads, and `gone` are the others.
    """

    story: int
    lead: Piece
    lines: tuple[str, ...] = ()
    voices: tuple[Piece | None, ...] = ()  # whose each line is, where it is not the lead's
    reports: tuple[Piece, ...] = ()
    copies: tuple[Piece, ...] = ()
    meanwhile: tuple[Piece, ...] = ()
    also_topics: tuple[str, ...] = ()  # names of further topics
    change: Change = ""
    was: tuple[tuple[str, str], ...] = ()  # figures that edits replaced, each with the one that stands now
    gone: tuple[Piece, ...] = ()
    over_seed: bool = False  # told as what it adds to what the reader knows already
    told_at: datetime | None = None
    told_link: str | None = None
    told_as: str = ""
    told_in: str = ""
    articles: tuple[int, ...] = ()  # every article that is told by this item
    named: tuple[int, ...] = ()  # those of them that are named without a line, but who opened the story with others
    signal: str = ""  # why it is breaking, where it is


@dataclass(frozen=True, slots=True)
class Section:
    """A topic's part of a digest."""

    topic: str
    name: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Footer:
    """What was done since the last digest of the channel, and what is wrong."""

    read: int = 0
    on_topic: int = 0
    unjudged: int = 0  # of those read: whether they are on topic is not known yet
    copies: int = 0  # folded under another article
    repeats: int = 0  # held back: only what the seeds say
    waiting: int = 0  # under a cap
    ill: tuple[str, ...] = ()  # names of sources that are ill
    unread: int = 0  # sources that could not be read the last time, where they are half of all or more
    announced: tuple[str, ...] = ()  # headlines told on their own since the last digest


DigestKind = Literal["digest", "breaking", "reply", "notice"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One message to one channel, before it is rendered. `key` is the same for the same slot: telling is idempotent.

    A `breaking` digest holds one item; a `reply` goes into the thread of the message whose outbox key is `thread_of`; a
    `notice` is a message to operators, its sentences in `lines`.
    """

    key: str
    channel: str
    kind: DigestKind
    at: datetime
    language: str = "en"
    zone: str = "UTC"
    title: str = ""
    sections: tuple[Section, ...] = ()
    updates: tuple[Item, ...] = ()
    away: tuple[Item, ...] = ()  # older than `fresh` when first seen after an outage
    footer: Footer = field(default_factory=Footer)
    thread_of: str | None = None
    lines: tuple[str, ...] = ()

    @property
    def items(self) -> tuple[Item, ...]:
        """All stories that this message tells, in the order shown."""
        return (*(item for section in self.sections for item in section.items), *self.updates, *self.away)
