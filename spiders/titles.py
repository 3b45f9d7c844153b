"""Headlines: the outlet's name taken off, and one key for the spellings of one headline; pure.

`title_key` tells which of the headlines that a page states are one: it forgets case, accents and marks, and nothing
that could tell two headlines apart: figures stay, so that "Day 2" is not "Day 3".
"""

import re
import unicodedata
from itertools import islice

from sovwatch.text import without_accents

_SEPARATOR = re.compile(r"\s+[|–—·•»›‹:-]\s+|\s*\|\s*")
_BEFORE_OUTLET = re.compile(r"\s+--\s+|" + _SEPARATOR.pattern)  # "--" is a dash as well: only before a name
_WORD = re.compile(r"\w+")
_ENDS_PARTED = re.compile(r"(?:\s[|–—·•»›‹:-]\s+|\|\s*)$")
_MARKS = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "\u00a0": " ", "\u202f": " "})
_MOST = 20  # separators of a title that are looked at
_SHORTEST = 3  # words: what is left of a headline without its suffix is a headline only from so many


def without_outlet(title: str, outlet: str = "", *hosts: str) -> str:
    """Return the headline without " | Le Devoir", " - CBC News" and the like, and without "CBC News | " before it.

    Only what resembles the outlet's name or host is taken off: " - Analysis" stays.
    """
    names = [title_letters(name) for name in (outlet, *hosts) if name]
    current = title.strip()
    while True:
        shorter = _shorter(current, names)
        if shorter == current:
            return current
        current = shorter


def title_key(title: str) -> str:
    """Return what two spellings of one headline share; "" for one too short to tell articles apart."""
    words = _WORD.findall(without_accents(title).casefold())
    return " ".join(words) if len(words) >= _SHORTEST else ""


def runs(title: str) -> list[str]:
    """Return what stands between any two separators of a title: of "A : b | C" also "A : b", which is a headline."""
    parted = list(islice(_SEPARATOR.finditer(title), _MOST))
    begins, ends = [0, *(one.end() for one in parted)], [*(one.start() for one in parted), len(title)]
    return [part for first, begin in enumerate(begins) for end in ends[first:] if (part := title[begin:end].strip())]


def without_surroundings(title: str, heading: str) -> str:
    """Return the heading where the title is that and more, parted from it: "Opinion | …", "… - News - The Weekly"."""
    if len(_WORD.findall(heading)) < _SHORTEST:
        return title
    before, found, after = _straight(title).partition(_straight(heading))
    if not found:
        return title
    parted = (not before or _ENDS_PARTED.search(before)) and (not after or _SEPARATOR.match(after))
    return heading if parted else title


def names_outlet(text: str, *names: str) -> bool:
    """Whether a text is an outlet's name or host: "CBC News" for "CBC", "ledevoir.com" for "Le Devoir"."""
    return _names_outlet(text, [title_letters(name) for name in names if name])


def share_a_word(one: str, other: str) -> bool:
    """Whether two titles have a word of four letters or more in common."""
    first, second = ({title_letters(word) for word in _WORD.findall(text)} for text in (one, other))
    return any(len(word) > _SHORTEST for word in first & second)


def title_letters(text: str) -> str:
    """Return letters and figures alone, in one case and without accents."""
    decomposed = unicodedata.normalize("NFKD", text).casefold().removeprefix("www.")
    return "".join(character for character in decomposed if character.isalnum())


def _straight(text: str) -> str:
    """One case, and one kind of quotation marks and spaces: the same length, so that places are the same."""
    return text.lower().translate(_MARKS)


def _shorter(title: str, names: list[str]) -> str:
    parts = list(_BEFORE_OUTLET.finditer(title))
    if not parts:
        return title
    last, first = parts[-1], parts[0]
    head, tail = title[: last.start()].strip(), title[last.end() :]
    if head and _names_outlet(tail, names):
        return head
    front, rest = title[: first.start()], title[first.end() :].strip()
    return rest if rest and _names_outlet(front, names) else title


def _names_outlet(text: str, names: list[str]) -> bool:
    """Whether a piece of a headline is the outlet: "CBC News" for "CBC", "ledevoir.com" for "Le Devoir"."""
    piece = title_letters(text)
    if len(piece) < 2:  # noqa: PLR2004
        return False
    return any(piece == name or _begins(piece, name) or _begins(name, piece) for name in names)


def _begins(longer: str, shorter: str) -> bool:
    return len(shorter) >= 3 and longer.startswith(shorter) and len(longer) <= 3 * len(shorter)  # noqa: PLR2004
