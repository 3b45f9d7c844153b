"""Candidates for an article, and what was decided of it.

Look-ups ask indexes of a bounded length, never all rows: at most PER_KEY articles a key and a bounded number of keys,
so the cost of one article does not grow with the number of known ones.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Connection,
    RowMapping,
    bindparam,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    union_all,
    update,
)

from sovwatch import schema as t
from sovwatch.model import Placed, SeedVerdict, Verdict
from sovwatch.similarity import SCHEME, Fingerprint
from sovwatch.stories import Member, StoryView

PER_KEY = 60  # newest articles asked of one key
COPIES = 60  # copy candidates compared
STORIES = 30  # stories compared
MEMBERS = 12  # members of one story compared: its first, and its newest
PLACING = 7368777  # the advisory lock of whoever places; one more than the migrations'
UNPACKED = 1_000  # fingerprints kept unpacked, about 100 kB each


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """All that is decided of one article, as it is written."""

    verdicts: tuple[Verdict, ...]
    placement: Placed | None = None
    copy_of: int | None = None
    story: int | None = None  # None with a placement of "opens": a new one is made
    seed: SeedVerdict | None = None
    new: tuple[str, ...] = ()
    why: dict[str, Any] | None = None
    at: datetime | None = None
    fingerprint: Fingerprint | None = None
    related: tuple[int, ...] = ()


def pending(c: Connection, limit: int, *, after: int = 0) -> list[RowMapping]:
    """The next articles to judge, in the order of arrival."""
    query = select(t.article).where(t.article.c.pending, t.article.c.id > after).order_by(t.article.c.id).limit(limit)
    return list(c.execute(query).mappings())


def alone(c: Connection) -> None:
    """Let nobody else place an article until this transaction ends.

    On SQLite a transaction that writes is alone anyway. On PostgreSQL the lease and the queue's lock let one judge at a
    time work; this holds even for a worker that was taken for dead and wakes up in the middle of an article.
    """
    if c.dialect.name == "postgresql":
        c.execute(select(func.pg_advisory_xact_lock(PLACING)))


def stands(c: Connection, article: int, revision: int, *, pending: bool) -> bool:
    """Whether an article still is as it was read: of that revision, and waiting to be judged or not."""
    a = t.article.c
    row = c.execute(select(a.revision, a.pending).where(a.id == article).with_for_update()).one_or_none()
    return row is not None and tuple(row) == (revision, pending)


def copy_candidates(c: Connection, keys: Sequence[int], *, but: int) -> list[Member]:
    """The articles that share most copy keys, the earliest first among equals; copies stand for what they copy."""
    if not keys:
        return []
    shared = Counter(c.execute(_sharing_wording(len(keys)), _named("key", keys)).scalars())
    best = sorted(shared, key=lambda number: (-shared[number], number))[:COPIES]
    return list(_members(c, [number for number in best if number != but]).values())


@cache
def _sharing_wording(keys: int) -> "CompoundSelect[int]":
    """The articles that have each of so many keys; made once, since composing SQL takes longer than running it."""
    k = t.copy_key.c
    parts = (
        select(k.article).where(k.key == bindparam(f"key{n}")).order_by(k.article).limit(PER_KEY) for n in range(keys)
    )
    return union_all(*(select(part.subquery().c.article) for part in parts))


def story_candidates(
    c: Connection, keys: Sequence[int], at: datetime, window: timedelta, *, but: int
) -> list[StoryView]:
    """The stories with members in the window that share most story keys, each with its first and newest members."""
    if not keys:
        return []
    bounds = {"since": at - window, "until": at + window}
    shared = Counter(c.execute(_sharing_matters(len(keys)), _named("key", keys) | bounds).scalars())
    shared.pop(but, None)
    if not shared:
        return []
    stories = _stories_of(c, shared)
    best = sorted(stories, key=lambda story: (-stories[story], story))[:STORIES]
    apart = set(
        c.execute(select(t.story_rule.c.story).where(t.story_rule.c.article == but, t.story_rule.c.apart)).scalars()
    )
    found = _members_of(c, best, but)
    return [StoryView(story, found[story], apart=story in apart) for story in best]


@cache
def _sharing_matters(keys: int) -> "CompoundSelect[int]":
    """The articles in a window of time that have each of so many story keys, the newest of each."""
    k = t.story_key.c
    parts = (
        select(k.article)
        .where(k.key == bindparam(f"key{n}"), k.at >= bindparam("since"), k.at <= bindparam("until"))
        .order_by(k.at.desc(), k.article.desc())
        .limit(PER_KEY)
        for n in range(keys)
    )
    return union_all(*(select(part.subquery().c.article) for part in parts))


def _stories_of(c: Connection, shared: Counter[int]) -> Counter[int]:
    """For each story, the most keys that one of its members shares."""
    found: Counter[int] = Counter()
    numbers = [number for number, _ in shared.most_common(STORIES * MEMBERS)]
    rows = c.execute(
        select(t.judgement.c.article, t.judgement.c.story).where(
            t.judgement.c.article.in_(numbers), t.judgement.c.story.is_not(None)
        )
    )
    for number, story in rows:
        found[story] = max(found[story], shared[number])
    return found


def members(c: Connection, story: int, *, but: int = 0) -> list[Member]:
    """The first and the newest members of a story that have words of their own (no copies)."""
    return list(_members_of(c, [story], but)[story])


def _members_of(c: Connection, stories: Sequence[int], but: int) -> dict[int, tuple[Member, ...]]:
    """The members of each story as `members` says, in two queries for all."""
    if not stories:
        return {}
    numbers: dict[int, list[int]] = {story: [] for story in stories}
    rows = c.execute(_firsts_and_newest(len(stories)), _named("story", stories) | {"but": but})
    for story, number in sorted({(story, number) for story, number in rows}):
        numbers[story].append(number)
    found = _members(c, [number for several in numbers.values() for number in several])
    return {story: tuple(found[one] for one in several if one in found) for story, several in numbers.items()}


@cache
def _firsts_and_newest(stories: int) -> "CompoundSelect[int, int]":
    """The first article and the newest of each of so many stories, but copies."""
    j = t.judgement.c
    parts = []
    for n in range(stories):
        own = (j.story == bindparam(f"story{n}"), j.copy_of.is_(None), j.fingerprint.is_not(None))
        mine = select(j.story, j.article).where(*own, j.article != bindparam("but"))
        parts += [mine.order_by(j.article.desc()).limit(MEMBERS - 1), mine.order_by(j.article).limit(1)]
    return union_all(*(select(*part.subquery().c) for part in parts))


def _named(name: str, values: Sequence[int]) -> dict[str, Any]:
    return {f"{name}{n}": value for n, value in enumerate(values)}


def _members(c: Connection, numbers: Iterable[int]) -> dict[int, Member]:
    """These articles with their fingerprints, in that order, where they have one of the present scheme."""
    wanted = list(numbers)
    rows = c.execute(
        select(t.judgement.c.article, t.judgement.c.fingerprint, t.article.c.outlet)
        .join(t.article, t.article.c.id == t.judgement.c.article)
        .where(t.judgement.c.article.in_(wanted), t.judgement.c.scheme == SCHEME)
    )
    found = {number: Member(number, _unpacked(packed), outlet) for number, packed, outlet in rows}
    return {number: found[number] for number in wanted if number in found}


@lru_cache(maxsize=UNPACKED)
def _unpacked(packed: bytes) -> Fingerprint:
    """The fingerprint of these bytes, kept with what was counted of it: today's stories are compared all day.

    The bytes are the key, so a new judgement needs no invalidation, nor do two databases in one process.
    """
    return Fingerprint.unpack(packed)


def fingerprints(c: Connection, numbers: Iterable[int]) -> dict[int, Fingerprint]:
    """The fingerprints of these articles, where they have one of the present scheme."""
    return {number: member.fingerprint for number, member in _members(c, numbers).items()}


def placed(c: Connection, article: int) -> RowMapping | None:
    """What was decided of an article, or None."""
    return c.execute(select(t.judgement).where(t.judgement.c.article == article)).mappings().one_or_none()


def first_copy(c: Connection, seed: str, but: int) -> RowMapping | None:
    """The first article that copied a seed; later ones fold under it."""
    j = t.judgement
    query = select(j).where(j.c.seed == seed, j.c.relation == "copy", j.c.copy_of.is_(None), j.c.article != but)
    return c.execute(query.order_by(j.c.article).limit(1)).mappings().one_or_none()


def forced_story(c: Connection, article: int) -> int | None:
    """The story that an operator put the article into."""
    query = select(t.story_rule.c.story).where(t.story_rule.c.article == article, ~t.story_rule.c.apart)
    return c.execute(query.order_by(t.story_rule.c.at.desc()).limit(1)).scalar_one_or_none()


def write_judgement(c: Connection, article: int, judgement: Judgement, *, now: datetime) -> int | None:
    """Write what was decided, replacing what was there; gives the story, made where the article opens one."""
    forget_judgement(c, article)
    story = judgement.story
    if judgement.placement == "opens" and story is None:
        story = int(c.execute(insert(t.story).values(opened=now).returning(t.story.c.id)).scalar_one())
    fp = judgement.fingerprint
    seed = judgement.seed
    c.execute(
        insert(t.judgement).values(
            article=article,
            judged=now,
            placement=judgement.placement,
            copy_of=judgement.copy_of,
            story=story,
            seed=seed.seed if seed else None,
            relation=seed.relation if seed else None,
            seed_why=seed.why if seed else None,
            new=list(judgement.new),
            why=judgement.why or {},
            at=judgement.at,
            scheme=fp.scheme if fp else None,
            fingerprint=fp.pack() if fp else None,
        )
    )
    _write_topics(c, article, judgement.verdicts)
    if fp is not None:
        _write_keys(c, article, fp, judgement.at or now, opens_stories=judgement.placement != "copy")
    if story is not None:
        _write_related(c, story, judgement.related)
    c.execute(update(t.article).where(t.article.c.id == article).values(pending=False))
    return story


def forget_judgement(c: Connection, article: int) -> None:
    """Take back what was decided of an article; what it was told stays told."""
    c.execute(delete(t.judgement).where(t.judgement.c.article == article))
    for table in (t.article_topic, t.copy_key, t.story_key):
        c.execute(delete(table).where(table.c.article == article))


def _write_topics(c: Connection, article: int, verdicts: Sequence[Verdict]) -> None:
    rows = [
        {
            "article": article,
            "topic": verdict.topic,
            "score": verdict.score,
            "centrality": verdict.centrality,
            "reasons": [{"rule": r.rule, "words": r.words, "weight": r.weight} for r in verdict.reasons],
            "signals": list(verdict.signals),
        }
        for verdict in verdicts
        if verdict.relevant or verdict.score > 0
    ]
    if rows:
        c.execute(insert(t.article_topic), rows)


def _write_keys(c: Connection, article: int, fp: Fingerprint, at: datetime, *, opens_stories: bool) -> None:
    """Index an article. A copy is found by its wording, but a story by what is no copy."""
    if copies := [{"key": key, "article": article} for key in set(fp.copy_keys())]:
        c.execute(insert(t.copy_key), copies)
    if opens_stories and (keys := [{"key": key, "at": at, "article": article} for key in set(fp.story_keys())]):
        c.execute(insert(t.story_key), keys)


def _write_related(c: Connection, story: int, others: Iterable[int]) -> None:
    for other in set(others) - {story}:
        pair = {"story": min(story, other), "other": max(story, other)}
        known = select(literal(1)).where(t.related.c.story == pair["story"], t.related.c.other == pair["other"])
        if c.execute(known).first() is None:
            c.execute(insert(t.related).values(pair))


def related_stories(c: Connection, story: int) -> list[int]:
    """The stories of the same running affair."""
    r = t.related
    rows = c.execute(select(r.c.story, r.c.other).where(or_(r.c.story == story, r.c.other == story)))
    return sorted({a if b == story else b for a, b in rows})
