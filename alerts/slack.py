"""A digest as Slack messages, within every limit that Slack has.

A digest is parted first, by the costliest rendering, and rendered after: so each part holds the same whole stories
however plainly it is rendered, and a part that Slack refuses can be rendered again without touching the others. What
doesn't fit in the first message continues in its thread.

Three renderings. Rich: rich_text blocks, in which text is text by construction, so no headline can mention, link or
format. Simple: mrkdwn sections with `verbatim`, marks of formatting replaced by their look-alikes, for Slack has no
escape for them. Plain: no blocks at all.

Limits (docs.slack.dev, November 2026): 50 blocks a message, 3,000 characters a section, 150 a header, 40,000 a text
with 4,000 advised; and an undocumented total of about 12,000 over all blocks (`msg_blocks_too_long`;
slackapi/bolt-js#2509, #2867). We stay under 9,000, links included.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    MarkdownTextObject,
    PlainTextObject,
    RichTextBlock,
    RichTextElementParts,
    RichTextListElement,
    RichTextSectionElement,
    SectionBlock,
)

from alerts.spans import Line, Span, clip, cost, entry, shown, weight
from alerts.way import Part
from alerts.words import Words
from sovwatch.model import Digest, Item

EVENT = "sovwatch_message"  # event_type of the metadata that carries the key
BLOCKS = 48  # of a message
TOTAL = 9_000  # characters of a message, as `weight` counts them
PLAIN = 3_900  # the same, of one without blocks
HEADER = 150
FALLBACK = 1_500  # of what notifications and screen readers read
_LOOKALIKES = str.maketrans({"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ"})
_EMOJI = re.compile(r":(?=[\w+'-]+:)")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


@dataclass(frozen=True, slots=True)
class _Unit:
    """What stays in one piece, a story or a line, under its section's heading; its weight as blocks and as text."""

    lines: tuple[Line, ...]
    heading: str
    cost: int
    plain_cost: int
    story: int | None


def _unit(lines: Iterable[Line], heading: str = "", story: int | None = None) -> _Unit:
    lines = tuple(lines)
    plain_cost = weight(_briefly(lines)) + weight(heading) + 8
    return _Unit(lines, heading, cost(lines) + weight(heading) + 4, plain_cost, story)


@dataclass(slots=True)
class _Message:
    """A message being filled."""

    units: list[_Unit] = field(default_factory=list)
    total: int = 0
    plain: int = 0

    def takes(self, unit: _Unit) -> bool:
        """Whether the unit fits; an empty message takes any."""
        if not self.units:
            return True
        fits = self.total + unit.cost <= TOTAL and self.plain + unit.plain_cost <= PLAIN
        headings = len(list(groupby([*self.units, unit], key=lambda each: each.heading)))
        return fits and len(self.units) + 1 + headings + _FIXED_BLOCKS <= BLOCKS

    def add(self, unit: _Unit) -> None:
        """Put the unit in."""
        self.units.append(unit)
        self.total += unit.cost
        self.plain += unit.plain_cost


_Render = Callable[[Sequence[Line]], Block]
_FIXED_BLOCKS = 6  # header, summary, divider, footer, word of the thread, and one spare


def parts(digest: Digest) -> list[Part]:
    """Render a digest as the parts of one Slack conversation: the first in the channel, the rest in its thread."""
    words = Words.of(digest)
    messages = _fill(digest, words)
    return [
        Part(
            key=f"{digest.key}/{number}",
            bodies=tuple(
                _body(digest, words, message, number, len(messages), render) for render in (_rich, _simple, None)
            ),
            stories=tuple(unit.story for unit in message.units if number and unit.story is not None),
        )
        for number, message in enumerate(messages)
    ]


def _fill(digest: Digest, words: Words) -> list[_Message]:
    own = weight("".join(_frame(digest, words)))
    messages = [_Message(total=own + FALLBACK, plain=own)]
    for unit in _units(digest, words):
        if not messages[-1].takes(unit):
            messages.append(_Message(total=HEADER + FALLBACK, plain=HEADER))
        messages[-1].add(unit)
    return messages


def _frame(digest: Digest, words: Words) -> list[str]:
    """Return the first message's own words, which its stories share the room with."""
    own = [_heading(digest, words), words.summary(digest), words["in thread"]]
    return own + (_footer(digest, words) if digest.kind == "digest" else [])


def _footer(digest: Digest, words: Words) -> list[str]:
    return [shown(line, 600) for line in words.footer(digest.footer)]


def _heading(digest: Digest, words: Words) -> str:
    return shown(words.heading(digest), HEADER) or words["no headline"]


def _units(digest: Digest, words: Words) -> Iterator[_Unit]:
    for section in digest.sections:
        heading = shown(section.name, HEADER) if digest.kind == "digest" else ""
        yield from _stories(section.items, heading, words)
    yield from _stories(digest.updates, words["updates"], words)
    yield from _stories(digest.away, words["away"], words, short=True)
    for line in filter(None, (shown(line, 1_000) for line in digest.lines)):
        yield _unit((_one(line),))


def _stories(items: Iterable[Item], heading: str, words: Words, *, short: bool = False) -> Iterator[_Unit]:
    for item in items:
        yield _unit(entry(item, words, short=short), heading, item.story)


def _body(
    digest: Digest, words: Words, message: _Message, number: int, total: int, render: _Render | None
) -> dict[str, Any]:
    """One message in one rendering, as the arguments of chat.postMessage."""
    body: dict[str, Any] = {
        "text": _fallback(digest, words, message, number),
        "unfurl_links": False,
        "unfurl_media": False,
        "metadata": {"event_type": EVENT, "event_payload": {"key": f"{digest.key}/{number}"}},
    }
    if render is None:
        body["text"] = _plainly(digest, words, message, number)
        return body
    if digest.kind == "digest" and not message.units:
        body["blocks"] = [_nothing(digest, words).to_dict()]
        return body
    blocks: list[Block] = [*_head(digest, words, number)]
    heading = ""
    for unit in message.units:
        if unit.heading and unit.heading != heading:
            heading = unit.heading
            blocks.append(render((_one(heading, strong=True),)))
        blocks.append(render(unit.lines))
    blocks += _foot(digest, words, number, total)
    body["blocks"] = [block.to_dict() for block in blocks]
    return body


def _nothing(digest: Digest, words: Words) -> Block:
    """A digest with nothing new is one small block: silence would mean trouble, and more would be noise."""
    first = f"{_heading(digest, words)} · {words.summary(digest)}"
    return _context([first, *_footer(digest, words)])


def _head(digest: Digest, words: Words, number: int) -> list[Block]:
    if number:
        return [_context([f"{_heading(digest, words)} ({words['more']})"])]
    if digest.kind == "reply":
        return [_context([_heading(digest, words)])]
    head: list[Block] = [HeaderBlock(text=PlainTextObject(text=_heading(digest, words), emoji=False))]
    return [*head, _context([words.summary(digest)])] if digest.kind == "digest" else head


def _foot(digest: Digest, words: Words, number: int, total: int) -> list[Block]:
    if number:
        return []
    foot: list[Block] = [_context([words["in thread"]])] if total > 1 else []
    if digest.kind == "digest":
        foot += [DividerBlock(), _context(_footer(digest, words))]
    return foot


def _context(texts: Sequence[str]) -> Block:
    return ContextBlock(elements=[PlainTextObject(text="\n".join(texts), emoji=False)])


def _one(text: str, *, strong: bool = False) -> Line:
    return Line((Span(text, strong=strong),), "said")


def _rich(lines: Sequence[Line]) -> Block:
    """Render a story: what it says stands as a list between the lines that tell of it."""
    elements: list[RichTextSectionElement | RichTextListElement] = []
    for listed, group in groupby(lines, key=lambda line: line.role == "said" and len(lines) > 1):
        run = list(group)
        if listed:
            elements.append(RichTextListElement(style="bullet", elements=[_rich_section([line]) for line in run]))
        else:
            elements.append(_rich_section(run))
    return RichTextBlock(elements=elements)


def _rich_section(lines: Sequence[Line]) -> RichTextSectionElement:
    elements: list[Any] = []
    for number, line in enumerate(lines):
        if number:
            elements.append(RichTextElementParts.Text(text="\n"))
        elements += [_rich_span(span) for span in line.spans]
    return RichTextSectionElement(elements=elements)


def _rich_span(span: Span) -> RichTextElementParts.Link | RichTextElementParts.Text:
    style = RichTextElementParts.TextStyle(bold=True) if span.strong else None
    if span.url:
        return RichTextElementParts.Link(url=span.url, text=span.text, style=style)
    return RichTextElementParts.Text(text=span.text, style=style)


def _simple(lines: Sequence[Line]) -> Block:
    text = "\n".join(line.mark + "".join(_mrkdwn(span) for span in line.spans) for line in lines)
    return SectionBlock(text=MarkdownTextObject(text=text, verbatim=True))


def _mrkdwn(span: Span) -> str:
    text = escape(span.text)
    if span.url:
        text = f"<{span.url.translate(_ENTITIES).replace('|', '%7C')}|{text}>"
    return f"*{text}*" if span.strong else text


def escape(text: str) -> str:
    """Return a text that mrkdwn shows as it is: entities, look-alikes of the formatting marks, broken emoji names."""
    return _EMOJI.sub("∶", text.translate(_ENTITIES).translate(_LOOKALIKES)).replace("|", "¦")


def _fallback(digest: Digest, words: Words, message: _Message, number: int) -> str:
    """Write what notifications and screen readers read: what it is, and the headlines."""
    titles = [unit.lines[0].spans[0].text for unit in message.units]
    opening = [_heading(digest, words)] + ([words.summary(digest)] if digest.kind == "digest" and not number else [])
    return escape(clip(" – ".join([*opening, *titles]), FALLBACK))


def _plainly(digest: Digest, words: Words, message: _Message, number: int) -> str:
    lines = [escape(_heading(digest, words))]
    heading = ""
    for unit in message.units:
        if unit.heading and unit.heading != heading:
            heading = unit.heading
            lines.append("\n" + escape(heading))
        lines.append(_briefly(unit.lines))
    if digest.kind == "digest" and not number:
        lines += ["", escape(words.summary(digest)), *map(escape, _footer(digest, words))]
    return "\n".join(lines)


def _briefly(lines: Sequence[Line]) -> str:
    first = lines[0].spans[0]
    return f"• {escape(first.text)}" + (f"\n{first.url.translate(_ENTITIES)}" if first.url else "")
