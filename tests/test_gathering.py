"""The stories that are told anew around a new article, by given probabilities."""

from collections.abc import Callable, Mapping
from math import inf, log
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.grouping import matrix
from benchmarks.story_company import witnesses
from sovwatch.company import CERTAIN, in_company
from sovwatch.gathering import Gathered, Known, gathered
from sovwatch.regression import Model, shipped

NEW = -1
ENOUGH = 0.25
COMPANY = shipped("stories.toml", "texts_in_company")


def ties(found: Mapping[tuple[int, int], float], other: float = 0.0) -> Callable[[int, int], float]:
    """Probabilities by pair, the same both ways round."""
    return lambda a, b: found.get((min(a, b), max(a, b)), other)


def test_an_article_that_belongs_nowhere_is_a_story_of_its_own() -> None:
    assert gathered(NEW, [Known(7, (1,))], ties({(NEW, 1): 0.2}), ENOUGH) == [Gathered((NEW,)), Gathered((1,), 7)]


def test_it_joins_what_it_belongs_with_by_the_mean_and_not_by_the_nearest() -> None:
    near = ties({(NEW, 1): 0.8, (1, 2): 0.9, (1, 3): 0.9, (2, 3): 0.9, (1, 4): 0.9, (2, 4): 0.9, (3, 4): 0.9})
    assert gathered(NEW, [Known(7, (1, 2, 3, 4))], near, ENOUGH)[0] == Gathered((NEW,))
    assert gathered(NEW, [Known(7, (1, 2))], near, ENOUGH)[0] == Gathered((NEW, 1, 2), 7)


def test_two_stories_that_it_belongs_with_are_one_and_the_earlier_number_stays() -> None:
    both = ties({(NEW, 1): 0.9, (NEW, 2): 0.9, (1, 2): 0.1})
    assert gathered(NEW, [Known(9, (1,)), Known(4, (2,))], both, ENOUGH) == [Gathered((NEW, 1, 2), 4, unites=(9,))]


def test_the_first_report_of_a_happening_leaves_what_went_before_when_the_second_comes() -> None:
    followed = ties({(1, 2): 0.9, (1, 3): 0.4, (2, 3): 0.4, (NEW, 3): 0.9})
    own, other = gathered(NEW, [Known(7, (1, 2, 3))], followed, ENOUGH)
    assert own == Gathered((NEW, 3), None, takes=(3,))
    assert other == Gathered((1, 2), 7)


def test_what_it_does_not_belong_with_may_change_beside_it() -> None:
    beside = ties({(1, 2): 0.3, (2, 3): 0.9})
    found = gathered(NEW, [Known(7, (1, 2)), Known(8, (3,))], beside, ENOUGH)
    assert found == [Gathered((NEW,)), Gathered((1,), 7), Gathered((2, 3), 8, takes=(2,))]


def test_a_story_that_is_whole_goes_or_stays_as_one() -> None:
    split = ties({(NEW, 1): 0.9, (NEW, 2): 0.1, (1, 2): 0.0})
    assert gathered(NEW, [Known(7, (1, 2))], split, ENOUGH)[0] == Gathered((NEW, 1), 7)
    assert gathered(NEW, [Known(7, (1, 2), whole=True)], split, ENOUGH)[0] == Gathered((NEW, 1, 2), 7)


def test_what_people_want_apart_stays_apart_whatever_joins_it() -> None:
    known = [Known(7, (1,), apart=frozenset({8})), Known(8, (2,)), Known(9, (3,))]
    alike = ties({(one, other): 0.9 for one in (NEW, 1, 2, 3) for other in (1, 2, 3) if one < other})
    found = gathered(NEW, known, alike, ENOUGH)
    assert len(found) == 2
    assert all(not {1, 2} <= set(one.articles) for one in found)


@st.composite
def regions(draw: st.DrawFn) -> tuple[list[Known], dict[tuple[int, int], float]]:
    homes = draw(st.lists(st.integers(0, 3), min_size=1, max_size=9))
    whole = draw(st.sets(st.integers(0, 3)))
    known = [
        Known(story, tuple(n for n, home in enumerate(homes) if home == story), whole=story in whole)
        for story in sorted(set(homes))
    ]
    pairs = [(one, other) for other in range(len(homes)) for one in range(-1, other)]
    levels = st.sampled_from([-inf, 0.0, 0.1, 0.3, 0.6, 0.9])
    return known, dict(zip(pairs, draw(st.lists(levels, min_size=len(pairs), max_size=len(pairs))), strict=True))


@given(regions())
def test_every_article_is_in_one_story_and_every_story_goes_on_once(
    region: tuple[list[Known], dict[tuple[int, int], float]],
) -> None:
    known, found = region
    groups = gathered(NEW, known, ties(found), ENOUGH)
    assert NEW in groups[0].articles
    articles = [article for group in groups for article in group.articles]
    assert sorted(articles) == sorted([NEW, *(article for story in known for article in story.articles)])
    went = [story for group in groups if group.story is not None for story in (group.story, *group.unites)]
    assert sorted(went) == sorted(story.story for story in known)
    for story in known:
        parts = [group for group in groups if set(story.articles) & set(group.articles)]
        assert len(parts) == 1 or not story.whole
        home = next(group for group in parts if story.story in (group.story, *group.unites))
        assert len(set(home.articles) & set(story.articles)) == max(
            len(set(part.articles) & set(story.articles)) for part in parts
        )


@given(regions())
def test_what_is_told_anew_stands_when_told_anew_again(
    region: tuple[list[Known], dict[tuple[int, int], float]],
) -> None:
    """Groups of one mean are drawn by their number, which may differ: with other means all is as it was."""
    known, found = region
    apart = {pair: one + 1e-3 * Random(place).random() for place, (pair, one) in enumerate(sorted(found.items()))}
    free = [Known(story.story, story.articles) for story in known]
    groups = gathered(NEW, free, ties(apart), ENOUGH)
    numbers = [group.story if group.story is not None else 100 + place for place, group in enumerate(groups)]
    told = [
        Known(number, tuple(article for article in group.articles if article != NEW))
        for number, group in zip(numbers, groups, strict=True)
        if set(group.articles) != {NEW}
    ]
    again = gathered(NEW, told, ties(apart), ENOUGH)
    assert {frozenset(group.articles) for group in again} == {frozenset(group.articles) for group in groups}


def test_in_company_of_none_nearer_all_are_lowered_or_raised_alike() -> None:
    alone = in_company({(0, 1): 0.6}, COMPANY)[0, 1]
    crowd = in_company({(one, other): 0.6 for other in range(12) for one in range(other)}, COMPANY)
    assert alone == pytest.approx(0.6, abs=0.02)
    assert set(crowd.values()) == {alone}


def test_two_that_are_each_nearer_to_others_are_parted() -> None:
    """Two pairs of reports, of two steps of an affair that all four retell."""
    steps = {(0, 1): 0.9, (2, 3): 0.9, (0, 2): 0.5, (0, 3): 0.5, (1, 2): 0.5, (1, 3): 0.5}
    found = in_company(steps, COMPANY)
    assert max(found[pair] for pair in steps if steps[pair] == 0.5) < 0.4
    assert found[0, 1] == found[2, 3] > 0.85


def test_only_one_side_with_nearer_ones_parts_nothing() -> None:
    """A column that is near to one report of three, which are near to each other."""
    reports = {(0, 1): 0.9, (0, 2): 0.9, (1, 2): 0.9, (2, 3): 0.5}
    assert in_company(reports, COMPANY)[2, 3] == in_company({(2, 3): 0.5}, COMPANY)[2, 3]


def test_a_third_that_is_near_to_both_joins_two_and_one_near_to_either_does_not() -> None:
    alone = in_company({(0, 1): 0.3}, COMPANY)[0, 1]
    assert in_company({(0, 1): 0.3, (0, 2): 0.8, (1, 2): 0.7}, COMPANY)[0, 1] > alone + 0.2
    assert in_company({(0, 1): 0.3, (0, 2): 0.8, (1, 2): 0.2}, COMPANY)[0, 1] == alone


def test_what_stays_together_by_decree_joins_nothing() -> None:
    decreed = {(0, 1): 0.1, (0, 2): 0.8, (1, 2): CERTAIN}
    assert in_company(decreed, COMPANY)[0, 1] == in_company({(0, 1): 0.1}, COMPANY)[0, 1]
    assert in_company(decreed, COMPANY)[1, 2] == CERTAIN


@given(st.lists(st.floats(0.001, 0.999), min_size=14, max_size=14))
def test_company_keeps_what_cannot_be_and_minds_no_numbers(odds: list[float]) -> None:
    places = [(one, other) for other in range(6) for one in range(other)]
    likely = {**dict(zip(places, odds, strict=False)), (0, 5): -inf, (1, 5): 0.0}
    told = in_company(likely, COMPANY)
    assert (told[0, 5], told[1, 5]) == (-inf, 0.0)
    assert all(0 < one < 1 for pair, one in told.items() if likely[pair] > 0)
    turned = in_company({(5 - other, 5 - one): found for (one, other), found in likely.items()}, COMPANY)
    assert {(5 - there, 5 - here): one for (here, there), one in turned.items()} == pytest.approx(told)


@given(st.lists(st.sampled_from([0.0, 0.1, 0.3, 0.5, 0.7, 0.95]), min_size=15, max_size=15))
def test_what_is_fitted_on_sees_what_the_program_sees(odds: list[float]) -> None:
    """The benchmark counts witnesses for all pairs at once; by weights of one each shows in what the program says."""
    likely = dict(zip([(one, other) for other in range(6) for one in range(other)], odds, strict=True))
    parted, joined = witnesses(matrix(6, likely))
    for name, seen in (("parted", parted), ("joined", joined)):
        weights = dict.fromkeys(("odds", "parted", "joined"), 0.0) | {name: 1.0}
        for pair, one in in_company(likely, Model(0.0, weights)).items():
            if likely[pair] > 0:
                assert log(one / (1 - one)) == pytest.approx(seen[pair], abs=1e-9)
