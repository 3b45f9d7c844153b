"""Only the public web is asked: no private, loopback or link-local address, whatever a feed, a redirect or DNS says.

Two places, since each sees what the other cannot: a middleware judges every request, redirected ones and robots.txt
included, by scheme and by addresses written as such; the resolver judges what DNS answers for a name, at the moment
of connecting, so that a name that answers differently the second time gains nothing. Odd spellings of addresses
(`http://2130706433/`, `http://127.1/`) are names to Python and come out of the resolver as what they are.

`allow_private` names hosts that may be private; hosts of `resolve` go through the proxy that it names.
"""

import ipaddress
from fnmatch import fnmatch
from typing import TYPE_CHECKING, Protocol, Self, cast
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, IgnoreRequest
from scrapy.resolver import CachingHostnameResolver
from twisted.internet.base import ReactorBase
from twisted.internet.interfaces import IAddress, IHostResolution, IResolutionReceiver

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from twisted.internet.address import IPv4Address, IPv6Address


class PrivateAddress(IgnoreRequest):
    """The address is not of the public web."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet; addresses that wrap an IPv4 one are judged by that."""
    ip = ipaddress.ip_address(address.strip("[]").partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is None and ip not in _UNICAST:
            return False
        ip = inner or ip
    return ip.is_global and not ip.is_multicast


_kept_back: dict[str, str] = {}  # what names stand for that is not public: the resolver tells the middleware
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_UNICAST = ipaddress.IPv6Network("2000::/3")  # all that IANA has given out for the public internet


def matches(host: str, patterns: "Iterable[str]") -> bool:
    """Whether a host is named by one of the patterns ("*.example", "intranet.example")."""
    return any(fnmatch(host, pattern.lower()) for pattern in patterns)


class PublicAddresses:
    """Downloader middleware: refuses other schemes than http(s), and addresses that are not public."""

    def __init__(self, allowed: "Sequence[str]") -> None:
        self._allowed = allowed

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Read which hosts may be private."""
        settings = crawler.settings
        return cls([*settings.getlist("SOVWATCH_ALLOW_PRIVATE"), *settings.getdict("SOVWATCH_RESOLVE")])

    def process_request(self, request: Request) -> None:
        """Refuse what is not of the public web.

        Raises:
            PrivateAddress: not http or https, or an address that is not public.
        """
        parts = urlsplit(request.url)
        if parts.scheme not in {"http", "https"}:
            raise PrivateAddress(f"{parts.scheme}: is not fetched")
        host = (parts.hostname or "").rstrip(".").lower()
        if matches(host, self._allowed):
            return
        try:
            public = is_public(host)
        except ValueError:  # a name: the resolver judges what it stands for
            return
        if not public:
            raise PrivateAddress(f"{host} is not a public address")

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Say why a name has no address, where the resolver has kept back what it stands for.

        Raises:
            PrivateAddress: it has.
        """
        host = (urlsplit(request.url).hostname or "").rstrip(".").lower()
        if isinstance(exception, CannotResolveHostError) and host in _kept_back:
            raise PrivateAddress(f"{host} stands for {_kept_back[host]}, which is not a public address")


class PublicResolver(CachingHostnameResolver):
    """Scrapy's resolver for both kinds of addresses, which keeps back those that are not public, and ends in time.

    The default one asks for IPv4 alone, so that a host without is never found. Where a host has both, Twisted tries its
    addresses a third of a second apart, and takes the first that connects.
    """

    def __init__(
        self, reactor: ReactorBase, cache_size: int, timeout: float = 60, allowed: "Sequence[str]" = ()
    ) -> None:
        super().__init__(reactor, cache_size)
        self._timeout, self._allowed = timeout, allowed

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        """Read which hosts may be private."""
        settings = crawler.settings
        cache = settings.getint("DNSCACHE_SIZE") if settings.getbool("DNSCACHE_ENABLED") else 0
        return cls(reactor, cache, settings.getfloat("DNS_TIMEOUT"), settings.getlist("SOVWATCH_ALLOW_PRIVATE"))

    def resolveHostName(  # noqa: N802  (Twisted's names)
        self,
        resolutionReceiver: IResolutionReceiver,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: "Sequence[type[IAddress]] | None" = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> IHostResolution:
        """Resolve a name; an address that is not public is none of its addresses."""
        judged = _Judged(cast("_Receives", resolutionReceiver), hostName, self._may_be_asked(hostName))
        self.reactor.callLater(self._timeout, judged.resolutionComplete)
        receiver = cast("IResolutionReceiver", judged)
        return super().resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)

    def _may_be_asked(self, name: str) -> "Callable[[str], bool]":
        """What judges the addresses of a name; one that is written as an address was judged with its request."""
        if matches(name.lower(), self._allowed) or _is_literal(name):
            return lambda _: True
        return is_public


class _Receives(Protocol):
    """Twisted's `IResolutionReceiver`, in a form that can be checked."""

    def resolutionBegan(self, resolution: IHostResolution) -> None: ...  # noqa: N802
    def addressResolved(self, address: "IPv4Address | IPv6Address") -> None: ...  # noqa: N802
    def resolutionComplete(self) -> None: ...  # noqa: N802


class _Judged:
    """Passes on what may be asked, and that it is over once: when all has come, or time is up."""

    def __init__(self, receiver: _Receives, name: str, may_be_asked: "Callable[[str], bool]") -> None:
        self._receiver, self._name, self._may_be_asked, self._over = receiver, name, may_be_asked, False

    def resolutionBegan(self, resolution: IHostResolution) -> None:  # noqa: N802
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: "IPv4Address | IPv6Address") -> None:  # noqa: N802
        if not self._may_be_asked(address.host):
            _kept_back[self._name.rstrip(".").lower()] = address.host
        elif not self._over:
            self._receiver.addressResolved(address)

    def resolutionComplete(self) -> None:  # noqa: N802
        if not self._over:
            self._over = True
            self._receiver.resolutionComplete()


def _is_literal(name: str) -> bool:
    """Whether a name is an address written in full: the middleware has judged it, or it is a proxy's."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
