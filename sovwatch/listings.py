"""By what a line of a listing is known to have been read: its page is not asked for again while that is the same.

Some feeds give each line another address at each reading (tracking, a session, a number that means nothing), and every
page would be fetched each time. So a line goes by its guid, which stays, and an address by what identifies in it. A
parameter of a name that is not known may identify: it is left out only where a headline of five words and an exact
instant tell articles apart, as headlines do within an outlet (docs/decisions/0003).
"""

import hashlib

from sovwatch.model import RELATIVE, Dated, Entry, Precision
from sovwatch.urls import canonical, host_or_blank

_HEADLINE = 5  # words


def listing_key(entry: Entry) -> str:
    """Return a hash of what the listing says of it: the same for an entry that need not be read again.

    A date that was told as "3 hours ago" is another one at each reading, and says nothing.
    """
    dates = (dated.at.isoformat() if dated and _is_told(dated) else "" for dated in (entry.published, entry.updated))
    said = "\x1f".join((host_or_blank(entry.url), _named(entry), entry.title, entry.summary, entry.text, *dates))
    return hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _named(entry: Entry) -> str:
    """By what it is one of its host's: who reprints an article may give it the guid of its first place."""
    named = entry.guid or entry.url
    try:
        address = canonical(named)
    except ValueError:  # a guid need be no address
        return named
    exact = entry.published is not None and _is_told(entry.published) and entry.published.precision is Precision.SECOND
    return address.partition("?")[0] if exact and len(entry.title.split()) >= _HEADLINE else address


def _is_told(dated: Dated) -> bool:
    return dated.evidence != RELATIVE
