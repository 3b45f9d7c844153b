"""Alembic's entry: migrate on the connection that `sovwatch.store.database` hands over."""

from alembic import context

from sovwatch.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
