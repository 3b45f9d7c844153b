"""Where articles stand once another has come, by given probabilities."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from sovwatch.settling import SURE, settled

NEW = 0


class Ties:
    """Probabilities by pair, the same both ways round."""

    def __init__(self, found: Mapping[tuple[int, int], float], other: float = 0.1) -> None:
        self.found, self.other = found, other

    def __call__(self, one: int, other: int) -> float:
        return self.found.get((min(one, other), max(one, other)), self.other)


def test_the_first_report_of_a_happening_leaves_what_went_before_when_the_second_comes() -> None:
    likely = Ties({(1, 2): 0.9, (1, 3): 0.6, (2, 3): 0.5, (0, 3): 0.8})
    assert settled({1: [1, 2, 3], 2: [NEW]}, likely, stays=NEW) == {3: 2}


def test_nothing_goes_where_it_belongs_less_than_more_probably_than_not() -> None:
    likely = Ties({(1, 2): 0.9, (1, 3): 0.3, (2, 3): 0.3, (0, 3): SURE - 0.01})
    assert settled({1: [1, 2, 3], 2: [NEW]}, likely, stays=NEW) == {}


def test_one_move_may_bring_on_another() -> None:
    likely = Ties({(0, 3): 0.9, (0, 4): 0.5, (3, 4): 0.9, (1, 2): 0.9, (1, 3): 0.6, (1, 4): 0.6, (2, 4): 0.6}, 0.6)
    assert settled({1: [1, 2, 3, 4], 2: [NEW]}, likely, stays=NEW) == {3: 2, 4: 2}


def test_an_article_may_leave_the_story_of_the_new_one_for_another() -> None:
    likely = Ties({(0, 1): 0.9, (0, 2): 0.2, (1, 2): 0.4, (2, 3): 0.8})
    assert settled({1: [NEW, 1, 2], 2: [3]}, likely, stays=NEW) == {2: 2}


@given(st.lists(st.integers(0, 3), min_size=2, max_size=9), st.data())
def test_what_is_settled_stays_settled(homes: list[int], data: st.DataObject) -> None:
    """Where a single article went, at least; a cycle of several may end where it was stopped."""
    pairs = [(one, other) for other in range(len(homes)) for one in range(other)]
    found = dict(
        zip(
            pairs,
            data.draw(st.lists(st.sampled_from([0.0, 0.3, 0.6, 0.9]), min_size=len(pairs), max_size=len(pairs))),
            strict=True,
        )
    )
    stories: dict[int, list[int]] = {}
    for one, story in enumerate(homes):
        stories.setdefault(story, []).append(one)
    moved = settled(stories, Ties(found), stays=NEW)
    assert NEW not in moved
    after: dict[int, list[int]] = {}
    for one, story in enumerate(homes):
        after.setdefault(moved.get(one, story), []).append(one)
    if len(moved) < 2:
        assert settled(after, Ties(found), stays=NEW) == {}
