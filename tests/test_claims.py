"""Claims: figures with what they count, and moments, the same in English and French."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sovwatch.agreement import Counted, same, tells
from sovwatch.claims import Claims, acts, content, figures_of
from sovwatch.figures import Figure, figure_of
from sovwatch.model import Dated, Precision
from sovwatch.moments import moments
from sovwatch.similarity import fingerprint
from sovwatch.text import fold

UNITS = st.sampled_from(["", "percent", "person", "dollar", "year"])


@given(
    st.floats(1, 1e12, allow_nan=False), st.floats(1, 1e12, allow_nan=False), UNITS,
    UNITS, st.booleans(), st.booleans(),
)  # fmt: skip
def test_sameness_of_figures_is_symmetric_and_reflexive(
    one: float,
    other: float,
    unit: str,
    other_unit: str,
    about: bool,
    other_about: bool,
) -> None:
    a, b = Figure(one, unit, about), Figure(other, other_unit, other_about)
    assert same(a, a)
    assert same(a, b) == same(b, a)
    for bound in (-1, 0, 1) if about else (0,):
        figure = Figure(float(f"{round(one):.10g}"), unit, about, bound)
        assert figure_of(figure.key) == figure


FIGURES = st.builds(
    lambda value, unit, about, bound: Figure(value, unit, about, bound if about else 0),
    st.sampled_from([0.0, 1.0, 30.0, 33.4, 1e5, 99_500.0, 110_000.0, 81_000.0]) | st.floats(0, 1e9),
    UNITS,
    st.booleans(),
    st.sampled_from([-1, 0, 1]),
)


@given(st.lists(FIGURES, max_size=20), st.lists(FIGURES, min_size=1, max_size=3))
def test_a_figure_is_among_others_where_one_says_the_same(others: list[Figure], asked: list[Figure]) -> None:
    counted = Counted()
    for number, other in enumerate(others, start=1):
        counted.add(other)
        for figure in asked:
            assert counted.has(figure) == any(tells(one, figure) for one in others[:number])


@pytest.mark.parametrize(
    ("known", "asked", "told"),
    [
        ("212,400 signatures", "more than 200,000 signatures", True),
        ("more than 200,000 signatures", "212,400 signatures", False),  # the count is news to who knows the bound
        ("198,000 signatures", "more than 200,000 signatures", False),
        ("178,200 signatures", "more than 200,000 signatures", False),
        ("310,000 signatures", "more than 200,000 signatures", False),
        ("212,400 signatures", "more than 212,300 signatures", False),  # nobody words a value so by one as exact
        ("$1.2 million", "plus d'un million de dollars", True),
        ("$1.4 million", "plus d'un million de dollars", False),
        ("$6.4 million", "more than $6 million", True),
        ("$7.4 million", "more than $6 million", False),
        ("82 pages", "au-delà de 80 pages", True),
        ("470,000 people", "près d'un demi-million de personnes", True),
        ("430,000 people", "nearly half a million people", False),
        ("54,288 votes", "fewer than 55,000 votes", True),
        ("39 per cent", "about 37 per cent", False),
        ("43 per cent", "more than four in ten", True),
        ("37 per cent", "more than four in ten", False),
        ("1,200 people", "more than 1,200 people", True),
        ("nearly 200,000 signatures", "more than 200,000 signatures", False),
        ("48 per cent of voters", "more than half of voters", False),
        ("nearly half of voters", "more than half of voters", False),
        ("52 per cent of voters", "more than half of voters", True),
        ("in all, 198,000 signatures", "once more, 200,000 signatures", True),  # rounded, and no bound
        ("200 people", "about 170 people", False),  # which rounds to it
        ("50,000 people", "52,000 people", False),  # which rounds to a number as round
        ("212,400 signatures", "no fewer than 200,000 signatures", True),
        ("198,400 signatures", "no fewer than 200,000 signatures", False),
        ("212,400 signatures", "pas moins de 200 000 signatures", True),
        ("198,400 signatures", "pas plus de 200 000 signatures", True),
    ],
)
def test_who_knows_a_figure_knows_the_bounds_that_it_keeps(known: str, asked: str, told: bool) -> None:
    (one,), (other,) = (
        [*figures_of(fold(text), "fr" if "de " in text or "d'" in text else "en")] for text in (known, asked)
    )
    assert tells(one, other) is told


@pytest.mark.parametrize(
    "text",
    [
        "in 1995 people in Moncton stayed up", "before the 1995 vote", "ever since 1980, when voters said no",
        "the order setting the Oct. 19 vote", "l'audience des 21 et 22 septembre", "sur l'autoroute 40 vers l'ouest",
        "Ada Reyes, 61, a farmer", "l'agrégateur Qc125 et la COP18", "updated 11/26/2026",
    ],
)  # fmt: skip
def test_years_days_roads_and_ages_are_no_figures(text: str) -> None:
    assert [*figures_of(fold(text), "fr" if "l'" in text else "en")] == []


def test_a_year_further_ahead_than_anybody_plans_is_a_number() -> None:
    found = [moments(f"by {year} or so", date(2026, 2, 2)) for year in (2026, 2027, 2056, 2057)]
    assert [[key for key, _ in told] for told in found] == [[], ["y2027"], ["y2056"], []]


@pytest.mark.parametrize("text", ["2000 people marched", "la foule de 2000 personnes", "2000 manifestants"])
def test_a_count_may_look_like_a_year(text: str) -> None:
    assert [figure.unit for figure in figures_of(fold(text), "fr" if "de" in text else "en")] == ["person"]


@pytest.mark.parametrize(
    "text", ["during January", "in January", "January was kind", "en janvier", "janvier a été bon"]
)
def test_a_month_needs_no_preposition(text: str) -> None:
    assert [key for key, _ in moments(fold(text), date(2026, 2, 2))] == ["m2026-01"]


@pytest.mark.parametrize(
    ("language", "text", "values"),
    [
        ("en", "half a billion dollars", {(5e8, "dollar")}),
        ("en", "a US$500-billion line of credit", {(5e11, "dollar")}),
        ("fr", "500 M$ ou 0,5 milliard de dollars", {(5e8, "dollar")}),
        ("fr", "quatre-vingt-dix-sept sièges", {(97.0, "seat")}),
        ("fr", "entre deux et onze sièges", {(2.0, ""), (11.0, "seat")}),
        ("fr", "38'600 manifestants, 66’000 partisans", {(38600.0, "person"), (66000.0, "person")}),
        ("fr", "1 200 personnes et 98,51 %", {(1200.0, "person"), (98.51, "percent")}),
        ("en", "twenty-five thousand signatures", {(25000.0, "signature")}),
        ("en", "three in ten people; four out of five", {(30.0, "percent"), (80.0, "percent")}),
        ("fr", "un électeur sur cinq, les deux tiers", {(20.0, "percent"), (66.66666666666667, "percent")}),
        ("en", "nine out of five, 5 in 0", set()),  # no share, whatever it is
        ("en", "on May 4, 2026 at 3 p.m. under Bill 54", set()),
        ("fr", "le 4 mai 2026 à 15 h 30, selon l'article 35", set()),
        ("en", "a fourth delegation", {(4.0, "nth")}),
        ("en", "14 guards have been killed", {(14.0, "death")}),
        ("en", "the death toll in the valley stood at 44", {(44.0, "death")}),
        ("en", "in March 2,000 people marched", {(2000.0, "person")}),
        ("en", "in May 2009 the storm killed 180 people", {(180.0, "person")}),
        ("en", "question 8, had asked voters", {(8.0, "")}),
        ("en", "over 100 rockets, just under 1,000 in all", {(100.0, ""), (1000.0, "")}),
        ("en", "seats went at 200 a head", {(200.0, "")}),
        ("en", "at half past 11 a.m.", set()),
    ],
)
def test_figures_are_read_with_what_they_count(language: str, text: str, values: set[tuple[float, str]]) -> None:
    found = {(figure.value, figure.unit) for figure in claims_figures(text, language)}
    assert found == values


def claims_figures(text: str, language: str) -> list[Figure]:
    return list(figures_of(fold(text), language))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("on Thursday", "d2026-01-29"), ("jeudi", "d2026-01-29"), ("yesterday", "d2026-01-29"), ("hier", "d2026-01-29"),
        ("next month", "m2026-02"), ("le mois prochain", "m2026-02"), ("since April", "m2025-04"),
        ("depuis avril", "m2025-04"),
        ("Oct. 19", "d2026-10-19"), ("le 19 octobre", "d2026-10-19"), ("1er mai 2027", "d2027-05-01"),
        ("will meet Monday", "d2026-02-02"), ("lundi prochain", "d2026-02-02"), ("in December", "m2025-12"),
        ("2026-02-03", "d2026-02-03"), ("by Nov. 15, 2028", "d2028-11-15"), ("until Feb. 20", "d2026-02-20"),
    ],
)  # fmt: skip
def test_moments_are_resolved_against_publication(text: str, key: str) -> None:
    assert key in {found for found, _ in moments(fold(text), date(2026, 1, 30))}


@pytest.mark.parametrize("text", ["on Thursday, Feb. 5", "jeudi 5 février", "jeudi, le 5 février"])
def test_a_weekday_beside_its_date_is_no_other_day(text: str) -> None:
    assert [key for key, _ in moments(fold(text), date(2026, 1, 30))] == ["m2026-02", "d2026-02-05"]


@given(st.text(max_size=300), st.sampled_from(["en", "fr", ""]))
@settings(max_examples=150)
def test_any_text_has_claims_that_pack(text: str, language: str) -> None:
    published = Dated(datetime(2026, 1, 30, tzinfo=UTC), Precision.DAY)
    found = fingerprint("A title", text, language=language, published=published).claims
    assert Claims.unpack(found.pack()) == found


@pytest.mark.parametrize(
    ("language", "text", "told"),
    [
        ("en", "four in ten troubled to turn out", set()),
        ("en", "the minister made a U-turn on it", {"cretract"}),
        ("en", "under the rules that govern rivers", set()),
        ("en", "the judge ruled against it", {"crule"}),
        ("en", "the judge ruled out a delay", {"creject"}),
        ("en", "Ottawa took the side of the applicants", set()),
        ("fr", "le maire s'y oppose", {"creject"}),
        ("en", "the member backs out", {"cwithdraw"}),
        ("fr", "la ministre ferme la porte", {"creject"}),
        ("en", "the mayor has not yet resigned", {"c-resign"}),
        ("fr", "le maire n'a pas encore démissionné", {"c-resign"}),
        ("en", "not since spring has a mayor resigned", {"cresign"}),
        ("en", "council has not yet approved it", {"capprove"}),  # an everyday act, which a denial makes no news of
    ],
)
def test_a_form_is_read_whole(language: str, text: str, told: set[str]) -> None:
    assert {key for key, concept in acts(content(text), language) if concept.kind in {"decisions", "acts"}} == told


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "a bus was hired in order to carry voters"),
        ("en", "Take Back Alberta, whose founder took back the seat"),
        ("en", "it has become one of the longest debates"),
        ("en", "the prosecutors and the detainees"),
        ("en", "a vote to leave, and a birth certificate"),
        ("fr", "les certificats des détenus"),
        ("en", "rockets were being fired at the town"),
        ("en", "the hostages were released"),
        ("fr", "les députés bloquistes"),
        ("fr", "la contestation gagne du terrain"),
        ("fr", "un homme médiatique"),
        ("fr", "les infirmières, aux Invalides"),
        ("fr", "les recherches se poursuivent à Rouvray"),
        ("fr", "c'est la somme de tous les impôts, il convient de le dire"),
        ("fr", "il n'est pas exclu qu'elle se batte, cela témoigne de sa force"),
    ],
)
def test_what_only_looks_like_an_act_is_none(language: str, text: str) -> None:
    found = {key for key, concept in acts(content(text), language) if concept.kind in {"decisions", "acts"}}
    assert not found - {"cwin"}  # « gagne du terrain »


@pytest.mark.parametrize(
    ("language", "text", "told"),
    [
        ("en", "the aide was fired", "cexpel"),
        ("en", "the court released its reasons", "ctable"),
        ("en", "a man was detained", "carrest"),
        ("fr", "un homme a été détenu", "carrest"),
        ("en", "a judge issued an order to stop", "corder"),
        ("en", "the count was certified", "ccertify"),
        ("fr", "le décompte est certifié", "ccertify"),
        ("fr", "les camions bloquent la route", "cveto"),
        ("fr", "la contestation judiciaire de la loi", "csue"),
        ("fr", "un député exclu du caucus", "cexpel"),
        ("fr", "la ministre exclut un référendum", "creject"),
        ("fr", "il a perdu la vie", "cdie"),
        ("fr", "le juge invalide la pétition", "cstrike_down"),
    ],
)
def test_an_act_is_read_in_the_forms_that_tell_it(language: str, text: str, told: str) -> None:
    assert told in {key for key, _ in acts(content(text), language)}


def test_a_sentence_read_twice_says_the_same_twice() -> None:
    said = fold("A third referendum would be the fourth vote of 41 per cent.")
    first, second = (list(figures_of(said, "en")) for _ in range(2))
    assert len(first) == 3
    assert first == second
