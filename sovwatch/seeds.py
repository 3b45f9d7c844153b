"""What the reader knows already: seed cards, and how an article stands to them.

A card is one file in `config/seeds/`: what happened and when (set by hand), the facts in our words, and a fingerprint
of the text; no sentence of the publisher. Cards of one `affair` are known together: an article is held back when it
adds nothing to what all of them say, in either language.

    article × cards → copy | repeat | update | None

- `copy`: its wording is a seed's (shingle containment, so a cut one is found) and it adds nothing.
- `update`: it is of the affair, or has a seed's wording, and adds material facts (`novelty`).
- `repeat`: it is of the affair and adds nothing material.
- None: not of the affair. When in doubt, this: a wrong hold hides news.

An article is of the affair when it was published near the happening (`NEAR`) and its headline and opening are about
the same names and matters. Time is measured from `happened`, never from a date line (of the two seeds shipped, the
date lines lie a month apart for one afternoon) nor from the day of reading. A card without `happened` recognises
copies only: nothing would keep a later happening apart. An affair's background comes back for years, so after `NEAR`
sharing it means nothing.
"""

import base64
import json
import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sovwatch.background import bits
from sovwatch.fingerprints import SentencePrint
from sovwatch.model import Dated, Precision, SeedVerdict
from sovwatch.moments import moments
from sovwatch.novelty import Addition, additions
from sovwatch.settings import complaints
from sovwatch.shingles import overlap
from sovwatch.similarity import Fingerprint, fingerprint
from sovwatch.statements import Statements
from sovwatch.text import fold, language_of
from sovwatch.wording import counted

BEFORE, AFTER = timedelta(0), timedelta(days=10)  # of the happening: reports of it, not of what led to it or came of it
_COPIED = 0.5  # share of an article's wording that a seed has, or of a seed's that it has
_OPENING, _LEDE = 4, 2  # sentences of an article that show what it is about; that hold its news
AFFAIR = 0.2  # of what an affair is about, to be of it
_AFFAIR_ASIDE = 0.1  # the same for a repeat of a side of it that not all seeds tell
_FEWEST = 6  # of its names and matters: one person and one place are not enough
_STRANGE, _STRANGE_IN_LEDE = 0.2, 0.35  # of a repeat's names and matters that no seed has
_KNOWN_ASIDE = 0.7  # of what the headline and lede of such a repeat say, that the seeds must say
_WORDS, _WORDS_ABROAD = 0.6, 0.4  # of a repeat's terms that the seeds have, in their language and in the other one

_CLOSER = {"copy": 0, "repeat": 1, "update": 2}  # of two affairs that an article is of, the one it adds less to

Happened = tuple[date, date]
_KEYS = ("id", "affair", "title", "happened", "language", "url", "facts", "scheme", "fingerprint")  # of a card
_WIDTH = 110  # characters of a line of a packed fingerprint
_DATE_LINE = re.compile(r"^\s*date \d{4}-\d\d-\d\d\s*")
_DAYS = {Precision.SECOND: 0, Precision.DAY: 0, Precision.MONTH: 30, Precision.YEAR: 365}  # that a date may be later


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One thing the reader knows: in our words for people, as a fingerprint for comparing.

    `happened` is the first and last day of the happening. Cards of the same `affair` count together.
    """

    id: str
    affair: str
    title: str
    fingerprint: Fingerprint
    happened: Happened | None = None
    facts: tuple[str, ...] = ()
    language: str = ""
    url: str = ""

    @property
    def scheme(self) -> int:
        """The scheme of the fingerprint."""
        return self.fingerprint.scheme

    def to_toml(self) -> str:
        """The card as its file."""
        lines = [
            f"{name} = {_quoted(value)}"
            for name, value in (("id", self.id), ("affair", self.affair), ("title", self.title))
        ]
        if self.happened:
            lines.append(f"happened = [{', '.join(day.isoformat() for day in self.happened)}]")
        lines += [f"language = {_quoted(self.language)}", f"url = {_quoted(self.url)}"]
        lines += ["facts = [", *(f"    {_quoted(fact)}," for fact in self.facts), "]"]
        packed = base64.b85encode(self.fingerprint.pack()).decode()
        packed = "\n".join(packed[at : at + _WIDTH] for at in range(0, len(packed), _WIDTH))
        return "\n".join(lines) + f"\nscheme = {self.scheme}\nfingerprint = '''\n{packed}'''\n"

    @classmethod
    def from_toml(cls, text: str) -> "Card":
        """The card of a file.

        Raises:
            ValueError: not a card, or one of a scheme that is not known (`SchemeMismatch`).
        """
        table = tomllib.loads(text)
        if strange := [key for key in table if key not in _KEYS]:
            raise ValueError(f"unknown key {strange[0]!r}{complaints.nearest(strange[0], _KEYS)}")
        try:
            packed = base64.b85decode("".join(_words_of(table, "fingerprint").split()))
            return cls(
                id=_words_of(table, "id"),
                affair=_words_of(table, "affair", "") or table["id"],
                title=_words_of(table, "title"),
                happened=_happened(table.get("happened", [])),
                facts=tuple(table.get("facts", ())),
                language=_words_of(table, "language", ""),
                url=_words_of(table, "url", ""),
                fingerprint=Fingerprint.unpack(packed).whole(),
            )
        except KeyError as error:
            raise ValueError(f"the card lacks {error}") from None
        except (OverflowError, IndexError, TypeError):
            raise ValueError("the card is damaged") from None


def _words_of(table: dict[str, Any], key: str, default: str | None = None) -> str:
    value = table[key] if default is None else table.get(key, default)
    if not isinstance(value, str):
        raise ValueError(f"`{key}` is to stand in quotes")  # noqa: TRY004  (a file's fault, not a caller's)
    return value


def _happened(value: object) -> Happened | None:
    """The first and the last day; one day alone will do, as whoever sets it by hand may write it."""
    days = value if isinstance(value, list) else [value]
    if not all(type(day) is date for day in days):
        raise ValueError("`happened` is to be a day, as 2026-01-29, or the first and the last in [ ]")
    return (min(days), max(days)) if days else None


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")  # else a JSON string is one of TOML


def make_card(
    id: str,  # noqa: A002  (the card's own word for it)
    text: str,
    *,
    title: str = "",
    url: str = "",
    happened: Happened | None = None,
    affair: str = "",
    headline: str = "",
) -> Card:
    """Make a card from a raw text.

    `title` says in our words what happened, `headline` is the publisher's where there is one. A date line before the
    text is left out: it tells when somebody fetched it. "Thursday" is resolved from the last day of `happened`.
    """
    body = _DATE_LINE.sub("", text)
    language = language_of(body, "en")
    noon = Dated(datetime.combine(happened[1], time(12), UTC), Precision.DAY) if happened else None
    return Card(
        id=id,
        affair=affair or id,
        title=title or id,
        fingerprint=fingerprint(headline, body, language=language, published=noon),
        happened=happened,
        language=language,
        url=url,
    )


def affair(cards: Sequence[Card], seed: SeedVerdict) -> list[Fingerprint]:
    """The fingerprints of all cards of the affair that a seed belongs to."""
    name = next((card.affair for card in cards if card.id == seed.seed), None)
    return [card.fingerprint for card in cards if name is not None and card.affair == name]


def against_seeds(said: Statements, cards: Sequence[Card]) -> SeedVerdict | None:
    """How an article stands to what is known: the nearest card of an affair, and why; None when it is of none."""
    best: SeedVerdict | None = None
    for name in dict.fromkeys(card.affair for card in cards):
        known = [card for card in cards if card.affair == name]
        found = _against(said, known)
        if found and (best is None or _CLOSER[found.relation] < _CLOSER[best.relation]):
            best = found
    return best


def _against(said: Statements, known: Sequence[Card]) -> SeedVerdict | None:
    """How an article stands to the cards of one affair."""
    fp = said.fp
    closest, share = nearest(fp, known)
    copied = share >= _COPIED
    if not copied and not near(fp, known):
        return None
    affair = Affair([card.fingerprint for card in known])
    if not copied and not affair.has(fp):
        return None
    new = additions(said, affair.seeds, by_day=False)
    why = f"{share:.0%} of its wording" if copied else f"{affair.part_in(fp):.2f} of what the affair is about"
    if new:
        of_it = copied or affair.part_in(fp, _OPENING) >= AFFAIR
        return SeedVerdict(closest.id, "update", f"{why}; adds: {_first(new)}") if of_it else None
    if copied:
        return SeedVerdict(closest.id, "copy", f"{why}, nothing added")
    why += f"; adds nothing to {counted(len(known), 'seed')}"
    return SeedVerdict(closest.id, "repeat", why) if affair.tells(said) and not _later(said, known) else None


def nearest(fp: Fingerprint, known: Sequence[Card]) -> tuple[Card, float]:
    """The card that shares most of its wording with an article, and how much: of whichever of the two is shorter."""
    shared = (overlap(fp.shingles, fp.level, card.fingerprint.shingles, card.fingerprint.level) for card in known)
    return max(zip(known, (one.contained for one in shared), strict=True), key=lambda one: one[1])


def _first(new: Sequence[Addition]) -> str:
    return f"{new[0].kind} ({new[0].weight:.2f}) {new[0].line}"


class Affair:
    """What the seeds of one affair are about and say.

    `core` is what it is about: names and matters that all its seeds have, by how often they come back and how much
    they tell.
    """

    def __init__(self, seeds: Sequence[Fingerprint]) -> None:
        self.seeds = seeds
        often = Counter(key for fp in seeds for part in (fp.title, *fp.sentences) for key in part.names | part.concepts)
        everywhere = set.intersection(*(_matters(fp) for fp in seeds))
        self.core = {key: count * bits(key) for key, count in often.items() if key in everywhere}
        self.matters = set[int]().union(*(_matters(fp) for fp in seeds))
        self.words = set[int]().union(*(_words(fp) for fp in seeds))

    def part_in(self, fp: Fingerprint, sentences: int | None = None) -> float:
        """How much of what the affair is about an article, or its opening, is about: 0..1."""
        about = _matters(fp, sentences)
        shared = [weight for key, weight in self.core.items() if key in about]
        return sum(shared) / sum(self.core.values()) if len(shared) >= _FEWEST else 0.0

    def has(self, fp: Fingerprint) -> bool:
        """Whether an article is about the affair, or opens with a side of it in words that the seeds have."""
        part = self.part_in(fp)
        return part >= AFFAIR or (part >= _AFFAIR_ASIDE and self._known(fp) >= _KNOWN_ASIDE)

    def _known(self, fp: Fingerprint) -> float:
        """How much of what the headline and the lede say the seeds say, by how much its terms tell: 0..1."""
        terms = set[int]().union(*(part.terms | part.names for part in (fp.title, *fp.sentences[:_LEDE])))
        told = sum(bits(term) for term in terms & self.words)
        return told / sum(bits(term) for term in terms) if terms else 0.0

    def tells(self, said: Statements) -> bool:
        """Whether an article, its lede too, is about little that no seed is about, in mostly known terms."""
        abroad = said.fp.language not in {seed.language for seed in self.seeds}
        words = _words(said.fp)
        return (
            self._strange(said.parts) <= _STRANGE
            and self._strange(said.parts[: _LEDE + 1]) <= _STRANGE_IN_LEDE
            and len(words & self.words) >= (_WORDS_ABROAD if abroad else _WORDS) * len(words)
        )

    def _strange(self, parts: Sequence[SentencePrint]) -> float:
        """How much of what an article is about no seed is about; who took its picture is none of it."""
        about = {key for part in parts for key in part.names | part.concepts}
        return len(about - self.matters) / len(about) if about else 1.0


def _matters(fp: Fingerprint, sentences: int | None = None) -> set[int]:
    """The names and matters of the headline and the first sentences, or of all."""
    return {key for part in (fp.title, *fp.sentences[:sentences]) for key in part.names | part.concepts}


def _words(fp: Fingerprint) -> set[int]:
    return fp.terms.keys() | fp.names.keys()


def _later(said: Statements, known: Sequence[Card]) -> bool:
    """Whether the headline or the lede tells of a day after the happening, up to its own: then it is another one."""
    days = [day for card in known for day in card.happened or ()]
    if said.fp.at is None or not days:
        return False
    today = said.fp.at.date()
    told = (key for part in said.opening(_LEDE) for key, _ in moments(fold(part), today))
    return any(key[0] == "d" and max(days).isoformat() < key[1:] <= today.isoformat() for key in told)


def near(fp: Fingerprint, known: Sequence[Card]) -> bool:
    """Whether it was published near the happening; a month or a year counts as a whole."""
    days = [day for card in known for day in card.happened or ()]
    if fp.at is None or not days:
        return False
    begin = fp.at.date()
    end = begin + timedelta(days=_DAYS[fp.precision] if fp.precision else 0)
    return end >= min(days) - BEFORE and begin <= max(days) + AFTER
