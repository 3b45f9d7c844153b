"""What is new: material facts and nothing else, in either language, as short lines of the article's own words."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sovwatch.agreement import same
from sovwatch.claims import keys
from sovwatch.dates import parse
from sovwatch.figures import Figure, figures
from sovwatch.known import Known
from sovwatch.material import MATERIAL, weigh
from sovwatch.model import Dated
from sovwatch.novelty import LIKELY, additions, changes
from sovwatch.passages import LINE, boilerplate, clauses, cut, undated
from sovwatch.similarity import Fingerprint, fingerprint
from sovwatch.statements import Statements, statements
from sovwatch.text import fold, words

DATA = Path(__file__).parent / "data"
STORIES = [
    story
    for name in (
        "novelty.toml",
        "novelty_topics.toml",
        "novelty_h.toml",
        "novelty_i.toml",
        "novelty_j.toml",
        "novelty_k.toml",
    )
    for story in tomllib.loads((DATA / name).read_text(encoding="utf-8"))["story"]
]
PAIRS = [(story, other) for story in STORIES for other in story["other"]]
ARTICLES = [article for story in STORIES for article in (story, *story["other"])]
DAY = Dated(datetime(2026, 3, 5, 15, tzinfo=UTC))


def text_of(article: dict[str, Any]) -> str:
    return " ".join(article["text"].split())


def print_of(article: dict[str, Any]) -> Fingerprint:
    return fingerprint(
        article["title"], text_of(article), language=article["language"], published=parse(article["published"])
    )


def said_by(article: dict[str, Any]) -> Statements:
    return statements(article["title"], text_of(article), print_of(article))


def lines(article: dict[str, Any], *known: dict[str, Any]) -> list[str]:
    found = additions(said_by(article), [print_of(one) for one in known])
    return [addition.line for addition in found]


def says(new: str, *known: str, language: str = "en", title: str = "") -> list[str]:
    fp = fingerprint(title, new, language=language, published=DAY)
    old = [fingerprint("", text, language="en", published=DAY) for text in known]
    return [addition.line for addition in additions(statements(title, new, fp), old)]


def test_precision_and_recall_on_our_own_pairs() -> None:
    """By hand, in batches that the method had not seen: docs/tried.md says what it made of each at first."""
    found = [(other["adds"], bool(lines(other, story))) for story, other in PAIRS]
    right = found.count((True, True))
    assert len(PAIRS) >= 339
    assert right / (right + found.count((False, True))) >= 0.88
    assert right / (right + found.count((True, False))) >= 0.92


@pytest.mark.parametrize("languages", [("en", "en"), ("fr", "fr"), ("en", "fr"), ("fr", "en")])
def test_every_pair_of_languages_is_in_the_set_both_ways(languages: tuple[str, str]) -> None:
    adding = [other["adds"] for story, other in PAIRS if (story["language"], other["language"]) == languages]
    assert adding.count(True) >= 4
    assert adding.count(False) >= 4


def test_what_is_said_names_the_new_fact() -> None:
    found = [(other["says"], lines(other, story)) for story, other in PAIRS if other["adds"]]
    named = [any(says in line for line in told) for says, told in found if told]
    assert sum(named) / len(named) >= 0.97


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article["title"])
def test_an_article_adds_nothing_to_itself(article: dict[str, Any]) -> None:
    assert lines(article, article) == []


@pytest.mark.parametrize(("story", "other"), PAIRS[::3], ids=lambda article: article["title"])
def test_an_article_adds_nothing_to_a_longer_one_that_contains_it(story: dict[str, Any], other: dict[str, Any]) -> None:
    longer = {**other, "text": text_of(other) + "\n" + other["title"] + "\n" + text_of(story)}
    assert lines(other, longer) == []


@given(order=st.permutations(range(5)), which=st.integers(0, len(STORIES) - 1))
@settings(max_examples=30)
def test_the_order_of_what_is_known_changes_nothing(order: list[int], which: int) -> None:
    story = STORIES[which]
    known = [story, *story["other"]][:5]
    known = [known[place] for place in order if place < len(known)]
    new = ARTICLES[which]
    assert lines(new, *known) == lines(new, *reversed(known))


@given(amount=st.integers(1100, 9_000_000), which=st.integers(0, len(STORIES) - 1))
@settings(max_examples=40)
def test_a_sentence_with_a_new_figure_is_told(amount: int, which: int) -> None:
    story = {**STORIES[which], "text": text_of(STORIES[which])}
    if any(
        same(Figure(float(amount), "dollar"), figure) for figure in figures(fold(text_of(story)), story["language"])
    ):
        return
    sentence = f"The lawyers were paid ${amount:,} in all."
    if story["language"] == "fr":
        sentence = f"Les avocats ont touché {amount} dollars en tout.".replace(",", " ")
    assert sentence in lines({**story, "text": story["text"] + " " + sentence}, story)


@given(which=st.integers(0, len(PAIRS) - 1))
@settings(max_examples=40)
def test_lines_are_short_and_the_article_s_own_words(which: int) -> None:
    _, other = PAIRS[which]
    for line in lines(other):
        assert len(line) <= LINE
        assert all(_of(text_of(other), piece) for piece in line.strip("… ").split(" … ")) or line == other["title"]


def _of(text: str, piece: str) -> bool:
    """Whether a piece of a line is the article's own: cut, it has a capital of its own, and marks that are closed."""
    return piece.strip("“”«» ").casefold() in text.casefold()


def test_more_known_never_adds_lines() -> None:
    for story, other in PAIRS:
        fewer, more = lines(other, story), lines(other, story, *story["other"])
        assert bool(fewer) or not more


def test_texts_may_be_gone_since_a_packed_fingerprint_tells_the_same() -> None:
    for story, other in PAIRS:
        kept = Fingerprint.unpack(print_of(story).pack())
        now = additions(said_by(other), [kept])
        assert lines(other, story) == [addition.line for addition in now]


@pytest.mark.parametrize(
    ("language", "text", "first"),
    [
        (
            "en",
            "It counted 38,200 signatures. The Dawson League lost 41,500 members.",
            "The Dawson League",
        ),
        (
            "fr",
            "Elle a compté 38 200 signatures. La Ligue Dawson a perdu 41 500 membres.",
            "La Ligue Dawson",
        ),
    ],
)
def test_a_line_that_points_back_stands_after_one_that_stands_alone(language: str, text: str, first: str) -> None:
    found = says(text, "The Dawson League opened an office.", language=language)
    assert len(found) == 2
    assert found[0].startswith(first)


def test_all_lines_are_material() -> None:
    for story, other in PAIRS:
        assert all(one.weight >= LIKELY for one in additions(said_by(other), [print_of(story)]))


def test_the_line_that_is_likeliest_news_stands_first_wherever_the_text_has_it() -> None:
    lede = "The council of Marlow Falls will meet in a church on Dove Street."
    cost = "The church takes $400 for an evening, Mayor Ada Strand said Tuesday."
    assert says(f"{lede} {cost}", "The council of Marlow Falls met at the hall.") == [cost, lede]


def test_two_lines_that_are_surely_news_stand_as_in_the_text() -> None:
    vote = "The council of Marlow Falls voted on Tuesday to ban trucks."
    cost = "Mayor Ada Strand said Tuesday that the signs cost $40,000, the lawyers $90,000 and the vote $5,000."
    known = "The council of Marlow Falls met at the hall."
    assert says(f"{vote} {cost}", known) == [vote, cost]
    assert says(f"{cost} {vote}", known) == [cost, vote]


def test_of_two_lines_that_weigh_alike_the_one_that_says_less_of_what_is_known_stands_first() -> None:
    known = "The council of Marlow Falls visited the new library on Dove Street after a year of work."
    again = "The council of Marlow Falls approved the new library on Dove Street after a year of work."
    other = "A baker was appointed to watch the bridge."
    assert says(f"{again} {other}", known) == [other, again]
    assert says(f"{again} {other}", "Rain fell.") == [again, other]


def test_of_two_lines_that_point_back_the_one_that_the_text_has_first_stands_first() -> None:
    first, then = "They appointed a baker to watch the bridge.", "They paid $40,000 for the lamps."
    assert says(f"{first} {then}", "Rain fell.") == [first, then]


def test_where_nothing_is_known_an_article_says_something() -> None:
    assert says("The mood in town was hard to describe. People came and went.") == [
        "The mood in town was hard to describe."
    ]
    assert says("") == []
    assert all(lines(article) for article in ARTICLES)


def test_one_fact_is_told_once() -> None:
    text = "The fine is $40,000. Once more: the fine is 40 000 dollars. They must pay $40,000."
    assert len(says(text, "A firm broke the rules.")) == 1


@pytest.mark.parametrize(
    "known",
    ["Support is at 30 per cent.", "Support is at thirty percent.", "Support stands at about 30 %."],
)
@pytest.mark.parametrize(
    "new", ["L'appui est de 30 %.", "L'appui atteint trente pour cent.", "L'appui est d'environ 30 p. cent."]
)
def test_a_figure_is_the_same_however_it_is_written(known: str, new: str) -> None:
    assert says(new, known, language="fr") == []


@pytest.mark.parametrize(
    ("new", "known"),
    [
        ("Yes needs 50 per cent of voters.", "Yes needs half of the voters."),
        ("It heard 57 people.", "It heard 57 witnesses over eight months."),
        ("A dozen or so signatures were found.", "Eleven signatures were found."),
        ("The party promised a third referendum.", "The party promised another referendum."),
        ("The vote is to be held by 2030.", "The vote is to be held by March 2030."),
    ],
)
def test_a_figure_in_other_words_is_no_news(new: str, known: str) -> None:
    assert says(new, known) == []


@pytest.mark.parametrize(
    "new",
    [
        "Turnout was 72 per cent.",
        "The RCMP raided the office.",
        "The site was opened 23,000 times.",
        "Interest rose more than support: 71 per cent follow it.",
        "The vote will be held on May 4, 2030, at the latest.",
    ],
)
def test_what_looks_like_what_is_known_is_still_news(new: str) -> None:
    assert says(new, "Turnout was 28 per cent. The office is shut. The vote will be held by 2030.")


def test_a_new_name_that_says_nothing_new_is_no_news() -> None:
    known = "A poll puts support for the party, which has a new leader, at 34 per cent."
    assert says("Party leader Marc Delisle is not worried by a poll that puts support at 34 per cent.", known) == []
    more = "Party leader Marc Delisle said the questions were leading, the sample small and the method unheard of."
    assert says(more, known) == [more]


def test_the_headline_is_a_line_only_where_the_text_has_none() -> None:
    text = "Two people were arrested at the port on Friday."
    assert says(text, "The port is calm.", title="RCMP arrest two after riot at port") == [text]
    bare = "Nobody knows more."
    assert says(bare, "The port is calm.", title="RCMP arrest two at port") == ["RCMP arrest two at port"]


def test_a_copy_under_another_headline_adds_nothing() -> None:
    text = (
        "The council of Marlow Falls will not talk to the union before the vote in spring, Mayor Helen Tarrant said "
        "after a meeting with the engineers who had come to look at the old bridge and its two piers of stone."
    )
    assert says(text, text, title="Mayor rejects talks") == []
    assert says(text + " The bridge was closed on Friday.", text, title="Mayor rejects talks") == [
        "The bridge was closed on Friday."
    ]


def test_a_line_tells_what_was_said_before_who_said_it() -> None:
    text = (
        "Le gouvernement du Québec demandera le statut d'intervenant dans la cause sur la question de séparation de "
        "l'Alberta, a indiqué jeudi le ministre de la Justice, Simon Valcourt-Jolin."
    )
    (line,) = says(text, "A judge ruled on a question.", language="fr")
    assert line.startswith("Le gouvernement du Québec demandera le statut d'intervenant")


@pytest.mark.parametrize(
    "furniture",
    [
        "With files from Dora Quill in Leduc.",
        "Sign up for our newsletter, read by 40,000 people.",
        "Read more: 25 people charged in Calgary.",
        "Avec des informations de La Presse Canadienne.",
        "Abonnez-vous à notre infolettre pour 12 $ par mois.",
        "Crédit photo : Armand Sicotte, 2026.",
        "This report by The Canadian Press was first published March 5, 2026.",
        "Photo: Nadia Brock/Getty Images",
        "January 31, 2026 - By Staff Reporter",
        "Published Jan. 30, 2026 at 10:15",
        "30 janvier 2026 - Par Jean Roy",
        "3 of 17.",
        "Continue reading the main story",
        "À lire également : 25 personnes accusées à Calgary.",
        "The 4,000 came https://t.co/Xy1 pic.twitter.com/Zw2",
        "Ada Quist of the Ledger and 12 students contributed to this report.",
        "Jean Roy a contribué à cet article de 2026.",
        "(Reporting by Ada Quist in Leduc, editing by Ivor Sand) nL6N0NS1EA",
        "User comments do not reflect the views of the Ledger’s 40 owners.",
        "Les opinions exprimées n’engagent que leurs 12 auteurs.",
        "A march of 4,000 people at the hall on Tuesday [AFP]",
        "Un édito de Jean Roy.",
        "An opinion piece by Ada Quist.",
        "Re: “Council votes to leave,” Feb. 2.",
    ],
)
def test_a_publisher_s_furniture_is_never_news(furniture: str) -> None:
    assert boilerplate(furniture)
    known = "The city will close the bridge."
    assert says(f"The city will close the bridge.\n{furniture}", known) == []


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("OTTAWA, Jan. 29 - The vote is on.", "The vote is on."),
        ("New Delhi, Jan. 31 -- The vote is on.", "The vote is on."),
        ("MONTRÉAL – Le vote aura lieu.", "Le vote aura lieu."),
        ("EDMONTON — (La Presse Canadienne) Le vote aura lieu.", "Le vote aura lieu."),
        ("date 2026-01-30 Toronto: The vote is on.", "The vote is on."),
        ("The vote - at last - is on.", "The vote - at last - is on."),
        ("QUÉBEC | Le vote aura lieu.", "Le vote aura lieu."),
        ("Québec — Le vote aura lieu.", "Le vote aura lieu."),
        ("Calgary (La Presse Canadienne) — Le vote aura lieu.", "Le vote aura lieu."),
        ("EDMONTON—The vote is on.", "The vote is on."),
        ("RIMOUSKI, Que. — The vote is on.", "The vote is on."),
        ("(Northline) -- The vote is on.", "The vote is on."),
        ("— The vote is on.", "The vote is on."),
        ("• The vote is on.", "The vote is on."),
        ("RED DEER/OTTAWA, March 7 (Northline) - The vote is on.", "The vote is on."),
        ("Separatism — Alberta’s, not Quebec’s — is back.", "Separatism — Alberta’s, not Quebec’s — is back."),
        ("Copper Bay, Alberta (CNN) -- The vote is on.", "The vote is on."),
        ("The Marlow League (ML) – which wants out – met.", "The Marlow League (ML) – which wants out – met."),
        ("5 September 2026  The vote is on.", "The vote is on."),
        ("March 5, 2026 The vote is on.", "The vote is on."),
        ("5 mars 2026 Le vote aura lieu.", "Le vote aura lieu."),
        ("March 5, 2026, is the day of the vote.", "March 5, 2026, is the day of the vote."),
        ("(Translated from Basque) The vote is on.", "The vote is on."),
        ("(Traduit de l’anglais) Le vote aura lieu.", "Le vote aura lieu."),
        ("QUÉBEC, le 3 sept. 2025 /CNW Telbec/ - Le vote aura lieu.", "Le vote aura lieu."),
    ],
)
def test_a_dateline_is_no_part_of_a_line(line: str, rest: str) -> None:
    assert undated(line) == rest


def test_an_edit_that_corrects_a_figure_a_name_or_a_day_is_told() -> None:
    before = "Three people were hurt when a bus left the road, said Constable Ivor Sand. The inquest opens on May 4."
    old = fingerprint("Bus leaves road", before, language="en", published=DAY)

    def changed(text: str, title: str = "Bus leaves road") -> tuple[str, ...]:
        return changes(statements(title, text, fingerprint(title, text, language="en", published=DAY)), [old])

    assert changed(before.replace("Three", "Four"))
    assert changed(before.replace("Sand", "Strand"))
    assert changed(before.replace("May 4", "May 11"))
    assert changed(before, title="Bus leaves road, driver arrested")
    assert changed(before + " The driver was charged with dangerous driving.")
    assert changed(before) == ()
    assert changed(before.replace("left the road", "went off the road").replace("hurt", "injured")) == ()
    assert changed(before + " Read more: ten places to see.", title="Bus leaves the road") == ()


def test_what_an_edit_says_stands_as_in_the_text() -> None:
    """A notice tells first what was wrong: « La bonne proportion est de 54 % » says nothing above that."""
    before = "Les délégués du syndicat ont voté à 58 % mercredi en faveur de la résolution, à Jonquière."
    notice = "Rectificatif : une version antérieure de ce texte indiquait que 58 % des délégués l’avaient appuyée."
    right = "La bonne proportion est de 54 %."
    old = fingerprint("Le syndicat appuie l’indépendance", before, language="fr", published=DAY)
    text = f"{before.replace('58', '54')} {notice} {right}"
    title = "Le syndicat appuie l’indépendance"
    lines = changes(statements(title, text, fingerprint(title, text, language="fr", published=DAY)), [old])
    assert [line for line in lines if line in {notice, right}] == [notice, right]


def test_what_is_denied_is_not_what_was_said() -> None:
    known = "Minister Ada Brook resigned on Tuesday."
    assert "cresign" in keys(known, words(known), "en", None)
    for denied, language in (("Minister Ada Brook did not resign.", "en"), ("La ministre n'a pas démissionné.", "fr")):
        assert "c-resign" in keys(denied, words(denied), language, None)


def test_who_hands_in_names_resigns_from_nothing() -> None:
    def acts(text: str) -> set[str]:
        return {key for key in keys(text, words(text), "en", None) if key[:1] == "c"}

    assert acts("The group hands in 61,300 names.") == {"csubmit"}
    assert acts("The reeve hands in his resignation.") == acts("The reeve handed in her resignation.") == {"cresign"}


@pytest.mark.parametrize(
    ("new", "language", "told"),
    [
        ("The mayor resigned days after the town was asked whether it wants a vote.", "en", True),
        ("The mayor resigned on Friday.", "en", True),
        ("Le maire a démissionné.", "fr", True),
        ("Nobody asked whether the mayor resigned.", "en", False),
        ("The town is waiting until the mayor resigns.", "en", False),
        ("Did the mayor resign?", "en", False),
        ("The town thanked those who resigned.", "en", False),
        ("Le maire démissionnerait.", "fr", False),
        ("La ville attend jusqu'à ce que le maire démissionne.", "fr", False),
    ],
)
def test_an_act_is_news_where_it_is_done_and_the_news(new: str, language: str, *, told: bool) -> None:
    fp = fingerprint("", new, language=language, published=DAY)
    town = Known([fingerprint("", "The town is calm.", language="en", published=DAY)])
    (statement,) = statements("", new, fp).found
    assert (weigh(town.news(statement.facts, statement.terms, language)) >= MATERIAL) == told


def test_somebody_who_speaks_on_a_later_day_is_news_by_that_too_but_not_over_a_seed() -> None:
    known = "The town of Marlow Falls is calm, Mayor Ada Strand said Monday."
    old = [fingerprint("", known, language="en", published=Dated(datetime(2026, 3, 2, 15, tzinfo=UTC)))]

    def told(day: str, *, by_day: bool = True) -> bool:
        text = f"Ada Strand, of Marlow Falls, said {day} that she likes Fernie."
        said = statements("", text, fingerprint("", text, language="en", published=DAY))
        return bool(additions(said, old, by_day=by_day))

    assert told("Thursday")
    assert not told("Monday")
    assert not told("Thursday", by_day=False)


def test_a_long_sentence_is_cut_after_the_new_fact() -> None:
    long = (
        "The council, which has met every week since the flood of last spring that took the old bridge and most of "
        "the road beside it, and which many in town no longer trust, voted on Thursday to spend $4.2 million on a new "
        "dike, although nobody could say when the work would begin or who would do it in the time that was left, and "
        "although the province had asked for more time."
    )
    (line,) = says(long, "The council met about the flood.")
    assert line.startswith("The council, which has met every week since the flood")
    assert line.endswith(
        "voted on Thursday to spend $4.2 million on a new dike, although nobody could say when the work would begin …"
    )


@pytest.mark.parametrize(
    "opening", ["After a night of talks that went on until the morning, {}, ", "Nobody slept, {}; "]
)
def test_a_cut_line_leaves_out_an_opening_that_says_another_thing(opening: str) -> None:
    told = (
        "as the mayor was to tell reporters later on the steps of the old town hall, where the paint was coming off in "
        "the rain that had not stopped since the strike was called by the men of the night shift on the first of May"
    )
    (line,) = says(
        opening.format(told) + "the union and the port agreed to end it for $3.1 million.", "A strike is on."
    )
    assert line == "The union and the port agreed to end it for $3.1 million."


@given(which=st.integers(0, len(PAIRS) - 1), more=st.integers(0, 9))
@settings(max_examples=60)
def test_a_line_begins_with_no_ellipsis_and_with_a_capital(which: int, more: int) -> None:
    _, other = PAIRS[which]
    long = text_of(other).replace(". ", ", and what is more, ", more)  # so that there is something to cut
    for line in says(long, language=other["language"]) + lines(other):
        first = next(letter for letter in line if letter.isalnum())
        assert not line.startswith("…")
        assert not first.islower()


def test_a_line_does_not_end_on_the_hours_before_something() -> None:
    long = (
        "Hollis Vandermeer resigned late on Friday as director of the Free West Trust, two days after a judge had told "
        "it to return what it took from its donors over the years, most of them in small towns of the prairies."
    )
    (line,) = says(long, "The trust is calm.")
    assert not line.removesuffix(" …").endswith("days")
    assert line.startswith("Hollis Vandermeer resigned")


@given(st.text(alphabet="ab ,;:—.é…and", max_size=400))
@settings(max_examples=200)
def test_a_cut_line_is_never_too_long_nor_fails(sentence: str) -> None:
    if sentence.strip():
        assert len(cut(sentence, [1.0] * len(clauses(sentence)))) <= LINE


FILED = "The Kisewa River Nation filed its application on the petition in Edmonton."
ASKS = "It asks that the count of 196,412 names be stopped."
COLWELL = "Ada Colwell, its lawyer, wants $48,000 back."
FAR = f"{FILED[:-1]}, and {'the nation has a case and ' * 8}a cause."


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"{FILED} {ASKS}", [f"{FILED} {ASKS}"]),
        (f"{COLWELL} {FILED} {ASKS}", [COLWELL, f"{FILED} {ASKS}"]),
        (f"{COLWELL} {ASKS}", [COLWELL, ASKS]),  # it stands right above
        (f"{FILED} This is that. {ASKS}", [ASKS]),  # which points back itself
        (f"{FAR} {ASKS}", [ASKS]),
        (f"{ASKS} {FILED}", [ASKS]),  # the headline stands above it
    ],
)
def test_a_line_that_points_back_has_the_sentence_before_it_where_there_is_room(text: str, shown: list[str]) -> None:
    assert says(text, FILED, title="Nation goes to court over Alberta petition") == shown
