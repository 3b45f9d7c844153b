"""The instant that a page's readers are shown is that of publication, where no machine is told any."""

import time
from datetime import UTC, datetime

import pytest

from sovwatch.model import Dated, Precision
from tests.test_markup import HEADLINE, PARAGRAPHS, read

FIRST, LATER = '<time datetime="2026-11-20"></time>', '<time datetime="2026-11-21"></time>'


@pytest.mark.parametrize(
    ("times", "day"),
    [
        ('<time itemprop="dateModified" datetime="2026-11-21"></time><time datetime="2026-11-20"></time>', 20),
        ('<time class="updated" datetime="2026-11-21"></time><time datetime="2026-11-20"></time>', 20),
        ('<time class="entry-date updated" datetime="2026-11-20"></time>', 20),
        ('<span itemprop="datePublished" content="2026-11-20"></span><time datetime="2026-11-21"></time>', 20),
        ('<time datetime="2026-11-21T10:00:00Z">Publié le 18 novembre 2026</time>', 18),
        ('<time datetime="2026-11-21T02:00:00Z">Nov. 20, 2026</time>', 21),
        ("<time>Nov. 20, 2026</time>", 20),
        ('<p><time class="updated" datetime="2026-11-21"></time></p></header><time datetime="2026-11-20"></time>', 20),
        ('<footer><time datetime="2026-11-20"></time></footer>', 20),
        (f"<p>Updated {LATER}</p><p>Published {FIRST}</p>", 20),
        (f"<p>Updated {LATER} | Published {FIRST}</p>", 20),
        (f"<p>Published {FIRST} <b>Updated</b> {LATER}</p>", 20),
        (
            f"<p><b>Mis à jour</b> <span>{LATER}</span></p><p><b>Publié</b> <span>{FIRST}</span></p>",
            20,
        ),
        (f"<p>{LATER.replace('></', '>Updated Nov. 21</')} {FIRST}</p>", 20),
        (f"<p>Updated {LATER}</p>", 21),
    ],
)
def test_the_day_is_that_of_publication(times: str, day: int) -> None:
    page = read(f"<header><h1>{HEADLINE}</h1>{times}")
    assert page.published is not None
    assert page.published.at.day == day


DAY = Dated(datetime(2026, 11, 20, tzinfo=UTC), Precision.DAY, "markup")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("<p>Published on November 20, 2026</p>", DAY),
        ("<div><p>Mis à jour le 21 novembre 2026 - Publié le 20 novembre 2026</p></div>", DAY),
        (
            "<p>Last updated: November 21, 2026 10:00. Published: November 20, 2026, 8:00 a.m. EST</p>",
            Dated(datetime(2026, 11, 20, 13, tzinfo=UTC), evidence="markup"),
        ),
        (
            "<p><span>Publié le</span> <span>20 novembre 2026 à 8 h 00</span></p>",
            Dated(datetime(2026, 11, 20, 8, tzinfo=UTC), evidence="markup"),
        ),
        ("<p>By Ada Clerk, Nov. 20, 2026</p>", DAY),
        ("<p>Par Luc Greffier, le 20 novembre 2026</p>", DAY),
        ("<p>Friday, November 20th, 2026</p>", DAY),
        ("<p>FICTIONVILLE, AB, Nov. 20, 2026 /FNW/ - The clerk found them all there.</p>", DAY),
        (f"<p>Fictionville, le 20 novembre 2026 — La greffière les a tous trouvés. {PARAGRAPHS}</p>", DAY),
        ("<p>It was published on March 3, 2019, and has been lost since.</p>", None),
        ("<p>The petition was begun on March 3, 2019</p>", None),
        ("<p>The clerk had looked for years.</p><p>Nov. 20, 2026</p>", DAY),
        (f"{PARAGRAPHS}<p>November 20, 2019</p>", None),
    ],
)
def test_a_date_in_words_is_read_where_it_can_only_be_that_of_publication(line: str, expected: Dated | None) -> None:
    assert read(f"<h1>{HEADLINE}</h1>{line}").published == expected


def test_the_date_of_the_sites_terms_is_none_of_its_articles() -> None:
    """htmldate finds it where a page states no other; a story of today would be six years old, and never told."""
    page = read(f"<h1>{HEADLINE}</h1>", around="<footer>Terms of January 2, 2020.</footer>")
    assert page.published is None


def test_times_without_end_cost_no_time() -> None:
    spans = "<span>x</span>" * 5_000
    began = time.process_time()
    read(f"<h1>{HEADLINE}</h1><div>{spans}{LATER * 2_000}{'<span>' * 200}Published {'Nov. 20, ' * 2_000}</div>")
    assert time.process_time() - began < 4
