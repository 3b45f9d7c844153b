"""A headline that holds no word of any topic, and is of what is known to be on one."""

from datetime import timedelta
from pathlib import Path

import pytest

from sovwatch.app import open_app
from sovwatch.app.running import run
from sovwatch.app.starter import starter
from sovwatch.headlines import Headlines
from sovwatch.settings import CrawlSettings, Settings, SourceSettings, load
from tests import hostile as h
from tests.builders import NOW

KNOWN = (
    "Livre turquoise : une banque centrale à Trois-Rivières?",
    "Alberta separatists hand in petition to the province",
)


@pytest.mark.parametrize(
    ("headline", "shares"),
    [
        ("Éditorial : le livre turquoise mérite mieux qu’un haussement d’épaules", True),
        ("Turquoise : la couleur de l’été", False),
        ("The province hands a park to the city", False),
        ("", False),
    ],
)
def test_a_headline_shares_what_few_have(headline: str, *, shares: bool) -> None:
    assert Headlines(KNOWN).share(headline) == shares
    assert not Headlines(()).share(headline)


FIRST = ("/a/1", "Souverainistes : Nouveau Départ dévoile son livre turquoise", "Tue, 03 Feb 2026 11:30:00 GMT")
NEXT = ("/b/1", "Trois maires appuient le livre turquoise", "Tue, 03 Feb 2026 11:40:00 GMT")
OTHER = ("/b/2", "Trois maires appuient le nouvel aréna", "Tue, 03 Feb 2026 11:40:00 GMT")
TEXT = "Le mouvement souverainiste Nouveau Départ veut l’indépendance du Québec. Trois maires appuient son livre."


def test_the_page_of_a_follow_up_is_read_though_its_headline_names_no_topic(tmp_path: Path, database_url: str) -> None:
    pages = {
        "first.example/feed": h.plain(h.feed(FIRST)),
        "next.example/feed": h.plain(h.feed(NEXT, OTHER)),
        "first.example/*": h.plain(h.page(FIRST[1], TEXT), Content_Type="text/html"),
        "next.example/*": h.plain(h.page(NEXT[1], TEXT), Content_Type="text/html"),
    }
    shipped = load(starter() / "sovwatch.toml", environment={})
    with h.HostileNewsroom(pages) as newsroom:
        for hours, name in enumerate(("first", "next")):
            source = SourceSettings(id=name, url=f"http://{name}.example/feed", outlet=name, language="fr")
            crawl = CrawlSettings(
                resolve={"*.example": newsroom.address}, delay=timedelta(milliseconds=5), robots=False
            )
            app = open_app(
                Settings(
                    home=tmp_path,
                    database=database_url,
                    clock=NOW + hours * timedelta(hours=1),
                    shared=shipped.shared,
                    topics=shipped.topics,
                    sources=(source,),
                    crawl=crawl,
                )
            )
            run(app)
            app.store.close()
        asked = [one.path for one in newsroom.of("next.example")]
    assert asked == ["/feed", "/b/1"]
