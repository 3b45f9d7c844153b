"""Which articles go to the story of one that has come, by given probabilities."""

from collections.abc import Callable, Mapping

from hypothesis import given
from hypothesis import strategies as st

from sovwatch.settling import SURE, coming

NEW = 0


def ties(found: Mapping[tuple[int, int], float], other: float = 0.1) -> Callable[[int, int], float]:
    """Probabilities by pair, the same both ways round."""
    return lambda a, b: found.get((min(a, b), max(a, b)), other)


def test_the_first_report_of_a_happening_leaves_what_went_before_when_the_second_comes() -> None:
    likely = ties({(1, 2): 0.9, (1, 3): 0.6, (2, 3): 0.5, (0, 3): 0.8})
    assert coming([NEW], [[1, 2, 3]], {1, 2, 3}, likely) == [3]


def test_nothing_goes_where_it_belongs_less_than_more_probably_than_not() -> None:
    likely = ties({(1, 2): 0.9, (1, 3): 0.3, (2, 3): 0.3, (0, 3): SURE - 0.01})
    assert coming([NEW], [[1, 2, 3]], {3}, likely) == []


def test_nothing_goes_that_belongs_more_where_it_is() -> None:
    assert coming([NEW], [[1, 2]], {1, 2}, ties({(0, 1): 0.8, (1, 2): 0.9})) == []


def test_one_that_comes_may_bring_another_and_the_surest_comes_first() -> None:
    likely = ties({(0, 3): 0.9, (0, 4): 0.5, (3, 4): 0.9, (1, 3): 0.6, (1, 4): 0.6, (2, 4): 0.6}, 0.6)
    assert coming([NEW], [[1, 2, 3, 4]], {3, 4}, likely) == [3, 4]


def test_what_did_not_come_near_the_new_article_stays() -> None:
    assert coming([NEW, 1], [[2]], set(), ties({(1, 2): 0.9})) == []


@given(st.lists(st.integers(0, 2), min_size=1, max_size=8), st.data())
def test_what_has_come_leaves_nothing_that_would_come(homes: list[int], data: st.DataObject) -> None:
    pairs = [(one, other) for other in range(len(homes) + 1) for one in range(other)]
    odds = data.draw(st.lists(st.sampled_from([0.0, 0.3, 0.6, 0.9]), min_size=len(pairs), max_size=len(pairs)))
    likely = ties(dict(zip(pairs, odds, strict=True)))
    home, *others = ([one + 1 for one, story in enumerate(homes) if story == number] for number in range(3))
    may = {one for members in others for one in members}
    came = coming([NEW, *home], others, may, likely)
    assert len(set(came)) == len(came)
    assert set(came) <= may
    left = [[one for one in members if one not in came] for members in others]
    assert coming([NEW, *home, *came], left, may, likely) == []
