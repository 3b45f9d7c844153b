"""Everything (until the first release: made from the present tables)."""

from alembic import op

from sovwatch.schema import metadata
from sovwatch.store.searching import INDEX

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    metadata.create_all(op.get_bind())
    for statement in INDEX[op.get_bind().dialect.name]:
        op.execute(statement)
