"""When a page's readers are told that its article was published: by an element that says so, or in words; pure.

Next to the instant of publication stands that of the last change, often before it; what leads to either says which it
is. In words a date is believed where nothing else stands on its line but a byline, where it is called that of
publication, or at the head of the text as agencies write it; and only between the headline and the text, since there is
a date of today above the one, and there are many in the other. What htmldate finds in the page's footer is the terms'.
"""

import re
from collections.abc import Iterator
from itertools import dropwhile, islice

from lxml.html import HtmlElement

from sovwatch.dates import parse
from sovwatch.model import Dated, Precision
from spiders.markup import heading_of, nearest, text_of

_DATED = ("time", "meta", "span", "div", "p")
_BLOCKS = ("p", "div", "li", "address", "td", "h3", "h4", "h5", "section")
_LINES = (*_BLOCKS, "span", "small", "em")
_MOST = 100  # elements after the headline that are looked at, dates in a footer, siblings before a time
_FOOTERS = 3
_SENTENCES = 2  # that may stand below a headline; then it is the text
_LINE = 120  # characters: what is longer is text
_TWO_DAYS = 48 * 3600  # seconds: less is what zones make
_BEFORE = 3  # levels of markup in which the words may stand that lead to a time
_PUBLISHED = r"(?:published|posted|publiée?s?|mise? en ligne|parue?)"
_CHANGED = r"(?:updated|modified|revised|corrected|mise? à jour|modifiée?|corrigée?|actualisée?)"
_LAST_SAID = re.compile(rf".*\b(?:(?P<published>{_PUBLISHED})|{_CHANGED})\b", re.IGNORECASE | re.DOTALL)
_WORD = r"[^\W\d_]{3,9}"
_ORDINAL = r"\d{1,2}(?:er|st|nd|rd|th)?"
_DAY = (
    rf"(?:{_WORD}\.?,?\s+)?"
    rf"(?:{_ORDINAL}\s+{_WORD}\.?,?\s+\d{{4}}|{_WORD}\.?\s+{_ORDINAL},?\s+\d{{4}}|\d{{4}}-\d\d-\d\d)\b"
)
_CLOCK = r"(?:(?:[\s,|·•–-]|\bat\b|à)+\d{1,2}(?:\s*[:h]\s*\d{0,2})?\s*(?:[ap]\.?m\.?)?(?:\s*\(?[A-Z]{2,4}\b\)?)?)?"
_WHEN = rf"(?P<when>{_DAY}{_CLOCK})"
_CALLED = re.compile(rf"(?:^|[^\w\s]\s*|\d\s+){_PUBLISHED}\W*(?:(?:on|le)\s+)?{_WHEN}", re.IGNORECASE)
_ALONE = re.compile(rf"(?:(?:by|par)\s[^\d:]{{3,60}}?[\s,|·•–-]+)?(?:le\s+)?{_WHEN}\W*", re.IGNORECASE)
_DATELINE = re.compile(
    rf"[^\W\d_][^\d.:;]{{1,50}}(?:\.\w\.)?,\s+(?:le\s+)?{_WHEN}\s*(?:/[^/\s]+/\s*)?[–—-]", re.IGNORECASE
)
_ANY_DAY = re.compile(_DAY)


def instant(root: HtmlElement | None, title: str) -> str:
    """Return the instant that calls itself that of publication, else the one nearest to the headline."""
    if root is None:
        return ""
    near = nearest(root, title, _DATED, _is_published) or nearest(root, title, ["time"], lambda _: True)
    ranked = (*(node for node in near if node.get("itemprop") or _led_to(node) == "published"), *near)
    return next((stamp for node in ranked if (stamp := _stamp(node))), "")


def in_words(root: HtmlElement | None, title: str) -> str:
    """Return the date that stands in words between the headline and the text, or at the head of the text."""
    sentences = 0
    for line in _lines(root, title):
        if len(line) > _LINE or sentences > _SENTENCES:
            return _day_of(_DATELINE.match(line))
        if when := _day_of(_CALLED.search(line) or _ALONE.fullmatch(line) or _DATELINE.match(line)):
            return when
        sentences += line.endswith((".", "!", "?", "”", "»"))
    return ""


def is_the_sites(root: HtmlElement | None, found: Dated) -> bool:
    """Whether a date stands in the page's footer, where that of its terms is, or today's."""
    footers = [node for node in root.iter("footer") if not _in_article(node)][:_FOOTERS] if root is not None else []
    said = (match[0] for node in footers for match in _ANY_DAY.finditer(text_of(node, " ")))
    return any(_within_two_days(parse(when), found) for when in islice(said, _MOST))


def _lines(root: HtmlElement | None, title: str) -> Iterator[str]:
    """What the elements say that follow the headline and hold no other line."""
    heading = heading_of(root, title) if root is not None else None
    if root is None or heading is None:
        return
    following = dropwhile(lambda node: node is not heading, root.iter(heading.tag, *_LINES))
    for node in islice(following, 1, _MOST):
        if next(node.iterdescendants(*_BLOCKS), None) is None and (text := text_of(node, " ")):
            yield text


def _day_of(match: re.Match[str] | None) -> str:
    found = parse(match["when"]) if match else None
    return match["when"] if match and found and found.precision in {Precision.DAY, Precision.SECOND} else ""


def _stamp(node: HtmlElement) -> str:
    """The instant for machines, unless readers are shown another day: some sites keep that of the last change there."""
    exact, shown = (node.get("datetime") or node.get("content") or "").strip(), text_of(node)
    one, other = parse(exact), parse(shown)
    differ = one and other and not _within_two_days(one, other)
    return shown if (differ or not exact) and other and other.precision.name in {"DAY", "SECOND"} else exact


def _within_two_days(one: Dated | None, other: Dated) -> bool:
    return one is not None and abs((one.at - other.at).total_seconds()) <= _TWO_DAYS


def _is_published(node: HtmlElement) -> bool:
    """Whether an element tells an instant that may be that of publication."""
    classes, named = (node.get("class") or "").lower(), (node.get("itemprop") or "").lower()
    of_change = "datemodified" in named or ("updated" in classes and "publi" not in classes)
    return "datepublished" in named or (node.tag == "time" and not of_change and _led_to(node) != "changed")


def _led_to(node: HtmlElement) -> str:
    """Say what the words in it, or between the last time and it, call a time: "published", "changed" or nothing."""
    said, part = text_of(node), node
    for _ in range(_BEFORE):
        if match := _LAST_SAID.match(said[-_LINE:]):
            return "published" if match["published"] else "changed"
        said = _before(part)
        part = part.getparent() if part.getparent() is not None else part
    return ""


def _before(node: HtmlElement) -> str:
    """What stands in the same element before this one, back to the last time; nothing where that is text."""
    said: list[str] = []
    for one in islice(node.itersiblings(preceding=True), _MOST):
        said.append(one.tail or "")
        if one.tag == "time" or next(one.iter("time"), None) is not None:
            break
        said.append(text_of(one) if isinstance(one.tag, str) else "")
    else:
        parent = node.getparent()
        said.append((parent.text or "") if parent is not None else "")
    whole = " ".join(reversed(said)).strip()
    return whole if len(whole) <= _LINE else ""


def _in_article(node: HtmlElement) -> bool:
    return any(one.tag == "article" for one in node.iterancestors())
