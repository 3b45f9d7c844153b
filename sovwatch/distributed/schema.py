"""Procrastinate's tables, beside our own in one database.

Procrastinate ships its schema and numbered scripts, and leaves to its users which of them were run. The newest one that
was is noted as the comment of its table of jobs.
"""

from importlib.resources import files
from importlib.resources.abc import Traversable

from sqlalchemy import Connection, text

from sovwatch.app import App
from sovwatch.errors import ConfigurationError
from sovwatch.store.fleet import installed

_LOCK = 7368778  # the advisory lock of whoever brings the schema up to date


def apply(app: App) -> str:
    """Make the tables of the queue, or bring them up to date; gives the script that they stand at.

    Raises:
        ConfigurationError: the database is no PostgreSQL, or the extra is not installed.
    """
    require_postgresql(app)
    scripts = _scripts()
    newest = scripts[-1].name
    with app.store.write() as c:
        c.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        stands = _stands_at(c)
        if stands is None:
            _run(c, files("procrastinate.sql").joinpath("schema.sql"))
        for script in scripts if stands is not None else ():
            if script.name > (stands or ""):
                _run(c, script)
        c.execute(text(f"COMMENT ON TABLE procrastinate_jobs IS '{newest}'"))
    return newest


def require_postgresql(app: App) -> None:
    """Refuse a database that cannot be shared.

    Raises:
        ConfigurationError: the database is no PostgreSQL, or the extra is not installed.
    """
    if app.store.engine.dialect.name != "postgresql":
        raise ConfigurationError(
            "database",
            f"workers need PostgreSQL, not {app.store.name}",
            'set database = "postgresql+psycopg://…"; `sovwatch database copy` moves what there is',
        )
    try:
        import procrastinate  # noqa: F401
    except ModuleNotFoundError:
        raise ConfigurationError(
            "worker", "procrastinate is not installed", "pip install '/path/to/sovwatch[distributed]'"
        ) from None


def _stands_at(c: Connection) -> str | None:
    """The newest script that was run; None where there are no tables."""
    if not installed(c):
        return None
    found = c.execute(text("SELECT obj_description('procrastinate_jobs'::regclass)")).scalar_one()
    return str(found or "")


def _scripts() -> list[Traversable]:
    folder = files("procrastinate.sql") / "migrations"
    return sorted((one for one in folder.iterdir() if one.name.endswith(".sql")), key=lambda one: one.name)


def _run(c: Connection, script: Traversable) -> None:
    c.exec_driver_sql(script.read_text(encoding="utf-8").replace("%", "%%"))
