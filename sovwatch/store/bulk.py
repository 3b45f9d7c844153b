"""Writing very many rows into an empty PostgreSQL database: COPY, with indexes and constraints made once all are there.

Row by row, each would be looked up in every index, and once more for each foreign key. What is dropped is made again in
the words that the server itself has for it, so what migrations made comes back as it was. All is one transaction of
the caller's: an error leaves the database as it was found.

Rows are frozen as they are written, so that an index alone may answer at once, and no VACUUM has to write them once
more (it looks through what is stored beside them, texts and fingerprints, all the same). Without ANALYZE at the end the
server would know no more of the tables than their size until its own autovacuum comes by.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Table, text

_MEMORY = "256MB"  # for sorting what an index holds, where the server's own setting is smaller: 64 MB as it comes
_CONSTRAINTS = text("""
    SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid = ANY(CAST(:tables AS regclass[])) AND contype IN ('f', 'p', 'u') ORDER BY contype, conname
""")  # foreign keys first: they hold on to the primary ones
_INDEXES = text("""
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = ANY(CAST(:tables AS regclass[])) ORDER BY indexrelid
""")  # once constraints are gone, with those that were theirs


@contextmanager
def bare(c: Connection, tables: Sequence[Table]) -> Iterator[None]:
    """Empty tables without indexes and constraints while the block fills them; then with them, and with statistics."""
    given = {"tables": [table.name for table in tables]}
    c.execute(text("SELECT set_config('maintenance_work_mem', :memory, true) WHERE "
                   "pg_size_bytes(current_setting('maintenance_work_mem')) < pg_size_bytes(:memory)"),
              {"memory": _MEMORY})  # fmt: skip
    c.exec_driver_sql(f"TRUNCATE {', '.join(given['tables'])}")  # by this transaction, or nothing may be frozen
    constraints = c.execute(_CONSTRAINTS, given).all()
    for table, name, _ in constraints:
        c.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    indexes = c.execute(_INDEXES, given).all()
    for name, _ in indexes:
        c.exec_driver_sql(f"DROP INDEX {name}")
    yield
    for _, made in indexes:
        c.exec_driver_sql(made)
    for table, name, made in reversed(constraints):
        c.exec_driver_sql(f"ALTER TABLE {table} ADD CONSTRAINT {name} {made}")
    c.exec_driver_sql(f"ANALYZE {', '.join(given['tables'])}")


def write(c: Connection, table: Table, rows: Iterable[Sequence[Any]]) -> int:
    """Write rows, each with a value for every column of the table; gives how many."""
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    bound = [_bound(c, column.type) for column in table.columns]
    cursor: Any = c.connection.cursor()
    with cursor:
        with cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN (FREEZE)") as into:
            for row in rows:
                into.write_row([one if bind is None else bind(one) for bind, one in zip(bound, row, strict=True)])
        return int(cursor.rowcount)


def _bound(c: Connection, kind: Any) -> Callable[[Any], Any] | None:
    """What makes of a value of this type one that the driver takes."""
    processor: Callable[[Any], Any] | None = kind.dialect_impl(c.dialect).bind_processor(c.dialect)
    return processor
