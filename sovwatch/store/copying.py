"""Copying a whole database into an empty one, of the same kind or another: from SQLite to PostgreSQL above all.

Rows are read as they are written, a few hundred at a time, so that it takes no more memory for a large archive.
"""

from collections.abc import Iterator

from sqlalchemy import Column, Connection, Table, insert, literal, select, text, update

from sovwatch import schema as t
from sovwatch.errors import Unavailable
from sovwatch.store import bulk
from sovwatch.store.database import Store

CHUNK = 500  # rows read at once, and rows a statement
LEFT_OUT = {"lease"}  # says who is at work in the old one


def copy(source: Store, target: Store) -> Iterator[tuple[str, int]]:
    """Copy every table, in one transaction on the target; yields each table's name with how many rows it has.

    Raises:
        Unavailable: the target holds something, or refuses a row; it stays empty then.
    """
    with source.read() as old, target.write(durable=True) as new:
        tables = [table for table in t.metadata.sorted_tables if table.name not in LEFT_OUT]
        if any(new.execute(select(literal(1)).select_from(table).limit(1)).first() for table in tables):
            raise Unavailable(f"{target.name}: holds something already; name an empty database")
        if new.dialect.name == "postgresql":
            yield from _in_bulk(old, new, tables)
        else:
            yield from ((table.name, _table(old, new, table)) for table in tables)


def _in_bulk(old: Connection, new: Connection, tables: list[Table]) -> Iterator[tuple[str, int]]:
    with bulk.bare(new, tables):
        for table in tables:
            rows = old.execute(select(table), execution_options={"yield_per": CHUNK})
            yield table.name, bulk.write(new, table, rows)
            if "id" in table.columns and table.columns["id"].autoincrement is True:
                _count_on(new, table)


def _table(old: Connection, new: Connection, table: Table) -> int:
    own = [column for column in table.columns if _refers_to(column, table)]
    later: list[dict[str, object]] = []
    copied = 0
    for rows in old.execute(select(table), execution_options={"yield_per": CHUNK}).mappings().partitions():
        # What refers to its own table waits until all rows are there.
        later += [dict(row) for row in rows if any(row[column.name] is not None for column in own)]
        new.execute(insert(table), [{**row, **{column.name: None for column in own}} for row in rows])
        copied += len(rows)
    for row in later:
        same = [key == row[key.name] for key in table.primary_key]
        new.execute(update(table).where(*same).values({column.name: row[column.name] for column in own}))
    return copied


def _refers_to(column: "Column[object]", table: Table) -> bool:
    return bool(column.nullable) and any(key.column.table is table for key in column.foreign_keys)


def _count_on(c: Connection, table: Table) -> None:
    """Let PostgreSQL's sequence go on after the ids that were copied."""
    highest = (
        f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), max(id)) FROM {table.name} HAVING max(id) > 0"  # noqa: S608
    )
    c.execute(text(highest))
