"""Candidates for an article: the known ones whose wording or happening it may share, found by index.

Look-ups ask indexes of a bounded length, never all rows: at most PER_KEY articles a key and a bounded number of keys,
so the cost of one article does not grow with the number of known ones. Counting, ranking and fetching are left to the
database, in one statement for copies and two for stories: bringing a thousand rows over costs more than comparing.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Connection, Row, Select, Subquery, bindparam, func, literal, select, union, union_all

from sovwatch import schema as t
from sovwatch.pairs import FAR
from sovwatch.region import MEMBERS, Member, StoryView
from sovwatch.schemes import READ
from sovwatch.season import MOST
from sovwatch.similarity import Fingerprint
from sovwatch.store import steering
from sovwatch.store.lists import among, numbers
from sovwatch.stories import STORY_WINDOW

PER_KEY = 60  # newest articles asked of one key
COPIES = 60  # copy candidates compared
STORIES = 30  # stories compared
LOOKED_AT = 1_000  # articles of the newest stories, among which those of a time are looked for
UNPACKED = 4_600  # fingerprints kept unpacked, about 40 kB each once they were compared


def copy_candidates(c: Connection, keys: Sequence[int], *, but: int) -> list[Member]:
    """The articles that share most copy keys, the earliest first among equals; copies stand for what they copy."""
    if not keys:
        return []
    rows = c.execute(_sharing_wording(len(keys)), _named("key", keys) | {"but": but}).all()
    rows = sorted(rows, key=lambda row: (-row.shared, row.article))
    return [Member(row.article, _unpacked(row.fingerprint), story=row.story or 0) for row in rows]


@cache
def _sharing_wording(keys: int) -> "Select[Any]":
    """The articles that most of so many keys have; made once, since composing SQL takes longer than running it."""
    k = t.copy_key.c
    parts = (
        select(k.article).where(k.key == bindparam(f"key{n}")).order_by(k.article).limit(PER_KEY) for n in range(keys)
    )
    having = union_all(*(select(part.subquery().c.article) for part in parts)).subquery()
    shared = func.count().label("shared")
    best = (
        select(having.c.article, shared).group_by(having.c.article).order_by(shared.desc(), having.c.article)
    ).limit(COPIES)
    j = t.judgement.c
    return _with_fingerprints(best.subquery(), "shared").add_columns(j.story).where(j.article != bindparam("but"))


def _with_fingerprints(numbers: Any, *columns: str) -> "Select[Any]":
    """These columns of a subquery of articles, and the fingerprints of those that have one that can be compared."""
    j = t.judgement
    return (
        select(*(numbers.c[name] for name in columns), j.c.article, j.c.at, j.c.fingerprint)
        .join_from(numbers, j, j.c.article == numbers.c.article)
        .where(j.c.scheme.in_(READ))
    )


def story_candidates(c: Connection, keys: Sequence[int], at: datetime, *, but: int, now: datetime) -> list[StoryView]:
    """The stories with members near in time that share most story keys, each with its first and newest members.

    `now` is when the mutes have to hold that keep a story as it is.
    """
    if not keys:
        return []
    bounds = {"since": at - STORY_WINDOW, "until": at + STORY_WINDOW, "but": but}
    best = list(c.execute(_sharing_matters(len(keys)), _named("key", keys) | bounds).scalars())
    if not best:
        return []
    found, said = _members_of(c, best, but, at), steering.said(c, best, but, now)
    return [
        StoryView(
            story,
            found[story],
            apart=story in said.apart,
            whole=story in said.whole,
            strangers=frozenset(said.strangers.get(story, ())),
        )
        for story in best
    ]


@cache
def _sharing_matters(keys: int) -> "Select[int]":
    """The stories with the articles in a window of time that have most of so many story keys.

    Of each key the newest articles count; of those, the ones that share most keys, among equals those of the foremost
    key and then the newest; of their stories, those with the article that shares most, the oldest among equals.
    """
    j, having = t.judgement.c, _newest_with_each(keys)
    shared = func.count().label("shared")
    near = (
        select(having.c.article, shared)
        .where(having.c.article != bindparam("but"))
        .group_by(having.c.article)
        .order_by(shared.desc(), func.min(having.c.place), func.max(having.c.at).desc(), having.c.article.desc())
        .limit(STORIES * MEMBERS)
        .subquery()
    )
    return (
        select(j.story)
        .join_from(near, t.judgement, j.article == near.c.article)
        .where(j.story.is_not(None))
        .group_by(j.story)
        .order_by(func.max(near.c.shared).desc(), j.story)
        .limit(STORIES)
    )


def _newest_with_each(keys: int) -> Subquery:
    """The newest articles of a window of time that have each of so many story keys, with the key's place."""
    k = t.story_key.c
    parts = (
        select(literal(n).label("place"), k.article, k.at)
        .where(k.key == bindparam(f"key{n}"), k.at >= bindparam("since"), k.at <= bindparam("until"))
        .order_by(k.at.desc(), k.article.desc())
        .limit(PER_KEY)
        for n in range(keys)
    )
    return union_all(*(select(*part.subquery().c) for part in parts)).subquery()


def recent(c: Connection, since: datetime, until: datetime) -> list[Fingerprint]:
    """The articles of a time that have words of their own, of the newest stories: at most `season.MOST` of these."""
    j = t.judgement.c
    newest = (
        select(j.article)
        .where(j.story.is_not(None))
        .order_by(j.story.desc(), j.article.desc())  # as the index of stories has them: nothing is sorted
        .limit(LOOKED_AT)
        .subquery()
    )
    own = (j.copy_of.is_(None), j.scheme.in_(READ), j.at >= since, j.at < until)
    query = select(j.fingerprint).join_from(newest, t.judgement, j.article == newest.c.article).where(*own).limit(MOST)
    return [Fingerprint.unpack(packed) for packed in c.execute(query).scalars()]


def members(c: Connection, story: int, *, but: int = 0) -> list[Member]:
    """The first and the newest members of a story that have words of their own (no copies); without their topics."""
    return [Member(row.article, _unpacked(row.fingerprint)) for row in _rows_of(c, [story], but)]


def _members_of(c: Connection, stories: Sequence[int], but: int, at: datetime) -> dict[int, tuple[Member, ...]]:
    """The members of each story as `members` says, with their topics, in one query for all.

    One that is too far in time is not kept: one look at its date rules it out, and others are worth more room.
    """
    rows = _rows_of(c, stories, but)
    topics = _topics_of(c, [row.article for row in rows])
    found: dict[int, list[Member]] = defaultdict(list)
    for row in rows:
        read = _unpacked if abs((row.at or at) - at) <= FAR else Fingerprint.unpack
        found[row.story].append(Member(row.article, read(row.fingerprint), frozenset(topics[row.article])))
    return {story: tuple(found[story]) for story in stories}


def _rows_of(c: Connection, stories: Sequence[int], but: int) -> "list[Row[int, int, datetime | None, bytes]]":
    rows = c.execute(_firsts_and_newest(len(stories)), _named("story", stories) | {"but": but}).all()
    return sorted(rows, key=lambda row: row.article)


def _topics_of(c: Connection, articles: Sequence[int]) -> dict[int, set[str]]:
    """The topics that each of these articles is on, passing mentions included."""
    topic = t.article_topic.c
    found: dict[int, set[str]] = defaultdict(set)
    query = select(topic.article, topic.topic).where(among(c, topic.article, "these"), topic.centrality.is_not(None))
    for article, name in c.execute(query, {"these": numbers(c, articles)}):
        found[article].add(name)
    return found


@cache
def _firsts_and_newest(stories: int) -> "Select[Any]":
    """The first article and the newest of each of so many stories, but copies."""
    j = t.judgement.c
    parts = []
    for n in range(stories):
        own = (j.story == bindparam(f"story{n}"), j.copy_of.is_(None), j.fingerprint.is_not(None))
        mine = select(j.story, j.article).where(*own, j.article != bindparam("but"))
        parts += [mine.order_by(j.article.desc()).limit(MEMBERS - 1), mine.order_by(j.article).limit(1)]
    return _with_fingerprints(union(*(select(*part.subquery().c) for part in parts)).subquery(), "story")


def _named(name: str, values: Sequence[int]) -> dict[str, Any]:
    return {f"{name}{n}": value for n, value in enumerate(values)}


def fingerprints(c: Connection, numbers: Iterable[int]) -> dict[int, Fingerprint]:
    """The fingerprints of these articles, in that order, where they have one that can be compared."""
    wanted = list(numbers)
    j = t.judgement.c
    rows = c.execute(select(j.article, j.fingerprint).where(j.article.in_(wanted), j.scheme.in_(READ)))
    found = {number: _unpacked(packed) for number, packed in rows}
    return {number: found[number] for number in wanted if number in found}


@lru_cache(maxsize=UNPACKED)
def _unpacked(packed: bytes) -> Fingerprint:
    """The fingerprint of these bytes, kept with what was counted of it: today's stories are compared all day.

    The bytes are the key, so a new judgement needs no invalidation, nor do two databases in one process.
    """
    return Fingerprint.unpack(packed)
