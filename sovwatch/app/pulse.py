"""The daemon's sign of life: /healthz and /metrics over HTTP, and an address that is asked after each good run.

Off unless `daemon.address` is set. /healthz answers 503 when no run has ended well for longer than runs take, so that
an orchestrator restarts what hangs; /metrics is for Prometheus, its figures read from the database when asked.
"""

import json
import logging
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from sovwatch.app.opening import App
from sovwatch.errors import ConfigurationError, SovwatchError
from sovwatch.settings import Settings
from sovwatch.store.fleet import Fleet, fleet

if TYPE_CHECKING:
    from prometheus_client import Metric

_LOG = logging.getLogger(__name__)
_TIMEOUT = 10  # seconds; of the ping
Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], Any]


@dataclass(slots=True)
class Pulse:
    """What the daemon counts of itself since its start."""

    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    last_good: datetime | None = None
    good: int = 0
    failed: int = 0
    held: int = 0  # another run, or a fleet, had the lease
    stood_back: datetime | None = None  # when that was last so
    missed: int = 0
    skipped: int = 0  # the run before was still at work

    def overdue(self, settings: Settings, now: datetime) -> timedelta | None:
        """How long ago a run of ours last ended well or stood back, where that is longer than runs take.

        Beside a fleet, or a run elsewhere, we only stand by: that is no illness of ours, and no restart would mend it.
        """
        since = now - max(filter(None, (self.started, self.last_good, self.stood_back)))
        return since if since > _longest(settings) else None


def _longest(settings: Settings) -> timedelta:
    """How long all that is due may take."""
    return 3 * settings.daemon.tick + settings.crawl.deadline


def ping_of_fleet(app: App) -> None:
    """Ask the address that watches us, unless a job has waited for longer than it ever should: nobody takes it."""
    if app.settings.ping is None:
        return
    with app.store.read() as c:
        found = fleet(c, app.settings.worker.silence)
    lags = [queue.lag for queue in found.queues.values()] if found else []
    if max(lags, default=0) <= _longest(app.settings).total_seconds():
        ping(app.settings)


def ping(settings: Settings) -> None:
    """Ask the address that watches us (Healthchecks, Uptime Kuma …); that it is away is said and nothing more."""
    if settings.ping is None:
        return
    try:
        with urllib.request.urlopen(settings.ping.get_secret_value(), timeout=_TIMEOUT):  # noqa: S310  (the operator's)
            pass
    except (OSError, ValueError, HTTPException) as error:
        _LOG.warning("the ping address did not answer: %s", getattr(error, "reason", type(error).__name__))


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the signature is http.server's)
        _LOG.debug(format, *args)


@contextmanager
def serve_pulse(address: str, pulse: Pulse, app: Callable[[], App]) -> Iterator[int | None]:
    """Serve /healthz and /metrics while the block runs; gives the port, None where no address is set.

    Raises:
        ConfigurationError: the address cannot be listened on.
    """
    if not address:
        yield None
        return
    host, _, port = address.rpartition(":")
    try:
        server = make_server(host or "127.0.0.1", int(port), _Pages(pulse, app), _Server, _Quiet)
    except (OSError, OverflowError) as error:  # the latter of a port beyond 65535
        why = getattr(error, "strerror", None) or error
        raise ConfigurationError("daemon.address", f"{address}: {why}", "name a free port") from None
    thread = threading.Thread(target=server.serve_forever, name="pulse", daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Pages:
    """The two pages."""

    def __init__(self, pulse: Pulse, app: Callable[[], App]) -> None:
        from prometheus_client import CollectorRegistry, ProcessCollector, make_wsgi_app

        registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        registry.register(_Figures(pulse, app))
        self._metrics = make_wsgi_app(registry)
        self._pulse, self._app = pulse, app

    def __call__(self, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        match environ.get("PATH_INFO"):
            case "/healthz":
                return self._health(start)
            case "/metrics":
                pages: Iterable[bytes] = self._metrics(environ, start)
                return pages
        start("404 Not Found", [("Content-Type", "text/plain")])
        return [b"/healthz or /metrics\n"]

    def _health(self, start: StartResponse) -> Iterable[bytes]:
        overdue = self._pulse.overdue(self._app().settings, datetime.now(UTC))
        start("503 Service Unavailable" if overdue else "200 OK", [("Content-Type", "application/json")])
        said = {
            "ok": not overdue,
            "last_good_run": self._pulse.last_good,
            "overdue_seconds": overdue and overdue.total_seconds(),
        }
        return [json.dumps(said, default=str).encode() + b"\n"]


class _Figures:
    """A collector of prometheus-client: figures made when they are asked for."""

    def __init__(self, pulse: Pulse, app: Callable[[], App]) -> None:
        self._pulse, self._app = pulse, app

    def describe(self) -> "list[Metric]":
        """Nothing: else the database would be asked at registration."""
        return []

    def collect(self) -> "Iterator[Metric]":
        """Yield the counters of the daemon, and the figures of the database while it can be read."""
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        runs = CounterMetricFamily(
            "sovwatch_runs", "Runs since the daemon started, by how they ended", labels=["state"]
        )
        for state in ("good", "failed", "held"):
            runs.add_metric([state], getattr(self._pulse, state))
        yield runs
        for name in ("missed", "skipped"):
            yield CounterMetricFamily(f"sovwatch_ticks_{name}", f"Ticks {name}", value=getattr(self._pulse, name))
        with suppress(SovwatchError):
            for name, (what, value) in figures(self._app()).items():
                yield GaugeMetricFamily(f"sovwatch_{name}", what, value=value)


def figures(app: App) -> dict[str, tuple[str, float]]:
    """The figures of `status`, by name, with what they mean; what has no figure yet is left out."""
    from sovwatch.app.status import status

    found = status(app)
    last = found.last_run and found.last_run["finished"]
    read = found.last_reading
    waited = (found.now - found.oldest_waiting).total_seconds() if found.oldest_waiting else 0
    made = {
        "sources": ("Sources switched on", found.sources),
        "sources_ill": ("Sources that are ill", len(found.ill)),
        "outbox_waiting": ("Messages promised and not delivered", found.waiting),
        "outbox_held": ("Messages that wait for an operator", found.held),
        "outbox_oldest_seconds": ("Age of the oldest undelivered message", waited),
        "articles": ("Articles remembered", found.articles),
        "articles_pending": ("Articles to be judged", found.pending),
        "stories_week": ("Stories opened in the last seven days", found.stories_week),
        "last_run_timestamp_seconds": ("When the last run ended", last.timestamp() if last else None),
        "last_reading_timestamp_seconds": (
            "When a source was last read, by a run or a fleet",
            read.timestamp() if read else None,
        ),
        "published_to_seen_minutes": ("Median of the last seven days", found.to_seen),
        "seen_to_told_minutes": ("Median of the last seven days", found.to_told),
        "database_bytes": ("Size of the database", found.database_bytes),
    }
    if found.fleet is not None:
        made |= _fleet_figures(found.fleet)
    return {name: (what, value) for name, (what, value) in made.items() if value is not None}


def _fleet_figures(found: Fleet) -> dict[str, tuple[str, float | None]]:
    made: dict[str, tuple[str, float | None]] = {
        "workers": ("Workers alive", found.workers),
        "workers_silent": ("Workers without a sign of life", found.silent),
        "jobs_failed": ("Jobs that failed for good", found.failed),
    }
    for name, queue in found.queues.items():
        made[f"queue_{name}_doing"] = (f"Jobs of the queue {name} at work", queue.doing)
        made[f"queue_{name}_waiting"] = (f"Jobs that wait in the queue {name}", queue.waiting)
        made[f"queue_{name}_lag_seconds"] = (f"How long the oldest of them has waited in {name}", queue.lag)
    return made
