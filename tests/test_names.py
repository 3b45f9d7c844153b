"""What makes a word a name."""

import pytest

from sovwatch.names import in_title_case, may_name, opens
from sovwatch.text import fold


@pytest.mark.parametrize(
    ("title", "capitals"),
    [
        ("Clerk Counts Petition Again", True),
        ("Clerk counts the Petition of our town", False),
        ("Danielle Smith", False),
    ],
)
def test_a_headline_in_title_case_has_more_than_a_name(title: str, *, capitals: bool) -> None:
    assert in_title_case(title) is capitals


def test_a_capital_makes_a_name_but_of_roles_and_days_and_where_a_sentence_opens() -> None:
    assert [may_name(fold(word), word) for word in ("Smith", "smith", "Premier", "Thursday", "Mars")] == [
        *(True, False, False, False, False)
    ]
    said = 'Smith said: "Canada is near." (Alberta too)'
    assert [opens(said, said.index(word)) for word in ("Smith", "said", "Canada", "Alberta")] == [
        *(True, False, True, True)
    ]
