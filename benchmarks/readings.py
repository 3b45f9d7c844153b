"""What each reading of a source came to, as many sources leave it behind in a week: size, forgetting, `status`.

    python -m benchmarks.readings [SOURCES] [--days N] [--a-day N]

A PostgreSQL as it comes out of the wheel, a reading every fifteen minutes unless said otherwise, one in forty with
something to remark, and so many days of them. Seconds by the clock, and rows that a day's forgetting dropped.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine, text

from benchmarks.servers import server
from sovwatch.app import open_app, retention
from sovwatch.app.status import status
from sovwatch.settings import Settings

NOW = datetime(2026, 11, 27, 3, 30, tzinfo=UTC)
SOURCES = """
INSERT INTO source (id, next_due, interval, failures, last_read, last_ok, first_read)
SELECT 'source-' || n, :now, 900, 0, :now, :now, :now FROM generate_series(1, :sources) AS n
"""
READINGS = """
INSERT INTO source_run (source, started, finished, outcome, detail, status, entries, new, size)
SELECT 'source-' || n, at, at + interval '1 s', CASE WHEN d % 10 = 0 THEN 'fetched' ELSE 'not_modified' END,
       CASE WHEN (d + n) % 40 = 0 THEN 'two entries had no title' ELSE '' END, 304,
       CASE WHEN d % 10 = 0 THEN 50 ELSE 0 END, 0, 300
FROM (SELECT d, :now - d * CAST(:pause AS interval) AS at FROM generate_series(:readings, 1, -1) AS d) AS due,
     generate_series(1, :sources) AS n
"""


def main() -> None:
    """Print what it costs."""
    options = argparse.ArgumentParser(description="Measure the history of readings.")
    options.add_argument("sources", nargs="?", type=int, default=10_000)
    options.add_argument("--days", type=int, default=8)
    options.add_argument("--a-day", type=int, default=96)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="sovwatch-readings-") as folder, server(Path(folder)) as started:
        engine = create_engine(started.address, isolation_level="AUTOCOMMIT")
        with engine.connect() as c:
            c.exec_driver_sql("CREATE DATABASE readings")
        engine.dispose()
        app = open_app(Settings.model_validate({"database": started.url("readings"), "clock": NOW}))
        values = {"now": NOW, "sources": given.sources, "readings": given.days * given.a_day}
        with app.store.write() as c:
            c.execute(text(SOURCES), values)
            c.execute(text(READINGS), values | {"pause": timedelta(days=1) / given.a_day})
        with app.store.write() as c:
            c.exec_driver_sql("ANALYZE")
            rows = values["readings"] * given.sources
            size = c.exec_driver_sql("SELECT pg_total_relation_size('source_run')").scalar_one()
        print(f"{rows:,} readings of {given.sources:,} sources: {size / 1e6:,.0f} MB, {size / rows:.0f} bytes each")
        print(f"status: {_took(lambda: status(app)):.2f} s, again {_took(lambda: status(app)):.2f} s")
        print(f"forgetting: {_took(lambda: print(retention.forget(app).source_runs, 'dropped')):.1f} s")
        print(f"again: {_took(lambda: print(retention.forget(app).source_runs, 'dropped')):.1f} s")
        app.store.close()


def _took(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
