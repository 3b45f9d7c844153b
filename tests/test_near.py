"""What fell just below a threshold is listed, nearest first, with its reasons."""

import json
from pathlib import Path

import pytest

from tests.command import a_home, complaint, sovwatch

TOPICS = """\
[alberta]
name = "Alberta separatism"
places = ["Alberta"]
themes = ["independence"]
weights = { body = 0.4 }
"""
FULL = "Alberta independence petition is counted in Edmonton"
PASSING = "Rain falls over the prairies for a week"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("near")
    a_home(folder, topics=TOPICS)
    rows = [
        ("1", FULL, "The Alberta independence petition was counted in Edmonton on Monday, officials said."),
        ("2", PASSING, "Farmers in Alberta were glad. " * 9 + "A pub quiz asked about independence."),
        ("3", "Alberta independence rally draws few", "A rally for Alberta independence drew 40 people in Red Deer."),
    ]
    lines = [
        {
            "url": f"https://prairie-ledger.example/{n}",
            "title": title,
            "text": text,
            "published": f"2026-02-0{2 + int(n)}",
        }
        for n, title, text in rows
    ]
    (folder / "articles.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    for command in (("ingest", "articles.jsonl"), ("judge",)):
        done = sovwatch(*command, cwd=folder)
        assert done.returncode == 0, done.stderr
    return folder


def test_what_fell_short_is_listed_by_line(home: Path) -> None:
    found = json.loads(sovwatch("--json", "explain", "--near", cwd=home).stdout)

    below = [one for one in found if one["line"] in {"mention", "main"}]
    assert [one["title"] for one in below] == [PASSING]
    assert 0 < below[0]["score"] < below[0]["least"]
    assert "independence" in below[0]["why"]
    stories = [one for one in found if one["line"] == "story"]
    assert [one["url"][-1] for one in stories] == ["3"]
    assert 0 < stories[0]["score"] < 1


def test_who_opened_a_story_and_was_edited_did_not_come_near_another(tmp_path: Path) -> None:
    a_home(tmp_path, topics=TOPICS)
    told = "The Alberta independence petition was counted in Edmonton on Monday. It has 212,000 names, officials said."
    twin = "EDMONTON - Officials found 212,000 names on the Alberta independence petition that they counted Monday."
    for host, title, text in (
        ("prairie-ledger", FULL, told),
        ("boreal-post", "Officials count 212,000 names for Alberta independence", twin),
        ("prairie-ledger", FULL, f"{told} The count took nine days."),
    ):
        row = {"url": f"https://{host}.example/1", "title": title, "text": text, "published": "2026-02-03"}
        (tmp_path / "articles.jsonl").write_text(json.dumps(row), encoding="utf-8")
        for command in (("ingest", "articles.jsonl"), ("judge",)):
            assert sovwatch(*command, cwd=tmp_path).returncode == 0

    placed = sovwatch("explain", "https://prairie-ledger.example/1", cwd=tmp_path).stdout
    assert "over 1 of story 1" in placed, "the edit comes near what joined its story"
    found = json.loads(sovwatch("--json", "explain", "--near", cwd=tmp_path).stdout)
    assert not [one for one in found if one["line"] == "story"]


def test_it_reads_as_a_page(home: Path) -> None:
    shown = sovwatch("explain", "--near", "--limit", "1", cwd=home).stdout

    assert PASSING in shown
    assert FULL not in shown


def test_an_address_and_near_exclude_each_other(home: Path) -> None:
    for arguments in ([], ["https://prairie-ledger.example/1", "--near"]):
        done = sovwatch("explain", *arguments, cwd=home)
        assert done.returncode == 2
        assert "either the address of an article or --near" in " ".join(done.stderr.replace("│", " ").split())


def test_own_labels_are_scored(tmp_path: Path) -> None:
    text = "The Alberta independence petition was counted in Edmonton on Monday, officials said in a statement."
    other = "La pluie est tombée toute la semaine sur Montréal, selon les services météorologiques du Canada."
    docs = [
        {"id": str(n), "title": t[:30], "text": t, "language": "en", "published": "2026-02-03"}
        for n, t in enumerate((text, text, other))
    ]
    labels = [
        {"id": str(n), "topics": ["alberta"], "event_id": event, "near_copy_of": "0" if n == 1 else None}
        for n, event in enumerate(("x", "x", "y"))
    ]
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "docs.jsonl").write_text("\n".join(map(json.dumps, docs)), encoding="utf-8")

    lacks = sovwatch("evaluate", "coverage", folder, cwd=tmp_path)
    assert lacks.returncode == 2
    assert "labels.jsonl is missing" in complaint(lacks)

    (folder / "labels.jsonl").write_text("\n".join(map(json.dumps, labels)), encoding="utf-8")
    figures = json.loads(sovwatch("--json", "evaluate", "coverage", folder, cwd=tmp_path).stdout)
    assert figures["stories bcubed f1"] == 1.0
    assert figures["copies f1"] == 1.0
    assert "stories bcubed f1" in sovwatch("evaluate", "coverage", folder, cwd=tmp_path).stdout


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"[1]", b'{"title": "no id"}', b"3"])
def test_what_is_no_label_file_is_said_in_one_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.jsonl").write_bytes(content)

    done = sovwatch("evaluate", "stories", "bad.jsonl", cwd=tmp_path)

    assert done.returncode == 2
    assert complaint(done).startswith("evaluate stories bad.jsonl: ")


def test_a_path_that_is_not_there_is_said(tmp_path: Path) -> None:
    done = sovwatch("evaluate", "copies", "nowhere.jsonl", cwd=tmp_path)

    assert done.returncode == 2
    assert "nowhere.jsonl is missing" in complaint(done)


def test_a_folder_is_no_file_of_stories(tmp_path: Path) -> None:
    done = sovwatch("evaluate", "stories", ".", cwd=tmp_path)

    assert done.returncode == 2
    assert "a folder" in complaint(done)
