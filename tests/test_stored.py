"""A stored article as judging reads it."""

import pytest

from sovwatch.stored import body


@pytest.mark.parametrize(
    ("text", "summary", "read"),
    [("The text.", "Its summary.", "The text."), (None, "Its summary.", "Its summary."), ("", None, "")],
)
def test_an_article_without_a_text_is_read_by_its_summary(text: str | None, summary: str | None, read: str) -> None:
    assert body({"title": "Its headline", "text": text, "summary": summary}) == read


TITLE = "Petition for an Alberta independence vote passes its first count"


@pytest.mark.parametrize(
    ("title", "text", "again"),
    [
        (TITLE, TITLE, True),
        (TITLE, f"{TITLE.upper()}.", True),
        (TITLE, f"{TITLE}\xa0\xa0Prairie Ledger", True),
        (f"{TITLE} - Prairie Ledger", TITLE, True),
        (TITLE, f"{TITLE}. Officials found 61,300 names on Monday.", False),
        (TITLE, "Petition passes its first count", False),
        ("Petition", "Petition passes its first count, officials said in Edmonton on Monday", False),
    ],
)
def test_a_text_that_is_the_headline_again_is_none(title: str, text: str, *, again: bool) -> None:
    """Two such joined on a word or two, as if each had opened with them and said nothing else."""
    assert (body({"title": title, "text": None, "summary": text}) == "") is again
