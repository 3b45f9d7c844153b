"""`demo.html`: the conversation as a Slack channel looks, the score under it, every invented article behind its link.

One file, with nothing loaded from elsewhere. Addresses in `.example` lead nowhere, so links to the newsroom's articles
and to earlier messages are turned into places on the page.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from sovwatch.demo import conversation
from sovwatch.demo.configuration import CHANNEL, ZONE
from sovwatch.demo.conversation import Line, Thread
from sovwatch.demo.coverage import FICTION, Coverage, Dispatch
from sovwatch.demo.score import Score
from sovwatch.demo.slack_state import Message


def page(messages: Sequence[Message], score: Score, coverage: Coverage) -> str:
    """Return the whole page."""
    zone = ZoneInfo(ZONE)
    threads = conversation.threads(messages)
    days = groupby(threads, key=lambda thread: f"{conversation.at(thread.message, zone):%A, %B %-d}")
    environment = Environment(loader=PackageLoader("sovwatch.demo"), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("demo.html.j2").render(
        channel=CHANNEL,
        days=[{"name": name, "threads": [_thread(each, zone, coverage) for each in group]} for name, group in days],
        measures=score.measures,
        mistakes=score.mistakes,
        articles=[_article(each, coverage) for each in _in_order(coverage)],
        outlets=coverage.outlets,
    )


def _in_order(coverage: Coverage) -> list[Dispatch]:
    return sorted(coverage.dispatches.values(), key=lambda each: each.published)


def _article(dispatch: Dispatch, coverage: Coverage) -> dict[str, Any]:
    outlet = coverage.outlets[dispatch.outlet]
    last = dispatch.at(dispatch.modified)
    return {
        "id": dispatch.id,
        "title": last.title,
        "outlet": outlet.name,
        "language": outlet.language,
        "when": f"{dispatch.published.astimezone(ZoneInfo(outlet.zone)):%Y-%m-%d %H:%M}",
        "paragraphs": last.paragraphs,
        "fiction": FICTION[outlet.language],
    }


def _thread(thread: Thread, zone: ZoneInfo, coverage: Coverage) -> dict[str, Any]:
    replies = [_message(each, zone, coverage) for each in thread.replies]
    return _message(thread.message, zone, coverage) | {"replies": replies}


def _message(message: Message, zone: ZoneInfo, coverage: Coverage) -> dict[str, Any]:
    lines = [_linked(line, coverage) for line in conversation.lines(message)]
    place = "m" + message["ts"].replace(".", "")
    return {"id": place, "time": f"{conversation.at(message, zone):%H:%M}", "lines": lines}


def _linked(line: Line, coverage: Coverage) -> Line:
    return replace(line, spans=tuple(replace(span, url=_place(span.url, coverage)) for span in line.spans))


def _place(url: str, coverage: Coverage) -> str:
    """Return where on the page an address leads: an article, or a message by its permalink; others stay."""
    parts = urlsplit(url)
    if parts.hostname and parts.hostname.endswith("slack.example"):
        return "#m" + parts.path.rsplit("/p", 1)[-1]
    article = coverage.by_path.get((parts.hostname or "", parts.path.removeprefix("/amp")))
    return f"#{article.id}" if article else url
