"""Whether two texts are of one wording: reprinted whole, cut short, retitled, with a line added, lightly edited.

The measure is containment, the share of the shorter text's shingles that the other has, so that a third of an article
still finds its whole. Two cases where shared wording is no copy:

- A template: two texts whose like sentences state other figures (a weekly poll, results by riding) are two reports.
- Little text: what is below `SHORT` words may be a teaser or a boilerplate, so headlines must agree as well, figures be
  the same, and the two lie within days; half of so few words would prove nothing.

`ENOUGH` was not tuned: half of the shorter text is the plain meaning of "mostly the same". On ../shared/bench/copies
any bound from .35 to .5 gives the same figures within .003 (docs/quality.md).
"""

from dataclasses import dataclass
from datetime import timedelta

from sovwatch.fingerprints import Fingerprint, SentencePrint
from sovwatch.shingles import Overlap, overlap

ENOUGH = 0.5  # of the shorter text's shingles
SHORT = 40  # words
SHORT_ENOUGH = 0.8  # of the shorter of two short texts
SHORT_WINDOW = timedelta(days=3)  # "This week in politics" is not last week's
LIKE_HEADLINES = 0.5
ALIGNED = 0.75  # of the terms of two sentences in common: the same sentence, but for its figures
SLOTS = 2  # such sentences with other figures make a template, where they are two thirds of those with figures


@dataclass(frozen=True, slots=True)
class Wording:
    """How the wording of two texts compares; `why_not` says what speaks against a copy, "" where it is one."""

    overlap: Overlap
    why_not: str = ""

    @property
    def copied(self) -> bool:
        """Whether one is a copy of the other."""
        return not self.why_not


def compare(one: Fingerprint, other: Fingerprint) -> Wording:
    """Compare the wording of two texts; symmetric."""
    shared = overlap(one.shingles, one.level, other.shingles, other.level)
    if min(one.length, other.length) < SHORT:
        return Wording(shared, _short(one, other, shared))
    if shared.contained < ENOUGH:
        return Wording(shared, "the wording differs")
    if _template(one, other):
        return Wording(shared, "one template with other figures")
    return Wording(shared)


def templated(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether the two are of one form with other figures: this week's poll and last week's, never one happening."""
    shared = overlap(one.shingles, one.level, other.shingles, other.level)
    return shared.contained >= ENOUGH and _template(one, other)


def _short(one: Fingerprint, other: Fingerprint, shared: Overlap) -> str:
    if shared.contained < SHORT_ENOUGH:
        return "the wording differs"
    if one.title.terms and other.title.terms and not _like(one.title, other.title, LIKE_HEADLINES):
        return "too short to tell under different headlines"
    if one.numbers - other.numbers and other.numbers - one.numbers:
        return "too short to tell with other figures"
    if one.at and other.at and abs(one.at - other.at) > SHORT_WINDOW:
        return "too short to tell over days"
    return ""


def _template(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether the sentences that the two share state other figures, mostly."""
    if min(len(one.numbers - other.numbers), len(other.numbers - one.numbers)) < SLOTS:
        return False
    counted = [part for part in other.sentences if part.numbers]
    same = slots = 0
    for part in one.sentences:
        twin = (
            next((candidate for candidate in counted if _like(part, candidate, ALIGNED)), None)
            if part.numbers
            else None
        )
        if twin:
            differs = bool(part.numbers - twin.numbers and twin.numbers - part.numbers)
            same, slots = same + (not differs), slots + differs
    return slots >= SLOTS and slots >= 2 * same


def _like(one: SentencePrint, other: SentencePrint, enough: float) -> bool:
    shared = len(one.terms & other.terms)
    return shared > 0 and shared >= enough * (len(one.terms) + len(other.terms) - shared)
