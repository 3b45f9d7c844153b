"""Complements: what a word of a topic says of itself, after "of", "from" or "on".

"The independence of judges" is theirs and "a referendum on zoning" is on zoning, whatever place is named beside it.
Lists of exclusions hold what somebody had met; this tells it by what follows, so that the next need not be listed.

    loose words and hints    of, from, de + a common noun    the noun's, unless it means the country
    votes                    on, sur + a common noun         on that, unless it means the question itself
    petitions                also to, for, against           the same

Neither where the topic is named within it. A name decides nothing here: places of others claim what is theirs already
(`sovwatch.evidence`), and who would separate from a prime minister would separate.
"""

from collections.abc import Iterable, Sequence

from sovwatch.dates import MONTHS
from sovwatch.moments import WEEKDAYS
from sovwatch.phrases import Hit, Word

_NEAR = 3  # words: « l'indépendance de la société québécoise »
_LONG = 4  # letters: in a headline in capitals, "from" and "with" may have none
_FROM = frozenset({"from"})
_OF = frozenset({"of", "de", "du", "des", "d"})
_ON = frozenset({"on", "sur", "about", "over"})
_VOTED = _ON | {"de", "d"}  # « un référendum d'affiliation »
_AIMS = _ON | {"to", "for", "against", "pour", "contre"}
_CAPITALS_TOO = frozenset({"of", "on"})  # whom one parts "From" in such a headline may be a country
_VOTES = ("referend", "plebiscit")
_ASKED = (*_VOTES, "petition", "question", "consultation", "initiative")
_OURS = frozenset({"our", "my", "your", "notre", "nos", "mon", "ma", "votre", "vos"})
_ARTICLES = (
    "a an the its their his her this these that those all any some l la le les un une son sa ses leur leurs ce cette "
    "tout toute tous toutes"
)
_SMALL = frozenset(_ARTICLES.split()) | _OURS | _OF | _FROM | _AIMS
_LANDS = "country nation people state province territory homeland republic federation confederation rest"
_COUNTRY = frozenset(f"{_LANDS} pays peuple etat patrie republique reste".split())
_THE_QUESTION = "whether if it what when how question matter issue subject ballot future status destiny place"
_LA_QUESTION = (
    "quoi cela ca sujet theme bulletin avenir destin statut initiative dernier derniere chance histoire rupture trop"
)
_HELD = "schedule next opposition objection"  # "over objections"
_ITSELF = frozenset(f"{_THE_QUESTION} {_LA_QUESTION} {_HELD}".split())
_ADVERBS = "ici demain nouveau facon maniere fait facto jure day scratch course abord emblee apres ailleurs now"
_ASIDE = frozenset((*_ADVERBS.split(), *MONTHS, *WEEKDAYS))  # « d'ici 2030 », "from day one", « d'après un sondage »
_MUCH = "more less about nearly almost plus moins pres environ autant trop"  # « de plus en plus », « de 30 % »
_HOW = "late sorts longue entree urgence coup bout"  # "of late", « de longue date »
_OF_NOTHING = _COUNTRY | frozenset(f"{_MUCH} {_HOW}".split())
_FEDERAL = {"start", "outset", "beginning", "federal", "central", "colonial"}  # "from the start", "from federal rule"
_FROM_NOTHING = _OF_NOTHING | _FEDERAL
_SAID_OF = frozenset({"loose", "votes", "hints"})
_MAY_BE_OF = _SAID_OF | {"themes"}
_SAYING = _MAY_BE_OF | {"names", "idioms", "epithets"}
_WHOSE = frozenset({"places", "actors", "names", "elsewhere", "rivals"})


def of_another(words: Sequence[Word], hit: Hit, hits: Iterable[Hit]) -> bool:
    """Tell whether a word says that it is of, from or on something else than the topic.

    A theme does where it ends in a loose word: "support for the independence of judges".
    """
    said_of = (each for each in hits if each.kind in _SAID_OF and each.end == hit.end)
    if hit.kind not in _MAY_BE_OF or not any(said_of):
        return False
    asked = words[hit.end - 1].folded
    if not asked.startswith(_ASKED):
        noun = _noun(words, hit.end, _FROM, _FROM_NOTHING) or _noun(words, hit.end, _OF, _OF_NOTHING)
        return noun > 0 and not _topical(hits, hit.end, noun, _WHOSE | _SAYING)
    opened = _AIMS if asked.startswith("petition") else _VOTED if asked.startswith(_VOTES) else _ON
    noun = _noun(words, hit.end, opened, _COUNTRY | _ITSELF | _OURS)
    return noun > 0 and not _topical(hits, hit.end, noun, _SAYING)


def _noun(words: Sequence[Word], start: int, opened: frozenset[str], neutral: frozenset[str]) -> int:
    """Return where a common noun (or a verb) stands that is opened at `start`; 0 where none does or it is neutral."""
    if start == len(words) or words[start - 1].parted:
        return 0
    if words[start].folded not in opened or words[start].plain.lower() == "dès":
        return 0
    noun = next((at for at in range(start, len(words)) if words[at].folded not in _SMALL - neutral), 0)
    said = {words[noun].folded, words[noun].folded.removesuffix("s")}
    common = words[noun].plain.islower() or (words[start].folded in _CAPITALS_TOO and _in_capitals(words))
    return noun if common and said.isdisjoint(neutral | _ASIDE) else 0


def _in_capitals(words: Sequence[Word]) -> bool:
    """Tell whether every long word has one, as in "Lawyers Fear for Independence of Judges"."""
    return all(word.plain[0].isupper() for word in words if len(word.plain) > _LONG)


def _topical(hits: Iterable[Hit], start: int, noun: int, kinds: frozenset[str]) -> bool:
    return any(each.kind in kinds and start <= each.start < noun + _NEAR for each in hits)
