"""Builders for what is told: pieces, stories and digests of invented coverage in invented outlets."""

from datetime import UTC, datetime
from typing import Any, Literal

from sovwatch.model import Digest, Footer, Item, Kind, Piece, Precision, Section, Tier

AT = datetime(2026, 1, 30, 12, 0, tzinfo=UTC)  # 07:00 in Toronto
MORNING = datetime(2026, 1, 30, 10, 40, tzinfo=UTC)
EVENING = datetime(2026, 1, 29, 23, 5, tzinfo=UTC)


def a_piece(article: int = 1, title: str = "Petition gathers 40,000 names", **more: Any) -> Piece:
    values: dict[str, Any] = {
        "url": f"https://prairie-ledger.example/news/{article}",
        "outlet": "Prairie Ledger",
        "language": "en",
        "published": MORNING,
        "first_seen": MORNING,
    }
    return Piece(article=article, title=title, **values | more)


def an_item(story: int = 1, lead: Piece | None = None, **more: Any) -> Item:
    return Item(story=story, lead=lead or a_piece(story), **{"articles": (story,), **more})


def a_digest(*items: Item, **more: Any) -> Digest:
    values: dict[str, Any] = {
        "key": "digest:desk:2026-01-30T07:00",
        "channel": "desk",
        "kind": "digest",
        "at": AT,
        "zone": "America/Toronto",
        "sections": (Section("alberta", "Alberta", items),) if items else (),
    }
    return Digest(**values | more)


def a_full_digest(language: Literal["en", "fr"]) -> Digest:
    """Return a digest with every trait that a rendering has to show, in either language."""
    french = language == "fr"
    petition = an_item(
        1,
        a_piece(1, "Petition for an Alberta vote passes 40,000 names & counting", paywall=True),
        lines=(
            "The sheet held 40,112 valid names on Thursday, organiser Dana Wiebe said.",
            "Elections Alberta has 21 days to check them.",
        ),
        voices=(None, a_piece(3, outlet="Foothills Radio")),
        reports=(
            a_piece(
                2, "Une pétition albertaine franchit 40 000 noms", outlet="Le Fanal", language="fr", published=EVENING
            ),
            a_piece(3, "Alberta petition grows", outlet="Foothills Radio"),
        ),
        copies=(a_piece(4, outlet="Bow River Times"), a_piece(5, outlet="Peace Country News")),
        also_topics=("Québec",),
    )
    column = an_item(
        6,
        a_piece(
            6, "Why I'd sign *nothing* <!channel>", outlet="The Column", kind=Kind.OPINION, tier=Tier.OPINION,
            published=datetime(2026, 1, 29, tzinfo=UTC), precision=Precision.DAY, authors=("Ines Bard",),
        ),
    )  # fmt: skip
    congress = an_item(
        7,
        a_piece(
            7, "Congrès : « on votera en 2027 », dit la cheffe", outlet="Le Fanal", language="fr", published=EVENING
        ),
        over_seed=True,
        lines=("Le vote sur la date aura lieu le 14 février à Drummondville.",),
        signal="référendum annoncé" if french else "referendum announced",
    )
    ruling = an_item(
        8,
        a_piece(8, "Judge delays ruling on petition question to March 3", outlet="Foothills Radio"),
        lines=(
            "The ruling, first set for Feb. 10, now comes on March 3.",
            "La juge entendra les deux camps une journée de plus.",
        ),
        voices=(None, a_piece(10, outlet="Le Fanal", language="fr")),
        reports=(a_piece(10, "La juge se donne du temps", outlet="Le Fanal", language="fr"),),
        told_at=datetime(2026, 1, 28, 17, 0, tzinfo=UTC),
        told_link="https://slack.example/archives/C01/p1769619600",
        told_as="Pétition : une juge entendra les deux camps le 10 février",
        told_in="fr",
        change="corrected",
    )
    away = an_item(9, a_piece(9, "Town hall draws 300 in Olds", published=datetime(2026, 1, 25, 15, tzinfo=UTC)))
    return Digest(
        key="digest:desk:2026-01-30T07:00",
        channel="desk",
        kind="digest",
        at=AT,
        language=language,
        zone="America/Toronto",
        sections=(Section("alberta", "Alberta", (petition, column)), Section("quebec", "Québec", (congress,))),
        updates=(ruling,),
        away=(away,),
        footer=Footer(
            read=1412,
            on_topic=23,
            copies=9,
            repeats=1,
            waiting=2,
            ill=("Bow River Times",),
            announced=("Referendum bill tabled",),
        ),
    )
