"""A digest on a terminal, as near to what Slack shows as text can be."""

import sys
from collections.abc import Sequence
from itertools import accumulate
from textwrap import wrap

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.rule import Rule
from rich.style import Style
from rich.text import Text

from alerts.spans import Line, entry, shown
from alerts.way import OneWay, Outcome, Part, Posted
from alerts.words import Words
from sovwatch.model import Digest, Item


def rendering(digest: Digest) -> RenderableType:
    """Return the digest for a rich Console; nothing in it is read as markup."""
    words = Words.of(digest)
    lines: list[RenderableType] = [Rule(Text(shown(words.heading(digest), 300), style="bold"), align="left")]
    if digest.kind == "digest":
        lines.append(Text(words.summary(digest), style="dim"))
    for section in digest.sections:
        lines += _section(section.name if digest.kind == "digest" else "", section.items, words)
    lines += _section(words["updates"], digest.updates, words) if digest.updates else []
    lines += _section(words["away"], digest.away, words, short=True) if digest.away else []
    lines += [Text(shown(line, 2_000)) for line in digest.lines]
    if digest.kind == "digest":
        lines += [Text(""), *(Text(shown(line, 2_000), style="dim") for line in words.footer(digest.footer))]
    return Group(*(Wrapped(line) if isinstance(line, Text) else line for line in lines))


class Wrapped:
    """Text that is not broken at no-break spaces, as rich would break it: "7 h 05" stays in one piece."""

    def __init__(self, text: Text) -> None:
        self._text = text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        plain = self._text.plain
        if self._text.cell_len != len(plain) or "\n" in plain.strip("\n"):  # textwrap counts characters, not cells
            yield self._text
            return
        lines = wrap(plain, options.max_width, drop_whitespace=False, replace_whitespace=False, break_on_hyphens=False)
        ends = list(accumulate(map(len, lines)))
        for number, line in enumerate(self._text.divide(ends[:-1])):
            line.rstrip()
            blanks = len(line.plain) - len(line.plain.lstrip(" ")) if number else 0  # of a line broken before its space
            yield line[blanks:]


def _section(name: str, items: Sequence[Item], words: Words, *, short: bool = False) -> list[RenderableType]:
    lines: list[RenderableType] = [Text(f"\n{name}", style="bold underline")] if name else []
    for item in items:
        lines.append(Text(""))
        lines += [_line(line) for line in entry(item, words, short=short)]
    return lines


def _line(line: Line) -> Text:
    text, dim = Text(line.mark), line.role in {"byline", "also"}
    for span in line.spans:
        text.append(span.text, Style(bold=span.strong, dim=dim, link=span.url))
    return text


class ConsoleWay(OneWay):
    """Prints to the terminal; each promise once, since the outbox remembers."""

    def parts(self, digest: Digest) -> Sequence[Part]:
        """Return the digest as one part."""
        return [Part(digest.key, ({"digest": digest},))]

    def post(self, part: Part, level: int, thread: str | None) -> Outcome:  # noqa: ARG002  (a terminal has neither)
        """Print it."""
        show(part.bodies[0]["digest"])
        return Posted(part.key)


def show(digest: Digest) -> None:
    """Print a digest to the terminal."""
    Console(file=sys.stdout, highlight=False).print(rendering(digest))
