"""The forms in which leaving, staying and wanting it are said, gone through one by one, and what a loose word needs.

Where texts show what somebody happened to write, these show what can be written: a verb in all its forms with all that
it is said of. A form that a profile lacks is missed in every text that uses it.
"""

from collections.abc import Iterator
from itertools import product

import pytest

from sovwatch.relevance import relevance
from tests.topics import SHIPPED

PLACES = {"alberta": ("Alberta", "L'Alberta"), "quebec": ("Quebec", "Le Québec")}

WHOLE = ("Confederation", "the federation", "the Canadian federation")
LEAVING = {
    "leave leaves leaving quit quits quitting exit exits exiting": ("", *WHOLE, "the rest of Canada"),
    "separate separates separating break breaks split splits withdraw withdrew": ("from", *WHOLE, "the rest of Canada"),
    "stay stays staying remain remains remaining": ("in", *WHOLE),
}
QUITTER = {
    "quitter quitte quittera quitterait quittant quittait": (
        "la fédération",
        "la Confédération",
        "l'ensemble canadien",
    ),
    "sortir sort sortira sortirait retirer retire détacher détache séparer sépare séparerait": (
        "du Canada",
        "de la fédération",
        "de l'ensemble canadien",
        "du reste du Canada",
    ),
    "rester reste restera resterait demeurer demeure demeurerait": ("dans la fédération", "dans l'ensemble canadien"),
    "rompre rompt rompu divorcer": ("avec le Canada", "avec la fédération", "avec le reste du pays"),
}
FOR_IT = """
support for X
opposition to X
a vote on X
debate over X
a push for X
the X movement
X supporters
X talk
the case for X
calls for X
the threat of X
the prospect of X
advocates of X
X backers
an X party
reject X
favour X
oppose X
declare X
appetite for X
the road to X
X sentiment
an anti-X rally
""".strip().splitlines()
POUR = """
l'appui à X
l'opposition à X
un vote sur X
le débat sur X
le mouvement pour X
les partisans de X
le projet de X
la cause de X
la marche vers X
le rêve de X
favorables à X
la campagne pour X
en cas de X
accéder à X
l'adhésion à X
déclarer X
la menace de X
le spectre de X
rejeter X
appuyer X
réclamer X
voter pour X
""".strip().splitlines()
FOUNDING = ("become", "form", "found", "declare itself", "govern itself as")
COUNTRY = ("a separate country", "a country of its own", "an independent state", "a sovereign nation", "a republic")
FONDER = ("devenir", "deviendrait", "former", "créer", "fonder", "se proclamer")
PAYS = ("un pays", "un État souverain", "une république", "une nation indépendante", "un pays à part entière")


def english(place: str) -> Iterator[str]:
    for verbs, (preposition, *wholes) in LEAVING.items():
        for verb, whole in product(verbs.split(), wholes):
            yield f"People ask if {place} would one day {verb} {preposition} {whole}.".replace("  ", " ")
    for way, it in product(FOR_IT, ("independence", "separation", "secession")):
        yield f"{place} leaders spoke yesterday about {way.replace('X', it)}."
    for verb, country in product(FOUNDING, COUNTRY):
        yield f"{place} could one day {verb} {country}, a professor says."


def french(place: str) -> Iterator[str]:
    for verbs, wholes in QUITTER.items():
        for verb, whole in product(verbs.split(), wholes):
            yield f"{place} pourrait un jour {verb} {whole}, disent-ils."
    for way, it in product(POUR, ("l'indépendance", "la séparation", "la souveraineté")):
        yield f"{place} en a beaucoup parlé hier : {way.replace('X', it)}."
    for verb, country in product(FONDER, PAYS):
        yield f"{place} pourrait un jour {verb} {country}, dit une professeure."


@pytest.mark.parametrize("topic", ["alberta", "quebec"])
def test_every_form_of_leaving_staying_and_wanting_it_is_found(topic: str) -> None:
    here, ici = PLACES[topic]
    said = [*english(here), *french(ici)]
    assert len(said) > 250
    assert [each for each in said if not relevance(each, "", "", SHIPPED[topic]).relevant] == []


@pytest.mark.parametrize("topic", ["alberta", "quebec"])
def test_the_same_forms_of_another_place_are_not(topic: str) -> None:
    said = [*english("Scotland"), *french("La Catalogne")]
    assert [each for each in said if relevance(each, "", "", SHIPPED[topic]).relevant] == []


@pytest.mark.parametrize("topic", ["alberta", "quebec"])
@pytest.mark.parametrize(
    "said",
    [
        "A retailer will leave Canada and close its X stores",
        "Young doctors are leaving Canada, an X survey finds",
        "Refugees in X may stay in Canada while their case is heard",
        "X breaks with Canada-wide child care deal",
        "X wants out of the federal dental program",
        "A teachers' local in X breaks away over its contract",
        "Une enseigne quitte le Canada et ferme ses magasins (X)",
        "Garderies : X rompt avec Ottawa",
        "X co-op votes to leave the federation of co-operatives",
    ],
)
def test_who_leaves_or_breaks_with_something_else_is_not(topic: str, said: str) -> None:
    assert central(topic, said.replace("X", PLACES[topic][0])) is None


def central(topic: str, title: str, text: str = "") -> str | None:
    return relevance(title, "", text, SHIPPED[topic]).centrality


def test_no_text_means_a_loose_word_in_two_ways() -> None:
    text = "A judge looked at the couple's papers. In Alberta separation is seldom simple, she wrote."
    assert central("alberta", "Calgary man before the court", text.replace("couple's ", "")) is not None
    assert central("alberta", "Calgary man before the court over a separation agreement", text) is None


def test_two_loose_words_of_a_text_stand_for_each_other_where_their_place_is_far() -> None:
    far = "Le Québec entre, dit le grand livre que voici, dans la longue attente de la souveraineté"
    assert central("quebec", far) is None
    assert central("quebec", far, "Cette soif d'indépendance remonte à Duplessis.") == "main"
    assert central("quebec", far, "Cette soif de souveraineté remonte à Duplessis.") is None


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "PSPP presse Legault de tenir son référendum",
            "Le chef du PQ veut un référendum sur l'immigration dès l'automne. Un camp du Oui serait formé.",
        ),
        (
            "Pas de référendum avant l'été",
            "Legault juge qu'il n'a pas besoin de tenir un référendum sur le rapatriement des pouvoirs. Le PQ insiste.",
        ),
        (
            "Quebec weighs a referendum with the next election",
            "The minister will hold a referendum on electoral reform. The PQ and its Yes committee are ready.",
        ),
        (
            "Le Québec et l'oléoduc",
            "Le chef du PQ rappelle que le voisin promet de tenir un référendum sur la péréquation.",
        ),
    ],
)
def test_a_text_whose_vote_is_on_another_matter_means_that_one_throughout(title: str, text: str) -> None:
    assert central("quebec", title, text) is None
    assert central("quebec", title, f"{text} Quebec would vote on sovereignty later. Un pays indépendant.") is not None
    plain = text.replace("sur l'immigration", "bientôt").replace("sur le rapatriement des pouvoirs", "bientôt")
    plain = plain.replace("sur la péréquation", "bientôt")
    assert central("quebec", title, plain.replace("on electoral reform", "soon")) == "main"


def test_another_word_of_another_matter_tells_nothing_of_the_vote() -> None:
    text = "Le chef du PQ tiendra un référendum. Il a aussi parlé du fonds souverain."
    assert central("quebec", "PSPP à Lévis", text) == "main"


@pytest.mark.parametrize(
    "said",
    [
        "Le PQ promet des garderies gratuites dans un premier mandat",
        "PQ would plant two million trees by 2030",
        "Le Bloc demande à la Chambre de se prononcer sur les pensions",
        "Le PQ préfère l'option du tunnel à celle du pont",
        "PQ leader calls for unity after a stormy council",
        "Lisée's political future at the PQ is in doubt",
        "Article 1 du projet de loi : le PQ dépose un amendement",
        "Les péquistes refusent l'allégeance au souverain",
        "Quebec doctors take jobs in other parts of Canada",
        "Le PQ doute de l'indépendance d'un commissaire nommé par le ministre",
        "Le PQ veut garantir l'indépendance de la nouvelle institution",
        "Le PQ veut protéger l'indépendance de tous les journalistes",
        "PQ asks who guards the independence of our newsrooms",
        "Le Bloc dit que les Québécois se sentent étrangers dans leur propre pays",
        "« On vit dans un pays libre », dit un élève au chef du PQ",
        "Le comité veut accroître le poids du Québec au sein de la fédération",
    ],
)
def test_what_parties_say_of_other_matters_is_not_the_topic(said: str) -> None:
    assert central("quebec", said) is None


@pytest.mark.parametrize("who", ["Un cinéaste d'allégeance souverainiste", "La chanteuse et auteure indépendantiste"])
def test_what_an_artist_is_called_is_a_passing_mention(who: str) -> None:
    assert central("quebec", f"{who} sera fêtée à Québec") == "mention"


def test_alone_a_loose_word_stands_beside_its_place() -> None:
    assert central("alberta", "Alberta wants a vote on independence") == "main"
    assert central("alberta", "Alberta surgeons told a committee on Friday that they will defend independence") is None


def test_a_place_that_is_said_not_to_be_the_one_claims_nothing() -> None:
    assert central("quebec", "Le maintien dans la fédération en jeu pour la première fois au Québec") == "main"
    assert central("quebec", "Le maintien dans la fédération en jeu pour la première fois hors du Québec") is None


def test_what_the_first_sentence_tells_is_the_subject_and_the_second_may_say_it_in_passing() -> None:
    title, first, other = "Quebec at a crossroads", "The separatists have a plan.", "Snow fell all day."
    assert central("quebec", title, f"{first} {other}") == "main"
    assert central("quebec", title, f"{other} {first}") == "mention"


def test_one_person_who_leaves_by_decree_is_not_the_province() -> None:
    """Found in the demo's week: a court report on a "sovereign citizen" was told as news of the topic."""
    text = "The driver told the court in Calgary that he had separated himself from Canada. He was fined 900 dollars."
    assert central("alberta", "Man with a homemade plate is fined", text) is None
    assert central("alberta", "Man with a plan", text.replace("he had separated himself", "Alberta should separate"))


@pytest.mark.parametrize("topic", ["alberta", "quebec"])
def test_what_is_negotiated_may_stand_far_from_its_place(topic: str) -> None:
    english, french = {"alberta": ("Alberta", "L'Alberta"), "quebec": ("Quebec", "Le Québec")}[topic]
    assert central(topic, f"{english} will not negotiate with Ottawa over independence before the vote") == "main"
    assert central(topic, f"{french} ne négociera pas avec Ottawa sur l'indépendance avant le vote") == "main"
