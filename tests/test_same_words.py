"""News of Alberta that has the words of leaving and is about something else, and the words that tell the two apart.

Each pair differs by what decides. The general press of ../shared/bench hardly speaks of Alberta, so it
can't show these.
"""

import pytest

from sovwatch.phrases import tokens, written
from sovwatch.relevance import relevance
from tests.topics import SHIPPED


def central(title: str, text: str = "", topic: str = "alberta") -> str | None:
    return relevance(title, "", text, SHIPPED[topic]).centrality


@pytest.mark.parametrize(
    ("other", "subject"),
    [
        ("Alberta remains a hot spot for measles", "Alberta remains part of Canada, for now"),
        ("Alberta must stay competitive, brewers say", "Alberta must stay in Canada, brewers say"),
        ("A student must leave Canada, Alberta's university says", "Albertans must leave Canada, a rancher says"),
        ("Une famille d'Edmonton doit quitter le Canada", "L'Alberta doit quitter le Canada, dit un avocat"),
        ("Albertans want to leave big cities, survey says", "Albertans want to leave Canada, survey says"),
        ("L'Alberta reste la plus jeune des provinces", "L'Alberta reste dans le Canada, dit le juge"),
        ("Des Albertains veulent quitter la ville", "Des Albertains veulent quitter le pays"),
        ("Calgary fair shows what it is to be part of Canada", "Calgary fair asks who should be part of Canada"),
        (
            "Fair deal: MLAs discuss Alberta's place in Confederation",
            "MLAs want a vote on Alberta's place in Confederation",
        ),
        ("L'Alberta réclame sa juste place dans la fédération", "L'Alberta votera sur sa place dans la fédération"),
        ("Alberta vote takes place in Canada's west on Monday", "Alberta to vote on its place in Canada on Monday"),
        ("Alberta joins the US in a wheat inquiry", "Albertans dream of joining the US"),
    ],
)
def test_what_follows_decides_what_is_left_or_stayed_in(other: str, subject: str) -> None:
    assert central(other) is None
    assert central(subject) == "main"


@pytest.mark.parametrize(("topic", "place"), [("alberta", "Alberta"), ("quebec", "Quebec")])
@pytest.mark.parametrize(
    "said",
    ["X plans to opt out of Canada's drug plan", "X will leave Canada’s alert system", "X breaks from Canada's norm"],
)
def test_who_leaves_something_that_canada_owns_does_not_leave_canada(said: str, topic: str, place: str) -> None:
    assert central(said.replace("X", place), topic=topic) is None
    assert central(said.replace("X", place).replace("'s", "").replace("’s", ""), topic=topic) == "main"


def test_what_a_term_owns_is_written_without_its_apostrophe() -> None:
    said = "Canada’s plan, Alberta's and the U.S.'s"
    assert [word.plain for word in tokens(said)] == ["Canada", "plan", "Alberta", "and", "the", "US"]
    assert written(said, 0, 1) == "Canada"
    assert written(said, 1, 3) == "plan, Alberta"


RECALL = "Elections Alberta approved it on Friday. Canvassers have 90 days for 9,000 signatures, the Calgary man says."


def test_hints_beside_a_place_do_not_add_up() -> None:
    title = "Petition for a referendum on coal is launched in Alberta"
    assert central(title, RECALL) is None
    assert central(title.replace("on coal", "on secession"), RECALL) == "main"


def test_who_counts_every_petition_is_no_actor_in_one() -> None:
    text = "Alberta's chief electoral officer, Gordon McClure, counted the signatures. The petition fell short."
    assert central("Recall petitions fall short", text) is None
    assert central("Independence petition falls short", text) == "main"


@pytest.mark.parametrize(
    "said",
    [
        "L'Alberta pourrait se retirer du Régime de pensions du Canada",
        "L'Alberta songe à retirer ses policiers de la GRC",
        "Treaty 8 chiefs say that a tailings plan ignores treaty rights in northern Alberta",
        "Blackfoot Confederacy holds a unity rally in Lethbridge",
    ],
)
def test_pensions_police_and_treaties_are_not_the_country(said: str) -> None:
    assert central(said) is None


def test_an_acronym_means_one_thing_in_a_text() -> None:
    text = "Alberta may set up a pension plan (APP) of its own. A referendum on the APP would come first."
    assert central("Callers doubt the APP", text) is None
    assert (
        central("Callers doubt the APP", text.replace("pension plan (APP) of its own", "vote that the APP wants"))
        == "main"
    )


@pytest.mark.parametrize(
    "said", ["Saskatchewan may separate from Canada", "Moe won't condemn Saskatchewan separatists"]
)
def test_a_neighbour_that_would_leave_is_another_place(said: str) -> None:
    assert central(said) is None
    assert central(said.replace("Saskatchewan", "Saskatchewan and Alberta")) == "main"


@pytest.mark.parametrize(
    ("compared", "apart"),
    [
        ("Alberta now has more separatists than Quebec", "Alberta now looks at separatists in Quebec"),
        ("L'Alberta compterait plus d'indépendantistes que le Québec", "L'Alberta a vu des indépendantistes du Québec"),
    ],
)
def test_a_place_that_is_compared_with_takes_no_theme_away(compared: str, apart: str) -> None:
    assert central(compared) == "main"
    assert central(apart) is None


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (
            "Métis towns in northern Alberta plan to separate from the Métis Nation",
            "Métis towns fear that northern Alberta plans to separate from Canada",
        ),
        ("Alberta town hails independence from Spain", "Alberta town hails independence from Canada"),
        ("Un Albertain raconte l'indépendance de la Catalogne", "Un Albertain raconte l'indépendance de l'Alberta"),
    ],
)
def test_whom_one_parts_from_decides_whose_parting_it_is(theirs: str, ours: str) -> None:
    assert central(theirs) is None
    assert central(ours) == "main"


@pytest.mark.parametrize(
    "said", ["Stewardship, independence and growth", "Integrity and independence", "Independence and integrity"]
)
def test_a_virtue_among_virtues_is_not_a_country_s_independence(said: str) -> None:
    assert central(f"{said} matter, Alberta auditor says") is None
    assert central("Independence and inflation matter, Alberta auditor says") == "main"
