"""Builders: the nouns of the program with what a test does not care about filled in."""

from dataclasses import replace
from datetime import UTC, datetime

from sovwatch.model import Article, Dated, Precision

NOW = datetime(2026, 2, 3, 12, 0, tzinfo=UTC)


def an_article(url: str = "https://prairie-ledger.example/news/1", **changes: object) -> Article:
    """An article that is on topic, read an hour after it was published."""
    article = Article(
        url=url,
        title="Petition for an Alberta independence vote passes its first count",
        text=(
            "EDMONTON – Organisers of a petition for an Alberta independence referendum say 61,300 people signed.\n"
            "Elections Alberta has until 14 March to verify the names, said Odile Marchetti, a campaign spokesperson.\n"
            "A rival group that wants the province to stay in Canada doubts the count. Its volunteers watched nine "
            "tables for a week and saw fewer than forty people an hour, its treasurer told reporters."
        ),
        outlet="Prairie Ledger",
        language="en",
        published=Dated(datetime(2026, 2, 3, 11, 0, tzinfo=UTC), Precision.SECOND, "feed"),
        source="prairie-ledger",
        page="read",
    )
    return replace(article, **changes)  # type: ignore[arg-type]
