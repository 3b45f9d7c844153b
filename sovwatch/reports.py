"""Reports of a story as one channel stands to them, whose voice each is, and what they weigh together.

Reports of one voice, being copies of one article or credited to one agency, are one report: forty reprints of a wire
weigh as much as the wire.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import log2
from statistics import fmean, pstdev

from sovwatch.model import Centrality, Change, Kind, Piece, Precision, SeedVerdict, Tier

HALF_LIFE = timedelta(hours=12)  # of freshness
GROWTH = 3  # independent reports within GROWTH_TIME may make a story breaking
GROWTH_TIME = timedelta(hours=2)
_ENOUGH_STORIES = 8  # to speak of what is usual
_KINDS = {Kind.REPORT: 0, Kind.LIVE: 0, Kind.RELEASE: 2, Kind.OPINION: 3, Kind.REFERENCE: 4}
_LATER = {Kind.OPINION, Kind.REFERENCE}
_TIERS = {tier: rank for rank, tier in enumerate(Tier)}
_LATE_TIERS = {Tier.PARTY: 1, Tier.AGGREGATOR: 1, Tier.OPINION: 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One article of a story, as one channel stands to it.

    `additions` are what it adds to the seeds and to what the channel was told, by falling weight, `sure` those of them
    that are surely news; for a story not told before, what it says. `tellable` and `away` hold the outcome of the
    freshness rules, `told` that the channel has it, `since` when a message first told of its story without it.
    """

    piece: Piece
    topics: Mapping[str, float] = field(default_factory=dict)
    central: Mapping[str, Centrality] = field(default_factory=dict)
    story: int = 0
    copy_of: int | None = None
    seed: SeedVerdict | None = None
    additions: tuple[str, ...] = ()
    sure: tuple[str, ...] = ()
    tellable: bool = True
    away: bool = False
    told: bool = False
    since: datetime | None = None
    signals: tuple[str, ...] = ()
    change: Change = ""
    was: tuple[tuple[str, str], ...] = ()  # the figures that an edit replaced, each with the one that stands now
    headed: bool = True  # whether its headline speaks of a topic
    says: bool = True  # or else of what its text tells


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryReports:
    """A story's reports and what the channel was told of it: when, where, and the outbox key of its own thread.

    `counted` are reports that added nothing, come since the channel was last told of the story; `signals`, the declared
    ones of what it was told.
    """

    story: int
    reports: tuple[Report, ...]
    counted: tuple[Report, ...] = ()
    signals: frozenset[str] = frozenset()
    told_at: datetime | None = None
    told_link: str | None = None
    told_as: str = ""  # the headline that it was told by, and in which language
    told_in: str = ""
    told_by: str | None = None  # the outbox key of the message that told it first
    thread_key: str | None = None
    replied_at: datetime | None = None  # when its thread was last replied to
    followed: bool = False


def reporting(kind: str, tier: str) -> bool:
    """Whether such a piece reports, rather than says what somebody thinks or what is long known."""
    return kind not in _LATER and tier != Tier.OPINION


def precedence(report: Report) -> int:
    """Return 0 for reporting, more for what is told after it: what somebody thinks comes after what was announced."""
    return max(_KINDS[report.piece.kind], _LATE_TIERS.get(report.piece.tier, 0))


def lead_rank(report: Report, reads: Sequence[str]) -> tuple[object, ...]:
    """Sort the reports of a story, the one that leads first. `reads` are the reader's languages, the dearest first."""
    seen = report.piece.first_seen or report.piece.published
    return (
        report.change != "withdrawn",
        precedence(report),
        report.piece.language not in reads,
        not report.additions,
        report.copy_of is not None and report.piece.tier is not Tier.WIRE,  # a wire is copied, whoever was read first
        reads.index(report.piece.language) if report.piece.language in reads else len(reads),
        not report.headed,  # "Morning edition" says less of a story than a local paper's headline
        not report.says,
        report.change == "corrected",  # it mostly keeps its headline, which says nothing of what is new
        _TIERS[report.piece.tier],
        report.piece.paywall is True,
        seen.timestamp() if seen else float("inf"),
        report.piece.article,
    )


def independent(reports: Sequence[Report]) -> int:
    """Count the independent voices of reporting: reprints and one agency's pieces are one."""
    reporting = [report for report in reports if precedence(report) == 0] or list(reports)
    return len(set(_voice_of(reporting).values()))


def _voice_of(reports: Sequence[Report]) -> dict[int, int]:
    """Which voice each article speaks with: union of those that copy one another or credit one agency."""
    voice = {report.piece.article: report.piece.article for report in reports}

    def root(article: int) -> int:
        while voice[article] != article:
            article = voice[article]
        return article

    agencies: dict[str, int] = {}
    for report in reports:
        article = report.piece.article
        if report.copy_of is not None:
            voice.setdefault(report.copy_of, report.copy_of)
            voice[root(article)] = root(report.copy_of)
        if agency := report.piece.agency.casefold():
            voice[root(article)] = root(agencies.setdefault(agency, article))
    return {report.piece.article: root(report.piece.article) for report in reports}


def voices(lead: Report, others: Iterable[Report], reads: Sequence[str]) -> tuple[list[Report], list[Report]]:
    """Part the reports beside the lead into independent ones, one a voice, and what only repeats a voice.

    The wire's is the voice, whoever was read first or leads: it is no reprint of a paper.
    """
    ranked = sorted(others, key=lambda report: lead_rank(report, reads))
    voice = _voice_of((lead, *ranked))
    speaks: dict[int, Report] = {}
    for report in sorted((lead, *ranked), key=lambda report: report.piece.tier is not Tier.WIRE):
        speaks.setdefault(voice[report.piece.article], report)
    own = {report.piece.article for report in speaks.values()}
    return [one for one in ranked if one.piece.article in own], [one for one in ranked if one.piece.article not in own]


def importance(news: Sequence[Report], score: float, at: datetime) -> float:
    """Weigh a story: about 1 for one report, 2 for three; up to 1 each for centrality and freshness, half for news.

    The logarithm keeps a big story from burying a new one: from one voice to three says more than from ten to twelve.
    """
    newest = max(report.piece.first_seen or report.piece.published or at for report in news)
    freshness: float = 0.5 ** (max(at - newest, timedelta(0)) / HALF_LIFE)
    novelty = 0.25 * min(2, max(len(report.additions) for report in news))
    return log2(1 + independent(news)) + score + freshness + novelty


def _appeared(piece: Piece) -> datetime | None:
    """When a piece appeared: a first reading, or one after an outage, sees at once what grew over days."""
    return piece.published if piece.published and piece.precision is Precision.SECOND else piece.first_seen


def ahead(lead: Piece, others: Sequence[Piece]) -> Piece | None:
    """Return the piece that was out before the lead and all others, as far as publishers say it to the second."""
    dated = [piece for piece in (lead, *others) if piece.published and piece.precision is Precision.SECOND]
    first = min(dated, key=lambda piece: (piece.published, piece is not lead), default=lead)
    return None if first is lead or lead not in dated else first


def declared(story: StoryReports) -> bool:
    """Whether a report that may be told carries a declared signal that the channel was not told of.

    A column about a ruling, or a background page, is no ruling.
    """
    news = (report for report in story.reports if report.tellable and (story.told_at is None or report.additions))
    news = (report for report in news if reporting(report.piece.kind, report.piece.tier))
    return any(signal not in story.signals for report in news for signal in report.signals)


def grows(reports: Iterable[Report], now: datetime, usual: Sequence[int]) -> int:
    """Return how many independent voices reported within `GROWTH_TIME`, where that is unusually many; else 0.

    `usual` are the most voices that earlier stories of the topic had within such a time, in the last weeks. Unusual
    is three or more, and above mean plus three standard deviations of those (the rule of Huginn's PeakDetectorAgent);
    with fewer than eight stories to go by, three alone is the rule.
    """
    recent = [
        report
        for report in reports
        if report.tellable and (appeared := _appeared(report.piece)) is not None and now - appeared <= GROWTH_TIME
    ]
    voices = independent(recent) if recent else 0
    limit = fmean(usual) + 3 * pstdev(usual) if len(usual) >= _ENOUGH_STORIES else 0.0
    return voices if voices >= GROWTH and voices > limit else 0
