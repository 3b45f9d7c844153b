"""Articles from a file, through the same judging: memory, and told only where that is asked for."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sovwatch.app.opening import App, Progress, silent
from sovwatch.dates import parse
from sovwatch.model import Article, Dated
from sovwatch.store import articles
from sovwatch.text import language_of


@dataclass(slots=True)
class IngestReport:
    """What became of the lines: how many articles were new, and what was wrong with which line."""

    read: int = 0
    new: int = 0
    bad: list[tuple[int, str]] = field(default_factory=list)  # line number from 1, a sentence


def ingest(app: App, lines: Iterable[str], *, tell: bool = False, progress: Progress = silent) -> IngestReport:
    """Write the articles of JSON lines; a bad line is named and stops no other.

    Keys read: url, title, text; optional outlet, language, published (ISO 8601, perhaps only a month or a year),
    authors.
    """
    report = IngestReport()
    now = app.now()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            article = article_of(line)
            with app.store.write() as c:
                remembered = articles.remember(c, article, now=now, standing="news" if tell else "memory")
        except ValueError as error:
            report.bad.append((number, str(error)))
            continue
        report.read += 1
        report.new += remembered.state == "new"
        progress("reading articles", report.read, None)
    return report


def article_of(line: str) -> Article:
    """An article from one JSON line.

    Raises:
        ValueError: a sentence on what is wrong with it.
    """
    try:
        given = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error}") from None
    except RecursionError:
        raise ValueError("not an article: nested too deeply") from None
    if not isinstance(given, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004  (one kind of error for whoever reads the file)
    title, text = _text(given, "title"), _text(given, "text")
    if not title and not text:
        raise ValueError("neither title nor text")
    return Article(
        url=_text(given, "url", needed=True),
        title=title,
        text=text,
        outlet=_text(given, "outlet"),
        language=_text(given, "language") or language_of(f"{title}. {text}"),
        published=_published(given),
        authors=_authors(given.get("authors") or []),
    )


def _authors(given: object) -> tuple[str, ...]:
    if isinstance(given, str):
        return (given,)
    if not isinstance(given, list):
        raise ValueError(f"'authors' is neither text nor a list but {type(given).__name__}")  # noqa: TRY004
    return tuple(str(author) for author in given)


def _text(given: Mapping[str, Any], key: str, *, needed: bool = False) -> str:
    value = given.get(key)
    if value is None or value == "":
        if needed:
            raise ValueError(f"no {key!r}")
        return ""
    if not isinstance(value, str):
        raise ValueError(f"{key!r} is not text but {type(value).__name__}")  # noqa: TRY004
    return value.strip()


def _published(given: Mapping[str, Any]) -> Dated | None:
    value = given.get("published")
    if value is None or value == "":
        return None
    dated = parse(str(value), evidence="given")
    if dated is None:
        raise ValueError(
            f"'published' is no date: {value!r}; write ISO 8601, such as 2026-02-03T10:00:00-07:00 or 2026-02"
        )
    return dated
