"""Where an article belongs: it repeats a known wording (Copy), tells a known happening (Joins), or a new one (Opens).

Wording is judged first (`copies`); it may fold an article under a member of any story. Else the stories that the
article comes near, by the mean over their members (`pairs` gives each), are told anew with it (`gathering`), where what
else is near parts two or joins them (`company`): the order in which reports come decides next to nothing. What changes
beside the article's own place, stories that become one and articles that move on, is said too.

A wrong join hides news, a missed one repeats it: `ENOUGH` lies where more joins would first be bought with wrong ones.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sovwatch import copies as wording
from sovwatch.background import Tables
from sovwatch.pairs import FAR
from sovwatch.region import NEW, RELATED, Match, Member, Region, StoryView
from sovwatch.similarity import Fingerprint, Likeness, likeness

STORY_WINDOW = FAR + timedelta(days=31)  # a date known to the month is stored as its first instant
MOST_RELATED = 3
STANDING = 5  # stories that have a wording before it is none's own; with 3 a quotation on copies/ counted as such


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
    region = Region(Member(NEW, fp, topics), tables)
    matches = region.matches(stories)
    if all(match.story.apart for match in matches):
        return Opens(None, None, "nothing known comes near", _related(matches, {}, None))
    return _told_anew(fp, region, matches, tables)


def _told_anew(fp: Fingerprint, region: Region, matches: Sequence[Match], tables: Tables) -> Joins | Opens:
    """Place an article in what becomes of the stories near it as they are told anew with it."""
    own, *others = region.told_anew(matches)
    moves = tuple(Move(one.story, one.unites, one.takes) for one in others if one.unites or one.takes)
    gone = {story: one.story for one in (own, *others) for story in one.unites}
    related = _related(matches, gone, own.story)
    if own.story is None:
        best = next(match for match in matches if not match.story.apart)
        alike = likeness(fp, best.nearest.fingerprint, tables)
        lacking = [_drawing(own.takes)] if own.takes else _falling_short(region, best)
        why = "; ".join((*lacking, *_barring(fp, matches)))
        return Opens(best.nearest.article, alike, why, related, own.takes, moves)
    nearest, likely = region.nearest(own)
    alike = likeness(fp, nearest.fingerprint, tables)
    told = f"{_telling(region, own.articles, own.story)}, {likely:.2f} with the nearest"
    return Joins(own.story, nearest.article, alike, told, related, own.unites, own.takes, moves)


def _telling(region: "Region", articles: Sequence[int], story: int) -> str:
    known = [article for article in articles if article != NEW]
    return f"one happening with probability {region.mean(known):.2f} over {len(known)} of story {story}"


def _drawing(takes: Sequence[int]) -> str:
    """What it has of other stories, where it opens one."""
    if len(takes) == 1:
        return "an article of another story belongs more with it"
    return f"{len(takes)} articles of other stories belong more with it"


def _falling_short(region: "Region", best: Match) -> Iterator[str]:
    """What the story that came nearest lacked."""
    if not best.barred:
        articles = [member.article for member in best.story.members]
        lacks = (
            f"below {region.enough}"
            if region.mean(articles) < region.enough
            else "but these belong together without it, by what else is near"
        )
        yield f"{_telling(region, articles, best.story.id)}, {lacks}"


def _barring(fp: Fingerprint, matches: Sequence[Match]) -> Iterator[str]:
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


def _related(matches: Sequence[Match], gone: Mapping[int, int | None], own: int | None) -> tuple[int, ...]:
    """The stories that came near, beside its own; what goes into another is that one by now."""
    near = (match.story.id for match in matches if match.near >= RELATED or match.barred)
    stories = dict.fromkeys(gone.get(story, story) for story in near)
    return tuple(story for story in stories if story is not None and story != own)[:MOST_RELATED]
