"""The third stage: what is untold → digests, alerts and replies, each promised as it becomes told."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, RowMapping

from alerts.promise import pack, unpack
from sovwatch import digest as composing
from sovwatch import slots
from sovwatch.app.opening import App
from sovwatch.judge import affair, body
from sovwatch.model import Digest, Footer, Item, SeedVerdict
from sovwatch.mutes import apart
from sovwatch.novelty import additions
from sovwatch.reports import GROWTH_TIME, Report, StoryReports, grows
from sovwatch.settings import ChannelSettings
from sovwatch.similarity import SCHEME, Fingerprint, fingerprint
from sovwatch.store import placing, queue, schedule, sources, steering, telling

IN_TIME = timedelta(minutes=15)  # cron may call only every ten minutes

HISTORY = timedelta(weeks=4)  # of a topic, that growth is measured against


@dataclass(slots=True)
class DigestReport:
    """The messages that were promised, by their keys in the outbox."""

    promised: list[str] = field(default_factory=list)


def digest(app: App, *, only_due: bool, channels: Sequence[str] = ()) -> DigestReport:
    """Compose and promise what channels are owed: those whose slot is due or, by hand, all or the named ones."""
    report = DigestReport()
    for name in channels or app.settings.channels:
        settings = app.settings.channels[name]
        with app.store.write(durable=True) as c:
            if (key := _promise(app, c, name, settings, only_due=only_due)) is not None:
                report.promised.append(key)
    return report


def _outbox(c: Connection, composed: Digest, now: datetime) -> bool:
    return queue.promise(c, composed.key, composed.channel, pack(composed), now=now)


def preview(app: App, name: str, at: datetime | None = None) -> Digest | None:
    """The digest that the channel would get now; nothing is written."""
    settings = app.settings.channels[name]
    now = at or app.now()
    with app.store.read() as c:
        row = telling.channels(c).get(name)
        draft = Draft(app, c, name, settings, now)
        return draft.digest(key=f"preview:{name}", upto=row["upto"] if row else 0)[0]


def _promise(app: App, c: Connection, name: str, settings: ChannelSettings, *, only_due: bool) -> str | None:
    now = app.now()
    row = telling.enrol(c, name, now)
    job = schedule.digest_job(name)
    last = schedule.last_slot(c, job, now)
    slot = slots.due_slot(settings, last=last, now=now)
    if only_due and slot is None:
        return None
    key = slots.slot_key(name, settings, slot) if slot is not None else f"digest:{name}:{now:%Y-%m-%dT%H:%M:%S}"
    draft = Draft(app, c, name, settings, now)
    composed, upto = draft.digest(key=key, upto=row["upto"])
    telling.footed(c, name, upto)
    if slot is not None:
        schedule.serve(c, job, slot, now=now, detail=_lateness(settings, last, slot, now))
    if composed is not None and not _outbox(c, composed, now):
        composed = None  # promised before under this key: what is untold stays so
    draft.settle(composed)
    return composed.key if composed else None


def _lateness(settings: ChannelSettings, last: datetime | None, slot: datetime, now: datetime) -> str:
    """How late a slot is served, and how many were missed before it; "" where it is in time."""
    late = now - slot
    if late < IN_TIME:
        return ""
    missed = 0
    while last is not None and (last := slots.next_slot(settings, last)) is not None and last < slot:
        missed += 1
    return f"{late.total_seconds() / 3600:.1f} hours late" + (f", {missed} missed before it" if missed else "")


def topic_names(app: App, settings: ChannelSettings) -> dict[str, str]:
    """The topics as the channel reads them."""
    return {name: topic.called("name", settings.language) for name, topic in app.settings.topics.items()}


class Draft:
    """What one channel is owed, gathered within one transaction."""

    def __init__(self, app: App, c: Connection, name: str, settings: ChannelSettings, now: datetime) -> None:
        self._app, self._c, self._name, self._settings, self._now = app, c, name, settings, now
        self._followed = steering.followed(c, name)
        self._owed = telling.owed(c, name)
        self._history = telling.history(c, name, list(self._owed))
        stories = tuple(self._story(story, owed) for story, owed in self._owed.items())
        self.stories, self._muted = apart(stories, [mute for _, mute in steering.mutes(c, now)], name, now)

    def digest(self, *, key: str, upto: int) -> tuple[Digest | None, int]:
        """The digest of all that is owed, and the newest article that its footer counts."""
        footer, newest = telling.footer(self._c, upto)
        composed = composing.compose(
            self._name,
            self._settings,
            self._topic_names(),
            self.stories,
            self._completed(footer),
            key=key,
            at=self._now,
            told_today=telling.told_since(self._c, self._name, self._midnight()),
        )
        return composed, newest

    def settle(self, composed: Digest | None) -> None:
        """Move what the digest tells, and what adds nothing to a story told before, from news to told."""
        for item in composed.items if composed else ():
            self._tell(item, composed.key if composed else None)
        for report in self._muted:
            self._take_out(report, "muted")
        for story in self.stories:
            for report in story.reports if story.told_at else ():
                if not report.additions and not report.change:
                    self._take_out(report, "counted")

    def _take_out(self, report: Report, how: telling.How) -> None:
        owed = [
            (one.row["id"], one.revision) for one in self._owed[report.story] if one.row["id"] == report.piece.article
        ]
        telling.take_out(self._c, self._name, owed, report.story, how, None, self._now)

    def _tell(self, item: Item, key: str | None) -> None:
        owed = [one for one in self._owed[item.story] if one.row["id"] in item.articles]
        how: telling.How = "update" if item.told_at else "new"
        told = [(one.row["id"], one.revision) for one in owed]
        telling.take_out(self._c, self._name, told, item.story, how, key, self._now)

    def _story(self, story: int, owed: Sequence[telling.Owed]) -> StoryReports:
        told = self._history.get(story)
        return StoryReports(
            story=story,
            reports=tuple(self._reports(story, owed)),
            counted=tuple(self._counted(story, owed)),
            told_at=told.first if told else None,
            told_link=queue.link(self._c, told.message, story) if told and told.message else None,
            thread_key=told.alone if told else None,
            replied_at=told.replied if told else None,
            followed=story in self._followed,
        )

    def _reports(self, story: int, owed: Sequence[telling.Owed]) -> Iterable[Report]:
        """The reports in the order of arrival, each with what it adds to what was told and to those before it."""
        told = self._history.get(story)
        known = self._known(story, owed)
        topics = telling.topics_of(self._c, [one.row["id"] for one in owed])
        for one in owed:
            row = one.row
            seed = SeedVerdict(row["seed"], row["relation"], row["seed_why"] or "") if row["seed"] else None
            fp = Fingerprint.unpack(row["fingerprint"]) if row["scheme"] == SCHEME else None
            seeds = affair(self._app.bench.cards, seed) if seed else []
            lines = tuple(a.line for a in additions(row["title"], body(row), fp, known + seeds)) if fp else ()
            if fp is not None:
                known.append(fp)
            mine = topics.get(row["id"], [])
            unseen = told is not None and row["id"] in told.counted  # what was never shown is not corrected
            yield Report(
                piece=telling.piece(row),
                topics={topic["topic"]: topic["score"] for topic in mine},
                central={topic["topic"]: topic["centrality"] for topic in mine},
                story=story,
                copy_of=row["copy_of"],
                seed=seed,
                additions=(() if unseen else one.lines) or lines,
                tellable=row["standing"] == "news",
                away=row["standing"] == "away",
                signals=tuple(dict.fromkeys(self._signals(mine))),
                change="" if unseen else one.change,
            )

    def _known(self, story: int, owed: Sequence[telling.Owed]) -> list[Fingerprint]:
        """What the channel knows of the story; what is owed again though it was only counted is not known by itself."""
        if (told := self._history.get(story)) is None:
            return [_headline(owed[0].row)]
        again = told.counted & {one.row["id"] for one in owed}
        return list(placing.fingerprints(self._c, set(told.articles) - again).values())

    def _counted(self, story: int, owed: Sequence[telling.Owed]) -> Iterator[Report]:
        """The reports that added nothing since the story was last told."""
        told = self._history.get(story)
        again = {one.row["id"] for one in owed}
        if told is None or not (since := [number for number in told.since if number not in again]):
            return
        for piece, copy_of in telling.counted(self._c, since):
            yield Report(piece=piece, story=story, copy_of=copy_of)

    def _signals(self, topics: Iterable[RowMapping]) -> Iterator[str]:
        """The declared signals, as the channel reads them."""
        for row in topics:
            topic = self._app.settings.topics.get(row["topic"])
            for signal in row["signals"]:
                yield topic.called(signal, self._settings.language) if topic else signal

    def _topic_names(self) -> dict[str, str]:
        return topic_names(self._app, self._settings)

    def _completed(self, footer: Footer) -> Footer:
        """The footer with the names of ill sources, and of what was told on its own since the last digest."""
        ill = sources.ill_names(self._c)
        names = {source.id: source.outlet for source in self._app.settings.sources if source.enabled}
        alone = [unpack(payload) for payload in queue.since_digest(self._c, self._name, "breaking")]
        return replace(
            footer,
            ill=tuple(dict.fromkeys(names[one] for one in ill if one in names)),
            announced=tuple(item.lead.title for message in alone for item in message.items),
        )

    def _midnight(self) -> datetime:
        local = self._now.astimezone(ZoneInfo(self._settings.zone))
        return local.replace(hour=0, minute=0, second=0, microsecond=0)


def _headline(row: RowMapping) -> Fingerprint:
    """What the headline that opens a story says by itself, so that the line below it says more."""
    return fingerprint(row["title"], "", language=row["language"], published=None)


def announce(app: App, channels: Sequence[str] = ()) -> DigestReport:
    """Tell at once what cannot wait, all channels or the named: breaking and followed stories, replies into threads."""
    report = DigestReport()
    for name in channels or app.settings.channels:
        settings = app.settings.channels[name]
        if slots.in_quiet(settings, app.now()) and not settings.breaking_in_quiet_hours:
            continue
        with app.store.write(durable=True) as c:
            report.promised += _announce(app, c, name, settings)
    return report


def _announce(app: App, c: Connection, name: str, settings: ChannelSettings) -> list[str]:
    now = app.now()
    telling.enrol(c, name, now)
    draft = Draft(app, c, name, settings, now)
    keys = []
    for story in draft.stories:
        told = _alert(app, c, name, settings, story, now)
        if told is None:
            continue
        if _outbox(c, told, now):
            draft.settle(told)
            keys.append(told.key)
    return keys


def _alert(
    app: App, c: Connection, name: str, settings: ChannelSettings, story: StoryReports, now: datetime
) -> Digest | None:
    """The message that tells a story at once, where it is breaking or answers in a thread of its own."""
    if not settings.breaking and not story.followed:
        return None  # who follows a story asks for it, whatever the channel wants of breaking ones
    topics = topic_names(app, settings)
    key = f"{name}:{story.story}:{now:%Y-%m-%dT%H:%M:%S}"
    if story.thread_key is not None:
        return composing.reply(name, settings, topics, story, key=f"reply:{key}", at=now)
    if story.told_at is not None and not story.followed:
        return None
    declared = any(report.signals and report.tellable for report in story.reports)
    if not declared and not story.followed and not _grows(c, story, now):
        return None
    signal = "" if declared or not story.followed else _FOLLOWED[settings.language]
    return composing.breaking(name, settings, topics, story, key=f"breaking:{key}", at=now, signal=signal)


_FOLLOWED = {"en": "followed", "fr": "suivie"}


def _grows(c: Connection, story: StoryReports, now: datetime) -> bool:
    """Whether the story grows unusually fast; the topic's history is asked only where it grows fast at all."""
    if not grows(story.reports, now, ()):
        return False
    topics = {topic for report in story.reports for topic, central in report.central.items() if central == "main"}
    usual = [len(seen) for seen in telling.first_hours(c, topics, now - HISTORY, GROWTH_TIME, but=story.story)]
    return grows(story.reports, now, usual) > 0
