"""What a crawl's two processes say to each other: one JSON document each way at first, then one JSON line a value.

The parent writes a `Job` to the child's standard input; the child answers with lines `{"article": …}`, `{"robots": …}`,
`{"run": …}` or `{"later": …}`, and at last `{"end": finish_reason}`. In between `{"at": source}` says whose bytes it
begins to parse, so that the parent knows who killed it. JSON and not pickle: nothing that a page says can become code.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter
from pydantic_core import PydanticSerializationError

from sovwatch.model import Article, Due, RobotsTxt, SourceRun
from sovwatch.settings import Settings, load
from sovwatch.text import without_controls

_DUE = TypeAdapter(tuple[Due, ...])


@dataclass(frozen=True, slots=True)
class Job:
    """What one crawl is to do."""

    due: tuple[Due, ...]
    settings: Settings
    now: datetime
    parent: int  # process id of who asked
    remember: bool = True  # False: every entry is new, as when a source is tried
    discover: str = ""  # a site whose feeds and sitemaps are looked for, instead of reading what is due


@dataclass(frozen=True, slots=True)
class End:
    """The crawl came to its end, and why ("finished", "shutdown", …): its process's exit code says nothing."""

    reason: str


@dataclass(frozen=True, slots=True)
class At:
    """The child parses what this source sent; "" where it parses nothing."""

    source: str


@dataclass(frozen=True, slots=True)
class Later:
    """Nothing was asked of this source, which is due still, and why."""

    source: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A place where a site lists its articles, as `discover` found it: ready for sources.toml."""

    url: str
    kind: Literal["feed", "sitemap"]
    title: str = ""
    language: str = ""
    entries: int = 0
    newest: datetime | None = None
    where: str = ""  # how it was found


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """An address that discovery asked in vain, or could not read, and why; the usual places are not worth a word."""

    url: str
    where: str  # as in `Found`
    why: str


Message = Article | SourceRun | RobotsTxt | At | End | Found | Missed | Later


_KINDS: tuple[tuple[type, str, TypeAdapter[Any]], ...] = (
    (Article, "article", TypeAdapter(Article)),
    (SourceRun, "run", TypeAdapter(SourceRun)),
    (RobotsTxt, "robots", TypeAdapter(RobotsTxt)),
    (Found, "found", TypeAdapter(Found)),
    (Missed, "missed", TypeAdapter(Missed)),
    (Later, "later", TypeAdapter(Later)),
)


def pack_job(job: Job) -> bytes:
    """Return the job as one line. Secrets do not go along: their fields are excluded from dumps."""
    fields = {
        "due": [asdict(due) for due in job.due],
        "settings": job.settings.model_dump(mode="json"),
        "now": job.now.isoformat(),
        "parent": job.parent,
        "remember": job.remember,
        "discover": job.discover,
    }
    return json.dumps(fields).encode() + b"\n"


def unpack_job(line: bytes) -> Job:
    """Return what `pack_job` packed. The environment has had its say in the parent, and is cut off here."""
    fields = json.loads(line)
    settings = Settings(**fields["settings"] | {"home": Path(fields["settings"]["home"])})
    now = datetime.fromisoformat(fields["now"])
    due = _DUE.validate_python(fields["due"])
    return Job(due, settings, now, fields["parent"], fields["remember"], fields["discover"])


def pack(message: Message) -> bytes:
    """Return a message as one line; lone surrogates, which JSON readers refuse, become question marks."""
    if isinstance(message, End):
        return json.dumps({"end": message.reason}).encode() + b"\n"
    if isinstance(message, At):
        return json.dumps({"at": message.source}).encode() + b"\n"
    name, adapter = next((name, adapter) for kind, name, adapter in _KINDS if isinstance(message, kind))
    value = _clean(message) if isinstance(message, Article) else message
    try:
        body = adapter.dump_json(value)
    except PydanticSerializationError:  # a surrogate somewhere
        body = json.dumps(adapter.dump_python(value, mode="json"), ensure_ascii=False).encode("utf-8", "replace")
    return b'{"%s":%s}\n' % (name.encode(), body)


def unpack(line: bytes) -> Message:
    """Return the message of a line, with its end or without.

    Raises:
        ValueError: not a line of this protocol.
    """
    line = line.rstrip(b"\n")
    for _, name, adapter in _KINDS:
        opening = b'{"%s":' % name.encode()
        if line.startswith(opening) and line.endswith(b"}"):
            message: Message = adapter.validate_json(line[len(opening) : -1])
            return message
    match json.loads(line):
        case {"end": str(reason)}:
            return End(reason)
        case {"at": str(source)}:
            return At(source)
    raise ValueError(f"not a message of a crawl: {line[:80]!r}")


def _clean(article: Article) -> Article:
    """Without what steers a screen: some commands show an article as it came."""
    names = ("text", "title", "summary", "outlet")
    said = "".join([getattr(article, name) for name in names])
    if without_controls(said) == said:  # of nearly all; a copy costs as much as all the rest of this
        return article
    plain: dict[str, Any] = {name: without_controls(getattr(article, name)) for name in names}
    return replace(article, **plain)


@contextmanager
def parsing(emit: Callable[[At], None], source: str) -> Iterator[None]:
    """Say whose bytes are parsed while the block runs."""
    emit(At(source))
    try:
        yield
    finally:
        emit(At(""))


def job_by_hand(only: str) -> Job:
    """Every enabled source of the configuration, or one: for `scrapy crawl sources`."""
    settings = load()
    chosen = [source for source in settings.sources if (source.id == only if only else source.enabled)]
    return Job(tuple(Due(source=source.id) for source in chosen), settings, settings.now(), os.getppid())


def print_line(message: Message) -> None:
    """Write a message to standard output, for whoever runs the spider by hand."""
    if isinstance(message, At):
        return
    sys.stdout.buffer.write(pack(message))
    sys.stdout.buffer.flush()
