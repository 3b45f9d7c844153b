"""Who wrote it: names out of bylines, and the agency that is credited; pure.

An agency is the author of wire copy under any outlet's name: two pieces that credit one agency are not two
independent reports. It is looked for where it is credited (byline, JSON-LD author, the dateline in brackets, the last
line), never anywhere in the text, where agencies are quoted as sources.
"""

import re
from collections.abc import Iterable, Sequence

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
_BYLINE = re.compile(
    r"^(?:written |reported |posted |story |text |texte )?(?:by|par|de|von|da|por)[ :]\s*", re.IGNORECASE
)
_BETWEEN = re.compile(r"\s*(?:;|\||/|•|·|\n|\band\b|\bet\b|&|\bwith\b|\bavec\b)\s*|,\s+(?=[^\W\d_]{2,}[.]?\s)")
_AFTER_NAME = re.compile(r"\s*(?:[,|–—(\[].*|\s-\s.*|\S+@\S+.*|https?:.*|@\w+.*)$")
_NO_PERSON = re.compile(
    r"https?:|www\.|@|\d{3}|\.(?:com|ca|org|net)\b|^(?:staff|admin|editor|editorial|newsroom|news|reporter|redaction|rédaction|"
    r"author|contributor|guest|web ?master|unknown|anonymous|n/?a|none|null|updated|published)\b.{0,20}$",
    re.IGNORECASE,
)
_LONGEST_NAME, _MOST_NAMES = 60, 12


def people(*sources: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the first source that has any, each once."""
    for source in sources:
        names = [name for text in source for name in _names(text)]
        if names:
            distinct = {name.casefold(): name for name in reversed(names)}
            return tuple(sorted(distinct.values(), key=names.index))[:_MOST_NAMES]
    return ()


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
    line = _BYLINE.sub("", " ".join(text.split()))
    parts = [part for part in _BETWEEN.split(line) if part]
    return [name for part in parts if (name := _name(part))]


def _name(part: str) -> str:
    name = _AFTER_NAME.sub("", _BYLINE.sub("", part.strip(" ,.;:*-"))).strip(" ,;:*-")
    if not name or len(name) > _LONGEST_NAME or _NO_PERSON.search(name):
        return ""
    return name.title() if name.isupper() and " " in name else name
