"""Lines that stand in an article's text and are not of it: invitations, lists of other articles, the page's own words.

An extractor keeps them because they stand between paragraphs. They matter here twice: a sentence that every page of an
outlet carries makes articles alike that are not, and "Read also: …" brings another story's names into this one. Only
whole lines are dropped, by how they begin, in English and French; a rule is here because a page of several outlets had
it. Measured by benchmarks/extraction.py (docs/decisions/0006).
"""

import re
from collections.abc import Iterable, Iterator

_LONGEST = 220  # characters of an invitation; a paragraph is longer


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_INVITATIONS = _any(  # a line begins so
    r"sign up (?:for|to|here|now)",
    r"subscribe (?:to|now|today|here)",
    r"click here (?:to|for)",
    r"join (?:our|the conversation)",
    r"thanks for (?:signing up|subscribing)",
    r"follow (?:us|me|him|her|them|@?\w+(?: \w+)?) on\b",
    r"keep an eye on your inbox",
    r"get (?:the|our|your|all)\b.{0,60}\b(?:newsletters?|inbox|app|alerts?)\b",
    r"download (?:the|our)\b.{0,30}\bapp\b",
    r"have a (?:news )?tip\?|do you have a (?:tip|story)",
    r"you must (?:confirm|be logged)|please (?:log ?in|log ?out|sign in)|log ?in or create",
    r"enjoying our latest|there was an error|(?:this )?(?:article|story) continues below",
    r"abonnez-vous|inscrivez-vous (?:à|au|aux|ici|pour)|connectez-vous|créez (?:votre|un) compte",
    r"recevez (?:notre|nos|l['’]infolettre|chaque|gratuitement)",
    r"suivez[- ](?:nous|\w+ sur)|cliquez ici|partagez cet? (?:article|page)",
    r"téléchargez (?:notre|l['’])\s?appli",
    r"la suite (?:de l['’]article|est réservée|après (?:la|cette) publicité)",
    r"il vous reste [\d.,\s]+% de cet article",
)
_POINTERS = _any(  # likewise, and another article's headline follows
    r"(?:read (?:more|also|next)|see (?:more|also)|related|watch|listen|more (?:from|on)|in pictures)\s*[:|>]",
    r"(?:[àa] lire|lire|[àa] voir|voir|[àa] écouter|[àa] regarder)(?: (?:aussi|également|plus))?\s*[:|>]",
    r"(?:[àa] )?lire aussi\b",
    r"(?:our standards|topics|tags|filed under|mots[- ]clés|étiquettes)\s*:",
)
_MONTH = r"(?:jan|f[eé][bv]|mar|apr|avr|ma[iy]|ju[nil]|a[ou][uûg]|sep|oct|nov|d[eé]c)[a-zéû]*\.?"
_WEEKDAY = "(?:mon|tues|wednes|thurs|fri|satur|sun)day|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
_DATED = rf"(?:\d{{1,2}}[:h./-]\d|\d{{4}}-|\d{{1,2}}(?:er)? {_MONTH}|{_MONTH} \d|(?:{_WEEKDAY})\b)"
_ALONE = _any(  # a line is this alone
    r"(?:advertisement|comments?|view comments|share(?: this)?|popular|trending|newsletter|see also|photo gallery)\W*",
    r"(?:publicité|commentaires?|partager|infolettre|voir aussi)\W*",
    r"(?:read (?:more|also|next)|sorry|loading)\W*",
    r"\d+ (?:comments?|commentaires?)\W*|commenter",
    r"(?:(?:last )?updated|published|posted|mis à jour|publié|modifié)\W*",
    r"(?:(?:last )?updated|published|posted|mise? à jour|publiée?|modifiée?)(?: on| at| le)?[\s:|]+"
    rf"{_DATED}.{{0,50}}",
)
_LISTS = _any(  # likewise, and other articles' headlines follow, a line each
    r"you (?:may|might) (?:also )?(?:like|be interested in)\W*",
    r"related (?:articles?|stories|content|topics|coverage)\W*",
    r"(?:more (?:from|stories|on this)|read (?:more|next) from)\b[^.!?]{0,60}",
    r"(?:most (?:read|popular|viewed)|don['’]t miss|recommended(?: for you)?|editors['’] picks|top stories)\W*",
    r"(?:sur le même sujet|dans la même (?:rubrique|catégorie)|vous aimerez (?:aussi|peut-être))\W*",
    r"(?:à lire (?:aussi|également)|les plus (?:lus|populaires|récents))\W*",
    r"articles? (?:liés?|connexes?|similaires?|suggérés?|recommandés?)\W*",
    r"plus de (?:nouvelles|contenu)\b[^.!?]{0,40}",
)
_LETTER = re.compile(r"\w")
_ENDS = re.compile(r"[.!?…»”\"’')\]]\s*$")
ORNAMENTS = " \t-–—*•|"  # before and after a line
_PARAGRAPH = 60  # characters from which nobody writes a line twice
_SHOUTED = 4  # words in capitals from which a line without a full stop is a link and no sub-heading


def without_furniture(text: str, links: frozenset[str] = frozenset()) -> str:
    """Return the text without lines that are not of the article: a line that is one of the page's `links` is none."""
    return "\n".join(_kept(text.split("\n"), links))


def _kept(lines: Iterable[str], links: frozenset[str]) -> Iterator[str]:
    listing, said = False, set[str]()
    for line in lines:
        plain = line.strip(ORNAMENTS)
        again = len(plain) >= _PARAGRAPH and plain in said  # the page holds it twice, for phones or for machines
        if again or " ".join(plain.split()) in links or not _LETTER.search(plain):  # a table's rule, an ornament
            continue
        said.add(plain)
        if _LISTS.fullmatch(plain):
            listing = True
            continue
        listing = listing and not _ENDS.search(plain)
        if not listing and not _is_furniture(plain, item=line.startswith("- ")):
            yield line


def _is_furniture(line: str, *, item: bool) -> bool:
    """Whether a line is none of the article; an `item` of a list may well tell readers what to do."""
    if len(line) > _LONGEST or "|" in line.strip("|"):  # a table's row
        return False
    shouted = line.isupper() and len(line.split()) > _SHOUTED and not _ENDS.search(line)
    invites = not item and _INVITATIONS.match(line)
    return bool(shouted or invites or _POINTERS.match(line) or _ALONE.fullmatch(line))
