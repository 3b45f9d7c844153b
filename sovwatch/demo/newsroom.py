"""A little newsroom on loopback: a real HTTP server that answers for every outlet of the demo.

It is used as a plain HTTP proxy for `*.example` hosts (`crawl.resolve`), so it takes the outlet from an absolute-form
request target (`GET http://host/path`), or else from the Host header. What it serves depends on a clock: an article
exists from its publication, a feed lists the last few, a correction appears when it was made. ETag, Last-Modified and
304 are honest.

`python -m sovwatch.demo.newsroom --port 8080 --clock 2026-02-03T12:00:00Z` runs it alone; `--clock FILE` reads the
instant from a file at every request, so that another process can let time pass; without it, the week's last evening.
"""

import argparse
import hashlib
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path

from aiohttp import web

from sovwatch.demo import press
from sovwatch.demo.coverage import Coverage, Outlet, load
from sovwatch.demo.serving import LoopbackServer, drop

STALL = 60.0  # seconds that a stalled feed keeps a reader waiting before the connection is cut
ROBOTS = "User-agent: *\nDisallow: /admin/\nDisallow: /search\n"


@dataclass(frozen=True, slots=True)
class Request:
    """One request that was answered."""

    at: float  # monotonic seconds
    host: str
    path: str
    status: int
    agent: str


class Newsroom(LoopbackServer):
    """All outlets of a coverage at one port, as they stand at `clock()`."""

    def __init__(self, clock: Callable[[], datetime], *, port: int = 0, coverage: Coverage | None = None) -> None:
        super().__init__(port=port)
        self.clock = clock
        self.coverage = coverage or load()
        self.requests: list[Request] = []
        self._outlets = {outlet.host: outlet for outlet in self.coverage.outlets.values()}

    @property
    def resolve(self) -> dict[str, str]:
        """What `crawl.resolve` is set to."""
        return {"*.example": self.address}

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer for the host that was asked for."""
        host = (request.url.host or "").lower()
        outlet, now = self._outlets.get(host), self.clock()
        if outlet is not None and self._stalls(outlet, request.path, now):
            await self.stalled(STALL)
            drop(request)
        answer = self._answer(outlet, request, now)
        agent = request.headers.get("User-Agent", "")
        self.requests.append(Request(time.monotonic(), host, request.path, answer.status, agent))
        return answer

    @staticmethod
    def _stalls(outlet: Outlet, path: str, now: datetime) -> bool:
        return path == outlet.feed_path and outlet.stalls is not None and outlet.stalls[0] <= now < outlet.stalls[1]

    def _answer(self, outlet: Outlet | None, request: web.BaseRequest, now: datetime) -> web.Response:
        path = request.path
        if outlet is None:
            return web.Response(status=404, text="no such host in this newsroom")
        if path == "/robots.txt":
            return web.Response(text=ROBOTS)
        if outlet.agents and outlet.agents not in request.headers.get("User-Agent", ""):
            return web.Response(status=403, text="Automated readers: write to the desk first.")
        if path == outlet.moved_from:
            return web.Response(status=301, headers={"Location": f"http://{outlet.host}{outlet.feed_path}"})
        if path == outlet.feed_path:
            listed = self.coverage.listed(outlet, now)
            changed = max((each.modified for each in listed), default=self.coverage.starts)
            kind = "application/atom+xml" if outlet.feed == "atom" else "application/rss+xml"
            return _fresh(request, press.feed(outlet, self.coverage, now), kind, changed)
        return self._page(outlet, request, now)

    def _page(self, outlet: Outlet, request: web.BaseRequest, now: datetime) -> web.Response:
        amp = outlet.amp and request.path.startswith("/amp/")
        article = self.coverage.by_path.get((outlet.host, request.path.removeprefix("/amp") if amp else request.path))
        if article is None or article.published > now:
            return web.Response(status=404, text="<h1>404</h1>", content_type="text/html")
        article = article.at(now)
        body = press.page(article, outlet, self.coverage, now, amp=amp)
        return _fresh(request, body, "text/html", article.modified)


def _fresh(request: web.BaseRequest, body: bytes, kind: str, changed: datetime) -> web.Response:
    """Answer 304 where the reader has it already: by ETag, else by date."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    headers = {"ETag": etag, "Last-Modified": format_datetime(changed.astimezone(UTC), usegmt=True)}
    if known := request.headers.get("If-None-Match"):
        unchanged = etag in known
    elif since := request.headers.get("If-Modified-Since"):
        unchanged = parsedate_to_datetime(since) >= changed.replace(microsecond=0)
    else:
        unchanged = False
    if unchanged:
        return web.Response(status=304, headers=headers)
    return web.Response(body=body, content_type=kind, charset="utf-8", headers=headers)


def read_clock(given: str) -> Callable[[], datetime]:
    """Return a clock from an ISO 8601 instant, or from a file that holds one."""
    file = Path(given)
    if not file.exists():
        fixed = datetime.fromisoformat(given)
        return lambda: fixed
    return lambda: datetime.fromisoformat(file.read_text(encoding="utf-8").strip())


def main() -> None:
    """Run the newsroom alone until it is interrupted."""
    options = argparse.ArgumentParser(prog="python -m sovwatch.demo.newsroom", description=main.__doc__)
    options.add_argument("--port", type=int, default=8080)
    options.add_argument(
        "--clock", default="2026-02-07T23:59:00Z", help="an ISO 8601 instant, or a file that holds one"
    )
    given = options.parse_args()
    with suppress(KeyboardInterrupt), Newsroom(read_clock(given.clock), port=given.port) as newsroom:
        print(f'crawl.resolve = {{ "*.example" = "{newsroom.address}" }}', flush=True)  # noqa: T201
        threading.Event().wait()


if __name__ == "__main__":
    main()
