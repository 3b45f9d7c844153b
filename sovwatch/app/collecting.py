"""The first stage: due sources → crawl → articles and source runs, written as they come."""

import logging
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection, RowMapping
from sqlalchemy.exc import IntegrityError

from sovwatch.app.opening import App, Progress, Stop, never, silent
from sovwatch.errors import ConfigurationError, SovwatchError, Unavailable
from sovwatch.health import Past, Remembered, illness, killed
from sovwatch.model import Article, Due, RobotsTxt, SourceRun
from sovwatch.polling import Bounds, interval
from sovwatch.settings import CrawlSettings, SourceSettings, nearest
from sovwatch.standing import standing
from sovwatch.store import arrivals, clashed, rereading, robots, sources
from sovwatch.urls import host_or_blank

_LOG = logging.getLogger(__name__)
BATCH = 500  # articles and readings that are written in one transaction: with 50 it costs half as much again
LONGEST_WAIT = 1.0  # seconds that one waits for others
TRIES = 5  # of one write, against other workers that read the same article elsewhere


@dataclass(slots=True)
class CollectReport:
    """What a pass of collecting came to."""

    sources: int = 0
    failed: dict[str, str] = field(default_factory=dict)  # source id -> what went wrong
    not_modified: int = 0
    new: int = 0
    changed: int = 0


def due_sources(app: App, c: Connection, names: Sequence[str]) -> list[Due]:
    """The sources to read now: those that are due, or all of `names` whether due or not."""
    enabled = [source.id for source in app.settings.sources if source.enabled]
    if names:
        _refuse_unknown(names, [source.id for source in app.settings.sources])
        return sources.named(c, names, app.now())
    return sources.due(c, enabled, app.now())


def _refuse_unknown(names: Sequence[str], known: Sequence[str]) -> None:
    for name in names:
        if name not in known:
            raise ConfigurationError("collect", f"no source is called {name!r}{nearest(name, known)}")


def collect(app: App, names: Sequence[str] = (), progress: Progress = silent, stop: Stop = never) -> CollectReport:
    """Read what is due, or the named sources. A source that fails is recorded and stops no other."""
    report = CollectReport()
    now = app.now()
    enrol_sources(app)
    with app.store.read() as c:
        due = due_sources(app, c, names)
        due = rereading.with_again(c, due, fresh=app.settings.fresh, now=now) if due else []
        known = sources.some(c, [one.source for one in due])
    if not due:
        return report
    from spiders.crawl import crawl

    read = tuple(_read(one, known[one.id]) for one in app.settings.sources if one.id in known)
    settings = app.settings.model_copy(update={"sources": read})  # the child need not know of the others
    last_ok = {name: row["last_ok"] for name, row in known.items()}
    report_to = _Writer(app, now, {one.source: one for one in due}, last_ok, report)
    for got in crawl(due, settings, now=now, stop=stop, idle=report_to.write):
        report_to.take(got)
        progress("reading sources", report.sources, len(due))
    report_to.write()
    return report


def _read(source: SourceSettings, known: RowMapping) -> SourceSettings:
    """The source as it is read now: without its pages where it killed its reader, since one of them may have.

    Read so, it is told from its listing and well again, and asked for the pages of what it lists next.
    """
    return source.model_copy(update={"fetch": "never"}) if killed(known["ill_why"]) else source


def enrol_sources(app: App) -> None:
    """Note the sources of the configuration; new ones are due at once."""
    with app.store.read() as c:
        known = sources.known(c)
    if missing := [source.id for source in app.settings.sources if source.id not in known]:
        with app.store.write() as c:
            sources.enrol(c, missing, app.now())


Got = Article | SourceRun | RobotsTxt


class _Writer:
    """Writes what a crawl yields, many at once; the run of a source with its articles or after them."""

    def __init__(
        self, app: App, now: datetime, due: dict[str, Due], last_ok: dict[str, datetime | None], report: CollectReport
    ) -> None:
        self._app, self._now, self._due, self._last_ok, self._report = app, now, due, last_ok, report
        self._new: Counter[str] = Counter()
        self._outlets = outlets_by_host(app.settings.sources)
        self._waiting: list[Got] = []
        self._broken: dict[str, str] = {}  # source id -> why what it brought could not be written
        self._since = 0.0
        self._sources = {source.id: source for source in app.settings.sources if source.id in due}

    def take(self, got: Got) -> None:
        """Write it with what came just before and comes next: a transaction costs as much as some articles."""
        if not self._waiting:
            self._since = time.monotonic()
        self._waiting.append(got)
        if len(self._waiting) >= BATCH or time.monotonic() - self._since > LONGEST_WAIT:
            self.write()

    def write(self) -> None:
        """Write what waits: together, and where that is impossible source by source, since a bug is one's own."""
        waiting, self._waiting = self._waiting, []
        try:
            self._write(waiting)
        except SovwatchError:
            raise
        except Exception:  # noqa: BLE001  (whatever it is, it is said below)
            for name in dict.fromkeys(map(_source_of, waiting)):
                self._write_of(name, [got for got in waiting if _source_of(got) == name])

    def _write_of(self, name: str, waiting: Sequence[Got]) -> None:
        """Write what one source brought, else that it failed, and why: then it is read again."""
        for part in (waiting, [got for got in waiting if isinstance(got, SourceRun)]):
            try:
                self._write(part)
            except SovwatchError:
                raise
            except Exception as error:  # noqa: BLE001  (as above)
                _LOG.exception("a bug; please report it: what %s brought cannot be written", name or "robots.txt")
                self._broken[name] = f"a bug of Sovwatch: {type(error).__name__}: {error}"
            else:
                return

    def _write(self, waiting: Sequence[Got]) -> None:
        """Write it; where another worker wrote the same in this very moment, look again: it is known then."""
        for left in reversed(range(TRIES if waiting else 0)):
            try:
                with self._app.store.write() as c:
                    states = self._written(c, waiting)
            except (IntegrityError, Unavailable) as error:
                if not left or not clashed(error):
                    raise
                continue
            self._count(waiting, states)
            break

    def _count(self, written: Sequence[Got], states: Sequence[str]) -> None:
        self._report.new += states.count("new")
        self._report.changed += states.count("changed")
        self._new.update(_new_by_source(written, states))
        for got in written:
            if isinstance(got, SourceRun):
                self._report.sources += 1
                run = self._run(got, 0)
                self._report.not_modified += run.outcome == "not modified"
                self._report.failed |= {run.source: run.detail} if run.outcome == "failed" else {}

    def _written(self, c: Connection, waiting: Sequence[Got]) -> list[str]:
        """Write articles, and then what came after them; what became of each article."""
        arrived = [self._arrival(got) for got in waiting if isinstance(got, Article)]
        states = arrivals.remember_all(c, arrived, self._now)
        new = _new_by_source(waiting, states)
        robots.remember(c, [got for got in waiting if isinstance(got, RobotsTxt)])
        runs = [
            self._run(got, self._new[got.source] + new[got.source]) for got in waiting if isinstance(got, SourceRun)
        ]
        self._record(c, runs)
        return states

    def _run(self, run: SourceRun, new: int) -> SourceRun:
        """The reading with what was new in it; failed where something that it brought could not be written."""
        if why := self._broken.get(run.source):
            return replace(run, new=new, outcome="failed", detail=why)
        return replace(run, new=new)

    def _record(self, c: Connection, runs: Sequence[SourceRun]) -> None:
        """Write how readings went, when the sources are due next, and whether they are ill."""
        known = sources.some(c, [run.source for run in runs])
        crawl = self._app.settings.crawl
        outcomes = [_outcome(c, self._sources[run.source], run, known[run.source], crawl) for run in runs]
        sources.record(c, outcomes, known)

    def _arrival(self, article: Article) -> arrivals.Arrival:
        name = article.source or ""
        due, source = self._due.get(name), self._sources.get(name)
        settings = self._app.settings
        if source is not None and source.gathers:
            article = replace(article, outlet=self._outlets.get(host_or_blank(article.url), article.outlet))
        return article, standing(
            article,
            now=self._now,
            fresh=settings.fresh,
            first_reading=settings.first_reading if due is not None and due.first_reading else None,
            last_ok=self._last_ok.get(name),
            searched=source is not None and source.kind == "search",
        )


def _source_of(got: Got) -> str:
    """The source that brought it; "" for a robots.txt, which is a site's."""
    return "" if isinstance(got, RobotsTxt) else got.source or ""


def outlets_by_host(sources: Sequence[SourceSettings]) -> dict[str, str]:
    """The name of the outlet at each host where one alone publishes, as the configuration has it.

    So that an article that a search found first has its outlet's one name, whatever the page calls itself: one title
    in one outlet is one article (docs/decisions/0003).
    """
    found: dict[str, set[str]] = {}
    for source in sources:
        if not source.gathers:
            found.setdefault(host_or_blank(source.url), set()).add(source.outlet)
    return {host: next(iter(outlets)) for host, outlets in found.items() if len(outlets) == 1}


def _new_by_source(got: Sequence[Got], states: Sequence[str]) -> Counter[str]:
    articles = (one for one in got if isinstance(one, Article))
    return Counter(one.source or "" for one, state in zip(articles, states, strict=True) if state == "new")


def _outcome(
    c: Connection, source: SourceSettings, run: SourceRun, known: RowMapping, crawl: CrawlSettings
) -> sources.Outcome:
    failed = run.outcome == "failed"
    published = sources.rhythm(c, source.id)
    bounds = Bounds(least=crawl.every_min, most=crawl.every_max, every=source.every)
    failures = known["failures"] + 1 if failed else 0
    wait = interval(run, published, failures=failures, bounds=bounds, luck=random.random())
    ill = illness(_past(c, run), published, _remembered(c, source, run, known), now=run.finished)
    return sources.Outcome(run, run.finished + wait, wait, ill)


def _past(c: Connection, run: SourceRun) -> list[Past]:
    before = [
        Past(one["started"], one["outcome"], one["detail"], one["status"], one["entries"])
        for one in sources.runs(c, run.source, sources.HISTORY - 1)
    ]
    return [Past(run.started, run.outcome, run.detail, run.status, run.entries), *before]


def _remembered(c: Connection, source: SourceSettings, run: SourceRun, known: RowMapping) -> Remembered:
    return Remembered(
        first_ok=known["first_read"],
        last_ok=known["last_ok"],
        listed=bool(run.entries or known["last_new"]) or sources.ever_listed(c, run.source),
        ill=known["ill_why"],
        passing=source.kind in {"sitemap", "search"},
    )
