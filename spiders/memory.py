"""What a crawl asks of the memory: which entries were read and have not changed since, and what robots.txt said."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from sovwatch.model import Entry, RobotsTxt, Said


class Memory(Protocol):
    """The store as a crawl sees it, read only; asked in the child process."""

    def unchanged(self, entries: Sequence[Entry]) -> frozenset[int]:
        """Return the indexes of the entries that were read before and say what they said then (`listing_key`)."""
        ...

    def robots(self, origin: str) -> RobotsTxt | None:
        """Return what a site's robots.txt said when it was last read, however long ago."""
        ...

    def lately(self, source: str) -> Sequence[Said]:
        """Return what some pages of a source said."""
        ...


class NoMemory:
    """Knows nothing: every entry is new. For trying one source, and for `scrapy crawl`."""

    def unchanged(self, entries: Sequence[Entry]) -> frozenset[int]:
        """Return no index."""
        del entries
        return frozenset()

    def robots(self, origin: str) -> RobotsTxt | None:
        """Return nothing."""
        del origin
        return None

    def lately(self, source: str) -> Sequence[Said]:
        """Return nothing."""
        del source
        return ()


@runtime_checkable
class Remembers(Protocol):
    """A spider whose crawl has a memory, and a parent that writes down what it learns."""

    memory: Memory
    emit: Callable[[RobotsTxt], None]

    def clock(self) -> datetime:
        """Return the crawl's now."""
        ...
