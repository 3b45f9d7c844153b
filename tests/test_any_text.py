"""Whatever an article says, it can be judged: one that cannot would come again with every run and stop all others."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sovwatch.background import shipped
from sovwatch.fingerprints import Fingerprint
from sovwatch.model import Dated, Precision
from sovwatch.novelty import additions, changes
from sovwatch.pairs import odds
from sovwatch.seeds import against_seeds, make_card
from sovwatch.similarity import fingerprint, likeness
from sovwatch.statements import statements
from sovwatch.text import words

DAY = Dated(datetime(2026, 3, 10, 9, tzinfo=UTC))
KNOWN = "Alberta separatists rallied in Calgary on March 5, and 1,200 people signed, said Premier Odile Marchetti."
CARD = make_card("known", KNOWN, title="A rally", happened=(DAY.at.date(), DAY.at.date()))
# What texts are made of that a reader of numbers and calendars may stumble over.
PIECES = (
    *(
        "February 29",
        "le 31 juin",
        "2026-02-30",
        "0000-01-01",
        "9999-12-31",
        "Feb. 0",
        "29 février 2025",
        "since May 32",
    ),
    *("9" * 400, "1e999", "9" * 308 + " billion", "1,234,56", "½", "٣٤", "²", "0 in 0", "zero", "1.2.3", "-5 %"),
    *("1 200 personnes", "$", "M$", "p. 100", "half of", "a third", "one in ten", "jeudi", "next month", "yesterday"),
    *(
        "Premier Odile Marchetti said",
        "l'Alberta",
        "Que\u0301bec",
        "\u200f\u202e",
        "👩‍👩‍👧",
        "«",
        "”",
        ":",
        "\n",
        "...",
        "U.S.",
    ),
)
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=25).map(" ".join)
DATES = st.none() | st.sampled_from(
    [
        DAY,
        Dated(datetime(2024, 2, 29, tzinfo=UTC), Precision.DAY),
        Dated(datetime(2026, 1, 1, tzinfo=UTC), Precision.YEAR),
    ]
)


@settings(max_examples=100)
@given(TEXTS, TEXTS, st.sampled_from(["en", "fr", "", "é", "aé", "zh-Hant"]), DATES)
@example("", "The vote of February 29 was lost, Premier Odile Marchetti said.", "en", DAY)
@example("", "On 0000-01-01 the vote was lost.", "en", None)
@example("", f"There were {'9' * 400} people.", "en", DAY)
@example("A title", "A vote.", "aé", DAY)
@example("", "A vote ﾟ was lost.", "en", DAY)  # halfwidth: a letter that is nothing but an accent
def test_any_text_is_placed_and_told(title: str, text: str, language: str, published: Dated | None) -> None:
    taken = fingerprint(title, text, language=language, published=published, first_seen=DAY.at)
    kept = Fingerprint.unpack(taken.pack())

    assert kept.claims == taken.claims
    assert likeness(kept, CARD.fingerprint, shipped()).score <= 1
    assert 0 <= odds(kept, CARD.fingerprint, shipped()) <= 1
    stated = statements(title, text, kept)
    for known in ([], [CARD.fingerprint], [kept]):
        assert all(0 <= addition.weight <= 1 for addition in additions(stated, known))
    changes(stated, [CARD.fingerprint])
    against_seeds(stated, [CARD])


def test_a_text_without_end_is_judged_by_its_beginning() -> None:
    for endless in ("A.\n" * 70_000, "\n".join(f"word{number}" for number in range(70_000))):
        taken = fingerprint("A title", endless, language="en", published=DAY)
        assert Fingerprint.unpack(taken.pack()) == taken


def test_a_word_is_one_however_its_accents_are_written() -> None:
    assert words("L'inde\u0301pendance du Que\u0301bec") == words("L'indépendance du Québec")


@pytest.mark.parametrize(
    "text",
    [
        " ".join(f"{name} said" for name in ("Odile Marchetti", "Ines Bard", "Jude Okafor") * 1000),
        f"The council{' ' * 12_000}voted 5-2 on Thursday to leave.",
        f"The council voted 5-2 on Thursday to leave {'獨立' * 45_000}.",
        " ".join(f"{who} said {n} people of Ward{n} signed." for n in range(600) for who in ("Ann Mill", "Mill")),
    ],
    ids=["names without a full stop", "spaces", "a word", "sentences"],
)
def test_a_long_text_is_judged_in_a_few_seconds(text: str) -> None:
    """No step may take the square of its length: 90 kB took 36 seconds, and 20,000 spaces eight for each look."""
    began = time.process_time()
    assert additions(statements(KNOWN, text, fingerprint(KNOWN, text, language="en", published=DAY)), [])
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    "text", ["1 in 3 ", "half of ", "zero ", "cent ", "un ", "5, ", "1 thousand ", "dead 5 ", "quatre-vingt-"]
)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_numbers_and_acts_without_end_are_read_in_seconds(text: str, language: str) -> None:
    """Up to 0.8 s; doubt that was looked for once an act took 11."""
    began = time.process_time()
    endless = text * (30_000 // len(text))
    additions(statements("A vote", endless, fingerprint("A vote", endless, language=language, published=DAY)), [])
    assert time.process_time() - began < 5
