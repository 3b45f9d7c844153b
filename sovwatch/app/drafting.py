"""What one channel is owed, gathered from the store as values for `sovwatch.digest`, and moved to what it was told."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, RowMapping

from alerts.promise import headlines, led
from sovwatch.app.knowing import Knowledge
from sovwatch.app.opening import App
from sovwatch.corrections import holds, replaced
from sovwatch.digest import Reader, compose, opens
from sovwatch.gist import says
from sovwatch.known import Memory
from sovwatch.model import Digest, Footer, Item, Kind, Piece, SeedVerdict
from sovwatch.mutes import apart, covered
from sovwatch.novelty import SURE, additions, changes
from sovwatch.reports import Report, StoryReports, lead_rank, reporting
from sovwatch.schemes import READ
from sovwatch.similarity import Fingerprint, fingerprint
from sovwatch.statements import Statements, statements
from sovwatch.store import counting, history, queue, reading, sources, steering, telling
from sovwatch.stored import body, fingerprint_of

_LOG = logging.getLogger(__name__)


def reader_of(app: App, name: str) -> Reader:
    """A channel with the topics as it reads them."""
    settings = app.settings.channels[name]
    topics = {topic: one.called("name", settings.language) for topic, one in app.settings.topics.items()}
    return Reader(name, settings, topics)


class Draft:
    """What one channel is owed, gathered within one transaction."""

    def __init__(self, app: App, c: Connection, reader: Reader, now: datetime) -> None:
        self._app, self._c, self._reader, self._now = app, c, reader, now
        name = self._name = reader.channel
        self._followed = steering.followed(c, name)
        self._places = telling.owed_places(c, name)
        self._owed = telling.owed(c, name, now)
        self._before = history.history(c, name, list(self._owed))
        self._history = dict(self._before)  # but of what only opinions told, and is told now
        self._knowledge = Knowledge(app, c, name, now, self._history)
        self._mutes = [mute for _, mute in steering.mutes(c, now) if mute.holds(name, now)]
        stories = tuple(self._story(story, owed) for story, owed in self._owed.items())
        self.stories, self._muted = apart(stories, self._mutes)

    def stands(self) -> bool:
        """Whether nobody placed anything meanwhile that touches what was gathered."""
        return self._places == telling.owed_places(self._c, self._name) and self._before == history.history(
            self._c, self._name, list(self._owed)
        )

    def digest(self, *, key: str, upto: int) -> tuple[Digest | None, int]:
        """The digest of all that is owed, and the newest article that its footer counts."""
        footer, newest = counting.footer(self._c, upto, self._reader.wanted)
        composed = compose(
            self._reader,
            self.stories,
            self._completed(footer),
            key=key,
            at=self._now,
            told_today=counting.told_on(self._c, self._name, self._midnight()),
        )
        return composed, newest

    def settle(self, composed: Digest | None) -> None:
        """Move what the digest tells, and what adds nothing to a story told before, from news to told.

        What adds nothing but to one that is still owed stays behind it: known, it would take its news from it.
        """
        items = composed.items if composed else ()
        for item in items:
            self._tell(item, composed.key if composed else None)
        for report in self._muted:
            self._take_out(report, "muted")
        told = {article for item in items for article in item.articles}
        for story in self.stories:
            for report in story.reports if story.told_at else ():
                if report.additions or report.change:
                    if report.piece.article not in told:
                        break
                else:
                    self._take_out(report, "counted")

    def _take_out(self, report: Report, how: telling.How) -> None:
        owed = [one.taken for one in self._owed[report.story] if one.row["id"] == report.piece.article]
        telling.take_out(self._c, self._name, owed, report.story, how, None, self._now)

    def _tell(self, item: Item, key: str | None) -> None:
        told = [one.taken for one in self._owed[item.story] if one.row["id"] in item.articles]
        how: telling.How = "update" if item.told_at else "new"
        shown = [one for one in told if one[0] not in item.named]
        telling.take_out(self._c, self._name, shown, item.story, how, key, self._now)
        telling.take_out(self._c, self._name, set(told) - set(shown), item.story, "named", key, self._now)

    def _story(self, story: int, owed: Sequence[telling.Owed]) -> StoryReports:
        return self._first_reported(story, owed) or self._as_known(story, owed)

    def _first_reported(self, story: int, owed: Sequence[telling.Owed]) -> StoryReports | None:
        """The story anew where it is reported for the first time now, the channel knowing it from opinions alone.

        A reprint of one is one, whatever its page says. What changed of those waits, to be an update of it.
        """
        if (told := self._history.get(story)) is None or not told.opinion:
            return None
        del self._history[story]
        anew = self._as_known(story, [one for one in owed if one.row["id"] not in told.told])
        opinions = {*told.articles, *(one.piece.article for one in anew.reports if not _reporting(one))}
        if any(self._may_open(one) and _reporting(one) and one.copy_of not in opinions for one in anew.reports):
            return anew
        self._history[story] = told
        return None

    def _may_open(self, report: Report) -> bool:
        return report.tellable and opens(report, self._reader.wanted) and not covered(report, self._mutes)

    def _as_known(self, story: int, owed: Sequence[telling.Owed]) -> StoryReports:
        told = self._history.get(story)
        shown = self._shown(told) if told else None
        return StoryReports(
            story=story,
            reports=tuple(self._reports(story, owed)),
            counted=tuple(self._counted(story, owed)),
            signals=self._told_signals(told) if told else frozenset(),
            told_at=told.first if told else None,
            told_link=self._where_told(story, told, shown) if told else None,
            told_as=shown.title if shown else "",
            told_in=shown.language if shown else "",
            told_by=told.message if told else None,
            thread_key=told.alone if told else None,
            replied_at=told.replied if told else None,
            followed=story in self._followed,
        )

    def _shown(self, told: history.History) -> Piece | None:
        """The piece that a story was first told by, as it was shown, while its message is kept."""
        return led(queue.payload(self._c, told.message), told.opened) if told.message else None

    def _where_told(self, story: int, told: history.History, shown: Piece | None) -> str:
        """Where a person finds what first told the story: the message itself, else the article that led there."""
        link = queue.link(self._c, told.message, story) if told.message else None
        return link or (shown.url if shown else reading.title_and_url(self._c, told.opened)[1])

    def _reports(self, story: int, owed: Sequence[telling.Owed]) -> Iterator[Report]:
        """The reports, those first that would rather lead, each with what it adds to what was told and to those before.

        So what two of them say stands under the one in the reader's language, and what a muted one says is not known.
        """
        topics = telling.topics_of(self._c, [one.row["id"] for one in owed])
        bare = {one.row["id"]: self._bare(story, one, topics.get(one.row["id"], [])) for one in owed}
        reads = self._reader.reads
        ordered = sorted(owed, key=lambda one: lead_rank(bare[one.row["id"]], reads))
        known = self._knowledge.of_story(story, ordered)
        if seeds := self._knowledge.of_seeds(bare.values()):
            known += [*seeds, *([] if known else [_headline(ordered[0].row)])]
        memory, before_it = Memory(known), list[Fingerprint]()
        for one in ordered:
            report, fp = self._with_additions(bare[one.row["id"]], one, memory, before_it)
            if fp is not None and not covered(report, self._mutes):
                before_it.append(fp)
                memory.add(fp)
            yield report

    def _bare(self, story: int, one: telling.Owed, topics: Sequence[RowMapping]) -> Report:
        """A report without what it adds. What was never shown is not corrected, nor withdrawn what is back."""
        row, told = one.row, self._history.get(story)
        seen = told is not None and row["id"] in set(told.articles) - told.counted
        headed = any(reason["rule"].startswith("headline") for topic in topics for reason in topic["reasons"])
        return Report(
            piece=telling.piece(row),
            topics={topic["topic"]: topic["score"] for topic in topics},
            central={topic["topic"]: topic["centrality"] for topic in topics},
            story=story,
            copy_of=row["copy_of"],
            seed=SeedVerdict(row["seed"], row["relation"], row["seed_why"] or "") if row["seed"] else None,
            tellable=row["standing"] == "news",
            away=row["standing"] == "away",
            since=min((at for at in told.told.values() if at >= one.since), default=None) if told else None,
            signals=tuple(dict.fromkeys(self._signals(topics))),
            change=one.change if seen and (row["gone"] or one.change != "withdrawn") else "",
            headed=headed,
            says=headed or row["scheme"] not in READ or says(Fingerprint.unpack(row["fingerprint"])),
        )

    def _with_additions(
        self, report: Report, one: telling.Owed, known: Memory, before_it: Sequence[Fingerprint]
    ) -> tuple[Report, Fingerprint | None]:
        """The report with what it adds to what is known, the reports before it included."""
        row = one.row
        if row["scheme"] not in READ:
            return replace(report, additions=one.lines, sure=one.lines), None
        fp = Fingerprint.unpack(row["fingerprint"])
        stated = statements(row["title"], body(row), fp)
        elsewhere = self._knowledge.elsewhere(report.story)
        found = additions(stated, known, by_day=report.seed is None, elsewhere=elsewhere)
        lines = tuple(addition.line for addition in found)
        sure = tuple(addition.line for addition in found if addition.weight >= SURE)
        report = replace(report, additions=lines, sure=sure)
        return self._changed(report, one, stated, known, before_it) if report.change else report, fp

    def _changed(
        self,
        report: Report,
        one: telling.Owed,
        stated: Statements,
        known: Memory,
        before_it: Sequence[Fingerprint],
    ) -> Report:
        """An edit with what that changed and nobody has said; it may have been taken back.

        What takes the place of another figure is told though it is known, but for what others have said since: the
        twin in the other language tells the same correction.
        """
        row = one.row
        if report.change != "corrected" or not one.before.get("text"):
            changed = tuple(line for line in one.lines if not before_it or _among(line, report.additions))
            return replace(report, additions=changed or report.additions, sure=changed or report.sure)
        before = [fingerprint_of({**row, **one.before}), *self._knowledge.since(report)]
        pairs = self._replaced(one, changes(stated, before)) if report.piece.kind is not Kind.LIVE else ()
        new = changes(stated, known)
        found = changes(stated, [*before, *before_it])
        corrects = [line for line in found if any(holds(line, stands) for _, stands in pairs)]
        changed = tuple(line for line in found if line in new or line in corrects)
        return replace(
            report,
            change="corrected" if changed else "",
            was=pairs,
            additions=changed or report.additions,
            sure=tuple(line for line in changed or report.sure if line in corrects or _among(line, report.sure)),
        )

    def _replaced(self, one: telling.Owed, changed: Sequence[str]) -> tuple[tuple[str, str], ...]:
        """The figures that an edit replaced by such as stand in these lines."""
        row = one.row
        before = f"{one.before['title']}\n{one.before['text']}"
        pairs = replaced(before, f"{row['title']}\n{body(row)}", row["language"])
        return tuple((was, stands) for was, stands in pairs if any(holds(line, stands) for line in changed))

    def _counted(self, story: int, owed: Sequence[telling.Owed]) -> Iterator[Report]:
        """The reports that added nothing since the story was last told."""
        told = self._history.get(story)
        again = {one.row["id"] for one in owed}
        if told is None or not (since := [number for number in told.since if number not in again]):
            return
        for piece, copy_of in telling.counted(self._c, since):
            yield Report(piece=piece, story=story, copy_of=copy_of)

    def _told_signals(self, told: history.History) -> frozenset[str]:
        topics = telling.topics_of(self._c, told.articles)
        return frozenset(signal for rows in topics.values() for signal in self._signals(rows))

    def _signals(self, topics: Iterable[RowMapping]) -> Iterator[str]:
        """The declared signals, as the channel reads them."""
        for row in topics:
            topic = self._app.settings.topics.get(row["topic"])
            for signal in row["signals"]:
                yield topic.called(signal, self._reader.settings.language) if topic else signal

    def _completed(self, footer: Footer) -> Footer:
        """The footer with the names of ill sources, and of what was told on its own since the last digest."""
        ill = sources.ill(self._c)
        names = {source.id: source.outlet for source in self._app.settings.sources if source.enabled}
        alone = [headlines(payload) for payload in queue.since_digest(self._c, self._name)]
        if not all(alone):
            _LOG.warning("%s: an alert that another version wrote is not named in this digest", self._name)
        unread = len(sources.failing(self._c) & names.keys())
        return replace(
            footer,
            unread=unread if 2 * unread >= len(names) else 0,
            ill=tuple(dict.fromkeys(names[one] for one in ill if one in names)),
            announced=tuple(title for titles in alone for title in titles),
        )

    def _midnight(self) -> datetime:
        local = self._now.astimezone(ZoneInfo(self._reader.settings.zone))
        return local.replace(hour=0, minute=0, second=0, microsecond=0)


def _reporting(report: Report) -> bool:
    return reporting(report.piece.kind, report.piece.tier)


def _among(line: str, lines: Iterable[str]) -> bool:
    """Whether a line is one of these, which may have the sentence before it too."""
    return any(line in one for one in lines)


def _headline(row: RowMapping) -> Fingerprint:
    """What the headline that opens a story says by itself, so that the lines below it say more over the seeds."""
    return fingerprint(row["title"], "", language=row["language"], published=None)
