"""Where an article belongs: it repeats a known wording (Copy), tells a known happening (Joins), or a new one (Opens).

Wording is judged first (`copies`); it may fold an article under a member of any story. Else the article joins the story
whose members it most probably shares a happening with, by the mean over members (`pairs` gives each): a story that grew
by chance joins pulls no more along, since what resembles one fringe member resembles few of the others. Measured beside
it: the highest member alone (single linkage) joined 9 documents of coverage wrongly where the mean joins 3.

Two reports may come before the one that shows them to be of one happening: an English and a French one, then one that
resembles both. So an article that belongs with two stories makes them one where their members belong together as well,
by the same mean. That mends what the order of arrival spoilt: B-cubed F1 on coverage rises by .03, the documents that
are joined wrongly by none (out of fold; docs/quality.md).

And the first report of a happening often goes to the story of what went before, whose background it retells. So when an
article has its place, it takes along from the stories that it came near what belongs more with it (`settling`).

A wrong join hides news, a missed one repeats it: `ENOUGH` lies where more joins would first be bought with wrong ones.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from math import inf

from sovwatch import copies as wording
from sovwatch.background import Tables
from sovwatch.pairs import FAR, odds
from sovwatch.settling import coming
from sovwatch.similarity import Fingerprint, Likeness, likeness

STORY_WINDOW = FAR + timedelta(days=31)  # a date known to the month is stored as its first instant
ENOUGH = 0.25  # mean probability; see docs/quality.md for what other values give
BARE_ENOUGH = 0.2  # where a headline is all there is of the article
RELATED = 0.1  # stories that come so near are shown as related
MOST_RELATED = 3
STANDING = 5  # stories that have a wording before it is none's own; with 3 a quotation on copies/ counted as such
_NEVER = -inf  # of two articles of one template: they are in no story together, however near its other members come
_NEW = -1  # stands for the article that is placed, beside the numbers of known ones


@dataclass(frozen=True, slots=True)
class Member:
    """An article that is known already, as placing needs it; `story` is told of those that share wording."""

    article: int
    fingerprint: Fingerprint
    topics: frozenset[str] = frozenset()
    story: int = 0


@dataclass(frozen=True, slots=True)
class StoryView:
    """A story with those of its members that are compared; `apart`: an operator split the article from it."""

    id: int
    members: tuple[Member, ...]
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Copy:
    """It repeats the wording of article `of`."""

    of: int
    likeness: Likeness
    why: str


@dataclass(frozen=True, slots=True)
class Joins:
    """It is another report of the story, nearest to article `nearest`.

    `related` are stories that also came near, `unites` those that it shows to be the same story, `takes` the
    articles of other stories that belong more with it when that is done.
    """

    story: int
    nearest: int
    likeness: Likeness
    why: str
    related: tuple[int, ...] = ()
    unites: tuple[int, ...] = ()
    takes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Opens:
    """It opens a story of its own; `nearest` is the article that came closest, `takes` as with `Joins`."""

    nearest: int | None
    likeness: Likeness | None
    why: str
    related: tuple[int, ...] = ()
    takes: tuple[int, ...] = ()


Placement = Copy | Joins | Opens


@dataclass(frozen=True, slots=True)
class _Match:
    """How near a story came: the mean probability over its members, the nearest member, and all that came near.

    `mean` is what decides: 0 where a member, `barred`, is of one template with the article.
    """

    story: StoryView
    near: float
    mean: float
    nearest: Member
    best: float
    close: tuple[int, ...]
    barred: Member | None


def place(
    fp: Fingerprint,
    topics: frozenset[str],
    copies: Sequence[Member],
    stories: Sequence[StoryView],
    tables: Tables,
) -> Placement:
    """Place an article among those that share index keys with it: `copies` by wording, `stories` by happening.

    `topics` are those that it is on: articles that share none report two happenings (two pollsters' polls of one
    Saturday, of Alberta and of Quebec). The outlet is not looked at: one outlet reports a happening twice as often as
    it reports two like ones. `tables` say what terms tell (`judge.Bench` makes them).
    """
    new = Member(_NEW, fp, topics)
    if found := _copied(fp, copies, tables):
        return found
    matches = _matches(new, stories, tables)
    near = [match for match in matches if match.near >= RELATED or match.barred]
    best = next((match for match in matches if not match.story.apart), None)
    if best is None:
        return Opens(None, None, "nothing known comes near", _related(near))
    alike = likeness(fp, best.nearest.fingerprint, tables)
    told = f"one happening with probability {best.mean:.2f} over {len(best.story.members)} of story {best.story.id}"
    enough = ENOUGH if fp.sentences else BARE_ENOUGH
    if best.mean >= enough:
        same = [match for match in near if match is not best and _one(new, best, match, tables)]
        return Joins(
            best.story.id,
            best.nearest.article,
            alike,
            f"{told}, {best.best:.2f} with the nearest",
            _related(near, best, *same),
            tuple(match.story.id for match in same),
            _taken(new, near, tables, best, *same),
        )
    why = "; ".join((*(() if best.barred else (f"{told}, below {enough}",)), *_barring(fp, near)))
    return Opens(best.nearest.article, alike, why, _related(near), _taken(new, near, tables))


def _barring(fp: Fingerprint, near: Sequence[_Match]) -> Iterator[str]:
    """Why it is not in the first of the stories that have an article of its template."""
    for match in near:
        if match.barred and not match.story.apart:
            why = wording.template(fp, match.barred.fingerprint)
            yield f"beside an article of story {match.story.id}: {why}"
            return


def _one(new: Member, home: _Match, other: _Match, tables: Tables) -> bool:
    """Whether a story that the article belongs with too is of the happening of its home, members with members."""
    enough = ENOUGH if new.fingerprint.sentences else BARE_ENOUGH
    if other.mean < enough or other.story.apart:
        return False
    here, there = (new, *home.story.members), other.story.members
    found = sum(_together(one, another, tables) for one in here for another in there)
    return found >= enough * len(here) * len(there)


def _copied(fp: Fingerprint, known: Sequence[Member], tables: Tables) -> Copy | None:
    """The article whose wording it repeats most, the earliest of several."""
    own = _own_wording(fp, known)
    compared = [(wording.compare(own, member.fingerprint), member) for member in known]
    copied = [(found.overlap.contained, -member.article, member) for found, member in compared if found.copied]
    if not copied:
        return None
    contained, _, first = max(copied, key=lambda one: one[:2])
    why = f"{contained:.0%} of the shorter text's wording is the same"
    return Copy(first.article, likeness(fp, first.fingerprint, tables), why)


def _own_wording(fp: Fingerprint, known: Sequence[Member]) -> Fingerprint:
    """The article without the wording of a notice that a newsroom puts under all it writes."""
    if len({member.story for member in known}) < STANDING:
        return fp
    having = defaultdict[int, set[int]](set)
    for member in known:
        for shingle in fp.shingles & member.fingerprint.shingles:
            having[shingle].add(member.story)
    standing = {shingle for shingle, stories in having.items() if len(stories) >= STANDING}
    return replace(fp, shingles=fp.shingles - standing) if standing else fp


def _matches(new: Member, stories: Sequence[StoryView], tables: Tables) -> list[_Match]:
    """How near each story came, the nearest first."""
    found = [_match(new, story, tables) for story in stories if story.members]
    return sorted(found, key=lambda match: (-match.mean, match.story.id))


def _match(new: Member, story: StoryView, tables: Tables) -> _Match:
    scored = [(_together(new, member, tables), -member.article, member) for member in story.members]
    best, _, nearest = max(scored, key=lambda one: one[:2])
    close = tuple(member.article for one, _, member in scored if one >= RELATED)
    near = sum(max(0.0, one) for one, _, _ in scored) / len(scored)
    barred = next((member for one, _, member in scored if one == _NEVER), None)
    return _Match(story, near, 0.0 if barred else near, nearest, best, close, barred)


def _together(one: Member, other: Member, tables: Tables) -> float:
    if one.topics and other.topics and one.topics.isdisjoint(other.topics):
        return 0.0
    ours, theirs = one.fingerprint, other.fingerprint
    found = odds(ours, theirs, tables)
    if found < RELATED:
        return found
    if wording.template(ours, theirs):
        return _NEVER
    mine, others = wording.own(ours, theirs)
    return found if mine is ours else odds(mine, others, tables)


def _taken(new: Member, near: Sequence[_Match], tables: Tables, *own: _Match) -> tuple[int, ...]:
    """Of the stories that are `_related`, what came near the article and belongs more with its story."""
    others = [match for match in _others(near, *own) if not match.story.apart]
    close = frozenset(article for match in others for article in match.close)
    if not close:
        return ()
    home = (new, *(member for match in own for member in match.story.members))
    members = {member.article: member for member in (*home, *(one for match in others for one in match.story.members))}
    found = coming(
        [member.article for member in home],
        [[member.article for member in match.story.members] for match in others],
        close,
        lambda one, other: _together(members[one], members[other], tables),
    )
    return tuple(found)


def _related(near: Sequence[_Match], *own: _Match) -> tuple[int, ...]:
    return tuple(match.story.id for match in _others(near, *own))


def _others(near: Sequence[_Match], *own: _Match) -> Sequence[_Match]:
    return [match for match in near if all(match is not one for one in own)][:MOST_RELATED]
