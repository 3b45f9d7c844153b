"""The world of `benchmarks.soak`: made-up outlets on loopback that publish for months, and fall ill now and then.

Every happening has names and figures of its own, so that whether it was told can be counted; several outlets report
it, late or at once. An outlet lists its newest entries only, as feeds do: what a monitor misses is gone.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape

from aiohttp import web

from sovwatch.demo.serving import LoopbackServer, drop

OUTLETS = 8
LISTED = 40  # entries of a feed
PER_DAY = 6  # happenings a day
ILL = 0.03  # chance of an outlet to be ill in a quarter of a day
ILLNESSES = ("refuses", "garbage", "drops", "nothing")
_SYLLABLES = (
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "ha",
    "je",
    "ki",
    "lo",
    "mu",
    "na",
    "pe",
    "qui",
    "ro",
    "su",
    "ta",
    "ve",
    "wi",
)
_ACTS = (
    "opens",
    "closes",
    "questions",
    "inspects",
    "postpones",
    "buys",
    "repaints",
    "measures",
    "votes down",
    "renames",
)
_THINGS = ("a footbridge", "a weather station", "a ferry", "an orchard", "a library wing", "a signal box", "a quarry")


@dataclass(frozen=True, slots=True)
class Report:
    """One article of one outlet."""

    happening: int
    outlet: int
    at: datetime
    title: str
    text: str

    @property
    def path(self) -> str:
        """Its page; the number is the happening's."""
        return f"/news/{self.at:%Y/%m/%d}/h{self.happening}-report"


class World(LoopbackServer):
    """Feeds and pages of all outlets as they stand at the clock."""

    def __init__(self, start: datetime, days: int, seed: int, clock: Callable[[], datetime]) -> None:
        super().__init__()
        self._random, self._clock = random.Random(seed), clock
        self.start = start
        self.reports = [report for number in range(days * PER_DAY) for report in self._happening(number)]
        quarters = range(days * 4 + 400)  # and some days after, while what is left is read
        self._ill = {
            (outlet, quarter): self._random.choice(ILLNESSES)
            for outlet in range(OUTLETS)
            for quarter in quarters
            if self._random.random() < ILL
        }
        self.failures = 0

    def _happening(self, number: int) -> Sequence[Report]:
        at = self.start + timedelta(days=(number + self._random.random()) / PER_DAY)
        who, where = self._name(), self._name()
        what = f"{self._random.choice(_ACTS)} {self._random.choice(_THINGS)}"
        figure = self._random.randint(100, 99_999)
        outlets = self._random.sample(range(OUTLETS), self._random.choice((1, 1, 2, 3)))
        return [
            Report(
                number,
                outlet,
                at + timedelta(hours=n * self._random.random() * 6),
                f"{who} {what} near {where} {'' if n == 0 else ('after dispute', 'as planned')[n - 1]}".strip(),
                self._text(who, where, what, figure, n),
            )
            for n, outlet in enumerate(outlets)
        ]

    def _name(self) -> str:
        return " ".join("".join(self._random.choices(_SYLLABLES, k=3)).capitalize() for _ in range(2))

    def _text(self, who: str, where: str, what: str, figure: int, angle: int) -> str:
        sentences = [
            f"{who} {what} near {where} at a cost of {figure:,} crowns.",
            *(
                f"{self._name()} of {where} spoke of {self._random.randint(2, 900)} {' '.join(self._words())}."
                for _ in range(6)
            ),
        ]
        return "\n".join(sentences if angle == 0 else [f"{where} hears more.", *sentences[:1], *sentences[3:]])

    def _words(self) -> list[str]:
        return ["".join(self._random.choices(_SYLLABLES, k=2)) for _ in range(14)]

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer for all outlets, by the Host of the request."""
        outlet = int(request.host.partition(".")[0].removeprefix("outlet-"))
        if request.path == "/robots.txt":
            return web.Response(status=404)
        now = self._clock()
        illness = self._ill.get((outlet, int((now - self.start) / timedelta(hours=6))))
        if illness:
            self.failures += 1
            return self._ill_answer(illness, request)
        mine = [report for report in self.reports if report.outlet == outlet and report.at <= now]
        if request.path == "/feed":
            return web.Response(text=_feed(outlet, mine[-LISTED:]), content_type="application/rss+xml")
        found = next((report for report in mine if report.path == request.path), None)
        if found is None:
            return web.Response(status=404)
        return web.Response(text=_page(found), content_type="text/html")

    @staticmethod
    def _ill_answer(illness: str, request: web.BaseRequest) -> web.StreamResponse:
        match illness:
            case "refuses":
                return web.Response(status=503, headers={"Retry-After": "600"})
            case "garbage":
                return web.Response(body=bytes(range(256)) * 40, content_type="application/rss+xml")
            case "nothing":
                return web.Response(text="", content_type="application/rss+xml")
        drop(request)
        return web.Response(status=500)


def _feed(outlet: int, reports: Sequence[Report]) -> str:
    items = "".join(
        f"<item><title>{escape(one.title)}</title><link>http://outlet-{outlet}.example{one.path}</link>"
        f"<pubDate>{format_datetime(one.at)}</pubDate><description>{escape(one.text[:90])}</description></item>"
        for one in reversed(reports)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Outlet {outlet}</title>{items}</channel></rss>'


def _page(report: Report) -> str:
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in report.text.splitlines())
    return (
        f"<html lang='en'><head><title>{escape(report.title)}</title>"
        f"<meta property='article:published_time' content='{report.at.isoformat()}'></head>"
        f"<body><article><h1>{escape(report.title)}</h1>{paragraphs}</article></body></html>"
    )
