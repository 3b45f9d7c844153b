"""What is shown of a sentence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sovwatch.passages import LINE, clauses, cut, passages
from sovwatch.similarity import fingerprint
from sovwatch.statements import statements


def shown(sentence: str, heaviest: int = 0) -> str:
    spans = clauses(sentence)
    return cut(sentence, [1.0 if place == heaviest else 0.0 for place in range(len(spans))])


def told(sentence: str) -> str:
    """The line that an article of one sentence is told by."""
    said = statements("", sentence, fingerprint("", sentence, language="en", published=None))
    return said.line(said.found[0].passage, {})


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


@pytest.mark.parametrize(
    ("sentence", "line"),
    [
        ('We had a page," the mayor said.', '"We had a page," the mayor said.'),
        ('On a tout perdu", dit le maire.', '"On a tout perdu", dit le maire.'),
        ('The mayor said: "We had a page.', 'The mayor said: "We had a page."'),
        ('We had a page," she said, "and a pen.', '"We had a page," she said, "and a pen."'),
        ('The mayor\'s "page" is gone.', 'The mayor\'s "page" is gone.'),
        ('We “had a page", she said.', 'We “had a page", she said.'),
        ('The board is 6" thick.', 'The board is 6" thick.'),
        ("Nous, on avait une page », admet le maire.", "« Nous, on avait une page », admet le maire."),
    ],
)
def test_a_short_line_has_both_marks_of_a_quotation(sentence: str, line: str) -> None:
    assert told(sentence) == line


@pytest.mark.parametrize("opening", ["A day after the vote", "Trois jours après le vote", "Le lendemain du vote"])
def test_a_cut_line_does_not_tell_when_without_who(opening: str) -> None:
    told = (
        "in the hall where it has met since the flood and the fire, the council of Marlow Falls said that it would "
        "ask its people whether they want a bridge, a road or a tunnel"
    )
    sentence = f"{opening} in the hall by the river, {told}, {'which few had asked for, ' * 4}for $3 million."
    heaviest = len(clauses(sentence)) - 1

    assert shown(sentence, heaviest).startswith("The council of Marlow Falls")
    assert shown(sentence, heaviest).endswith("for $3 million.")


def test_a_quotation_that_is_cut_is_closed() -> None:
    thanks = "we thank all who stood in the cold, " * 8
    sentence = f"“The strike is over, and the port opens on Monday; {thanks}all of us.”"

    assert shown(sentence).endswith(" …”")
    assert shown(sentence).startswith("“The strike is over")


def test_a_cut_line_leaves_out_nothing_in_the_middle() -> None:
    subject = "The council of Marlow Falls, which nobody had asked, and which had never met on a Sunday before, "
    sentence = f"{subject}{'with a long look at the river, ' * 8}voted to leave, which cost $3 million."
    line = shown(sentence, len(clauses(sentence)) - 1)

    assert sentence.startswith(line.removesuffix(" …"))
    assert len(line) > LINE * 2 / 3


def test_a_line_that_a_clause_would_leave_half_empty_is_cut_at_a_word_that_tells() -> None:
    opening = "The trust, a fund of Lethbridge, "
    line = shown(f"{opening}must give back what it took from {'the postmistresses of the south to ' * 9}Friday")

    assert line.endswith(("postmistresses …", "south …"))
    assert len(line) > LINE * 2 / 3


def test_a_line_does_not_end_on_an_opening_mark() -> None:
    told = f"La juge dit préférer {'un jugement rendu ici ' * 11}à la fuite"

    assert shown(f"{told} « dans la nature immense et froide du nord du pays ».") == f"{told} …"


def test_a_clause_that_ends_the_sentence_keeps_its_last_word() -> None:
    opening = f"Nobody slept in the hall {'for the noise of the geese by the river ' * 7}at all"

    assert shown(f"{opening}; the council voted to leave.", 1) == "The council voted to leave."


@given(st.text(alphabet="ab ,;:—.“”«»\u00a0and", max_size=400))
@settings(max_examples=200)
def test_a_line_with_its_quotation_marks_is_never_too_long(sentence: str) -> None:
    if sentence.strip():
        assert len(cut(sentence, [1.0] * len(clauses(sentence)))) <= LINE


def said(text: str) -> list[str]:
    return [one.shown for one in passages("", text)]


def test_a_caption_is_no_passage() -> None:
    picture = "Reeve Ada Strand speaks in Marlow Falls on March 5, 2026. THE CANADIAN PRESS/Ines Bard"
    french = "La préfète parle. Photo : Ines Bard, archives"
    assert said(f"{picture}\n{french}\nThe vote is on. It is cold.") == ["The vote is on.", "It is cold."]
    assert said("The vote is on. It is cold. It rains. Photo: Ines Bard") == [
        "The vote is on.",
        "It is cold.",
        "It rains.",
    ]


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("But the judge refused.", "The judge refused."),
        ("Mais la juge a refusé.", "La juge a refusé."),
        ("However, the judge refused.", "The judge refused."),
        ("Yet the judge refused.", "The judge refused."),
        ("Or, la juge a refusé.", "La juge a refusé."),
        ("Or, fait valoir la juge, on a refusé.", "Or, fait valoir la juge, on a refusé."),
        ("Yet another judge refused.", "Yet another judge refused."),
        ("So far nobody refused.", "So far nobody refused."),
        ("Butte refused.", "Butte refused."),
    ],
)
def test_a_passage_begins_without_the_word_that_ties_it_to_the_one_before(sentence: str, shown: str) -> None:
    assert said(sentence) == [shown]


def test_a_heading_in_capitals_is_no_passage() -> None:
    assert [one.shown for one in passages("A title", "THE RACE FOR LEADER. Two people run. IT IS")] == [
        "Two people run.",
        "A title",
    ]
