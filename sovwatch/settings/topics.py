"""What `topics.toml` may say: the lists of a topic, what its evidence weighs, and the lists that topics share.

docs/topics.md teaches them; `sovwatch.topics` makes of a topic what is looked for.
"""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from sovwatch.settings.strict import Strict


class Weights(Strict):
    """How much each kind of evidence counts, where it stands, and where the lines are drawn; all from 0 to 1.

    The values are round by intent: moving any of them by a tenth changes few verdicts (docs/topics.md has the figures).
    """

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


class Lists(Strict):
    """Lists of terms as `sovwatch.phrases` reads them, in any language; what says the topic stands before what may."""

    names: tuple[str, ...] = ()
    idioms: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    votes: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    epithets: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    voters: tuple[str, ...] = ()
    exclusions: tuple[str, ...] = ()


LISTS = tuple(Lists.model_fields)


class SharedSettings(Lists):
    """One `[shared.NAME]` of topics.toml: terms that several topics use."""

    @model_validator(mode="before")
    @classmethod
    def _uses_none(cls, given: object) -> object:
        if isinstance(given, dict) and "uses" in given:
            raise ValueError("a shared table uses no other; let the topic use both")
        return given


class TopicSettings(Lists):
    """One topic as topics.toml has it."""

    name: str = Field(min_length=1)
    match: Literal["profile", "all"] = "profile"
    uses: tuple[str, ...] = ()  # shared tables, whose terms are added to its own
    weights: Weights = Weights()
    signals: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    in_french: dict[str, str] = Field(default_factory=dict)  # what French channels read: "name", and signals by name

    def called(self, what: str, language: str) -> str:
        """Its own name ("name") or that of a signal, in a channel's language."""
        english = self.name if what == "name" else what
        return self.in_french.get(what, english) if language == "fr" else english

    def using(self, shared: Mapping[str, Lists]) -> "TopicSettings":
        """It, with the terms of the shared tables that it uses behind its own.

        Each once: a crawl's child reads these settings again.
        """
        tables = (self, *(shared[name] for name in self.uses))
        whole = {key: tuple(dict.fromkeys(term for table in tables for term in getattr(table, key))) for key in LISTS}
        return self.model_copy(update=whole)
