"""Where an article belongs: it repeats a known wording (Copy), tells a known happening (Joins), or a new one (Opens).

Wording is judged first (`copies`); it may fold an article under a member of any story. Else the stories that the
article comes near, by the mean over their members (`pairs` gives each), are told anew with it (`gathering`), where the
odds of each pair are shared out by what else is near (`company`): the order in which reports come decides next to
nothing. What changes beside the article's own place, stories that become one and articles that move on, is said too.

A wrong join hides news, a missed one repeats it: `ENOUGH` lies where more joins would first be bought with wrong ones.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import combinations
from math import inf

from sovwatch import copies as wording
from sovwatch.background import Tables
from sovwatch.company import Pair, likelihood, log_odds, shared_out, swings
from sovwatch.gathering import Gathered, Known, gathered
from sovwatch.pairs import FAR, odds
from sovwatch.regression import shipped
from sovwatch.remembered import remembered
from sovwatch.similarity import Fingerprint, Likeness, likeness

STORY_WINDOW = FAR + timedelta(days=31)  # a date known to the month is stored as its first instant
ENOUGH = 0.25  # mean probability; see docs/quality.md for what other values give
BARE_ENOUGH = 0.14  # where a headline is all there is of the article: the probability of the mean log-odds
NEAR = 0.05  # mean probability from which on a story is told anew with the article
NEAREST = 6  # stories at most that are told anew; with 4 the demo's week has three wrong joins more
MEMBERS = 12  # members of one story compared: its first, and its newest; one that has so many is not taken apart
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
    """A story with those of its members that are compared, and what people said of it.

    `apart`: they took the article out of it. `whole`: they put articles into it, or muted it, so it is not taken apart.
    `strangers`: the stories that it is not to be made one with.
    """

    id: int
    members: tuple[Member, ...]
    apart: bool = False
    whole: bool = False
    strangers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Copy:
    """It repeats the wording of article `of`."""

    of: int
    likeness: Likeness
    why: str


@dataclass(frozen=True, slots=True)
class Move:
    """What changes of a story as an article comes: the stories that go into it, the articles of others that do.

    `story` is None where the first of these articles opens one.
    """

    story: int | None
    unites: tuple[int, ...] = ()
    takes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Joins:
    """It is another report of the story, nearest to article `nearest`.

    `related` are stories that also came near, `unites` those that it shows to be the same story, `takes` the
    articles of other stories that belong more with it when that is done, `moves` what changes of other stories.
    """

    story: int
    nearest: int
    likeness: Likeness
    why: str
    related: tuple[int, ...] = ()
    unites: tuple[int, ...] = ()
    takes: tuple[int, ...] = ()
    moves: tuple[Move, ...] = ()

    @property
    def own(self) -> Move:
        """What changes of its own story."""
        return Move(self.story, self.unites, self.takes)


@dataclass(frozen=True, slots=True)
class Opens:
    """It opens a story of its own; `nearest` is the article that came closest, `takes` and `moves` as with `Joins`."""

    nearest: int | None
    likeness: Likeness | None
    why: str
    related: tuple[int, ...] = ()
    takes: tuple[int, ...] = ()
    moves: tuple[Move, ...] = ()

    @property
    def own(self) -> Move:
        """What changes of its own story."""
        return Move(None, takes=self.takes)


Placement = Copy | Joins | Opens


@dataclass(frozen=True, slots=True)
class _Match:
    """How near a story came: the mean probability over its members, the nearest member, and one of its template."""

    story: StoryView
    near: float
    nearest: Member
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
    if found := _copied(fp, copies, tables):
        return found
    region = _Region(Member(_NEW, fp, topics), tables)
    matches = region.matches(stories)
    best = next((match for match in matches if not match.story.apart), None)
    if best is None:
        return Opens(None, None, "nothing known comes near", _related(matches, {}, None))
    own, *others = region.told_anew(matches)
    moves = tuple(Move(one.story, one.unites, one.takes) for one in others if one.unites or one.takes)
    gone = {story: one.story for one in (own, *others) for story in one.unites}
    related = _related(matches, gone, own.story)
    if own.story is None:
        alike = likeness(fp, best.nearest.fingerprint, tables)
        why = "; ".join((*_falling_short(region, best), *_barring(fp, matches)))
        return Opens(best.nearest.article, alike, why, related, own.takes, moves)
    nearest, likely = region.nearest(own)
    alike = likeness(fp, nearest.fingerprint, tables)
    told = f"{_telling(region, own.articles, own.story)}, {likely:.2f} with the nearest"
    return Joins(own.story, nearest.article, alike, told, related, own.unites, own.takes, moves)


def _telling(region: "_Region", articles: Sequence[int], story: int) -> str:
    known = [article for article in articles if article != _NEW]
    return f"one happening with probability {region.mean(known):.2f} over {len(known)} of story {story}"


def _falling_short(region: "_Region", best: _Match) -> Iterator[str]:
    """What the story that came nearest lacked."""
    if not best.barred:
        articles = [member.article for member in best.story.members]
        lacks = (
            f"below {region.enough}" if region.mean(articles) < region.enough else "but they belong more with others"
        )
        yield f"{_telling(region, articles, best.story.id)}, {lacks}"


def _barring(fp: Fingerprint, matches: Sequence[_Match]) -> Iterator[str]:
    """Why it is not in the first of the stories that have an article of its template."""
    for match in matches:
        if match.barred and not match.story.apart:
            why = wording.template(fp, match.barred.fingerprint)
            yield f"beside an article of story {match.story.id}: {why}"
            return


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


class _Region:
    """A new article with the stories that it comes near, and how probably any two of theirs report one happening."""

    def __init__(self, new: Member, tables: Tables) -> None:
        self._new, self._tables = new, tables
        self._alone: dict[Pair, float] = {}
        self._members: dict[int, Member] = {_NEW: new}
        self._tied: dict[Pair, float] = {}
        self._bare = not new.fingerprint.sentences
        self.enough = BARE_ENOUGH if self._bare else ENOUGH

    def matches(self, stories: Sequence[StoryView]) -> list[_Match]:
        """How near each story came, the nearest first."""
        found = [self._match(story) for story in stories if story.members]
        return sorted(found, key=lambda match: (-match.near, match.story.id))

    def _match(self, story: StoryView) -> _Match:
        scored = [(self._likely(self._new, member), -member.article, member) for member in story.members]
        _, _, nearest = max(scored, key=lambda one: one[:2])
        near = sum(max(0.0, one) for one, _, _ in scored) / len(scored)
        barred = next((member for one, _, member in scored if one == _NEVER), None)
        return _Match(story, near, nearest, barred)

    def _likely(self, one: Member, other: Member) -> float:
        """The probability by what the two say alone."""
        pair = _pair(one.article, other.article)
        if pair not in self._alone:
            self._alone[pair] = _together(one, other, self._tables)
        return self._alone[pair]

    def told_anew(self, matches: Sequence[_Match]) -> list[Gathered]:
        """The stories among the article and those of the stories that it came near, its own first."""
        near = [match.story for match in matches if match.near >= NEAR and not match.story.apart][:NEAREST]
        known = [_known(story) for story in near]
        self._members |= {member.article: member for story in near for member in story.members}
        likely = self._of_all({article: story for story in known if story.whole for article in story.articles})
        self._tied = swings(likely) if self._bare else shared_out(likely, shipped("stories.toml", "company"))
        return gathered(_NEW, known, self._tie, log_odds(self.enough) if self._bare else self.enough)

    def _of_all(self, whole: Mapping[int, Known]) -> dict[Pair, float]:
        """The probabilities of all pairs; stories that stay whole are neither compared nor made one with each other.

        Most are large: else six of them made a hundred times as many pairs as the article has with them.
        """
        found = {}
        for one, other in combinations(sorted(self._members), 2):
            if one in whole and other in whole:
                found[one, other] = 1.0 if whole[one] is whole[other] else _NEVER
            else:
                found[one, other] = self._likely(self._members[one], self._members[other])
        return found

    def _tie(self, one: int, other: int) -> float:
        return self._tied[_pair(one, other)]

    def mean(self, known: Sequence[int]) -> float:
        """How probably the article is with those known ones; with what was too far to be told anew, by it alone."""
        if (_NEW, known[0]) not in self._tied:
            return sum(self._alone[_NEW, article] for article in known) / len(known)
        mean = sum(self._tied[_NEW, article] for article in known) / len(known)
        return likelihood(mean) if self._bare else mean

    def nearest(self, own: Gathered) -> tuple[Member, float]:
        """The member of its story that it most probably shares the happening with, the earliest of several."""
        known = [article for article in own.articles if article != _NEW]
        found = max(known, key=lambda article: (self._tied[_NEW, article], -article))
        return self._members[found], self.mean([found])


def _pair(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)


def compared(members: Sequence[int]) -> Sequence[int]:
    """The members of a story that are compared, of all in the order of arrival, as the store gives them."""
    return members if len(members) <= MEMBERS else [members[0], *members[1 - MEMBERS :]]


def _known(story: StoryView) -> Known:
    """A story as it is told anew: one of which not all members are compared stays whole."""
    articles = tuple(member.article for member in story.members)
    return Known(story.id, articles, story.whole or len(articles) >= MEMBERS, story.strangers)


def _together(one: Member, other: Member, tables: Tables) -> float:
    if one.topics and other.topics and one.topics.isdisjoint(other.topics):
        return 0.0
    compare = _compared if _NEW in {one.article, other.article} else _compared_before
    return compare(one.fingerprint, other.fingerprint, tables)


def _compared(ours: Fingerprint, theirs: Fingerprint, tables: Tables) -> float:
    found = odds(ours, theirs, tables)
    if found < RELATED:
        return found
    if wording.template(ours, theirs):
        return _NEVER
    mine, others = wording.own(ours, theirs)
    return found if mine is ours else odds(mine, others, tables)


_compared_before = remembered(_compared)  # of two known ones: a new one's fingerprint is read anew when it is known


def _related(matches: Sequence[_Match], gone: Mapping[int, int | None], own: int | None) -> tuple[int, ...]:
    """The stories that came near, beside its own; what goes into another is that one by now."""
    near = (match.story.id for match in matches if match.near >= RELATED or match.barred)
    stories = dict.fromkeys(gone.get(story, story) for story in near)
    return tuple(story for story in stories if story is not None and story != own)[:MOST_RELATED]
