"""The third stage: what is untold → digests, alerts and replies, each promised as it becomes told."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from alerts.promise import pack
from sovwatch import slots
from sovwatch.app.drafting import Draft, reader_of
from sovwatch.app.opening import App
from sovwatch.digest import Reader, breaking, reply
from sovwatch.model import Digest
from sovwatch.reports import StoryReports, declared, grows
from sovwatch.settings import ChannelSettings
from sovwatch.store import counting, placing, queue, schedule, telling
from sovwatch.wording import lasting

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
        with app.store.write(durable=True) as c:
            if (key := _promise(app, c, reader_of(app, name), only_due=only_due)) is not None:
                report.promised.append(key)
    return report


def _draft(app: App, c: Connection, reader: Reader, now: datetime) -> Draft:
    """What the channel is owed, with nobody placing from here to the end of the transaction.

    Two stories made one meanwhile would leave what is told now with a story that is no more. It is gathered before, so
    that judges need not wait for it (a second for a hundred reports), and again where it does not stand any more.
    """
    draft = Draft(app, c, reader, now)
    placing.alone(c)
    return draft if draft.stands() else Draft(app, c, reader, now)


def _outbox(c: Connection, composed: Digest, now: datetime) -> bool:
    return queue.promise(c, composed.key, composed.channel, pack(composed), now=now)


def preview(app: App, name: str, at: datetime | None = None) -> Digest | None:
    """The digest that the channel would get now; nothing is written."""
    now = at or app.now()
    with app.store.read() as c:
        row = telling.channels(c).get(name)
        draft = Draft(app, c, reader_of(app, name), now)
        return draft.digest(key=f"preview:{name}", upto=row["upto"] if row else 0)[0]


def _promise(app: App, c: Connection, reader: Reader, *, only_due: bool) -> str | None:
    name, settings, now = reader.channel, reader.settings, app.now()
    row = telling.enrol(c, name, now)
    job = schedule.digest_job(name)
    last = schedule.last_slot(c, job, now)
    slot = slots.due_slot(settings, last=last, now=now)
    if only_due and slot is None:
        return None
    key = slots.slot_key(name, settings, slot) if slot is not None else f"digest:{name}:{now:%Y-%m-%dT%H:%M:%S}"
    draft = _draft(app, c, reader, now)
    composed, upto = draft.digest(key=key, upto=row["upto"])
    counting.footed(c, name, upto)
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
    return f"{lasting(late)} late" + (f", {missed} missed before it" if missed else "")


def announce(app: App, channels: Sequence[str] = ()) -> DigestReport:
    """Tell at once what cannot wait, all channels or the named: breaking and followed stories, replies into threads."""
    report = DigestReport()
    for name in channels or app.settings.channels:
        reader = reader_of(app, name)
        if slots.in_quiet(reader.settings, app.now()) and not reader.settings.breaking_in_quiet_hours:
            continue
        with app.store.write(durable=True) as c:
            report.promised += _announce(app, c, reader)
    return report


def _announce(app: App, c: Connection, reader: Reader) -> list[str]:
    now = app.now()
    telling.enrol(c, reader.channel, now)
    draft = _draft(app, c, reader, now)
    keys = []
    for story in draft.stories:
        told = _alert(c, reader, story, now)
        if told is None:
            continue
        if _outbox(c, told, now):
            draft.settle(told)
            keys.append(told.key)
    return keys


def _alert(c: Connection, reader: Reader, story: StoryReports, now: datetime) -> Digest | None:
    """The message that tells a story at once, where it is breaking or answers in a thread of its own."""
    if not reader.settings.breaking and not story.followed:
        return None  # who follows a story asks for it, whatever the channel wants of breaking ones
    key = f"{reader.channel}:{story.story}:{now:%Y-%m-%dT%H:%M:%S}"
    if story.thread_key is not None:
        return reply(reader, story, key=f"reply:{key}", at=now)
    if (why := _why(c, reader.settings, story, now)) is None:
        return None
    title, signal = why
    alert = breaking(reader, story, key=f"breaking:{key}", at=now, signal=signal)
    return replace(alert, title=title) if alert else None


_FOLLOWED = {"en": "Followed story", "fr": "Nouvelle suivie"}
_GROWING = {"en": "{} outlets in two hours", "fr": "{} médias en deux heures"}


def _why(c: Connection, settings: ChannelSettings, story: StoryReports, now: datetime) -> tuple[str, str] | None:
    """Why a story is told at once, as a title and a mark, if at all. A declared signal is the report's own mark."""
    if settings.breaking and declared(story):
        return "", ""
    if story.followed:
        return _FOLLOWED[settings.language], ""
    voices = _grows(c, story, now) if story.told_at is None else 0
    return ("", _GROWING[settings.language].format(voices)) if voices else None


def _grows(c: Connection, story: StoryReports, now: datetime) -> int:
    """How many report the story, where it grows unusually fast; the topic's history is asked only where it grows."""
    if not grows(story.reports, now, ()):
        return 0
    topics = {topic for report in story.reports for topic, central in report.central.items() if central == "main"}
    usual = [len(seen) for seen in telling.first_hours(c, topics, now - HISTORY, but=story.story)]
    return grows(story.reports, now, usual)
