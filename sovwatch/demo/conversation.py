"""A Slack conversation as a reader sees it: what was posted in, lines of styled text out, then a terminal or a page.

It starts from what the stand-in stored, not from the digest: what is shown is what was sent. Only the blocks that
Slack itself shows are read; a block that is not known here is shown by its name rather than left out.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from rich.console import Group
from rich.padding import Padding
from rich.rule import Rule
from rich.style import Style
from rich.text import Text

from alerts.console import Wrapped
from sovwatch.demo.slack_state import Message

Role = Literal["header", "text", "context", "divider", "bullet", "quote"]


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line (or a paragraph) and what it is."""

    role: Role
    spans: tuple[Span, ...] = ()
    first: bool = False  # whether it begins a block


@dataclass(frozen=True, slots=True)
class Thread:
    """A message in the channel and the replies to it."""

    message: Message
    replies: tuple[Message, ...]


def threads(messages: Sequence[Message]) -> list[Thread]:
    """Order a channel's messages as it shows them: each root with its replies."""
    roots = [each for each in messages if each.get("thread_ts") in {None, each["ts"]}]
    return [
        Thread(root, tuple(each for each in messages if each.get("thread_ts") == root["ts"] != each["ts"]))
        for root in roots
    ]


def at(message: Message, zone: ZoneInfo) -> datetime:
    """Return when a message was posted."""
    return datetime.fromtimestamp(float(message["ts"]), UTC).astimezone(zone)


def lines(message: Message) -> Iterator[Line]:
    """Read a message line by line; without blocks its text is what is shown."""
    if not message.get("blocks"):
        yield from _mrkdwn(str(message.get("text") or ""), "text")
    for block in message.get("blocks") or []:
        for number, line in enumerate(_block(block)):
            yield replace(line, first=number == 0)


def _block(block: Mapping[str, Any]) -> Iterator[Line]:
    match block["type"]:
        case "header":
            yield Line("header", (Span(block["text"]["text"]),))
        case "divider":
            yield Line("divider")
        case "section":
            for text in (block.get("text"), *block.get("fields", ())):
                if text:
                    yield from _object(text, "text")
        case "context":
            for element in block["elements"]:
                yield from _object(element, "context")
        case "rich_text":
            for element in block["elements"]:
                yield from _rich(element)
        case unknown:
            yield Line("context", (Span(f"[{unknown}]", italic=True),))


def _object(text: Mapping[str, Any], role: Role) -> Iterator[Line]:
    if text["type"] == "mrkdwn":
        yield from _mrkdwn(text["text"], role)
    else:
        yield from (Line(role, (Span(each),)) for each in str(text.get("text") or "").split("\n"))


def _rich(element: Mapping[str, Any], role: Role = "text") -> Iterator[Line]:
    if element["type"] == "rich_text_list":
        for item in element["elements"]:
            yield from _rich(item, "bullet")
        return
    role = "quote" if element["type"] == "rich_text_quote" else role
    row: list[Span] = []
    for part in element["elements"]:
        first, *rest = str(part.get("text") or part.get("url") or f"[{part['type']}]").split("\n")
        row.append(_styled(first, part))
        for text in rest:
            yield Line(role, tuple(row))
            row = [_styled(text, part)]
    yield Line(role, tuple(row))


def _styled(text: str, part: Mapping[str, Any]) -> Span:
    style = part.get("style") or {}
    bold, italic, code = (bool(style.get(name)) for name in ("bold", "italic", "code"))
    return Span(text, bold=bold, italic=italic, code=code, url=str(part.get("url") or ""))


_MARK = re.compile(
    r"<(?P<url>(?:https?|mailto):[^|>]+)(?:\|(?P<label>[^>]*))?>|(?<![\w*])\*(?P<bold>[^*\n]+)\*(?![\w*])"
    r"|(?<![\w_])_(?P<italic>[^_\n]+)_(?![\w_])|`(?P<code>[^`\n]+)`"
)


def _mrkdwn(text: str, role: Role) -> Iterator[Line]:
    for row in text.split("\n"):
        quoted = row.startswith((">", "&gt;"))
        spans = tuple(_marked(row.removeprefix("&gt;").removeprefix(">").lstrip() if quoted else row))
        yield Line("quote" if quoted else role, spans)


def _marked(text: str, *, bold: bool = False) -> Iterator[Span]:
    last = 0
    for found in _MARK.finditer(text):
        if found.start() > last:
            yield Span(_unescaped(text[last : found.start()]), bold=bold)
        last = found.end()
        if found["url"]:
            yield Span(_unescaped(found["label"] or found["url"]), bold=bold, url=_unescaped(found["url"]))
        elif found["bold"]:
            yield from _marked(found["bold"], bold=True)
        else:
            inner = _unescaped(found["italic"] or found["code"])
            yield Span(inner, bold=bold, italic=bool(found["italic"]), code=bool(found["code"]))
    if text[last:]:
        yield Span(_unescaped(text[last:]), bold=bold)


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def on_terminal(message: Message, zone: ZoneInfo, *, reply: bool = False) -> Padding:
    """Return a message for a rich Console, as near to Slack's look as text can be."""
    name = Text.assemble(("Sovwatch ", "bold cyan"), ("APP ", "dim"), (f"{at(message, zone):%a %b %d, %H:%M}", "dim"))
    rows = (each for line in lines(message) for each in _printed(line))
    return Padding(Group(name, *rows), (1, 0, 0, 6 if reply else 0))


def _printed(line: Line) -> Iterator[Text | Rule | Wrapped]:
    if line.role == "divider":
        yield Rule(style="dim")
        return
    if line.first and line.role == "text":
        yield Text()
    text = Text({"bullet": "  • ", "quote": "  │ "}.get(line.role, ""))
    for span in line.spans:
        style = Style(bold=span.bold, italic=span.italic, dim=line.role == "context", link=span.url or None)
        text.append(span.text, style)
    if line.role == "header":
        text.stylize("bold")
    yield Wrapped(text)
