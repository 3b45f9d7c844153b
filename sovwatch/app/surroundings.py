"""The doctor's look outside: disk, clock, names of hosts, a sample of sources, Slack. It waits for nobody for long."""

import shutil
import socket
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from itertools import islice
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from sovwatch.app.finding import Finding
from sovwatch.settings import Settings, SourceSettings
from sovwatch.urls import is_web
from sovwatch.wording import counted

SAMPLE = 3  # sources that are asked
PATIENCE = 8  # seconds for names, and for an answer
CLOCK_MAY_DIFFER = timedelta(minutes=2)
_TIGHT, _FULL = 1_000_000_000, 100_000_000  # bytes free: a warning, an error


def surroundings(settings: Settings) -> Iterator[Finding]:
    """What a run needs beside its own files. What the network does is a warning: it may be back by the next run."""
    yield from _disk(settings)
    sample = _sample(settings)
    if sample:
        yield from _names(sample)
        yield from _answers(settings, sample)
    yield from _slack(settings)


def _disk(settings: Settings) -> Iterator[Finding]:
    try:
        url = make_url(settings.database_url)
    except ArgumentError:
        return  # the database's own line says so
    file = url.database if url.get_backend_name() == "sqlite" else None
    folder = Path(file).parent if file and file != ":memory:" else settings.home
    if not folder.is_dir():
        return  # the database's own line says so
    free = shutil.disk_usage(folder).free
    said = f"{free / 1e9:.1f} GB free at {folder}"
    if free < _FULL:
        yield Finding("disk", "error", said, "free some space: with none, nothing can be remembered")
    elif free < _TIGHT:
        yield Finding("disk", "warning", said, "free some space, or shorten retention.texts")
    else:
        yield Finding("disk", "ok", said)


def _sample(settings: Settings) -> list[SourceSettings]:
    """A few sources spread over the list; those that `crawl.resolve` sends elsewhere are not on the network."""
    mapped = tuple(name.removeprefix("*") for name in settings.crawl.resolve)
    public = [one for one in settings.sources if one.enabled and is_web(one.url)]
    asked = [one for one in public if not _host(one).endswith(mapped or ("\n",))]
    return asked[:: max(1, len(asked) // SAMPLE)][:SAMPLE]


def _host(source: SourceSettings) -> str:
    return urlsplit(source.url).hostname or ""


def _names(sample: Sequence[SourceSettings]) -> Iterator[Finding]:
    hosts = sorted({_host(one) for one in sample})
    pool = ThreadPoolExecutor(SAMPLE)
    looking = {host: pool.submit(socket.getaddrinfo, host, 443) for host in hosts}
    pool.shutdown(wait=False)
    unknown = []
    for host, found in looking.items():
        try:
            found.result(PATIENCE)
        except (OSError, TookTooLong):
            unknown.append(host)
    if unknown:
        yield Finding("names", "warning", f"not found: {', '.join(unknown)}", "check /etc/resolv.conf and the network")
    else:
        yield Finding("names", "ok", ", ".join(hosts))


def _answers(settings: Settings, sample: Sequence[SourceSettings]) -> Iterator[Finding]:
    """Ask each once, plainly; `sovwatch sources try` reads them as a run does."""
    from spiders.cures import cure

    with ThreadPoolExecutor(SAMPLE) as pool:
        answers = list(pool.map(lambda one: _ask(one, settings), sample))
    for source, (problem, _) in zip(sample, answers, strict=True):
        if problem:
            todo = cure(problem, f"`sovwatch sources try {source.id}` tells more")
            yield Finding(f"source {source.id}", "warning", problem, todo)
        else:
            yield Finding(f"source {source.id}", "ok", "answers")
    differences = [off for _, off in answers if off is not None]
    if differences:
        off = min(differences, key=abs)
        right = abs(off) <= CLOCK_MAY_DIFFER
        seconds = counted(round(abs(off).total_seconds()), "second")
        said = f"{seconds} {'behind' if off > timedelta() else 'ahead of'} the sources"
        yield Finding("clock", "ok" if right else "error", said, "" if right else "set it; systemd-timesyncd keeps it")


def _ask(source: SourceSettings, settings: Settings) -> tuple[str, timedelta | None]:
    """What went wrong, if anything, and how far the host's clock is ahead of ours."""
    from spiders.addresses import is_public, matches

    agent = source.user_agent or settings.crawl.user_agent
    asked = Request(source.url, headers={"User-Agent": agent})  # noqa: S310  (settings allow http and https alone)
    try:
        if not matches(host := _host(source), settings.crawl.allow_private):
            found = socket.getaddrinfo(host, None)
            if any(not is_public(str(where[0])) for *_, where in found):
                return f"{host} is not a public address", None
        with urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310
            return "", _ahead(answer.headers.get("Date"))
    except HTTPError as error:
        with error:
            return f"answers {error.code}", _ahead(error.headers.get("Date"))
    except (OSError, ValueError, HTTPException) as error:
        return f"no answer: {getattr(error, 'reason', error)}", None


def _ahead(date: str | None) -> timedelta | None:
    try:
        return parsedate_to_datetime(date) - datetime.now(UTC) if date else None
    except (ValueError, TypeError):
        return None


def _slack(settings: Settings) -> Iterator[Finding]:
    """Token and scopes; whether the channel takes a message only a message can tell."""
    channel = next((one for one in settings.channels.values() if one.kind == "slack"), None)
    if channel is None or settings.slack.token is None:
        return
    from alerts.slack_app import trial

    token = settings.slack.token.get_secret_value()
    trying = trial(token, channel.to, base_url=settings.slack.base_url, now=settings.now())
    checks = list(islice(trying, 2))  # the third would be of a message posted
    for check in checks:
        yield Finding(f"slack {check.what}", "ok" if check.ok else "error", check.how, check.cure)
    if all(check.ok for check in checks):
        yield Finding("slack channels", "ok", "`sovwatch slack test` posts a message to each and tells what works")
