"""What channels were told of stories, and when: what an update is an update of, and whose thread it goes to."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, select

from sovwatch import schema as t
from sovwatch.reports import reporting

TOLD = ("new", "update", "named")
UNHEARD = ("muted", "dropped")  # nobody was shown it, and what it says is not known
LATELY = 100  # articles that are compared with what is told now


@dataclass(frozen=True, slots=True)
class History:
    """What a channel was told of a story: since when, by which messages, and which of its articles.

    What an opinion, or its reprint, told before the first report counts as first only while no report was told:
    `opinion` says so. `counted` are those that nobody was shown, as they added nothing, were muted or in a message that
    was given up; `since`, those that added nothing and came after the story was last told.
    """

    opinion: bool
    first: datetime
    opened: int  # the article that it was first told of
    message: str | None
    alone: str | None  # key of the message that told the story on its own, whose thread its updates go to
    replied: datetime | None
    articles: tuple[int, ...]
    told: Mapping[int, datetime]  # when each of those that were shown was told last
    counted: frozenset[int]
    since: tuple[int, ...]


def history(c: Connection, channel: str, stories: Sequence[int]) -> dict[int, History]:
    """What the channel was told of these stories; those it knows nothing of are absent."""
    d, a, j = t.told, t.article.c, t.judgement.c
    query = select(d, a.kind, a.tier, j.copy_of).join(t.article, a.id == d.c.article)
    query = query.join(t.judgement, j.article == d.c.article, isouter=True)
    query = query.where(d.c.channel == channel, d.c.story.in_(stories)).order_by(d.c.at, d.c.article)
    rows: dict[int, list[RowMapping]] = defaultdict(list)
    for row in c.execute(query).mappings():
        rows[row["story"]].append(row)
    return {story: _history(told) for story, told in rows.items() if any(row["how"] in TOLD for row in told)}


def lately(c: Connection, channel: str, since: datetime) -> list[int]:
    """The articles that the channel was last told since then."""
    d = t.told.c
    query = select(d.article).where(d.channel == channel, d.at >= since, d.how.in_(TOLD))
    return list(dict.fromkeys(c.execute(query.order_by(d.at.desc(), d.article).limit(LATELY)).scalars()))


def _history(rows: Sequence[RowMapping]) -> History:
    told = [row for row in rows if row["how"] in TOLD]
    opinions = {row["article"] for row in rows if not reporting(row["kind"], row["tier"])}
    reported = [row for row in told if not opinions & {row["article"], row["copy_of"]}]
    first = (reported or told)[0]
    alone = next((row["message"] for row in (*reported, *told) if str(row["message"]).startswith("breaking:")), None)
    replies = [row["at"] for row in told if str(row["message"]).startswith("reply:")]
    shown = {row["article"] for row in told}
    unseen = [row for row in rows if row["article"] not in shown]
    since = [row["article"] for row in unseen if row["how"] == "counted" and row["at"] > told[-1]["at"]]
    return History(
        opinion=not reported,
        first=first["at"],
        opened=first["article"],
        message=first["message"],
        alone=alone,
        replied=max(replies, default=None),
        articles=tuple(row["article"] for row in rows if row["how"] not in UNHEARD),
        told={row["article"]: row["at"] for row in told},
        counted=frozenset(row["article"] for row in unseen),
        since=tuple(dict.fromkeys(since)),
    )
