from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovwatch.digest import Reader, breaking, compose, reply
from sovwatch.model import Digest, Footer, Kind, SeedVerdict, Tier
from sovwatch.mutes import Mute, apart
from sovwatch.reports import Report, StoryReports, declared, grows, importance, independent
from sovwatch.settings import ChannelSettings
from tests.telling import AT, MORNING, a_piece

TOPICS = {"alberta": "Alberta", "quebec": "Québec"}
DESK = Reader("desk", ChannelSettings(), TOPICS)


def a_report(article: int = 1, story: int = 1, **more: Any) -> Report:
    piece = a_piece(article, **{"outlet": f"Outlet {article}", **more.pop("piece", {})})
    values: dict[str, Any] = {
        "topics": {"alberta": 0.9},
        "central": {"alberta": "main"},
        "additions": (f"Line {article}.",),
    }
    values |= more
    return Report(piece=piece, story=story, **{"sure": values["additions"], **values})


def a_story(*reports: Report, **more: Any) -> StoryReports:
    return StoryReports(story=reports[0].story, reports=reports, **more)


def told(*reports: Report, **more: Any) -> StoryReports:
    return a_story(*reports, **{"told_at": AT - timedelta(days=1), "told_link": "https://slack.example/p1", **more})


def digest_of(*stories: StoryReports, settings: ChannelSettings | None = None, **more: Any) -> Digest:
    composed = maybe(*stories, settings=settings, **more)
    assert composed is not None
    return composed


def maybe(*stories: StoryReports, settings: ChannelSettings | None = None, **more: Any) -> Digest | None:
    reader = Reader("desk", settings or ChannelSettings(), TOPICS)
    given = {"footer": Footer(), "told_today": 0, **more}
    return compose(reader, stories, key="digest:desk:1", at=AT, **given)


def order(digest: Digest) -> list[int]:
    return [item.story for item in digest.items]


def test_all_reports_of_a_story_make_one_entry() -> None:
    (item,) = digest_of(a_story(a_report(1), a_report(2), a_report(3))).items
    assert item.lead.article == 1
    assert [piece.article for piece in item.reports] == [2, 3]
    assert sorted(item.articles) == [1, 2, 3]


def test_reprints_and_pieces_of_one_agency_are_one_voice() -> None:
    wire = a_report(1, piece={"agency": "CP"})
    reprint = a_report(2, copy_of=1)
    other_wire = a_report(3, piece={"agency": "cp"})
    own = a_report(4)
    assert independent([wire, reprint, other_wire, own]) == 2
    (item,) = digest_of(a_story(wire, reprint, other_wire, own)).items
    assert [piece.article for piece in item.reports] == [4]
    assert [piece.article for piece in item.copies] == [3, 2]


def test_who_reprinted_what_was_told_is_not_said_to_have_its_update() -> None:
    """As a paper has it that printed the wire's figure before the wire corrected it."""
    wire = a_report(1, change="corrected")
    before, news, of_news = a_report(2, copy_of=1, additions=()), a_report(3), a_report(4, copy_of=3, additions=())
    update = told(wire, before, news, of_news, counted=(a_report(5),))
    (item,) = digest_of(update).updates
    assert {piece.article for piece in (item.lead, *item.reports, *item.copies)} == {1, 3, 4}
    assert ([piece.article for piece in item.meanwhile], sorted(item.articles)) == ([5, 2], [1, 2, 3, 4])
    (first,) = digest_of(a_story(wire, before, news, of_news)).items
    assert first.meanwhile == ()


@pytest.mark.parametrize("reprints", [1, 40])
def test_reprints_weigh_nothing(reprints: int) -> None:
    wire = [a_report(1), *(a_report(n, copy_of=1) for n in range(10, 10 + reprints))]
    two_voices = a_story(a_report(2, story=2), a_report(3, story=2))
    assert order(digest_of(a_story(*wire), two_voices)) == [2, 1]


def test_reporting_leads_and_comes_before_opinion_releases_and_aggregators() -> None:
    column = a_report(1, story=1, piece={"kind": Kind.OPINION}, topics={"alberta": 1.0})
    release = a_report(2, story=2, piece={"kind": Kind.RELEASE})
    aggregated = a_report(3, story=3, piece={"tier": Tier.AGGREGATOR})
    report = a_report(4, story=4, topics={"alberta": 0.4})
    composed = digest_of(*(a_story(each) for each in (release, column, aggregated, report)))
    assert order(composed)[0] == 4
    (item,) = digest_of(a_story(a_report(5, piece={"kind": Kind.OPINION}), a_report(6))).items
    assert item.lead.article == 6


@pytest.mark.parametrize("column", [{"kind": Kind.OPINION}, {"tier": Tier.OPINION}])
@pytest.mark.parametrize(
    "report", [{"tier": Tier.AGGREGATOR}, {"tier": Tier.PARTY}, {"kind": Kind.RELEASE}, {"paywall": True}]
)
@pytest.mark.parametrize("before", [a_story, told])
def test_a_column_leads_nothing_that_reports_wherever_it_was_found(
    before: Any, column: dict[str, Any], report: dict[str, Any]
) -> None:
    """What a search lists of a paper is a report; what a party announces has happened."""
    (item,) = digest_of(before(a_report(1, piece=column), a_report(2, piece=report))).items
    assert item.lead.article == 2


def test_fresher_and_more_central_come_first() -> None:
    old = a_story(a_report(1, story=1, piece={"first_seen": AT - timedelta(hours=40)}))
    new = a_story(a_report(2, story=2, piece={"first_seen": AT}))
    central = a_story(a_report(3, story=3, topics={"alberta": 1.0}, piece={"first_seen": AT}))
    faint = a_story(a_report(4, story=4, topics={"alberta": 0.3}, piece={"first_seen": AT}))
    assert order(digest_of(old, new)) == [2, 1]
    assert order(digest_of(faint, central)) == [3, 4]


def test_more_than_two_lines_of_news_weigh_no_more() -> None:
    said = {1: 1, 2: 2, 3: 6}
    weighed = {n: importance([a_report(n, additions=("Line.",) * lines)], 0.9, AT) for n, lines in said.items()}
    assert weighed[1] < weighed[2] == weighed[3]


def test_what_adds_something_and_can_be_read_leads() -> None:
    silent, locked, last = a_report(1, additions=()), a_report(2, piece={"paywall": True}), a_report(3)
    (item,) = digest_of(a_story(silent, locked, last)).items
    assert (item.lead.article, [piece.article for piece in item.reports]) == (3, [2, 1])


def test_what_was_withdrawn_leads_so_that_it_is_said() -> None:
    gone, new = a_report(1, change="withdrawn", piece={"kind": Kind.OPINION}), a_report(2)
    (item,) = digest_of(told(gone, new)).items
    assert (item.lead.article, item.change) == (1, "withdrawn")


def test_all_that_was_withdrawn_is_said_and_none_of_it_is_called_another_report() -> None:
    gone = [a_report(n, change="withdrawn", additions=()) for n in (1, 2)]
    (item,) = digest_of(told(*gone, a_report(3))).items
    assert (item.lead.article, [piece.article for piece in item.gone]) == (1, [2])
    assert [piece.article for piece in item.reports] == [3]
    assert item.articles == (1, 2, 3)


def test_two_corrections_of_one_entry_are_both_said() -> None:
    """Of each the first figure before a second: two are shown."""
    one = a_report(1, change="corrected", was=(("300", "200"), ("12", "11")))
    other = a_report(2, change="corrected", was=(("61 300", "58 900"), ("300", "200")))
    twin = a_report(3, change="corrected", was=(("61,300", "58,900"),))
    (item,) = digest_of(told(one, other, twin)).items
    assert item.was == (("300", "200"), ("61 300", "58 900"), ("12", "11"))


def test_a_line_that_says_what_the_headline_says_is_not_shown_below_it() -> None:
    report = a_report(1, piece={"title": "Line 1."}, additions=("Line 1.", "More."))
    (item,) = digest_of(a_story(report)).items
    assert item.lines == ("More.",)


def test_a_channel_is_led_by_a_language_that_it_reads_where_there_is_a_choice() -> None:
    french = ChannelSettings(language="fr", reads=("fr",))
    english, other = a_report(1), a_report(2, piece={"language": "fr"})
    (item,) = digest_of(a_story(english, other), settings=french).items
    assert item.lead.article == 2
    (item,) = digest_of(a_story(english), settings=french).items
    assert item.lead.article == 1


def test_a_wire_leads_its_reprints_though_a_reprint_was_read_first() -> None:
    reprint, wire = a_report(1, piece={"tier": Tier.LOCAL}), a_report(2, copy_of=1, piece={"tier": Tier.WIRE})
    (item,) = digest_of(a_story(reprint, wire)).items
    assert (item.lead.article, [piece.article for piece in item.copies]) == (2, [1])
    (item,) = digest_of(a_story(reprint, replace(wire, piece=a_piece(2, tier=Tier.PUBLIC)))).items
    assert item.lead.article == 1


def test_a_wire_is_no_reprint_of_a_paper_that_was_read_first() -> None:
    """Neither beside a paper that leads for its headline's sake, nor where both stand beside another report."""
    paper, wire = a_report(1), a_report(2, copy_of=1, headed=False, piece={"tier": Tier.WIRE})
    (item,) = digest_of(a_story(paper, wire)).items
    assert (item.lead.article, [piece.article for piece in item.reports], item.copies) == (1, [2], ())
    own = a_report(3, piece={"tier": Tier.PUBLIC})
    (item,) = digest_of(a_story(paper, wire, own)).items
    assert item.lead.article == 3
    assert ([piece.article for piece in item.reports], [piece.article for piece in item.copies]) == ([2], [1])


def test_a_headline_that_says_nothing_of_the_topic_does_not_lead_where_there_is_another() -> None:
    bulletin, local = a_report(1, headed=False, piece={"tier": Tier.PUBLIC}), a_report(2, piece={"tier": Tier.LOCAL})
    (item,) = digest_of(a_story(bulletin, local)).items
    assert item.lead.article == 2
    (item,) = digest_of(a_story(bulletin, a_report(2, piece={"language": "fr"}))).items
    assert item.lead.article == 1, "the reader's language comes first"


@pytest.mark.parametrize(("language", "lead"), [("en", 1), ("fr", 2)])
def test_of_the_languages_that_a_channel_reads_its_own_leads(language: Any, lead: int) -> None:
    french = a_report(2, piece={"language": "fr", "first_seen": MORNING - timedelta(hours=1)})
    (item,) = digest_of(a_story(french, a_report(1)), settings=ChannelSettings(language=language)).items
    assert item.lead.article == lead


def test_a_line_of_another_report_is_said_to_be_its() -> None:
    other = a_report(2, additions=("Line 1.", "More."))
    (item,) = digest_of(a_story(a_report(1), other)).items
    assert (item.lines, item.voices) == (("Line 1.", "More."), (None, other.piece))


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("before", [a_story, told])
def test_beside_the_lead_stands_what_is_surely_news_in_either_language(before: Any, language: str) -> None:
    """Of lines beside a lead that were less sure, five of six in a played week said again what stood above."""
    lead = a_report(1, additions=("Line 1.", "More."))
    beside = a_report(2, additions=("Perhaps.", "Line 2."), sure=("Line 2.",), piece={"language": language})
    (item,) = digest_of(before(lead, beside)).items
    assert item.lines == ("Line 1.", "More.", "Line 2.")
    assert [voice.article if voice else None for voice in item.voices] == [None, None, 2]
    (item,) = digest_of(before(lead, replace(beside, sure=()))).items
    assert item.lines == ("Line 1.", "More.")


def test_what_is_less_sure_fills_a_line_that_the_lead_leaves_and_each_has_its_say_before_any_has_two() -> None:
    less_sure = a_report(2, additions=("Perhaps.",), sure=())
    (item,) = digest_of(told(a_report(1), less_sure)).items
    assert item.lines == ("Line 1.", "Perhaps.")
    lead = a_report(1, additions=("Line 1.", "More."), sure=("Line 1.",))
    assert [item.lines for item in digest_of(told(lead, less_sure)).items] == [("Line 1.", "Perhaps.")]
    assert [item.lines for item in digest_of(told(lead)).items] == [("Line 1.", "More.")]
    assert [item.lines for item in digest_of(a_story(lead, less_sure)).items] == [("Line 1.", "More.")]


def test_the_other_language_comes_last() -> None:
    abroad = a_report(2, piece={"language": "fr"})
    (item,) = digest_of(told(a_report(1), abroad, a_report(3))).items
    assert item.lines == ("Line 1.", "Line 3.", "Line 2.")


def test_what_has_no_room_for_its_line_waits_for_the_next_message_and_is_told_there() -> None:
    reports = [a_report(n, since=AT - timedelta(hours=n)) for n in range(1, 8)]
    first = breaking(DESK, told(*reports), key="breaking:desk:1", at=AT)
    assert first is not None
    (item,) = first.items
    assert (item.articles, item.named, len(item.reports)) == ((1, 2, 3, 4), (), 6)
    assert item.lines == ("Line 1.", "Line 2.", "Line 3.", "Line 4.")
    left = [report for report in reports if report.piece.article not in item.articles]
    (item,) = digest_of(told(*left)).updates
    assert (item.articles, item.lines) == ((5, 6, 7), ("Line 5.", "Line 6.", "Line 7."))


@given(st.lists(st.sampled_from(["en", "fr"]), min_size=1, max_size=30))
def test_whatever_surely_adds_has_a_line_in_the_end(languages: list[str]) -> None:
    left = [a_report(n, since=AT, piece={"language": language}) for n, language in enumerate(languages, start=1)]
    shown: list[str] = []
    while left:
        (item,) = digest_of(told(*left)).updates
        shown += item.lines
        left = [report for report in left if report.piece.article not in item.articles]
    assert sorted(shown) == sorted(f"Line {n}." for n in range(1, len(languages) + 1))


def test_what_waited_a_day_for_its_line_is_told_by_its_outlets_name() -> None:
    """Or the old news of a busy day would keep out what is new."""
    reports = [a_report(n, since=AT - timedelta(hours=n)) for n in (1, 2, 3, 4, 23, 24)]
    (item,) = digest_of(told(*reports)).updates
    assert (item.articles, item.named) == ((1, 2, 3, 4, 24), (24,))


def test_the_figures_of_a_correction_that_waits_are_told_with_it_and_not_before() -> None:
    corrects = a_report(9, since=AT, change="corrected", was=(("300", "200"),))
    reports = [*(a_report(n, since=AT) for n in range(1, 5)), corrects]
    (item,) = digest_of(told(*reports)).updates
    assert (item.articles, item.was) == ((1, 2, 3, 4), ())
    (item,) = digest_of(told(corrects)).updates
    assert (item.articles, item.was) == ((9,), corrects.was)


def test_who_is_silent_behind_one_that_waits_stays_behind_it() -> None:
    """What it says may be what the other waits to say."""
    reports = [*(a_report(n, since=AT) for n in range(1, 6)), a_report(6, since=AT, additions=())]
    (item,) = digest_of(told(*reports)).updates
    assert (item.articles, item.named) == ((1, 2, 3, 4), ())
    (item,) = digest_of(told(*reports[4:])).updates
    assert (item.articles, item.named) == ((5, 6), (6,))


def test_who_had_the_story_before_is_named_once_though_it_stays_behind_one_that_waits() -> None:
    reports = [*(a_report(n, since=AT) for n in range(1, 6)), a_report(6, since=AT, copy_of=9, additions=())]
    waits, tells = (digest_of(told(*some)).updates[0] for some in (reports, reports[4:]))
    assert ([piece.article for piece in waits.meanwhile], waits.articles) == ([], (1, 2, 3, 4))
    assert ([piece.article for piece in tells.meanwhile], tells.articles) == ([6], (5, 6))


def test_what_is_told_beside_others_without_a_line_is_named() -> None:
    silent, mentions = a_report(2, additions=()), a_report(3, central={"alberta": "mention"})
    (item,) = digest_of(told(a_report(1), silent, mentions)).updates
    assert (item.articles, item.named) == ((1, 2, 3), (2, 3))
    (item,) = digest_of(a_story(a_report(1), silent, mentions)).items
    assert (item.articles, item.named) == ((1, 2, 3), (3,)), "one that says the same opened the story with it"


def test_what_was_missed_by_an_outage_waits_for_no_line_since_none_is_shown() -> None:
    reports = [a_report(n, tellable=False, away=True) for n in range(1, 8)]
    (item,) = digest_of(a_story(*reports)).away
    assert len(item.articles) == 7


def test_a_story_stands_where_it_is_stronger_marked_with_the_other_topic() -> None:
    both = a_report(
        1, topics={"alberta": 0.5, "quebec": 0.8}, central={"alberta": "main", "quebec": "main"}
    )  # fmt: skip
    (section,) = digest_of(a_story(both)).sections
    assert (section.topic, section.name) == ("quebec", "Québec")
    assert section.items[0].also_topics == ("Alberta",)


def test_sections_come_in_the_order_of_the_topics() -> None:
    quebec = a_report(1, story=1, topics={"quebec": 1.0}, central={"quebec": "main"})
    composed = digest_of(a_story(quebec, a_report(5)), a_story(a_report(2, story=2)))
    assert [section.topic for section in composed.sections] == ["alberta", "quebec"]


def test_a_mention_opens_nothing_and_another_channels_topic_neither() -> None:
    mention = a_report(1, central={"alberta": "mention"})
    assert digest_of(a_story(mention)).items == ()
    assert digest_of(a_story(a_report(1)), settings=ChannelSettings(topics=("quebec",))).items == ()


@pytest.mark.parametrize(("relation", "shown"), [("copy", False), ("repeat", False), ("update", True)])
def test_what_only_says_what_the_seeds_say_is_held_back(relation: Any, shown: bool) -> None:
    seed = SeedVerdict("seed-1", relation)
    additions = ("A new thing.",) if relation == "update" else ()
    items = digest_of(a_story(a_report(1, seed=seed, additions=additions))).items
    assert bool(items) is shown
    assert all(item.over_seed for item in items)


def test_a_story_adds_to_what_you_know_whichever_of_its_reports_shows_it() -> None:
    seed = SeedVerdict("seed-1", "update")
    (item,) = digest_of(a_story(a_report(1), a_report(2, seed=seed))).items
    assert (item.lead.article, item.over_seed) == (1, True)


def test_what_is_not_fresh_is_not_told_and_after_an_outage_is_told_apart() -> None:
    assert digest_of(a_story(a_report(1, tellable=False))).items == ()
    composed = digest_of(a_story(a_report(1, tellable=False, away=True)))
    assert [item.story for item in composed.away] == [1]
    assert composed.sections == ()


def test_an_update_is_what_adds_to_what_was_told() -> None:
    adds = a_report(2, additions=("The date is March 3.",))
    silent = a_report(3, additions=())
    composed = digest_of(told(adds, silent))
    (item,) = composed.updates
    assert (item.lead.article, item.lines, item.told_link) == (2, ("The date is March 3.",), "https://slack.example/p1")
    assert sorted(item.articles) == [2, 3]
    assert digest_of(told(silent)).items == ()


@pytest.mark.parametrize(("first", "expected"), [("breaking:desk:1", ""), ("digest:desk:1", "Petition handed in")])
def test_an_update_says_by_which_headline_its_story_was_told_but_where_that_stands_above(
    first: str, expected: str
) -> None:
    """A story that was told in a digest has for its thread the alert that came later, by another headline."""
    as_told = {"told_as": "Petition handed in", "told_in": "en", "told_by": first, "thread_key": "breaking:desk:1"}
    story = told(a_report(2), **as_told)
    (item,) = digest_of(story).updates
    assert (item.told_as, item.told_in) == ("Petition handed in", "en")
    answer = reply(DESK, story, key="r", at=AT)
    assert answer is not None
    assert [item.told_as for item in answer.items] == [expected]


@pytest.mark.parametrize("change", ["corrected", "withdrawn"])
def test_a_told_article_that_changed_is_an_update_marked_so(change: Any) -> None:
    (item,) = digest_of(told(a_report(1, told=True, additions=(), change=change))).updates
    assert item.change == change


def test_over_a_cap_it_waits_the_most_important_goes_first() -> None:
    stories = [a_story(a_report(n, story=n, topics={"alberta": n / 10})) for n in range(1, 8)]
    capped = digest_of(*stories, settings=ChannelSettings(per_digest=3))
    assert order(capped) == [7, 6, 5]
    assert capped.footer.waiting == 4
    daily = digest_of(*stories, settings=ChannelSettings(per_day=10), told_today=9)
    none = digest_of(*stories, settings=ChannelSettings(per_day=10), told_today=12)
    assert (none.items, none.footer.waiting) == ((), len(stories)), "the cap was lowered, or a clock ran ahead"
    assert (order(daily), daily.footer.waiting) == ([7], 6)


def test_nothing_new_is_said_too_unless_the_channel_wants_no_word() -> None:
    assert digest_of(footer=Footer(read=12)).footer.read == 12
    assert maybe(settings=ChannelSettings(empty=False)) is None


def test_breaking_tells_one_story_and_why() -> None:
    story = a_story(a_report(1, signals=("court decision",)))
    alert = breaking(DESK, story, key="breaking:1", at=AT, signal="growth")
    assert alert is not None
    assert (alert.kind, [item.signal for item in alert.items]) == ("breaking", ["court decision"])
    late = a_story(a_report(1, tellable=False, away=True))
    assert breaking(DESK, late, key="breaking:1", at=AT) is None


def test_an_update_of_a_story_with_a_thread_is_a_reply_at_most_one_in_half_an_hour() -> None:
    def answer(**more: Any) -> Digest | None:
        story = told(a_report(2), **{"thread_key": "breaking:1", **more})
        return reply(DESK, story, key="reply:1", at=AT)

    first = answer()
    assert first is not None
    assert (first.kind, first.thread_of) == ("reply", "breaking:1")
    assert answer(replied_at=AT - timedelta(minutes=29)) is None
    assert answer(replied_at=AT - timedelta(minutes=30)) is not None
    assert answer(replied_at=AT + timedelta(days=400)) is not None, "by a clock that ran ahead"
    assert answer(thread_key=None) is None


def test_a_declared_signal_is_news_where_it_was_not_told_and_is_reported() -> None:
    ruling = a_report(1, signals=("court decision",))
    assert declared(a_story(ruling))
    assert not declared(a_story(replace(ruling, tellable=False)))
    assert not declared(a_story(a_report(1, signals=("court decision",), piece={"kind": Kind.OPINION})))
    assert not declared(a_story(a_report(1, signals=("court decision",), piece={"tier": Tier.OPINION})))
    assert declared(told(ruling, signals=frozenset({"petition"})))
    assert not declared(told(ruling, signals=frozenset({"court decision"})))
    assert not declared(told(replace(ruling, additions=())))


def test_growth_counts_independent_reports_and_what_is_usual() -> None:
    now = MORNING + timedelta(hours=1)
    voices = [a_report(n) for n in range(1, 4)]
    reprints = [a_report(n, copy_of=1) for n in range(10, 20)]
    assert grows(voices, now, ()) == 3
    assert grows([voices[0], *reprints], now, ()) == 0
    assert grows(voices[:2], now, ()) == 0
    assert grows(voices, now + timedelta(hours=3), ()) == 0
    assert grows(voices, now, (1, 1, 1, 1, 1, 1, 2, 1)) == 3
    assert grows(voices, now, (1, 4, 6, 2, 5, 3, 4, 6)) == 0
    assert grows(voices, now, (1, 1, 1, 3, 1, 1, 3, 1)) == 0, "within three standard deviations of the mean"
    assert grows(voices, now, (4, 6, 5)) == 3, "too few stories to say what is usual"


@pytest.mark.parametrize(
    ("mute", "left"),
    [
        (Mute("story", "1"), [2]),
        (Mute("source", "outlet 2"), [1]),
        (Mute("phrase", "pétition"), []),
        (Mute("phrase", "petit"), [1, 2]),
        (Mute("phrase", "gathers 40,000 names"), []),
        (Mute("phrase", " Pétition –  gathers"), []),
        (Mute("phrase", "petition", channel="lab"), [1, 2]),
        (Mute("phrase", "petition", until=AT), [1, 2]),
        (Mute("phrase", "petition", until=AT + timedelta(days=1)), []),
    ],
)
def test_what_is_muted_is_taken_apart(mute: Mute, left: list[int]) -> None:
    stories = [a_story(a_report(1, story=1)), a_story(a_report(2, story=2))]
    heard, muted = apart(stories, [one for one in (mute,) if one.holds("desk", AT)])
    assert [story.story for story in heard] == left
    assert len(muted) == 2 - len(left)


def test_a_muted_outlet_is_not_named_among_those_that_only_repeated_the_story() -> None:
    story = a_story(a_report(1), counted=(a_report(2), a_report(3)))
    (heard,), muted = apart([story], [Mute("source", "Outlet 2")])
    assert ([report.piece.outlet for report in heard.counted], muted) == (["Outlet 3"], [])


_reports = st.builds(
    a_report,
    st.integers(1, 60),
    st.integers(1, 12),
    additions=st.sampled_from([(), ("New.",), ("New.", "Newer.", "Newest.")]),
    copy_of=st.none() | st.integers(1, 60),
    tellable=st.booleans(),
    away=st.booleans(),
    central=st.sampled_from([{"alberta": "main"}, {"quebec": "main"}, {"alberta": "mention"}, {}]),
    change=st.sampled_from(["", "corrected", "withdrawn"]),
)


@given(st.lists(_reports, max_size=30, unique_by=lambda report: report.piece.article), st.integers(1, 20))
def test_a_story_is_told_once_and_nothing_owed_is_dropped(reports: list[Report], cap: int) -> None:
    """The order in which stories come is no part of it; what a cap leaves is what the next digest tells."""
    by_story: dict[int, list[Report]] = {}
    for report in reports:
        by_story.setdefault(report.story, []).append(report)
    stories = [a_story(*each) if number % 2 else told(*each) for number, each in by_story.items()]
    uncapped = digest_of(*stories, settings=ChannelSettings(per_digest=500, per_day=1000))
    everything = sorted(order(uncapped))
    assert len(everything) == len(set(everything))
    assert digest_of(*reversed(stories), settings=ChannelSettings(per_digest=500, per_day=1000)) == uncapped
    seen: list[int] = []
    while True:
        composed = digest_of(*stories, settings=ChannelSettings(per_digest=cap))
        assert composed.footer.waiting == len(everything) - len(seen) - len(composed.items)
        seen += order(composed)
        if not composed.footer.waiting:
            break
        stories = [story for story in stories if story.story not in seen]
    assert sorted(seen) == everything
