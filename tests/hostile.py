"""A newsroom on loopback that misbehaves in every way that is known: raw sockets, so that nothing is too rude to say.

It is used as a plain HTTP proxy for `*.example` hosts (`crawl.resolve`). What a host serves at a path is a function
that is handed the connection; the makers below give the usual ones.
"""

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

CHUNK = b"x" * 65536


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came: when, of which host, for which path, with which headers (names in lower case)."""

    at: float
    host: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)


Answer = Callable[[socket.socket, Asked], None]


class HostileNewsroom:
    """Serves what it was given; everything else is 404, `/robots.txt` included."""

    def __init__(self, pages: Mapping[str, Answer], at: str = "127.0.0.1") -> None:
        self.pages, self._at = dict(pages), at
        self.asked: list[Asked] = []
        self._closing = threading.Event()

    def __enter__(self) -> Self:
        self._server = socket.create_server((self._at, 0), family=self._family, backlog=64)
        self._server.settimeout(0.2)
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._thread.join()
        self._server.close()

    @property
    def address(self) -> str:
        host, port, *_ = self._server.getsockname()
        return f"[{host}]:{port}" if self._family is socket.AF_INET6 else f"{host}:{port}"

    @property
    def _family(self) -> socket.AddressFamily:
        return socket.AF_INET6 if ":" in self._at else socket.AF_INET

    def of(self, host: str) -> list[Asked]:
        """Return what was asked of a host, robots.txt aside."""
        return [asked for asked in self.asked if asked.host == host and asked.path != "/robots.txt"]

    def _accept(self) -> None:
        while not self._closing.is_set():
            with suppress(TimeoutError):
                connection, _ = self._server.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            asked = _request(connection)
            if asked is None:
                return
            self.asked.append(asked)
            answer = (
                self.pages.get(asked.host + asked.path) or self.pages.get(asked.host + "/*") or plain(b"", status=404)
            )
            answer(connection, asked)


def _request(connection: socket.socket) -> Asked | None:
    head = b""
    while b"\r\n\r\n" not in head:
        piece = connection.recv(65536)
        if not piece:
            return None
        head += piece
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    parts = urlsplit(first.split(" ")[1])
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return Asked(time.monotonic(), parts.hostname or headers.get("host", ""), path, headers)


def head(status: int = 200, **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} Whatever", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1")


def plain(body: bytes, *, status: int = 200, **headers: str) -> Answer:
    """Serve a body as it should be."""
    headers.setdefault("Content_Type", "application/xml; charset=utf-8")

    def answer(connection: socket.socket, asked: Asked) -> None:
        connection.sendall(head(status, Content_Length=str(len(body)), **headers) + body)

    return answer


def versioned(body: bytes, etag: str) -> Answer:
    """Serve a body with an ETag, and 304 to whoever has it."""

    def answer(connection: socket.socket, asked: Asked) -> None:
        if asked.headers.get("if-none-match") == etag:
            connection.sendall(head(304, ETag=etag))
        else:
            plain(body, ETag=etag)(connection, asked)

    return answer


def redirect(to: str, status: int = 302) -> Answer:
    return plain(b"", status=status, Location=to)


def stall() -> Answer:
    """Say nothing at all, until who asked goes away."""

    def answer(connection: socket.socket, asked: Asked) -> None:
        connection.settimeout(300)
        with suppress(TimeoutError):
            connection.recv(1)

    return answer


def drip(body: bytes, pause: float = 0.2) -> Answer:
    """Send a byte now and then: never silent, never done."""

    def answer(connection: socket.socket, asked: Asked) -> None:
        connection.sendall(head(Content_Type="application/xml", Content_Length=str(len(body))))
        for byte in body:
            connection.sendall(bytes([byte]))
            time.sleep(pause)

    return answer


def endless() -> Answer:
    """Send for ever, without a length."""

    def answer(connection: socket.socket, asked: Asked) -> None:
        connection.sendall(head(Content_Type="application/xml"))
        while True:
            connection.sendall(CHUNK)

    return answer


def gzip_bomb(size: int = 200 * 1024 * 1024) -> Answer:
    """Send a small body that unpacks to a huge one."""
    body = b"".join(_packed_zeros(size))

    def answer(connection: socket.socket, asked: Asked) -> None:
        connection.sendall(head(Content_Encoding="gzip", Content_Type="application/xml", Content_Length=str(len(body))))
        connection.sendall(body)

    return answer


def _packed_zeros(size: int) -> Iterator[bytes]:
    member = gzip.compress(bytes(1024 * 1024))
    yield from (member for _ in range(size // (1024 * 1024)))


def lying_length(body: bytes, claimed: int) -> Answer:
    """Claim another length than that of what is sent."""

    def answer(connection: socket.socket, asked: Asked) -> None:
        connection.sendall(head(Content_Type="application/xml", Content_Length=str(claimed)) + body)

    return answer


def half_closed() -> Answer:
    """Close the sending side after half a head, and go on listening."""

    def answer(connection: socket.socket, asked: Asked) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Ty")
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(10)
        with suppress(TimeoutError):
            connection.recv(1)

    return answer


def rubbish() -> Answer:
    """Speak no HTTP."""

    def answer(connection: socket.socket, asked: Asked) -> None:
        connection.sendall(b"\x00\xff\x00SSH-2.0-nothing\r\n" * 50)

    return answer


def feed(*items: tuple[str, str, str], ttl: int | None = None, description: str = "", encoding: str = "utf-8") -> bytes:
    """Return an RSS feed of (link, title, date) items."""
    rows = "".join(
        f"<item><title>{title}</title><link>{link}</link><guid>{link}</guid><pubDate>{date}</pubDate>"
        f"<description>{description}</description></item>"
        for link, title, date in items
    )
    minutes = f"<ttl>{ttl}</ttl>" if ttl else ""
    channel = f"<channel><title>T</title>{minutes}{rows}</channel>"
    return f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0">{channel}</rss>'.encode(encoding)


def page(title: str, *paragraphs: str, extra: str = "") -> bytes:
    """Return an article's page."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>{title}</title>{extra}</head>"
        f"<body><article><h1>{title}</h1>{text}</article></body></html>"
    ).encode()
