"""Whether two texts are of one wording: reprinted whole, cut short, retitled, with a line added, lightly edited.

The measure is containment, the share of the shorter text's shingles that the other has, so that a third of an article
still finds its whole. Two cases where shared wording is no copy:

- A template (`templates`): two texts whose like sentences state other figures (a weekly poll, results by riding) or
  tell of other names (one town's council and the next one's) are two reports.
- Little text: what the two share may be a teaser, or what a newsroom puts under all its articles, where it is below
  `SHORT` words. So nearly all of one must be shared, headlines agree, figures be the same, and the two lie within days;
  half of so few words would prove nothing.

`ENOUGH` was not tuned: half of the shorter text is the plain meaning of "mostly the same". On ../shared/bench/copies
any bound from .35 to .5 gives the same figures within .003 (docs/tried.md).
"""

from dataclasses import dataclass
from datetime import timedelta

from sovwatch.fingerprints import Fingerprint
from sovwatch.shingles import Overlap, overlap
from sovwatch.templates import like, other_figures, other_names

ENOUGH = 0.5  # of the shorter text's shingles
SHORT = 40  # words: a notice of two lines ("This article was originally published by …") has up to 35
SHORT_ENOUGH = 0.8  # of the shorter text, where the two share so little
SHORT_WINDOW = timedelta(days=3)  # "This week in politics" is not last week's
LIKE_HEADLINES = 0.5
_FIGURES, _NAMES = "one template with other figures", "one template with other names"


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
    shared = overlap(one.wording, one.level, other.wording, other.level)
    words = shared.contained * min(one.length, other.length)
    return Wording(shared, (_little if words < SHORT else _much)(one, other, shared))


def template(one: Fingerprint, other: Fingerprint) -> str:
    """Why the two are one template (this week's poll and last week's) and never one happening; "" if they are not."""
    if other_names(one, other):
        return _NAMES
    shared = overlap(one.wording, one.level, other.wording, other.level)
    return _FIGURES if shared.contained >= ENOUGH and other_figures(one, other) else ""


def own(one: Fingerprint, other: Fingerprint) -> tuple[Fingerprint, Fingerprint]:
    """The two without the sentences that both have word for word; as they are where nothing else is left of one.

    Such a sentence tells of the wording: a notice, a line of an agency. Of 118 pairs of one happening in four sets that
    share one and are no copies, none falls below the threshold without it (docs/decisions/0022).
    """
    both = {part.terms for part in one.sentences} & {part.terms for part in other.sentences}
    if not both:
        return one, other
    mine, others = one.without(both), other.without(both)
    return (mine, others) if mine.sentences and others.sentences else (one, other)


def _much(one: Fingerprint, other: Fingerprint, shared: Overlap) -> str:
    if shared.contained < ENOUGH:
        return "the wording differs"
    if other_figures(one, other):
        return _FIGURES
    return _NAMES if other_names(one, other) else ""


def _little(one: Fingerprint, other: Fingerprint, shared: Overlap) -> str:
    if shared.contained < SHORT_ENOUGH:
        return "the wording differs"
    if one.title.terms and other.title.terms and not like(one.title, other.title, LIKE_HEADLINES):
        return "too little to tell under different headlines"
    if one.numbers - other.numbers and other.numbers - one.numbers:
        return "too little to tell with other figures"
    if one.at and other.at and abs(one.at - other.at) > SHORT_WINDOW:
        return "too little to tell over days"
    return _NAMES if other_names(one, other) else ""
