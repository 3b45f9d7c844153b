"""What a sentence needs that stands before it: "It may not", "Two days later", « Sa directrice », a part of a sentence.

Read off the sentence alone, in both languages, by its first words and its pronouns; names and bodies that stand for
something said before are `gist`'s. A day or a season that is near ("this week", « ce mardi ») needs nothing.
"""

import re
from functools import lru_cache

from sovwatch.dates import MONTHS
from sovwatch.lexicon import listed
from sovwatch.moments import WEEKDAYS
from sovwatch.text import fold, one_form, words

_BACK = frozenset(
    """
    it its they their them he his she her this these those that such another both neither
    il ils elle elles son sa ses leur leurs ce cet c' cette ces cela celui celle ceux celles
    but or yet so still also however meanwhile instead otherwise nevertheless and nor
    mais donc aussi toutefois cependant pourtant ainsi et ni
    """.split()  # noqa: SIM905  (as the other lists of words)
)  # first words that stand for something said before, or go on from it
_SPEAKER = frozenset(("i", "we", "my", "our", "je", "j'", "nous", "mon", "ma", "mes", "notre", "nos"))  # quoted before
_DAYS, _MONTHS = "|".join(WEEKDAYS), "|".join(MONTHS)
_NEAR = (
    r"(?:(?:past|coming|last|same) )?(?:week|month|year|morning|afternoon|evening|fall|spring|summer|winter"
    rf"|{_DAYS})"
)
_PROCHE = (
    "(?:semaine|mois|matin|midi|soir|apres-midi|annee|automne|printemps|hiver|ete|week-end|fin|jour|moment|stade"
    rf"|{_DAYS})"
)
_AT_HAND = re.compile(
    rf"\W*(?:so far\b|this {_NEAR}\b|(?:ce|cet|cette) {_PROCHE}\b"
    r"|il (?:n')?y (?:a|avait|aura)(?: pas)? (?:d[eu]\b|des\b|une?\b|\d|deux|trois|quatre|cinq|six|sept|huit"
    r"|neuf|dix|quinze|vingt|quelques?|environ|plus|moins|pres)"
    r"|il (?:faut|faudra|faudrait|fallait)\b(?! (?:l[ae]s?|leur|lui|y|en)\b))(?!-)"
)  # first words of those that need nothing
# Not "As a result of the ruling", which says of what.
_ALONE = r"(?! (?:to|of|as|with) (?!th(?:is|at|ese|ose|em)\b|h(?:im|er)\b|it\b))"
_GOING_ON = re.compile(
    rf"\W*(?:(?:in addition|in response|as a result|at the same time|by contrast)\b{_ALONE}"
    r"|for (?:his|her|its|their) part|on the other hand|the (?:others?|remainder|rest(?! of))\b"
    r"|the remaining\b(?! (?:\w+ ){1,2}of\b)"  # "The remaining members of the caucus"
    r"|de plus\b|en outre|par ailleurs|par contre|en revanche|de (?:son|leur) cote|en effet"
    r"|pour sa part|par consequent|(?:selon|d'apres) (?:lui|elle|eux)\b|l'autre\b|les? autres?\b|un(?:e)? autre\b"
    r"|le reste\b(?! d(?:e|u|es)\b| d')"
    r"|conversely|similarly|likewise|a l'inverse"
    r"|(?:de |d')[a-z]{3,}(?:er|ir)\b"  # « De fustiger ensuite … »
    r"|[^,;:]{0,45}\b(?:of them|(?:d'entre|parmi) (?:eux|elles))\b)"
)
_TIME = (
    rf"{_DAYS}|{_MONTHS}|\d{{4}}|spring|summer|fall|winter|weeks?|months?|years?|days?|today|yesterday|overall|now|then"
    "|earlier|later|far|printemps|ete|automne|hiver|semaines?|mois|ans?|annees?|jours?|hier|aujourd'hui|alors|derni(?:er|ere)"
)
_FURTHER = "(?!after|before|since|when|as|apres|avant|depuis|quand|que)[a-z]+"
_FROM_THERE = re.compile(
    r"\W*(?:in another\b|dans un(?:e)? autre\b|dans la foulee"
    r"|(?:[a-z]+ ){1,3}(?:later|plus tard)\b"
    r"|the (?:next|following|same) (?:day|week|month|year|morning|night)\b(?! (?:of|as|after|that)\b)"
    r"|(?:le lendemain|la veille|le meme jour|le mois suivant|l'annee suivante)\b(?! (?:de|du|des|que)\b| d')"
    r"|(?:in|at|on|for|with|by|from|after|under|during|despite) (?:this|that|these|those)\b"
    rf"(?! (?:{_NEAR}|who|which|what|in|of|the)\b)"
    r"|(?:a|dans|pour|sur|par|lors de|avec|apres|selon|malgre|durant|pendant|depuis|d'apres) (?:ce|cet|cette|ces)\b"
    rf"(?! (?:{_PROCHE}|qui|que|dont|n'|ne|[a-z]+-ci)\b| qu')"
    rf"|(?:[\w']+ ){{0,2}}(?:l')?(?:{_TIME})(?: {_FURTHER})?,? (?:it|he|she|they|elles?"
    r"|ils?(?! (?:y|n'y|faut|faudra)\b))\b)"
)  # "Two days later", "In this way"; "In 2019, he ran": when it was names nobody
_BY_PRONOUN = re.compile(
    r"\b(?:a-t|[a-z]+)-(?:il|elle|on)s?\b|\b(?:he|she|they) (?P<verb>[a-z]+)"
    r"|(?:^(?:[^,;:]{0,45}, )?|\",? )(?:il|elle)s? (?:l'a |a |ont |avait |avaient )?(?P<verbe>[a-z]+)"
    r"|\bsa(?:id|ys) (?:that|it|this) (?:was|is)\b|\b(?:call|liken|describ)(?:s|ed|es) (?:it|them|that)\b|\bcela\b"
    r"|\b(?:sa(?:id|ys)|did|does|do) (?:the same|so)\b|\b(?:fai(?:t|re)|dit|dire) (?:de meme|la meme chose)\b"
)
_ZONE = re.compile(r"(?:[ECMPAN][SD]?T|GMT|UTC|H[NA]?E)(?:\b ?[()\],])")
_TITLE = re.compile(r"\W*(?:The (?:Rest|Others?)|Le Reste|Les Autres)\b")  # of a film, a podcast
_NAME = re.compile(r"\W*[a-z]{1,3}[A-Z]")  # "eBay said …": a name that begins in lower case
_MARKS = '"“«‘'
_FIRST = 40  # characters in which the first word ends
_SENTENCE, _LIST = 4, 2  # words; where the mark of "12)" stands
_ENDS = ".!?…\"'”’»)]"
_folded = lru_cache(maxsize=16)(fold)  # a sentence is asked all these questions in turn


def points_back(sentence: str) -> bool:
    """Whether a sentence opens with what was said before it: "It may not …", « Sa directrice … », "But …"."""
    folded, first = _folded(sentence), words(sentence[:_FIRST])[:1]
    if _AT_HAND.match(folded) or _TITLE.match(sentence):
        return False
    speaks = not _SPEAKER.isdisjoint(first) and sentence.lstrip()[:1] not in _MARKS
    return speaks or not _BACK.isdisjoint(first) or _GOING_ON.match(folded) is not None


def counts_from(sentence: str) -> bool:
    """Whether a sentence counts from the one right before it: "Two days later, …", "In this way …"."""
    return _FROM_THERE.match(_folded(sentence)) is not None


def by_pronoun(shown: str) -> bool:
    """Whether "he" says it, or it is said of "that"."""
    speech = listed("speech")
    verbs = ((match["verb"], match["verbe"]) for match in _BY_PRONOUN.finditer(_folded(shown)))
    return any(not (verb or verbe) or {verb, verbe} & speech for verb, verbe in verbs)


def broken(shown: str) -> bool:
    """Whether it is no whole sentence: the end of one cut after "a.m.", one that a quotation ends, a heading."""
    first = next((letter for letter in shown if letter.isalnum()), "")
    lower = first.islower() and not _NAME.match(shown)
    begins = not (shown.startswith("(") or lower or _ZONE.match(one_form(shown[:_FIRST])))
    halved = _LIST < shown.find(")") < shown.find("(") % (len(shown) + 1)
    return not begins or halved or shown.rstrip()[-1:] not in _ENDS or len(shown.split()) < _SENTENCE
