"""What people say of stories: apart, together, not now, at once. It is remembered, and wins over what was decided.

`unite` and `take` also serve judging, where an article shows two stories to be one that nobody wants apart, or others
to belong with it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, delete, func, insert, literal, or_, select, update

from sovwatch import schema as t
from sovwatch.mutes import Mute, MuteKind
from sovwatch.store import placing


def split(c: Connection, article: int, now: datetime) -> int | None:
    """Take an article, with its copies, out of its story into one of its own; None where it has it to itself."""
    placing.alone(c)
    j = t.judgement
    old = c.execute(select(j.c.story).where(j.c.article == article)).scalar_one_or_none()
    if old is None:
        return None
    going = _with_copies(c, article)
    left = select(func.count()).select_from(j).where(j.c.story == old, j.c.article.not_in(going))
    if not c.execute(left).scalar_one():
        return None
    new = _go(c, article, None, now)
    for number in going:
        _rule(c, number, old, now, apart=True)
        _rule(c, number, new, now, apart=False)
    return new


def merge(c: Connection, story: int, into: int, now: datetime) -> int:
    """Put all articles of a story into another by an operator's word; gives how many."""
    placing.alone(c)
    going = unite(c, story, into)
    for number in going:
        _rule(c, number, into, now, apart=False)
    return len(going)


def unite(c: Connection, story: int, into: int) -> list[int]:
    """Put all articles of a story into another, with all that was told and said of it; gives the articles.

    Nobody else places or composes meanwhile (`placing.alone`). A mute of it goes: who calls saw to it that the other is
    muted alike, or that neither is.
    """
    j = t.judgement
    going = list(c.execute(select(j.c.article).where(j.c.story == story)).scalars())
    _opened(c, story, into)
    _move(c, going, into)
    placing.write_related(c, into, placing.related_stories(c, story))
    c.execute(delete(t.related).where(or_(t.related.c.story == story, t.related.c.other == story)))
    for table, key in ((t.follow, "channel"), (t.story_rule, "article"), (t.landed, "outbox")):
        _rename(c, table, key, story, into)
    c.execute(delete(t.mute).where(t.mute.c.kind == "story", t.mute.c.what == str(story)))
    c.execute(update(t.story).where(t.story.c.id == story).values(merged_into=into))
    return going


def _opened(c: Connection, story: int, into: int) -> None:
    """Say of who opened a story that goes into another that it joins that, and why."""
    j = t.judgement.c
    for article, why in c.execute(select(j.article, j.why).where(j.story == story, j.placement == "opens")).all():
        told = f"{why.get('placement', '')}; opened story {story}, which went into story {into}"
        values = {"placement": "joins", "why": {**why, "placement": told}}
        c.execute(update(t.judgement).where(j.article == article).values(values))


def take(c: Connection, into: int | None, going: Iterable[int], now: datetime) -> int | None:
    """Put articles of other stories into one, but those that people want where they are; gives the story.

    None: the first to go opens it. A story that all have left is the one that they went to.
    """
    left: set[int] = set()
    for article in going:
        old = c.execute(select(t.judgement.c.story).where(t.judgement.c.article == article)).scalar_one()
        if placing.forced_story(c, article) is None and not kept_apart(c, old, into or old, now):
            into = _go(c, article, into, now)
            placing.write_related(c, into, [old])
            left.add(old)
    for old in left:
        if into is not None and not exists(c, old):
            unite(c, old, into)
    return into


def _go(c: Connection, article: int, into: int | None, now: datetime) -> int:
    """Put an article, with its copies and what was told of them, into another story, or one of its own; gives it."""
    j = t.judgement.c
    old, stood, why = c.execute(select(j.story, j.placement, j.why).where(j.article == article)).one()
    story = placing.open_story(c, now) if into is None else into
    told = {**why, "placement": f"{why.get('placement', '')}; went on to story {story} from story {old}"}
    stands = {"placement": "opens" if into is None else "joins", "copy_of": None, "why": told}
    c.execute(update(t.judgement).where(j.article == article).values(stands))
    _move(c, _with_copies(c, article), story)
    if stood == "opens":  # who is first of those that stay opens what is left
        first = select(func.min(j.article)).where(j.story == old, j.copy_of.is_(None)).scalar_subquery()
        c.execute(update(t.judgement).where(j.article == first).values(placement="opens"))
    return story


def _with_copies(c: Connection, article: int) -> list[int]:
    j = t.judgement.c
    return [article, *c.execute(select(j.article).where(j.copy_of == article)).scalars()]


def _rename(c: Connection, table: Table, key: str, story: int, into: int) -> None:
    """Let rows of a story be of another, but where that has one of the same key: that one stands."""
    there = select(table.c[key]).where(table.c.story == into).scalar_subquery()
    c.execute(update(table).where(table.c.story == story, table.c[key].not_in(there)).values(story=into))
    c.execute(delete(table).where(table.c.story == story))


def kept_apart(c: Connection, one: int, other: int, now: datetime) -> bool:
    """Whether people want two stories apart: one is muted, or an article of one was taken out of the other."""
    muted = select(literal(1)).where(t.mute.c.kind == "story", t.mute.c.what.in_([str(one), str(other)]), _holds(now))
    r, j = t.story_rule.c, t.judgement.c
    pairs = or_((j.story == one) & (r.story == other), (j.story == other) & (r.story == one))
    split = select(literal(1)).select_from(t.story_rule).join(t.judgement, j.article == r.article)
    return any(c.execute(query.limit(1)).first() is not None for query in (muted, split.where(r.apart, pairs)))


def _rule(c: Connection, article: int, story: int, now: datetime, *, apart: bool) -> None:
    mine = (t.story_rule.c.article == article) & (t.story_rule.c.story == story)
    c.execute(delete(t.story_rule).where(mine))
    c.execute(insert(t.story_rule).values(article=article, story=story, apart=apart, at=now))


def _move(c: Connection, articles: Sequence[int], story: int) -> None:
    for table in (t.judgement, t.news, t.told):
        c.execute(update(table).where(table.c.article.in_(articles)).values(story=story))


def exists(c: Connection, story: int) -> bool:
    """Whether a story has any article."""
    return c.execute(select(literal(1)).where(t.judgement.c.story == story).limit(1)).first() is not None


def went_into(c: Connection, story: int) -> int | None:
    """The story that a story went into, and that perhaps into another; None where it stands or never was."""
    into = c.execute(select(t.story.c.merged_into).where(t.story.c.id == story)).scalar_one_or_none()
    return None if into is None else went_into(c, into) or int(into)


def mute(c: Connection, kind: MuteKind, what: str, channel: str | None, until: datetime | None, now: datetime) -> int:
    """Add a mute, and give its number."""
    values = {"kind": kind, "what": what, "channel": channel, "until": until, "created": now}
    return int(c.execute(insert(t.mute).values(values).returning(t.mute.c.id)).scalar_one())


def outlets(c: Connection) -> list[str]:
    """The outlets that were ever read."""
    return list(c.execute(select(t.article.c.outlet).distinct()).scalars())


def unmute(c: Connection, number: int) -> bool:
    """Take a mute back; False where there is none of that number."""
    return c.execute(delete(t.mute).where(t.mute.c.id == number)).rowcount == 1


def mutes(c: Connection, now: datetime) -> list[tuple[int, Mute]]:
    """The mutes that hold now, of all channels, with their numbers."""
    query = select(t.mute).where(_holds(now)).order_by(t.mute.c.id)
    rows = c.execute(query).mappings()
    return [(row["id"], Mute(row["kind"], row["what"], row["until"], row["channel"])) for row in rows]


def _holds(now: datetime) -> ColumnElement[bool]:
    return or_(t.mute.c.until.is_(None), t.mute.c.until > now)


def mutes_of(c: Connection, story: int, now: datetime) -> dict[int, Mute]:
    """The mutes of one story that hold now, of all channels, by number."""
    return {number: mute for number, mute in mutes(c, now) if (mute.kind, mute.what) == ("story", str(story))}


def follow(c: Connection, story: int, channels: Sequence[str], now: datetime, *, on: bool = True) -> None:
    """Tell these channels at once when the story moves, or no more."""
    f = t.follow
    for channel in channels:
        c.execute(delete(f).where(f.c.story == story, f.c.channel == channel))
        if on:
            c.execute(insert(f).values(story=story, channel=channel, created=now))


def followed(c: Connection, channel: str) -> frozenset[int]:
    """The stories that the channel follows."""
    return frozenset(c.execute(select(t.follow.c.story).where(t.follow.c.channel == channel)).scalars())


def story_rows(c: Connection, story: int) -> list[RowMapping]:
    """The articles of a story, in the order of arrival."""
    query = (
        select(t.article.c.id, t.article.c.title, t.article.c.outlet, t.article.c.url, t.judgement.c.placement)
        .join(t.judgement, t.judgement.c.article == t.article.c.id)
        .where(t.judgement.c.story == story)
        .order_by(t.article.c.id)
    )
    return list(c.execute(query).mappings())
