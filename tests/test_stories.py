"""Placing: copies, joins and openings, on coverage invented for these tests."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from sovwatch import pairs, stories
from sovwatch.background import shipped
from sovwatch.copies import compare
from sovwatch.fingerprints import Fingerprint
from sovwatch.model import Dated, Precision
from sovwatch.pairs import FAR, apart, counts_anew
from sovwatch.region import Member, StoryView
from sovwatch.similarity import fingerprint
from sovwatch.stories import Copy, Joins, Opens

place = partial(stories.place, tables=shipped())
features = partial(pairs.features, tables=shipped())
odds = partial(pairs.odds, tables=shipped())
MONDAY = datetime(2026, 3, 2, 14, tzinfo=UTC)
NONE: frozenset[str] = frozenset()

COURT = (
    "A judge in Lethbridge ruled on Monday that the petition of the Foothills Assembly for a vote on "
    "Alberta's separation may go ahead. Justice Ramona Kessler found that the 62,000 signatures were gathered"
    " lawfully. Lawyers for three First Nations said that they would appeal. The Foothills Assembly wants the"
    " question put to voters on October 19. Its spokesman, Dale Wurtz, called the ruling a good day for "
    "farmers. The government of Alberta said that it would study the 48-page decision before saying more."
)
COURT_FR = (
    "Une juge de Lethbridge a décidé lundi que la pétition de la Foothills Assembly pour un vote sur la "
    "séparation de l'Alberta peut aller de l'avant. La juge Ramona Kessler a conclu que les 62 000 signatures"
    " ont été recueillies légalement. Des avocats de trois Premières Nations ont dit qu'ils feraient appel. "
    "Dale Wurtz, porte-parole, parle d'un grand jour."
)
POLL = (
    "Support for leaving Canada stood at {a} per cent in Alberta in the weekly survey of Praxis Field. {b} "
    "per cent would vote to stay, and {c} per cent did not know. The survey asked {d} adults online and is "
    "held each week. In Calgary {e} per cent would leave, in Edmonton {f} per cent. Praxis Field says that "
    "its weekly survey shows movement within the margin of error, and that readers should look at months "
    "rather than weeks."
)


def taken(
    text: str, title: str = "", *, at: datetime | None = MONDAY, language: str = "en", to: Precision = Precision.SECOND
) -> Fingerprint:
    return fingerprint(title, text, language=language, published=Dated(at, to) if at else None)


def member(fp: Fingerprint, article: int = 1) -> Member:
    return Member(article, fp)


@pytest.mark.parametrize(
    "text",
    [
        COURT,
        COURT[: len(COURT) // 2],
        "LETHBRIDGE, Alta. (Prairie Wire) - " + COURT,
        COURT + " The case is heard again in April.",
        COURT.replace("good day for farmers", "great day for ranchers"),
    ],
    ids=["whole", "cut short", "with a dateline", "with a line added", "lightly edited"],
)
def test_reprints_are_copies(text: str) -> None:
    placed = place(taken(text, "Another headline"), NONE, [member(taken(COURT, "Judge lets petition stand"))], [])
    assert isinstance(placed, Copy)
    assert placed.of == 1
    assert "wording" in placed.why


def test_an_excerpt_from_the_middle_shares_an_index_key() -> None:
    whole = " ".join(COURT.replace("Lethbridge", f"Town{n}").replace("62,000", f"{n}1,000") for n in range(12))
    excerpt = whole[len(whole) // 2 :][:1500]
    assert set(taken(whole).copy_keys()) & set(taken(excerpt).copy_keys())


def test_two_weeks_of_one_poll_are_no_copies_and_two_stories() -> None:
    first = taken(POLL.format(a=27, b=61, c=12, d="1,004", e=31, f=19), "Weekly survey: 27 per cent would leave")
    second = taken(
        POLL.format(a=29, b=58, c=13, d="1,011", e=33, f=22),
        "Weekly survey: 29 per cent would leave",
        at=MONDAY + timedelta(days=7),
    )
    assert compare(first, second).why_not == "one template with other figures"
    placed = place(second, NONE, [member(first)], [StoryView(1, (member(first),))])
    assert isinstance(placed, Opens)


@pytest.mark.parametrize(
    ("title", "text", "days", "copied"),
    [
        ("Petition may go ahead, judge says", "A judge let the petition stand on Monday.", 0, True),
        ("Wildfire near Hinton grows", "A judge let the petition stand on Monday.", 0, False),
        ("Petition may go ahead, judge says", "A judge let the petition stand on Monday.", 7, False),
        ("Petition of 30,000 may go ahead, judge says", "A judge let the petition stand on Monday.", 0, True),
    ],
    ids=["same", "boilerplate under another headline", "a week later", "a figure added"],
)
def test_little_text_is_a_copy_only_where_headline_figures_and_time_agree(
    title: str, text: str, days: int, *, copied: bool
) -> None:
    known = taken("A judge let the petition stand on Monday.", "Petition may go ahead, judge says")
    assert compare(taken(text, title, at=MONDAY + timedelta(days=days)), known).copied is copied


def test_another_report_of_the_happening_joins_in_the_other_language() -> None:
    known = taken(COURT, "Judge lets separation petition stand in Lethbridge")
    placed = place(
        taken(COURT_FR, "La pétition sur la séparation peut continuer, dit une juge", language="fr"),
        NONE,
        [],
        [StoryView(7, (member(known, 3),))],
    )
    assert isinstance(placed, Joins)
    assert (placed.story, placed.nearest) == (7, 3)
    assert "probability" in placed.why


LATER = MONDAY + timedelta(days=2)
APART = taken(
    "Dale Wurtz ne cache pas sa joie et promet une campagne d'automne dans les villages. Ses bénévoles ont déjà loué "
    "une salle à Brooks.",
    "Un automne de campagne pour Dale Wurtz",
    language="fr",
    at=LATER,
)
BETWEEN = taken(
    COURT_FR + " Il promet une campagne d'automne dans les villages, et ses bénévoles ont loué une salle à Brooks.",
    "Après la décision de la juge, un automne de campagne pour Dale Wurtz",
    language="fr",
    at=LATER,
)


def test_an_article_that_belongs_with_two_stories_makes_them_one() -> None:
    ruling = StoryView(1, (member(taken(COURT, "Judge lets separation petition stand in Lethbridge"), 1),))
    assert isinstance(place(APART, NONE, [], [ruling]), Opens)
    placed = place(BETWEEN, NONE, [], [ruling, StoryView(2, (member(APART, 2),))])
    assert isinstance(placed, Joins)
    assert {placed.story, *placed.unites} == {1, 2}
    assert placed.related == ()


def test_stories_whose_members_do_not_belong_together_stay_two() -> None:
    ruling = tuple(member(taken(COURT, "Judge lets separation petition stand in Lethbridge"), n) for n in range(1, 12))
    others = tuple(member(APART, n) for n in range(12, 24))
    placed = place(BETWEEN, NONE, [], [StoryView(1, ruling), StoryView(2, others)])
    assert isinstance(placed, Joins)
    assert (placed.unites, len(placed.related)) == ((), 1)


def test_stories_that_an_operator_took_the_article_from_are_not_made_one_with_its_own() -> None:
    ruling = StoryView(1, (member(taken(COURT), 1),), apart=True)
    placed = place(BETWEEN, NONE, [], [ruling, StoryView(2, (member(APART, 2),))])
    assert isinstance(placed, Joins)
    assert (placed.story, placed.unites) == (2, ())


def test_an_operators_split_is_kept() -> None:
    known = taken(COURT, "Judge lets petition stand")
    placed = place(taken(COURT_FR, language="fr"), NONE, [], [StoryView(7, (member(known),), apart=True)])
    assert isinstance(placed, Opens)
    assert placed.related == (7,)


@pytest.mark.parametrize(
    ("title", "language"),
    [
        ("Lethbridge judge sides with separation petition", "en"),
        ("Lethbridge : une juge donne raison aux séparatistes", "fr"),
    ],
)
def test_a_headline_alone_joins_a_text_of_its_day_and_none_of_another_month(title: str, language: str) -> None:
    """Headlines among headlines are compared without their days; beside a text the day tells most."""
    court = [StoryView(7, (member(taken(COURT, "Judge lets petition stand"), 3),))]
    assert isinstance(place(taken("", title, language=language), NONE, [], court), Joins)
    later = taken("", title, language=language, at=MONDAY + timedelta(days=35))
    assert isinstance(place(later, NONE, [], court), Opens)


def test_a_headline_is_asked_less_among_headlines_than_beside_a_text() -> None:
    """Two headlines of one happening have few words; a text has enough for a headline of its happening to share."""
    other = place(
        taken("", "First Nations oppose separation vote"),
        NONE,
        [],
        [StoryView(7, (member(taken(COURT, "Judge lets petition stand"), 3),))],
    )
    assert isinstance(other, Opens)
    assert "probability 0.30 over 1 of story 7, below 0.4" in other.why
    heading = taken("", "Judge lets separation petition of the Foothills Assembly stand")
    own = place(taken("", "Judge backs separation petition"), NONE, [], [StoryView(7, (member(heading, 3),))])
    assert isinstance(own, Joins)
    assert "probability 0.29 over 1 of story 7" in own.why


def test_a_happening_of_another_month_opens_a_story() -> None:
    later = taken(COURT_FR, language="fr", at=MONDAY + timedelta(days=40))
    assert isinstance(place(later, NONE, [], [StoryView(7, (member(taken(COURT)),))]), Opens)


@pytest.mark.parametrize(
    ("ours", "theirs", "kind"),
    [({"alberta"}, {"quebec"}, Opens), ({"alberta", "quebec"}, {"quebec"}, Joins), ({"alberta"}, set(), Joins)],
    ids=["disjoint", "one in common", "not known"],
)
def test_articles_that_share_no_topic_report_two_happenings(ours: set[str], theirs: set[str], kind: type) -> None:
    known = Member(1, taken(COURT, "Judge lets petition stand"), frozenset(theirs))
    new = taken(COURT_FR, "La pétition peut continuer", language="fr")
    assert isinstance(place(new, frozenset(ours), [], [StoryView(7, (known,))]), kind)


def test_nothing_known_opens_a_story() -> None:
    assert place(taken(COURT), NONE, [], []) == Opens(None, None, "nothing known comes near", ())


def test_one_like_member_does_not_pull_an_article_into_a_story_of_others() -> None:
    """A story grows but does not drift: the mean over members decides, not the nearest."""
    like = member(taken(COURT, "Judge lets petition stand"), 1)
    others = tuple(
        member(taken(f"Hockey night in town {n}: the Comets won {n} to 1 over visiting players.", "Comets win"), n + 2)
        for n in range(11)
    )
    new = taken(COURT_FR, "La pétition peut continuer", language="fr")
    assert isinstance(place(new, NONE, [], [StoryView(1, (like,))]), Joins)
    assert isinstance(place(new, NONE, [], [StoryView(1, (like, *others))]), Opens)


def test_days_apart_count_from_the_nearest_ends_of_periods() -> None:
    month = taken(COURT, at=datetime(2026, 3, 1, tzinfo=UTC), to=Precision.MONTH)
    assert apart(month, taken(COURT, at=datetime(2026, 3, 20, tzinfo=UTC))) == timedelta(0)
    assert apart(taken(COURT), taken(COURT, at=MONDAY + timedelta(days=3))) == timedelta(days=3)
    assert apart(taken(COURT, at=None), taken(COURT)) is None
    assert odds(taken(COURT), taken(COURT, at=MONDAY + FAR + timedelta(hours=1))) == 0.0


def test_what_the_model_sees_is_symmetric() -> None:
    one, other = (
        taken(COURT, "Judge lets petition stand"),
        taken(COURT_FR, language="fr", at=MONDAY + timedelta(days=1)),
    )
    assert features(one, other) == pytest.approx(features(other, one))


def test_other_days_and_other_names_in_the_opening_tell_happenings_of_one_affair_apart() -> None:
    ruled = taken("Judge Ramona Kessler ruled on Monday that the petition may go ahead.", "Kessler lets petition stand")
    again = taken("On Monday Judge Ramona Kessler let the drive for names go on.", "Kessler: names may be gathered")
    appeal = taken(
        "On Sunday Dale Wurtz said that the petition would be taken to the next court.", "Wurtz: to the next court"
    )
    told = [features(ruled, other) for other in (again, appeal)]
    assert [(seen["other days"], seen["other names"]) for seen in told] == [(0.0, 0.0), (1.0, 1.0)]
    month = replace(ruled, precision=Precision.MONTH)
    assert features(month, month)["other days"] == 0.0


def test_days_long_before_the_publication_are_background() -> None:
    one = taken("The petition that began on 12 February may go ahead, a judge said on Monday.", "Petition stands")
    other = taken(
        "The petition was let through by a court; it was filed on 20 February.", "Court lets petition through"
    )
    assert features(one, other)["other days"] == 0.0


TALLY = (
    "Praxis Field finds {share} per cent of Albertans for separation. The pollster asked {asked} adults by telephone."
)


@pytest.mark.parametrize(
    ("share", "asked", "days", "anew"),
    [
        (31, "1,204", 5, True),
        (28, "1,204", 5, False),
        (31, "1,204", 1, False),
    ],
    ids=["the next poll", "the same poll told late", "another reading of one day"],
)
def test_what_is_counted_again_days_later_is_another_happening(
    share: int, asked: str, days: int, *, anew: bool
) -> None:
    first = taken(TALLY.format(share=28, asked="1,004"), "Separation at 28 per cent")
    later = taken(
        TALLY.format(share=share, asked=asked), f"Separation at {share} per cent", at=MONDAY + timedelta(days=days)
    )
    assert counts_anew(first, later) is counts_anew(later, first) is anew
    assert (odds(first, later) == 0.0) is anew


def test_a_story_told_days_later_without_its_counts_is_not_counted_anew() -> None:
    first = taken(TALLY.format(share=28, asked="1,004"), "Separation at 28 per cent")
    assert not counts_anew(first, taken(COURT, "Judge lets petition stand", at=MONDAY + timedelta(days=5)))
