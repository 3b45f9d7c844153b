"""What a crawl asks of the memory: which entries have been read and have not changed since."""

from collections.abc import Sequence
from typing import Protocol

from sovwatch.model import Entry


class Memory(Protocol):
    """The store as a crawl sees it, read only; asked in the child process, once for each listing that was parsed."""

    def unchanged(self, source: str, entries: Sequence[Entry]) -> frozenset[int]:
        """Return the indexes of the entries that were read before and say what they said then (`Entry.listing`)."""
        ...


class NoMemory:
    """Knows nothing: every entry is new. For trying one source, and for `scrapy crawl`."""

    def unchanged(self, source: str, entries: Sequence[Entry]) -> frozenset[int]:
        """Return no index."""
        del source, entries
        return frozenset()
