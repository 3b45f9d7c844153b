"""What an operator asked not to hear of, and for how long: pure filters over stories and reports.

A muted report is not told and not counted as owed either: when the mute ends, what it held back is past. So filters
give back both parts, and the store takes out the muted ones. A mute holds in every channel unless it names one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from sovwatch.reports import Report, StoryReports
from sovwatch.text import fold

MuteKind = Literal["story", "source", "phrase"]


@dataclass(frozen=True, slots=True)
class Mute:
    """One thing not to be heard of: a story's number, an outlet's name, or a phrase in a headline or what is told."""

    kind: MuteKind
    what: str
    until: datetime | None = None  # None: until it is lifted
    channel: str | None = None  # None: in every channel

    def holds(self, channel: str, now: datetime) -> bool:
        """Whether the mute is in force there and then."""
        return self.channel in {None, channel} and (self.until is None or now < self.until)

    def covers(self, report: Report) -> bool:
        """Whether the mute is about the report: accents, case and the form of quotes and dashes don't matter."""
        if self.kind == "story":
            return str(report.story) == self.what
        if self.kind == "source":
            return fold(report.piece.outlet) == fold(self.what)
        said = " ".join((report.piece.title, *report.additions))
        return f" {_spaced(fold(self.what))} " in f" {_spaced(fold(said))} "


def covered(report: Report, mutes: Iterable[Mute]) -> bool:
    """Whether any of the mutes is about the report."""
    return any(mute.covers(report) for mute in mutes)


def apart(stories: Iterable[StoryReports], mutes: Sequence[Mute]) -> tuple[list[StoryReports], list[Report]]:
    """Part stories into what may be told and the reports that are muted; a story with none left is left out."""
    heard: list[StoryReports] = []
    muted: list[Report] = []
    for story in stories:
        held = [report for report in story.reports if covered(report, mutes)]
        left = tuple(report for report in story.reports if report not in held)
        muted += held
        if left:
            counted = tuple(report for report in story.counted if not covered(report, mutes))
            heard.append(replace(story, reports=left, counted=counted))
    return heard, muted


def _spaced(text: str) -> str:
    """Return the text with only letters, digits and apostrophes between spaces, so that phrases match whole words."""
    return " ".join("".join(char if char.isalnum() or char == "'" else " " for char in text).split())
