"""The sources as an operator sees them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping

from sovwatch.app.opening import App
from sovwatch.settings import SourceSettings
from sovwatch.store import sources


@dataclass(frozen=True, slots=True)
class Standing:
    """One source: what it is, when it was read and is due, and a word on its health."""

    id: str
    outlet: str
    kind: str
    language: str
    tier: str
    region: str
    enabled: bool
    last_read: datetime | None
    next_due: datetime | None
    failures: int
    health: str


def standings(app: App) -> list[Standing]:
    """All configured sources, in the order of the configuration."""
    with app.store.read() as c:
        states = sources.states(c)
    return [_standing(source, states.get(source.id)) for source in app.settings.sources]


def _standing(source: SourceSettings, state: RowMapping | None) -> Standing:
    return Standing(
        id=source.id,
        outlet=source.outlet,
        kind=source.kind,
        language=source.language,
        tier=source.tier.value,
        region=source.region,
        enabled=source.enabled,
        last_read=state["last_read"] if state else None,
        next_due=state["next_due"] if state and source.enabled else None,
        failures=state["failures"] if state else 0,
        health=_health(source, state),
    )


def _health(source: SourceSettings, state: RowMapping | None) -> str:
    if not source.enabled:
        return "switched off"
    if state is None or state["last_read"] is None:
        return "never read"
    if state["ill_why"]:
        return f"ill: {state['ill_why']}"
    return f"failed {state['failures']}×" if state["failures"] else "well"
