"""Bytes of a web page to text, when its label is missing or wrong."""

from w3lib.encoding import html_to_unicode

_BROKEN = "\ufffd"


def decoded(body: bytes, content_type: str) -> str:
    """Return the page's text by its label, or by what it is where it has none or the label makes nonsense of it.

    UTF-8 under another label is what sites send that moved: no text of another encoding reads as UTF-8 throughout.
    Windows-1252 labelled as UTF-8 is what old French content systems send: it is believed where more than half of
    what is not ASCII would be lost otherwise.
    """
    encoding, text = html_to_unicode(content_type or None, body, auto_detect_fun=_guess)
    if encoding != "utf-8" and not body.isascii() and _guess(body) == "utf-8":
        return body.decode("utf-8")
    beyond_ascii = sum(character > "\x7f" for character in text) if _BROKEN in text else 0
    if encoding == "utf-8" and beyond_ascii and text.count(_BROKEN) > beyond_ascii / 2:
        return body.decode("cp1252", "replace")
    return text


def _guess(body: bytes) -> str:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"
