"""What an operator can do about a source that cannot be read, by what the reason says."""

_SOUGHT = "say what it is by `kind`, or see what `sovwatch sources discover` finds on the site"
_CURES = (
    ("host cannot be found", "check how it is written, and that names are resolved here"),
    ("refuses us", "set crawl.user_agent to your own contact; a publisher may refuse all the same"),
    ("asks for a password", "its listings are for subscribers: look for another outlet that carries them"),
    ("refuses connections", "check the address: nobody listens there now"),
    ("forbids it", "ask the publisher, or look for another outlet that carries it"),
    ("is not there", "check how it is written, or give the site's first page"),
    ("not a feed", _SOUGHT),
    ("a web page stands where", _SOUGHT),
    ("not a public address", "where it is yours, name it in crawl.allow_private"),
    ("crawl.max_bytes", "raise it where the source is worth so much"),
)


def cure(why: str, otherwise: str = "") -> str:
    """Return what to do, or `otherwise` where the reason alone tells no more."""
    return next((said for words, said in _CURES if words in why), otherwise)
