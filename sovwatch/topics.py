"""Topic profiles: what `config/topics.toml` may say of a topic, and what becomes of it.

docs/topics.md teaches the lists. Each topic also knows the places and actors of all the others as `elsewhere`, so that
"Quebec separatists" in a piece on Alberta is Quebec's evidence and not Alberta's.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sovwatch.background import COUNTED
from sovwatch.errors import ConfigurationError
from sovwatch.phrases import Part, Phrases, Term, term
from sovwatch.settings import TopicSettings, complaint, nearest
from sovwatch.terms import hashed, name_key, read_tokens
from sovwatch.text import one_form, tokens

_NOT = "not "
_SOUGHT = frozenset({"names", "idioms", "themes", "votes", "loose", "hints", "epithets", "actors", "places"})
LISTS = (
    *("names", "idioms", "themes", "votes", "loose", "hints", "epithets"),
    *("actors", "places", "elsewhere", "voters", "exclusions"),
)


class Weights(BaseModel):
    """How much each kind of evidence counts, where it stands, and where the lines are drawn; all from 0 to 1.

    The values are round by intent: moving any of them by a tenth changes few verdicts (docs/topics.md has the figures).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: float = Field(default=0.9, ge=0, le=1)  # a name, or an idiom that nobody else claims
    theme: float = Field(default=0.8, ge=0, le=1)  # a theme with a place or actor of the topic in its sentence
    carried: float = Field(default=0.55, ge=0, le=1)  # a theme whose place stands in a sentence before
    hint_of_actor: float = Field(default=0.7, ge=0, le=1)  # a hint with an actor in its sentence
    hint: float = Field(default=0.2, ge=0, le=1)  # a hint with a place only
    epithet: float = Field(default=0.5, ge=0, le=1)  # "the sovereigntist party": a passing mention
    actor: float = Field(default=0.3, ge=0, le=1)  # an actor in the headline, where a theme stands below
    headline: float = Field(default=1.0, ge=0, le=1)
    opening: float = Field(default=1.0, ge=0, le=1)  # the first sentence
    lede: float = Field(default=0.8, ge=0, le=1)  # the second, or the rest of a summary
    body: float = Field(default=0.6, ge=0, le=1)
    mention: float = Field(default=0.3, ge=0, le=1)  # from this score on: on topic, in passing
    main: float = Field(default=0.55, ge=0, le=1)  # from this score on: what the piece is about


class Profile(BaseModel):
    """The lists of one topic. Every list holds terms as `sovwatch.phrases` reads them, in any language."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1)
    match: Literal["profile", "all"] = "profile"
    places: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    idioms: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    votes: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    epithets: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    voters: tuple[str, ...] = ()
    exclusions: tuple[str, ...] = ()
    weights: Weights = Weights()
    signals: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    in_french: dict[str, str] = Field(default_factory=dict)  # what French channels read: "name", and signals by name


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
    """A compiled profile."""

    id: str
    name: str
    everything: bool
    weights: Weights
    phrases: Phrases
    signals: tuple[Signal, ...]
    signal_terms: Phrases


def compile_topics(topics: Mapping[str, TopicSettings]) -> tuple[Topic, ...]:
    """Check and compile every profile of topics.toml.

    Raises:
        ConfigurationError: an unknown key or weight, a term without a word, or a profile that could never match.
    """
    profiles = {name: _profile(name, settings) for name, settings in topics.items()}
    return tuple(_compiled(name, profile, profiles) for name, profile in profiles.items())


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


def _profile(name: str, settings: TopicSettings) -> Profile:
    try:
        profile = Profile.model_validate(settings.model_dump())
    except ValidationError as error:
        raise _explained(name, error) from None
    if profile.match == "profile" and not (profile.names or profile.idioms or profile.themes or profile.loose):
        raise ConfigurationError(
            _where(name),
            "a topic without names, idioms, themes and loose words matches nothing",
            'or set match = "all"',
        )
    for key in profile.in_french.keys() - (named := {"name", *profile.signals}):
        raise ConfigurationError(_where(name), f"unknown key 'in_french.{key}'{nearest(key, named)}")
    if profile.weights.mention > profile.weights.main:
        raise ConfigurationError(
            _where(name), "weights.mention is above weights.main", "a main subject is also a mention"
        )
    return profile


def _where(name: str) -> str:
    return f"topics.toml [{name}]"


def _explained(name: str, error: ValidationError) -> ConfigurationError:
    first = error.errors()[0]
    where = [str(part) for part in first["loc"]]
    if first["type"] == "extra_forbidden":
        known = Weights if where[0] == "weights" else Profile
        return ConfigurationError(
            _where(name), f"unknown key {'.'.join(where)!r}{nearest(where[-1], known.model_fields)}"
        )
    return ConfigurationError(_where(name), f"{'.'.join(where)}: {complaint(first)}")


def _compiled(name: str, profile: Profile, all_profiles: Mapping[str, Profile]) -> Topic:
    try:
        terms = [term(written, kind) for kind in LISTS for written in getattr(profile, kind)]
        signals = tuple(_signal(title, ways) for title, ways in profile.signals.items())
        terms += _elsewhere(terms, (other for key, other in all_profiles.items() if key != name))
        parts = {part for signal in signals for way in signal.ways for part in way.forbids.union(*way.needs)}
        signal_terms = Phrases(term(part, part) for part in parts)
    except ValueError as error:
        raise ConfigurationError(_where(name), str(error)) from None
    return Topic(name, profile.name, profile.match == "all", profile.weights, Phrases(terms), signals, signal_terms)


def _elsewhere(own: Iterable[Term], others: Iterable[Profile]) -> list[Term]:
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
