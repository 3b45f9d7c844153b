"""Readings that had something to remark are found by an index of these alone: `status` read all of two days."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_REMARKS = sa.text("detail <> '' AND outcome <> 'failed'")


def upgrade() -> None:
    op.drop_index(op.f("ix_source_run_started"), "source_run")
    name = op.f("ix_source_run_remarks")
    op.create_index(name, "source_run", ["started"], sqlite_where=_REMARKS, postgresql_where=_REMARKS)
