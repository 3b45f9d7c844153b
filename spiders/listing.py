"""HTML pages that list articles, for sites without feed or sitemap: bytes to entries by the operator's selectors, pure.

A selector that begins with "/", "./" or "(" is XPath, any other is CSS. `entry` chooses each entry; `link`, `title`,
`summary`, `date` and `author` count from it. Only `entry` is needed: by default the link is the entry's first address
and the title the text of that link.
"""

from collections.abc import Mapping
from datetime import datetime

from lxml import etree
from parsel import Selector

from sovwatch.dates import parse
from sovwatch.model import RELATIVE, Dated, Entry
from spiders.decoding import decoded
from spiders.entries import Listing, one_line, web_link

SELECTORS = frozenset(("entry", "link", "title", "summary", "date", "author"))


def read_page_of_links(
    body: bytes,
    url: str,
    select: Mapping[str, str],
    *,
    content_type: str = "",
    zone: str = "UTC",
    now: datetime | None = None,
) -> Listing:
    """Read a listing page; with `now`, dates may count from it ("il y a 3 heures").

    Raises:
        ValueError: a selector that is missing, unknown, or neither CSS nor XPath.
    """
    if "entry" not in select or set(select) - SELECTORS:
        raise ValueError(f"select needs 'entry', and knows {', '.join(sorted(SELECTORS))}")
    root = Selector(text=decoded(body, content_type) or "<html></html>")
    found: dict[str, Entry] = {}
    for node in _select(root, select["entry"]):
        entry = _entry(node, url, select, zone, now)
        if entry is not None:
            found.setdefault(entry.url, entry)
    problem = (
        "" if found else "nothing on the page answers to its selectors: it has been redesigned, or needs a browser"
    )
    return Listing(
        entries=tuple(found.values()), title=one_line(str(root.css("title::text").get() or "")), problem=problem
    )


def _select(node: Selector, selector: str) -> list[Selector]:
    try:
        return list(node.xpath(selector) if selector.startswith(("/", "./", "(")) else node.css(selector))
    except Exception as error:  # cssselect, parsel and lxml each have errors of their own
        raise ValueError(f"{selector!r} is neither CSS nor XPath: {error}") from error


def _text(node: Selector, select: Mapping[str, str], name: str) -> str:
    """Return the text of the first match; of an element all its text, of an attribute its value."""
    found = _select(node, select[name])[:1] if name in select else []
    return _said(found[0]) if found else ""


def _said(node: Selector) -> str:
    return one_line(str(node.get() or ""))


def _entry(node: Selector, base: str, select: Mapping[str, str], zone: str, now: datetime | None) -> Entry | None:
    anchors = [node] if _is_link(node) and "link" not in select else _select(node, select.get("link", "a[href]"))
    if not anchors:
        return None
    anchor = anchors[0]
    is_element = isinstance(anchor.root, etree._Element)  # noqa: SLF001  (else an attribute or a text)
    link = web_link(base, anchor.attrib.get("href") if is_element else anchor.get())
    if link is None:
        return None
    author = _text(node, select, "author")
    return Entry(
        url=link,
        title=_text(node, select, "title") or (_said(anchor) if is_element else ""),
        summary=_text(node, select, "summary"),
        published=_date(_text(node, select, "date"), zone, now),
        authors=(author,) if author else (),
    )


def _date(text: str, zone: str, now: datetime | None) -> Dated | None:
    return parse(text, zone=zone, evidence="listing") or parse(text, zone=zone, evidence=RELATIVE, now=now)


def _is_link(node: Selector) -> bool:
    return getattr(node.root, "tag", "") == "a"
