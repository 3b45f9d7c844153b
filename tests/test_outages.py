"""What waited through an outage, or while its channel was taken out, is told once, as what was missed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from alerts.promise import unpack
from sovwatch.app import App
from sovwatch.app.explaining import explain
from sovwatch.app.telling import announce, digest
from sovwatch.model import Digest
from sovwatch.settings import ChannelSettings
from sovwatch.store import queue
from tests.builders import NOW, an_article
from tests.test_telling import COURT, ECHO, RULING, app, read_at

__all__ = ["app"]

OTHER = an_article(
    "https://olds.example/1",
    outlet="Olds Post",
    source="olds",
    title="Alberta separatists book the arena in Olds for a rally on 21 March",
    text="OLDS – The Buffalo Association, which wants Alberta to leave Canada, has booked the arena for a rally.",
)
COUNCIL = an_article(
    "https://brooks.example/1",
    outlet="Brooks Mail",
    source="brooks",
    title="Brooks council will not fly the flag of Alberta separatists",
    text="BROOKS – Councillors voted 5 to 2 against a flag of the Alberta independence movement on city hall.",
)
POLL = an_article(
    "https://c.example/9",
    outlet="C",
    source="c",
    title="Poll: 19 per cent of Quebecers would vote for sovereignty this spring",
    text="QUEBEC CITY – A survey of 1,004 people by Baromètre Laval has Quebec independence at 19 per cent.",
)
DAILY = ChannelSettings(breaking=False, at=("07:00",))  # type: ignore[arg-type]
WEEKLY = ChannelSettings(breaking=False, at=("07:00",), days=("mon",))  # type: ignore[arg-type]


def at(app: App, hours: float, channel: ChannelSettings | None = DAILY) -> App:
    """The program after so many hours, with that channel or without any."""
    channels = {"desk": channel} if channel else {}
    later = {"clock": NOW + timedelta(hours=hours), "channels": channels}
    return replace(app, settings=app.settings.model_copy(update=later))


def scheduled(app: App) -> list[Digest]:
    """The digests that are due."""
    keys = [*announce(app).promised, *digest(app, only_due=True).promised]
    with app.store.read() as c:
        return [unpack(row["payload"]) for row in queue.undelivered(c) if row["key"] in keys]


def told(composed: Digest) -> tuple[list[str], list[str]]:
    """The addresses that a digest leads to: of its news, and of what was missed."""
    news = [item.lead.url for item in composed.items if item not in composed.away]
    return news, [item.lead.url for item in composed.away]


def test_what_waited_when_a_channel_was_taken_out_is_no_news_when_it_is_back(app: App) -> None:
    """It was told as if it had come today."""
    assert scheduled(at(app, 0.1))
    read_at(at(app, 0), 1, RULING, COUNCIL)
    for day in range(1, 5):
        read_at(at(app, 0, None), 24 * day)
        assert scheduled(at(app, 24 * day + 0.1, None)) == []
    said = explain(at(app, 100, None), COUNCIL.url).lines[-1]
    assert said.endswith("digest since 2026-02-03 08:00 EST, and for the channel to be configured again")
    read_at(at(app, 0), 5 * 24, OTHER)
    breaking = ChannelSettings(at=("07:00",))  # type: ignore[arg-type]
    (composed,) = scheduled(at(app, 5 * 24 + 0.1, breaking))
    assert (composed.kind, told(composed)) == ("digest", ([OTHER.url], [RULING.url, COUNCIL.url]))
    assert scheduled(at(app, 6 * 24 + 0.1))[0].items == ()


def test_what_waited_less_than_news_stays_fresh_is_news(app: App) -> None:
    assert scheduled(at(app, 0.1))
    read_at(at(app, 0), 1, an_article())
    (composed,) = scheduled(at(app, 3 * 24 - 1))
    assert told(composed) == ([an_article().url], [])


@pytest.mark.parametrize(("first", "missed"), [(4, [0, 1, 1, 1]), (1, [0, 0, 0, 0])])
def test_what_a_cap_leaves_is_told_later_as_it_would_have_been(app: App, first: int, missed: list[int]) -> None:
    one_a_day = DAILY.model_copy(update={"per_digest": 1})
    assert scheduled(at(app, 0.1, one_a_day))
    read_at(at(app, 0), 1, an_article(), OTHER, COUNCIL)
    read_at(at(app, 0), 24 * first - 1, POLL)
    found = [told(scheduled(at(app, 24 * (first + day) + 0.1, one_a_day))[0]) for day in range(4)]
    assert [len(news) + len(away) for news, away in found] == [1] * 4
    assert sorted(len(away) for _, away in found) == missed


@pytest.mark.parametrize("channel", [WEEKLY, ChannelSettings(breaking=False, at=())])
def test_what_waits_for_a_weekly_digest_or_for_one_by_hand_is_news(app: App, channel: ChannelSettings) -> None:
    digest(at(app, 0, channel), only_due=False)
    read_at(at(app, 0, channel), 1, an_article())
    later = at(app, 6 * 24 + 0.1, channel)  # the Monday after a Tuesday
    (key,) = digest(later, only_due=False).promised
    with app.store.read() as c:
        composed = unpack(queue.payload(c, key))
    assert told(composed) == ([an_article().url], [])


def test_what_was_missed_takes_no_line_from_a_report_that_is_news(app: App) -> None:
    """The old one stood before the fresh one, which had only said what it adds."""
    assert scheduled(at(app, 0.1))
    read_at(at(app, 0), 1, replace(ECHO, text=COURT, title="Judge stops the count of the Alberta petition"))
    fresh = an_article(
        "https://fanal.example/1", outlet="Fanal", source="fanal", title="Alberta petition: judge stops it"
    )
    read_at(at(app, 0), 4 * 24, replace(fresh, text=f"{COURT} Fanal"))
    (composed,) = scheduled(at(app, 4 * 24 + 0.1))
    (item,) = composed.items
    assert (told(composed), "9 March" in " ".join(item.lines)) == (([fresh.url], []), True)
