"""Words and sentences of running text, in English and French; everything that matches text starts here.

`fold` is the one notion of "the same letters": lower case, no accents, one form of apostrophe, quote, dash and space.
`words` keeps an elided article and an English possessive apart from the word they lean on ("l'indépendance" is "l'" and
"independance", "Alberta's" is "alberta" and "'s"), so that a term is found whatever stands before or after it. "U.S.",
"US" and "USA" are all "usa": folded they would be the pronoun.
"""

import re
import unicodedata
from functools import lru_cache

_ONE_FORM = str.maketrans(
    {
        **dict.fromkeys("’‘‛ʼ´`′", "'"),
        **dict.fromkeys("“”„«»″", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\u00a0\u202f\u2009\u2007\t", " "),
        **dict.fromkeys("\u00ad\u200b\ufeff", None),
        "œ": "oe",
        "Œ": "oe",
        "æ": "ae",
        "Æ": "ae",
        "ß": "ss",
        "…": "...",
    }
)
_VARIED = re.compile("[" + re.escape("".join(map(chr, _ONE_FORM))) + "]")  # what `_ONE_FORM` changes
_OTHER = re.compile(r"[^\x00-\x5f\x61-\x7f]")  # what `fold` changes: all but ASCII, and the grave accent
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_UNITED_STATES = re.compile(r"\bU\.\s?S\.(?:\s?A\.)?|\bUSA?\b|\bÉ\.-U\.")
_ELIDED = "(?:aujourd'hui|(?:qu|jusqu|lorsqu|puisqu|quoiqu|[cdjlmnst])'(?=[a-z0-9]))"
_WORD = re.compile(
    rf"{_ELIDED}|'s\b|\d+(?:[.,]\d+)*|(?:[a-z]\.){{2,}}|[^\W\d_]+(?:(?<=[a-z]{{2}})'(?!s\b)[a-z]+)?", re.IGNORECASE
)

# A full stop after these does not end a sentence: initials, and abbreviations.
_ABBREVIATED = """
    [A-ZÀ-Ý] M[rs] Dr St Mrs Mme Ste vs Inc Co Jan Feb Aug Sept Sep Oct Nov Dec janv févr oct nov déc Supt Insp
    Sgt Cpl Const Alta Ont Que Sask Gov Gen Lt Col Prof Rev Sen Rep Hon Jr sept p
"""
_UNLESS_ABBREVIATED = "".join(rf"(?<!\b{one}[.])" for one in _ABBREVIATED.split())
_END = re.compile(
    rf"""(?:(?<=[!?…])|(?<=[.]){_UNLESS_ABBREVIATED})"""
    r"""(?!(?<=\bno[.])\s+[0-9])"""  # "no. 5", but "they said no. Five …"
    r"""(?P<closing>["”»’')\]]*|\s*»)\s+(?=["“«‘'(\[—–-]*\s*[A-ZÀ-ÝŒ0-9])"""
)

_ENGLISH_WORDS = """
    the of and to in is that for on with was as are has have from by at his her their this will would not but
    they be it who which said says were been its after about into more than over could how why what i he she we
    you an
"""
_FRENCH_WORDS = """
    le la les des du de et en un une que qui pour dans sur par au aux est ne pas plus avec son sa ses ce cette
    il elle se sont ont mais leur ou nous vous selon apres l' d' qu' s' n' c' j' etre été ete fait faire comme
    leurs sans
"""

# Words that say nothing of what a text is about, beside those.
_FURTHER_WORDS = """
    or us even like still 's s t re ve ll d m l n us this these those there here all any some no than then them
    their your my me him so if only just also very because during before while between under through against
    again off out up down can may might must should shall do does did done being is am both each other such same
    own too yet most many much le les lui eux moi toi on y en dont où ou quand comment si car donc ni meme aussi
    entre chez vers sous contre avant apres depuis pendant tres tout tous toute toutes cela ceci ca ces cet
    notre nos votre vos mon ma mes ton ta tes peut doit sera serait etait etaient avait avaient aurait soit
    moins bien encore deja alors ainsi lors jusqu' lorsqu' puisqu' quoiqu' t' m' one two un deux
"""
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
_FRENCH = frozenset(_FRENCH_WORDS.split())
STOPWORDS = _ENGLISH | _FRENCH | frozenset(_FURTHER_WORDS.split())
MARGIN = 2  # function words by which a language must lead


def fold(text: str) -> str:
    """Lower case without accents, with one form of apostrophe, quote, dash and space. Idempotent."""
    return _OTHER.sub(_plain, text.lower()).lower()


def _plain(match: re.Match[str]) -> str:
    return _plain_letter(match[0])


@lru_cache(maxsize=4096)
def _plain_letter(letter: str) -> str:
    """A letter beyond ASCII in its plain form; letter by letter is ten times as fast as normalising a French text."""
    return without_accents(letter.translate(_ONE_FORM)).translate(_ONE_FORM).lower()


def without_accents(text: str) -> str:
    """The text in compatible letters without their accents: "œ" stays, "ﬁ" is "fi"."""
    return "".join(part for part in unicodedata.normalize("NFKD", text) if not unicodedata.combining(part))


@lru_cache(maxsize=16384)
def fold_word(word: str) -> str:
    """`fold` of one word, remembered: a language has few words and many occurrences."""
    return fold(word)


def one_form(text: str) -> str:
    """The text with one form of apostrophe, quote, dash and space, and of the United States; case and accents stay."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)  # a combining accent would end a word
    return _UNITED_STATES.sub("USA", _VARIED.sub(_one_letter, text))


def _one_letter(match: re.Match[str]) -> str:
    return match[0].translate(_ONE_FORM)


def without_controls(text: str) -> str:
    """The text without characters that steer a screen; spaces, tabs and ends of lines stay."""
    return _CONTROLS.sub("", text)


def tokens(plain: str) -> list[tuple[str, str, int]]:
    """The words of a text in `one_form`, as (folded word, the word, where it starts); none that folds to nothing (ﾟ)."""
    found = ((_folded(match[0]), match[0], match.start()) for match in _WORD.finditer(plain))
    return [word for word in found if word[0]]


@lru_cache(maxsize=16384)
def _folded(word: str) -> str:
    return fold(word.replace(".", "") if word[0].isalpha() else word)


def words(text: str) -> list[str]:
    """The folded words of a text; an elided article and a possessive are words of their own."""
    return [folded for folded, _, _ in tokens(one_form(text))]


def sentences(text: str) -> list[str]:
    """The sentences of running text; a newline ends one, the stop of an abbreviation or an initial does not."""
    found: list[str] = []
    for line in text.splitlines():
        start = 0
        for end in _END.finditer(line):
            found.append(line[start : end.end("closing")])
            start = end.end()
        found.append(line[start:])
    return [sentence for part in found if (sentence := part.strip())]


def language_of(text: str, default: str = "") -> str:
    """Tell "en" from "fr" by function words; `default` where neither clearly leads.

    A margin of two words, or one where the other language shows none, is asked for.
    """
    found = words(text[:2000])
    english = sum(word in _ENGLISH for word in found)
    french = sum(word in _FRENCH for word in found)
    if english > french and (english - french >= MARGIN or not french):
        return "en"
    if french > english and (french - english >= MARGIN or not english):
        return "fr"
    return default
