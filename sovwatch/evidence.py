"""Evidence: what one sentence says of a topic, and whose it is.

A theme ("separatist") is nobody's until a place or an actor claims it: the nearest one in its sentence, else the last
one spoken of before. If that is another topic's place, or one listed as elsewhere (Catalonia, Texas), the evidence is
theirs; only where an actor of the topic stands in the sentence too does something of it stay: a sovereigntist leader
who speaks of others' independence speaks of his own. An idiom ("souverainiste") is a theme that is the topic's where
nobody claims it. A loose word ("independence") is a theme that means much else: it counts beside its place or actor, or
where the text says more, be it a second loose word. A vote ("hold a referendum") is one that does not say what is voted
on: it counts unless the text says that of another matter. What either says of itself ("independence of judges",
"referendum on zoning") decides (`sovwatch.complements`). Hints ("referendum") count little without an actor, actors
nothing without a theme or hint.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from sovwatch.bearings import attribute, bare, compared, gap, joined, nearest, owned, parted
from sovwatch.complements import of_another
from sovwatch.phrases import Hit, Phrases, Word, written
from sovwatch.settings import LISTS, Weights

NEAR = 15  # words: what stands further apart in one sentence counts as if it were in two
BESIDE = 5  # words: "talks of separation in Alberta", « l'Écosse veut un vote sur l'indépendance »
_OWN = frozenset({"places", "actors", "names"})
_OTHERS = frozenset({"elsewhere", "rivals"})
_CLAIMED = frozenset({"names", "idioms", "themes", "votes", "loose", "epithets"})
_SAYING = _CLAIMED | {"hints"}
_PLAIN = frozenset({"names", "idioms"})  # a theme around them hides them no more than it says
_SURE = frozenset({"names", "idioms", "themes", "votes", "actors"})
_UNMISTAKABLE = frozenset({"names", "idioms", "themes"})
_OPEN = frozenset({"votes", "hints"})  # do not say what the vote is on
_TELLING = frozenset({"names", "idioms", "themes", "loose"})


class Evidence(NamedTuple):
    """What a sentence counts (0..1), by which rule, and its terms that gave it."""

    weight: float
    rule: str
    hits: tuple[Hit, ...]


NOTHING = Evidence(0.0, "", ())
HINT_WITH_PLACE = "hint with place"


@dataclass(frozen=True, slots=True)
class Sentence:
    """The words of a sentence and the terms in it that stand."""

    words: Sequence[Word]
    hits: tuple[Hit, ...]
    hidden: frozenset[Hit]  # what an exclusion hides ("separation agreement"), and what is another's ("of powers")
    source: str  # in which the words stand
    first: int  # which word of the source is the first of them

    @property
    def claims(self) -> list[Hit]:
        """The topic's own places, actors and names."""
        return [hit for hit in self.hits if hit.kind in _OWN]

    @property
    def others(self) -> list[Hit]:
        """Places and matters that claim themes for themselves."""
        return self.of(*_OTHERS)

    @property
    def ours(self) -> bool | None:
        """Whether it speaks of the topic's places or actors (True), only of others' (False), or of none."""
        if not self.hits:
            return None
        return True if self.claims else False if self.others else None

    @property
    def opens_ours(self) -> bool | None:
        """The same of a sentence that names the first place of its text: of two kinds of places the first counts."""
        foreign = self.of("elsewhere")
        if foreign and self.claims and all(hit.kind == "places" for hit in self.claims):
            return min(self.claims) < min(foreign)
        return self.ours

    def of(self, *kinds: str) -> list[Hit]:
        """The hits of some lists."""
        return [hit for hit in self.hits if hit.kind in kinds]

    def text(self, hits: Iterable[Hit]) -> str:
        """Hits as the text writes them."""
        return " + ".join(written(self.source, self.first + hit.start, self.first + hit.end) for hit in hits)


class Around(NamedTuple):
    """What a whole text holds: the lists that have a term in it, and what it says of other matters.

    A text that says "referendum on immigration" means that one throughout, unless it says the topic in other words.
    Another word that an exclusion hides ("sovereign fund") tells nothing of its vote. One that names a union or a
    town's taxpayers, and says the topic in no other words, may speak of their vote.
    """

    kinds: frozenset[str]
    hidden: frozenset[str]  # loose words and acronyms
    another_vote: bool
    other_voters: bool
    loose: int  # words that mean much else, each counted once

    @classmethod
    def of(cls, text: Sequence[Sentence]) -> "Around":
        """Look through all sentences of a text."""
        kinds = frozenset(hit.kind for sentence in text for hit in sentence.hits)
        hidden = frozenset(hit.written for sentence in text for hit in sentence.hidden if _twofold(hit))
        loose = {hit.written for sentence in text for hit in sentence.of("loose")}
        vague = kinds.isdisjoint(_TELLING)
        return cls(kinds, hidden, vague and _another_vote(text), vague and "voters" in kinds, len(loose - hidden))


def read(words: Sequence[Word], source: str, first: int, phrases: Phrases) -> Sentence:
    """Find the terms of a sentence: none in an exclusion or a longer one, none of others, nor theirs in one's own."""
    hits = phrases.find(words)
    if not hits:
        return Sentence(words, (), frozenset(), source, first)
    standing = [hit for hit in hits if hit.kind != "exclusions" and not any(_beaten(hit, by) for by in hits)]
    excluded = [hit for hit in hits if hit.kind == "exclusions"]
    hidden = {hit for hit in hits if hit.kind != "exclusions" and any(_beaten(hit, by) for by in excluded)}
    hidden |= (away := {hit for hit in standing if of_another(words, hit, hits)})
    return Sentence(words, tuple(hit for hit in standing if hit not in away), frozenset(hidden), source, first)


def weigh(sentence: Sentence, weights: Weights, *, ours: bool | None, text: Around) -> Evidence:
    """Return the best evidence of a sentence; `ours` tells whose place was spoken of before it."""
    if not sentence.hits:
        return NOTHING
    found = [
        _said(sentence, hit, weights, ours=ours) for hit in sentence.of(*_CLAIMED) if _stands_for(sentence, hit, text)
    ]
    if not text.another_vote:
        acting = "actors" in text.kinds and ours is not False and not text.other_voters
        found.append(_hinted(sentence, weights, acting=acting))
    return max(found, key=lambda evidence: evidence.weight, default=NOTHING)


def _stands_for(sentence: Sentence, hit: Hit, text: Around) -> bool:
    """Tell whether a term may mean the topic in its text."""
    if hit.kind in _OPEN and (text.another_vote or (text.other_voters and not sentence.of("actors"))):
        return False
    sure = not text.kinds.isdisjoint(_SURE) or text.loose > 1
    return _one_meaning(sentence, hit, text) and (sure or _bound(sentence, hit))


def _one_meaning(sentence: Sentence, hit: Hit, text: Around) -> bool:
    """Tell whether a loose word means the topic: not in a text that says it of others ("the independence of judges").

    Unless the text says the topic in other words. Who has a "separation agreement" is divorced.
    """
    if hit.kind != "loose" or not text.kinds.isdisjoint(_UNMISTAKABLE):
        return True
    return hit.written not in text.hidden and not _of_somebody(sentence, hit)


def _bound(sentence: Sentence, hit: Hit) -> bool:
    """Tell whether a term may count where nothing else speaks of the topic: a loose word needs its place."""
    if hit.kind != "loose":
        return True
    claimant = _claimant(sentence, hit)
    return claimant is not None and gap(hit, claimant) <= (NEAR if bare(sentence.words, hit) else BESIDE)


def _of_somebody(sentence: Sentence, hit: Hit) -> bool:
    """Tell whether a word is "its" or "their", and no place of the topic stands there that could own it."""
    claimant = _claimant(sentence, hit)
    return owned(sentence.words, hit) and (claimant is None or attribute(sentence.words, claimant))


def without(sentence: Sentence, hidden: frozenset[str]) -> Sentence:
    """Return a sentence less the acronyms that its text means otherwise: an APP that is a pension plan."""
    standing = tuple(hit for hit in sentence.hits if hit.kind != "actors" or hit.written not in hidden)
    return sentence if standing == sentence.hits else replace(sentence, hits=standing)


def astray(sentence: Sentence) -> bool:
    """Tell whether a sentence says the topic's words, and says them of others alone."""
    said = sentence.of(*_SAYING)
    return bool(said and sentence.others) and not any(_claimant(sentence, hit) for hit in said)


def _another_vote(text: Sequence[Sentence]) -> bool:
    away = [(sentence, hit) for sentence in text for hit in sentence.hidden if hit.kind in _OPEN]
    said = {word for sentence in text for hit in sentence.of(*_OPEN) for word in _folded(sentence, hit)}
    return any(hit.kind == "votes" or not said.isdisjoint(_folded(sentence, hit)) for sentence, hit in away)


def _folded(sentence: Sentence, hit: Hit) -> list[str]:
    return [word.folded for word in sentence.words[hit.start : hit.end]]


def _twofold(hit: Hit) -> bool:
    """Tell whether a term means one thing in a text: not so a name, of which others may be part ("a voting bloc")."""
    return hit.kind == "loose" or (hit.kind == "actors" and hit.written.isupper())


def _beaten(hit: Hit, by: Hit) -> bool:
    if by is hit or by.start >= hit.end or hit.start >= by.end:
        return False
    if hit.kind in _SAYING:
        return by.kind == "exclusions" or (by.kind in _SAYING and not _stands(hit, by) and _rank(by) < _rank(hit))
    if by.kind == "exclusions":  # "British Columbia" is not Britain, a "voting bloc" not the Bloc
        return hit.kind in _OTHERS | {"actors", "places"}
    if hit.kind in _OTHERS and by.kind == "themes":  # "leave the UK" is said of who leaves
        return by.start < hit.start and hit.end == by.end
    return hit.kind in _OTHERS and by.kind in _OWN and by.end - by.start >= hit.end - hit.start


def _stands(hit: Hit, by: Hit) -> bool:
    """Tell whether a term stands beside a longer one: a plain one within a theme, a stronger one that goes on further.

    "question on whether the province should leave Canada" says more than the loose "question on whether ... leave".
    """
    plain = hit.kind in _PLAIN and by.kind not in _PLAIN and by.kind != "epithets"
    further = hit.start < by.start or hit.end > by.end
    return plain or (further and LISTS.index(hit.kind) < LISTS.index(by.kind))


def _rank(hit: Hit) -> tuple[int, int, int]:
    """Order overlapping terms: the longer first, then the stronger list, then the first."""
    return hit.start - hit.end, LISTS.index(hit.kind), hit.start


def _said(sentence: Sentence, hit: Hit, weights: Weights, *, ours: bool | None) -> Evidence:
    """Weigh a name, idiom, theme or epithet by who claims it; a name is nobody else's."""
    kind = hit.kind.removesuffix("s")
    if kind == "name":
        return Evidence(weights.name, kind, (hit,))
    full = {
        "idiom": weights.name,
        "theme": weights.theme,
        "vote": weights.theme,
        "loose": weights.theme,
        "epithet": weights.epithet,
    }[kind]
    less = min(full, weights.carried)
    claimant = _claimant(sentence, hit)
    if claimant is None:
        if sentence.others:
            claimant, full = next(iter(sentence.of("actors")), None), less
        elif kind == "idiom" and ours is not False:
            return Evidence(full, kind, (hit,))
        elif ours:
            return Evidence(less, f"{kind}, place said before", (hit,))
    if claimant is None:
        return NOTHING
    far = gap(hit, claimant) > NEAR
    return Evidence(less if far else full, f"{kind} with {claimant.kind[:-1]}", (hit, claimant))


def _hinted(sentence: Sentence, weights: Weights, *, acting: bool) -> Evidence:
    """Weigh hints, which need an actor in their sentence, less well one elsewhere in the text, or a place."""
    hints = sentence.of("hints")
    hint = next((hit for hit in hints if _claimant(sentence, hit)), None)
    if hint is None:
        unclaimed = bool(hints) and acting and not sentence.others
        return _with_actor_elsewhere(hints[0], weights) if unclaimed else NOTHING
    claimant = min(sentence.claims, key=lambda claim: claim.kind == "places")
    if claimant.kind != "places":
        return Evidence(weights.hint_of_actor, f"hint with {claimant.kind[:-1]}", (hint, claimant))
    return _with_actor_elsewhere(hint, weights) if acting else Evidence(weights.hint, HINT_WITH_PLACE, (hint, claimant))


def _with_actor_elsewhere(hint: Hit, weights: Weights) -> Evidence:
    return Evidence(weights.carried * weights.hint_of_actor, "hint, actor elsewhere", (hint,))


def _claimant(sentence: Sentence, hit: Hit) -> Hit | None:
    """Find the topic's place or actor that is nearest to a theme, unless one of others' is nearer."""
    claims, others = sentence.claims, sentence.others
    if not claims:
        return None
    claim = nearest(hit, claims)
    if not others:
        return claim
    other = nearest(hit, others)
    shared = compared(sentence.words, hit, other) or any(joined(sentence.words, each, other) for each in claims)
    nearer = gap(hit, claim) <= gap(hit, other) and not parted(sentence.words, hit, other)
    return claim if shared or nearer else None
