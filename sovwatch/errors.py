"""What can go wrong, branched by what to do about it.

    SovwatchError
    ├── ConfigurationError   exit 2: the operator mends a file, a key or an address; `cure` says how
    ├── Unavailable          exit 2: a database that cannot be reached or used
    └── LeaseHeld            exit 75: another run is at work; nothing is wrong

A source that failed is no exception, it is a SourceRun; nor is a message that was refused, it stays in the outbox
(`alerts.way` names what may come of one). A bug is none of these: it crashes loudly.
"""

from datetime import datetime


class SovwatchError(Exception):
    """An expected failure: one sentence for a person, the subject first."""


class ConfigurationError(SovwatchError):
    """A wrong configuration: where it stands and what would mend it."""

    def __init__(self, where: str, problem: str, cure: str = "") -> None:
        super().__init__(f"{where}: {problem}" + (f" ({cure})" if cure else ""))
        self.where, self.problem, self.cure = where, problem, cure


class Unavailable(SovwatchError):
    """The database cannot be reached, is newer than this program, locked, full or damaged."""


class LeaseHeld(SovwatchError):
    """Another run holds the lease: who, and since when."""

    def __init__(self, holder: str, since: datetime) -> None:
        super().__init__(f"another run holds the lease: {holder}, since {since:%Y-%m-%d %H:%M:%S} UTC")
        self.holder, self.since = holder, since
