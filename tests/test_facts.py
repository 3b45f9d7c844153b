"""The hard facts of a sentence, as likeness compares them."""

from datetime import UTC, datetime

import pytest

from sovwatch.facts import blanked, dates, in_title_case, may_name, numbers, opens
from sovwatch.model import Dated, Precision
from sovwatch.text import fold

SOON = Dated(datetime(2026, 1, 2, 15, tzinfo=UTC))  # a Friday


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ("ten of 10, dix", ["10", "10", "10"]),
        ("1.2 million", ["1200000"]),
        ("1 200 000 noms", ["1200000"]),
        ("456k and $500-billion", ["456000", "5e+11"]),
        ("twenty-five thousand", ["25000"]),
        ("quatre-vingt-dix mille", ["90000"]),
        ("98,51 %", ["98.51"]),
        ("the 3rd of 12,500", ["3", "12500"]),
        ("one of a few", []),
        ("a b2b firm", []),
    ],
)
def test_a_number_is_its_value(said: str, values: list[str]) -> None:
    assert list(numbers(fold(said))) == values


@pytest.mark.parametrize(
    ("said", "keys"),
    [
        ("on Dec. 30", ["d2025-12-30"]),
        ("le 5 janvier", ["d2026-01-05"]),
        ("March 3, 2024", ["d2024-03-03"]),
        ("2025-11-09", ["d2025-11-09"]),
        ("in June 2027", ["m2027-06"]),
        ("on Thursday", ["d2026-01-01"]),
        ("vendredi", ["d2026-01-02"]),
        ("hier", ["d2026-01-01"]),
        ("Feb. 30", []),
        ("May 12:30", []),
    ],
)
def test_a_day_is_the_one_nearest_to_publication(said: str, keys: list[str]) -> None:
    assert [key for key, _ in dates(fold(said), SOON)] == keys


def test_without_a_day_of_publication_a_day_has_no_year_and_thursday_is_none() -> None:
    folded = fold("on Thursday, March 3")
    assert [key for key, _ in dates(folded, None)] == ["d--03-03"]
    assert [key for key, _ in dates(folded, Dated(SOON.at, Precision.MONTH))] == ["d2026-03-03"]


def test_the_day_of_a_date_is_no_number() -> None:
    folded = fold("On March 3 it had 40 names")
    assert list(numbers(blanked(folded, [span for _, span in dates(folded, SOON)]))) == ["40"]


@pytest.mark.parametrize(
    ("title", "capitals"),
    [
        ("Clerk Counts Petition Again", True),
        ("Clerk counts the Petition of our town", False),
        ("Danielle Smith", False),
    ],
)
def test_a_headline_in_title_case_has_more_than_a_name(title: str, *, capitals: bool) -> None:
    assert in_title_case(title) is capitals


def test_a_capital_makes_a_name_but_of_roles_and_days_and_where_a_sentence_opens() -> None:
    assert [may_name(fold(word), word) for word in ("Smith", "smith", "Premier", "Thursday", "Mars")] == [
        *(True, False, False, False, False)
    ]
    said = 'Smith said: "Canada is near." (Alberta too)'
    assert [opens(said, said.index(word)) for word in ("Smith", "said", "Canada", "Alberta")] == [
        *(True, False, True, True)
    ]
