"""Judging: one article, one transaction.

    article → relevance to each topic → fingerprint → place among copies, stories, seeds → what is new → who is owed it

What can be computed from the article alone is computed before the transaction; placing among stories is done inside
it, by one at a time (the lease, and `placing.alone`). Stories near a new article are told anew with it, so some become
one, and articles move. An edited article is judged again whole; its story stays, what changed is owed as news.
"""

import gc
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from typing import Any, NamedTuple

from sqlalchemy import Connection, RowMapping

from sovwatch.background import Tables, shipped
from sovwatch.errors import SovwatchError
from sovwatch.model import Change, JudgeReport, Placed, SeedVerdict, Verdict
from sovwatch.novelty import additions, changes
from sovwatch.relevance import Topic
from sovwatch.schemes import READ
from sovwatch.season import Seasons
from sovwatch.seeds import Card, affair, against_seeds
from sovwatch.similarity import Fingerprint
from sovwatch.statements import Statements, statements
from sovwatch.store import Store, candidates, placing, steering, telling
from sovwatch.stored import Row, body, fingerprint_of, instant, topics_of, verdicts
from sovwatch.stories import Copy, Joins, Placement, place
from sovwatch.topics import sought

BATCH = 200  # articles read ahead
CALM = 10_000  # objects between two looks for cycles: hardly any is made, and looking took a tenth of the time
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Bench:
    """What articles are judged by: topics, what is known already, and the channels with the topics they are told."""

    topics: tuple[Topic, ...]
    cards: tuple[Card, ...]
    channels: Mapping[str, frozenset[str]]

    @cached_property
    def tables(self) -> Tables:
        """What terms tell where these topics are watched."""
        return shipped().with_common(sought(self.topics))

    @cached_property
    def seasons(self) -> Seasons:
        """The same, week by week."""
        return Seasons(self.tables)


def judge(store: Store, bench: Bench, *, now: datetime, share: placing.Share = placing.WHOLE) -> Iterator[JudgeReport]:
    """Judge all that is pending, or a share, an article a transaction; yields the running report after each.

    An article that cannot be judged is a bug, said loudly; it waits for whoever mends it, and stops no other.
    """
    gc.set_threshold(CALM)
    report, last = JudgeReport(), 0
    while True:
        with store.read() as c:
            rows = placing.pending(c, BATCH, after=last, share=share)
        if not rows:
            return
        for row in rows:
            last = row["id"]
            try:
                judgement = judge_one(store, row, bench, now=now)
            except SovwatchError:
                raise
            except Exception:  # noqa: BLE001  (whatever its text sets off)
                _LOG.exception("a bug; please report it: %s cannot be judged, and waits", row["url"])
                report.failed += 1
                yield report
                continue
            if judgement is not None:
                _count(report, judgement)
                _say(row, judgement)
                yield report


def _say(row: Row, judgement: placing.Judgement) -> None:
    """Log one event an article."""
    if _LOG.isEnabledFor(logging.INFO):
        said = {"topics": sorted(topics_of(judgement.verdicts)), "placement": judgement.placement}
        _LOG.info("judged", extra={"fields": {"url": row["url"], "outlet": row["outlet"], **said}})


def judge_one(store: Store, row: Row, bench: Bench, *, now: datetime) -> placing.Judgement | None:
    """Judge one article and write what was decided, with what is owed to channels, in one transaction.

    None where another worker has judged it since it was read, or its publisher changed it: then it is pending anew.
    """
    found = verdicts(row, bench.topics)
    if not any(verdict.relevant for verdict in found):
        return _off_topic(store, row, found, now)
    stated = statements(row["title"], body(row), fingerprint_of(row))
    read = _Read(row, found, stated, against_seeds(stated, bench.cards), now)
    with store.write() as c:
        placing.alone(c)
        if not placing.stands(c, row["id"], row["revision"], pending=row["pending"]):
            return None
        before = placing.placed(c, row["id"])
        judgement = _decide(c, read, before, bench)
        story = placing.write_judgement(c, row["id"], judgement, now=now)
        change, lines = _change(row, stated, before)
        if change:
            telling.note_change(c, row["id"], row["revision"], change, lines)
        if story is not None:
            _owe(c, read, judgement, story, bench, change)
    return judgement


def _off_topic(store: Store, row: Row, found: tuple[Verdict, ...], now: datetime) -> placing.Judgement | None:
    """Write that an article is on no topic; one that was on one before is owed to nobody any more."""
    with store.write() as c:
        if _opened(placing.placed(c, row["id"])):
            placing.alone(c)  # another opens its story now
        if not placing.stands(c, row["id"], row["revision"], pending=row["pending"]):
            return None
        before = placing.placed(c, row["id"])
        judgement = placing.Judgement(verdicts=found)
        placing.write_judgement(c, row["id"], judgement, now=now)
        if before is not None:
            telling.withdraw(c, row["id"])
            if _opened(before):
                steering.opened_by_next(c, before["story"])
    return judgement


def _opened(before: RowMapping | None) -> bool:
    return before is not None and before["placement"] == "opens"


class _Read(NamedTuple):
    """An article on topic with what it tells by itself, and the present instant."""

    row: Row
    found: tuple[Verdict, ...]
    stated: Statements
    seed: SeedVerdict | None
    now: datetime

    @property
    def number(self) -> int:
        return int(self.row["id"])


def _decide(c: Connection, read: _Read, before: RowMapping | None, bench: Bench) -> placing.Judgement:
    placed_before = before is not None and before["placement"] is not None
    tables = bench.seasons.tables(instant(read.row), partial(candidates.recent, c))
    placement = _place(c, read, tables, earlier_only=placed_before)
    name, copy_of, story, seed, said = _stand(c, read, placement, before)
    known = _told_by_story(c, story, read.number, bench, seed, earlier_only=placed_before)
    lines = tuple(addition.line for addition in additions(read.stated, known, by_day=seed is None)) if known else ()
    return placing.Judgement(
        verdicts=read.found,
        placement=name,
        copy_of=copy_of,
        story=story,
        seed=seed,
        new=lines,
        why={"placement": placement.why + said, "likeness": _parts(name, placement)},
        at=instant(read.row),
        fingerprint=read.stated.fp,
        related=() if isinstance(placement, Copy) else placement.related,
    )


class _Stand(NamedTuple):
    """Where an article stands: as what, under which article, in which story (None: one of its own), to which seed."""

    name: Placed
    copy_of: int | None
    story: int | None
    seed: SeedVerdict | None
    said: str = ""  # what came of its placement beside that, for a person


def _stand(c: Connection, read: _Read, placement: Placement, before: RowMapping | None) -> _Stand:
    """Carry a placement out; what an operator said, and the story that it was in before, win over it."""
    stays = placing.forced_story(c, read.number)
    if stays is None and before is not None:
        stays = before["story"]
    first = None if isinstance(placement, Copy) else _first_copy(c, read)
    stand = _stand_by_likeness(c, read, placement, free=stays is None and first is None)
    if first is not None:
        stand = _Stand("copy", first["article"], first["story"], read.seed)
    opened = before is not None and (before["placement"], before["story"]) == ("opens", stays)
    if stays is not None and stays != stand.story:
        said = "" if opened and stand.name == "opens" else f"; stays in story {stays}"
        stand = _Stand("joins", None, stays, stand.seed, said)
    # Its story may have grown since, and it would join that.
    return stand._replace(name="opens") if opened and stand.name == "joins" else stand


def _first_copy(c: Connection, read: _Read) -> RowMapping | None:
    """The article that copied a seed before this one, where this copies it too."""
    if read.seed is None or read.seed.relation != "copy":
        return None
    return placing.first_copy(c, read.seed.seed, read.number)


def _stand_by_likeness(c: Connection, read: _Read, placement: Placement, *, free: bool) -> _Stand:
    """Where likeness puts an article; one that is `free` to go anywhere lets others go where they belong with it."""
    if isinstance(placement, Copy):
        original = placing.placed(c, placement.of)
        assert original is not None
        if original["copy_of"] is not None and placement.of in placing.with_copies(c, read.number):
            return _back(c, read, original["story"])
        return _Stand("copy", original["copy_of"] or placement.of, original["story"], _seed_of(original, read.seed))
    own = placement.own
    if not free:
        return _Stand("opens" if own.story is None else "joins", None, own.story, read.seed)
    for move in placement.moves:
        steering.gather(c, move.story, move.unites, move.takes, read.now)
    story = steering.gather(c, own.story, own.unites, own.takes, read.now)
    said = "".join(f"; shows story {other} to be it" for other in own.unites)
    if own.story is None and story is not None:
        said = f": they are story {story} now"
    return _Stand("opens" if story is None else "joins", None, story, read.seed, said)


def _back(c: Connection, read: _Read, story: int) -> _Stand:
    """Where an article stands that was off topic for a while, and whose copies stayed: with them, as their original."""
    alone = not candidates.members(c, story, but=read.number)
    return _Stand("opens" if alone else "joins", None, story, read.seed, ", which copies this; it comes back to it")


def _place(c: Connection, read: _Read, tables: Tables, *, earlier_only: bool) -> Placement:
    """Place the article; one that was placed before stands to those before it only, or it would copy its own copies."""
    fp, number = read.stated.fp, read.number
    copies = candidates.copy_candidates(c, fp.copy_keys(), but=number)
    if earlier_only:
        copies = [member for member in copies if member.article < number]
    stories = candidates.story_candidates(c, fp.story_keys(), instant(read.row), but=number, now=read.now)
    return place(fp, topics_of(read.found), copies, stories, tables)


def _seed_of(original: RowMapping, own: SeedVerdict | None) -> SeedVerdict | None:
    """A copy stands to the seeds as its first does, unless its own added words say more."""
    if original["seed"] is None or (own is not None and own.relation == "update"):
        return own
    return SeedVerdict(original["seed"], original["relation"], original["seed_why"] or "")


def _told_by_story(
    c: Connection, story: int | None, article: int, bench: Bench, seed: SeedVerdict | None, *, earlier_only: bool
) -> list[Fingerprint]:
    """What the story, and the seeds where it is their affair, have said before this article."""
    members = candidates.members(c, story, but=article) if story is not None else []
    known = [member.fingerprint for member in members if member.article < article or not earlier_only]
    return known + (affair(bench.cards, seed) if seed else [])


def _change(row: Row, stated: Statements, before: RowMapping | None) -> tuple[Change, tuple[str, ...]]:
    """What an edit changed of what was judged before."""
    if row["revision"] == 0 or before is None or before["fingerprint"] is None:
        return "", ()
    if row["gone"]:
        return "withdrawn", ()
    if before["scheme"] not in READ:  # judged by a later version, whose facts cannot be compared
        return "", ()
    lines = changes(stated, [Fingerprint.unpack(before["fingerprint"])])
    return ("corrected", lines) if lines else ("", ())


def _owe(c: Connection, read: _Read, judgement: placing.Judgement, story: int, bench: Bench, change: Change) -> None:
    """Put the article among the news of each channel that could be told of it."""
    if judgement.seed and judgement.seed.relation != "update":
        telling.withdraw(c, read.number)
        return
    if read.row["standing"] == "memory":
        return
    central = {verdict.topic for verdict in judgement.verdicts if verdict.centrality == "main"}
    for channel, topics in bench.channels.items():
        if central & topics:
            telling.owe(c, channel, read.row, change, story, now=read.now)


def _parts(name: Placed, placement: Placement) -> dict[str, Any] | None:
    """How like it is to what it came nearest to: what joined the story that it opened is none of these."""
    likeness = None if name == "opens" and isinstance(placement, Joins) else placement.likeness
    return None if likeness is None else {"score": likeness.score, **likeness.parts}


def _count(report: JudgeReport, judgement: placing.Judgement) -> None:
    report.judged += 1
    if judgement.placement is None:
        return
    report.on_topic += 1
    report.placements[judgement.placement] = report.placements.get(judgement.placement, 0) + 1
    if judgement.seed and judgement.seed.relation != "update":
        report.held_back += 1
