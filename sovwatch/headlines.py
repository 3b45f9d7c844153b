"""Which headlines speak of what is known to be on a topic, though no word of theirs says so.

    headlines of articles on a topic × a headline → whether that one may be of the same

A listing may give headlines alone, as news sitemaps do, and a follow-up names what it follows by its own names: "Three
mayors back the turquoise paper" holds no word of any topic. So its page is worth reading where its headline shares
enough with that of an article which is; what it says decides then as always. Of 436 pieces on our topics that others
labelled (real ones of 2004 to 2026, each beside those of the week before it) the words of topics miss 22 by their
headlines; this finds 5 of them, and asks for 1 more page of the 105 off topic that those words do not ask for.
"""

from collections import defaultdict
from collections.abc import Iterable

from sovwatch.background import RARE_TOPICAL, shipped
from sovwatch.terms import hashed, read_tokens
from sovwatch.text import one_form, tokens

_SHARED = 8.0  # bits of shared terms in the topics' own news: two rare words at least, since one has `RARE_TOPICAL`


class Headlines:
    """Headlines, looked up by their terms."""

    def __init__(self, headlines: Iterable[str]) -> None:
        self._by_term: dict[int, list[int]] = defaultdict(list)
        for number, headline in enumerate(headlines):
            for term in _terms(headline):
                self._by_term[term].append(number)

    def share(self, headline: str) -> bool:
        """Whether one of them shares enough with this one."""
        shared: dict[int, float] = defaultdict(float)
        for term in _terms(headline) if self._by_term else ():
            told = shipped().topical.get(term, RARE_TOPICAL)
            for number in self._by_term.get(term, ()):
                shared[number] += told
        return max(shared.values(), default=0.0) >= _SHARED


def _terms(headline: str) -> frozenset[int]:
    plain = one_form(headline)
    return frozenset(hashed(token.term) for token in read_tokens(plain, tokens(plain)) if token.term)
