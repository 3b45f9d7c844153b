"""OPML 2.0, which feed readers exchange their subscriptions in: to sources and back; pure.

What OPML has no word for (tier, why, traps, …) travels in attributes of our own prefix, which other readers ignore.
"""

import re
import unicodedata
from collections.abc import Container, Iterable
from urllib.parse import urlsplit
from xml.sax.saxutils import quoteattr

from lxml import etree

from sovwatch.settings import SourceSettings
from sovwatch.urls import is_web, without_login

_OWN = ("id", "kind", "tier", "region", "zone", "fetch", "since", "why", "traps", "checked", "query", "spider")


def read(body: bytes) -> tuple[SourceSettings, ...]:
    """Return the sources of an OPML file; outlines without a web address are folders, and their names regions.

    Raises:
        ValueError: not OPML.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"not OPML: {error}") from error
    if root is None or root.tag != "opml":
        raise ValueError("not OPML: its root is not <opml>")
    sources: dict[str, SourceSettings] = {}
    for outline in root.iter("outline"):
        address = outline.get("xmlUrl") or ""
        if is_web(address):
            source = _source(outline, address, taken=sources)
            sources[source.id] = source
    return tuple(sources.values())


def write(sources: Iterable[SourceSettings]) -> bytes:
    """Return the sources as OPML, in their order."""
    lines = [f"    <outline {' '.join(_attributes(source))}/>" for source in sources]
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0" xmlns:sw="{_SPACE}">\n'
    body = "  <head><title>Sovwatch</title></head>\n  <body>\n" + "\n".join(lines) + "\n  </body>\n</opml>\n"
    return (head + body).encode()


_LONGEST_ID = 60  # characters: it is typed
_SPACE = "https://sovwatch.invalid/opml"


def _attributes(source: SourceSettings) -> list[str]:
    fields = {
        "type": "rss",
        "text": source.outlet,
        "title": source.outlet,
        "xmlUrl": source.url,
        "language": source.language,
    }
    own = source.model_dump(mode="json", include=set(_OWN))
    fields |= {f"sw:{name}": str(own[name]) for name in _OWN if own[name]}
    if not source.enabled:
        fields["sw:enabled"] = "false"
    return [f"{name}={quoteattr(value)}" for name, value in fields.items() if value]


def _source(outline: etree._Element, address: str, taken: Container[str]) -> SourceSettings:
    own = {name: value for name in _OWN if (value := outline.get(f"{{{_SPACE}}}{name}"))}
    outlet = outline.get("title") or outline.get("text") or urlsplit(address).hostname or ""
    fields = {"outlet": outlet, "language": (outline.get("language") or "")[:2].lower()} | own
    fields["id"] = free_name(own.get("id") or _slug(outlet) or "source", taken)
    fields["enabled"] = outline.get(f"{{{_SPACE}}}enabled") or "true"
    return SourceSettings.model_validate(fields | {"url": without_login(address)})


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:_LONGEST_ID].strip("-")


def free_name(name: str, taken: Container[str]) -> str:
    """Return the name, or the first of "name-2", "name-3", … that nobody has."""
    number, free = 2, name
    while free in taken:
        free, number = f"{name}-{number}", number + 1
    return free
