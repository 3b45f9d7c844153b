"""What a newsroom puts under all its articles makes of two of them neither copies nor one story."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest

from sovwatch.copies import compare
from sovwatch.evaluate import Labelled, arranged, told
from sovwatch.model import Dated

MEMBERS = (
    "Support local news: this story is free for everyone thanks to our members, so please consider a monthly gift to "
    "keep reporters in our towns and hold power to account."
)
ORIGIN = (
    "This article was originally published by the Prairie Record, a newsroom without a paywall that is paid for by its "
    "readers and by nobody else."
)
FRENCH = (
    "Cet article vous est offert par les abonnés du Courrier des plaines, dont les dons permettent à nos journalistes "
    "de raconter chaque semaine la vie de nos villages et de demander des comptes aux élus."
)
MONDAY = datetime(2026, 3, 2, 14, tzinfo=UTC)
SIGNATURES = (
    "Signatures handed in at Edmonton",
    "Volunteers handed 180,000 signatures to Elections Alberta in Edmonton on Friday. They want a vote on leaving.",
)
PREMIER = (
    "Premier rules out a spring vote",
    "Danielle Smith told a radio host that no question on separation would be put before the fall of next year.",
)
FARMER = (
    "A farmer's letter to the separatists",
    "Ivo Lindqvist, who grows barley near Bashaw, has written to the petition's organizers that he is staying.",
)


def page(number: int, told: tuple[str, str], form: str, line: str) -> Labelled:
    text, at = form.format(text=told[1], line=line), Dated(MONDAY + timedelta(hours=number))
    return Labelled(str(number), told[0], text, "en", at, "prairie.example", frozenset({"alberta"}))


@pytest.mark.parametrize("form", ["{text} {line}", "{line} {text}"])
@pytest.mark.parametrize("line", [MEMBERS, ORIGIN, FRENCH])
def test_one_line_under_short_pages_makes_them_neither_copies_nor_one_story(line: str, form: str) -> None:
    pages = [page(number, told, form, line) for number, told in enumerate((SIGNATURES, PREMIER, FARMER))]
    for order in permutations(range(len(pages))):
        placed = arranged(pages, order)
        assert placed.copies == []
        assert len(set(placed.story.values())) == len(pages)


@pytest.mark.parametrize("form", ["{text} {line}", "{line} {text}"])
def test_a_short_page_and_its_reprint_are_copies_under_any_line(form: str) -> None:
    first, reprint = page(0, SIGNATURES, form, MEMBERS), page(1, SIGNATURES, form, MEMBERS)
    assert compare(first.fingerprint(), reprint.fingerprint()).copied
    other = page(2, SIGNATURES, form, ORIGIN)
    placed = arranged([first, other])
    assert placed.story["0"] == placed.story["2"]


def test_a_sentence_that_two_reports_have_word_for_word_parts_no_reports_of_one_happening() -> None:
    quote = "“We have handed in more names than anybody thought this province had,” said its organizer, Dale Wurtz."
    first = page(0, SIGNATURES, "{text} {line}", quote)
    boxes = "Boxes with 180,000 signatures for a vote on leaving Canada reached Elections Alberta on Friday."
    told = ("180,000 names for a vote", boxes)
    second = page(1, told, "{text} {line}", quote)
    assert len(set(arranged([first, second]).story.values())) == 1


LONG = (
    MEMBERS
    + " "
    + ORIGIN
    + " Write to its editors with what you know, and they will look into it within a week wherever you live."
)
YEAR = Path(__file__).parents[1] / "benchmarks" / "affairs" / "year.jsonl"


def test_a_notice_known_from_other_stories_makes_no_copies_however_long() -> None:
    assert len(LONG.split()) > 70
    articles = {one.affair: one for one in told(YEAR) if len(one.text.split()) > 160 and one.language == "en"}
    known = [replace(one, text=f"{one.text} {LONG}") for one in articles.values()]
    short = [page(number, tale, "{text} {line}", LONG) for number, tale in enumerate((SIGNATURES, PREMIER))]
    assert len(known) >= 5
    assert compare(short[0].fingerprint(), short[1].fingerprint()).copied  # by themselves nobody can tell
    placed = arranged([*known, *short])
    assert placed.copies == []
    assert placed.story["0"] != placed.story["1"]
