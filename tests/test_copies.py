"""When shared wording makes a copy, and why not where it doesn't."""

from datetime import UTC, datetime, timedelta

import pytest

from sovwatch.copies import compare
from sovwatch.fingerprints import Fingerprint
from sovwatch.model import Dated
from sovwatch.similarity import fingerprint

MONDAY = datetime(2026, 3, 2, 14, tzinfo=UTC)
HEADLINE = "Clerk counts the petition again"
SHORT = "The clerk of Fictionville counted all of the pages again on Friday and found them in good order, box 40."
LONG = (
    "The clerk of Fictionville counted all of the pages again on Friday and found them in good order. She had been "
    "asked to by a farmer near Bashaw, who wanted to know whether anybody had put his name to it before he would do "
    "so, and by two councillors who had signed it themselves and had forgotten when."
)


def a_print(text: str = SHORT, title: str = HEADLINE, *, days: int = 0) -> Fingerprint:
    return fingerprint(title, text, language="en", published=Dated(MONDAY + timedelta(days=days)))


@pytest.mark.parametrize(
    ("other", "why_not"),
    [
        (a_print(), ""),
        (a_print(days=3), ""),
        (a_print(title=""), ""),
        (a_print(title="Petition counted again, clerk says"), ""),
        (a_print(days=4), "too little to tell over days"),
        (a_print(title="Farmer asks who signed for him"), "too little to tell under different headlines"),
        (a_print(title="Clerk counts sheep at the fair"), "too little to tell under different headlines"),
        (a_print(SHORT.replace("40", "50")), "too little to tell with other figures"),
        (a_print(SHORT.replace("good order, box 40", "a heap")), ""),
        (a_print(SHORT.replace("all of the pages again on Friday", "them")), "the wording differs"),
    ],
)
def test_of_little_text_nearly_all_must_agree(other: Fingerprint, why_not: str) -> None:
    assert compare(a_print(), other).why_not == why_not == compare(other, a_print()).why_not


def test_much_text_is_a_copy_under_any_headline_and_for_days() -> None:
    reprint = a_print(LONG, "Farmer asks who signed for him", days=9)
    assert compare(a_print(LONG), reprint).copied


@pytest.mark.parametrize(("words", "why_not"), [(45, ""), (75, "the wording differs")])
def test_a_copy_has_half_of_its_wording_from_elsewhere(words: int, why_not: str) -> None:
    one, other = (
        " ".join(f"{name}{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(words)) for name in ("hay", "oat")
    )
    assert compare(a_print(f"{LONG} {one}."), a_print(f"{LONG} {other}.")).why_not == why_not
