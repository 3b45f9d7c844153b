"""Which edits of its articles a channel has not heard of: what it knows of them is what they said before."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, RowMapping, func, select

from sovwatch import schema as t
from sovwatch.store.history import UNHEARD


def untold(c: Connection, channel: str, articles: Collection[int]) -> dict[int, list[RowMapping]]:
    """The edits of articles since the channel heard of them, the first first; all where it was not shown them."""
    d, found = t.told.c, defaultdict[int, list[RowMapping]](list)
    heard = select(d.article, func.max(d.revision)).where(d.channel == channel, d.article.in_(articles))
    heard = heard.where(d.how.not_in(UNHEARD)).group_by(d.article)
    upto = {article: revision for article, revision in c.execute(heard)}  # noqa: C416  (as in `sources`)
    edits = select(t.revision).where(t.revision.c.article.in_(articles)).order_by(t.revision.c.number)
    for row in c.execute(edits).mappings():
        if row["number"] > upto.get(row["article"], -1):
            found[row["article"]].append(row)
    return found


def unheard(c: Connection, channel: str, articles: Collection[int]) -> list[dict[str, Any]]:
    """Of these articles those with edits that nobody was shown, muted or given up, as they stood before."""
    d, a = t.told.c, t.article.c
    query = select(d.article).where(d.channel == channel, d.article.in_(articles), d.how.in_(UNHEARD)).distinct()
    if not (numbers := set(c.execute(query).scalars())):
        return []
    edited = {article: edits[0] for article, edits in untold(c, channel, numbers).items() if edits[0]["text"]}
    rows = c.execute(select(t.article).where(a.id.in_(edited))).mappings()
    return [{**row, "title": edited[row["id"]]["title"], "text": edited[row["id"]]["text"]} for row in rows]
