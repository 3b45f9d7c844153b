"""Older schemes: what is of one is read as of the present one, so that an upgrade forgets nothing that was told.

    1   a part has dates of its own, and numbers that were read apart from its claims. Now the values of its figures
        are its numbers, and both are among the claims that scheme 1 kept.

No text is asked for, as most are deleted. Whoever raises `packing.SCHEME` adds a step here (docs/decisions/0032).
"""

from sovwatch.claims import number_key
from sovwatch.packing import GROUPS, SCHEME, Packed

READ = (1, SCHEME)  # the schemes of what can be compared


def opened(packed: bytes) -> Packed:
    """The bytes of a fingerprint of any scheme that is `READ`.

    Raises:
        SchemeMismatch: it is of another one, or no fingerprint.
    """
    return (_First if packed[4:5] == b"\x01" else Packed)(packed)


class _First(Packed):
    """Scheme 1: terms, names, numbers, dates and concepts of each part."""

    scheme, groups = 1, len(GROUPS) + 1

    def laid(self) -> tuple[list[int], list[int], list[int]]:
        """As the present scheme lays it out."""
        table, places, starts = super().laid()
        numbers = [[key for key in claimed if key[0] == "n"] for claimed in self.claimed()]
        place_of = {key: len(table) + n for n, key in enumerate({number_key(key) for part in numbers for key in part})}
        kept, begin = [len(numbers)], list[int]()
        for part, claimed in enumerate(numbers):
            first = part * self.groups
            terms, names, _, _, concepts = (
                places[at : at + places[at - 1]] for at in starts[first : first + self.groups]
            )
            for group in (terms, names, list({place_of[number_key(key)] for key in claimed}), concepts):
                kept.append(len(group))
                begin.append(len(kept))
                kept += group
        return [*table, *place_of], kept, begin
