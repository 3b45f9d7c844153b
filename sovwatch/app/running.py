"""`run`: whatever is due, stage after stage. cron, the daemon and the demo call it; it may be killed at any line."""

import logging
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from sovwatch.app.collecting import CollectReport, collect
from sovwatch.app.journal import event
from sovwatch.app.opening import App, Progress, Stop, never, silent
from sovwatch.app.retention import RetentionReport, forget_due
from sovwatch.errors import Unavailable
from sovwatch.model import JudgeReport
from sovwatch.slots import due_slot
from sovwatch.store import articles, queue, schedule, sources, telling
from sovwatch.wording import counted

if TYPE_CHECKING:
    from alerts.outbox import DeliveryReport

_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class RunReport:
    """What a run came to, stage by stage."""

    collected: CollectReport = field(default_factory=CollectReport)
    judged: JudgeReport = field(default_factory=JudgeReport)
    promised: list[str] = field(default_factory=list)
    delivered: "DeliveryReport | None" = None
    forgotten: RetentionReport | None = None
    stopped: bool = False


def run(app: App, progress: Progress = silent, stop: Stop = never) -> RunReport:
    """Do all that is due, under the lease; `stop` ends it early, and the next run goes on from there.

    Raises:
        LeaseHeld: another run is at work.
    """
    with app.lease() as lost:
        report = run_held(app, progress, lambda: stop() or lost())
    if app.settings.ping is not None:
        from sovwatch.app.pulse import ping

        ping(app.settings)
    return report


def run_held(app: App, progress: Progress, stop: Stop) -> RunReport:
    """Do all that is due, and note how it went; the caller holds the lease."""
    began, clock = app.now(), monotonic()
    with app.store.write() as c:
        schedule.begin(c, schedule.RUN, began)
    try:
        report = _stages(app, progress, stop)
    except Exception as error:
        with suppress(Unavailable), app.store.write() as c:
            schedule.finish(c, schedule.RUN, began, now=app.now(), state="failed", detail=str(error))
        raise
    with app.store.write() as c:
        state: schedule.State = "stopped" if report.stopped else "done"
        schedule.finish(c, schedule.RUN, began, now=app.now(), state=state, detail=summary(report))
    event(_LOG, f"run {state}: {summary(report)}", seconds=round(monotonic() - clock, 2))
    return report


def _stages(app: App, progress: Progress, stop: Stop) -> RunReport:
    app.require_schedules()
    enrol(app)
    report = RunReport()
    due = _anything_due(app)
    if due or _edited(app):
        app.require_sound()
    if due:
        report.collected = collect(app, progress=progress, stop=stop)
        report.judged = judge_all(app, progress, stop)
    if due and not stop():
        report.promised = _digests(app)
    if not stop():
        report.delivered = deliver(app)
    if not stop():
        report.forgotten = forget_due(app, stop)
    report.stopped = stop()
    return report


def summary(report: RunReport) -> str:
    """What a run came to, in one line."""
    judged = report.judged
    stuck = f", {judged.failed} could not be judged" if judged.failed else ""
    sent = report.delivered.delivered if report.delivered else 0
    made = len(report.promised)
    told = f"{counted(made, 'message')} made, {sent} delivered"
    return f"{reading(report.collected)}; {judged.on_topic} on topic{stuck}; {told}"


def reading(report: CollectReport) -> str:
    """What a pass of collecting came to, in some words."""
    failed = f", {len(report.failed)} failed" if report.failed else ""
    sources, new = counted(report.sources, "source"), counted(report.new, "new article")
    return f"read {sources} ({report.not_modified} unchanged{failed}), {new}"


def enrol(app: App) -> None:
    """Note the channels of the configuration: what is first seen from now on may be told to the new ones."""
    with app.store.read() as c:
        known = telling.channels(c)
    if new := [name for name in app.settings.channels if name not in known]:
        with app.store.write() as c:
            for name in new:
                telling.enrol(c, name, app.now())


def judge_all(
    app: App, progress: Progress = silent, stop: Stop = never, *, share: tuple[int, int] = (0, 1)
) -> JudgeReport:
    """Judge all that is pending, or part of so many; an article whose judging was begun is finished before a stop."""
    report = JudgeReport()
    with app.store.read() as c:
        waiting = articles.waiting(c)
    if not waiting:
        return report
    from sovwatch.judge import judge
    from sovwatch.store.placing import Share

    for report in judge(app.store, app.bench, now=app.now(), share=Share(*share)):
        progress("judging", report.judged + report.failed, waiting)
        if stop():
            break
    return report


def _digests(app: App) -> list[str]:
    """Alerts, digests and notices that are due. What composes them is imported where there is something to compose."""
    with app.store.read() as c:
        if not _owed(app, c):
            return []
    from sovwatch.app.notices import notices
    from sovwatch.app.telling import announce, digest

    return announce(app).promised + digest(app, only_due=True).promised + notices(app)


def _anything_due(app: App) -> bool:
    """Whether there is work that needs the topics; a cron job every minute must cost next to nothing."""
    with app.store.read() as c:
        enabled = [one.id for one in app.settings.sources if one.enabled]
        unknown = set(enabled) - sources.known(c)
        return bool(unknown or sources.due(c, enabled, app.now()) or articles.any_pending(c) or _owed(app, c))


def _edited(app: App) -> bool:
    """Whether the configuration changed since the last run that ended well: what is wrong with it is said at once."""
    with app.store.read() as c:
        last = schedule.last_done(c, schedule.RUN, app.now())
    return last is None or app.settings.changed() > last


def _owed(app: App, c: Connection) -> bool:
    operators = any(channel.operator for channel in app.settings.channels.values())
    health = operators and any(sources.to_tell(c, app.now() - app.settings.ill_after))
    return telling.owes(c) or health or _slot_due(app, c)


def _slot_due(app: App, c: Connection) -> bool:
    now = app.now()
    last = {name: schedule.last_slot(c, schedule.digest_job(name), now) for name in app.settings.channels}
    return any(due_slot(one, last=last[name], now=now) for name, one in app.settings.channels.items())


def deliver(app: App, *, held_too: bool = False) -> "DeliveryReport | None":
    """Deliver what is promised and may go; None where nothing is promised."""
    with app.store.read() as c:
        if not queue.waits(c):
            return None
    from sovwatch.app.delivering import deliver_all

    return deliver_all(app, held_too=held_too)
