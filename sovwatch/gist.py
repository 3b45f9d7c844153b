"""What a story is about when it is told for the first time: the lines that stand under its headline.

    Statements → statements to show, in the order of the text

Requirements, the first first: a line is understood by who reads the headline and the lines above it; it says what the
headline does not; it tells who did what, when, and the figure that decides.

News stands at the top, so a statement weighs by its facts over the headline (`known`) and by how much of what the
headline is about it is about, less with every sentence before it. What is left of the weight is little for what needs a
sentence that is not shown ("it", "the group", "Rath" where the text had "Jeff Rath" before), less for colour: a
quotation, a question, how a poll was made, a caption. The weights are the desk's judgement, set on the demo's week and
a third of ../shared/bench/coverage; docs/tried.md has what a blind reading of others said.
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from sovwatch.background import bits
from sovwatch.elsewhere import Elsewhere
from sovwatch.fingerprints import Fingerprint
from sovwatch.hanging import broken, by_pronoun, counts_from, points_back
from sovwatch.known import Known
from sovwatch.lexicon import listed
from sovwatch.material import MATERIAL, Fact, weigh
from sovwatch.model import LINES
from sovwatch.moments import moments
from sovwatch.names import may_name
from sovwatch.passages import quotes
from sovwatch.statements import Statement, Statements
from sovwatch.text import fold, one_form, tokens

_BOND, _WHEN = 0.5, 0.15  # what being about all that the headline is about, and telling when, weigh beside facts
_PLACE = 4  # sentences after which a statement weighs half
_READ = (
    250  # sentences that are looked at: further down one weighs less than a sixtieth, and all before it are asked for
)
# What is left of one that needs what is not shown; of how a poll was made, a caption; of a quotation.
_HANGING, _ASIDE, _COLOUR = 0.4, 0.4, 0.6
_LEADS = 0.3  # what the facts of a lede must weigh, or it tells when
_DEFINITE = re.compile(  # "the group wants", not "the group of ten", "the group Free West"
    r"(?i:the|les?|la|l')\s?(?P<noun>[^\W\d_]+)\b(?!\s+(?:[A-ZÀ-Ý]|(?:of|for|that|which|who|des?|du|pour|qui|que)\b|d'))"
)
_WHOLE_DAY = re.compile(r"\b(?:[a-z]+\.? \d{1,2}, |\d{1,2}(?:er)? [a-z]+\.? )\d{4}\W*$")
_THESE_WEEKS = timedelta(days=30)
_METHOD = re.compile(  # how a poll was made
    r"\b(?:online|en ligne|respondents|repondants|in the field|margin of error|marge d'erreur|(?:survey|poll) of \d+)\b"
    r"|\baupres (?:de|d'un)\b"
    r"|\b(?:asked|surveyed|polled|interviewed|(?:sonde|interroge)e?s?)"
    r" (?:(?:some|about|over|more than|environ|quelque|plus de|pres de) )?\d"
)


_SAYS = 0.2  # of a headline, by what its terms tell, that its text has: in coverage .91 have it, in the press .91, .97


class Told(NamedTuple):
    """A statement, and what of it is news over what is shown above it."""

    statement: Statement
    news: list[Fact]


def gist(said: Statements, elsewhere: Elsewhere) -> list[Told]:
    """The statements that tell what an article reports, at most `LINES`, one at least where it has a text.

    The lede stands first, being what its paper takes for the story, unless it says nothing over the headline. What was
    told `elsewhere` is no news below it.
    """
    known = Known(())
    known.add(*said.of_headline)
    text = [one for one in said.found if one.passage.place >= 0][:_READ]
    left = [one for one in text if known.strange(one.terms)] or text  # pages repeat their headline
    chosen: list[Told] = []
    while len(chosen) < LINES and (found := _worthy(left, said, known, chosen, elsewhere)):
        lede = found[0] if not chosen and _leads(found[0], said) else None
        best = lede or max(found, key=lambda one: _worth(one, said, chosen))
        chosen.append(best)
        known.add(said.keys(best.statement), best.statement.terms)
        left.remove(best.statement)
    return sorted(chosen, key=lambda one: one.statement.passage.place)


def says(fp: Fingerprint) -> bool:
    """Whether the headline says something of what its text tells: "Transcript: Morning edition" does not."""
    about = fp.title.terms | fp.title.names
    text = frozenset[int]().union(*(sentence.terms | sentence.names for sentence in fp.sentences))
    return sum(map(bits, about & text)) >= _SAYS * sum(map(bits, about))


def _worthy(
    left: Sequence[Statement], said: Statements, known: Known, above: Sequence[Told], elsewhere: Elsewhere
) -> list[Told]:
    """The statements that may stand below those above, with their news: any as a first line, further no vague one."""
    found = [Told(one, known.news(one.facts, one.terms, said.fp.language)) for one in left]
    if not above:
        return found
    found = [Told(one, elsewhere.fresh(news, one.terms)) for one, news in found]
    return [one for one in found if weigh(one.news) * _colour(one, said) >= MATERIAL and not _hangs(one, said, above)]


def _leads(one: Told, said: Statements) -> bool:
    """Whether the first sentence tells something over the headline, and by itself, and is no mere hook."""
    least = _LEADS if _bond(one, said) else MATERIAL
    tells = weigh(one.news) >= least or _tells_when(one, said)
    return tells and not _hangs(one, said, ()) and not _captions(one, said)


def _worth(one: Told, said: Statements, above: Sequence[Told]) -> float:
    """What a statement is worth below the headline and the statements above it."""
    worth = weigh(one.news) + _BOND * _bond(one, said) + (_WHEN if _tells_when(one, said) else 0.0)
    hanging = _HANGING if _hangs(one, said, above) else 1.0
    return worth * hanging * _colour(one, said) * _PLACE / (_PLACE + one.statement.passage.place)


def _colour(one: Told, said: Statements) -> float:
    shown = one.statement.passage.shown
    if _METHOD.search(fold(shown)) or _captions(one, said):
        return _ASIDE
    return _COLOUR if quotes(shown) or shown.rstrip('"”’» ').endswith("?") else 1.0


def _captions(one: Told, said: Statements) -> bool:
    """Whether a sentence ends with a whole day of these weeks, year and all, as captions do: news calls it Thursday."""
    dated = _WHOLE_DAY.search(fold(one.statement.passage.shown))
    if not dated or not said.published:
        return False
    days = (date.fromisoformat(key[1:]) for key, _ in moments(dated[0], said.published) if key[0] == "d")
    return any(timedelta(0) <= said.published - day <= _THESE_WEEKS for day in days)


def _tells_when(one: Told, said: Statements) -> bool:
    return bool(moments(fold(one.statement.passage.shown), said.published))


def _bond(one: Told, said: Statements) -> float:
    """How much of what the headline is about a statement is about, by how much its terms tell: 0..1."""
    about = said.fp.title.terms | said.fp.title.names
    return sum(bits(term) for term in about & one.statement.terms) / sum(map(bits, about)) if about else 0.0


def _hangs(one: Told, said: Statements, above: Sequence[Told]) -> bool:
    """Whether a statement needs a sentence that is not shown above it."""
    place, shown = one.statement.passage
    higher = " ".join([said.headline, *(other.statement.passage.shown for other in above)])
    follows = place == 0 or any(other.statement.passage.place == place - 1 for other in above)
    return (
        points_back(shown)
        or by_pronoun(shown)
        or broken(shown)
        or (not follows and (counts_from(shown) or _unnamed(shown, higher)))
        or _by_surname(one.statement, said, one_form(higher))
    )


def _unnamed(shown: str, higher: str) -> bool:
    """Whether it is about "the group", which nothing above it calls so."""
    match = _DEFINITE.match(one_form(shown))
    noun = fold(match["noun"]) if match else ""
    return noun in listed("generic") and noun not in fold(higher)


def _by_surname(one: Statement, said: Statements, higher: str) -> bool:
    """Whether a person goes by a family name who had a whole one in an earlier sentence, which is not shown."""
    earlier = (other.passage.shown for other in said.found if 0 <= other.passage.place < one.passage.place)
    before, shown = one_form(" ".join(earlier)), one_form(one.passage.shown)
    return any(
        _whole_name(name, before) and not _whole_name(name, shown) and name not in higher
        for folded, name, _ in tokens(shown)
        if may_name(folded, name)
    )


def _whole_name(name: str, text: str) -> bool:
    return re.search(rf"\b[A-ZÀ-Ý][\w.'-]+ {re.escape(name)}\b", text) is not None
