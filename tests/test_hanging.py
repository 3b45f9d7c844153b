"""What a sentence needs that is not shown."""

import pytest

from sovwatch.hanging import broken, by_pronoun, counts_from, points_back


@pytest.mark.parametrize(
    "sentence",
    [
        "De fustiger ensuite la hausse des taxes.",
        "As a result, the council withdrew its motion.",
        "The remaining seven per cent were undecided.",
        "The rest had no opinion.",
        "Le reste se dit indécis.",
        "Le reste dépend de Québec.",
        "Le reste doit être compté.",
        "The remaining seven per cent of voters were undecided.",
        "The remaining members met in Banff.",
        "In response to that, the reeve resigned.",
        "At the same time, the county elects its reeve.",
        "I never signed the sheet.",
        "Notre objectif est de gagner en juin.",
        "J’avais signé la feuille en mars.",
        "Il y a rencontré des agriculteurs.",
        "Il faut leur donner espoir.",
        "Ce jour-là, le conseil avait voté non.",
        "That’s because the levy ends in June.",
    ],
)
def test_what_stands_for_something_said_before_points_back(sentence: str) -> None:
    assert points_back(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Two days later, the council voted to leave.",
        "Hours later the reeve resigned.",
        "Deux ans plus tard, la mairesse a démissionné.",
        "Un peu plus tard, le préfet a retiré sa motion.",
        "The next day, the council voted to leave.",
        "Le lendemain, le conseil a voté.",
        "In this way the council meant to win time.",
        "With these words the reeve left the hall.",
        "À cette occasion, le préfet a promis un vote.",
        "Sur ces documents, le comté réclame 12 millions.",
        "In another vote, the council raised the levy.",
        "Dans la foulée, le syndicat a déposé une plainte.",
        "Overall, it lost $10 million on the arena.",
        "In 2019, he ran for the Marlow Party.",
        "Since Monday, they have camped by the river.",
        "Depuis 2018, elle dirige le comté.",
        "L’an dernier, ils avaient voté non.",
    ],
)
def test_what_counts_from_the_sentence_before_it_is_known(sentence: str) -> None:
    assert counts_from(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Later this week, the council votes on leaving.",
        "So far, 61,300 people signed.",
        "As a result of the ruling, the council withdrew its motion.",
        "The rest of Canada would vote as well.",
        "Le reste du pays voterait aussi.",
        "Le reste d’une province voterait aussi.",
        "The remaining Liberal members of the caucus met in Banff.",
        "The Rest Is Politics podcast came to Marlow.",
        "In response to the ruling, the reeve resigned.",
        "At the same time as the vote, the county elects its reeve.",
        "This week, the council voted to leave.",
        "This spring’s vote will cost $90,000.",
        "Cette semaine, le conseil votera sur le départ.",
        "Ce mardi, le conseil votera sur le départ.",
        "The day after the vote, the council met the farmers.",
        "The same day as the vote, the council met the farmers.",
        "Le lendemain du vote, le conseil a reçu les agriculteurs.",
        "For those who signed, the council has a form.",
        "In this spring’s vote, the council lost.",
        "At this week’s hearing, the judge set a date.",
        "À ce jour, 12 000 personnes ont signé.",
        "Dans ce qui ressemble à une défaite, le préfet se retire.",
        "If the court agrees, it will hear the farmers in June.",
        "When he resigned, the reeve thanked the farmers.",
        "Il y a deux ans, le conseil avait voté non.",
        "Il faudra 12 000 signatures pour tenir un vote.",
        "“We lost the vote,” said Reeve Ada Quist.",
        "Six months after it was founded, the Marlow League is bankrupt.",
        "De Marlow Falls à Bashaw, 12 villages voteront.",
        "D’hier à demain, le conseil siège sans pause.",
    ],
)
def test_what_stands_by_itself_does_not(sentence: str) -> None:
    assert not points_back(sentence)
    assert not counts_from(sentence)


def test_who_says_it_in_french_is_looked_for_too() -> None:
    assert by_pronoun("Interrogé par la radio, il précise que le vote est reporté.")
    assert by_pronoun("« Le vote est reporté », elle a dit en sortant.")
    assert not by_pronoun("Ada Quist, de Marlow Falls, déposera sa demande en mai; elle croit pouvoir gagner.")
    assert not by_pronoun("Le préfet a promis qu’il annonce la date en mai.")


@pytest.mark.parametrize(
    "part",
    [
        "EDT), the mayor told reporters.",
        "Bashaw), le conseil a voté non.",
        "Council to vote on leaving in June",
        "A fence:",
        "and the reeve left the hall.",
        "l'Alberta votera en juin prochain.",
    ],
)
def test_a_part_of_a_sentence_and_a_heading_are_broken(part: str) -> None:
    assert broken(part)


@pytest.mark.parametrize(
    "whole",
    [
        "The council (all five) voted no.",
        "Le conseil a voté non »",
        "3) The levy rises by 20 per cent.",
        "eFields said that it leaves Fairholt in June.",
        "“iBarn ferme en juin”, dit la mairesse.",
    ],
)
def test_a_whole_sentence_is_not(whole: str) -> None:
    assert not broken(whole)
