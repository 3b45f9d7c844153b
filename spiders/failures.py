"""Why a request failed, in a sentence for a person; and whether trying again soon makes sense."""

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from twisted.internet.error import ConnectionRefusedError as TwistedRefused
from twisted.internet.error import DNSLookupError
from twisted.python.failure import Failure

from spiders.addresses import PrivateAddress
from spiders.retry_after import LeftAlone
from spiders.robots import Forbidden

PASSING_STATUS = frozenset((408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524))
_NAMED = {
    401: "asks for a password", 403: "refuses us", 404: "is not there", 410: "is gone for good", 429: "asks for a pause",
    451: "is withheld for legal reasons", 503: "asks for a pause",
}  # fmt: skip


def reason(failure: Failure) -> str:
    """Return what went wrong: one sentence without a full stop."""
    error = failure.value
    text = " ".join(str(error).split())[:200]
    if isinstance(error, PrivateAddress | LeftAlone | Forbidden):
        return text
    if isinstance(error, DownloadTimeoutError):
        return "gave no whole answer in time"
    if isinstance(error, CannotResolveHostError | DNSLookupError):
        return f"its host cannot be found: {text}"
    if isinstance(error, DownloadConnectionRefusedError | TwistedRefused):
        return "refuses connections"
    if isinstance(error, DownloadCancelledError):
        return f"is too big: {text}"
    if isinstance(error, ResponseDataLossError):
        return "its answer broke off"
    if isinstance(error, IgnoreRequest):
        return f"not read: {text or 'too many redirects'}"
    kind = "connection failed" if isinstance(error, DownloadFailedError) else type(error).__name__
    return f"{kind}: {text}" if text else kind


def is_passing(failure: Failure) -> bool:
    """Whether another try at the next reading makes sense."""
    return not isinstance(failure.value, PrivateAddress | Forbidden | DownloadCancelledError)


def status_reason(status: int) -> str:
    """Return what an HTTP status means for a source."""
    return f"answered {status}" + (f": {_NAMED[status]}" if status in _NAMED else "")
