"""What stands under the headline of a story that is told for the first time."""

from datetime import UTC, datetime

import pytest

from sovwatch.model import Dated
from sovwatch.novelty import additions
from sovwatch.similarity import fingerprint
from sovwatch.statements import statements

DAY = Dated(datetime(2026, 3, 5, 15, tzinfo=UTC))
LEDE = "The council of Marlow Falls voted 5-2 on Thursday to ask its residents whether Alberta should leave Canada."
FIGURES = "The vote will cost $90,000."


def lines(title: str, text: str, language: str = "en") -> list[str]:
    fp = fingerprint(title, text, language=language, published=DAY)
    return [addition.line for addition in additions(statements(title, text, fp), [])]


def test_the_lede_leads_though_figures_stand_further_down() -> None:
    text = f"{LEDE} It rained. The hall was full. “Two-thirds of us knew,” said Ines Bard, who keeps bees. {FIGURES}"
    assert lines("Marlow Falls to vote on leaving Canada", text) == [LEDE, FIGURES]


@pytest.mark.parametrize(
    ("title", "lede", "then"),
    [
        ("Marlow Falls to vote on leaving", "It all began with a flag.", LEDE),
        ("Marlow Falls to vote on leaving", "Marlow Falls is to vote on leaving.", LEDE),
        ("Bylaw 40: Marlow Falls sues 14 farmers", "Marlow Falls sues 14 farmers.", "The reason is a fence."),
    ],
)
def test_a_lede_that_tells_nothing_gives_way(title: str, lede: str, then: str) -> None:
    assert lines(title, f"{lede} {then} The river is low.") == [then]


@pytest.mark.parametrize(
    "colour",
    [
        "She put the cost at $90,000.",
        "“It will cost $90,000,” she said.",
        "« Cela coûtera 90 000 dollars », a-t-elle dit.",
        "The cost was $90,000, and the reeve said why:",
        "(1600 GMT), when the clerk put the cost at $90,000.",
        "p.m. on the day the clerk put the cost at $90,000.",
        "Ninety thousand dollars.",
        "The clerk asked, “Who of the 300 people signed?”",
        "For her part, Mayor Ada Strand put the cost at $90,000.",
        "Strand put the cost at $90,000.",
        "The association put the cost at $90,000.",
        "Some 300 of them put the cost at $90,000.",
        "Plus de 300 d’entre eux parlent de 90 000 $.",
        "“I cannot sleep,” said Deputy Mayor Orla Quist.",
        "The river is low.",
    ],
)
def test_a_line_that_needs_another_or_says_little_is_left_out(colour: str) -> None:
    text = f"{LEDE} Reeve Ada Strand of the Reeves’ Association was there. It rained. It rained. {colour}"
    assert lines("Marlow Falls to vote on leaving Canada", text) == [LEDE]


def test_a_word_that_ties_a_line_to_another_is_left_out() -> None:
    assert lines("Marlow Falls to vote on leaving Canada", f"{LEDE} It rained. But the vote will cost $90,000.") == [
        LEDE,
        FIGURES,
    ]


def test_a_hook_that_says_nothing_of_the_headline_does_not_lead() -> None:
    hook = "My aunt in Lethbridge kept two calendars."
    assert lines("Marlow Falls to vote on leaving Canada", f"{hook} {LEDE} {FIGURES}") == [LEDE, FIGURES]


def test_whom_a_poll_asked_comes_after_what_they_said() -> None:
    lede = "Support for leaving Canada stands at 34 per cent in Marlow Falls, a poll published on Thursday finds."
    said = "The cost of a vote troubles 61 per cent."
    asked = "Bard Research asked 1,204 people of the town in February."
    assert lines("Poll finds little change in Marlow Falls", f"{lede} {asked} {said}") == [lede, said]


@pytest.mark.parametrize(
    ("opening", "leads"),
    [
        ("People of Marlow Falls hold 400 signs in front of the hall, Thursday, March 5, 2026.", False),
        ("Plus de 400 personnes se tiennent devant la mairie de Marlow Falls, le 28 février 2026.", False),
        ("Marlow Falls will vote on leaving Canada, at a cost of $90,000, on June 14, 2026.", True),
        ("Marlow Falls has paid $90,000 for votes on leaving Canada since May 1, 2019.", True),
    ],
)
def test_a_caption_does_not_lead(opening: str, *, leads: bool) -> None:
    assert (lines("Marlow Falls to vote on leaving Canada", f"{opening} {LEDE}")[0] == opening) is leads


def test_who_is_named_above_may_go_by_the_family_name() -> None:
    text = f"{LEDE} Reeve Ada Strand was there. Strand put the cost at $90,000."
    assert lines("Ada Strand wants a vote on leaving Canada", text) == [LEDE, "Strand put the cost at $90,000."]
    after = f"{LEDE} The League of Towns was there. The association put the cost at $90,000."
    assert lines("An association asks for a vote", after)[-1] == "The association put the cost at $90,000."


def test_lines_stand_as_in_the_text() -> None:
    lede = "Le conseil de Val-Brise a voté jeudi une résolution contre la sécession."
    more = "Le texte a été adopté par 9 voix contre 2, et le maire, Hugo Tardif, a démissionné."
    assert lines("Val-Brise prend position", f"{lede} {more} La séance a duré trois heures.", "fr") == [lede, more]


def test_a_text_that_says_nothing_has_its_first_sentence() -> None:
    assert lines("A title", "Hm. Well.") == ["Hm."]
    assert lines("A title", "") == []
