"""News sitemaps, plain sitemaps and sitemap indexes, gzipped or not: bytes to entries, pure.

Several Quebec dailies dropped RSS but keep a news sitemap, since search engines ask for it: title, date and language
stand in it. A plain sitemap has addresses and dates alone; its entries are titled by the words of their address,
which is enough to tell whether the page could matter.
"""

import re
import zlib
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from lxml import etree

from sovwatch.dates import parse
from sovwatch.model import Entry
from spiders.entries import Listing, instant, one_line, web_link

MOST_BYTES = 32 * 1024 * 1024


def read_sitemap(body: bytes, url: str, *, zone: str = "UTC") -> Listing:
    """Read a sitemap or an index, gzipped or not.

    Raises:
        ValueError: it unpacks to more than `MOST_BYTES`.
    """
    root = _root(unpacked(body, MOST_BYTES))
    name = _name(root) if root is not None else ""
    if root is None or name not in {"urlset", "sitemapindex"}:
        return Listing(problem="a web page stands where a sitemap was" if name == "html" else "not a sitemap")
    if name == "sitemapindex":
        return Listing(more=_indexed(root, url, zone))
    entries = [entry for node in _children(root, "url") if (entry := _entry(node, url, zone)) is not None]
    return Listing(entries=tuple(sorted(entries, key=instant, reverse=True)))


def unpacked(body: bytes, most: int) -> bytes:
    """Return what a gzipped body holds, or the body itself; a truncated one gives what is there.

    Raises:
        ValueError: it unpacks to more than `most` bytes.
    """
    if body[:2] != b"\x1f\x8b":
        return body
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(body, most)
    except zlib.error as error:
        raise ValueError(f"broken gzip: {error}") from error
    if unpacker.unconsumed_tail:
        raise ValueError(f"unpacks to more than {most:,} bytes")
    return plain


def words_of(url: str) -> str:
    """Return the words that an address is made of: "/news/leger-steps-down-1.23" gives "leger steps down"."""
    segments = [segment for segment in unquote(urlsplit(url).path).split("/") if segment]
    best = max(segments, key=lambda segment: segment.count("-") + segment.count("_"), default="")
    text = re.sub(r"\.\w{2,5}$", "", best)
    return " ".join(word for word in re.split(r"[-_+\s]+", text) if not re.fullmatch(r"[\d.]*|[0-9a-f]{12,}", word))


def _root(body: bytes) -> etree._Element | None:
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(body.lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _name(node: etree._Element) -> str:
    tag: object = node.tag  # of a comment it is a function
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _children(node: etree._Element, name: str) -> Iterator[etree._Element]:
    return (child for child in node if _name(child) == name)


def _text(node: etree._Element | None, *path: str) -> str:
    """Return the text under a path of local names."""
    for name in path:
        node = next(_children(node, name), None) if node is not None else None
    return "".join(str(part) for part in node.itertext()).strip() if node is not None else ""


def _entry(node: etree._Element, base: str, zone: str) -> Entry | None:
    link = web_link(base, _text(node, "loc"))
    if link is None:
        return None
    news = next(_children(node, "news"), None)
    changed = parse(_text(node, "lastmod"), zone=zone, evidence="sitemap lastmod")
    return Entry(
        url=link,
        title=one_line(_text(news, "title")) or words_of(link),
        summary=one_line(_text(news, "keywords")),
        published=parse(_text(news, "publication_date"), zone=zone, evidence="sitemap"),
        updated=changed,
        language=_text(news, "publication", "language")[:2].lower(),
        section=_text(news, "genres").split(",")[0].strip(),
    )


def _indexed(root: etree._Element, base: str, zone: str) -> tuple[str, ...]:
    """Return the sitemaps that an index names: those for news before others, then the newest."""
    found: list[tuple[bool, float, str]] = []
    for node in _children(root, "sitemap"):
        link = web_link(base, _text(node, "loc"))
        changed = parse(_text(node, "lastmod"), zone=zone)
        if link:
            found.append(("news" in link.lower(), changed.at.timestamp() if changed else 0.0, link))
    return tuple(link for *_, link in sorted(found, key=lambda one: one[:2], reverse=True))
