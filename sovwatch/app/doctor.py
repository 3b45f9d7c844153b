"""`sovwatch check`: what is in order, what is not, and what would mend it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sovwatch.app.finding import Finding
from sovwatch.app.opening import read_cards
from sovwatch.app.pacing import paced
from sovwatch.app.surroundings import surroundings
from sovwatch.errors import ConfigurationError, SovwatchError
from sovwatch.settings import ChannelSettings, Settings, SourceSettings, load
from sovwatch.urls import is_web
from sovwatch.wording import counted

if TYPE_CHECKING:
    from alerts.way import Refused, Way


def examine(config: Path | None) -> list[Finding]:
    """Look at everything that a run needs."""
    try:
        settings = load(config)
    except ConfigurationError as error:
        return [Finding("configuration", "error", f"{error.where}: {error.problem}", error.cure, fatal=True)]
    return [Finding("configuration", "ok", str(settings.home)), *_findings(settings)]


def verdict(findings: Sequence[Finding]) -> int:
    """The exit code: 2 where configuration or database is at fault, 1 for any other error, 0 else."""
    if any(one.fatal for one in findings):
        return 2
    return int(any(one.state == "error" for one in findings))


def _findings(settings: Settings) -> Iterator[Finding]:
    yield from _topics(settings)
    yield from _shared(settings)
    yield from _seeds(settings)
    yield from _sources(settings)
    yield from _channels(settings)
    yield from _database(settings)
    yield from surroundings(settings)


def _topics(settings: Settings) -> Iterator[Finding]:
    from sovwatch.relevance import compile_topics

    try:
        topics = compile_topics(settings.topics)
    except ConfigurationError as error:
        yield Finding("topics", "error", f"{error.where}: {error.problem}", error.cure, fatal=True)
        return
    if topics:
        yield Finding("topics", "ok", ", ".join(topic.name for topic in topics))
    else:
        yield Finding("topics", "error", "none: nothing would be on topic", "fill topics.toml (docs/topics.md)")


def _shared(settings: Settings) -> Iterator[Finding]:
    used = {name for topic in settings.topics.values() for name in topic.uses}
    if unused := [name for name in settings.shared if name not in used]:
        cure = "name it in the `uses` of a topic, or take it out of topics.toml"
        yield Finding("shared terms", "warning", f"no topic uses {', '.join(unused)}", cure)


def _seeds(settings: Settings) -> Iterator[Finding]:
    try:
        cards = read_cards(settings.seeds_folder)
    except ConfigurationError as error:
        yield Finding("seeds", "error", f"{error.where}: {error.problem}", error.cure, fatal=True)
        return
    if settings.seeds_folder.is_dir():
        yield Finding("seeds", "ok", f"{counted(len(cards), 'card')} in {settings.seeds_folder}")
    else:
        cure = "correct `seeds`, or `sovwatch seeds add`"
        yield Finding("seeds", "warning", f"there is no folder {settings.seeds_folder}", cure)


def _sources(settings: Settings) -> Iterator[Finding]:
    enabled = [source for source in settings.sources if source.enabled]
    if not enabled:
        yield Finding(
            "sources",
            "warning",
            "none is switched on: only `ingest` brings articles",
            "fill sources.toml (docs/sources.md)",
        )
        return
    yield Finding("sources", "ok", f"{len(enabled)} switched on, of {len(settings.sources)}")
    for source in enabled:
        if fault := _fault(source):
            yield Finding(f"source {source.id}", "error", fault, "correct it in sources.toml (docs/sources.md)")
    first: dict[tuple[object, ...], str] = {}
    for source in enabled:
        read = (source.url, source.query, source.spider, *sorted(source.select.items()))
        if (twin := first.setdefault(read, source.id)) != source.id:
            yield Finding(f"source {source.id}", "warning", f"is read at the address of {twin}", "keep one of the two")
    if any(source.spider for source in enabled):
        yield from _spiders(settings)
    if "example.org" in settings.crawl.user_agent:
        yield Finding(
            "user agent",
            "warning",
            "publishers cannot reach you",
            "set crawl.user_agent to a name with your own address",
        )


def _fault(source: SourceSettings) -> str:
    """Why a source could never be read, whatever its publisher does; "" where it may be."""
    if not is_web(source.url):
        return f"{source.url!r} is no web address"
    if source.kind == "listing" and "entry" not in source.select:
        return "a listing page needs select.entry"
    if source.kind == "search" and bool(source.query) != ("{query}" in source.url):
        return "a search needs both a query and {query} in its url, or neither"
    return "kind 'spider' needs the spider's name" if source.kind == "spider" and not source.spider else ""


def _spiders(settings: Settings) -> Iterator[Finding]:
    from spiders.guard import untrusted

    for why in untrusted(settings.home):
        problem, _, cure = why.partition(": ")
        yield Finding("spiders", "error", problem, cure)


def _channels(settings: Settings) -> Iterator[Finding]:
    if not settings.channels:
        yield Finding("channels", "warning", "none: digests go nowhere", "add one to sovwatch.toml")
        return
    from alerts.ways import open_ways
    from sovwatch.slots import check_schedule

    ways = open_ways(settings)
    for name, channel in settings.channels.items():
        try:
            check_schedule(name, channel, settings.now())
        except ConfigurationError as error:
            yield Finding(f"channel {name}", "error", f"{error.where}: {error.problem}", error.cure, fatal=True)
            continue
        yield _channel(f"channel {name}", channel, ways[name])


def _channel(what: str, channel: ChannelSettings, way: "Way | Refused") -> Finding:
    """Say whether the channel has all that its kind needs; whether it takes a message only a message can tell."""
    from alerts.slack_way import CHANNEL_ID
    from alerts.way import Refused

    if isinstance(way, Refused):
        return Finding(what, "error", way.why, way.cure)
    if channel.kind == "slack-webhook":
        return Finding(what, "warning", "a webhook has no threads and cannot be read back", "a bot token does both")
    if channel.kind == "slack" and not CHANNEL_ID.fullmatch(channel.to):
        why = f"{channel.to!r} is a name: to read back, it has to be looked up, which needs further scopes"
        return Finding(what, "warning", why, "write the channel's id in `to`; it ends the channel's About page")
    return Finding(what, "ok", channel.kind if channel.kind == "webhook" else f"{channel.kind} {channel.to}".strip())


def _database(settings: Settings) -> Iterator[Finding]:
    from sovwatch.store import open_store, queue
    from sovwatch.store.database import schema_version

    try:
        store = open_store(settings.database_url)
        with store.read() as c:
            version = schema_version(c)
            queue.waits(c)
            slow = [*paced(settings, c)]
        with store.write():
            pass
    except SovwatchError as error:
        yield Finding("database", "error", str(error), fatal=True)
    else:
        yield Finding("database", "ok", f"{store.name}, schema {version}")
        for one in slow:
            cure = 'read fewer feeds of it, or their pages not at all: `fetch = "never"`'
            yield Finding(f"host {one.host}", "warning", str(one).removeprefix(f"{one.host}: "), cure)
        store.close()
