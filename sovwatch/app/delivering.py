"""The last stage: promised messages go out, once each."""

from dataclasses import fields
from pathlib import Path

from alerts.outbox import DeliveryReport, deliver
from alerts.promise import Promise
from alerts.ways import open_ways, quiet_hours
from sovwatch.app.opening import App
from sovwatch.model import Digest
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
    return deliver(outbox, open_ways(app.settings), app.now, quiet=quiet_hours(app.settings), held_too=held_too)


def show(composed: Digest | None, html: Path | None) -> None:
    """Show a preview on the terminal, or write it as a page."""
    if composed is None:
        print("Nothing is new, and the channel wants no word about that.")  # noqa: T201
        return
    if html is not None:
        from alerts.page import page

        html.write_text(page(composed), encoding="utf-8")
        return
    from alerts.console import show as show_digest

    show_digest(composed)
