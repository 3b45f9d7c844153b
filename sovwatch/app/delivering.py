"""The last stage: promised messages go out, once each."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from pathlib import Path

from alerts.outbox import DeliveryReport, deliver
from alerts.promise import Promise
from alerts.ways import open_ways
from sovwatch.app.opening import App
from sovwatch.model import Digest
from sovwatch.slots import quiet_until
from sovwatch.store.queue import SqlQueue

_NAMES = [field.name for field in fields(Promise)]


class Outbox(SqlQueue):
    """The store's queue, with rows as the promises that `alerts` knows."""

    def head(self, channel: str) -> Promise | None:
        """The channel's oldest promise that is not delivered."""
        row = self.head_row(channel)
        return None if row is None else Promise(**{name: row[name] for name in _NAMES})


def deliver_all(app: App, *, held_too: bool = False) -> DeliveryReport:
    """Deliver what is promised and may go now."""
    outbox = Outbox(app.store)
    if not outbox.channels():
        return DeliveryReport()
    return deliver(outbox, open_ways(app.settings), app.now, quiet=_quiet(app), held_too=held_too)


def _quiet(app: App) -> "Mapping[str, None] | object":
    raise NotImplementedError


def show(composed: Digest | None, html: Path | None, at: datetime | None = None) -> None:
    """Show a preview on the terminal, or write it as a page."""
    raise NotImplementedError
