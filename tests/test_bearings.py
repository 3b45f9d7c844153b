"""Whose a loose word is, by the small words around it, where the text says no more of the topic.

Each pair has the same words but those; what is said of the place is the subject, what is said of others is nothing.
"""

import pytest

from sovwatch.relevance import relevance
from tests.topics import SHIPPED


def central(topic: str, said: str) -> str | None:
    return relevance("", "", said, SHIPPED[topic]).centrality


@pytest.mark.parametrize(
    ("topic", "subject", "other"),
    [
        (
            "alberta",
            "Danielle Smith told her caucus on Monday that independence is a mistake.",
            "Danielle Smith told her caucus on Monday that financial independence is a skill.",
        ),
        (
            "alberta",
            "Danielle Smith may resign over the split in her caucus on independence.",
            "Danielle Smith may open a centre for the blind that teaches them independence.",
        ),
        (
            "alberta",
            "Danielle Smith a dit lundi à son caucus que l'indépendance serait une erreur.",
            "Danielle Smith a dit lundi à son caucus que l'indépendance judiciaire serait une erreur.",
        ),
        (
            "quebec",
            "Legault a parlé lundi matin à des journalistes de tout sauf de son avis sur l'indépendance.",
            "Legault a parlé lundi matin à des aînés qui misent sur l'indépendance et la dignité.",
        ),
    ],
)
def test_a_noun_by_itself_reaches_the_place_of_its_sentence(topic: str, subject: str, other: str) -> None:
    assert central(topic, subject) == "main"
    assert central(topic, other) is None


@pytest.mark.parametrize(
    ("topic", "subject", "other"),
    [
        ("quebec", "Quebec defends its independence.", "Quebec's museum defends its independence."),
        ("quebec", "Le Québec défend son indépendance.", "Le musée du Québec défend son indépendance."),
        ("alberta", "Albertans prize their independence.", "Farmers in Alberta prize their independence."),
    ],
)
def test_what_a_place_only_describes_owns_what_it_calls_its_own(topic: str, subject: str, other: str) -> None:
    assert central(topic, subject) == "main"
    assert central(topic, other) is None


def test_a_word_that_is_somebodys_is_not_the_place_that_was_spoken_of_before() -> None:
    title = "Le vérificateur craint pour {} indépendance"
    text = "Un député péquiste de Québec veut un débat."
    assert relevance(title.format("l'").replace("' ", "'"), "", text, SHIPPED["quebec"]).centrality == "main"
    assert relevance(title.format("son"), "", text, SHIPPED["quebec"]).centrality is None


def test_a_longer_weak_term_does_not_hide_a_strong_one_that_goes_on_further() -> None:
    said = "Danielle Smith told her caucus on Monday that there will be a question on whether the province should {}."
    assert central("alberta", said.format("leave Canada")) == "main"
    assert central("alberta", said.format("leave it there")) is None


@pytest.mark.parametrize(
    ("own", "others"),
    [
        ("{} votes No in Longueuil", ("The city", "Police union")),
        ("Le camp du Non gagne à {}, au Québec", ("Granby", "l'usine : le syndicat jubile")),
    ],
)
def test_who_votes_on_matters_of_their_own_has_the_vote_unless_an_actor_stands_beside_it(
    own: str, others: tuple[str, str]
) -> None:
    place, voters = (own.format(each) for each in others)
    assert central("quebec", place) == "main"
    assert central("quebec", voters) is None
    assert central("quebec", f"{voters}, et le PQ aussi") == "main"
    assert central("quebec", f"{voters}. Indépendance du Québec : non.") == "main"


def test_above_the_first_place_stands_the_one_that_is_named_first() -> None:
    title, more = "Entre autonomie et indépendance", "L'appui à la souveraineté y grandit."
    abroad, home = "La Catalogne était au programme à Montréal.", "Montréal a parlé de la Catalogne."
    assert relevance(title, "", f"{abroad} {more}", SHIPPED["quebec"]).reasons[0].rule.startswith("lede")
    assert relevance(title, "", f"{home} {more}", SHIPPED["quebec"]).reasons[0].rule.startswith("headline")


def test_a_country_that_is_one_already_is_not_what_would_become_one() -> None:
    said = "Danielle Smith heard from Carney that Canada {} an independent, sovereign nation."
    assert central("alberta", said.format("remains")) is None
    assert central("alberta", "Danielle Smith heard that Alberta would be an independent, sovereign nation.") == "main"
