"""The digest's own words, in English and French, typographically right in each; no markup.

French follows the Office québécois de la langue française: a no-break space before the colon, inside guillemets, in
"14 h 05" and between thousands; none before ; ! and ?; no zeros on the hour ("7 h"). English is Canadian: 14:05,
thousands with a comma.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from alerts.days import DAYS, MONTHS, WHOLE_MONTHS
from alerts.labels import LABELS, LANGUAGES, NBSP
from alerts.plurals import PLURALS
from sovwatch.model import Digest, Footer, Item, Kind, Piece, Precision, Tier
from sovwatch.reports import ahead

WRITERS = 2  # of an opinion piece who are named
FIGURES = 2  # that are said to be corrected
NAMED = 8  # outlets that are named; of more their number is said


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one digest: its language and its channel's zone."""

    language: str
    zone: str
    at: datetime

    @classmethod
    def of(cls, digest: Digest) -> "Words":
        """Return the words for a digest."""
        return cls(digest.language if digest.language in LABELS else "en", digest.zone, digest.at)

    def __getitem__(self, word: str) -> str:
        return LABELS[self.language][word]

    @property
    def french(self) -> bool:
        """Whether the words are French."""
        return self.language == "fr"

    def number(self, value: int) -> str:
        """Write a count: 1,200 or 1 200."""
        return f"{value:,}".replace(",", NBSP) if self.french else f"{value:,}"

    def count(self, value: int, one: str, many: str) -> str:
        """Write a count of things; French counts 0 as singular."""
        single = value < 2 if self.french else value == 1  # noqa: PLR2004
        return f"{self.number(value)}{NBSP if self.french else ' '}{one if single else many}"

    def clock(self, at: datetime) -> str:
        """Write a time of day in the channel's zone: 14:05 and 14:00, or 14 h 05 and 14 h."""
        local = at.astimezone(ZoneInfo(self.zone))
        if self.french:
            return f"{local.hour}{NBSP}h" + (f"{NBSP}{local.minute:02}" if local.minute else "")
        return f"{local.hour:02}:{local.minute:02}"

    def day(self, at: datetime) -> str:
        """Write a local date: Thurs., Jan. 29 or jeu. 29 janv.; with the year where it isn't the digest's."""
        local, here = at.astimezone(ZoneInfo(self.zone)), self.at.astimezone(ZoneInfo(self.zone))
        month, weekday = MONTHS[self.language][local.month - 1], DAYS[self.language][local.weekday()]
        if self.french:
            number = f"1er{NBSP}" if local.day == 1 else f"{local.day}{NBSP}"
            date = f"{weekday}{NBSP}{number}{month}"
            return date if local.year == here.year else f"{date}{NBSP}{local.year}"
        date = f"{weekday}, {month}{NBSP}{local.day}"
        return date if local.year == here.year else f"{date}, {local.year}"

    def moment(self, at: datetime) -> str:
        """Write an instant: the time alone on the digest's own day, else with its date."""
        return self.clock(at) if self.same_day(at) else f"{self.day(at)}, {self.clock(at)}"

    def same_day(self, at: datetime) -> bool:
        """Whether an instant lies on the digest's own day."""
        zone = ZoneInfo(self.zone)
        return at.astimezone(zone).date() == self.at.astimezone(zone).date()

    def dated(self, piece: Piece) -> str:
        """Write when a piece was published, as exactly as it is known; "" where it is not."""
        at = piece.published
        match piece.precision:
            case _ if at is None:
                return ""
            case Precision.YEAR:
                return str(at.year)
            case Precision.MONTH:
                return f"{WHOLE_MONTHS[self.language][at.month - 1]}{NBSP}{at.year}"
            case Precision.DAY:
                return Words(self.language, "UTC", self.at).day(at)  # the publisher's day, whatever the zone
            case _:
                return self.moment(at)

    def byline(self, piece: Piece) -> list[str]:
        """Say whose piece it is, when, in which language, and what to know before opening it."""
        marks = [piece.outlet, self.dated(piece)]
        if piece.language and piece.language != self.language:
            marks.append(self._tongue(piece.language))
        if piece.kind is Kind.OPINION or (piece.kind is Kind.REPORT and piece.tier is Tier.OPINION):
            marks.append(self._opinion(piece))
        elif piece.kind is not Kind.REPORT:
            marks.append(self[piece.kind])
        if piece.paywall:
            marks.append(self["paywall"])
        if piece.had != "whole":
            marks.append(self[f"had {piece.had}"])
        return [mark for mark in marks if mark]

    def _tongue(self, language: str) -> str:
        return LANGUAGES[self.language].get(language, language)

    def _opinion(self, piece: Piece) -> str:
        """Say that it is an opinion, and whose: that is half of what it tells."""
        writers = ", ".join([author for author in piece.authors if author != piece.outlet][:WRITERS])
        return f"{self['opinion']}{self.colon}{writers}" if writers else self["opinion"]

    def heading(self, digest: Digest) -> str:
        """Name the message: what it is, the day and the time."""
        name = digest.title or self["title" if digest.kind == "digest" else digest.kind]
        return f"{name} · {self.day(digest.at)}, {self.clock(digest.at)}"

    def summary(self, digest: Digest) -> str:
        """Count what the digest holds, or say that nothing is new."""
        stories = sum(len(section.items) for section in digest.sections)
        held = ((stories, "story"), (len(digest.updates), "update"), (len(digest.away), "older"))
        counts = [self.count(value, *PLURALS[self.language][thing]) for value, thing in held if value]
        return ", ".join(counts) or self["nothing"]

    def marks(self, item: Item) -> list[str]:
        """Say what is special about a story: corrected, an update of what, why it is told at once, further topics."""
        marks = [self.change(item), self["beyond"] if item.over_seed else "", item.signal]
        marks += [self["also topic"].format(name) for name in item.also_topics]
        return [mark for mark in marks if mark]

    def figure(self, written: str) -> str:
        """Write a figure of either language in the digest's: 61,300 and 4.5%, or 61 300 and 4,5 %."""
        if self.french:
            spaced = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", NBSP, written)
            return re.sub(r"(?<=\d) ?%", f"{NBSP}%", re.sub(r"(?<=\d)\.(?=\d)", ",", spaced))
        grouped = re.sub(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))", ",", written)
        return re.sub(r"(?<=\d)\s%", "%", re.sub(r"(?<=\d),(?=\d{1,2}(?!\d))", ".", grouped))

    def change(self, item: Item) -> str:
        """Say that what was told was corrected, from what to what, or withdrawn, and by whom beside the lead.

        Of a live page, which grows all day, nothing is said; of figures whoever is told to have corrected them.
        """
        live = item.lead.kind is Kind.LIVE and not item.was
        corrected = self["corrected"] if item.was or (item.change == "corrected" and not live) else ""
        if item.was:
            pairs = "; ".join(self["was"].format(*map(self.figure, pair)) for pair in item.was[:FIGURES])
            corrected += f"{self.colon}{pairs}"
        return self["sep"].join(filter(None, (self._withdrawn(item), corrected)))

    def _withdrawn(self, item: Item) -> str:
        others = ", ".join(dict.fromkeys(piece.outlet for piece in _but(item.gone, [item.lead])))
        if item.change != "withdrawn":
            return self["withdrawn by"].format(others) if others else ""
        return self["withdrawn"] + (", " + self["withdrawn too"].format(others) if others else "")

    def told(self, item: Item) -> str:
        """Say when the story was first told, for an update."""
        return self._when(item.told_at, "told today", "first told") if item.told_at else ""

    def _when(self, at: datetime, today: str, else_: str) -> str:
        return self[today if self.same_day(at) else else_].format(self.moment(at))

    @property
    def told_as(self) -> tuple[str, str]:
        """Return what stands around the headline that an update's story was first told by."""
        return (f" sous le titre «{NBSP}", f"{NBSP}»") if self.french else (" as “", "”")

    def within_quotation(self, text: str) -> str:
        """Return a text as it stands within the digest's own marks of quotation: with others around what it quotes."""
        if self.french:
            return re.sub(r"«\s?([^«»]*?)\s?»", "“\\1”", text)
        return re.sub("“([^“”]*)”", "‘\\1’", text)

    def names(self, pieces: Sequence[Piece], lead: Piece, first: Piece | None = None) -> str:
        """Name the outlets of pieces, at most `NAMED`: in which language if not the lead's, and when for the first."""
        every: dict[str, None] = {}
        for piece in [*([first] if first else []), *pieces]:
            marks = [] if piece.language in {"", lead.language} else [self._tongue(piece.language)]
            if first and first.published and (piece.outlet, piece.language) == (first.outlet, first.language):
                marks.append(self._when(first.published, "first today", "first"))
            every[f"{piece.outlet} ({', '.join(marks)})" if marks else piece.outlet] = None
        outlets = [name for name in every if name]
        named, left = ", ".join(outlets[:NAMED]), len(outlets) - NAMED
        return named + (self["and"] + self.count(left, *PLURALS[self.language]["other"]) if left > 0 else "")

    def also(self, item: Item) -> list[str]:
        """Say who else reports it, apart from them who carries the same text, and who had the story before this."""
        every = [*item.reports, *item.copies]
        first = ahead(item.lead, every) if item.told_at is None else None  # of an update each tells something else
        reports, copies = (_but(pieces, [item.lead]) for pieces in (item.reports, item.copies))
        earlier = _but(item.meanwhile, [item.lead, *every])
        said = (
            (f"{self['also']}{self._outlets(reports)}", reports),
            (f"{self.count(len(copies), *PLURALS[self.language]['reprint'])}{self.colon}", copies),
            (f"{self['meanwhile']}{self._outlets(earlier)}", earlier),
        )
        return [how + self.names(who, item.lead, first if first in who else None) for how, who in said if who]

    def _outlets(self, pieces: Sequence[Piece]) -> str:
        number = len({piece.outlet for piece in pieces})
        return self.count(number, *PLURALS[self.language]["outlet"]) + self.colon if number > 1 else ""

    @property
    def colon(self) -> str:
        """Return the colon as it is set before a list."""
        return f"{NBSP}: " if self.french else ": "

    def footer(self, footer: Footer) -> list[str]:
        """Say what was done since the last digest, and which sources are ill."""
        plurals = PLURALS[self.language]
        counts = [self.count(footer.read, *plurals["read"]), self.count(footer.on_topic, *plurals["on topic"])]
        held = (
            (footer.unjudged, "unjudged"),
            (footer.copies, "copy"),
            (footer.repeats, "repeat"),
            (footer.waiting, "waiting"),
        )
        counts += [self.count(value, *plurals[thing]) for value, thing in held if value]
        lines = [" · ".join(counts)]
        if footer.announced:
            lines.append(self["announced"] + self["sep"].join(footer.announced))
        if footer.unread:
            lines.append(self.count(footer.unread, *plurals["unread"]))
        if footer.ill:
            lines.append(self["ill"] + ", ".join(footer.ill))
        return lines


def _but(pieces: Sequence[Piece], others: Sequence[Piece]) -> list[Piece]:
    """Those of other outlets than these."""
    named = {piece.outlet for piece in others}
    return [piece for piece in pieces if piece.outlet not in named]
