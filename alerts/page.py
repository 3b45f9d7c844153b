"""A digest as an HTML page or the body of a mail: autoescaped, no script, nothing loaded from elsewhere."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from alerts.spans import entry, plain, shown
from alerts.words import Words
from sovwatch.model import Digest, Item


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("alerts"),
        autoescape=select_autoescape(["html", "j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(digest: Digest, base: str = "") -> str:
    """Return the digest as a whole HTML page, which reads well in a narrow window, in the dark, and as a mail.

    `base` is where its links to other pages of ours count from.
    """
    words = Words.of(digest)
    parts = [(section.name if digest.kind == "digest" else "", section.items, False) for section in digest.sections]
    parts += [(words["updates"], digest.updates, False), (words["away"], digest.away, True)]
    return (
        _templates()
        .get_template("digest.html.j2")
        .render(
            words=words,
            base=base,
            heading=shown(words.heading(digest), 300),
            summary=words.summary(digest) if digest.kind == "digest" else "",
            sections=[
                (shown(name, 150), [(item.story, entry(item, words, short=short)) for item in items])
                for name, items, short in parts
                if items
            ],
            lines=[shown(line, 2_000) for line in digest.lines],
            footer=_footer(digest, words),
        )
    )


def story(item: Item, words: Words) -> str:
    """Return one story as an HTML fragment: all but its headline."""
    lines = entry(item, words)[1:]
    return _templates().get_template("story.html.j2").render(words=words, lines=lines).strip()


def text(digest: Digest) -> str:
    """Return the digest as plain text, addresses below their headlines: a mail's other half."""
    words = Words.of(digest)
    blocks = [shown(words.heading(digest), 300)]
    blocks += [words.summary(digest)] if digest.kind == "digest" else []
    for section in digest.sections:
        blocks += _stories(section.name if digest.kind == "digest" else "", section.items, words)
    blocks += _stories(words["updates"], digest.updates, words)
    blocks += _stories(words["away"], digest.away, words, short=True)
    blocks += [shown(line, 2_000) for line in digest.lines]
    blocks += ["-- \n" + "\n".join(_footer(digest, words))] if digest.kind == "digest" else []
    return "\n\n".join(blocks) + "\n"


def _footer(digest: Digest, words: Words) -> list[str]:
    return [shown(line, 2_000) for line in words.footer(digest.footer)] if digest.kind == "digest" else []


def _stories(name: str, items: tuple[Item, ...], words: Words, *, short: bool = False) -> list[str]:
    if not items:
        return []
    blocks = [shown(name, 150).upper()] if name else []
    for item in items:
        lines = entry(item, words, short=short)
        address, byline, rest = lines[0].spans[0].url, lines[1:2], lines[2:]
        told = [span.url for line in byline for span in line.spans if span.url and "://" in span.url]
        said = [plain(lines[:1]), address, plain(byline), *(url for url in told if url != address), plain(rest)]
        blocks.append("\n".join(line for line in said if line))
    return blocks
