"""Seeds: what only repeats them is held back, what adds is not, and a later happening never is."""

import base64
import re
import subprocess
import sys
import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sovwatch.app.opening import read_cards
from sovwatch.dates import parse
from sovwatch.misses import nearest_miss
from sovwatch.model import Dated, Precision, SeedVerdict
from sovwatch.seeds import AFTER, BEFORE, Card, against_seeds, make_card
from sovwatch.similarity import Fingerprint, fingerprint
from sovwatch.statements import statements
from sovwatch.text import words

DATA = Path(__file__).parent / "data"
ROOT = Path(__file__).parent.parent
INVENTED = tomllib.loads((DATA / "invented_seeds.toml").read_text(encoding="utf-8"))
AFFAIR = tomllib.loads((DATA / "seed_affair.toml").read_text(encoding="utf-8"))["article"]
AROUND = [article for article in AFFAIR if "batch" not in article]
BATCHES = [article for article in AFFAIR if "batch" in article]
HAPPENED = (INVENTED["happened"], INVENTED["happened"])
HELD = {"copy", "repeat"}


def the_cards() -> tuple[Card, ...]:
    return tuple(
        make_card(f"gull-island-{number}", seed["text"], happened=HAPPENED, affair="gull-island")
        for number, seed in enumerate(INVENTED["seed"], 1)
    )


def shipped_cards() -> tuple[Card, ...]:
    return tuple(
        Card.from_toml(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "config/seeds").glob("*.toml"))
    )


def print_of(article: dict[str, Any]) -> Fingerprint:
    return fingerprint(
        article["title"], article["text"], language=article["language"], published=parse(article["published"])
    )


def relation(article: dict[str, Any], cards: tuple[Card, ...]) -> str:
    verdict = against_seeds(statements(article["title"], article["text"], print_of(article)), cards)
    return verdict.relation if verdict else "none"


@pytest.mark.parametrize("article", INVENTED["article"], ids=lambda article: article["title"])
def test_an_article_stands_to_invented_seeds_as_a_desk_would_say(article: dict[str, Any]) -> None:
    assert article["stands"] == relation(article, the_cards())


@pytest.mark.parametrize("article", AROUND, ids=lambda article: article["title"])
def test_around_the_shipped_seeds_repeats_are_held_back_and_no_news_is(article: dict[str, Any]) -> None:
    assert (article["stands"] in HELD) == (relation(article, shipped_cards()) in HELD)


def test_batches_written_unseen_are_held_back_and_told_as_a_desk_would() -> None:
    """The one repeat that is told today is a single sentence in French."""
    found = [(article["stands"], relation(article, shipped_cards()) in HELD) for article in BATCHES]
    assert len(BATCHES) >= 85
    assert found.count(("news", True)) == 0
    assert found.count(("held", True)) >= 0.97 * (found.count(("held", True)) + found.count(("held", False)))


def test_nearly_all_updates_of_the_shipped_affair_are_seen_as_such() -> None:
    updates = [relation(article, shipped_cards()) for article in AROUND if article["stands"] == "update"]
    assert sum(found == "update" for found in updates) >= 3
    assert "none" not in [relation(a, the_cards()) for a in INVENTED["article"] if a["stands"] == "update"]


@pytest.mark.parametrize(
    ("title", "nearest", "why"),
    [
        ("Carney rappelle Washington à l'ordre", "0% of its wording, 0.42", "published 2026-05-04, not within 10 days"),
        ("Legault appuie Carney face à Washington", "0% of its wording, 0.39", "it tells of a day after what happened"),
    ],
)
def test_of_an_article_that_no_seed_holds_back_is_said_how_near_one_came_and_why(
    title: str, nearest: str, why: str
) -> None:
    article = next(article for article in AFFAIR if article["title"] == title)
    said = str(nearest_miss(statements(title, article["text"], print_of(article)), shipped_cards()))
    assert f": {nearest} of what its affair is about; nothing held back: {why}" in said


def test_who_took_a_picture_is_not_what_an_article_speaks_of() -> None:
    article = next(one for one in AFFAIR if one["title"].startswith("Canada will decide its own future"))
    assert "(Photo: Northern Wire)" in article["text"]
    assert relation(article, shipped_cards()) == "repeat"
    other = {**article, "text": article["text"].replace("(Photo: Northern Wire)", "The Northern Wire Quartet played.")}
    said = str(nearest_miss(statements(other["title"], other["text"], print_of(other)), shipped_cards()))
    assert "it says nothing new that can be named, but speaks of what no seed does" in said


def test_what_cannot_be_known_of_a_near_article_is_said() -> None:
    article = next(a for a in INVENTED["article"] if a["stands"] == "update")
    undated = fingerprint(article["title"], article["text"], language=article["language"], published=None)
    for text, fp, why in ((article["text"], undated, "nothing says when"), ("", print_of(article), "no longer kept")):
        miss = nearest_miss(statements(article["title"], text, fp), the_cards())
        assert miss is not None
        assert why in miss.why
    assert nearest_miss(statements("", "", undated), ()) is None


def test_what_opens_with_something_else_and_adds_is_no_update() -> None:
    """Its first sentences are about snow, so that only its end is of the affair."""
    article = next(a for a in INVENTED["article"] if a["stands"] == "update" and a["language"] == "en")
    snow = "Snow closed the road. " * 4 + article["text"]
    fp = fingerprint("Snow", snow, language="en", published=parse(article["published"]))
    assert against_seeds(statements("Snow", snow, fp), the_cards()) is None
    miss = nearest_miss(statements("Snow", snow, fp), the_cards())
    assert miss is not None
    assert miss.why.startswith("it opens with something else, and adds: ")


@given(st.text(), st.text(), st.lists(st.text(), max_size=3))
@example("\x7f", "\x7f", ["\x7f"])
def test_a_card_says_what_it_was_given_whatever_that_is(title: str, url: str, facts: list[str]) -> None:
    card = replace(make_card("one", "A vote was held.", title=f"T{title}", url=url), facts=tuple(facts))
    assert Card.from_toml(card.to_toml()) == card


def test_seeds_of_one_affair_are_known_together() -> None:
    """The repeat takes the 40 per cent from one seed and the three meetings from the other."""
    article = next(a for a in INVENTED["article"] if a["stands"] == "repeat" and a["language"] == "fr")
    first, second = the_cards()
    assert relation(article, (first, second)) == "repeat"
    assert relation(article, (second,)) == "update"


def test_a_date_line_is_no_evidence_of_the_day() -> None:
    one, other = (make_card("a", seed["text"], happened=HAPPENED) for seed in INVENTED["seed"])
    for card in (one, other):
        said = {key for part in card.fingerprint.claims.parts for key in part if key[0] == "d"}
        assert said == {"d2026-03-12"}
    undated = INVENTED["seed"][0]["text"].replace(" date 2026-03-13 ", "")
    assert make_card("a", undated, happened=HAPPENED).fingerprint == one.fingerprint


@pytest.mark.parametrize("days", [-30, -3, 11, 40, 400])
def test_nothing_is_held_back_far_from_the_happening_but_copies(days: int) -> None:
    day = HAPPENED[0] + timedelta(days=days)
    assert not HAPPENED[0] - BEFORE <= day <= HAPPENED[0] + AFTER
    for article in INVENTED["article"]:
        found = relation({**article, "published": day.isoformat()}, the_cards())
        assert found in ({"copy", "update"} if article["stands"] == "copy" else {"none"})


def test_a_card_without_a_day_recognises_copies_only() -> None:
    cards = tuple(make_card(str(n), seed["text"], affair="gull") for n, seed in enumerate(INVENTED["seed"]))
    found = [relation(article, cards) for article in INVENTED["article"]]
    assert found.count("copy") == 1
    assert set(found) == {"copy", "none"}


def test_a_copy_with_a_new_fact_is_an_update() -> None:
    article = next(a for a in INVENTED["article"] if a["stands"] == "copy")
    longer = article["text"] + "\nNorrland shares fell 12 per cent in Gothenburg on Friday."
    verdict = against_seeds(statements(article["title"], longer, print_of({**article, "text": longer})), the_cards())
    assert verdict is not None
    assert verdict.relation == "update"
    assert "12 per cent" in verdict.why


def test_what_copies_the_seed_of_one_affair_and_adds_to_that_of_another_is_a_copy() -> None:
    text = INVENTED["seed"][0]["text"]
    whole, half = (make_card(name, text[:end], happened=HAPPENED) for name, end in (("all", None), ("half", 600)))
    said = statements("", text, whole.fingerprint)
    assert against_seeds(said, (half,)) == SeedVerdict("half", "update", ANY)
    for cards in ((whole, half), (half, whole)):
        assert against_seeds(said, cards) == SeedVerdict("all", "copy", ANY)


def test_a_third_of_a_seed_is_a_copy_of_it() -> None:
    text = INVENTED["seed"][0]["text"].split("Island warden")[0].split("(Picture: Coastal Desk)")[1]
    article = {"title": "On the wharf", "text": text, "language": "en", "published": "2026-03-13"}
    assert relation(article, the_cards()) == "copy"


def test_no_date_at_all_holds_nothing_back_but_copies() -> None:
    for article in INVENTED["article"]:
        fp = fingerprint(article["title"], article["text"], language=article["language"], published=None)
        verdict = against_seeds(statements(article["title"], article["text"], fp), the_cards())
        assert (verdict is not None) == (article["stands"] == "copy")


def test_a_month_counts_as_a_whole() -> None:
    article = next(a for a in INVENTED["article"] if a["stands"] == "repeat")
    for published, found in ((datetime(2026, 3, 1, tzinfo=UTC), True), (datetime(2026, 4, 1, tzinfo=UTC), False)):
        fp = fingerprint(article["title"], article["text"], language="en", published=Dated(published, Precision.MONTH))
        assert found == (against_seeds(statements(article["title"], article["text"], fp), the_cards()) is not None)


def test_the_order_of_cards_changes_no_relation() -> None:
    first, second = the_cards()
    for article in INVENTED["article"]:
        assert relation(article, (first, second)) == relation(article, (second, first))


def test_no_cards_hold_nothing_back() -> None:
    assert {relation(article, ()) for article in INVENTED["article"]} == {"none"}


def test_a_card_is_read_as_it_was_written() -> None:
    for card in the_cards():
        assert Card.from_toml(card.to_toml()) == card


def test_a_card_keeps_quotes_and_french() -> None:
    card = make_card("x", "Un texte.", title='« Oui » \\ "non"\n', happened=(date(2026, 1, 2), date(2026, 1, 5)))
    again = Card.from_toml(card.to_toml())
    assert ('« Oui » \\ "non"\n', (date(2026, 1, 2), date(2026, 1, 5)), "fr") == (
        again.title,
        again.happened,
        again.language,
    )


def with_byte(text: str, place: int, value: int) -> str:
    """A card with one byte of its fingerprint changed: 7 is its precision, 15 the highest of its date."""
    packed = bytearray(base64.b85decode("".join(tomllib.loads(text)["fingerprint"].split())))
    packed[place] = value
    return re.sub(r"(?s)fingerprint = .*", lambda _: f"fingerprint = '{base64.b85encode(packed).decode()}'", text)


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace("fingerprint", "imprint"),
        lambda text: re.sub(r"(?s)'''\n.*'''", "'''nothing'''", text),
        lambda text: text.replace('id = "', "id = "),
        lambda text: re.sub(r"(?s)fingerprint = .*", "fingerprint = 5", text),
        lambda text: re.sub(r"(?s)facts = \[.*?\n\]", "facts = 5", text),
        lambda text: with_byte(text, 7, 255),
        lambda text: with_byte(text, 15, 127),
        lambda _: "",
    ],
)
def test_a_damaged_card_is_a_value_error(damage: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        Card.from_toml(damage(the_cards()[0].to_toml()))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ('happened = "in January"', "`happened` is to be a day"),
        ("happened = 2026-02-03T12:00:00", "`happened` is to be a day"),
        ("title = 7", "`title` is to stand in quotes"),
        ("happenned = 2026-02-03", "unknown key 'happenned'; did you mean 'happened'?"),
    ],
)
def test_what_is_set_wrongly_by_hand_is_named(wrong: str, said: str) -> None:
    key = wrong.partition(" ")[0].replace("nn", "n")
    with pytest.raises(ValueError, match=said):
        Card.from_toml(re.sub(rf"(?m)^{key} = .*$", wrong, the_cards()[0].to_toml()))


def test_one_day_alone_says_when_it_happened() -> None:
    card = Card.from_toml(re.sub(r"(?m)^happened = .*$", "happened = 2026-02-03", the_cards()[0].to_toml()))
    assert card.happened == (date(2026, 2, 3), date(2026, 2, 3))


def test_a_card_that_lost_a_line_of_its_fingerprint_is_refused() -> None:
    lines = the_cards()[0].to_toml().splitlines(keepends=True)
    for lost in range(-2, -6, -1):
        with pytest.raises(ValueError, match="fingerprint"):
            Card.from_toml("".join(lines[:lost] + lines[lost + 1 :]))


def test_a_card_holds_no_sentence_of_the_text() -> None:
    for card, seed in zip(the_cards(), INVENTED["seed"], strict=True):
        written = set(words(card.to_toml()))
        for sentence in seed["text"].split("."):
            long = {word for word in words(sentence) if len(word) > 6}
            assert len(long) < 3 or not long <= written


def test_the_shipped_cards_say_when_it_happened_and_what_in_our_words() -> None:
    cards = shipped_cards()
    assert {card.happened for card in cards} == {(date(2026, 1, 29), date(2026, 1, 29))}
    assert len({card.affair for card in cards}) == 1
    assert all(len(card.facts) >= 5 for card in cards)


def test_what_is_no_card_lies_in_their_folder_undisturbed(tmp_path: Path) -> None:
    (tmp_path / "one.toml").write_text(the_cards()[0].to_toml(), encoding="utf-8")
    (tmp_path / "notes.txt").write_text("to be read again", encoding="utf-8")
    assert [card.id for card in read_cards(tmp_path)] == ["gull-island-1"]


def test_the_benchmark_makes_the_cards_again_or_says_that_it_cannot() -> None:
    command = [sys.executable, "-m", "benchmarks.seeds"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert (done.returncode, "cards are what" in done.stdout or "is absent" in done.stdout) == (0, True), done.stdout


def test_the_benchmark_names_a_card_that_is_not_its_text(tmp_path: Path) -> None:
    from benchmarks.seeds import TEXTS

    (tmp_path / "seeds").mkdir()
    for name, file in TEXTS.items():
        (tmp_path / "seeds" / file).write_text("Another text.", encoding="utf-8")
        card = (ROOT / "config/seeds" / f"{name}.toml").read_text(encoding="utf-8")
        (tmp_path / f"{name}.toml").write_text(card, encoding="utf-8")
    folders = ["--seeds", str(tmp_path / "seeds"), "--cards", str(tmp_path)]
    command = [sys.executable, "-m", "benchmarks.seeds", *folders]
    compared = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert (compared.returncode, compared.stdout.count("--write takes it anew")) == (1, 2)
    assert subprocess.run([*command, "--write"], capture_output=True, check=False, cwd=ROOT).returncode == 0
    assert subprocess.run(command, capture_output=True, check=False, cwd=ROOT).returncode == 0
