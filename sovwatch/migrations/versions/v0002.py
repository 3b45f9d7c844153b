"""Where each story stands that is not in its message's first part, for "first told"."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "landed",
        sa.Column("outbox", _ID, nullable=False),
        sa.Column("story", _ID, nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["outbox"], ["outbox.id"], name=op.f("fk_landed_outbox")),
        sa.PrimaryKeyConstraint("outbox", "story", name=op.f("pk_landed")),
    )
