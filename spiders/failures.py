"""Why a request failed, in a sentence for a person; and whether trying again soon makes sense."""

import re

from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from twisted.python.failure import Failure

from spiders.addresses import PrivateAddress
from spiders.retry_after import LeftAlone


class Forbidden(IgnoreRequest):
    """robots.txt forbids the address."""


class RobotsUnknown(IgnoreRequest):
    """robots.txt cannot be had, so that nothing is allowed."""


PASSING_STATUS = frozenset((408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524))
_NOWHERE = "leads to no address of the web"  # those that do are followed
_NAMED = {
    301: _NOWHERE,
    302: _NOWHERE,
    303: _NOWHERE,
    307: _NOWHERE,
    308: _NOWHERE,
    401: "asks for a password",
    402: "asks for payment",
    403: "refuses us",
    404: "is not there",
    410: "is gone for good",
    429: "asks for a pause",
    451: "is withheld for legal reasons",
    503: "asks for a pause",
}


_OF_SCRAPY = (  # who says what it is in words of its own
    ("ParseError", "what answers speaks no HTTP"),
    ("DOWNLOAD_MAXSIZE", "unpacks to more than crawl.max_bytes allows"),
    ("max redirections", "redirects more often than crawl.max_redirects allows"),
)
_FAILURE = re.compile(r"\[?<twisted\.python\.failure\.Failure [\w.]+: ([^>]*)>\]?")  # as Twisted names one
_UNPACKING = frozenset(("BadGzipFile", "EOFError", "ZstdError", "error"))  # of gzip, zstd, and zlib and brotli
_NO_SUCH_HOST = "DNS lookup failed: no results for hostname lookup: "  # as Twisted says before it names the host
_SENTENCES: tuple[tuple[type[Exception], str], ...] = (
    (PrivateAddress, "{}"),
    (LeftAlone, "{}"),
    (Forbidden, "{}"),
    (RobotsUnknown, "{}"),
    (DownloadTimeoutError, "gave no whole answer in time"),
    (CannotResolveHostError, "its host cannot be found: {}"),
    (DownloadConnectionRefusedError, "refuses connections"),
    (TunnelError, "the proxy that crawl.resolve names for it opens no way to an https address"),
    (DownloadCancelledError, "is bigger than crawl.max_bytes allows"),
    (DownloadFailedError, "connection failed: {}"),
    (ResponseDataLossError, "its answer broke off"),
    (IgnoreRequest, "not read: {}"),
)


def reason(failure: Failure) -> str:
    """Return what went wrong: one sentence without a full stop."""
    return sentence(failure.value)


def sentence(error: BaseException | None) -> str:
    """Return the same of an exception."""
    text = " ".join(str(error).split())[:200] or ("too many redirects" if isinstance(error, IgnoreRequest) else "")
    text = text.removeprefix(_NO_SUCH_HOST).rstrip(".")
    known = _OF_SCRAPY if isinstance(error, IgnoreRequest | DownloadFailedError) else ()
    if ours := next((said for words, said in known if words in text), ""):
        return ours
    text = _FAILURE.sub(r"\1", text).rstrip(".")
    if type(error).__name__ in _UNPACKING:
        return f"its answer is not packed as it says: {text}"
    for kind, sentence in _SENTENCES:
        if isinstance(error, kind):
            return sentence.format(text or "no more is known")
    return f"{type(error).__name__}: {text}"


def is_passing(failure: Failure) -> bool:
    """Whether another try at the next reading makes sense."""
    return not isinstance(failure.value, PrivateAddress | Forbidden | DownloadCancelledError)


def status_reason(status: int) -> str:
    """Return what an HTTP status means for a source."""
    return f"answered {status}" + (f": {_NAMED[status]}" if status in _NAMED else "")
