"""One reading of one source while the crawl runs: what came of it so far, and when it is over.

A reading is over when its listings are read and all its pages have come or failed; only then is its SourceRun sent,
so that what it remembers (ETag, body hash) never stands for entries that were lost on the way.
"""

from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from sovwatch.model import Due, Entry, Outcome, SourceRun
from sovwatch.settings import SourceSettings
from sovwatch.wording import counted
from spiders.site import SiteSpider

MOST_LISTINGS = 60  # of one source in one crawl: an index of indexes has some thirty


class Wanted(NamedTuple):
    """An entry whose page is asked for, and before or after which others of its host: the greater, the sooner."""

    entry: Entry
    priority: int


@dataclass(slots=True, kw_only=True, eq=False)
class Reading:
    """The state of one reading."""

    source: SourceSettings
    due: Due
    started: datetime
    turn: int = 1  # priority of its listings: the longest overdue first, and before the pages of any
    outcome: Outcome = "fetched"
    detail: str = ""
    put_off: bool = False  # nothing was asked of it: it is due still
    left: str = ""  # why something is left for the next reading: no reason of a failure
    status: int | None = None
    entries: int = 0
    new: int = 0
    size: int = 0
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    retry_after: timedelta | None = None
    ttl: timedelta | None = None
    moved_to: str | None = None
    pages: int = 0  # pages that were asked for, or wait for it
    waiting: deque[Wanted] = field(default_factory=deque)  # whose page is asked for next
    again: bool = False  # whether pages told lately were asked for once more
    site: SiteSpider | None = None  # the source's own
    listings: list[str] = field(default_factory=list)  # addresses that were asked for what they list
    incomplete: bool = False  # something is left for the next reading: remember no validators
    over: bool = False
    _open: int = 0
    _paged: Counter[str] = field(default_factory=Counter)  # pages that came, by why they tell nothing; "" where they do

    def opened(self) -> None:
        """Note that one more answer is awaited."""
        self._open += 1

    def may_list(self, url: str) -> bool:
        """Note one more listing, unless there were so many: indexes may name each other, and a calendar has no end."""
        if len(self.listings) >= MOST_LISTINGS:
            self.leave(f"more than {MOST_LISTINGS} listings: the rest is not read")
            return False
        self.listings.append(url)
        return True

    def not_yet(self, why: str) -> None:
        """Note that a listing must wait for the next crawl; a reading that has not begun waits as a whole."""
        self.put_off = self.status is None and not self.detail
        self.leave(f"{why}: the rest is read next time")

    def leave(self, why: str) -> None:
        """Note that something is left for the next reading; the first reason stands."""
        self.incomplete = True
        self.left = self.left or why

    def paged(self, why_not: str = "") -> None:
        """Note that a page came, or why it tells nothing."""
        self._paged[why_not] += 1

    def _unpaged(self) -> str:
        """Why most pages that were asked for tell nothing, where that is so."""
        asked, why_not = self._paged.total(), Counter({why: n for why, n in self._paged.items() if why})
        if 2 * (refused := why_not.total()) <= asked:
            return ""
        ((why, _),) = why_not.most_common(1)
        return f"told from its listing, since {refused} of {counted(asked, 'page')} could not be read: {why}"

    def closed(self) -> bool:
        """Note that an answer has come or failed; True where it was the last."""
        self._open -= 1
        return self._open <= 0

    def not_modified(self) -> None:
        """Note that the source has said nothing since its last reading, and keep what is known of it."""
        self.outcome = "not modified"
        self.etag = self.etag or self.due.etag
        self.last_modified = self.last_modified or self.due.last_modified
        self.body_hash = self.due.body_hash

    def failed(self, detail: str) -> None:
        """Note why the source failed; the first reason stands."""
        self.outcome = "failed"
        self.detail = self.detail or detail

    def run(self, finished: datetime) -> SourceRun:
        """Return what is to be remembered of it."""
        keep = self.outcome != "failed" and not self.incomplete
        return SourceRun(
            source=self.source.id,
            started=self.started,
            finished=finished,
            outcome=self.outcome,
            detail=self.detail or self.left or self._unpaged(),
            status=self.status,
            entries=self.entries,
            new=self.new,
            size=self.size,
            etag=self.etag if keep else None,
            last_modified=self.last_modified if keep else None,
            body_hash=self.body_hash if keep else None,
            retry_after=self.retry_after,
            ttl=self.ttl,
            moved_to=self.moved_to,
        )
