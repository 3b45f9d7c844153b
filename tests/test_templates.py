"""Articles of one template are of as many happenings as it has places and figures; reprints of one article are not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from sovwatch import templates
from sovwatch.background import shipped
from sovwatch.copies import compare
from sovwatch.evaluate import Labelled, arranged
from sovwatch.model import Dated
from sovwatch.region import Member, StoryView
from sovwatch.similarity import fingerprint
from sovwatch.stories import Opens, place

TOWNS = """
    Redwater Millet Tofield Viking Provost Killam Hardisty Sedgewick Daysland Bashaw Castor Coronation Consort Oyen
    Hanna Trochu Didsbury Carstairs Irricana Bassano Vulcan Nanton Stavely Granum
"""
MAYORS = """
    Brenner Castel Dorn Ekman Falk Gorski Hahn Iverson Jansen Kraus Lund Moser Noll Olsen Penner Quist Roth Stahl Thom
    Ulmer Voss Wiens Yoder Zahn
"""
VOTES = """Council of {town} votes on the petition
The council of {town} votes on Tuesday on whether to support the petition for a referendum on Alberta's independence. \
Residents of {town} may speak for three minutes each. The mayor said that the petition has divided the town and that \
council will listen before it decides. The meeting begins at seven in the town hall."""
RESULTS = """{town} council backs petition
The town council of {town} voted on Monday night to back the petition for an Alberta independence referendum. Mayor \
{mayor} said that residents of {town} had asked for it. The vote was {yes} to {no}. A representative of the petition's \
organizers spoke for ten minutes. {town} has {people} residents."""
TABLES = """Petition comes to {town}
Volunteers collecting signatures for the independence petition will be in {town} on Saturday. They set up a table at \
the arena from ten to four. Organizers say that interest has been strong across the province. Anyone who wants Alberta \
to leave Canada may sign. Bring identification."""
BRIEF = """Town of {town} joins the petition
The town of {town} has joined the petition for a vote on independence, its council said."""
FRENCH = """Le conseil de {town} se prononce
Le conseil municipal de {town} se prononcera mardi sur la pétition pour un référendum sur l'indépendance de l'Alberta. \
Les citoyens de {town} pourront parler trois minutes chacun. Le maire dit que la pétition divise la ville. La séance \
commence à dix-neuf heures."""
MONDAY = datetime(2026, 3, 2, 14, tzinfo=UTC)


def of_template(template: str, place: int) -> Labelled:
    """What a template makes of one town."""
    town, mayor = TOWNS.split()[place], MAYORS.split()[place]
    told = {"town": town, "mayor": mayor, "yes": 4 + place % 3, "no": place % 4, "people": 800 + place}
    title, text = template.format(**told).split("\n")
    at = Dated(MONDAY + timedelta(hours=3 * place))
    return Labelled(str(place), title, text, "en", at, f"{town}.example", frozenset({"alberta"}))


POLL = (
    "The Yes side has 34 per cent of all voters, the pollster found.",
    "The No side has 58 per cent of all voters, the pollster found.",
)
METHOD = (
    "The firm asked 1,204 adults by telephone over several evenings.",
    "Its fees of 9,500 dollars were paid by a union of grain farmers.",
)


@pytest.mark.parametrize(("sentences", "template"), [(POLL, True), (POLL[:1], False), ((*POLL, *METHOD), False)])
def test_two_texts_are_of_a_template_by_most_of_their_figures(sentences: tuple[str, ...], *, template: bool) -> None:
    this, last = " ".join(sentences), " ".join(sentences).replace("34", "31").replace("58", "61")
    one, other = (fingerprint("", text, language="en", published=None) for text in (this, last))
    assert templates.other_figures(one, other) is templates.other_figures(other, one) is template


@pytest.mark.parametrize("template", [VOTES, RESULTS, TABLES, BRIEF, FRENCH])
def test_one_template_in_many_places_tells_as_many_happenings(template: str) -> None:
    placed = arranged([of_template(template, number) for number in range(24)])
    assert placed.copies == []
    assert len(set(placed.story.values())) == 24


def test_why_they_are_no_copies_is_said() -> None:
    one, other = (of_template(VOTES, number).fingerprint() for number in range(2))
    assert compare(one, other).why_not == "one template with other names"


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Council of Redwater votes on the petition", "EDMONTON - {text}"),
        ("Vote in Redwater this week", "CALGARY - {text}"),
        ("Bashaw farmer Ivo Lindqvist asks Redwater for a vote", "{text}"),
        ("What Bashaw makes of it", "In Bashaw they will be watching. {text} Ivo Lindqvist of Bashaw will go."),
        ("Council of Redwater votes on the petition", "{text} In Bashaw, Ivo Lindqvist says no."),
    ],
)
def test_a_reprint_with_names_of_its_own_is_a_copy(title: str, text: str) -> None:
    wire = of_template(VOTES, 0)
    known = fingerprint("Redwater decides", f"LETHBRIDGE - {wire.text}", language="en", published=wire.published)
    mine = fingerprint(title, text.format(text=wire.text), language="en", published=wire.published)
    assert compare(mine, known).copied


def test_two_reports_that_share_half_of_what_they_say_of_their_towns_are_no_template() -> None:
    of_their_own = {
        0: "Farmers in Redwater want grain rails first. Nobody in Redwater had asked for it. Redwater lost its mill.",
        9: "Bashaw remembers an old quarrel. A teacher from Bashaw wrote the motion. Snow kept half of Bashaw at home.",
    }
    one, other = (
        replace(document, text=f"{document.text} {said}").fingerprint()
        for document, said in ((of_template(VOTES, place), said) for place, said in of_their_own.items())
    )
    assert not templates.other_names(one, other)


def test_why_they_are_in_no_story_together_is_said_and_they_are_related() -> None:
    one, other = (of_template(VOTES, number) for number in range(2))
    known = StoryView(7, (Member(3, one.fingerprint(), one.topics),))
    placed = place(other.fingerprint(), other.topics, [], [known], shipped())
    assert isinstance(placed, Opens)
    assert (placed.why, placed.related) == ("beside an article of story 7: one template with other names", (7,))


def test_long_pages_are_compared_by_how_they_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of 1,400 sentences with each took a second and a half, for each of up to sixty candidates."""
    asked: list[int] = []
    monkeypatch.setattr(templates, "_of_form", lambda *_: asked.append(1))
    one, other = (
        fingerprint(
            f"{town} votes",
            "\n".join(f"In {town} {word}{number} was said of {word}{number * 7}." for number in range(300)),
            language="en",
            published=Dated(MONDAY),
        )
        for town, word in (("Redwater", "plot"), ("Bashaw", "farm"))
    )
    assert not templates.other_names(one, other)
    assert 0 < len(asked) <= 2 * templates.FIRST**2


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_another_report_of_one_town_is_in_no_story_with_another_town(order: tuple[int, ...]) -> None:
    report = Labelled(
        "report",
        "Redwater to vote on independence petition on Tuesday",
        "Redwater's council will vote on Tuesday on the petition for a referendum on Alberta's independence. Residents "
        "who want to speak get three minutes. Councillor Gail Prentiss told the Gazette that she expects a full hall.",
        "en",
        Dated(MONDAY + timedelta(hours=5)),
        topics=frozenset({"alberta"}),
    )
    placed = arranged([of_template(VOTES, 0), of_template(VOTES, 1), report], order)
    assert placed.story["report"] == placed.story["0"]
    assert placed.story["0"] != placed.story["1"]
