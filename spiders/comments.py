"""Removing comments from a feed before it is parsed: feedparser is quadratic on unclosed ones.

Measured: 160 KB of `<!--` in a description take 6 s, a megabyte minutes. A comment that ends where it
should is removed whole; of one that does not, only its opening is removed, so that what follows it is still read.
"Where it should" means: before the CDATA section (`<!--`) or the element (`&lt;!--`, escaped HTML) that it stands in
ends. One pass, linear: the next end of each sort is looked up once and kept until it is passed.
"""

_MARKS = ((b"<!--", b"-->"), (b"&lt;!--", b"--&gt;"))


def without_comments(body: bytes) -> bytes:
    """Return the feed without its comments, in time linear in its length."""
    for opening, closing in _MARKS:
        if opening in body:
            body = _without(body, opening, closing)
    return body


def _without(body: bytes, opening: bytes, closing: bytes) -> bytes:
    escaped = opening.startswith(b"&")
    close, fence, section = _Next(body, closing), _Next(body, b"<" if escaped else b"]]>"), _Next(body, b"<![CDATA[")
    kept: list[bytes] = []
    position = 0
    while (start := body.find(opening, position)) >= 0:
        kept.append(body[position:start])
        inside = start + len(opening)
        end, limit = close.after(inside), fence.after(inside)
        opens = section.after(inside)
        fenced = limit < end and (escaped or opens > limit)
        position = inside if fenced or end == len(body) else end + len(closing)
    kept.append(body[position:])
    return b"".join(kept)


class _Next:
    """Where a mark is found next, remembered until it is passed: asked with rising positions only."""

    def __init__(self, body: bytes, mark: bytes) -> None:
        self._body, self._mark, self._found = body, mark, -1

    def after(self, position: int) -> int:
        """Return the first place at or after `position`, or the length of the body."""
        if self._found < position:
            found = self._body.find(self._mark, position)
            self._found = len(self._body) if found < 0 else found
        return self._found
