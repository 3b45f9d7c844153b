"""What a page says about itself outside its text: JSON-LD, meta elements, links, the language of its root; pure.

Publishers break JSON-LD in every way: several scripts, graphs, lists, comments around the JSON, control characters
inside strings, arrays where a value should be. What can be read is read; nothing raises.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from sovwatch.urls import canonical
from spiders.entries import one_line, unescaped, web_link

_ARTICLE = re.compile(r"(?:News)?Article$|(?:Blog|LiveBlog|SocialMedia)Posting$|^Report$|^Review$|^CreativeWork$")
_WRAPPING = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$")
_DEEPEST = 6  # levels of lists and graphs that are looked through

Node = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that a page says about itself, by where it says it."""

    url: str
    root: lxml_html.HtmlElement | None = None
    article: Node = field(default_factory=dict)  # the JSON-LD node of the article that the page is
    types: tuple[str, ...] = ()  # its types
    meta: Mapping[str, str] = field(default_factory=dict)  # the first value of each name, names in lower case
    canonical: str | None = None
    amp: str | None = None

    def first_meta(self, *names: str) -> str:
        """Return the first of these meta values that says something."""
        return next((value for name in names if (value := self.meta.get(name))), "")

    def said(self, name: str) -> str:
        """Return a property of the JSON-LD article as one line of text."""
        return one_line(text_of(self.article.get(name)))


def evidence(markup: str, url: str) -> Evidence:
    """Collect what the markup says about itself."""
    root = _tree(markup)
    if root is None:
        return Evidence(url)
    meta = _meta(root)
    link = _link(root, url, "canonical") or web_link(url, meta.get("og:url"))
    node = _article(root, link or url)
    return Evidence(url, root, node, _types(node), meta, link, _link(root, url, "amphtml"))


def text_of(value: object) -> str:
    """Return what a JSON-LD value says: a text, a thing's name, or the first of a list that says anything."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return text_of(value.get("name") or value.get("@value") or value.get("headline"))
    if isinstance(value, list):
        return next((text for one in value if (text := text_of(one))), "")
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def names_of(value: object) -> list[str]:
    """Return the names of people or bodies in a JSON-LD value."""
    if isinstance(value, list):
        return [name for one in value for name in names_of(one)]
    if isinstance(value, Mapping) and isinstance(value.get("name"), list):
        return names_of(value["name"])
    text = one_line(text_of(value))
    return [text] if text else []


def bodies_of(value: object) -> list[str]:
    """Return the names in a JSON-LD value of what says that it is no person."""
    if isinstance(value, list):
        return [name for one in value for name in bodies_of(one)]
    is_body = isinstance(value, Mapping) and any(kind.endswith("Organization") for kind in _types(value))
    return names_of(value) if is_body else []


def _tree(markup: str) -> lxml_html.HtmlElement | None:
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, huge_tree=False)
    try:
        return lxml_html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def _meta(root: lxml_html.HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in root.iter("meta"):
        name = (
            (node.get("property") or node.get("name") or node.get("itemprop") or node.get("http-equiv") or "")
            .strip()
            .lower()
        )
        value = unescaped(node.get("content") or "").strip()
        if name and value:
            found.setdefault(name, value)
    return found


def _link(root: lxml_html.HtmlElement, base: str, rel: str) -> str | None:
    for node in root.iter("link"):
        if rel in (node.get("rel") or "").lower().split():
            return web_link(base, node.get("href"))
    return None


def _article(root: lxml_html.HtmlElement, address: str) -> Node:
    """Return the node of the article that the page is: the one of its address, else the one that says most."""
    nodes = [node for node in _nodes(root) if any(_ARTICLE.search(kind) for kind in _types(node))]
    own = [node for node in nodes if _same(address, _address(node))]
    return max(own or nodes, key=_tells, default={})


def _nodes(root: lxml_html.HtmlElement) -> Iterator[Node]:
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            yield from _flat(_loads(script.text or ""), _DEEPEST)


def _loads(text: str) -> object:
    cleaned = _WRAPPING.sub("", _WRAPPING.sub("", text.strip())).strip().rstrip(";")
    for attempt in (cleaned, unescaped(cleaned), re.sub(r",\s*([}\]])", r"\1", cleaned)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _flat(value: object, depth: int) -> Iterator[Node]:
    if isinstance(value, list) and depth:
        for one in value:
            yield from _flat(one, depth - 1)
    elif isinstance(value, Mapping):
        yield value
        for name in ("@graph", "mainEntity", "mainEntityOfPage", "item"):
            if depth and isinstance(value.get(name), list | Mapping):
                yield from _flat(value[name], depth - 1)


def _types(node: Node) -> tuple[str, ...]:
    kinds = node.get("@type")
    return tuple(str(kind).rpartition("/")[2] for kind in (kinds if isinstance(kinds, list) else [kinds]) if kind)


def _address(node: Node) -> str:
    page = node.get("mainEntityOfPage")
    inner = page.get("@id") or page.get("url") if isinstance(page, Mapping) else page
    return next((value for value in (node.get("url"), inner, node.get("@id")) if isinstance(value, str) and value), "")


def _same(one: str, other: str) -> bool:
    try:
        return canonical(one) == canonical(other.partition("#")[0])
    except ValueError:
        return False


def _tells(node: Node) -> int:
    """How much a node tells of an article."""
    named = any(kind not in {"CreativeWork", "Review"} for kind in _types(node))
    return 4 * named + sum(bool(node.get(name)) for name in ("headline", "datePublished", "author", "articleBody"))
