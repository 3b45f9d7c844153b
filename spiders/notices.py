"""Lines that a site shows under other articles as well, taken out of an article's text; no list of words is needed.

"Create an account to go on reading", what the law wants of a site that sets cookies, a plea for members: together they
are often longer than the paragraph above them that is free, so that two stories' pages are near-duplicates, and the
second is folded under the first (docs/decisions/0023). `spiders.furniture` knows some by how they begin; these are
known by standing word for word under another headline of the site. A line that speaks of its headline, or that could
matter to a topic, is background that a newsroom repeats, and stays. So does what only one article has shown so far.
"""

from collections.abc import Callable

from sovwatch.model import Said
from sovwatch.urls import host_or_blank
from spiders.memory import Memory
from spiders.walls import alike, speaks_of


class Notices:
    """What the pages of each source said lately, and in this crawl."""

    def __init__(self, memory: Memory, matters: Callable[[str], bool]) -> None:
        self._memory, self._matters = memory, matters
        self._said: dict[str, dict[tuple[str, str], Said]] = {}  # source -> host and line -> who said it first

    def without(self, said: Said, source: str, listed: str = "") -> str:
        """Return the text without such lines, and remember them all; `listed` is the address that led to the page."""
        host, known, own = host_or_blank(said.url), self._known(source), {said.url, listed}
        kept = [line for line in said.text.split("\n") if not self._is_notice(line, said, known.get((host, line)), own)]
        self._remember(said, source)
        return "\n".join(kept)

    def knows(self, host: str, source: str) -> bool:
        """Whether any page of the source and host is known: the first cannot tell its notices by itself."""
        return any(one == host for one, _ in self._known(source))

    def without_those_of(self, other: Said, said: Said) -> str:
        """Return the text of a page without the notices that it shares with another."""
        shared = set(other.text.split("\n"))
        lines = said.text.split("\n")
        return "\n".join(one for one in lines if one not in shared or not self._is_notice(one, said, other, {said.url}))

    def _known(self, source: str) -> dict[tuple[str, str], Said]:
        if source not in self._said:
            self._said[source] = {}
            for before in self._memory.lately(source):
                self._remember(before, source)
        return self._said[source]

    def _remember(self, said: Said, source: str) -> None:
        host = host_or_blank(said.url)
        for line in said.text.split("\n"):
            self._said[source].setdefault((host, line), said)

    def _is_notice(self, line: str, said: Said, before: Said | None, own: set[str]) -> bool:
        if before is None or before.url in own or alike(before.title, said.title):
            return False
        return not speaks_of(line, said.title) and not self._matters(line)
