"""The database itself: upgrade it, move it."""

from contextlib import closing
from importlib.util import find_spec
from typing import Annotated

import typer

from sovwatch.cli.frame import cli, frame_of, progress

database = typer.Typer(help="The database: upgrade, copy.", no_args_is_help=True)
cli.add_typer(database, name="database")


@database.command()
def upgrade(context: typer.Context) -> None:
    """Bring the schema up to date; every command does so by itself."""
    from sovwatch.store.database import schema_version

    frame, queue = frame_of(context), None
    with frame.app() as app:
        with app.store.read() as c:
            schema = schema_version(c)
        if app.store.engine.dialect.name == "postgresql" and find_spec("procrastinate"):
            from sovwatch.distributed.schema import apply

            queue = apply(app)
    workers = f", the queue of workers at {queue}" if queue else ""
    frame.did(f"{app.store.name} stands at {schema}{workers}", schema=schema, queue=queue)


@database.command()
def copy(
    context: typer.Context,
    to: Annotated[str, typer.Argument(metavar="TO", help="An empty database, written as `database` is.")],
) -> None:
    """Copy everything into an empty database, as from SQLite to PostgreSQL; the old one stays as it is."""
    from sovwatch.store import open_store
    from sovwatch.store.copying import copy as copy_all

    frame = frame_of(context)
    with (
        frame.app() as app,
        progress() as tell,
        app.lease(),
        closing(open_store(app.settings.at_home(to))) as target,
    ):
        for name, rows in copy_all(app.store, target):
            tell(f"copying {name}", rows, rows)
    frame.did(f"copied to {target.name}; now set `database` to it", copied_to=target.name)
