"""Opening the database: engine, transactions, migrations, and sentences for what can go wrong."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, make_url, text
from sqlalchemy.pool import ConnectionPoolEntry

from sovwatch.errors import ConfigurationError, Unavailable
from sovwatch.schema import HEAD

BUSY_TIMEOUT = 30_000  # milliseconds that a writer waits for another
PAGES = 16_000  # kB of a SQLite file that are held: a new article asks its indexes for two thousand rows, far apart
# Either end of a connection takes the other for dead after 30 s without a sign. By the systems' own 2 hours, a host
# that lost its network would keep its locks for so long, and then wait as long for an answer.
SIGNS = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 4, "tcp_user_timeout": 30_000}
SERVER = {"connect_timeout": 10, "client_encoding": "utf8", **SIGNS}  # seconds to answer in; what texts are sent in
SESSION = {f"tcp_{name.removeprefix('tcp_')}": value for name, value in SIGNS.items()}  # the same at the server's end
STATEMENTS = 200  # compiled ones that are kept; the longest, of many unions, weigh some 100 kB
_DENIED = "42501"  # insufficient_privilege, in whatever language the server says so
DRIVERS = {("sqlite", "pysqlite"), ("postgresql", "psycopg")}
ADDRESSES = "sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME"
MIGRATIONS = Path(__file__).parent.parent / "migrations"


class Store:
    """An open database. `write` and `read` give transactions; leaving one by an exception undoes it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @property
    def name(self) -> str:
        """The address without its password, for people."""
        return _shown(self.engine)

    @contextmanager
    def write(self, *, durable: bool = False) -> Iterator[Connection]:
        """One transaction that may write.

        On SQLite an ordinary commit survives a killed process but perhaps not a power cut; a `durable` one is synced
        to the disk together with all before it. It is used where the outside world is about to know (the outbox).
        """
        options = {"sovwatch_durable": durable}
        with (
            _explained(self.name),
            self.engine.connect().execution_options(**options) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One transaction that only reads: a consistent view that blocks no writer."""
        with _explained(self.name), self.engine.connect().execution_options(sovwatch_reads=True) as connection:
            yield connection

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


def _shown(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=True)


def open_store(url: str, *, migrate: bool = True) -> Store:
    """Open the database at an SQLAlchemy address, and bring its schema up to date.

    Raises:
        ConfigurationError: the address is not one, or its driver is not installed.
        Unavailable: it cannot be reached, is damaged, or was written by a newer program.
    """
    engine = _engine(url)
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    else:
        _prepare_postgresql(engine)
    store = Store(engine)
    if migrate:
        try:
            with _explained(store.name):
                _upgrade(engine)
        except BaseException:
            store.close()
            raise
    return store


def _engine(url: str) -> Engine:
    try:
        address = make_url(url)
        if (address.get_backend_name(), address.get_driver_name()) not in DRIVERS:
            raise ConfigurationError("database", f"{address.drivername} is not known", ADDRESSES)
        wanted = {} if address.get_backend_name() == "sqlite" else server_options(address)
        return create_engine(address, pool_pre_ping=bool(wanted), connect_args=wanted, query_cache_size=STATEMENTS)
    except (exc.ArgumentError, exc.NoSuchModuleError) as error:
        raise ConfigurationError("database", str(error).partition("\n")[0], ADDRESSES) from None
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            "database", f"the driver {error.name!r} is not installed", "pip install '/path/to/sovwatch[postgresql]'"
        ) from None


def server_options(address: URL) -> dict[str, Any]:
    """How a server is connected to, where the address does not say otherwise."""
    return {name: value for name, value in SERVER.items() if name not in address.query}


def _prepare_sqlite(engine: Engine) -> None:
    if engine.url.database and engine.url.database != ":memory:":
        folder = Path(engine.url.database).parent
        if not folder.is_dir():
            raise ConfigurationError("database", f"the folder {folder} does not exist", "make it, or name another")

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # BEGIN is ours
        kept = (f"busy_timeout={BUSY_TIMEOUT}", f"cache_size=-{PAGES}")
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", *kept, "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("sovwatch_reads", False):
            connection.exec_driver_sql("BEGIN")
            return
        connection.exec_driver_sql(f"PRAGMA synchronous={'FULL' if options.get('sovwatch_durable') else 'NORMAL'}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _prepare_postgresql(engine: Engine) -> None:
    """Let the server notice a client that is gone, and send all whole numbers in one type.

    psycopg takes the smallest that holds a number, and keeps a prepared statement for each set of types: a look-up of
    thirty stories, some of them numbered beyond 32,767, was planned anew each time, which took longer than to run it.
    """
    from psycopg.types.numeric import Int8Dumper

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _: ConnectionPoolEntry) -> None:
        connection.adapters.register_dumper(int, Int8Dumper)
        connection.execute(";".join(f"SET {name} = {value}" for name, value in SESSION.items()))
        connection.commit()


def schema_version(connection: Connection) -> str | None:
    """The migration that the database stands at; None where it is empty."""
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _upgrade(engine: Engine) -> None:
    """Run what migrations are missing; Alembic is imported only then, as a run with nothing due must cost little."""
    with engine.connect().execution_options(sovwatch_reads=True) as connection:
        _refuse_encoding(connection)
        version = schema_version(connection)
        foreign = version is None and connection.dialect.has_table(connection, "article")
    if version == HEAD:
        return
    if foreign:
        raise Unavailable(f"{_shown(engine)}: holds tables of another program")
    if version is not None and version > HEAD:
        raise Unavailable(
            f"{_shown(engine)}: its schema {version} is newer than this program's {HEAD}; "
            "upgrade sovwatch, or restore the copy from before"
        )
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(7368776)"))  # two programs may start at once
        if schema_version(connection) != HEAD:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def _refuse_encoding(connection: Connection) -> None:
    """News holds all letters; a cluster that was made under LANG=C, as in many containers, takes none but ASCII."""
    if connection.dialect.name != "postgresql":
        return
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
    if encoding != "UTF8":
        cure = "make it anew with createdb --encoding=UTF8 --template=template0"
        raise Unavailable(f"{_shown(connection.engine)}: its encoding is {encoding}, not UTF8; {cure}")


@contextmanager
def _explained(name: str) -> Iterator[None]:
    """Turn what a driver says of a database that cannot be used into one sentence."""
    try:
        yield
    except exc.DBAPIError as error:
        if isinstance(error, exc.IntegrityError | exc.ProgrammingError | exc.DataError) and not _fatal(error):
            raise  # a bug of ours
        raise Unavailable(f"{name}: {_sentence(error)}") from error


def clashed(error: Exception) -> bool:
    """Whether two writers got into each other's way, so that the same again may well succeed."""
    driver = getattr(error.__cause__, "orig", None)  # of what `_explained` made of a deadlock
    return isinstance(error, exc.IntegrityError) or getattr(driver, "sqlstate", None) in {"40P01", "40001"}


def _fatal(error: exc.DBAPIError) -> bool:
    return "read-only" in str(error.orig) or "readonly" in str(error.orig) or _is_denied(error)


def _is_denied(error: exc.DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) == _DENIED


def _sentence(error: exc.DBAPIError) -> str:
    said: Any = error.orig
    first = str(said).strip().splitlines()[0] if str(said).strip() else type(said).__name__
    cures = {
        "database or disk is full": "the disk is full; free some space and run again, nothing is lost",
        "disk I/O error": "the disk failed or is full; free some space and run again",
        "readonly database": "it, its -wal, its -shm or their folder cannot be written; check owner, mode and mount",
        "unable to open database file": "the file cannot be opened; check that the folder exists and may be written",
        "file is not a database": "the file is no Sovwatch database, or damaged; restore a backup or name another file",
        "malformed": "the file is damaged; restore a backup (docs/operate.md)",
        "database is locked": "another program has held it for too long; see who with `fuser`",
    }
    if _is_denied(error):
        return f"{first}; let the user that the address names own the database and its tables"
    server = "; see that the server runs and lets this user in" if "connection" in first else ""
    plain = f"the database cannot be used: {first}{server}"
    return next((known for sign, known in cures.items() if sign in first), plain)
