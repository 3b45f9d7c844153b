"""What was counted of two fingerprints is counted once while they are kept, and of others anew."""

from sovwatch.background import shipped
from sovwatch.fingerprints import Fingerprint
from sovwatch.remembered import remembered
from sovwatch.similarity import fingerprint


def test_a_pair_is_counted_once_and_one_that_says_the_same_is_another() -> None:
    counted = []

    def count(one: Fingerprint, other: Fingerprint, _: object) -> float:
        counted.append((one, other))
        return float(len(counted))

    told = remembered(count)
    first, second, like = (fingerprint("Count goes on", "", language="en", published=None) for _ in "abc")
    tables, others = shipped(), shipped().with_common([1])
    assert [told(first, second, tables) for _ in "ab"] == [1.0, 1.0]
    assert told(first, like, tables) == 2.0
    assert told(first, second, others) == 3.0
    assert told(second, first, tables) == 4.0
