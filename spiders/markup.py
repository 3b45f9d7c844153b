"""What a page's markup shows its readers: its headline, its byline, what stands near to it; pure.

It is asked where a page states nothing for machines, or only the name of its site. All of it stands on most pages
several times: menus and lists have times and bylines, and so have comments. What calls itself the article's is
believed first, then what stands nearest to the headline.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, islice
from typing import cast

from lxml import etree
from lxml.html import HtmlElement

from spiders.entries import one_line
from spiders.furniture import ORNAMENTS
from spiders.titles import runs, title_letters

_BYLINE = re.compile(
    r"(?:^|[-_])(?:(?:authors?|bylines?|auteurs?|signature)(?:[-_]+names?)?|(?:author|auteur)[a-z]+[-_]+names?)$",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"(?:^|\s)(?!(?:has|hasnt|no|with|without)[-_])[\w-]*"
    r"(?:aside|comment|forum|related|sidebar|recommend|suggest|promo|teaser|widget|menu|most-?(?:read|popular))",
    re.IGNORECASE,
)
_SAID = etree.XPath(".//text()[not(ancestor::style or ancestor::script)]")
_ASIDE = frozenset({"aside", "nav", "form"})
_BYLINES = ("a", "span", "p", "div", "address")
_MOST = 200  # elements of a kind that are looked at, so that no page takes long
_LONGEST_BYLINE = 120  # characters; a profile is longer
_BADGE = 20  # letters that a heading may have after the headline: "Subscribers only", « Abonnés »
_HEADLINE = 3  # words
_LINKED = 5  # words of a link that is another article's headline; 4 to 7 are as good on ../shared/bench/pages


def headline(root: HtmlElement | None, named: str) -> str:
    """Return the heading that the page's `named` title repeats, the longest of them; else its first h1."""
    parts = {title_letters(part): part for part in runs(named)}
    nodes = (node for name in ("h1", "h2") for node in _all(root, name))
    shown = [(title_letters(text), text) for node in islice(nodes, _MOST) if (text := text_of(node))]
    repeated = [text for letters, text in shown if letters in parts]
    if repeated:
        return max(repeated, key=len)
    badged = [part for said, _ in shown for letters, part in parts.items() if _is_badged(said, letters, part)]
    first = next((text for node in _all(root, "h1") if (text := text_of(node))), "")
    return max(badged, key=len, default=first)


def title_element(root: HtmlElement | None) -> str:
    """Return what the title element says."""
    return next((text for node in _all(root, "title") if (text := text_of(node))), "")


def bylines(root: HtmlElement | None, title: str) -> list[list[str]]:
    """Return what the elements say that call themselves the author's, nearest to the headline; siblings together."""
    near = nearest(root, title, _BYLINES, _names_author) if root is not None else []
    holders = {one for node in near for one in node.iterancestors()}
    together = groupby((node for node in near if node not in holders), key=lambda node: node.getparent())
    said = ([text for node in nodes if len(text := text_of(node, " ")) <= _LONGEST_BYLINE] for _, nodes in together)
    return [texts for texts in said if any(texts)]


def links(root: HtmlElement | None) -> frozenset[str]:
    """Return what the links to other pages say that are as long as a headline."""
    away = (node for node in _all(root, "a") if not (node.get("href") or "#").startswith("#"))
    said = (" ".join(str(node.text_content()).split()) for node in away)
    return frozenset(text.strip(ORNAMENTS) for text in said if len(text.split()) >= _LINKED)


def _all(root: HtmlElement | None, name: str) -> Iterator[HtmlElement]:
    return root.iter(name) if root is not None else iter(())


def text_of(node: HtmlElement, between: str = "") -> str:
    """What an element says; `between` parts what stands in elements of its own."""
    return one_line(between.join(cast("list[str]", _SAID(node))))


def _is_badged(said: str, wanted: str, part: str) -> bool:
    """Whether a heading is a part of the title and a badge; the first two are letters alone."""
    return said.startswith(wanted) and len(said) <= len(wanted) + _BADGE and len(part.split()) >= _HEADLINE


def nearest(
    root: HtmlElement, title: str, tags: Sequence[str], wanted: Callable[[HtmlElement], bool]
) -> list[HtmlElement]:
    """The wanted elements of the smallest part of the page that holds the headline and any; what follows it first."""
    heading, passed = heading_of(root, title), False
    around = [heading, *heading.iterancestors()] if heading is not None else []
    before: list[HtmlElement] = []
    after: list[HtmlElement] = []
    for node in root.iter("h1", "h2", *tags):
        passed = passed or node is heading
        if node.tag in tags and wanted(node):
            (after if passed else before).append(node)
    holding = set(around)
    found = [node for node in (*after[:_MOST], *before[-_MOST:]) if not _is_elsewhere(node, holding)]
    holders = {one for node in found for one in node.iterancestors()}
    part = next((one for one in around if one in holders), None)
    return [node for node in found if part is None or any(one is part for one in node.iterancestors())]


def heading_of(root: HtmlElement, title: str) -> HtmlElement | None:
    """Return the heading that the headline is the beginning of."""
    wanted = title_letters(title)
    shown = islice(root.iter("h1", "h2"), _MOST)
    return next((one for one in shown if wanted and title_letters(text_of(one)).startswith(wanted)), None)


def _names_author(node: HtmlElement) -> bool:
    named = f"{node.get('rel') or ''} {node.get('itemprop') or ''}".lower().split()
    return "author" in named or any(_BYLINE.search(one) for one in (node.get("class") or "").split())


def _is_elsewhere(node: HtmlElement, around: set[HtmlElement]) -> bool:
    """Whether it is a comment's, a list's or a menu's: `around` is what holds the headline, and none of these."""
    within = [one for one in (node, *node.iterancestors()) if one not in around and one.tag not in {"body", "html"}]
    in_article = any(one.tag == "article" for one in node.iterancestors())
    return any(
        one.tag in _ASIDE
        or (one.tag == "footer" and not in_article)
        or _ELSEWHERE.search(one.get("class") or "")
        or _ELSEWHERE.search(one.get("id") or "")
        for one in within
    )
