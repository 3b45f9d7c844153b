"""Ways out that are files: a page with the newest message, and an Atom feed of told stories.

A file is written beside its place and moved there, so that a reader sees a whole one. Writing the same message twice
leaves the same file, so there is nothing to read back.

The feed is its own memory: told stories are put before what it holds, up to `KEPT`. feedgen was tried and rejected:
it writes feeds but cannot take up one that exists, so it needs a second file of the same facts; what is left to it is
what ElementTree does.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from alerts.page import page, story
from alerts.spans import address, headline, shown
from alerts.way import Found, Later, Outcome, Part, Posted, Refused
from alerts.words import Words
from sovwatch.filing import put
from sovwatch.model import Digest, Item

KEPT = 200  # entries of the feed
ATOM = "http://www.w3.org/2005/Atom"
ET.register_namespace("", ATOM)


def write(path: Path, text: str) -> Outcome:
    """Put a whole file in its place."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        put(path, text)
    except OSError as error:
        return _trouble(path, error)
    return Posted(str(path))


def _trouble(path: Path, error: OSError) -> Outcome:
    if isinstance(error, PermissionError):
        return Refused(f"{path}: {error.strerror}", "let the user that runs sovwatch write there")
    return Later(f"{path}: {error.strerror}")


class FileWay:
    """What files have in common: no pace, one part, nothing to read back."""

    pace = timedelta(0)
    reads_back = False

    def __init__(self, path: Path) -> None:
        self.path = path

    def parts(self, digest: Digest) -> Sequence[Part]:
        """Return the digest as one part."""
        return [Part(digest.key, ({"digest": digest},))]

    def find(self, part: Part, since: datetime, thread: str | None) -> Found:  # noqa: ARG002
        """Tell nothing: writing it again does no harm."""
        return None


class PageWay(FileWay):
    """The newest message as a page; each is also kept in a folder beside it, which "first told" leads to."""

    def post(self, part: Part, level: int, thread: str | None) -> Outcome:  # noqa: ARG002
        """Write the page."""
        digest: Digest = part.bodies[level]["digest"]
        folder = self.path.with_suffix("")
        name = "".join(char if char.isalnum() or char in "-_." else "-" for char in part.key) + ".html"
        kept = write(folder / name, page(digest, base="../"))
        shown_now = write(self.path, page(digest))
        if isinstance(kept, Posted) and isinstance(shown_now, Posted):
            return Posted(kept.remote, f"{folder.name}/{name}")
        return shown_now if isinstance(kept, Posted) else kept


class FeedWay(FileWay):
    """An Atom feed of told stories; messages that tell none leave it as it is."""

    def post(self, part: Part, level: int, thread: str | None) -> Outcome:  # noqa: ARG002
        """Put the stories of the message at the head of the feed."""
        digest: Digest = part.bodies[level]["digest"]
        try:
            held = self.path.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            held = ""
        except OSError as error:
            return _trouble(self.path, error)
        if held and not digest.items:
            return Posted(str(self.path))
        return write(self.path, feed(digest, held))


def feed(digest: Digest, held: str = "") -> str:
    """Return the Atom feed (RFC 4287) with the digest's stories before what the feed held."""
    words = Words.of(digest)
    root = ET.Element(_name("feed"), {"{http://www.w3.org/XML/1998/namespace}lang": words.language})
    _add(root, "id", f"urn:sovwatch:{quote(digest.channel)}")
    _add(root, "title", f"{words['title']} · {shown(digest.channel, 80)}")
    _add(root, "updated", _instant(digest.at))
    ET.SubElement(root, _name("generator")).text = "Sovwatch"
    entries = [_entry(digest, item, words) for item in digest.items]
    ids = {entry.findtext(_name("id")) for entry in entries}
    entries += [entry for entry in _held(held) if entry.findtext(_name("id")) not in ids]
    root.extend(entries[:KEPT])
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _held(text: str) -> Iterator[ET.Element]:
    """Entries of a feed that we wrote; a damaged one is begun anew."""
    try:
        yield from ET.fromstring(text).iter(_name("entry")) if text else ()  # noqa: S314  (our own file)
    except ET.ParseError:
        return


def _entry(digest: Digest, item: Item, words: Words) -> ET.Element:
    entry = ET.Element(_name("entry"))
    _add(entry, "id", f"urn:sovwatch:{quote(digest.key)}:{item.story}")
    title = headline(item, words)
    _add(entry, "title", f"{words['reply']}{words.colon}{title}" if item.told_at else title)
    if link := address(item.lead.url):
        ET.SubElement(entry, _name("link"), {"href": link, "rel": "alternate"})
    _add(entry, "updated", _instant(digest.at))
    if item.lead.published:
        _add(entry, "published", _instant(item.lead.published))
    _add(ET.SubElement(entry, _name("author")), "name", shown(item.lead.outlet, 80) or "?")
    for section in digest.sections:
        if item in section.items:
            ET.SubElement(entry, _name("category"), {"term": section.topic, "label": shown(section.name, 80)})
    content = ET.SubElement(entry, _name("content"), {"type": "html"})
    content.text = story(item, words)
    return entry


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, _name(name)).text = text


def _name(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
