import pytest

from sovwatch.corrections import holds, replaced


@pytest.mark.parametrize(
    ("language", "before", "after", "pairs"),
    [
        (
            "en",
            "The petition has 241,300 names, the office said. It snowed.",
            "The petition has 214,300 names, the office said. It snowed. Corrected on Friday.",
            [("241,300", "214,300")],
        ),
        ("fr", "Le Oui obtient 58 % des voix.", "Le Oui obtient 52 % des voix.", [("58 %", "52 %")]),
        (
            "fr",
            "Il manque 61\u00a0300 noms à Olds.",
            "Il manque 58\u00a0900 noms à Olds.",
            [("61\u00a0300", "58\u00a0900")],
        ),
        ("en", "Three people were hurt in Olds.", "Four people were hurt in Olds.", [("Three", "Four")]),
        ("en", "The mayor of Olds said no.", "The mayor of Olds said yes.", []),
        ("en", "The sheets hold 3,100 names.", "A judge in Olds asked both camps for 12 more pages by noon.", []),
        (
            "en",
            "Some 4.5% of the town, or 300 people, signed it in the first five days.",
            "Some 4.5 per cent of the town, or 400 people, signed it in the first 5 days.",
            [("300", "400")],
        ),
        ("fr", "Il manque 61 300 noms à Olds.", "Il manque 61\u00a0300 noms à Olds.", []),
        ("en", "It has 61,300 names.", "It has 61,300 names. It needs 177,000.", []),
    ],
)
def test_a_figure_that_an_edit_replaced_is_told_as_it_stood_and_as_it_stands(
    language: str, before: str, after: str, pairs: list[tuple[str, str]]
) -> None:
    assert list(replaced(before, after, language)) == pairs
    assert list(replaced(after, before, language)) == [(stands, was) for was, stands in pairs]


def test_a_figure_is_no_part_of_another() -> None:
    assert holds("They have 5 seats, not 6.", "5")
    assert holds("They have 5.", "5")
    assert not any(
        holds(f"They have {other} seats.", "5") for other in ("15", "5,000", "5\u00a0000", "0.5", "5.5", "5th")
    )
