"""Indexes by story for what is looked up when two stories become one, so that it costs the same in any archive."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_related_other"), "related", ["other"])
    op.create_index(op.f("ix_story_rule_story"), "story_rule", ["story"])
    op.create_index(op.f("ix_landed_story"), "landed", ["story"])
    op.create_index(op.f("ix_mute_kind_what"), "mute", ["kind", "what"])
