"""What people say of stories: apart, together, not now, at once. It is remembered, and wins over what was decided.

`gather` serves judging, where an article shows stories to be one, or articles of others to belong with it; `said` tells
it what people said.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import NamedTuple

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
    going = placing.with_copies(c, article)
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


def gather(c: Connection, story: int | None, unites: Iterable[int], takes: Iterable[int], now: datetime) -> int | None:
    """Let stories go into one, and articles of others: the first opens it where it is None; gives the story, if any.

    What people said was asked before (`said`): none of these is one that they want elsewhere.
    """
    for other in unites:
        assert story is not None
        unite(c, other, story)
    for article in takes:
        old = c.execute(select(t.judgement.c.story).where(t.judgement.c.article == article)).scalar_one()
        story = _go(c, article, story, now)
        placing.write_related(c, story, [old])
    return story


def _go(c: Connection, article: int, into: int | None, now: datetime) -> int:
    """Put an article, with its copies and what was told of them, into another story, or one of its own; gives it."""
    j = t.judgement.c
    old, stood, why = c.execute(select(j.story, j.placement, j.why).where(j.article == article)).one()
    story = placing.open_story(c, now) if into is None else into
    told = {**why, "placement": f"{why.get('placement', '')}; went on to story {story} from story {old}"}
    stands = {"placement": "opens" if into is None else "joins", "copy_of": None, "why": told}
    c.execute(update(t.judgement).where(j.article == article).values(stands))
    going = placing.with_copies(c, article)
    _found_along(c, going, old, story)
    _move(c, going, story)
    if stood == "copy":
        placing.no_copy_any_more(c, article)
    if stood == "opens":
        opened_by_next(c, old)
    return story


def opened_by_next(c: Connection, story: int) -> None:
    """Let the first of those that stay open a story that its opener left."""
    j = t.judgement.c
    first = select(func.min(j.article)).where(j.story == story, j.copy_of.is_(None)).scalar_subquery()
    c.execute(update(t.judgement).where(j.article == first).values(placement="opens"))


def _found_along(c: Connection, articles: Sequence[int], old: int, story: int) -> None:
    """Let what was told of these articles be found where the story that they leave stands in its message."""
    d, o = t.landed.c, t.outbox.c
    messages = select(t.told.c.message).where(t.told.c.article.in_(articles), t.told.c.message.is_not(None))
    there = select(d.outbox).where(d.story == story)
    rows = select(d.outbox, literal(story), d.link).join_from(t.landed, t.outbox, o.id == d.outbox)
    rows = rows.where(d.story == old, o.key.in_(messages), d.outbox.not_in(there))
    c.execute(insert(t.landed).from_select(["outbox", "story", "link"], rows))


def _rename(c: Connection, table: Table, key: str, story: int, into: int) -> None:
    """Let rows of a story be of another, but where that has one of the same key: that one stands."""
    there = select(table.c[key]).where(table.c.story == into).scalar_subquery()
    c.execute(update(table).where(table.c.story == story, table.c[key].not_in(there)).values(story=into))
    c.execute(delete(table).where(table.c.story == story))


class Said(NamedTuple):
    """What people said of some stories that an article comes near.

    `apart`: they took the article out of these. `whole`: they put articles into these, or muted them, so their
    articles stay. `strangers`: by story, those that it is not to be made one with.
    """

    apart: AbstractSet[int]
    whole: AbstractSet[int]
    strangers: Mapping[int, AbstractSet[int]]


def said(c: Connection, stories: Collection[int], article: int, now: datetime) -> Said:
    """What people said of these stories, and of the article."""
    r, j = t.story_rule.c, t.judgement.c
    query = select(r.article, r.story, r.apart, j.story.label("home")).join_from(
        t.story_rule, t.judgement, j.article == r.article, isouter=True
    )
    rules = c.execute(query.where(or_(r.story.in_(stories), j.story.in_(stories)))).all()
    muted = {
        int(what)
        for what in c.execute(
            select(t.mute.c.what).where(t.mute.c.kind == "story", t.mute.c.what.in_(map(str, stories)), _holds(now))
        ).scalars()
    }
    strangers = {story: set(stories) - {story} for story in muted}
    for rule in rules:
        if rule.apart and rule.home is not None:
            strangers.setdefault(rule.home, set()).add(rule.story)
    return Said(
        apart={rule.story for rule in rules if rule.apart and rule.article == article},
        whole=muted | {rule.home for rule in rules if not rule.apart and rule.home is not None},
        strangers=strangers,
    )


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
