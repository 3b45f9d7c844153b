"""Figures: how a grouping, or a set of pairs, agrees with what people labelled. The same definitions as the field's.

B-cubed (Bagga & Baldwin 1998): for each item, the share of its group that belongs with it (precision) and the share of
what belongs with it that is in its group (recall), each averaged over items.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple


class Figures(NamedTuple):
    """Precision, recall and their harmonic mean, each 0..1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean."""
        return ratio(2 * self.precision * self.recall, self.precision + self.recall)


class WrongJoins(NamedTuple):
    """Documents in a story whose main event is another one: of another affair, and of the same (the milder error)."""

    outside: int
    inside: int


def ratio(part: float, whole: float) -> float:
    """The share; 0 of nothing."""
    return part / whole if whole else 0.0


def mean(values: Iterable[float]) -> float:
    """The mean; 0 of nothing."""
    found = list(values)
    return ratio(sum(found), len(found))


def counted(right: int, wrong: int, missed: int) -> Figures:
    """Figures from counts."""
    return Figures(ratio(right, right + wrong), ratio(right, right + missed))


def bcubed(said: Mapping[str, Hashable], true: Mapping[str, Hashable]) -> Figures:
    """B-cubed figures of one grouping against another, over the items of `true`."""
    inside, belongs = _groups(said, true), _groups(true, true)
    shared = {item: len(inside[said[item]] & belongs[true[item]]) for item in true}
    return Figures(
        mean(shared[item] / len(inside[said[item]]) for item in true),
        mean(shared[item] / len(belongs[true[item]]) for item in true),
    )


def as_they_came(beside: Mapping[str, Collection[str]], true: Mapping[str, Hashable]) -> Figures:
    """B-cubed figures of what each item stood with when it came, itself among it, over the items of `true` by then.

    `beside` is in the order in which they came. Readers are told by this, and nothing that is mended later unsays it.
    """
    come = Counter[Hashable]()
    precision, recall = [], []
    for item, group in beside.items():
        if item in true:
            come[true[item]] += 1
            labelled = [one for one in group if one in true]
            right = sum(true[one] == true[item] for one in labelled)
            precision.append(ratio(right, len(labelled)))
            recall.append(ratio(right, come[true[item]]))
    return Figures(mean(precision), mean(recall))


def _groups(group: Mapping[str, Hashable], items: Iterable[str]) -> dict[Hashable, set[str]]:
    groups: dict[Hashable, set[str]] = defaultdict(set)
    for item in items:
        groups[group[item]].add(item)
    return groups


def components(pairs: Iterable[tuple[str, str]], members: Iterable[str]) -> dict[str, str]:
    """The connected components of pairs, as a representative for each member; chains count as one."""
    parent = {member: member for member in members}

    def root(member: str) -> str:
        while parent[member] != member:
            parent[member] = parent[parent[member]]
            member = parent[member]
        return member

    for one, other in pairs:
        if one in parent and other in parent:
            parent[root(one)] = root(other)
    return {member: root(member) for member in parent}


def pairs_alike(said: Mapping[str, str], true: Mapping[str, str]) -> Figures:
    """Figures over pairs of items that two groupings put together."""
    right = wrong = missed = 0
    for one, other in combinations(sorted(true), 2):
        together, belong = said[one] == said[other], true[one] == true[other]
        right, wrong, missed = right + (together and belong), wrong + (together > belong), missed + (belong > together)
    return counted(right, wrong, missed)


def across(event: Mapping[str, str], story: Mapping[str, Hashable], language: Mapping[str, str]) -> Figures:
    """English with French: recall is the mean over events in both languages, precision over stories in both."""
    return Figures(_agreement(event, story, event, language), _agreement(story, event, event, language))


def _agreement(
    inner: Mapping[str, Hashable], outer: Mapping[str, Hashable], items: Iterable[str], language: Mapping[str, str]
) -> float:
    shares: list[float] = []
    for members in _groups(outer, items).values():
        mixed = [pair for pair in combinations(sorted(members), 2) if language[pair[0]] != language[pair[1]]]
        if mixed:
            shares.append(mean(inner[one] == inner[other] for one, other in mixed))
    return mean(shares)


def wrong_joins(
    story: Mapping[str, Hashable], event: Mapping[str, str | None], affair: Mapping[str, str | None]
) -> WrongJoins:
    """Count documents that stand in a story of another event; what has no event belongs to none."""
    outside = inside = 0
    for members in _groups(story, story).values():
        events = Counter(found for item in members if (found := event[item]))
        if len(members) < 2 or not events:  # noqa: PLR2004  (one alone is joined to nothing)
            continue
        main = min(events, key=lambda one: (-events[one], one))
        affairs = {affair[item] for item in members if event[item] == main} - {None}
        for item in members:
            if event[item] != main:
                outside, inside = outside + (affair[item] not in affairs), inside + (affair[item] in affairs)
    return WrongJoins(outside, inside)


def copies_found(pairs: Sequence[Mapping[str, object]], said: Mapping[str, str]) -> dict[str, float]:
    """Recall on pairs that overlap by half, precision by chains of overlap of .3 and more; see docs/quality.md."""
    overlap = {_pair(row): max(_number(row["jaccard5"]), _number(row["contain5"])) for row in pairs}
    strong = [pair for pair, share in overlap.items() if share >= 0.5]  # noqa: PLR2004  (the definition)
    headline = {_pair(row) for row in pairs if row["gold"]} & set(strong)
    chained = components([pair for pair, share in overlap.items() if share >= 0.3], said)  # noqa: PLR2004
    together = [(one, other) for one, other in combinations(sorted(said), 2) if said[one] == said[other]]
    return {
        "headline pairs found": mean(said[one] == said[other] for one, other in headline),
        "overlap pairs found": mean(said[one] == said[other] for one, other in strong),
        "said pairs that overlap": mean(chained[one] == chained[other] for one, other in together),
    }


def _pair(row: Mapping[str, object]) -> tuple[str, str]:
    one, other = sorted((str(row["a"]), str(row["b"])))
    return one, other


def _number(value: object) -> float:
    return float(str(value))
