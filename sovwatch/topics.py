"""Topics: what becomes of the lists of `config/topics.toml`.

docs/topics.md teaches the lists. Each topic also knows the places and actors of all the others as `elsewhere`, so that
"Quebec separatists" in a piece on Alberta is Quebec's evidence and not Alberta's.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from sovwatch.background import COUNTED
from sovwatch.errors import ConfigurationError
from sovwatch.phrases import Part, Phrases, Term, term
from sovwatch.settings import LISTS, TopicSettings, Weights, nearest
from sovwatch.terms import hashed, name_key, read_tokens
from sovwatch.text import one_form, tokens

_NOT = "not "
_SOUGHT = frozenset(LISTS) - {"elsewhere", "voters", "exclusions"}


@dataclass(frozen=True, slots=True)
class Way:
    """One way to tell a happening: one term of each group in a sentence, and none of those that it forbids."""

    needs: tuple[frozenset[str], ...]
    forbids: frozenset[str]

    def told_by(self, said: AbstractSet[str]) -> bool:
        """Whether a sentence in which these terms were found tells it."""
        return all(group & said for group in self.needs) and not self.forbids & said


@dataclass(frozen=True, slots=True)
class Signal:
    """A happening worth telling at once, in any of several ways."""

    name: str
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as texts are judged against it."""

    id: str
    name: str
    everything: bool
    weights: Weights
    phrases: Phrases
    signals: tuple[Signal, ...]
    signal_terms: Phrases


def compile_topics(topics: Mapping[str, TopicSettings]) -> tuple[Topic, ...]:
    """Check and compile every topic of topics.toml.

    Raises:
        ConfigurationError: a term without a word, or a topic that could never match.
    """
    for name, topic in topics.items():
        _refuse_idle(name, topic)
    return tuple(_compiled(name, topic, topics) for name, topic in topics.items())


def sought(topics: Iterable[Topic]) -> frozenset[int]:
    """The terms and names, hashed, of what topics look for; not of those whose own news `frequencies.bin` counts.

    A beginning of fewer letters than a term keeps ("seced*") is the term of no word, and changes nothing.
    """
    written = {
        each.written
        for topic in topics
        if topic.id not in COUNTED
        for each in topic.phrases.terms
        if each.kind in _SOUGHT
    }
    plain = map(one_form, written)
    found = [token for each in plain for token in read_tokens(each, tokens(each)) if token.term]
    return frozenset(key for token in found for key in (hashed(token.term), name_key(token)))


def _refuse_idle(name: str, topic: TopicSettings) -> None:
    """Refuse what could never match, and what would never be read."""
    if topic.match == "profile" and not (topic.names or topic.idioms or topic.themes or topic.loose):
        raise ConfigurationError(
            _where(name),
            "a topic without names, idioms, themes and loose words matches nothing",
            'or set match = "all"',
        )
    for key in topic.in_french.keys() - (named := {"name", *topic.signals}):
        raise ConfigurationError(_where(name), f"unknown key 'in_french.{key}'{nearest(key, named)}")
    if topic.weights.mention > topic.weights.main:
        raise ConfigurationError(
            _where(name), "weights.mention is above weights.main", "a main subject is also a mention"
        )


def _where(name: str) -> str:
    return f"topics.toml [{name}]"


def _compiled(name: str, topic: TopicSettings, topics: Mapping[str, TopicSettings]) -> Topic:
    try:
        terms = [term(written, kind) for kind in LISTS for written in getattr(topic, kind)]
        signals = tuple(_signal(title, ways) for title, ways in topic.signals.items())
        terms += _elsewhere(terms, (other for key, other in topics.items() if key != name))
        parts = {part for signal in signals for way in signal.ways for part in way.forbids.union(*way.needs)}
        signal_terms = Phrases(term(part, part) for part in parts)
    except ValueError as error:
        raise ConfigurationError(_where(name), str(error)) from None
    return Topic(name, topic.name, topic.match == "all", topic.weights, Phrases(terms), signals, signal_terms)


def _elsewhere(own: Iterable[Term], others: Iterable[TopicSettings]) -> list[Term]:
    """Collect what claims themes for other topics (`rivals`) or for none, save what this topic has as its own."""
    mine = {each.parts for each in own}
    found: dict[tuple[Part, ...], Term] = {}
    for other in others:
        rivals = [term(each, "rivals") for each in (*other.places, *other.actors, *other.names)]
        shared = [term(each, kind) for kind in ("elsewhere", "voters") for each in getattr(other, kind)]
        found |= {each.parts: each for each in (*shared, *rivals)}
    return [each for parts, each in found.items() if parts not in mine]


def _signal(name: str, ways: Iterable[str]) -> Signal:
    return Signal(name, tuple(_way(way) for way in ways))


def _way(written: str) -> Way:
    """Read "judge, court of appeal + rules, ruled + not if, could"."""
    parts = [part.strip() for part in written.split("+")]
    needs = tuple(_terms(part) for part in parts if not part.startswith(_NOT))
    return Way(
        needs, frozenset[str]().union(*(_terms(part.removeprefix(_NOT)) for part in parts if part.startswith(_NOT)))
    )


def _terms(written: str) -> frozenset[str]:
    return frozenset(term.strip() for term in written.split(","))
