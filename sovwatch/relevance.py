"""Relevance: how much a text is about a topic, and why.

    title, summary, text → sentences → terms found → evidence a sentence → score by zone → Verdict

`sovwatch.evidence` tells what a sentence says and whose it is. Sentences of the headline and of the lede add up as
independent witnesses, 1 - Π(1 - w); the body counts by its best sentence and by how much of it speaks of the topic, so
that one line in a long article stays a passing mention. The first sentence weighs as much as the headline: of what the
headline left open (our openings, ../shared/bench/coverage), 71 of 140 subjects were told in it and 12 of 80 mentions. A
headline that gives the theme to others leaves a passing mention at most; one that names an actor of the topic says that
a theme found below is more than background.

Alternatives weighed: keywords in one sentence (F1 .74 to .91 on ../shared/bench/coverage) cannot tell whose separatists
are meant; a trained classifier has a few dozen French documents to learn from and gives no reasons to mend it by.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from sovwatch.evidence import HINT_WITH_PLACE, NOTHING, Around, Evidence, Sentence, astray, read, weigh, without
from sovwatch.model import Centrality, Reason, Verdict
from sovwatch.phrases import Word, tokens
from sovwatch.settings import Weights
from sovwatch.text import sentences
from sovwatch.topics import Topic, compile_topics

__all__ = ["Topic", "compile_topics", "might_matter", "relevance"]

MAX_CHARACTERS = 20_000  # of a text: what stands later is not what the piece is about
MAX_WORDS = 80  # of a sentence: tables and menus have no full stops
DEK_SENTENCES = 3  # of a summary that is not the beginning of the text
LEDE_SENTENCES = 2
SHORTEST_BODY = 6  # sentences: one of three is not yet a third of an article
REASONS = 12

_WORTH_READING = frozenset({"names", "idioms", "themes", "votes", "loose", "hints", "epithets", "actors"})

Zone = Literal["headline", "opening", "lede", "body"]


class _Placed(NamedTuple):
    """The words of a sentence, or of a part of a long one from its word `first` on, and where it stands."""

    zone: Zone
    words: tuple[Word, ...]
    source: str
    first: int


class _Witness(NamedTuple):
    """A sentence, where it stands, and what it says of the topic."""

    zone: Zone
    sentence: Sentence
    evidence: Evidence


def relevance(title: str, summary: str, text: str, topic: Topic) -> Verdict:
    """Judge a text against a topic; any of title, summary and text may be empty.

    Terms of both languages are looked for whatever the text's own is, since each quotes the other.
    """
    if topic.everything:
        return Verdict(topic.id, 1.0, "main", (Reason("match", "all", 1.0),))
    placed = _placed(title, summary, text)
    witnesses = list(_with_subject(_witnesses(placed, topic), topic.weights))
    score = _score(witnesses, topic.weights)
    central = _centrality(score, topic.weights)
    signals = _signals(placed, topic) if central == "main" else ()
    return Verdict(topic.id, round(score, 4), central, _reasons(witnesses, topic.weights), signals)


def might_matter(title: str, summary: str, topics: Sequence[Topic]) -> bool:
    """Tell whether a line of a feed is worth reading its page for: any term of a topic, claimed, excluded or neither.

    A place alone does not count. On headlines alone it finds 112 of 117 on-topic pieces of ../shared/bench/coverage, on
    headline and first 200 characters all, and asks for 1 to 6 % of the pages of general news.
    """
    said = [placed.words for placed in _placed(title, summary, "")]
    return any(topic.everything or any(_speaks(words, topic) for words in said) for topic in topics)


def _speaks(words: Sequence[Word], topic: Topic) -> bool:
    return any(hit.kind in _WORTH_READING for hit in topic.phrases.find(words))


@lru_cache(maxsize=4)  # one article is judged against every topic in turn
def _placed(title: str, summary: str, text: str) -> tuple[_Placed, ...]:
    """Split a text into its sentences; a summary stands in the lede unless the text begins with it."""
    apart = sentences(summary[:MAX_CHARACTERS]) if summary[:60] not in text else []
    said = sentences(text[:MAX_CHARACTERS])
    lede = [*apart[:DEK_SENTENCES], *said[:LEDE_SENTENCES]]
    return (
        *_in_zone("headline", [title[:MAX_CHARACTERS]]),
        *_in_zone("opening", lede[:1]),
        *_in_zone("lede", lede[1:]),
        *_in_zone("body", [*apart[DEK_SENTENCES:], *said[LEDE_SENTENCES:]]),
    )


def _in_zone(zone: Zone, said: Iterable[str]) -> Iterator[_Placed]:
    for sentence in said:
        words = tuple(tokens(sentence))
        for start in range(0, len(words), MAX_WORDS):
            yield _Placed(zone, words[start : start + MAX_WORDS], sentence, start)


def _witnesses(placed: Iterable[_Placed], topic: Topic) -> list[_Witness]:
    """Weigh every sentence, each knowing whose place was spoken of before it."""
    said = [(zone, read(words, source, first, topic.phrases)) for zone, words, source, first in placed]
    hidden = Around.of([sentence for _, sentence in said]).hidden
    said = [(zone, without(sentence, hidden)) for zone, sentence in said] if hidden else said
    # Before any place is named, the first one named: "Separatists rally" stands above "Edmonton, ...".
    ours = next((sentence.opens_ours for _, sentence in said if sentence.ours is not None), None)
    text = Around.of([sentence for _, sentence in said])
    witnesses = []
    for zone, sentence in said:
        witnesses.append(_Witness(zone, sentence, weigh(sentence, topic.weights, ours=ours, text=text)))
        ours = ours if sentence.ours is None else sentence.ours
    return witnesses


def _with_subject(witnesses: Sequence[_Witness], weights: Weights) -> Iterator[_Witness]:
    """Let a headline's actor count where the text below says a name or theme of the topic."""
    said = any(each.evidence.rule.startswith(("name", "idiom", "theme", "vote", "loose")) for each in witnesses)
    for each in witnesses:
        actors = each.sentence.of("actors") if said and each.zone == "headline" and each.evidence is NOTHING else ()
        if actors:
            yield each._replace(evidence=Evidence(weights.actor, "actor, theme below", tuple(actors[:1])))
        else:
            yield each


def _score(witnesses: Sequence[_Witness], weights: Weights) -> float:
    doubt, shares = 1.0, _shares(weights)
    for each in witnesses:
        if each.zone != "body":
            doubt *= 1 - each.evidence.weight * shares[each.zone]
    doubt *= 1 - _body([each.evidence.weight for each in witnesses if each.zone == "body"], weights)
    return min(1 - doubt, _most(witnesses, weights))


def _shares(weights: Weights) -> dict[Zone, float]:
    return {"headline": weights.headline, "opening": weights.opening, "lede": weights.lede, "body": weights.body}


def _most(witnesses: Sequence[_Witness], weights: Weights) -> float:
    """Bound the score where the headline gives the theme to others, and where places and hints are all there is.

    To a mention, or to less where the others are no watched topic (a divorce, a bank) and the text has nothing but
    loose words for this one. Hints beside a place don't add up: every petition in Alberta has three. Nor do labels
    below a headline that has none: a report on a byelection calls the party twice what it is.
    """
    rules = {each.evidence.rule for each in witnesses if each.evidence.weight}
    if rules == {HINT_WITH_PLACE}:
        return weights.hint
    if _labels_alone(witnesses):
        return weights.epithet
    unsaid = (each.sentence for each in witnesses if each.zone == "headline" and not each.evidence.weight)
    away = [sentence for sentence in unsaid if astray(sentence)]
    loose = all(rule.startswith("loose") for rule in rules)
    if loose and any(sentence.of("elsewhere") for sentence in away):
        return weights.mention / 2
    return (weights.mention + weights.main) / 2 if away else 1.0


def _labels_alone(witnesses: Iterable[_Witness]) -> bool:
    telling = [each for each in witnesses if each.evidence.weight and each.evidence.rule != HINT_WITH_PLACE]
    labels = [each for each in telling if each.evidence.rule.startswith("epithet")]
    others = [each for each in telling if each not in labels and not each.evidence.rule.startswith("actor")]
    return not others and not any(each.zone == "headline" for each in labels)


def _body(found: Sequence[float], weights: Weights) -> float:
    """Count from `body` for one sentence in passing up to `lede` where half of all sentences speak of the topic too."""
    best = max(found, default=0.0)
    share = (sum(found) - best) / max(len(found), SHORTEST_BODY)
    return best * (weights.body + (weights.lede - weights.body) * min(1.0, 2 * share))


def _centrality(score: float, weights: Weights) -> Centrality | None:
    if score >= weights.main:
        return "main"
    return "mention" if score >= weights.mention else None


def _reasons(witnesses: Iterable[_Witness], weights: Weights) -> tuple[Reason, ...]:
    """Give the strongest reasons first."""
    shares = _shares(weights)
    telling = [each for each in witnesses if each.evidence.weight]
    telling.sort(key=lambda each: -round(each.evidence.weight * shares[each.zone], 3))
    return tuple(
        Reason(f"{zone}: {rule}", sentence.text(hits), round(weight * shares[zone], 3))
        for zone, sentence, (weight, rule, hits) in telling[:REASONS]
    )


def _signals(placed: Iterable[_Placed], topic: Topic) -> tuple[str, ...]:
    """Find the declared happenings that the headline or the first sentence tells.

    The second one retells: of 1,044 real pieces 6 had a signal there alone, 3 of them of what was decided before.
    """
    told: dict[str, None] = {}
    for zone, words, _, _ in placed:
        if zone in {"headline", "opening"} and topic.signals:
            said = {hit.kind for hit in topic.signal_terms.find(words)}
            told |= {signal.name: None for signal in topic.signals if any(way.told_by(said) for way in signal.ways)}
    return tuple(told)
