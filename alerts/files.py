"""Ways out that are files: a page with the newest message, and an Atom feed of told stories.

A file is written beside its place and moved there, so that a reader sees a whole one. Writing the same message twice
leaves the same file, so there is nothing to read back.

The feed is its own memory: told stories are put before what it holds, up to `KEPT`. feedgen was tried and rejected:
it writes feeds but cannot take up one that exists, so it needs a second file of the same facts; what is left to it is
what ElementTree does.
"""

import logging
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args
from urllib.parse import quote

from alerts.page import page, story
from alerts.spans import address, headline, shown
from alerts.way import Later, OneWay, Outcome, Part, Posted, Refused
from alerts.words import Words
from sovwatch.filing import put
from sovwatch.model import Digest, DigestKind, Item

_LOG = logging.getLogger(__name__)
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


class FileWay(OneWay):
    """What files have in common: one part, and nothing to read back."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def parts(self, digest: Digest) -> Sequence[Part]:
        """Return the digest as one part."""
        return [Part(digest.key, ({"digest": digest},))]


class PageWay(FileWay):
    """The newest message as a page; each is also kept in a folder beside it, which "first told" leads to.

    They go after `keep`, as the texts in the database do.
    """

    def __init__(self, path: Path, keep: timedelta) -> None:
        super().__init__(path)
        self._folder = path.with_suffix("")
        self._keep = keep

    def post(self, part: Part, level: int, thread: str | None) -> Outcome:  # noqa: ARG002
        """Write the page."""
        digest = self._with_living_links(part.bodies[level]["digest"])
        name = f"{as_name(part.key)}.html"
        kept = write(self._folder / name, page(digest, base="../"))
        shown_now = write(self.path, page(digest))
        if isinstance(kept, Posted) and isinstance(shown_now, Posted):
            return Posted(kept.remote, f"{self._folder.name}/{name}")
        return shown_now if isinstance(kept, Posted) else kept

    def _with_living_links(self, digest: Digest) -> Digest:
        """Forget old pages of this channel, and the links to those that are forgotten."""
        forget(self._folder, digest.channel, before=datetime.now(UTC) - self._keep)
        sections = (replace(part, items=tuple(map(self._linked, part.items))) for part in digest.sections)
        return replace(digest, sections=tuple(sections), updates=tuple(map(self._linked, digest.updates)))

    def _linked(self, item: Item) -> Item:
        ours = (item.told_link or "").startswith(f"{self._folder.name}/")
        return replace(item, told_link=None) if ours and not (self.path.parent / str(item.told_link)).exists() else item


def forget(folder: Path, channel: str, *, before: datetime) -> None:
    """Delete the kept pages of a channel that were written before; one that cannot be deleted stays, and is said."""
    for kind in get_args(DigestKind):
        for file in folder.glob(f"{kind}-{as_name(channel)}-*.html"):
            try:
                if file.stat().st_mtime < before.timestamp():
                    file.unlink()
            except OSError as error:
                _LOG.warning("%s is not deleted: %s", file, error.strerror)


def as_name(key: str) -> str:
    """Return a key, or a channel's name, as a part of a file's name."""
    return "".join(char if char.isalnum() or char in "-_." else "-" for char in key)


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
