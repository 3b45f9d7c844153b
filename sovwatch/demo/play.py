"""`sovwatch demo`: the six invented days, played by a simulated clock through the whole program, and the score.

Nothing is short-cut: a real newsroom on loopback is crawled by a real child process, judged into a real database, and
what is delivered is read from the Slack stand-in. Only the clock is pretended: it jumps from one look at the news to
the next.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from sovwatch.app import open_app, run
from sovwatch.app.running import RunReport
from sovwatch.demo import conversation
from sovwatch.demo.configuration import CHANNEL, DIGESTS, ZONE, demo_config
from sovwatch.demo.coverage import Coverage
from sovwatch.demo.newsroom import Newsroom
from sovwatch.demo.page import page
from sovwatch.demo.score import Score, score
from sovwatch.demo.slack import SlackServer
from sovwatch.demo.slack_state import Message
from sovwatch.settings import Settings, load
from sovwatch.store.reading import export

BETWEEN = datetime(2026, 2, 6, 13, 5)  # noqa: DTZ001  (in ZONE) a look in which an alert goes out, as cron's many looks
LATE = timedelta(seconds=5)  # cron never starts on the dot


class SimulatedClock:
    """An instant that moves only when it is told to."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """Return the present instant."""
        return self.now


def demo(out: Path, console: Console | None = None) -> int:
    """Play the week, print it, write the conversation as a page to `out`, and return the exit code."""
    console = console or Console(highlight=False)
    with tempfile.TemporaryDirectory(prefix="sovwatch-demo-") as folder:
        week = play(Path(folder), console)
    console.print(table(week.score))
    for line in mistakes(week.score):
        console.print(line)
    out.write_text(page(week.messages, week.score, week.coverage), encoding="utf-8")
    console.print(f"\nThe conversation as a Slack channel looks: {out.resolve()}", soft_wrap=True)
    read = week.score.measures[0]
    if read.right < read.true:
        console.print(f"Only {read.right} of {read.true} articles were read: something on this machine is in the way.")
        return 1
    return 0


@dataclass(frozen=True, slots=True)
class Week:
    """What came of it: the coverage, what the channel holds, and the score."""

    coverage: Coverage
    messages: tuple[Message, ...]
    score: Score


def play(folder: Path, console: Console) -> Week:
    """Run the program at every digest of the week, with its configuration and database in `folder`."""
    clock = SimulatedClock(datetime.min.replace(tzinfo=UTC))
    with Newsroom(clock) as newsroom, SlackServer(channels=[CHANNEL], clock=clock) as slack:
        settings = load(demo_config(folder, newsroom, slack))
        steps = list(digest_times(newsroom.coverage))
        shown = 0
        with _progress(console) as progress:
            task = progress.add_task("", total=len(steps))
            for clock.now in steps:
                progress.update(task, description=f"{clock.now.astimezone(ZoneInfo(ZONE)):%a %b %d, %H:%M}")
                step(settings, clock.now)
                messages = slack.messages(CHANNEL)
                for message in messages[shown:]:
                    progress.console.print(_printed(message))
                shown = len(messages)
                progress.advance(task)
        return Week(newsroom.coverage, tuple(messages), score(rows(settings), newsroom.coverage))


def digest_times(coverage: Coverage) -> Iterator[datetime]:
    """Yield the instants at which the program runs: after each digest is due, on every day, and once in between."""
    zone = ZoneInfo(ZONE)
    days = {each.published.astimezone(zone).date() for each in coverage.dispatches.values()}
    times = [datetime.combine(day, at) for day in days for at in DIGESTS]
    yield from (each.replace(tzinfo=zone).astimezone(UTC) + LATE for each in sorted([*times, BETWEEN]))


def step(settings: Settings, now: datetime) -> RunReport:
    """Do what cron would do at that instant."""
    app = open_app(settings.model_copy(update={"clock": now}))
    try:
        return run(app)
    finally:
        app.store.close()


def rows(settings: Settings) -> list[dict[str, Any]]:
    """Return the export of what was judged."""
    app = open_app(settings)
    try:
        with app.store.read() as connection:
            return list(export(connection))
    finally:
        app.store.close()


def table(result: Score) -> Table:
    """Return the score as a table."""
    view = Table("", title="Against the truth", title_justify="left", box=box.SIMPLE)
    for name in ("Sovwatch", "truth", "right"):
        view.add_column(name, justify="right")
    for each in result.measures:
        view.add_row(each.name, str(each.found), str(each.true), str(each.right))
    return view


def mistakes(result: Score) -> Iterator[Text]:
    """Yield what was judged wrong, a line each."""
    yield Text("What it got wrong" if result.mistakes else "It got nothing wrong.", style="bold")
    for each in result.mistakes:
        why = f" ({each.why})" if each.why else ""
        yield Text.assemble(f"  {each.what}: ", (each.dispatch.title, "italic"), (why, "dim"))


def _printed(message: Message) -> Padding:
    reply = message.get("thread_ts") not in {None, message["ts"]}
    return conversation.on_terminal(message, ZoneInfo(ZONE), reply=reply)


def _progress(console: Console) -> Progress:
    columns = (TextColumn("[bold]{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True)
