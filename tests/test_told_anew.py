"""What placing says of the stories near an article, where the probability of each two is given."""

from collections.abc import Mapping
from datetime import UTC, datetime
from math import inf

import pytest

from sovwatch import region
from sovwatch.background import shipped
from sovwatch.company import in_company
from sovwatch.model import Dated, Precision
from sovwatch.pairs import odds
from sovwatch.region import ENOUGH, Member, StoryView
from sovwatch.regression import shipped as weights
from sovwatch.similarity import fingerprint
from sovwatch.stories import Joins, Opens, Placement, place

NEW = -1
TEXT = fingerprint("Judge lets petition stand", "A judge let it stand on Monday. ", language="en", published=None)


def placed(
    patch: pytest.MonkeyPatch, likely: Mapping[tuple[int, int], float], *known: StoryView, other: float = 0.0
) -> Placement:
    """Where an article goes, by the probability of each two; company changes nothing."""
    patch.setattr(
        region, "_together", lambda a, b, _: likely.get((min(a.article, b.article), max(a.article, b.article)), other)
    )
    patch.setattr(region, "in_company", lambda found, _: dict(found))
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


@pytest.mark.parametrize("reports", [2, 3, 4, 6, 12])
def test_reports_of_one_day_that_share_nothing_are_no_story_however_many(reports: int) -> None:
    """A school budget joined oil executives' letter on a quiet day: time alone made them one."""
    at = Dated(datetime(2026, 3, 6, 14, tzinfo=UTC), Precision.SECOND)
    bees = "Beekeepers lost a third of their hives last winter. Mites were found in most of those that were opened."
    mural = "Une fresque couvrira le mur nord du marché. Trois peintres y travailleront dès juin."
    one = fingerprint("Hives fall silent", bees, language="en", published=at)
    other = fingerprint("Du bleu au marché", mural, language="fr", published=at)
    alone = odds(one, other, shipped())
    assert alone > 0.0
    day = {(here, there): alone for there in range(reports) for here in range(there)}
    assert max(in_company(day, weights("stories.toml", "texts_in_company")).values()) < ENOUGH["texts"]
