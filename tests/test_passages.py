"""What is shown of a sentence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sovwatch.passages import LINE, clauses, cut


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
