"""Addresses: one canonical form for the many spellings of one article's address, and the publisher's own id in it.

Requirements, in their order:

1. Two articles never get one address: hosts such as `news.` and `sports.` stay apart, paths keep their case, and a
   parameter that may identify (`id`, `p`, `story`, …) is kept. Only parameters known to be tracking are dropped.
2. One article gets one address however it was linked: http or https, `www.`, `m.`, `mobile.` and `amp.` hosts, AMP
   paths and caches, default ports, fragments, case of host, order of parameters, needless escapes, a slash at the
   end.
3. `canonical` is idempotent, which the steps are not one by one (`/amp/amp`, `%%34%31`): it repeats them to a fixed
   point.

Weighed and left: courlan.clean_url (keeps fragments and "/a/../b"), w3lib.canonicalize_url (knows no tracking), and
mediacloud's normaliser, which merges `news.` with `sports.` hosts and lower-cases paths.
"""

import re
from functools import lru_cache
from urllib.parse import quote, urlsplit, urlunsplit

_PLAIN = re.compile(  # what most addresses are: nothing in them to be changed but scheme, `www.` and a slash at the end
    r"https?://(?:www\.)?(?!(?:www|m|mobile|amp)\.|.*[/.](?i:amp)(?:[/.]|project\.|$))"
    r"((?:[a-z0-9-]+\.)+[a-z]{2,63}(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+)/?"
)
_HOST_PREFIX = re.compile(r"^(?:www|m|mobile|amp)\.(?=[^.]+\.[^.]+)")
_ESCAPE = re.compile(r"%([0-9a-fA-F]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_SESSION_IN_PATH = re.compile(r";jsessionid=[^/;]*|/\([A-Z]\([^/()]*\)\)(?=/|$)", re.IGNORECASE)  # Java's, ASP.NET's
_SESSION = re.compile(r"(?:php|asp)?sess(?:ion)?[_-]?(?:id\w*)?|sid|token")
_SESSION_VALUE = re.compile(r"[0-9a-z%._~-]{20,}")  # of one with such a name; what may name a story is shorter
_AMP_TAIL = re.compile(r"(?<=.)(?:/amp|\.amp(?=\.html?$)|\.amp)/*$|\.amp(?=\.html?$)", re.IGNORECASE)
_AMP_CACHE = re.compile(r"^/(?:amp/)?(?:[acvi]/)?(s/)?(?P<rest>[^/]+\.[^/]+/.*)$")
_DEFAULT_PORTS = {"http": 80, "https": 443}

_TRACKING_PREFIXES = (
    "utm_", "at_", "itm_", "hsa_", "pk_", "piwik_", "mtm_", "matomo_", "wt.", "ns_", "guce_", "_hs", "oly_",
)  # fmt: skip
_TRACKING = frozenset(
    (
        "fbclid", "gclid", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "twclid", "ttclid", "igshid",
        "igsh", "mc_cid", "mc_eid", "mkt_tok", "_ga", "_gl", "cmp", "cmpid", "icid", "ocid", "ito", "smid",
        "smtyp", "ncid", "s_cid", "ftag", "xtor", "xtref", "spm", "taid", "tblci", "rb_clickid", "ref_src",
        "ref_url", "guccounter", "__twitter_impression", "__source", "__tn__", "sr_share", "traffic_source",
        "li_fat_id", "epik", "srsltid", "share_id", "vero_id", "phpsessid", "jsessionid", "sessionid", "amp",
        "amp_js_v", "amp_gsa", "usqp", "cfid", "cftoken", "gclsrc", "gad_source", "gad_campaignid", "mibextid", "sfnsn",
    )
)  # fmt: skip
# Names that may identify elsewhere are tracking only with one of these values.
_DOUBTFUL = frozenset(
    ("ref", "source", "src", "from", "partner", "outputtype", "output", "feed", "rss", "via", "origin")
)
_DOUBTFUL_VALUES = frozenset(
    (
        "", "rss", "feed", "amp", "twitter", "facebook", "x", "linkedin", "newsletter", "share", "home", "homepage",
        "email", "1",
    )
)  # fmt: skip


@lru_cache(maxsize=4096)  # asked for several times of each article, within moments
def canonical(url: str) -> str:
    """Return the one form of an address; idempotent. Always https: a site with http alone is reached by its own link.

    Raises:
        ValueError: not an http or https address with a host.
    """
    plain = _PLAIN.fullmatch(url)
    return f"https://{plain[1]}" if plain else _by_steps(url)


def _by_steps(url: str) -> str:
    current = _once(url)
    while (again := _once(current)) != current:
        current = again
    return current


def host(url: str) -> str:
    """Return the canonical host of an address ("www.x.ca" and "m.x.ca" are "x.ca").

    Raises:
        ValueError: not an http or https address with a host.
    """
    return urlsplit(canonical(url)).netloc


def host_or_blank(url: str) -> str:
    """Return the canonical host of an address, or "" where it is none of the web."""
    try:
        return host(url)
    except ValueError:
        return ""


def origin_of(url: str) -> str:
    """Return the scheme and the host of an address as it is asked, whose robots.txt holds for it ("https://x.ca")."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def untracked(url: str) -> str:
    """Return a web address as a person follows it: as it was read, so that it answers; no tracking, login, fragment.

    The canonical one is a name: not every site has itself without "www.", with https or with no slash at the end.
    """
    parts = urlsplit(without_login(url.strip()))
    query = "&".join(part for part in parts.query.split("&") if not _is_tracking(part.strip()))
    return urlunsplit(parts._replace(query=query, fragment="")).strip()  # a blank may have stood before what was cut


def without_login(url: str) -> str:
    """Return an address without what stands before an @ in it: a name, a password, or a host that is not asked."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])) if "@" in parts.netloc else url


def is_web(url: str) -> bool:
    """Whether this is an http or https address with a host."""
    try:
        _parts(url)
    except ValueError:
        return False
    return True


def _once(url: str) -> str:
    scheme, netloc, path, query = _parts(url)
    inner = _inside_amp_cache(netloc, path, query)
    if inner is not None:
        return inner
    return urlunsplit(("https" if scheme else "", netloc, _path(path), _query(query), ""))


def _parts(url: str) -> tuple[str, str, str, str]:
    """Scheme, canonical host with port, path and query of a web address."""
    parts = urlsplit(url.replace("\n", "").strip().replace("\t", ""))
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise ValueError(f"not a web address: {url!r}")
    name = parts.hostname.rstrip(".")
    while (shorter := _HOST_PREFIX.sub("", name)) != name:
        name = shorter
    name = _ascii_host(name)
    if not name:
        raise ValueError(f"not a web address: {url!r}")
    port = parts.port  # raises ValueError where it is no number
    keep_port = port is not None and port not in _DEFAULT_PORTS.values()
    return parts.scheme, f"{name}:{port}" if keep_port else name, parts.path, parts.query


def _ascii_host(name: str) -> str:
    if ":" in name:  # an IPv6 literal, which urlsplit has freed of its brackets
        return f"[{name}]"
    if re.search(r"[\s%<>\\^`{|}]", name):
        raise ValueError(f"not a host: {name!r}")
    try:
        return name if name.isascii() else name.encode("idna").decode()
    except UnicodeError as error:
        raise ValueError(f"not a host: {name!r}") from error


def _inside_amp_cache(netloc: str, path: str, query: str) -> str | None:
    """The publisher's address inside one of an AMP cache (Google's viewer and *.cdn.ampproject.org)."""
    viewer = re.fullmatch(r"google\.[a-z.]{2,6}", netloc) and path.startswith("/amp/")
    if not viewer and not netloc.endswith(".cdn.ampproject.org"):
        return None
    match = _AMP_CACHE.match(path)
    return f"https://{match['rest']}" + (f"?{query}" if query else "") if match else None


def _path(path: str) -> str:
    path = _SESSION_IN_PATH.sub("", _escaped(path.strip()))
    path = _without_dots(re.sub(r"/{2,}", "/", path))
    path = _AMP_TAIL.sub("", path)
    path = re.sub(r"^/amp(?=/.)", "", path, flags=re.IGNORECASE)
    return path.rstrip("/") or "/"


def _escaped(text: str) -> str:
    """Escapes in one form: unreserved characters plain, all other escapes in capitals, bare Unicode escaped."""

    def one(match: re.Match[str]) -> str:
        character = chr(int(match[1], 16))
        return character if character in _UNRESERVED else match[0].upper()

    return _ESCAPE.sub(one, quote(text, safe="/%:@!$&'()*+,;=-._~?"))


def _without_dots(path: str) -> str:
    """Resolve "." and ".." (RFC 3986, 5.2.4)."""
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            if len(kept) > 1:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    return "/".join(kept) or "/"


def _query(query: str) -> str:
    parts = (_escaped(part.strip()) for part in query.split("&"))
    kept = [part for part in parts if part and not _is_tracking(part)]
    return "&".join(sorted(kept, key=lambda part: part.partition("=")[0]))


def _is_tracking(parameter: str) -> bool:
    name, _, value = parameter.lower().partition("=")
    if name in _TRACKING or name.startswith(_TRACKING_PREFIXES):
        return True
    if _SESSION.fullmatch(name) and _SESSION_VALUE.fullmatch(value):
        return True
    return name in _DOUBTFUL and value in _DOUBTFUL_VALUES and "=" in parameter


# The publisher's own id, from the most telling form to the least. Six digits at least: fewer are parts of titles.
_MAY_HOLD_ID = re.compile(r"\d{6}|[0-9a-f]{8}-|\?")  # what all forms ask for: most addresses have none of it
_ID_FORMS = (
    re.compile(r"(?:^|[-/])(\d\.\d{6,9})(?=/|$|\.html?$)"),  # …/slug-1.7654321, /amp/1.7654321
    re.compile(r"(?<![0-9a-f])([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?![0-9a-f])"),
    re.compile(r"/(\d{2}-\d{6,9})-[^/]*$"),  # …/01-5550123-slug.php
    re.compile(r"[-_/](?:article|story|a|n|s)?(\d{6,12})(?:\.\w{2,5})?$"),  # …/slug-7654321, …/7654321.html
    re.compile(r"/(\d{6,12})/[^/]*[a-z-][^/]*$"),  # …/7654321/slug
)
_ID_PARAMETERS = re.compile(r"(?:^|&)((?:article|story|news|post)?_?id|p)=([0-9a-f-]{4,40})(?=&|$)", re.IGNORECASE)
_LOOKS_LIKE_DATE = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])?(?:\d{4,6})?")


def publisher_id(url: str) -> str | None:
    """Return "host:id" where the publisher's own id stands in the address, else None; None too where two candidates do.

    A date (20260129) is no id. General forms only, no publisher's name: a wrong id would hide an article.
    """
    try:
        address = canonical(url)
    except ValueError:
        return None
    if not _MAY_HOLD_ID.search(address):
        return None
    parts = urlsplit(address)
    for form in _ID_FORMS:
        found = {match for match in form.findall(parts.path) if not _LOOKS_LIKE_DATE.fullmatch(match)}
        if len(found) == 1:
            return f"{parts.netloc}:{found.pop()}"
    named = _ID_PARAMETERS.search(parts.query)
    return f"{parts.netloc}:{named[1].lower()}={named[2]}" if named else None
