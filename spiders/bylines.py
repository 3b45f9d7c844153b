"""Who wrote it: names out of bylines, and the agency that is credited; pure.

An agency is the author of wire copy under any outlet's name: two pieces that credit one agency are not two
independent reports. It is looked for where it is credited (byline, JSON-LD author, the dateline in brackets, the last
line), never anywhere in the text, where agencies are quoted as sources.
"""

import re
from collections.abc import Iterable, Sequence

from spiders.titles import names_outlet, title_letters

_AGENCIES = {
    "CP": r"(?:the )?canadian press|la presse canadienne|canadian press|presse canadienne|CP|PC",
    "AP": r"(?:the )?associated press|AP",
    "Reuters": r"(?:thomson )?reuters",
    "AFP": r"agence[ -]france[ -]presse|AFP",
    "Bloomberg": r"bloomberg(?: news)?",
    "QMI": r"agence qmi|QMI agency",
    "UPI": r"united press international|UPI",
    "dpa": r"deutsche presse-agentur|dpa",
    "EFE": r"agencia efe|EFE",
    "ANSA": r"ANSA",
    "PA": r"(?:the )?press association|PA media",
    "Xinhua": r"xinhua",
    "ATS": r"agence télégraphique suisse|keystone-ats",
    "Belga": r"(?:agence )?belga",
    "Postmedia": r"postmedia(?: news| network)?",
}  # fmt: skip
_WHOLE = {name: re.compile(rf"^\W*(?:{pattern})\W*$", re.IGNORECASE) for name, pattern in _AGENCIES.items()}
_DATELINE = re.compile(r"^[^\n]{0,80}?[(\[]\s*([^()\[\]\n]{2,40})\s*[)\]]\s*[-–—.:,]*\s")
_LAST_CREDIT = re.compile(
    r"(?:^|\n)\W*(?:[Ww]ith files from|[Aa]vec|©|–|-|—|[Bb]y|[Pp]ar|[Ss]ource ?:)\s*([^\n]{2,60})$"
)
_PARTICLE = r"(?:d[aeiou]s?|de[lnr]|della|el|al|bin|l[ae]|ten?|ter|v[ao]n|zu[mr]?)"
_BYLINE = re.compile(
    rf"^(?!{_PARTICLE}\s(?:{_PARTICLE}\s)?[^\s,]+(?:,|$))"  # "de Souza", "von der Leyen, Ursula": a name
    r"(?:(?:written |reported |posted |story |text |texte |view all posts )?"
    r"(?:by|par|de|von|da|por|autor|auteure?|author|files from|des informations de)(?:\s*:|\s)"
    r"|(?:story|text|texte|words)\s*:|(?:[^\W\d_]+ ){1,3}(?:by|par)[ :]"  # "Propos recueillis par …"
    r"|(?:une? )?(?:analyse|billet|chronique|enquête|entrevue|éditorial|opinion|reportage|texte) (?:de |d['’]))\s*",
    re.IGNORECASE,
)
_FAMILY_FIRST = re.compile(  # "de Souza, Raymond; Smith, Anne E."
    rf"(?:(?<=^)|(?<=;\s)|(?<=\sand\s)|(?<=\set\s)|(?<=\s&\s))"
    rf"((?:(?i:{_PARTICLE})\s+){{0,3}}[^\W\d_a-zß-öø-ÿ][\w’'-]+),\s+"
    r"([^\W\d_a-zß-öø-ÿ][\w’'-]*(?:\s[^\W\d_a-zß-öø-ÿ](?:\.|[\w’'-]+))?\.?)(?=$|;|,|\s(?:and|et|&)\s)"
)
_BETWEEN = re.compile(
    r"\s*(?:;|\||/|•|·|\n|\band\b|\bet\b|&|\bwith\b|\bavec\b)\s*"
    r"|\s+(?=(?i:the (?:canadian|associated) press|la presse canadienne|agence qmi)\b)"
    r"|,\s+(?=(?:[^\W\d_]{2,}(?:[-’'][^\W\d_]+)*[.]?|(?:[^\W\d_]\.-?)+)\s)"  # "Jean-Luc …", "J.P. …": a further name
)
_AFTER_NAME = re.compile(r"\s*(?:[,|–—(\[].*|:\s.*|\s-\s.*|\S+@\S+.*|https?:.*|@\w+.*)$")
_NO_PERSON = re.compile(
    r"^[\W\d]*$|https?\b|\d[:h]\d\d|\bwww\b|@|\d{3}|^\S+\.(?-i:[a-z]{2,8})$|\.(?:com|ca|org|net)\b"
    r"|^(?:staff|admin|editor|editorial|newsroom|news|reporter|redaction|rédaction|redacción|redaktion|éditorial|équipe|"
    r"authors?|contributor|photos?|guest|web ?master|(?:super )?user|user ?name|unknown|anonymous|updated|published|"
    r"posted|submitted|account|log ?(?:in|out)|share|follow)\b.{0,20}$"
    r"|^(?:n/?a|none|null|last|more|m\.?a\.?|m\.?d\.?|ph\.?d\.?)$",
    re.IGNORECASE,
)
_ROLES = (
    "senior|staff|special to|columnist|reporter|correspondent|editor|writer|journalist|bureau|contributor|producer|"
    "political|national|local journalism|journaliste|correspondante?|envoyée?s?|chroniqueure?|chroniqueuse|rédacteur|"
    "rédactrice|collaborat(?:ion|eur|rice)|initiative de journalisme"
)
_NEXT = f"on|at|opinion|posted|postmedia|bloomberg|reuters|{_ROLES}"
_ROLE_ALONE = re.compile(rf"^(?:executive|managing|associate|{_ROLES})\b", re.IGNORECASE)
_STAMPED = re.compile(r"(?<=\w)\W+(?:(?:last )?updated|published|publié|mis à jour|modifié)\b.*$", re.IGNORECASE)
_DAYS_AND_MONTHS = (
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|"
    r"june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|"
    r"lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|janvier|février|mars|avril|mai|juin|juillet|août|"
    r"septembre|octobre|novembre|décembre"
)
_RUN_ON = re.compile(  # what follows a name without a mark between, from the third word on; people are called May
    rf"^((?:\S+\s+){{2}}(?:\S+\s+){{0,3}}?)(?!(?:april|may|june|august)$)(?:{_NEXT}|{_DAYS_AND_MONTHS})\b.*$",
    re.IGNORECASE,
)
_DATE_ALONE = re.compile(rf"^\W*(?:\d{{1,2}}(?:er|st|nd|rd|th)?\W+)?(?:{_DAYS_AND_MONTHS})\b[\W\d]*$", re.IGNORECASE)
_OFFICE = re.compile(rf"^(?!{_PARTICLE}\s)[a-zà-öø-ÿ]\S*\s")  # "mayor of …" after a name
_NICKNAME = re.compile(r"(?<=\s)\([\w. ]{1,12}\)\s+(?=\w)")
_LONGEST_BYLINE = 2_000  # characters that are read: what cuts names takes the square of it
_LONGEST_NAME, _MOST_NAMES = 60, 12
_LONG = 5  # letters of a name that no person has by chance


def people(*sources: Iterable[str], bodies: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the names of the first source that has any, each once; those of `bodies` only where there is no other."""
    own: list[str] = []
    for source in sources:
        names = [name for text in source for name in _names(text) if not _is_host(name, bodies)]
        others = [name for name in names if not names_body(name, bodies)]
        if others:
            return _each_once(others)
        own = own or names
    return _each_once(own)


def names_body(name: str, bodies: Sequence[str]) -> bool:
    """Whether a name is one of these bodies' or has it ("CBC News" for "CBC"), or is what a system calls a user."""
    if any(pattern.match(name) for pattern in _WHOLE.values()):
        return False  # an agency is credited
    held = title_letters(name)
    has_one = any(len(one) >= _LONG and one in held for one in map(title_letters, bodies))
    return has_one or names_outlet(name, *bodies) or (name.islower() and " " not in name)


def _is_host(name: str, bodies: Sequence[str]) -> bool:
    """Whether a name is an address without its dots."""
    return any("." in one and title_letters(one) == title_letters(name) for one in bodies)


def _each_once(names: list[str]) -> tuple[str, ...]:
    distinct = {name.casefold(): name for name in reversed(names)}
    return tuple(sorted(distinct.values(), key=names.index))[:_MOST_NAMES]


def agency_of(authors: Sequence[str], text: str, *credited: str) -> str:
    """Return the agency that is credited, or ""."""
    dateline = _DATELINE.match(text)
    last = _LAST_CREDIT.search(text[-200:])
    places = (*credited, *authors, dateline[1] if dateline else "", last[1] if last else "")
    for place in places:
        for part in re.split(r"[,;/|]|\s+(?:and|et|with|avec)\s+|\s[-–—]\s", place):
            for name, pattern in _WHOLE.items():
                if part.strip() and pattern.match(part.strip()):
                    return name
    return ""


def _names(text: str) -> list[str]:
    if _NO_PERSON.search(text) and "://" in text:
        return []  # a profile's address stands where a name should
    line = _BYLINE.sub("", " ".join(text[:_LONGEST_BYLINE].split()))
    parts = [part for part in _BETWEEN.split(_FAMILY_FIRST.sub(_given_first, line)) if part]
    names = [_name(part) for part in parts]
    return [name for n, name in enumerate(names) if name and not (n and _OFFICE.match(name))]


def _given_first(match: re.Match[str]) -> str:
    """Turn a name round; "Reuters, Calgary" and "Smith, Editor" are none."""
    family, given = match.groups()
    is_name = not any(one.search(part) for one in (_NO_PERSON, _ROLE_ALONE, _DATE_ALONE) for part in (family, given))
    return f"{given} {family}" if is_name and not any(one.match(family) for one in _WHOLE.values()) else match[0]


def _name(part: str) -> str:
    name = _AFTER_NAME.sub("", _NICKNAME.sub("", _BYLINE.sub("", part.strip(" ,.;:*-")))).strip(" ,;:*-)")
    name = _RUN_ON.sub(r"\1", _STAMPED.sub("", name)).strip()
    if not 1 < len(name) <= _LONGEST_NAME or any(one.search(name) for one in (_NO_PERSON, _DATE_ALONE, _ROLE_ALONE)):
        return ""
    return name.title() if name.isupper() and " " in name else name
