"""The sources as an operator sees them: how they stand, what one would bring, and those of another reader."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import RowMapping

from sovwatch.app.opening import App
from sovwatch.app.writing import write
from sovwatch.errors import ConfigurationError
from sovwatch.model import Due, SourceRun
from sovwatch.settings import Settings, SourceSettings, nearest
from sovwatch.store import sources
from sovwatch.urls import is_web

if TYPE_CHECKING:
    from spiders.discover import Discovery
    from spiders.trial import Trial


LATELY = timedelta(days=2)  # how long what a reading remarked is worth a word


@dataclass(frozen=True, slots=True)
class ListedSource:
    """One source: what it is, when it was read and is due, and a word on its health."""

    id: str
    outlet: str
    kind: str
    language: str
    tier: str
    region: str
    enabled: bool
    last_read: datetime | None
    next_due: datetime | None
    failures: int
    health: str


def listed(app: App) -> list[ListedSource]:
    """All configured sources, in the order of the configuration."""
    with app.store.read() as c:
        states = sources.states(c)
        why = sources.last_words(c)
        remarks = sources.remarks(c, app.now() - LATELY)
    return [
        _listed(one, states.get(one.id), why.get(one.id) or remarks.get(one.id, "")) for one in app.settings.sources
    ]


def _listed(source: SourceSettings, state: RowMapping | None, why: str) -> ListedSource:
    return ListedSource(
        id=source.id,
        outlet=source.outlet,
        kind=source.kind,
        language=source.language,
        tier=source.tier.value,
        region=source.region,
        enabled=source.enabled,
        last_read=state["last_read"] if state else None,
        next_due=state["next_due"] if state and source.enabled else None,
        failures=state["failures"] if state else 0,
        health=_health(source, state, why),
    )


def _health(source: SourceSettings, state: RowMapping | None, why: str) -> str:
    if not source.enabled:
        return "switched off"
    if state is None or state["last_read"] is None:
        return "never read"
    if state["ill_why"]:
        return f"ill: {state['ill_why']}"
    if state["failures"]:
        return f"failed {state['failures']}×: {why}"
    moved = state["moved_to"]
    moved_too = f", moved for good to {moved}" if moved and moved != source.url else ""
    return f"well{moved_too}" + (f", but {why}" if why else "")


_KINDS = ("feed", "sitemap", "listing")  # of what an address alone says enough


def try_one(settings: Settings, what: str, *, kind: str) -> "Trial":
    """Read one source, or the source at an address, and remember nothing.

    Raises:
        ConfigurationError: there is no such source, and it is no web address.
    """
    from spiders.trial import source_at, try_source

    source = settings.source(what)
    if source is None:
        if kind not in _KINDS:
            raise ConfigurationError("--kind", f"no kind is called {kind!r}{nearest(kind, _KINDS)}", ", ".join(_KINDS))
        try:
            source = source_at(what, kind=kind)
        except ValueError:
            known = nearest(what, [one.id for one in settings.sources])
            cure = "`sovwatch sources list` names them"
            raise ConfigurationError(what, f"no such source, and no web address{known}", cure) from None
    return try_source(settings, source, now=settings.now())


def discover(settings: Settings, url: str) -> "Discovery":
    """Look for the feeds and sitemaps of a site.

    Raises:
        ConfigurationError: it is no web address.
    """
    from spiders.discover import discover as find

    if not is_web(url):
        raise ConfigurationError(url, "is no web address", "write it whole: https://…")
    return find(url, settings, now=settings.now())


def try_all(settings: Settings) -> Iterator[SourceRun]:
    """Read every source that is switched on, without its pages, and remember nothing."""
    from spiders.crawl import crawl

    enabled = tuple(one.model_copy(update={"fetch": "never"}) for one in settings.sources if one.enabled)
    alone = settings.model_copy(update={"sources": enabled})
    left, now = [one.id for one in enabled], settings.now()
    for got in crawl([Due(source=name) for name in left], alone, now=now, remember=False):
        if isinstance(got, SourceRun):
            left.remove(got.source)
            yield got
    for name in left:
        why = "not tried: its host is asked so slowly that its turn did not come; try it alone"
        yield SourceRun(source=name, started=now, finished=now, outcome="failed", detail=why)


def import_opml(settings: Settings, file: Path) -> tuple[int, int]:
    """Add the feeds of an OPML file to sources.toml: how many were added, and how many were known.

    Raises:
        ConfigurationError: the file cannot be read, is not OPML, or sources.toml cannot be written.
    """
    from spiders.opml import read

    try:
        found = read(file.read_bytes())
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise ConfigurationError(str(file), f"cannot be imported: {why}") from None
    addresses = {one.url for one in settings.sources}
    new = list({one.url: one for one in reversed(found) if one.url not in addresses}.values())[::-1]
    path = settings.home / "sources.toml"
    tables = [_table(one) for one in _renamed(new, {one.id for one in settings.sources})]
    write(path, path.read_text(encoding="utf-8") + "".join(tables))
    return len(new), len(found) - len(new)


def _renamed(new: Sequence[SourceSettings], taken: set[str]) -> Iterator[SourceSettings]:
    from spiders.opml import free_name

    for one in new:
        name = free_name(one.id, taken)
        taken.add(name)
        yield one.model_copy(update={"id": name})


def _table(source: SourceSettings) -> str:
    """A `[[source]]` of TOML; JSON's strings and booleans are TOML's too."""
    kept = source.model_dump(mode="json", exclude_defaults=True)
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in kept.items() if value not in ({}, [])]
    return "\n[[source]]\n" + "\n".join(lines).replace("\x7f", "\\u007f") + "\n"  # DEL alone is JSON's and not TOML's
