"""What placing says of the stories near an article, where the probability of each two is given."""

from collections.abc import Mapping
from math import inf

import pytest

from sovwatch import region
from sovwatch.background import shipped
from sovwatch.region import Member, StoryView
from sovwatch.similarity import fingerprint
from sovwatch.stories import Joins, Opens, Placement, place

NEW = -1
TEXT = fingerprint("Judge lets petition stand", "A judge let it stand on Monday. ", language="en", published=None)


def placed(
    patch: pytest.MonkeyPatch, likely: Mapping[tuple[int, int], float], *known: StoryView, other: float = 0.0
) -> Placement:
    """Where an article goes, by the probability of each two; company shares out nothing."""
    patch.setattr(
        region, "_together", lambda a, b, _: likely.get((min(a.article, b.article), max(a.article, b.article)), other)
    )
    patch.setattr(region, "shared_out", lambda found, _: dict(found))
    return place(TEXT, frozenset(), [], known, shipped())


def story(number: int, *articles: int, whole: bool = False) -> StoryView:
    return StoryView(number, tuple(Member(article, TEXT) for article in articles), whole=whole)


def test_stories_that_stay_whole_are_not_made_one_by_what_belongs_with_both(monkeypatch: pytest.MonkeyPatch) -> None:
    """People put an article into each; the two are not even compared."""
    found = placed(monkeypatch, {(NEW, 1): 0.9, (NEW, 2): 0.8}, story(7, 1, whole=True), story(8, 2, whole=True))
    assert isinstance(found, Joins)
    assert (found.story, found.unites) == (7, ())


def test_a_story_that_goes_into_another_is_not_related(monkeypatch: pytest.MonkeyPatch) -> None:
    found = placed(monkeypatch, {(NEW, 1): 0.15, (NEW, 2): 0.15, (1, 2): 0.9}, story(7, 1), story(8, 2))
    assert isinstance(found, Opens)
    assert found.moves[0].unites == (8,)
    assert found.related == (7,)


def test_what_comes_near_enough_but_belongs_with_others_more_is_not_called_below(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    together = {(1, 2): 0.95, (1, 3): 0.95, (2, 3): 0.95}
    found = placed(monkeypatch, {(NEW, 1): 0.8, (NEW, 2): -inf, (NEW, 3): 0.5, **together}, story(7, 1), story(8, 2, 3))
    assert isinstance(found, Opens)
    assert "0.80 over 1 of story 7, but these belong together without it, by what else is near" in found.why
