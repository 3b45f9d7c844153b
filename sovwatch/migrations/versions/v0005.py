"""Indexes by time for what a digest counts of its day and `status` of a week: neither reads all that ever was."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_told_channel_at"), "told", ["channel", "at"])
    op.create_index(op.f("ix_story_opened"), "story", ["opened"])
    op.create_index(op.f("ix_source_run_started"), "source_run", ["started"])
