"""The plain vocabulary of feeds: which elements `spiders.wellformed` reads, and which attributes each may have.

An element stands here where feedparser's reading of it is known to the letter: it is taken, or it is known to change
nothing of what is taken (a picture, a count of comments). Names are written with the usual prefix of their namespace.
"""

from collections.abc import Mapping

Vocabulary = Mapping[str, frozenset[str]]  # which elements may stand, and with which attributes

NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "media": "http://search.yahoo.com/mrss/",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "wordpress": "com-wordpress:feed-additions:1",
}
PREFIXES = {uri: prefix for prefix, uri in NAMESPACES.items()}


def _vocabulary(bare: str, **more: str) -> Vocabulary:
    """Elements without attributes, and those that have some; in a name "__" stands for ":"."""
    named = {name.replace("__", ":"): frozenset(attributes.split()) for name, attributes in more.items()}
    return dict.fromkeys(bare.split(), frozenset[str]()) | named


_LINK = "rel href type title hreflang length"
_MEDIA = "url fileSize type medium isDefault duration height width role scheme"
CHANNEL = _vocabulary(
    "title link description language copyright pubDate lastBuildDate generator docs ttl managingEditor webMaster "
    "dc:date dc:rights sy:updatePeriod sy:updateFrequency wordpress:site",
    category="domain",
    atom__link=_LINK,
    cloud="domain port path registerProcedure protocol",
)
IMAGE = _vocabulary("url title link width height description")
ITEM = _vocabulary(
    "title link description author pubDate comments content:encoded dc:creator dc:date atom:updated "
    "slash:comments wfw:commentRss feedburner:origLink wordpress:post-id",
    guid="isPermaLink",
    category="domain",
    source="url",
    enclosure="url length type",
    media__content=_MEDIA,
    media__thumbnail=_MEDIA,
    media__credit=_MEDIA,
)
FEED = _vocabulary(
    "atom:id atom:updated atom:logo atom:icon",
    atom__title="type",
    atom__subtitle="type",
    atom__rights="type",
    atom__link=_LINK,
    atom__generator="uri version",
    atom__category="term scheme label",
)
ENTRY = _vocabulary(
    "atom:id atom:updated atom:published",
    atom__title="type",
    atom__summary="type",
    atom__content="type",
    atom__rights="type",
    atom__link=_LINK,
    atom__category="term scheme label",
    media__content=_MEDIA,
    media__thumbnail=_MEDIA,
    media__credit=_MEDIA,
)
PICTURE = _vocabulary("media:copyright", media__thumbnail=_MEDIA, media__credit=_MEDIA)
PICTURES = frozenset(("media:content", "media:thumbnail", "media:credit"))
PERSON = _vocabulary("atom:name atom:uri atom:email")
# What may stand more than once.
SEVERAL = frozenset(("category", "author", "dc:creator", "enclosure", "atom:category", "atom:link")) | PICTURES
