"""Bearings: how a term of a topic stands to the places in its sentence, by the small words around it.

"Alberta and Quebec" are said in one breath, "more separatists than Quebec" compares, "from Spain" parts; "its" word is
of who stands there, and a noun by itself is a country's.
"""

from collections.abc import Iterable, Sequence

from sovwatch.phrases import Hit, Word

_AND = frozenset({"and", "or", "nor", "et", "ou", "ni", "comme", "like"})
_SMALL_WORDS = "of in the that both than from que l la le les d de du des en au aux celle celles celui ceux"
_SMALL = frozenset(_SMALL_WORDS.split())
_GLUE = _AND | _SMALL
_FROM = frozenset({"from", "de", "du", "d", "des"})
_THAN = frozenset({"than", "que", "qu"})
_MEASURES = frozenset({"more", "less", "fewer", "as", "plus", "moins", "autant", "aussi"})
# Before a noun by itself, and behind one.
_BEFORE = frozenset({"on", "over", "about", "against", "that", "than", "if", "sur", "contre", "que", "qu", "si"})
_BEHIND = frozenset({"is", "was", "isn", "would", "will", "could", "est", "etait", "serait", "sera", "n"})
_POSSESSIVES = frozenset({"its", "their", "his", "her", "own", "son", "sa", "leur", "leurs"})
_IN = frozenset({"of", "in", "from", "at", "de", "du", "des", "d", "en", "a", "au", "aux", "dans"})


def nearest(hit: Hit, among: Iterable[Hit]) -> Hit:
    """Find the term that stands nearest to another."""
    return min(among, key=lambda each: gap(hit, each))


def gap(one: Hit, other: Hit) -> int:
    """Count the words between two terms; 0 where they touch or overlap."""
    return max(0, other.start - one.end, one.start - other.end)


def joined(words: Sequence[Word], one: Hit, other: Hit) -> bool:
    """Tell whether two places are said in one breath: "Alberta and Quebec", "ni l'Alberta ni le Québec"."""
    first, second = sorted((one, other))
    between = words[first.end : second.start]
    said = {word.folded for word in between}
    return said <= _GLUE and not said.isdisjoint(_AND)


def compared(words: Sequence[Word], hit: Hit, other: Hit) -> bool:
    """Tell whether a place is only what is compared with: "more separatists than Quebec", « moins que le Québec »."""
    between = {word.folded for word in words[hit.end : other.start]}
    measured = {word.folded for word in words[max(0, hit.start - 2) : hit.start]}
    return between <= _GLUE and not between.isdisjoint(_THAN) and not measured.isdisjoint(_MEASURES)


def parted(words: Sequence[Word], hit: Hit, other: Hit) -> bool:
    """Tell whether the others are what is parted from: a town in Alberta may "separate from the Métis Nation"."""
    between = {word.folded for word in words[hit.end : other.start]}
    return between <= _SMALL and not between.isdisjoint(_FROM)


def owned(words: Sequence[Word], hit: Hit) -> bool:
    """Tell whether a word is somebody's: "its", « son »."""
    return hit.start > 0 and words[hit.start - 1].folded in _POSSESSIVES


def attribute(words: Sequence[Word], place: Hit) -> bool:
    """Tell whether a place only says whose or where something else is: "Quebec's college defends its independence"."""
    before = {word.folded for word in words[max(0, place.start - 2) : place.start]}
    return words[place.end - 1].owns or not before.isdisjoint(_IN)


def bare(words: Sequence[Word], hit: Hit) -> bool:
    """Tell whether a noun stands by itself: "that independence is", « sur l'indépendance ». Nobody's but a country's.

    "Greater independence", "tools for independence" and « l'indépendance et la dignité » are anybody's.
    """
    before = words[: hit.start - 1] if hit.start and words[hit.start - 1].folded == "l" else words[: hit.start]
    after = words[hit.end - 1].parted or hit.end == len(words) or words[hit.end].folded in _BEHIND
    return bool(before) and not before[-1].parted and before[-1].folded in _BEFORE and after
