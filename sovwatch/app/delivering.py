"""The last stage: promised messages go out, once each."""

from collections.abc import Sequence
from dataclasses import fields

from alerts.outbox import DeliveryReport, deliver
from alerts.promise import Promise
from alerts.ways import open_ways, quiet_hours
from sovwatch.app.opening import App
from sovwatch.store import Store
from sovwatch.store.queue import SqlQueue

_NAMES = [field.name for field in fields(Promise)]


class Outbox(SqlQueue):
    """The store's queue, or some channels of it, with rows as the promises that `alerts` knows."""

    def __init__(self, store: Store, only: Sequence[str] = ()) -> None:
        super().__init__(store)
        self._only = frozenset(only)

    def channels(self) -> Sequence[str]:
        """The channels that have something undelivered."""
        return [name for name in super().channels() if not self._only or name in self._only]

    def head(self, channel: str, after: int = 0) -> Promise | None:
        """The channel's oldest promise that is not delivered, among those later than `after`."""
        row = self.head_row(channel, after)
        return None if row is None else Promise(**{name: row[name] for name in _NAMES})


def deliver_all(app: App, *, held_too: bool = False, channels: Sequence[str] = ()) -> DeliveryReport:
    """Deliver what is promised to all channels, or the named ones, and may go now."""
    outbox = Outbox(app.store, channels)
    if not outbox.channels():
        return DeliveryReport()
    return deliver(outbox, open_ways(app.settings), app.now, quiet=quiet_hours(app.settings), held_too=held_too)
