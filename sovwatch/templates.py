"""Whether two texts are of one template: this week's poll and last week's, one town's council and the next one's.

However much wording they share, they report two happenings and none copies the other. What a template leaves open is
filled in place by place, so it is told by like sentences that differ in just that:

- figures: sentences of one form state others, mostly;
- names: what opens one text (its headline, its first sentence) is named nowhere in the other, and where each says it,
  the other says in the same words what opens that. A dateline is one such place, and a template has two at least: a
  reprint has names of its own too, but not in the sentences that it took over.

Of the 1.2 million pairs of six sets (../shared/bench and benchmarks/affairs) the rule for names touches none
(docs/decisions/0021).
"""

from collections.abc import Collection, Sequence

from sovwatch.fingerprints import Fingerprint, SentencePrint

ALIGNED = 0.75  # of the terms of two sentences in common: the same sentence, but for what the template leaves open
FIRST = 50  # parts that say these names, of each text: what is a template shows it in them
SLOTS = 2  # such sentences make a template, where they are two thirds of those with figures, or with these names


def other_figures(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether the sentences that the two share state other figures, mostly."""
    if min(len(one.numbers - other.numbers), len(other.numbers - one.numbers)) < SLOTS:
        return False
    counted = [part for part in other.sentences if part.numbers]
    same = slots = 0
    for part in one.sentences:
        twin = (
            next((candidate for candidate in counted if like(part, candidate, ALIGNED)), None) if part.numbers else None
        )
        if twin:
            differs = bool(part.numbers - twin.numbers and twin.numbers - part.numbers)
            same, slots = same + (not differs), slots + differs
    return slots >= SLOTS and slots >= 2 * same


def other_names(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether the two say the same of what opens each of them, and is named in the other nowhere; symmetric."""
    ours, theirs = one.leading - other.names.keys(), other.leading - one.names.keys()
    if not ours or not theirs:
        return False
    mine, others = _naming(one, ours), _naming(other, theirs)
    slots = min(_alike(mine, others), _alike(others, mine))
    return slots >= SLOTS and 3 * slots >= 2 * max(len(mine), len(others))


def _naming(fp: Fingerprint, names: Collection[int]) -> list[SentencePrint]:
    return [part for part in (fp.title, *fp.sentences) if not part.names.isdisjoint(names)][:FIRST]


def _alike(parts: Sequence[SentencePrint], others: Sequence[SentencePrint]) -> int:
    """How many of the parts are of the form of another: the terms that are no name of either agree."""
    return sum(any(_of_form(part, other) for other in others) for part in parts)


def _of_form(part: SentencePrint, other: SentencePrint) -> bool:
    shared = len(part.terms & other.terms)
    every = len(part.terms | other.terms) - len(part.names ^ other.names)  # a name is a term as well
    return shared > 0 and shared >= ALIGNED * every


def like(one: SentencePrint, other: SentencePrint, enough: float) -> bool:
    """Whether two sentences have so much of their terms in common."""
    shared = len(one.terms & other.terms)
    return shared > 0 and shared >= enough * (len(one.terms) + len(other.terms) - shared)
