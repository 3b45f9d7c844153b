"""Sentences of an article as they may be shown: without datelines and boilerplate, and cut to a line at a clause."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sovwatch.hanging import points_back
from sovwatch.lexicon import listed
from sovwatch.text import STOPWORDS, fold, sentences, words

LINE = 280  # characters of a line: of real ledes .95 are whole in English, .84 in French; at 220 they were .83 and .46

_BOILERPLATE = re.compile(
    r"with files? from|with reporting by|avec des informations d|avec la collaboration d|sign up (?:for|to)\b"
    r"|\bsubscribe\b|\bnewsletter|\binfolettre|\babonnez|\binscrivez-vous|\bread more|\blire aussi|\blisez aussi"
    r"|^a lire\b|\bphoto ?(?:credit|:|by\b|d'|fournie|submitted|courtesy|archives)|credit photo|file photo\)"
    r"|^\([^()]+/[^()]+\)$|getty images|shutterstock|^advertisement|^publicite\b"
    r"|first published|d'abord ete publiee?|cette depeche|follow us\b|suivez-nous|all rights reserved"
    r"|tous droits reserves|click here|cliquez ici|share this|partagez cet|^watch(?: live)?:|^listen:|^copyright|©"
    r"|\bmin read\b|minutes? de lecture|last updated|derniere mise a jour|^mis a jour le|article reserve"
    r"|contact(?:ez)? (?:us|nous|the author)\b|send (?:us )?(?:news )?tips|download our app|telechargez notre"
    r"|\bcookies\b|\bjavascript\b|privacy policy|terms of (?:use|service)|^forum repl|comments? (?:are|is) closed"
    r"|story continues|recommended video|more on this story|^related stor|^trending now|report an error"
    r"|signaler une erreur|\be-?mail (?:us|him|her|me)\b|@[a-z]+\.[a-z]"
    r"|\blire (?:encore|egalement)|^voir aussi|^see also|^also read|^story highlights|^\d+ (?:of|sur|de) \d+\W*$"
    r"|^re: |contributed to this (?:report|story|article)"
    r"|\ba (?:contribue|collabore) a c(?:e|et|ette) (?:article|reportage|texte)"
    r"|\breporting by [^.]*\bediting by\b|comments? (?:or postings )?do(?:es)? not reflect|views expressed"
    r"|opinions exprimees|\[(?:afp|ap|epa|reuters|getty[^\]]*)\]\W*$"
    r"|pic\.twitter\.com|https?://t\.co\b|continue reading|(?:up to date|your|votre) (?:browser|navigateur)\b"
)
_BYLINE = re.compile(
    r"^\s*(?:by|par|written by|texte de|une? (?:edito|éditorial|édito|chronique|analyse|opinion|texte) (?:de|par)"
    r"|an? (?:opinion piece|column|editorial|analysis) by)"
    r"\s+[A-ZÀ-Ý][\w'’.-]+(?:\s+(?:and|et|de|[A-ZÀ-Ý])[\w'’.-]*){0,5}\s*$",
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
_PICTURE = re.compile(
    r"^\W*(?:the canadian press|la presse canadienne|associated press|ap|reuters|afp) ?/|\bphotos? ?:"
)
_MONTH_DAY = r"(?:[A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?|\d{1,2}\.? [\wÀ-ÿ.]{3,10})"
_WIRE = r"(?:\s+\d{4})?(?:\s*/[A-Z][A-Za-z ]{1,12}/)?"  # "2025 /CNW Telbec/"
_CITY = r"[A-ZÀ-Ý][A-ZÀ-Ý .'’/-]{2,30}"
_WHOLE_DATE = r"[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4}|\d{1,2}(?:er)? [A-Za-zéû]{3,9}\.? \d{4}"
_CAPTION = 3  # sentences of a picture's caption, its credit among them
_HEADING = 60  # characters at most of a heading in capitals
_DASH = r"\s*(?:\([^)]{2,40}\)\s*)?(?:[-–—]{1,2}\s+|—)"
_PREFIXES = tuple(
    re.compile(r"^\s*" + prefix)
    for prefix in (
        r"date \d{4}-\d\d-\d\d\s*(?:[A-ZÀ-Ý][\w .'’-]{1,30}:)?\s*",  # as some collections put it before a text
        rf"{_CITY}(?:,\s*[A-ZÀ-Ý][\w. ]{{1,24}})?(?:,?\s+{_MONTH_DAY})?(?:\s*/[A-Z][A-Za-z ]{{1,12}}/)?{_DASH}",
        rf"[A-ZÀ-Ý][\w .'’-]{{1,30}}(?:,\s*[A-Z][\w.]{{1,20}})?,?\s+(?:le )?{_MONTH_DAY}{_WIRE}{_DASH}",
        r"\((?:[Tt]ranslated[^)]*|[Tt]raduit[^)]*|[Mm]achine translation[^)]*|[A-ZÀ-Ý][\wÀ-ÿ-]{2,20})\)\s+(?=[A-ZÀ-Ý])",
        r"(?:[A-ZÀ-Ý][\w .'’-]{1,30}(?:, [A-Z][\w. ]{1,20})?)?\([A-ZÀ-Ý][^()]{1,38}\)\s*[-–—]{1,2}\s+(?![a-zà-ÿ])",
        rf"(?:{_WHOLE_DATE})(?:\s{{2,}}|\s(?=(?:The|An?|L[ea]s?|Une?)\s))",
        r"[A-ZÀ-Ý][\w .'’-]{1,30}\s\|\s+",
        r"[A-ZÀ-Ý][\w'’-]{2,20} [—–] (?=[A-ZÀ-Ý])(?!.* [—–] )",
        r"[-–—•■▪*]+\s+",  # of a list
        r"\((?:The )?(?:Canadian Press|La Presse [Cc]anadienne|Reuters|AFP|AP|Bloomberg|Postmedia)\)\s*[-–—]{0,2}\s*",
    )
)
_SAID_BY = 4  # words of a clause among which its verb of speech stands: "a-t-il dit", "Mayor X told"
_JOINING = "and|but|while|whereas|after|before|because|et|mais|tandis|alors|après|avant|parce|qui|who|which"
_JOINED = re.compile(rf"(?:{_JOINING}|or|ou|où|dont|that|que|si|if)\b", re.IGNORECASE)
_MAIN = re.compile(r"(?:the|an?|le|la|les|une?|des|some|[0-9A-ZÀ-Ý])\b|l['’]|[A-ZÀ-Ý]")  # how a main clause may begin
_TIE = re.compile(
    r"(?:But|And|Mais|Et|Yet(?! an)) (?=[^\W_])"
    r"|(?:But|And|Mais|Et|Yet|Or|So|Still|However|Meanwhile|Nevertheless|Toutefois|Cependant|Pourtant), "
    rf"(?={_MAIN.pattern})"  # not "Or, fait valoir le maire, …"
)  # first words that only tie a sentence to the one before
_ANY = re.compile("")
_ROOM = LINE - 4  # beside an ellipsis and the mark of a quotation
_STOPS, _EDGES = ";:", " ,;:–—-"
_ENOUGH = 2 / 3  # of the room, which a line that ends with a clause must fill
_QUOTED = re.compile(r"\s*[\"“«‘]")
_CURLY = re.compile("[“”]")
_STRAIGHT = re.compile(r"(?<![^\s(\[—–'’-])(?P<opens>\")(?=\S)|(?P<neither>(?<=\d)\"|\"(?=\w))|\"")
_SPAN = "hour hours day days week weeks month months year years heures jour jours semaine semaines mois ans"
_SUBORDINATE = re.compile(
    r"(?:After|Before|While|When|As|If|Although|Though|Because|Since|Asked|In|On|At|With|Après|Avant|Alors|Lorsqu|Quand"
    r"|Si|Bien que|Selon|Interrogée?|En|À|Au|Aux|Dans|Pour|Avec|Depuis|(?:The day|Le lendemain|La veille)\b"
    rf"|[A-ZÀ-Ý]\w* (?:{_SPAN.replace(' ', '|')}) (?:after|before|après|avant))\b"
)  # openings that do not tell who does it
_SPANS = "".join(f"(?<!\\b{word})" for word in _SPAN.split())  # "two days after" is not cut apart
# Where a clause may end, from its first space.
_BREAK = re.compile(rf"(?<=[;:,])\s+|(?<!\s)\s+[-–—]+\s+|{_SPANS}(?<!\s)\s+(?=(?:{_JOINING})\s)")


class Passage(NamedTuple):
    """A sentence as it may be shown; `place` is its number among the sentences of the text, -1 for the headline."""

    place: int
    shown: str


def passages(title: str, text: str) -> Iterator[Passage]:
    """The sentences of an article that report something, headline last: a line of the text says more."""
    for place, sentence in enumerate(_said(text)):
        shown = _begun(undated(sentence))
        if shown and not boilerplate(shown) and not (shown.isupper() and len(shown) <= _HEADING):
            yield Passage(place, shown)
    if title.strip():
        yield Passage(-1, title.strip())


def _said(text: str) -> Iterator[str]:
    """The sentences of a text, "" for each of a caption: a paragraph of a few that ends with whose picture it is."""
    for paragraph in text.splitlines():
        found = sentences(paragraph)
        caption = 1 < len(found) <= _CAPTION and _PICTURE.search(fold(found[-1]))
        yield from ("" for _ in found) if caption else found


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


def _begun(sentence: str) -> str:
    """The sentence without the word that ties it to the one before: "But the judge …" says as much without."""
    tie = _TIE.match(sentence)
    return sentence[tie.end() :][:1].upper() + sentence[tie.end() + 1 :] if tie else sentence


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


def quotes(sentence: str) -> bool:
    """Whether a sentence opens with a quotation."""
    return _QUOTED.match(sentence) is not None


def attributes(clause: str) -> bool:
    """Whether a clause only says who said it: ", said Premier X", ", a indiqué jeudi le ministre"."""
    return not listed("speech").isdisjoint(words(clause)[:_SAID_BY])


def cut(sentence: str, weights: Sequence[float]) -> str:
    """The sentence where it fits a line; else as much of it as does, with the heaviest clause if it may, and "…".

    `weights` has one weight for each of `clauses(sentence)`. A line begins as its sentence does, or with a clause that
    could be a sentence; a quotation that begins before the line or goes on after it gets the mark that it lacks, where
    there is room.
    """
    line = sentence if len(sentence) <= LINE else _shortened(sentence, weights)
    whole = quoted(line)
    return whole if len(whole) <= LINE else line


def quoted(line: str) -> str:
    """The line with the mark of a quotation that it lacks, where one begins before it or goes on after it."""
    for opens, closes in ("«»", "“”"):
        space = " " if opens == "«" else ""
        first = line.find(closes)
        if first >= 0 and opens not in line[:first]:
            space = line[first - 1] if first and line[first - 1].isspace() else ""
            line = f"{opens}{space}{line}"
        if (last := line.rfind(opens)) > line.rfind(closes) and '"' not in line[last:]:
            line = f"{line}{space}{closes}"
    return line if _CURLY.search(line) else _straightly(line)


def _straightly(line: str) -> str:
    """The same of straight marks; the letters beside one tell whether it opens. A line that they don't tell stays."""
    inside = missing = False
    for number, mark in enumerate(_STRAIGHT.finditer(line)):
        opens = mark["opens"] is not None
        if (opens is inside and (inside or number)) or mark["neither"]:
            return line
        missing = missing or not (opens or inside)
        inside = opens
    return '"' * missing + line + '"' * inside


def _shortened(sentence: str, weights: Sequence[float]) -> str:
    spans = clauses(sentence)
    best = max(range(len(spans)), key=lambda place: weights[place])
    line = _trimmed(sentence, spans, spans[_beginning(sentence, spans, best)][0])
    return line[:1].upper() + line[1:]


def _beginning(sentence: str, spans: Sequence[tuple[int, int]], best: int) -> int:
    """The clause that a line around the best may begin with: the first, or one that could be a sentence by itself.

    Such a one stands after a semicolon or a colon, or after an opening that doesn't tell who does it.
    """
    if spans[best][1] <= _ROOM:
        return 0
    stopped = [place for place in range(1, best + 1) if _follows(sentence, spans[place], _STOPS)]
    hung = _SUBORDINATE.match(sentence)
    told = [place for place in range(1, best + 1) if hung and _follows(sentence, spans[place], ",", _MAIN)]
    return stopped[-1] if stopped else told[0] if told else 0


def _follows(sentence: str, span: tuple[int, int], stops: str, opening: re.Pattern[str] = _ANY) -> bool:
    """Whether a clause that could be a sentence by itself follows one of the stops."""
    clause = sentence[span[0] : span[1]]
    begins = opening.match(clause) and not points_back(clause) and not _JOINED.match(clause)
    return bool(begins) and sentence[: span[0]].rstrip()[-1:] in stops


def _trimmed(sentence: str, spans: Sequence[tuple[int, int]], start: int) -> str:
    """The sentence from there as far as a line has room: to the end of a clause, or a word if that is much shorter."""
    end = max((end for _, end in spans if start < end <= start + _ROOM), default=start)
    if end == len(sentence):
        return sentence[start:].strip(_EDGES)
    if end - start < _ROOM * _ENOUGH:
        end = start + len(sentence[start : start + _ROOM + 1].rsplit(" ", 1)[0])
    shown = sentence[start:end].strip(_EDGES)
    while (parts := shown.rsplit(" ", 1))[1:] and fold(parts[1]) in STOPWORDS:  # "begin or …"
        shown = parts[0].strip(_EDGES)
    return f"{shown.rstrip(_EDGES + '«“(')} …"
