"""The export is a contract: one object for every address read, in the order of arrival."""

import csv
import json
import re
from io import StringIO
from typing import Any

import pytest

from sovwatch.app import App
from sovwatch.app.ingesting import ingest
from sovwatch.app.running import judge_all
from sovwatch.cli.looking import as_csv
from sovwatch.store import reading
from tests.builders import an_article

KEYS = [
    "url", "original_url", "title", "outlet", "language", "published", "first_seen", "topics",
    "placement", "copy_of", "story", "seed", "new", "told",
]  # fmt: skip
PETITION = an_article()


def line(url: str, **more: Any) -> str:
    row = {
        "url": url,
        "title": PETITION.title,
        "text": PETITION.text,
        "outlet": "Prairie Ledger",
        "published": "2026-02-03",
    }
    return json.dumps({**row, **more})


def export(app: App, *lines: str) -> list[dict[str, Any]]:
    report = ingest(app, lines)
    assert report.bad == []
    judge_all(app)
    with app.store.read() as c:
        return list(reading.export(c))


def test_every_address_read_has_one_object_in_the_order_of_arrival(app: App) -> None:
    addresses = [
        "https://www.prairie-ledger.example/news/1",
        "https://prairie-ledger.example/news/1?utm_source=x",
        "https://echo.example/r",
        "https://echo.example/hockey",
    ]
    rows = export(
        app,
        line(addresses[0]),
        line(addresses[1]),
        line(addresses[2], outlet="Echo", title="Count goes on"),
        line(addresses[3], outlet="Echo", title="Overtime again", text="The home side lost for the third time."),
    )
    assert [row["original_url"] for row in rows] == addresses
    assert [list(row) for row in rows] == [KEYS] * 4
    first = "https://prairie-ledger.example/news/1"
    assert [row["url"] for row in rows[:2]] == [first, first]
    assert [(row["placement"], row["copy_of"]) for row in rows] == [
        ("opens", None), ("same", first), ("copy", first), (None, None),
    ]  # fmt: skip


def test_same_and_copy_carry_topics_and_story_of_their_first(app: App) -> None:
    rows = export(
        app,
        line("https://a.example/1"),
        line("https://a.example/1/?fbclid=7"),
        line("https://b.example/r", outlet="B", title="Count goes on"),
    )
    assert [[topic["topic"] for topic in row["topics"]] for row in rows] == [["alberta"]] * 3
    assert len({row["story"] for row in rows}) == 1
    reasons = rows[0]["topics"][0]["reasons"]
    assert {"rule", "words", "weight"} == set(reasons[0])


@pytest.mark.parametrize("published", ["2016", "2016-05", "2016-05-04", None])
def test_a_date_is_no_longer_than_it_is_known(app: App, published: str | None) -> None:
    [row] = export(app, line("https://a.example/1", published=published))
    assert row["published"] == published


def test_a_time_keeps_its_instant(app: App) -> None:
    [row] = export(app, line("https://a.example/1", published="2026-02-03T10:00:00-07:00"))
    assert row["published"] == "2026-02-03T17:00:00+00:00"


def test_what_is_ingested_is_memory(app: App) -> None:
    [row] = export(app, line("https://a.example/1"))
    assert row["told"] == []
    with app.store.read() as c:
        trail = reading.trail(c, "https://a.example/1")
    assert trail is not None
    assert (trail["article"]["standing"], trail["owed"]) == ("memory", [])


def as_rows(rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    file = StringIO(newline="")
    as_csv(rows, file)
    return list(csv.DictReader(StringIO(file.getvalue(), newline="")))


def test_a_csv_has_the_same_columns_even_where_nothing_was_read(app: App) -> None:
    file = StringIO()
    as_csv([], file)
    assert file.getvalue().strip().split(",") == KEYS
    rows = export(app, line("https://a.example/1", title="Vote “soon”,\nor never; who knows"))
    [cells] = as_rows(rows)
    assert list(cells) == KEYS
    assert cells["title"] == rows[0]["title"]
    assert (cells["topics"], json.loads(cells["new"]), cells["copy_of"]) == ("alberta", rows[0]["new"], "")


FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    " =1",
    "'=1",
    "\u00a0-2",
    "''\t+3",
    "\uff1d1",
    "\uff0d1",
]
PLAIN = ["", "Vote", "'No' to a vote", "A = B", "2 + 2", "«\u00a0Non\u00a0»", "'", "30-"]


def test_no_cell_of_a_csv_is_run_by_a_spreadsheet_and_each_can_be_had_back() -> None:
    rows = [dict.fromkeys(KEYS) | {"title": title, "topics": []} for title in (*FORMULAS, *PLAIN)]
    titles = [cells["title"] for cells in as_rows(rows)]
    assert titles == [f"'{title}" for title in FORMULAS] + PLAIN
    assert [re.sub(r"^'(?=['\s]*[=+\-@＝＋－＠])", "", title) for title in titles] == [
        *FORMULAS,
        *PLAIN,
    ]  # docs/export.md
