"""What waits to be decided of articles, and what was decided of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, RowMapping, delete, func, insert, or_, select, update

from sovwatch import schema as t
from sovwatch.model import Placed, SeedVerdict, Verdict
from sovwatch.schemes import READ
from sovwatch.similarity import Fingerprint
from sovwatch.store.upserts import put

PLACING = 7368777  # the advisory lock of whoever places; one more than the migrations'


class Share(NamedTuple):
    """The part of all articles that one of several judges takes, from 0 on."""

    part: int
    of: int


WHOLE = Share(0, 1)


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


def pending(c: Connection, limit: int, *, after: int = 0, share: Share = WHOLE) -> list[RowMapping]:
    """The next articles to judge, in the order of arrival."""
    number = t.article.c.id
    query = select(t.article).where(t.WAITS, number > after).order_by(number).limit(limit)
    if share.of > 1:
        query = query.where(number % share.of == share.part)
    return list(c.execute(query).mappings())


def alone(c: Connection) -> None:
    """Let nobody else place an article, or compose from what is placed, until this transaction ends.

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


def placed(c: Connection, article: int) -> RowMapping | None:
    """What was decided of an article, or None."""
    return c.execute(select(t.judgement).where(t.judgement.c.article == article)).mappings().one_or_none()


def first_copy(c: Connection, seed: str, but: int) -> RowMapping | None:
    """The first article that copied a seed; later ones fold under it."""
    j = t.judgement
    query = select(j).where(j.c.seed == seed, j.c.relation == "copy", j.c.copy_of.is_(None), j.c.article != but)
    return c.execute(query.order_by(j.c.article).limit(1)).mappings().one_or_none()


def with_copies(c: Connection, *articles: int) -> list[int]:
    """These articles with their copies, and with those of such as became copies by an edit."""
    j = t.judgement.c
    more = c.execute(select(j.article).where(j.copy_of.in_(articles), j.article.not_in(articles))).scalars().all()
    return with_copies(c, *articles, *more) if more else list(articles)


def forced_story(c: Connection, article: int) -> int | None:
    """The story that an operator put the article into."""
    query = select(t.story_rule.c.story).where(t.story_rule.c.article == article, ~t.story_rule.c.apart)
    return c.execute(query.order_by(t.story_rule.c.at.desc()).limit(1)).scalar_one_or_none()


def write_judgement(c: Connection, article: int, judgement: Judgement, *, now: datetime) -> int | None:
    """Write what was decided, replacing what was there; gives the story, made where the article opens one."""
    forget_judgement(c, article)
    story = judgement.story
    if judgement.placement == "opens" and story is None:
        story = open_story(c, now)
    c.execute(insert(t.judgement).values(article=article, judged=now, story=story, **_decided(judgement)))
    _write_topics(c, article, judgement.verdicts)
    if (fp := judgement.fingerprint) is not None:
        _write_keys(c, article, fp, judgement.at or now, opens_stories=judgement.placement != "copy")
    if story is not None:
        write_related(c, story, judgement.related)
    c.execute(update(t.article).where(t.article.c.id == article).values(pending=False))
    return story


def _decided(judgement: Judgement) -> dict[str, Any]:
    """The columns of what was decided of an article but its story."""
    fp, seed = judgement.fingerprint, judgement.seed
    return {
        "placement": judgement.placement,
        "copy_of": judgement.copy_of,
        "seed": seed.seed if seed else None,
        "relation": seed.relation if seed else None,
        "seed_why": seed.why if seed else None,
        "new": list(judgement.new),
        "why": judgement.why or {},
        "at": judgement.at,
        "scheme": fp.scheme if fp else None,
        "fingerprint": fp.pack() if fp else None,
    }


def open_story(c: Connection, now: datetime) -> int:
    """Make a story, yet without articles."""
    return int(c.execute(insert(t.story).values(opened=now).returning(t.story.c.id)).scalar_one())


def forget_judgement(c: Connection, article: int) -> None:
    """Take back what was decided of an article; what it was told stays told."""
    if c.execute(delete(t.judgement).where(t.judgement.c.article == article)).rowcount:
        for table in (t.article_topic, t.copy_key, t.story_key):  # which are written with it, and never without
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
    if opens_stories:
        _write_story_keys(c, article, fp, at)


def _write_story_keys(c: Connection, article: int, fp: Fingerprint, at: datetime) -> None:
    if keys := [{"key": key, "at": at, "article": article} for key in set(fp.story_keys())]:
        c.execute(insert(t.story_key), keys)


def no_copy_any_more(c: Connection, article: int) -> None:
    """Let the story of an article that was a copy be found by what it tells."""
    j = t.judgement.c
    row = c.execute(select(j.fingerprint, j.at, j.judged).where(j.article == article, j.scheme.in_(READ))).one_or_none()
    if row is not None:
        _write_story_keys(c, article, Fingerprint.unpack(row.fingerprint), row.at or row.judged)


def write_related(c: Connection, story: int, others: Iterable[int]) -> None:
    """Remember that stories are of one running affair with a story."""
    pairs = sorted({(min(story, other), max(story, other)) for other in others if other != story})
    put(c, t.related, [{"story": one, "other": other} for one, other in pairs])


def related_stories(c: Connection, story: int) -> list[int]:
    """The stories of the same running affair."""
    r = t.related
    rows = c.execute(select(r.c.story, r.c.other).where(or_(r.c.story == story, r.c.other == story)))
    return sorted({a if b == story else b for a, b in rows})
