"""What an article says of itself when its listing and its page are put together."""

from datetime import UTC, date, datetime, timedelta

import pytest

from sovwatch.model import Dated, Entry, Precision
from sovwatch.settings import SourceSettings
from spiders.articles import article_of_entry
from tests.builders import NOW

SOURCE = SourceSettings(id="ledger", url="https://ledger.example/feed", outlet="Ledger", since=date(2011, 9, 1))


@pytest.mark.parametrize(
    ("said", "believed"),
    [
        (datetime(2011, 9, 1, tzinfo=UTC), True),
        (datetime(2011, 8, 31, 23, 59, tzinfo=UTC), False),
        (datetime(2000, 1, 1, tzinfo=UTC), False),
        (NOW - timedelta(hours=1), True),
        (NOW + timedelta(days=2), False),
    ],
)
def test_a_date_before_the_source_began_or_in_the_future_is_not_believed(said: datetime, *, believed: bool) -> None:
    entry = Entry(url="https://ledger.example/1", title="A count", published=Dated(said, Precision.SECOND, "feed"))
    found = article_of_entry(entry, SOURCE, "not fetched", now=NOW).published
    assert found == (entry.published if believed else None)
