"""`run`: whatever is due, stage after stage. cron, the daemon and the demo call it; it may be killed at any line."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sovwatch.app.collecting import CollectReport, collect
from sovwatch.app.opening import App, Progress, silent
from sovwatch.app.telling import DigestReport, announce, digest
from sovwatch.judge import JudgeReport
from sovwatch.store import placing, telling

if TYPE_CHECKING:
    from alerts.outbox import DeliveryReport


@dataclass(slots=True)
class RunReport:
    """What a run came to, stage by stage."""

    collected: CollectReport = field(default_factory=CollectReport)
    judged: JudgeReport = field(default_factory=JudgeReport)
    promised: list[str] = field(default_factory=list)
    delivered: "DeliveryReport | None" = None


def run(app: App, progress: Progress = silent) -> RunReport:
    """Do all that is due, under the lease.

    Raises:
        LeaseHeld: another run is at work.
    """
    with app.lease():
        return run_held(app, progress)


def run_held(app: App, progress: Progress = silent) -> RunReport:
    """Do all that is due; the caller holds the lease."""
    enrol(app)
    app.require_sound()
    report = RunReport()
    report.collected = collect(app, progress=progress)
    report.judged = judge_all(app, progress)
    report.promised = _digests(app)
    report.delivered = deliver(app)
    return report


def enrol(app: App) -> None:
    """Note the channels of the configuration: what is first seen from now on may be told to the new ones."""
    with app.store.read() as c:
        known = telling.channels(c)
    if new := [name for name in app.settings.channels if name not in known]:
        with app.store.write() as c:
            for name in new:
                telling.enrol(c, name, app.now())


def judge_all(app: App, progress: Progress = silent) -> JudgeReport:
    """Judge all that is pending."""
    report = JudgeReport()
    with app.store.read() as c:
        if not placing.pending(c, 1):
            return report
    from sovwatch.judge import judge

    for report in judge(app.store, app.bench, now=app.now()):
        progress("judging", report.judged, None)
    return report


def _digests(app: App) -> list[str]:
    alerts: DigestReport = announce(app)
    return alerts.promised + digest(app, only_due=True).promised


def deliver(app: App, *, held_too: bool = False) -> "DeliveryReport":
    """Deliver what is promised and may go."""
    from sovwatch.app.delivering import deliver_all

    return deliver_all(app, held_too=held_too)


__all__ = ["RunReport", "deliver", "judge_all", "run", "run_held"]
