"""Sentences of an article as they may be shown: without datelines and boilerplate, and cut to a line at a clause."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sovwatch.lexicon import listed
from sovwatch.text import fold, sentences, words

LINE = 160  # characters of a line of a digest that is read at a glance; Slack shows about so many in two lines

_BOILERPLATE = re.compile(
    r"with files? from|with reporting by|avec des informations d|avec la collaboration d|sign up (?:for|to)\b"
    r"|\bsubscribe\b|\bnewsletter|\binfolettre|\babonnez|\binscrivez-vous|\bread more|\blire aussi|\blisez aussi"
    r"|^a lire\b|\bphoto ?(?:credit|:|by\b|d')|credit photo|getty images|shutterstock|^advertisement|^publicite\b"
    r"|first published|d'abord ete publiee?|cette depeche|follow us\b|suivez-nous|all rights reserved"
    r"|tous droits reserves|click here|cliquez ici|share this|partagez cet|^watch(?: live)?:|^listen:|^copyright|©"
    r"|\bmin read\b|minutes? de lecture|last updated|derniere mise a jour|^mis a jour le|article reserve"
    r"|contact(?:ez)? (?:us|nous|the author)\b|send (?:us )?(?:news )?tips|download our app|telechargez notre"
    r"|\bcookies\b|\bjavascript\b|privacy policy|terms of (?:use|service)|^forum repl|comments? (?:are|is) closed"
    r"|story continues|recommended video|more on this story|^related stor|^trending now|report an error"
    r"|signaler une erreur|\be-?mail (?:us|him|her|me)\b|@[a-z]+\.[a-z]"
)
_BYLINE = re.compile(
    r"^\s*(?:by|par|written by|texte de)\s+[A-ZÀ-Ý][\w'’.-]+(?:\s+(?:and|et|de|[A-ZÀ-Ý])[\w'’.-]*){0,5}\s*$",
    re.IGNORECASE,
)
_DATED_BYLINE = re.compile(
    r"^\W*(?:(?:published|updated|posted|publie|mis a jour)\b.{0,12})?(?:le )?"
    r"(?:[a-z]{3,9}\.? \d{1,2},? \d{4}|\d{1,2}(?:er)? [a-z]{3,9}\.? \d{4}|\d{4}-\d\d-\d\d)"
    r"(?:\W+(?:by|par)\b.{0,60}|\W*(?:at |a )?(?:\d{1,2}\W?\d\d.{0,12})?)$"
)  # of a folded sentence that holds nothing but a day and who wrote it
_CREDIT = re.compile(
    r"^\(?(?:the )?(?:canadian press|la presse canadienne|associated press|reuters|afp|file|archives?)\b.{0,40}$",
    re.IGNORECASE,
)
_MONTH_DAY = r"(?:[A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?|\d{1,2}\.? [\wÀ-ÿ.]{3,10})"
_WIRE = r"(?:\s+\d{4})?(?:\s*/[A-Z][A-Za-z ]{1,12}/)?"  # "2025 /CNW Telbec/"
_CITY = r"[A-ZÀ-Ý][A-ZÀ-Ý .'’-]{2,30}"
_DASH = r"\s*(?:\([^)]{2,40}\)\s*)?[-–—]{1,2}\s+"
_PREFIXES = tuple(
    re.compile(r"^\s*" + prefix)
    for prefix in (
        r"date \d{4}-\d\d-\d\d\s*(?:[A-ZÀ-Ý][\w .'’-]{1,30}:)?\s*",  # as some collections put it before a text
        rf"{_CITY}(?:,\s*[A-ZÀ-Ý][\w. ]{{1,24}})?(?:,?\s+{_MONTH_DAY})?(?:\s*/[A-Z][A-Za-z ]{{1,12}}/)?{_DASH}",
        rf"[A-ZÀ-Ý][\w .'’-]{{1,30}}(?:,\s*[A-Z][\w.]{{1,20}})?,?\s+(?:le )?{_MONTH_DAY}{_WIRE}{_DASH}",
        r"\((?:[Tt]ranslated|[Mm]achine translation[^)]*|[A-ZÀ-Ý][\wÀ-ÿ-]{2,20})\)\s+(?=[A-ZÀ-Ý])",
        r"\((?:The )?(?:Canadian Press|La Presse [Cc]anadienne|Reuters|AFP|AP|Bloomberg|Postmedia)\)\s*[-–—]{0,2}\s*",
    )
)
_SAID_BY = 4  # words of a clause among which its verb of speech stands: "a-t-il dit", "Mayor X told"
_JOINING = "and|but|while|whereas|after|before|because|et|mais|tandis|alors|après|avant|parce|qui|who|which"
_SUBJECT = 5  # words at most of a first clause that has no verb yet: "The council, which …, voted"
_SUBORDINATE = re.compile(
    r"(?:After|Before|While|When|As|If|Although|Though|Because|Since|Asked|In|On|At|With|Après|Avant|Alors|Lorsqu|Quand"
    r"|Si|Bien que|Selon|Interrogée?|En|À|Au|Aux|Dans|Pour|Avec|Depuis)\b"
)  # openings that do not tell who does it
_BACK = frozenset(
    """
    it its they their them he she his her this these those that such il ils elle elles son sa ses leur leurs ce cet
    cette ces cela celui celle ceux celles
    """.split()  # noqa: SIM905  (as the other lists of words)
)  # first words that stand for something said before
_SPAN = "hour hours day days week weeks month months year years heures jour jours semaine semaines mois ans"
_SPANS = "".join(f"(?<!\\b{word})" for word in _SPAN.split())  # "two days after" is not cut apart
_BREAK = re.compile(rf"(?<=[;:,])\s+|\s+[-–—]+\s+|{_SPANS}\s+(?=(?:{_JOINING})\s)")


class Passage(NamedTuple):
    """A sentence as it may be shown; `place` is its number among the sentences of the text, -1 for the headline."""

    place: int
    shown: str


def passages(title: str, text: str) -> Iterator[Passage]:
    """The sentences of an article that report something, headline last: a line of the text says more."""
    for place, sentence in enumerate(sentences(text)):
        shown = undated(sentence)
        if shown and not boilerplate(shown):
            yield Passage(place, shown)
    if title.strip():
        yield Passage(-1, title.strip())


def boilerplate(sentence: str) -> bool:
    """Whether a sentence is the publisher's own furniture: credits, bylines, appeals to subscribe."""
    folded = fold(sentence)
    own = _BYLINE.match(sentence) or _CREDIT.match(sentence) or _DATED_BYLINE.match(folded)
    return bool(own or _BOILERPLATE.search(folded))


def undated(sentence: str) -> str:
    """The sentence without the dateline before it."""
    for prefix in _PREFIXES:
        sentence = prefix.sub("", sentence, count=1)
    return sentence.strip()


def clauses(sentence: str) -> list[tuple[int, int]]:
    """Spans of the clauses of a sentence: cut after a comma, semicolon or colon, at a dash, or before a conjunction."""
    spans: list[tuple[int, int]] = []
    start = 0
    for found in _BREAK.finditer(sentence):
        if found.start() > start:
            spans.append((start, found.start()))
        start = found.end()
    if start < len(sentence):
        spans.append((start, len(sentence)))
    return spans


def points_back(sentence: str) -> bool:
    """Whether a sentence opens with a word for something said before it: "It may not …", « Sa directrice … »."""
    return not _BACK.isdisjoint(words(sentence)[:1])


def attributes(clause: str) -> bool:
    """Whether a clause only says who said it: ", said Premier X", ", a indiqué jeudi le ministre"."""
    return not listed("speech").isdisjoint(words(clause)[:_SAID_BY])


def cut(sentence: str, weights: Sequence[float]) -> str:
    """The sentence where it fits a line; else the clauses around the heaviest, with an ellipsis where it was cut.

    `weights` has one weight for each of `clauses(sentence)`. An opening that only names who does it is kept, and a
    quotation that begins before the line or goes on after it gets the mark that it lacks, where there is room.
    """
    line = sentence if len(sentence) <= LINE else _shortened(sentence, weights)
    whole = _quoted(line)
    return whole if len(whole) <= LINE else line


def _quoted(line: str) -> str:
    for opens, closes in ("«»", "“”"):
        space = " " if opens == "«" else ""
        first = line.find(closes)
        if first >= 0 and opens not in line[:first]:
            space = line[first - 1] if first and line[first - 1].isspace() else ""
            line = f"{opens}{space}{line}"
        if line.rfind(opens) > line.rfind(closes):
            line = f"{line}{space}{closes}"
    return line


def _shortened(sentence: str, weights: Sequence[float]) -> str:
    spans = clauses(sentence)
    best = max(range(len(spans)), key=lambda place: weights[place])
    opening = _opening(sentence, spans, best)
    start, end = _grown(spans, weights, best, int(bool(opening)), LINE - 4 - len(opening))
    if opening and start == spans[1][0]:
        return _trimmed(sentence, 0, end)
    return opening + _trimmed(sentence, start, end)[2 if opening else 0 :]


def _opening(sentence: str, spans: Sequence[tuple[int, int]], best: int) -> str:
    """A short first clause with an ellipsis, where it only names who does what stands in a later one."""
    first = sentence[: spans[0][1]]
    told = len(first.split()) > _SUBJECT or first.endswith(":") or _SUBORDINATE.match(first)
    opening = f"{first.strip(' ,;–—-')} … "
    wide = len(opening) + spans[best][1] - spans[best][0] > LINE - 4
    return "" if best == 0 or told or wide else opening


def _grown(
    spans: Sequence[tuple[int, int]], weights: Sequence[float], best: int, least: int, room: int
) -> tuple[int, int]:
    """The span of the clauses from `least` on around the best that fit the room, heavier neighbours first.

    Of two that weigh the same the one before, which tells who does it; but not where the opening does (`least`).
    """
    first = last = best
    while True:
        before = first > least and spans[last][1] - spans[first - 1][0] <= room
        after = last + 1 < len(spans) and spans[last + 1][1] - spans[first][0] <= room
        if not before and not after:
            return spans[first][0], spans[last][1]
        if before and (not after or weights[first - 1] >= weights[last + 1] + least):
            first -= 1
        else:
            last += 1


def _trimmed(sentence: str, start: int, end: int) -> str:
    line = sentence[start:end].strip(" ,;:–—-")
    if len(line) > LINE - 4:
        line = line[: LINE - 4].rsplit(" ", 1)[0].rstrip(" ,;:–—-")
        end = start + len(line)
    opening = "… " if start > 0 else ""
    return f"{opening}{line}{' …' if end < len(sentence) else ''}"
