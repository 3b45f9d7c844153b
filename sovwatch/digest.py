"""What a channel is told: reports that it was not told yet, to a `Digest`. Pure: the store fills in, the outbox sends.

Requirements, the first first: a channel is told a story once; nothing on topic is dropped (over a cap it waits); what
adds nothing is counted, not told; the most important comes first.

A story that the channel was not told is an entry when one of its reports may be told (`tellable`, which the freshness
rules decided), is about one of the channel's topics rather than mentioning it, and is not held back by a seed. A
story told before is an update when an untold report adds something, or when a told one was corrected or withdrawn; a
report that adds nothing to a story that was told makes no update; its outlet stands in "also in" of the next one. What
adds and has no line of its own yet, for want of room, waits for the next message, a day at most (docs/decisions/0030).

Order is a sum that can be said aloud (`reports.importance`): independent reports, how central, how fresh, how much is
new; but reporting always stands before opinion, releases and what aggregators bring.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain, zip_longest

from sovwatch.model import LINES, MOST_LINES, Digest, DigestKind, Footer, Item, Section
from sovwatch.reports import Report, StoryReports, importance, lead_rank, precedence, voices
from sovwatch.settings import ChannelSettings

REPLY_PAUSE = timedelta(minutes=30)  # at most one reply in a thread in that time
_WAITS = timedelta(days=1)  # for a line, after which a report is told by its outlet's name: else old news keeps out new


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a digest is for: a channel, how it is set up, and all topics by id, as it names them, in their order."""

    channel: str
    settings: ChannelSettings
    topics: Mapping[str, str]

    @property
    def wanted(self) -> tuple[str, ...]:
        """The topics that it is told of."""
        return self.settings.topics or tuple(self.topics)

    @property
    def reads(self) -> tuple[str, ...]:
        """The languages of articles that may lead, its own first."""
        return tuple(sorted(self.settings.reads, key=lambda language: language != self.settings.language))

    def blank(self, kind: DigestKind, key: str, at: datetime) -> Digest:
        """A message to it that tells nothing yet."""
        of = self.settings
        return Digest(key=key, channel=self.channel, kind=kind, at=at, language=of.language, zone=of.zone)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A story that is to be told, where it stands and how much it weighs."""

    item: Item
    topic: str
    rank: tuple[int, float, int]
    away: bool = False


def compose(
    reader: Reader, stories: Sequence[StoryReports], footer: Footer, *, key: str, at: datetime, told_today: int
) -> Digest | None:
    """Return the digest of what is untold, or None where nothing is and the channel wants no word about that.

    `told_today` counts the stories told in the channel's present day. What the caps leave waits, untold, and is counted
    in the footer.
    """
    settings = reader.settings
    found = (_entry(reader, story, at) for story in stories)
    entries = sorted((entry for entry in found if entry is not None), key=lambda entry: entry.rank)
    room = min(settings.per_digest, max(0, settings.per_day - told_today))
    shown, waiting = entries[:room], entries[room:]
    if not shown and not settings.empty:
        return None
    return replace(
        reader.blank("digest", key, at),
        sections=_sections(reader.topics, [entry for entry in shown if not entry.away and entry.item.told_at is None]),
        updates=tuple(entry.item for entry in shown if not entry.away and entry.item.told_at is not None),
        away=tuple(entry.item for entry in shown if entry.away),
        footer=replace(footer, waiting=len(waiting)),
    )


def breaking(reader: Reader, story: StoryReports, *, key: str, at: datetime, signal: str = "") -> Digest | None:
    """Return the message that tells one story at once, or None where nothing of it may be told.

    `signal` says why, where it isn't a declared signal that the text carries ("3 outlets in an hour", "followed").
    """
    entry = _entry(reader, story, at)
    if entry is None or entry.away:
        return None
    item = replace(entry.item, signal=entry.item.signal or signal)
    sections = (Section(entry.topic, reader.topics.get(entry.topic, entry.topic), (item,)),)
    return replace(reader.blank("breaking", key, at), sections=sections)


def reply(reader: Reader, story: StoryReports, *, key: str, at: datetime) -> Digest | None:
    """Return an update into the story's own thread, or None: nothing new, no thread, or one within `REPLY_PAUSE`."""
    if story.thread_key is None or story.told_at is None:
        return None
    if story.replied_at is not None and abs(at - story.replied_at) < REPLY_PAUSE:
        return None
    above = story.told_by == story.thread_key
    alert = breaking(reader, replace(story, told_as="" if above else story.told_as), key=key, at=at)
    return replace(alert, kind="reply", thread_of=story.thread_key) if alert else None


def _entry(reader: Reader, story: StoryReports, at: datetime) -> _Entry | None:
    """Return what the channel is told of the story now, or None."""
    topics, matters = reader.topics, opens if story.told_at is None else _moves
    candidates = [report for report in story.reports if matters(report, reader.wanted)]
    fresh = [report for report in candidates if report.tellable]
    news = fresh or [report for report in candidates if report.away]
    if not news:
        return None
    strength = _strength(news, reader.wanted)
    topic = max(strength, key=lambda name: (strength[name], -list(topics).index(name) if name in topics else 0))
    also = tuple(topics[name] for name in _strength(news, topics) if name != topic)
    lead = min(news, key=lambda report: lead_rank(report, reader.reads))
    rank = (precedence(lead), -importance(news, strength[topic], at), story.story)
    said = _lines(lead, news, first=story.told_at is None)
    waits = _waiting(lead, news, said, at) if fresh else frozenset()
    item = replace(
        _item(story, lead, reader.reads, said, waits),
        also_topics=also,
        over_seed=any(report.seed is not None for report in news),
        signal=next((signal for report in news for signal in report.signals), ""),
    )
    return _Entry(item, topic, rank, away=not fresh)


def _item(
    story: StoryReports,
    lead: Report,
    reads: Sequence[str],
    said: Sequence[tuple[str, Report]],
    waits: AbstractSet[int],
) -> Item:
    """Return the story as it is shown: its lead, what that and the rest of the news say, and who else has it."""
    untold = [report for report in story.reports if report is not lead and not report.told]
    gone = [report for report in untold if report.change == "withdrawn"]
    again = [report for report in untold if _is_what_was_told(report, story)]
    reports, copies = voices(lead, [one for one in untold if one not in gone and one not in again], reads)
    speak = _speaking(lead, said)
    told = list(_told((lead, *untold), waits, speak))
    mute = [report for report in told if report.piece.article not in speak]
    had_it = [*story.counted, *(report for report in again if report in told)]  # who stays untold is named then
    return Item(
        story=story.story,
        lead=lead.piece,
        lines=tuple(line for line, _ in said),
        voices=tuple(None if report is lead else report.piece for _, report in said),
        reports=tuple(report.piece for report in reports),
        copies=tuple(report.piece for report in copies),
        meanwhile=tuple(report.piece for report in sorted(had_it, key=lambda one: lead_rank(one, reads))),
        change=lead.change,
        was=_replaced(told),
        gone=tuple(report.piece for report in gone),
        told_at=story.told_at,
        told_link=story.told_link,
        told_as=story.told_as,
        told_in=story.told_in,
        articles=tuple(report.piece.article for report in told),
        named=tuple(report.piece.article for report in mute if report.additions or story.told_at is not None),
    )


def _is_what_was_told(report: Report, story: StoryReports) -> bool:
    """Whether it is the text of an article that was told before, perhaps corrected since, with nothing added."""
    first_told_now = {one.piece.article for one in story.reports if not one.change}
    bare = report.copy_of is not None and not report.additions and not report.change
    return bare and story.told_at is not None and report.copy_of not in first_told_now


def _replaced(told: Iterable[Report]) -> tuple[tuple[str, str], ...]:
    """Return the figures that edits replaced, each once, as one language writes it; the first of each before a second.

    Only some are shown.
    """
    written: dict[tuple[str, ...], tuple[str, str]] = {}
    for pair in filter(None, chain.from_iterable(zip_longest(*(report.was for report in told)))):
        written.setdefault(tuple("".join(filter(str.isalnum, figure)) for figure in pair), pair)
    return tuple(written.values())


def opens(report: Report, wanted: Iterable[str]) -> bool:
    """Whether the report may open the telling of its story: about a wanted topic, and more than the seeds say."""
    return _central(report, wanted) and not report.told and not _held(report) and report.change != "withdrawn"


def _moves(report: Report, wanted: Iterable[str]) -> bool:
    """Whether the report moves a story that was told: it adds something, or what was told of it changed."""
    if report.change:
        return _central(report, wanted)
    return _central(report, wanted) and not report.told and not _held(report) and bool(report.additions)


def _held(report: Report) -> bool:
    """Whether the report says only what the reader knows already, from the seeds."""
    return report.seed is not None and not (report.seed.relation == "update" or report.additions)


def _central(report: Report, wanted: Iterable[str]) -> bool:
    return any(report.central.get(topic) == "main" for topic in wanted)


def _strength(reports: Iterable[Report], wanted: Iterable[str]) -> dict[str, float]:
    """Map the topics that the reports are about to the best score of each, the strongest first."""
    best: dict[str, float] = {}
    for report in reports:
        for topic in wanted:
            if report.central.get(topic) == "main":
                best[topic] = max(best.get(topic, 0.0), report.topics.get(topic, 0.0))
    return dict(sorted(best.items(), key=lambda pair: -pair[1]))


def _lines(lead: Report, news: Sequence[Report], *, first: bool) -> list[tuple[str, Report]]:
    """Say what the lead says or adds, and what each other report adds that is surely news; each line with its report.

    What a report adds, none before it did. One that is less sure fills a line that the lead leaves, and of an update
    comes before another such line of the lead's: each report has its say before any has two.
    """
    others = [report for report in news if report is not lead]
    others.sort(key=lambda report: report.piece.language != lead.piece.language)
    own = [line for line in lead.additions if line != lead.piece.title][:LINES]  # the headline stands above already
    whose = {line: lead for number, line in enumerate(own) if first or not number or line in lead.sure}
    for report in others:
        among = report.additions if len(whose) < LINES else report.sure
        if line := next((line for line in among if line not in {lead.piece.title, *whose}), None):
            whose[line] = report
    if len(whose) < LINES:
        whose |= {line: lead for line in own if line not in whose}
    return list(whose.items())[:MOST_LINES]


def _waiting(
    lead: Report, news: Iterable[Report], said: Sequence[tuple[str, Report]], at: datetime
) -> AbstractSet[int]:
    """The articles that add what is surely news, for which there is no line, and that have not waited long for one."""
    shown, speak = {lead.piece.title, *(line for line, _ in said)}, _speaking(lead, said)
    lineless = [one for one in news if one.piece.article not in speak and not shown.issuperset(one.sure)]
    return {one.piece.article for one in lineless if one.since is None or at - one.since < _WAITS}


def _speaking(lead: Report, said: Iterable[tuple[str, Report]]) -> AbstractSet[int]:
    return {lead.piece.article, *(report.piece.article for _, report in said)}


def _told(reports: Iterable[Report], waits: AbstractSet[int], speak: AbstractSet[int]) -> Iterator[Report]:
    """What is told now: not what waits, nor who stands silent behind it and may say the same, which were known then."""
    behind = False
    for report in reports:
        if report.piece.article in waits:
            behind = True
        elif report.piece.article in speak or report.sure or not behind:
            yield report


def _sections(topics: Mapping[str, str], entries: Sequence[_Entry]) -> tuple[Section, ...]:
    """Part the entries by topic, in the order of the topics; within one, in the order given."""
    parts = (
        (topic, name, tuple(entry.item for entry in entries if entry.topic == topic)) for topic, name in topics.items()
    )
    return tuple(Section(topic, name, items) for topic, name, items in parts if items)
