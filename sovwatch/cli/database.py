"""The database itself: upgrade it, move it."""

from contextlib import closing
from importlib.util import find_spec
from typing import Annotated

import typer

from sovwatch.cli.frame import cli, frame_of, progress, say

database = typer.Typer(help="The database: upgrade, copy.", no_args_is_help=True)
cli.add_typer(database, name="database")


@database.command()
def upgrade(context: typer.Context) -> None:
    """Bring the schema up to date; every command does so by itself."""
    from sovwatch.store.database import schema_version

    with frame_of(context).app() as app:
        with app.store.read() as c:
            say(f"{app.store.name} stands at {schema_version(c)}")
        if app.store.engine.dialect.name == "postgresql" and find_spec("procrastinate"):
            from sovwatch.distributed.schema import apply

            say(f"the queue of workers stands at {apply(app)}")


@database.command()
def copy(
    context: typer.Context,
    to: Annotated[str, typer.Argument(metavar="TO", help="An empty database, written as `database` is.")],
) -> None:
    """Copy everything into an empty database, as from SQLite to PostgreSQL; the old one stays as it is."""
    from sovwatch.store import open_store
    from sovwatch.store.copying import copy as copy_all

    with frame_of(context).app() as app, progress() as tell, app.lease():
        with closing(open_store(app.settings.at_home(to))) as target:
            for name, rows in copy_all(app.store, target):
                tell(f"copying {name}", rows, rows)
        say(f"copied to {target.name}; now set `database` to it")
