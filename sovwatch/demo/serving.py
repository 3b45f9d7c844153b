"""A real HTTP server on loopback, in a thread of its own, for as long as a `with` lasts.

aiohttp serves both stand-ins because Scrapy depends on it anyway. Each server has its own event loop, so a test, the
demo and Scrapy's reactor never share one.
"""

import asyncio
import threading
from types import TracebackType
from typing import Self

from aiohttp import web

LOOPBACK = "127.0.0.1"
STARTING = 10.0  # seconds to wait for a socket; in practice milliseconds


class LoopbackServer:
    """Answers every request on one loopback port with `handle`; port 0 takes a free one."""

    host = LOOPBACK  # tests have hosts of their own

    def __init__(self, *, port: int = 0) -> None:
        self.port = port
        self._closing = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._serve, name=type(self).__name__, daemon=True)

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request; the subclass says how."""
        raise NotImplementedError

    @property
    def address(self) -> str:
        """Host and port, as a proxy's address is written."""
        return f"{self.host}:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._ready.wait(STARTING):
            raise TimeoutError(f"{type(self).__name__} did not start within {STARTING:g} s")
        if self._failure is not None:
            self._thread.join()
            raise self._failure
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join()

    async def stalled(self, seconds: float) -> None:
        """Wait so long, or until the server closes."""
        try:
            await asyncio.wait_for(self._closing.wait(), seconds)
        except TimeoutError:
            return

    def _serve(self) -> None:
        try:
            asyncio.run(self._until_closed())
        except OSError as error:  # the port is taken
            self._failure = error
        finally:
            self._ready.set()

    async def _until_closed(self) -> None:
        self._loop = asyncio.get_running_loop()
        runner = web.ServerRunner(web.Server(self.handle, access_log=None))
        await runner.setup()
        try:
            site = web.TCPSite(runner, self.host, self.port)
            await site.start()
            self.port = runner.addresses[0][1]
            self._ready.set()
            await self._closing.wait()
        finally:
            await runner.shutdown()
            await runner.cleanup()


def drop(request: web.BaseRequest) -> None:
    """Cut the connection without an answer, as a network does."""
    if request.transport is not None:
        request.transport.abort()
