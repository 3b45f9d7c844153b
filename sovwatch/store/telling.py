"""What is owed to channels, and what they were told.

`news` is a queue: judging puts an article in for each channel that could be told of it, a digest takes out what it
tells and what adds nothing. So a digest costs what is untold, whatever the archive holds, and a new channel starts
with what is first seen after it was added.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, RowMapping, bindparam, delete, func, insert, literal, select, update

from sovwatch import schema as t
from sovwatch.model import OPENING, Change, Kind, Piece, Precision, Tier
from sovwatch.reports import GROWTH_TIME
from sovwatch.store import edits, missing
from sovwatch.store.history import TOLD
from sovwatch.urls import untracked

_ADDRESS = (
    select(t.address.c.original_url)
    .where(t.address.c.article == t.article.c.id)
    .order_by(t.address.c.id)
    .limit(1)
    .scalar_subquery()
    .label("address")
)
How = Literal["new", "update", "named", "counted", "muted"]  # or "dropped", where its message was given up


@dataclass(frozen=True, slots=True)
class Owed:
    """An article that a channel is still to be told of, or that it was told of: its row, decision and revision."""

    row: RowMapping
    revision: int
    change: Change
    since: datetime
    lines: tuple[str, ...]  # what an edit changed
    before: Mapping[str, str | None]  # headline and text as the channel was told them

    @property
    def taken(self) -> tuple[int, int, int]:
        """Its article, the revision that is owed, and the one that is told: what was edited before is as it stands."""
        return self.row["id"], self.revision, max(self.revision, self.row["revision"])


def enrol(c: Connection, name: str, now: datetime) -> RowMapping:
    """The channel's row, made where it is new; held to the end of the transaction: one composes for it at a time."""
    query = select(t.channel).where(t.channel.c.name == name).with_for_update()
    if (row := c.execute(query).mappings().one_or_none()) is not None:
        return row
    upto = c.execute(select(func.coalesce(func.max(t.article.c.id), 0))).scalar_one()
    c.execute(insert(t.channel).values(name=name, added=now, upto=upto))
    return c.execute(query).mappings().one()


def channels(c: Connection) -> dict[str, RowMapping]:
    """All channels that were ever told, by name."""
    return {row["name"]: row for row in c.execute(select(t.channel)).mappings()}


def owe(
    c: Connection, channel: str, article: RowMapping | Mapping[str, Any], change: Change, story: int, *, now: datetime
) -> None:
    """Put an article, as it stands, among a channel's news, once.

    One that was told is owed again only where an edit changed something. One edited before it was told is told as it
    stands; one that vanished before it was shown, counted or muted till then, is not told. A channel is owed nothing
    that was first seen before it was added.
    """
    number, revision = article["id"], article["revision"]
    mine = (t.news.c.channel == channel) & (t.news.c.article == number)
    owed = set(c.execute(select(t.news.c.revision).where(mine)).scalars())
    told = _told(c, channel, number)
    if revision in owed | told.keys() or _added_since(c, channel, article["first_seen"]):
        return
    if told and not change:
        return
    if told or change == "withdrawn":
        c.execute(delete(t.news).where(mine))
    vanished = change == "withdrawn" and not set(TOLD) & set(told.values())
    if not vanished and (told or not owed):
        values = {"channel": channel, "article": number, "revision": revision, "story": story, "since": now}
        c.execute(insert(t.news).values(values))


def _told(c: Connection, channel: str, article: int) -> dict[int, str]:
    """The revisions of an article that the channel was told, or that were taken out for it, and how."""
    d = t.told.c
    query = select(d.revision, d.how).where(d.channel == channel, d.article == article)
    return {revision: how for revision, how in c.execute(query)}  # noqa: C416  (as in `sources`)


def _added_since(c: Connection, channel: str, seen: datetime) -> bool:
    """Whether the channel was added after that instant."""
    later = (t.channel.c.name == channel) & (t.channel.c.added > seen)
    return c.execute(select(literal(1)).where(later)).first() is not None


def owes(c: Connection) -> bool:
    """Whether any channel is owed anything."""
    return c.execute(select(literal(1)).select_from(t.news).limit(1)).first() is not None


def owing(c: Connection) -> set[str]:
    """The channels that are owed anything."""
    return set(c.execute(select(t.news.c.channel).distinct()).scalars())


def withdraw(c: Connection, article: int) -> None:
    """Owe an article to nobody: it turned out to be off topic, or to be known."""
    c.execute(delete(t.news).where(t.news.c.article == article))


def note_change(c: Connection, article: int, number: int, change: Change, lines: Sequence[str]) -> None:
    """Write what an edit changed."""
    mine = (t.revision.c.article == article) & (t.revision.c.number == number)
    c.execute(update(t.revision).where(mine).values(change=change, lines=list(lines)))


def owed(c: Connection, channel: str, now: datetime) -> dict[int, list[Owed]]:
    """What the channel is to be told now, by story, in the order of arrival.

    What has no page for now waits for it, and what was edited since it was owed for the judging of that.
    """
    unjudged = t.article.c.pending & (t.article.c.revision > t.news.c.revision)
    query = (
        select(
            t.article,
            _ADDRESS,
            *_DECIDED,
            t.news.c.revision.label("owed_revision"),
            t.news.c.story.label("owed_story"),
            t.news.c.since.label("owed_since"),
        )
        .join(t.news, t.news.c.article == t.article.c.id)
        .join(t.judgement, t.judgement.c.article == t.article.c.id)
        .where(t.news.c.channel == channel)
        .where(~missing.waits(now), ~unjudged)
        .order_by(t.article.c.id)
    )
    found: dict[int, list[Owed]] = defaultdict(list)
    rows = list(c.execute(query).mappings())
    edited = edits.untold(c, channel, [row["id"] for row in rows if row["owed_revision"]])
    for row in rows:
        revision = row["owed_revision"]
        since = [one for one in edited.get(row["id"], ()) if one["number"] <= revision]
        found[row["story"] or row["owed_story"]].append(_owed(row, revision, since))
    return dict(found)


def owed_places(c: Connection, channel: str) -> list[tuple[int, ...]]:
    """Where the articles that a channel is owed stand: their place, and which of their revisions was read and judged.

    One that was edited before it is told is owed as it was, and told as it stands (`owe`).
    """
    n, j, a = t.news.c, t.judgement.c, t.article.c
    place = (n.article, n.revision, func.coalesce(j.story, n.story), func.coalesce(j.copy_of, 0))
    query = select(*place, a.revision, a.pending).join(t.judgement, j.article == n.article)
    query = query.join(t.article, a.id == n.article).where(n.channel == channel)
    return [tuple(row) for row in c.execute(query.order_by(n.article, n.revision))]


_DECIDED = (
    t.judgement.c.story,
    t.judgement.c.copy_of,
    t.judgement.c.seed,
    t.judgement.c.relation,
    t.judgement.c.seed_why,
    t.judgement.c.fingerprint,
    t.judgement.c.scheme,
)


def _owed(row: RowMapping, revision: int, since: Sequence[RowMapping]) -> Owed:
    """An article that is owed, with its edits since it was told: what the last one changed, and what was before all."""
    if not since or since[-1]["number"] != revision:
        return Owed(row, revision, "", row["owed_since"], (), {})
    last, before = since[-1], {"title": since[0]["title"], "text": since[0]["text"]}
    return Owed(row, revision, last["change"], row["owed_since"], tuple(last["lines"]), before)


def topics_of(c: Connection, articles: Iterable[int]) -> dict[int, list[RowMapping]]:
    """The relevant topics of articles, with score, centrality and signals."""
    a = t.article_topic
    found: dict[int, list[RowMapping]] = defaultdict(list)
    for row in c.execute(select(a).where(a.c.article.in_(list(articles)), a.c.centrality.is_not(None))).mappings():
        found[row["article"]].append(row)
    return found


def counted(c: Connection, articles: Sequence[int]) -> list[tuple[Piece, int | None]]:
    """Articles that were counted: as a digest shows them, and what each copies."""
    query = (
        select(t.article, _ADDRESS, t.judgement.c.copy_of)
        .join(t.judgement, t.judgement.c.article == t.article.c.id)
        .where(t.article.c.id.in_(articles))
        .order_by(t.article.c.id)
    )
    return [(piece(row), row["copy_of"]) for row in c.execute(query).mappings()]


def take_out(
    c: Connection,
    channel: str,
    articles: Iterable[tuple[int, int, int]],
    story: int,
    how: How,
    message: str | None,
    now: datetime,
) -> None:
    """Move articles of a story, each as `Owed.taken` has it, from the channel's news to what it was told."""
    n, d, moved = t.news.c, t.told.c, set(articles)
    if not moved:
        return
    mine = (n.channel == channel) & (n.article == bindparam("of_article")) & (n.revision == bindparam("of_revision"))
    c.execute(delete(t.news).where(mine), [{"of_article": one, "of_revision": owed} for one, owed, _ in moved])
    same = (d.channel == channel) & d.article.in_([one for one, *_ in moved])
    told = {(one, revision) for one, revision in c.execute(select(d.article, d.revision).where(same))}
    telling = {"channel": channel, "story": story, "at": now, "message": message, "how": how}
    stand = {(one, stands) for one, _, stands in moved} - told
    if rows := [{"article": one, "revision": stands, **telling} for one, stands in sorted(stand)]:
        c.execute(insert(t.told), rows)


def first_hours(c: Connection, topics: Iterable[str], since: datetime, *, but: int) -> list[list[datetime]]:
    """For each story on the topics since then, when its reports (no copies) of its first hours appeared."""
    a, j, at = t.article.c, t.judgement.c, t.article_topic.c
    first = select(a.id).where(a.first_seen >= since).order_by(a.first_seen).limit(1).scalar_subquery()
    query = (
        select(j.story, a.first_seen, a.published, a.precision, a.id)
        .join(t.judgement, j.article == a.id)
        .join(t.article_topic, at.article == a.id)
        .where(at.article >= first, at.topic.in_(list(topics)), at.centrality == "main", j.copy_of.is_(None))
        .where(j.story.is_not(None), j.story != but)
        .distinct()
        .order_by(a.first_seen)
    )
    stories: dict[int, list[datetime]] = {}
    for story, seen, published, precision, _ in c.execute(query):
        stories.setdefault(story, []).append(published if precision == Precision.SECOND.value else seen)
    return [[at for at in sorted(times) if at - min(times) <= GROWTH_TIME] for times in stories.values()]


def piece(row: RowMapping) -> Piece:
    """An article's row, with the address that it was first read at, as a digest shows it."""
    return Piece(
        article=row["id"],
        url=untracked(row["address"] or row["url"]),
        title=row["title"],
        outlet=row["outlet"],
        language=row["language"],
        published=row["published"],
        precision=Precision(row["precision"]) if row["precision"] else Precision.SECOND,
        paywall=row["paywall"],
        kind=Kind(row["kind"]),
        tier=Tier(row["tier"]),
        agency=row["agency"],
        authors=tuple(row["authors"]),
        first_seen=row["first_seen"],
        had=_had(row),
    )


def _had(row: RowMapping) -> Literal["whole", "opening", "listing"]:
    """What could be read of an article; feeds that have all its text need no page."""
    if row["page"] == "refused" and len((row["text"] or row["summary"] or "").split()) < OPENING:
        return "listing"
    return "opening" if row["page"] == "opening" else "whole"
