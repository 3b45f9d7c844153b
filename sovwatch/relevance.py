"""Relevance: how much a text is about a topic, and why.

    title, summary, text → sentences → terms found → evidence a sentence → score by zone → Verdict

A theme ("separatist") is nobody's until a place or an actor claims it: the nearest one in its sentence, else the last
one spoken of before. If that is another topic's place, or one listed as elsewhere (Catalonia, Texas), the evidence is
theirs. Hints ("referendum") count little without an actor, actors nothing without a theme or hint. The best evidence of
each sentence counts. Sentences of the headline and of the lede add up as independent witnesses, 1 - Π(1 - w); the body
counts by its best sentence and by how much of it speaks of the topic, so that one line in a long article stays a
passing mention.

Alternatives weighed: keywords in one sentence (F1 .74 to .91 on ../shared/bench/coverage) cannot tell whose separatists
are meant; a trained classifier has a few dozen French documents to learn from and gives no reasons to mend it by.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from sovwatch.model import Centrality, Reason, Verdict
from sovwatch.phrases import Hit, Word, tokens
from sovwatch.text import sentences
from sovwatch.topics import LISTS, Topic, Weights, compile_topics

__all__ = ["Topic", "compile_topics", "might_matter", "relevance"]

MAX_CHARACTERS = 20_000  # of a text: what stands later is not what the piece is about
MAX_WORDS = 80  # of a sentence: tables and menus have no full stops
LEDE_SENTENCES = 2
NEAR = 15  # words: what stands further apart in one sentence counts as if it were in two
SHORTEST_BODY = 6  # sentences: one of three is not yet a third of an article
REASONS = 12
_AND = frozenset({"and", "or", "nor", "et", "ou", "ni", "comme", "like"})
_OWN = frozenset({"places", "actors"})
_SAYING = frozenset({"names", "themes", "hints", "epithets"})


class _Evidence(NamedTuple):
    weight: float
    rule: str
    words: str


_NOTHING = _Evidence(0.0, "", "")


@dataclass(frozen=True, slots=True)
class _Zones:
    """The words of a text, sentence by sentence, headline first."""

    headline: tuple[list[Word], ...]
    lede: tuple[list[Word], ...]
    body: tuple[list[Word], ...]


def relevance(title: str, summary: str, text: str, language: str, topic: Topic) -> Verdict:  # noqa: ARG001
    """Judge a text against a topic; any of title, summary and text may be empty.

    `language` is not needed: terms of both languages are looked for in every text, since each quotes the other.
    """
    if topic.everything:
        return Verdict(topic.id, 1.0, "main", (Reason("match", "all", 1.0),))
    zones = _zones(title, summary, text)
    evidence = _witnesses(zones, topic)
    headline, rest = evidence[: len(zones.headline)], evidence[len(zones.headline) :]
    lede, body = rest[: len(zones.lede)], rest[len(zones.lede) :]
    weights = topic.weights
    score = 1 - _doubt(headline, weights.headline) * _doubt(lede, weights.lede) * (1 - _body(body, weights))
    central: Centrality | None = "main" if score >= weights.main else "mention" if score >= weights.mention else None
    reasons = [
        *_reasons("headline", headline, weights.headline),
        *_reasons("lede", lede, weights.lede),
        *_reasons("body", body, weights.body),
    ]
    strongest = tuple(sorted(reasons, key=lambda reason: -reason.weight)[:REASONS])
    return Verdict(topic.id, round(score, 4), central, strongest, _signals(zones, topic) if central == "main" else ())


def might_matter(title: str, summary: str, topics: Sequence[Topic]) -> bool:
    """Tell whether a line of a feed is worth reading its page for: it says anything of a topic, whosever it may be."""
    zones = _zones(title, summary, "")
    return any(
        topic.everything or any(_speaks(words, topic) for words in (*zones.headline, *zones.lede)) for topic in topics
    )


def _speaks(words: list[Word], topic: Topic) -> bool:
    kinds = {hit.kind for hit in _resolved(topic.phrases.find(words))}
    return bool(kinds & {"names", "themes", "actors", "epithets"}) or {"hints", "places"} <= kinds


@lru_cache(maxsize=4)  # one article is judged against every topic in turn
def _zones(title: str, summary: str, text: str) -> _Zones:
    apart = summary if summary[:60] not in text else ""
    said = [each for sentence in sentences(text[:MAX_CHARACTERS]) for each in _pieces(sentence)]
    dek = [each for sentence in islice(sentences(apart[:MAX_CHARACTERS]), 5) for each in _pieces(sentence)]
    headline = [each for each in _pieces(title[:MAX_CHARACTERS]) if each]
    return _Zones(tuple(headline), (*dek, *said[:LEDE_SENTENCES]), tuple(said[LEDE_SENTENCES:]))


def _pieces(sentence: str) -> Iterable[list[Word]]:
    words = tokens(sentence)
    return (words[start : start + MAX_WORDS] for start in range(0, len(words), MAX_WORDS))


def _witnesses(zones: _Zones, topic: Topic) -> list[_Evidence]:
    """Find the best evidence of each sentence, in order."""
    read = [(words, _resolved(topic.phrases.find(words))) for words in (*zones.headline, *zones.lede, *zones.body)]
    owners = [_owner(hits) for _, hits in read]
    ours = next(
        (owner for owner in owners if owner is not None), None
    )  # before any place is named: the first one named
    found: list[_Evidence] = []
    for (words, hits), owner in zip(read, owners, strict=True):
        found.append(_best(words, hits, topic.weights, ours=ours))
        ours = ours if owner is None else owner
    return found


def _owner(hits: Iterable[Hit]) -> bool | None:
    """Whether a sentence speaks of the topic's places or actors (True), only of others' (False), or of none."""
    kinds = {hit.kind for hit in hits}
    return True if kinds & _OWN else False if "elsewhere" in kinds else None


def _resolved(hits: list[Hit]) -> list[Hit]:
    """Keep the hits that stand: none in an exclusion, none in a longer one, no place of others in one's own."""
    if len(hits) < 2:  # noqa: PLR2004
        return [hit for hit in hits if hit.kind != "exclusions"]
    return [hit for hit in hits if hit.kind != "exclusions" and not any(_beaten(hit, by) for by in hits)]


def _beaten(hit: Hit, by: Hit) -> bool:
    if by is hit or by.start >= hit.end or hit.start >= by.end:
        return False
    if hit.kind in _SAYING:
        return by.kind == "exclusions" or (by.kind in _SAYING and _rank(by) < _rank(hit))
    if by.kind == "exclusions":
        return hit.kind == "elsewhere"  # "British Columbia" is not Britain
    return hit.kind == "elsewhere" and by.kind in _OWN and by.end - by.start >= hit.end - hit.start


def _rank(hit: Hit) -> tuple[int, int, int]:
    """Order overlapping terms: the longer first, then the stronger list, then the first."""
    return hit.start - hit.end, LISTS.index(hit.kind), hit.start


def _best(words: list[Word], hits: list[Hit], weights: Weights, *, ours: bool | None) -> _Evidence:
    claims = [hit for hit in hits if hit.kind in _OWN]
    others = [hit for hit in hits if hit.kind == "elsewhere"]
    found = [_said(words, hit, claims, others, weights, ours=ours) for hit in hits if hit.kind in _SAYING - {"hints"}]
    hints = [hit for hit in hits if hit.kind == "hints" and _claimant(words, hit, claims, others)]
    return max([*found, _hinted(words, hints, claims, weights)], key=lambda evidence: evidence.weight)


def _said(
    words: list[Word], hit: Hit, claims: list[Hit], others: list[Hit], weights: Weights, *, ours: bool | None
) -> _Evidence:
    """Weigh a name, theme or epithet, which depends on who claims it."""
    claimant = _claimant(words, hit, claims, others)
    lost = claimant is None and (bool(others) or ours is False)
    if hit.kind == "names":
        return _NOTHING if lost else _Evidence(weights.name, "name", _text(words, hit))
    near = weights.theme if hit.kind == "themes" else weights.epithet
    far = min(near, weights.carried)
    if claimant is not None:
        weight = near if _gap(hit, claimant) <= NEAR else far
        return _Evidence(
            weight, f"{hit.kind[:-1]} with {claimant.kind[:-1]}", f"{_text(words, hit)} + {_text(words, claimant)}"
        )
    if lost or not ours:
        return _NOTHING
    return _Evidence(far, f"{hit.kind[:-1]}, place said before", _text(words, hit))


def _hinted(words: list[Word], hints: list[Hit], claims: list[Hit], weights: Weights) -> _Evidence:
    """Hints count with an actor or a place of the topic in their sentence; several different ones, as witnesses."""
    different = {hit.written: hit for hit in hints}
    if not different or not claims:
        return _NOTHING
    claimant = min(claims, key=lambda claim: claim.kind != "actors")
    first = weights.hint_of_actor if claimant.kind == "actors" else weights.hint
    weight = 1 - (1 - first) * (1 - weights.hint) ** (len(different) - 1)
    said = " + ".join(_text(words, hit) for hit in (*different.values(), claimant))
    return _Evidence(weight, f"hint with {claimant.kind[:-1]}", said)


def _claimant(words: list[Word], hit: Hit, claims: list[Hit], others: list[Hit]) -> Hit | None:
    """Find the topic's place or actor that is nearest to a theme, unless one of others' is nearer."""
    if not claims:
        return None
    claim = min(claims, key=lambda each: _gap(hit, each))
    if not others:
        return claim
    other = min(others, key=lambda each: _gap(hit, each))
    joined = any(_joined(words, each, other) for each in claims)
    return claim if joined or _gap(hit, claim) <= _gap(hit, other) else None


def _joined(words: list[Word], one: Hit, other: Hit) -> bool:
    """Whether two places are said in one breath: "Alberta and Quebec", "ni l'Alberta ni le Québec"."""
    first, second = sorted((one, other))
    between = words[first.end : second.start]
    return len(between) <= 2 and any(word.folded in _AND for word in between)  # noqa: PLR2004


def _gap(one: Hit, other: Hit) -> int:
    """Words between two terms; 0 where they touch or overlap."""
    return max(0, other.start - one.end, one.start - other.end)


def _text(words: list[Word], hit: Hit) -> str:
    return " ".join(word.plain for word in words[hit.start : hit.end])


def _doubt(evidence: Iterable[_Evidence], share: float) -> float:
    doubt = 1.0
    for each in evidence:
        doubt *= 1 - each.weight * share
    return doubt


def _body(evidence: Sequence[_Evidence], weights: Weights) -> float:
    """From `body` for one sentence in passing up to `lede` where half of all sentences speak of the topic."""
    best = max((each.weight for each in evidence), default=0.0)
    share = sum(each.weight for each in evidence) / max(len(evidence), SHORTEST_BODY)
    return best * (weights.body + (weights.lede - weights.body) * min(1.0, 2 * share))


def _reasons(zone: str, evidence: Iterable[_Evidence], share: float) -> list[Reason]:
    return [
        Reason(f"{zone}: {each.rule}", each.words, round(each.weight * share, 3)) for each in evidence if each.weight
    ]


def _signals(zones: _Zones, topic: Topic) -> tuple[str, ...]:
    """Find the declared happenings that one sentence of the headline or lede tells."""
    told: dict[str, None] = {}
    for words in (*zones.headline, *zones.lede):
        said = {hit.kind for hit in topic.signal_terms.find(words)}
        told |= {signal.name: None for signal in topic.signals if any(way <= said for way in signal.ways)}
    return tuple(told)
