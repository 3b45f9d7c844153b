"""`sovwatch worker`: one of many that share a PostgreSQL database."""

from typing import Annotated

import typer

from sovwatch.cli.frame import cli, frame_of


@cli.command()
def worker(
    context: typer.Context,
    queues: Annotated[
        str, typer.Option("--queues", metavar="NAMES", help="What this worker does: collect, judge, deliver.")
    ] = "collect,judge,deliver",
    concurrency: Annotated[int, typer.Option("--concurrency", min=1, max=64, help="Jobs at a time.")] = 2,
) -> None:
    """Work with others on one PostgreSQL database. Until stopped; needs sovwatch[distributed]."""
    from sovwatch.app import open_app
    from sovwatch.distributed.schema import require_postgresql

    frame = frame_of(context)
    settings = frame.settings(level="info")
    app = open_app(settings)
    try:
        require_postgresql(app)
        from sovwatch.distributed.jobs import read_queues
        from sovwatch.distributed.worker import work

        work(app, read_queues(queues), concurrency)
    finally:
        app.store.close()
