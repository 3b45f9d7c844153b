"""Links that aggregators wrap around the publisher's own, unwrapped where the address itself carries it.

Bing News (`apiclick.aspx?…&url=…`), Google Alerts (`/url?…&url=…`) and mailers say it in a parameter. Google News
packs it into base64 (`/articles/CBMi…`); since 2024 most of these hold only a token, which nothing but a request to
Google opens: such a link stays as it is.
"""

import base64
import binascii
import re
from urllib.parse import parse_qs, urlsplit

from sovwatch.urls import is_web

_REDIRECTORS = re.compile(r"(?:/url|/apiclick\.aspx|/redirect|/redir|/link|/l\.php|/click|/out)/?$", re.IGNORECASE)
_PARAMETERS = ("url", "u", "q", "to", "target", "dest", "destination", "r")
_PACKED = re.compile(r"/articles/(CB[A-Za-z0-9_-]{20,})")
_ADDRESS_INSIDE = re.compile(rb"\"(?P<length>[\x80-\xff]?[\x00-\x7f])(?P<address>https?://[!-~]+)")  # \": field 4


def unwrapped(url: str) -> str:
    """Return the publisher's address inside a wrapped one, or the address itself."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    if _REDIRECTORS.search(parts.path):
        values = parse_qs(parts.query)
        for name in _PARAMETERS:
            for value in values.get(name, ()):
                if is_web(value):
                    return value
    packed = _PACKED.search(parts.path)
    return (_packed(packed[1]) if packed else None) or url


def _packed(text: str) -> str | None:
    """Return the address in a packed message: fields of a kind and a length before their bytes (protobuf)."""
    try:
        message = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return None
    match = _ADDRESS_INSIDE.search(message)
    if not match:
        return None
    length = sum((byte & 0x7F) << (7 * place) for place, byte in enumerate(match["length"]))
    address = match["address"][:length].decode("ascii")
    return address if is_web(address) else None
