"""Reasons of illness in French: every sentence that a source can be ill by has its counterpart."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.exceptions import CannotResolveHostError

from alerts.reasons import in_french
from sovwatch.health import Past, Remembered, illness
from spiders.failures import _NAMED, _OF_SCRAPY, _SENTENCES, sentence, status_reason
from tests.builders import NOW

ROOT = Path(__file__).parent.parent
READERS = ("feed", "jsonfeed", "listing", "readers", "search", "sitemap")
CRAWL = ("sources", "process", "robots", "down", "addresses", "retry_after", "limits")


def written() -> list[str]:
    """Every sentence that the readers give as a problem, or the crawl as what failed; a part of it is X."""
    found = [sentence.replace("{}", "X") for _, sentence in _SENTENCES if sentence != "{}"]
    found += [said for _, said in _OF_SCRAPY]
    found += [status_reason(status) for status in (*_NAMED, 500)]
    for name in (*READERS, *CRAWL):
        tree = ast.parse((ROOT / "spiders" / f"{name}.py").read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            found += [said for given in _given(node) if (said := _text(given))]
    return found


def _given(node: ast.AST) -> list[ast.expr]:
    """What stands where a reason does: `problem=`, `refused=`, `failed(…)`, `raise X(…)`, a `return` of some."""
    match node:
        case (
            ast.keyword(arg="problem" | "refused", value=value)
            | ast.Assign(targets=[ast.Name(id="problem")], value=value)
        ):
            return [part for part in ast.walk(value) if isinstance(part, ast.Constant | ast.JoinedStr)]
        case ast.Call(func=ast.Attribute(attr="failed"), args=[value]):
            return [value]
        case ast.Raise(exc=ast.Call(func=ast.Name(id=kind), args=[value])) if kind not in {"ValueError", "TypeError"}:
            return [value]
        case ast.FunctionDef(name="_problem" | "why_it_ended" | "why_it_failed"):
            return [part.value for part in ast.walk(node) if isinstance(part, ast.Return) and part.value is not None]
    return []


def _text(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(str(part.value) if isinstance(part, ast.Constant) else "X" for part in parts)
    return ""


def test_a_host_that_is_not_found_is_named_alone() -> None:
    error = CannotResolveHostError("DNS lookup failed: no results for hostname lookup: www.x.example.")
    assert sentence(error) == "its host cannot be found: www.x.example"
    assert in_french(sentence(error)) == "son hôte est introuvable (www.x.example)"


def test_a_proxy_that_takes_no_https_is_named_by_what_names_it() -> None:
    error = TunnelError("Could not open CONNECT tunnel with proxy 127.0.0.1:8080 [{'status': 501}]")
    assert sentence(error) == "the proxy that crawl.resolve names for it opens no way to an https address"


def test_every_reason_has_its_counterpart() -> None:
    found = [sentence for sentence in written() if " " in sentence]
    assert len(found) > 40
    assert [sentence for sentence in found if in_french(sentence) == sentence] == []


@pytest.mark.parametrize(
    ("readings", "usual", "said"),
    [
        (["answered 403: refuses us"] * 2, 0, "a répondu 403, nous refuse l’accès (jamais lue correctement)"),
        (
            ["its host cannot be found: www.x.example"] * 3,
            -50,
            "son hôte est introuvable (www.x.example) (dernière bonne lecture il y a 2\u00a0jours)",
        ),
        (
            ["a web page stands where a feed was"],
            -1,
            "une page web a pris la place du fil\u00a0: son adresse a changé, ou elle nous refuse l’accès",
        ),
        (["Something of a library: {0}"] * 3, 0, "Something of a library: {0} (jamais lue correctement)"),
    ],
)
def test_a_failing_source_is_described_in_french(readings: list[str], usual: int, said: str) -> None:
    past = [Past(NOW, "failed", detail, status=403 if "403" in detail else None) for detail in readings]
    why = illness(past, [], Remembered(last_ok=NOW + usual * timedelta(hours=1) if usual else None), now=NOW)
    assert why is not None
    assert in_french(why) == said


@pytest.mark.parametrize(
    ("every", "silent", "said"),
    [
        (timedelta(hours=2), 3, "rien de nouveau depuis 3\u00a0jours (d’ordinaire 12 articles par jour)"),
        (timedelta(days=7), 20, "rien de nouveau depuis 20\u00a0jours (d’ordinaire un article par semaine)"),
    ],
)
def test_a_silent_source_is_described_in_french(every: timedelta, silent: int, said: str) -> None:
    published = [NOW - timedelta(days=silent) - number * every for number in range(12)]
    why = illness([Past(NOW, "not modified")], published, Remembered(last_ok=NOW, listed=True), now=NOW)
    assert why is not None
    assert in_french(why) == said


def test_what_a_library_says_may_have_several_lines() -> None:
    assert in_french("cannot be read: one\ntwo") == "est illisible (one\ntwo)"
