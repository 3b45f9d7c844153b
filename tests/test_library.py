"""docs/library.md is a notebook: run from top to bottom it says what it promises."""

import re
from pathlib import Path
from typing import Any

import pytest

PAGE = (Path(__file__).parent.parent / "docs" / "library.md").read_text(encoding="utf-8")


def test_a_researcher_judges_compares_groups_and_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    said: dict[str, Any] = {}
    for cell in re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL):
        exec(cell, said)

    assert said["verdict"].centrality == "main"
    assert {reason.rule for reason in said["verdict"].reasons}
    assert not said["compare"](said["one"], said["other"]).copied
    assert said["odds"](said["one"], said["other"], said["shipped"]()) > 0.5
    assert [addition.line for addition in said["new"]] == ["Quelque 1 200 bénévoles les avaient recueillies."]
    assert (said["placed"].story, said["placed"].copies) == ({"a": 0, "b": 0}, [])
    assert [(row["url"], row["placement"]) for row in said["rows"]] == [("https://ledger.example/petition", "opens")]
