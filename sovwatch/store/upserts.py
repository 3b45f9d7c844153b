"""INSERT … ON CONFLICT on both databases, its statements built once.

A statement with its rows inside is compiled anew each time: that was half of what remembering an article cost.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table


def put(
    c: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, update_columns: tuple[str, ...] = ()
) -> None:
    """Insert rows; of those whose key is there, update the named columns."""
    if rows:
        c.execute(_statement(c.dialect.name, table, update_columns), list(rows))


def put_new(c: Connection, table: Table, row: Mapping[str, Any]) -> bool:
    """Insert a row unless its key is there; whether it was not."""
    # Counted from what is returned: psycopg gives no row count for this statement.
    statement = _statement(c.dialect.name, table, ()).returning(*table.primary_key)
    return c.execute(statement, dict(row)).first() is not None


@cache
def _statement(dialect: str, table: Table, update_columns: tuple[str, ...]) -> Any:
    statement = _insert_of(dialect)(table)
    if not update_columns:
        return statement.on_conflict_do_nothing()
    new = {name: statement.excluded[name] for name in update_columns}
    return statement.on_conflict_do_update(index_elements=[column.name for column in table.primary_key], set_=new)


def _insert_of(dialect: str) -> Any:
    """The dialect's INSERT; only the one in use is imported."""
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert
    from sqlalchemy.dialects import sqlite

    return sqlite.insert
