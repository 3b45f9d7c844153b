"""What is shown of a sentence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sovwatch.passages import LINE, clauses, cut, passages


def shown(sentence: str, heaviest: int = 0) -> str:
    spans = clauses(sentence)
    return cut(sentence, [1.0 if place == heaviest else 0.0 for place in range(len(spans))])


@pytest.mark.parametrize(
    ("sentence", "line"),
    [
        ("Nous, on avait une page », admet le maire.", "« Nous, on avait une page », admet le maire."),
        ("Nous, on avait une page\u00a0», admet le maire.", "«\u00a0Nous, on avait une page\u00a0», admet le maire."),
        ("« Le camp du Oui a des macarons.", "« Le camp du Oui a des macarons. »"),
        ("We had a page,” the mayor said.", "“We had a page,” the mayor said."),
        ("“They have buttons.", "“They have buttons.”"),
        ("“Yes,” she said. “And no.", "“Yes,” she said. “And no.”"),
        ("The mayor’s “page” is gone.", "The mayor’s “page” is gone."),
    ],
)
def test_a_quotation_over_two_sentences_has_both_of_its_marks_in_each(sentence: str, line: str) -> None:
    assert shown(sentence) == line


@pytest.mark.parametrize("opening", ["A day after the vote", "Trois jours après le vote", "Le lendemain du vote"])
def test_a_cut_line_does_not_tell_when_without_who(opening: str) -> None:
    told = (
        "the council of Marlow Falls said that it would ask its people whether they want a bridge, a road or a tunnel"
    )
    sentence = (
        f"{opening} in the hall by the river, {told}, {'which nobody had asked for until then, ' * 4}for $3 million."
    )
    heaviest = len(clauses(sentence)) - 1

    assert shown(sentence, heaviest).startswith("The council of Marlow Falls")
    assert shown(sentence, heaviest).endswith("for $3 million.")


def test_a_quotation_that_is_cut_is_closed() -> None:
    thanks = "we thank all who stood in the cold, " * 6
    sentence = f"“The strike is over, and the port opens on Monday; {thanks}all of us.”"

    assert shown(sentence).endswith(" …”")
    assert shown(sentence).startswith("“The strike is over")


@given(st.text(alphabet="ab ,;:—.“”«»\u00a0and", max_size=400))
@settings(max_examples=200, deadline=None)
def test_a_line_with_its_quotation_marks_is_never_too_long(sentence: str) -> None:
    if sentence.strip():
        assert len(cut(sentence, [1.0] * len(clauses(sentence)))) <= LINE


def test_a_heading_in_capitals_is_no_passage() -> None:
    assert [one.shown for one in passages("A title", "THE RACE FOR LEADER. Two people run. IT IS")] == [
        "Two people run.",
        "A title",
    ]
