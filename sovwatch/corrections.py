"""Which figures an edit of an article put in the place of others, as its readers saw them.

    text before × text after → (was, is)

A sentence that changed is set beside the old one that it is likest to; where words of one stand for words of the other,
and both hold a figure, that was corrected. What was written anew altogether corrects nothing that could be named.
"""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import islice

from sovwatch.claims import figures_of
from sovwatch.text import fold, sentences

_ALIKE = 0.6  # of the words of two sentences, for one to be the other with a word changed
_LOOKED_AT = 30  # changed sentences: more is another article
_SPACE = re.compile(r"[ \t\r\n]+(?!%)")  # "58 %" and « 61 300 », as French sets them, are one word
_EDGES = " ,;:.!?()«»“”\"'"


def replaced(before: str, after: str, language: str) -> tuple[tuple[str, str], ...]:
    """The figures that were replaced, each as it stood and as it stands, in the order of the text."""
    was, stands = _lines(before), _lines(after)
    gone = [_SPACE.split(line) for line in was if line not in set(stands)][:_LOOKED_AT]
    pairs: dict[tuple[str, str], None] = {}
    for words in islice((_SPACE.split(line) for line in stands if line not in set(was)), _LOOKED_AT):
        pairs |= dict.fromkeys(_pairs(gone, words, language))
    return tuple(pairs)


def holds(line: str, figure: str) -> bool:
    """Whether a line has a figure as it stands, and not as a part of another."""
    return re.search(rf"(?<![\w,.]){re.escape(figure)}(?![.,\u00a0\u202f]?\w)", line) is not None


def _lines(text: str) -> list[str]:
    return [sentence for paragraph in text.splitlines() for sentence in sentences(paragraph)]


def _pairs(gone: Sequence[list[str]], words: list[str], language: str) -> Iterator[tuple[str, str]]:
    alike = [(SequenceMatcher(None, old, words, autojunk=False), old) for old in gone]
    likest, old = max(alike, key=lambda one: one[0].ratio(), default=(None, []))
    if likest is None or likest.ratio() < _ALIKE:
        return
    for what, start, end, begin, stop in likest.get_opcodes():
        was, stands = (" ".join(part).strip(_EDGES) for part in (old[start:end], words[begin:stop]))
        before, after = (figures_of(fold(part), language) for part in (was, stands))
        if what == "replace" and before and after and before != after:  # the same, "4.5%" as "4.5 per cent", is no news
            yield was, stands
