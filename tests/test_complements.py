"""Whose independence, and on what a vote: what follows a word decides, whatever place stands beside it.

Each pair differs by what follows. No exclusion holds what the left ones say: what was never met is told too.
"""

import pytest

from sovwatch.complements import of_another
from sovwatch.phrases import Phrases, term, tokens
from sovwatch.relevance import relevance
from tests.topics import SHIPPED


def central(topic: str, title: str, text: str = "") -> str | None:
    return relevance(title, "", text, SHIPPED[topic]).centrality


@pytest.mark.parametrize(
    ("topic", "other", "subject"),
    [
        ("alberta", "Calgary curlers fear for the independence of their rink", "Calgary curlers argue independence"),
        (
            "alberta",
            "Beekeepers in Alberta win independence from a co-op",
            "Alberta beekeepers like independence from Ottawa",
        ),
        ("alberta", "Independence of Beekeepers Divides Towns in Alberta", "Independence of Province Divides Alberta"),
        (
            "alberta",
            "L'indépendance des apiculteurs divise l'Alberta",
            "L'indépendance du pays divise l'Alberta",
        ),
        ("quebec", "Québec garantit l'indépendance des arbitres", "Québec débat de l'indépendance du pays"),
        (
            "quebec",
            "Québec défend l'indépendance pleine des arbitres",
            "Québec choisira l'indépendance, pleine de promesses",
        ),
        ("quebec", "Québec veut la souveraineté de nos semences", "Québec veut la souveraineté d'ici 2030"),
        ("quebec", "Le PQ tiendra un référendum sur son logo", "Le PQ tiendra un référendum sur la question"),
        ("quebec", "Le PQ promet un référendum de désaffiliation", "Le PQ promet un référendum de la dernière chance"),
        ("quebec", "PQ would hold a referendum on lobster quotas", "PQ would hold a referendum on our land without us"),
        ("quebec", "PQ would hold a referendum on lobster quotas", "PQ would hold a referendum in the fall"),
        ("quebec", "PQ would hold a referendum on daylight saving", "PQ would hold a referendum on time"),
        (
            "alberta",
            "Edmonton suburb in referendum to leave the water board",
            "Edmonton suburb in referendum to leave the federation",
        ),
        (
            "quebec",
            "À Québec, référendum pour quitter la communauté urbaine",
            "À Québec, référendum pour quitter la fédération",
        ),
        ("quebec", "Le Bloc défend l'indépendance de Radio-Lièvre", "Le Bloc défend l'indépendance de Québec"),
        (
            "alberta",
            "Alberta : vote sur la séparation des deux bassins",
            "Alberta : vote sur la séparation d'avec le Canada",
        ),
        (
            "quebec",
            "Québec : un vote pour la séparation d'avec le centre de services",
            "Québec : un vote pour la séparation d'avec le Canada",
        ),
        ("alberta", "Independent Alberta legislature member quits", "Independent Alberta legislature is drawn up"),
        (
            "quebec",
            "Québec : appui à l'indépendance des tribunaux",
            "Québec : appui à l'indépendance des jeunes en recul",
        ),
    ],
)
def test_what_a_word_says_it_is_of_or_on_has_it(topic: str, other: str, subject: str) -> None:
    assert central(topic, other) is None
    assert central(topic, subject) == "main"


def test_a_petition_to_do_something_else_is_on_that_throughout_its_text() -> None:
    text = "Lukaszuk says the petition has enough signatures. Elections Alberta will check the petition in May."
    assert central("alberta", "Petition to ban leaf blowers handed in", text) is None
    assert central("alberta", "Petition handed in", text) == "main"


def test_a_word_that_is_said_of_others_means_theirs_unless_the_text_says_the_topic_in_other_words() -> None:
    title = "Québec veille à l'indépendance"
    text = "L'indépendance des arbitres importe, dit un député péquiste. La ligue joue dimanche."
    assert central("quebec", title, text) is None
    assert central("quebec", title, f"{text} Il plaide pour la souveraineté du Québec.") == "main"
    assert central("quebec", "La ligue joue", f"{text} Il plaide pour la souveraineté du Québec.") == "mention"


TERMS = {
    "independence": "loose",
    "indépendance": "loose",
    "referendum": "votes",
    "sovereign": "hints",
    "separatists": "themes",
    "talk of independence": "themes",
    "Quebec": "places",
}
PHRASES = Phrases([term(written, kind) for written, kind in TERMS.items()])


@pytest.mark.parametrize(
    ("said", "others"),
    [
        ("independence of judges", True),
        ("talk of independence of judges", True),
        ("separatists of judges", False),  # the theme itself means the topic
        ("Independence of Judges", True),  # a headline in capitals
        ("Independence From Judges", False),
        ("independence of Judges", False),  # a name may be anything
        ("independence of the Board", True),  # a body is no country, whatever its name
        ("indépendance du Conseil des arts", True),
        ("indépendance relative des juges", True),
        ("indépendance relative à venir", False),
        ("independence of 2026", False),
        ("independence of", False),
        ("independence", False),
        ("independence from day one", False),
        ("independence from the start", False),
        ("independence from federal rule", False),
        ("independence of federal judges", True),
        ("independence of late", False),
        ("indépendance d'abord", False),
        ("indépendance de plus de 30 %", False),  # « appui à l'indépendance de plus de 30 % »
        ("indépendance de plus en plus populaire", False),
        ("indépendance, d'un commun accord", False),  # a mark parts it from what follows
        ("independence, from farmers to judges", False),
        ("independence – of judges nobody spoke", False),
        ("indépendance : des juges", False),
        ("independence's judges", False),
        ("referendum over objections of choirs", False),
        ("referendum on Monday, on choirs", False),
        ("referendum on monday", False),
        ("indépendance dès le premier mandat", False),
        ("independence of our ancient choir", True),
        ("independence of a people", False),
        ("independence of their provinces", False),
        ("independence of a choir in Quebec", False),  # may be Quebec's: its place is near
        ("independence of a sovereign choir", False),
        ("referendum on choirs", True),
        ("referendum on choirs in Quebec", True),  # where it is held
        ("referendum on peaceful independence", False),
    ],
)
def test_only_a_common_noun_takes_a_word_away(said: str, others: bool) -> None:
    words = tokens(said)
    hits = PHRASES.find(words)
    assert of_another(words, hits[0], hits) is others


def test_a_petition_for_a_vote_on_independence_is_the_theme_however_far_its_place_stands() -> None:
    text = "EDMONTON - Elections Alberta will say on Tuesday whether a petition for a vote on independence has passed."
    assert central("alberta", "Canvassers hold their breath", text) == "main"


def test_who_audits_the_count_of_the_petition_takes_nothing_from_it() -> None:
    title, text = (
        "Auditor general to look at the count",
        "Alberta's auditor general will review the independence petition.",
    )
    assert central("alberta", title, text) == "main"
    assert central("alberta", "Alberta's auditor general fears for the independence of her office") is None
