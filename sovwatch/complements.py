"""Complements: what a word of a topic says of itself, after "of", "from" or "on".

"The independence of judges" is theirs and "a referendum on zoning" is on zoning, whatever place is named beside it.
Lists of exclusions hold what somebody had met; this tells it by what follows, so that the next need not be listed.

    loose words and hints    of, from, de + a common noun    the noun's, unless it means the country
    votes                    on, sur + a common noun         on that, unless it means the question itself
    petitions                also to, for, against           the same
    verbs of leaving         an article + a common noun      that, unless it means the country

The small words by which it reads stand in `complements.toml` beside this file.

Neither where the topic is named within it. A name decides nothing here: places of others claim what is theirs already
(`sovwatch.evidence`), and who would separate from a prime minister would separate.
"""

import tomllib
from collections.abc import Iterable, Sequence
from importlib.resources import files

from sovwatch.dates import MONTHS
from sovwatch.moments import WEEKDAYS
from sovwatch.phrases import Hit, Word
from sovwatch.text import fold

_NEAR = 3  # words: « l'indépendance de la société québécoise »
_LONG = 4  # letters: in a headline in capitals, "from" and "with" may have none
_LISTS = {
    name: frozenset(fold(line).split())
    for name, line in tomllib.loads(files("sovwatch").joinpath("complements.toml").read_text(encoding="utf-8")).items()
}
_OF, _FROM, _ON, _OURS, _COUNTRY = (_LISTS[name] for name in ("of", "from", "on", "ours", "country"))
_AIMS = _ON | _LISTS["aims"]
_VOTED = _ON | {"de", "d"}
_CAPITALS_TOO = frozenset({"of", "on"})  # whom one parts "From" in a headline in capitals may be a country
_VOTES, _ASKED = tuple(_LISTS["votes"]), tuple(_LISTS["votes"] | _LISTS["questions"])
_LEAVING = _LISTS["leaving"]
_SMALL = _LISTS["articles"] | _OURS | _OF | _FROM | _AIMS | {"avec"}  # « se séparer d'avec le Canada »
_ASIDE = frozenset((*_LISTS["aside"], *MONTHS, *WEEKDAYS))
_OF_NOTHING = _COUNTRY | _LISTS["much"]
_FROM_NOTHING = _OF_NOTHING | _LISTS["start"]
_SAID_OF = frozenset({"loose", "votes", "hints"})
_MAY_BE_OF = _SAID_OF | {"themes"}
_SAYING = _MAY_BE_OF | {"names", "idioms", "epithets"}
_WHOSE = frozenset({"places", "actors", "names", "elsewhere", "rivals"})


def of_another(words: Sequence[Word], hit: Hit, hits: Iterable[Hit]) -> bool:
    """Tell whether a word says that it is of, from or on something else than the topic.

    A theme does where it ends in a loose word: "support for the independence of judges".
    """
    asked = words[hit.end - 1].folded
    said_of = asked in _LEAVING or any(each.kind in _SAID_OF and each.end == hit.end for each in hits)
    if hit.kind not in _MAY_BE_OF or not said_of:
        return False
    noun = _noun_of(words, hit, asked)
    kinds = _SAYING if asked.startswith(_ASKED) else _WHOSE | _SAYING
    return noun > 0 and not any(each.kind in kinds and hit.end <= each.start < noun + _NEAR for each in hits)


def _noun_of(words: Sequence[Word], hit: Hit, asked: str) -> int:
    """Return where the noun stands that a word, `asked` last, is of, from or on, or would leave; 0 where none does."""
    if asked in _LEAVING:
        return _noun(words, hit.end, _LISTS["articles"], _COUNTRY)
    if asked.startswith(_ASKED):
        opened = _AIMS if asked.startswith("petition") else _VOTED if asked.startswith(_VOTES) else _ON
        return _noun(words, hit.end, opened, _COUNTRY | _LISTS["itself"] | _OURS)
    of_nothing = _OF_NOTHING | _LISTS["voters"] if hit.kind == "themes" else _OF_NOTHING
    end = hit.end
    if end < len(words) and not words[end - 1].parted and words[end].folded in _LISTS["degrees"]:
        end += 1
    return _noun(words, end, _FROM, _FROM_NOTHING) or _noun(words, end, _OF, of_nothing)


def _noun(words: Sequence[Word], start: int, opened: frozenset[str], neutral: frozenset[str]) -> int:
    """Return where a common noun (or a verb) stands that is opened at `start`; 0 where none does or it is neutral."""
    if start == len(words) or words[start - 1].parted:
        return 0
    if words[start].folded not in opened or words[start].plain.lower() == "dès":
        return 0
    noun = next((at for at in range(start, len(words)) if words[at].folded not in _SMALL - neutral), 0)
    said = {words[noun].folded, words[noun].folded.removesuffix("s")}
    common = not said.isdisjoint(_LISTS["bodies"]) or words[noun].plain.islower()
    common = common or (words[start].folded in _CAPITALS_TOO and _in_capitals(words))
    return noun if common and said.isdisjoint(neutral | _ASIDE) else 0


def _in_capitals(words: Sequence[Word]) -> bool:
    """Tell whether every long word has one, as in "Lawyers Fear for Independence of Judges"."""
    return all(word.plain[0].isupper() for word in words if len(word.plain) > _LONG)
