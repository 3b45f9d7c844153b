"""A stored article as judging reads it."""

import pytest

from sovwatch.stored import body


@pytest.mark.parametrize(
    ("text", "summary", "read"),
    [("The text.", "Its summary.", "The text."), (None, "Its summary.", "Its summary."), ("", None, "")],
)
def test_an_article_without_a_text_is_read_by_its_summary(text: str | None, summary: str | None, read: str) -> None:
    assert body({"text": text, "summary": summary}) == read
