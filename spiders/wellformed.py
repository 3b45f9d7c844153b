"""A first try at a feed, several times as fast as feedparser: well-formed RSS 2.0 and Atom 1.0 of plain vocabulary.

What it gives has the keys and values that feedparser gives for the same bytes, so that one reader (`spiders.feed`)
takes either; tests/test_wellformed.py compares the two. Where anything at all is out of the ordinary it gives None, and
feedparser, the parser of record, reads the feed: bytes that are not strictly UTF-8 or say that they are something
else, a document type, an element, attribute or namespace that is not in `spiders.vocabulary`, elements inside text, an
element twice that may stand once, an address that is not a plain one.

Why not a library: docs/decisions/0008.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

from spiders.entries import PLAIN_LINK
from spiders.vocabulary import (
    CHANNEL,
    ENTRY,
    FEED,
    IMAGE,
    ITEM,
    NAMESPACES,
    PERSON,
    PICTURE,
    PREFIXES,
    SEVERAL,
    Vocabulary,
)

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_ITEM_KEYS = (("title", "title"), ("pubDate", "published"), ("dc:date", "updated"), ("atom:updated", "updated"))
_TEXT_TYPES = frozenset(("", "text", "html", "text/html", "text/plain"))
_PAGE_TYPES = frozenset(("", "html", "xhtml", "text/html", "application/xhtml+xml"))

_DECLARED = re.compile(rb"xmlns(?::([^\s=]+))?\s*=\s*[\"']([^\"']*)[\"']")
_BEGINS = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:<\?xml\s+version=([\"'])1\.0\1(?:\s+encoding=([\"'])utf-8\2)?\s*\?>)?\s*<(?:!--|rss|feed)",
    re.IGNORECASE,
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^;\"'\s]*)", re.IGNORECASE)
_CONTROLS = re.compile("[\x80-\x9f]")  # feedparser takes them for Windows-1252
_ABSOLUTE = re.compile(r"(?:tag|urn):\S+")  # an id that no base address changes
_NAME = re.compile(r"[A-Za-z0-9_-]+")  # an id that lies in the folder of its base


class _Unusual(Exception):
    """Something that feedparser shall read."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What was read, by feedparser's names."""

    feed: Mapping[str, Any]
    entries: Sequence[Mapping[str, Any]]


Parts = dict[str, list[ET.Element]]


def parse_well_formed(body: bytes, url: str, content_type: str) -> Parsed | None:
    """Read a feed of the plain kind that was found at `url`; None where feedparser is needed."""
    if not _is_plain(body, content_type):
        return None
    try:
        root = ET.fromstring(body)  # noqa: S314  (no document type comes this far, so no entity does)
        return _rss(root, url) if root.tag == "rss" else _atom(root, url)
    except (ET.ParseError, _Unusual):
        return None


def _is_plain(body: bytes, content_type: str) -> bool:
    """Whether the bytes are UTF-8 and claim nothing else, and prefixes stand for what they always do."""
    if not _BEGINS.match(body) or b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        return False
    if any(charset.lower() != "utf-8" for charset in _CHARSET.findall(content_type)):
        return False
    try:
        text = "" if body.isascii() else body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not _CONTROLS.search(text) and all(_is_usual(*found) for found in set(_DECLARED.findall(body)))


def _is_usual(prefix: bytes, uri: bytes) -> bool:
    """Other namespaces may be declared; an element of one is unusual. Atom's has many prefixes in the wild."""
    name, address = prefix.decode(), uri.decode()
    known = PREFIXES.get(address, name)
    if not name:
        return known in {"atom", "wordpress"}
    return NAMESPACES.get(name, address) == address and known in {name, "atom"}


def _rss(root: ET.Element, url: str) -> Parsed:
    if root.attrib != {"version": "2.0"} or len(root) != 1 or root[0].tag != "channel" or root[0].attrib:
        raise _Unusual
    channel = root[0]
    items = [_item(_parts(node, ITEM), url) for node in channel if node.tag == "item"]
    for node in channel:
        if node.tag == "image":
            _parts(node, IMAGE)
    about = _parts([node for node in channel if node.tag not in {"item", "image"}], CHANNEL)
    names = ("title", "language", "ttl", "sy:updatePeriod", "sy:updateFrequency")
    return Parsed({name.replace(":", "_").lower(): _text(about[name][0]) for name in names if name in about}, items)


def _atom(root: ET.Element, url: str) -> Parsed:
    entry, author = "{http://www.w3.org/2005/Atom}entry", "{http://www.w3.org/2005/Atom}author"
    if root.tag != "{http://www.w3.org/2005/Atom}feed" or root.attrib.keys() - {_LANG}:
        raise _Unusual
    language = root.get(_LANG, "").replace("_", "-")
    entries = [_entry(node, url, language) for node in root if node.tag == entry]
    about = _parts([node for node in root if node.tag not in {entry, author}], FEED)
    title = _typed(about["atom:title"][0]) if "atom:title" in about else ""
    return Parsed({"title": title, "language": language}, entries)


def _parts(nodes: ET.Element | list[ET.Element], usual: Vocabulary) -> Parts:
    """Sort elements by their names, with prefixes.

    Raises:
        _Unusual: one is not of the vocabulary, holds more than text, or stands twice.
    """
    if isinstance(nodes, ET.Element) and nodes.attrib:
        raise _Unusual
    found: Parts = {}
    for node in nodes:
        name = _name(node.tag)
        attributes = usual.get(name)
        if attributes is None or (node.attrib and not attributes.issuperset(node.attrib)):
            raise _Unusual
        if len(node):
            _parts(list(node), PICTURE if name == "media:content" else {})
        if name in found and name not in SEVERAL:
            raise _Unusual
        found.setdefault(name, []).append(node)
    return found


def _name(tag: str) -> str:
    uri, _, local = tag.rpartition("}")
    return f"{PREFIXES.get(uri[1:], '?')}:{local}" if uri else tag


def _item(parts: Parts, url: str) -> dict[str, Any]:
    """An item of RSS."""
    entry: dict[str, Any] = {"link": _address(_text(parts["link"][0]) if "link" in parts else "")}
    if "feedburner:origLink" in parts:
        entry["feedburner_origlink"] = _address(_text(parts["feedburner:origLink"][0]))
    if "dc:date" in parts and "atom:updated" in parts:
        raise _Unusual
    for name, key in _ITEM_KEYS:
        if name in parts:
            entry[key] = _text(parts[name][0])
    if "guid" in parts:
        guid = parts["guid"][0]
        entry["id"] = _joined(url, _text(guid)) if guid.get("isPermaLink", "true") == "true" else _text(guid)
    if "author" in parts and "dc:creator" in parts:
        raise _Unusual  # which of them comes first is feedparser's to say
    entry["authors"] = [{"name": _no_mail(_text(node))} for node in parts.get("author", parts.get("dc:creator", ()))]
    entry["tags"] = [{"term": term} for node in parts.get("category", ()) if (term := _category(node))]
    if "source" in parts:
        entry["source"] = {"title": _text(parts["source"][0])}
    return entry | _told(parts, "description", "content:encoded")


def _entry(node: ET.Element, url: str, language: str) -> dict[str, Any]:
    """An entry of Atom."""
    people = [part for part in node if _name(part.tag) == "atom:author"]
    if node.attrib:
        raise _Unusual
    parts = _parts([part for part in node if part not in people], ENTRY)
    entry: dict[str, Any] = {"link": _page(parts), "authors": [{"name": _person(one)} for one in people]}
    if "atom:id" in parts:
        entry["id"] = _joined(url, _text(parts["atom:id"][0]))
    if "atom:title" in parts:
        entry |= {"title": _typed(parts["atom:title"][0]), "title_detail": {"language": language}}
    entry |= {name: _text(parts[f"atom:{name}"][0]) for name in ("published", "updated") if f"atom:{name}" in parts}
    terms = [(part.get("term"), _text(part)) for part in parts.get("atom:category", ())]
    if any(text or not term for term, text in terms):
        raise _Unusual
    return entry | {"tags": [{"term": term} for term, _ in terms]} | _told(parts, "atom:summary", "atom:content")


def _told(parts: Parts, summary: str, content: str) -> dict[str, Any]:
    """Summary and content; feedparser takes one for the other where it is missing."""
    found: dict[str, Any] = {}
    if content in parts:
        value = _typed(parts[content][0])
        found = {"content": [{"value": value}], "summary": value}
    if summary in parts:
        found["summary"] = _typed(parts[summary][0])
    return found


def _page(parts: Parts) -> str:
    """The address of the entry's page: the last that is named, as feedparser has it."""
    links = [node for node in parts.get("atom:link", ()) if node.get("rel", "alternate").lower() == "alternate"]
    if any("href" not in node.attrib for node in parts.get("atom:link", ())):
        raise _Unusual
    pages = [_address(node.get("href", "")) for node in links if node.get("type", "").lower() in _PAGE_TYPES]
    return _address(pages[-1] if pages else "")


def _person(node: ET.Element) -> str:
    parts = _parts(node, PERSON)
    if (node.text or "").strip() or any((part.tail or "").strip() for part in node):
        raise _Unusual
    return (parts["atom:name"][0].text or "").strip() if "atom:name" in parts else ""


def _text(node: ET.Element) -> str:
    """The element's text; UTF-8 that somebody took for Latin-1 and encoded again is mended, as feedparser does."""
    text = (node.text or "").strip()
    if text.isascii():
        return text
    try:
        return text.encode("iso-8859-1").decode("utf-8")
    except UnicodeError:
        return text


def _typed(node: ET.Element) -> str:
    if node.get("type", "").lower() not in _TEXT_TYPES:
        raise _Unusual
    return _text(node)


def _address(text: str) -> str:
    if not PLAIN_LINK.fullmatch(text):
        raise _Unusual
    return text


def _joined(url: str, identity: str) -> str:
    """An id that counts as a link, made absolute as links are."""
    if not identity or _ABSOLUTE.fullmatch(identity) or PLAIN_LINK.fullmatch(identity):
        return identity
    if ":" in identity:
        raise _Unusual
    try:
        return _folder(url) + identity if _NAME.fullmatch(identity) else urljoin(url, identity)
    except ValueError:
        raise _Unusual from None


@lru_cache(maxsize=16)
def _folder(url: str) -> str:
    return urljoin(url, "x").removesuffix("x")


def _no_mail(text: str) -> str:
    if "@" in text:
        raise _Unusual
    return text


def _category(node: ET.Element) -> str:
    text = _text(node)
    if not text and node.get("domain"):
        raise _Unusual
    return text
