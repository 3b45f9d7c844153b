"""Six invented days of news as data: outlets, what they publish and when, and the truth about each piece.

The files lie in `coverage/`: `outlets.toml`, one `day-….toml` a day, `truth.toml`. A reprint is written as one, by
what is done to the piece it came from (cut after so many paragraphs, another headline, something on top), so that a
copy is a copy to the letter. Everything is fiction over the public record up to the end of January 2026: outlets,
reporters, spokespeople, pollsters, figures, quotes and happenings of February are invented.
"""

import re
import tomllib
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from importlib.resources import files
from typing import Any, Literal

from sovwatch.text import without_accents

FICTION = {
    "en": "Fiction, written to demonstrate Sovwatch: outlet, reporters, quotes, polls and events are invented.",
    "fr": "Fiction écrite pour la démonstration de Sovwatch : média, journalistes, citations, sondages et événements"
    " sont inventés.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """One fictional publisher: where it is, what it serves, and its habits."""

    id: str
    name: str
    host: str
    language: str
    tier: str
    zone: str = "America/Toronto"
    feed: Literal["rss", "atom"] = "rss"
    feed_path: str = "/feed.xml"
    address: str = "/{year}/{month}/{day}/{slug}"  # of a page; {number} is the publisher's own id
    page: Literal["json-ld", "open-graph", "plain"] = "open-graph"
    lists: int = 20  # entries that its feed holds
    full_text: bool = False  # whether the feed carries whole articles
    french_dates: bool = False  # pubDate in French, as some content systems write it
    utm: bool = False
    amp: bool = False
    broken_xml: bool = False
    agents: str = ""  # refuses (403) every agent that does not name this
    moved_from: str = ""  # an older feed address that redirects (301) to the present one
    stalls: tuple[datetime, datetime] | None = None  # between these, its feed never answers
    lists_others: tuple[str, ...] = ()  # an aggregator: addresses of other outlets' articles
    slogan: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What a publisher changed in an article afterwards."""

    at: datetime
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """One article as an outlet published it."""

    id: str
    outlet: str
    title: str
    published: datetime
    text: str
    author: str = ""
    section: str = "news"
    summary: str = ""
    slug: str = ""
    edits: tuple[Edit, ...] = ()

    @property
    def number(self) -> int:
        """The publisher's own id: seven digits, always the same."""
        return 1_000_000 + zlib.crc32(self.id.encode()) % 9_000_000

    @property
    def paragraphs(self) -> list[str]:
        """The body."""
        return [re.sub(r"[ \n]+", " ", part).strip(" ") for part in self.text.split("\n\n") if part.strip()]

    @property
    def teaser(self) -> str:
        """What a feed says of it: its own summary, else the first paragraph."""
        return self.summary or self.paragraphs[0]

    @property
    def modified(self) -> datetime:
        """When it was last changed."""
        return self.edits[-1].at if self.edits else self.published

    def at(self, now: datetime) -> "Dispatch":
        """Return the article as it stands at that instant."""
        done = tuple(edit for edit in self.edits if edit.at <= now)
        if not done:
            return replace(self, edits=())
        return replace(self, title=done[-1].title, text=done[-1].text, edits=done)


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What is true of an article, by the people who wrote it.

    `topics` says where it is relevant and how centrally; `story` names its happening (all reports of one share it);
    `copy_of` is the piece whose text it reprints; `adds` tells whether it says something material that neither the
    seeds nor an earlier article of its story said; `seed` is its relation to the two seed articles.
    """

    topics: Mapping[str, Literal["main", "mention"]] = field(default_factory=dict)
    story: str | None = None
    copy_of: str | None = None
    adds: bool = False
    seed: Literal["repeat", "update"] | None = None
    why: str = ""


@dataclass(frozen=True)
class Coverage:
    """The whole invented week."""

    outlets: Mapping[str, Outlet]
    dispatches: Mapping[str, Dispatch]
    truth: Mapping[str, Truth]

    @cached_property
    def starts(self) -> datetime:
        """Midnight (UTC) of the first day."""
        return min(each.published for each in self.dispatches.values()).replace(hour=0, minute=0, second=0)

    @cached_property
    def by_path(self) -> Mapping[tuple[str, str], Dispatch]:
        """Every article by host and path."""
        return {(self.outlets[each.outlet].host, self.path(each)): each for each in self.dispatches.values()}

    def path(self, dispatch: Dispatch) -> str:
        """Return the path of an article's page on its outlet's host."""
        day = dispatch.published
        return self.outlets[dispatch.outlet].address.format(
            year=day.year, month=f"{day.month:02}", day=f"{day.day:02}", slug=dispatch.slug, number=dispatch.number,
            section=dispatch.section,
        )  # fmt: skip

    def url(self, dispatch: Dispatch) -> str:
        """Return the canonical address of an article."""
        return f"http://{self.outlets[dispatch.outlet].host}{self.path(dispatch)}"

    def amp(self, dispatch: Dispatch) -> str:
        """Return the address of an article's AMP twin."""
        return f"http://{self.outlets[dispatch.outlet].host}/amp{self.path(dispatch)}"

    def listed(self, outlet: Outlet, now: datetime) -> list[Dispatch]:
        """Return what an outlet's feed lists at that instant, newest first."""
        ids = set(outlet.lists_others)
        own = (each for each in self.dispatches.values() if each.outlet == outlet.id or each.id in ids)
        out = sorted((each.at(now) for each in own if each.published <= now), key=lambda each: each.published)
        return out[: -outlet.lists - 1 : -1]


def load() -> Coverage:
    """Read the coverage that ships with the package."""
    folder = files("sovwatch.demo") / "coverage"
    outlets = {row["id"]: _outlet(row) for row in _toml(folder.joinpath("outlets.toml").read_bytes())["outlet"]}
    rows = [
        row
        for file in sorted(folder.iterdir(), key=lambda each: each.name)
        if file.name.startswith("day-")
        for row in _toml(file.read_bytes())["article"]
    ]
    dispatches: dict[str, Dispatch] = {}
    for row in rows:
        typeset = _typeset if outlets[row["outlet"]].language == "fr" else str
        dispatches[row["id"]] = _dispatch(row, dispatches, typeset)
    truth = {name: Truth(**row) for name, row in _toml(folder.joinpath("truth.toml").read_bytes()).items()}
    return Coverage(outlets, dispatches, truth)


def _toml(data: bytes) -> dict[str, Any]:
    return tomllib.loads(data.decode("utf-8"))


def _outlet(row: dict[str, Any]) -> Outlet:
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    return Outlet(**values)


def _dispatch(row: dict[str, Any], earlier: Mapping[str, Dispatch], typeset: Callable[[str], str]) -> Dispatch:
    """Read one article; a reprint takes text and headline from the earlier piece that it names."""
    row = {key: typeset(value) if key in {"title", "text", "on_top"} else value for key, value in row.items()}
    if source := earlier.get(str(row.pop("reprint", ""))):
        kept = source.paragraphs[: row.pop("keep", None)]
        row |= {"text": "\n\n".join([row.pop("on_top", ""), *kept]), "title": row.get("title", source.title)}
        row.setdefault("author", source.author)
    edits = [Edit(at=e["at"], title=typeset(e["title"]), text=typeset(e["text"])) for e in row.pop("edit", ())]
    row.setdefault("slug", _slug(row["title"]))
    return Dispatch(**row, edits=tuple(edits))


def _typeset(text: str) -> str:
    """Put the no-break spaces of French typography: inside guillemets, before : % $ and within numbers."""
    text = re.sub(r"(?<=«) | (?=[»:%$])", "\N{NO-BREAK SPACE}", text)
    return re.sub(r"(?<=\d) (?=\d{3}\b)", "\N{NO-BREAK SPACE}", text)


def _slug(title: str) -> str:
    """Return a headline as an address writes it."""
    return "-".join(re.findall(r"[a-z0-9]+", without_accents(title.lower()))[:8])
