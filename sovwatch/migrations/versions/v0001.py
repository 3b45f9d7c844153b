"""The first released schema; frozen: what changes stands in later migrations."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True)
_SEARCH = {
    "sqlite": (
        (
            "CREATE VIRTUAL TABLE article_text USING fts5(title, summary, text, content='article', content_rowid='id',"
            " tokenize='unicode61 remove_diacritics 2')"
        ),
        (
            "CREATE TRIGGER article_text_insert AFTER INSERT ON article BEGIN INSERT INTO article_text(rowid, title, "
            "summary, text) VALUES (new.id, new.title, new.summary, new.text); END"
        ),
        (
            "CREATE TRIGGER article_text_delete AFTER DELETE ON article BEGIN INSERT INTO article_text(article_text, "
            "rowid, title, summary, text) VALUES ('delete', old.id, old.title, old.summary, old.text); END"
        ),
        (
            "CREATE TRIGGER article_text_update AFTER UPDATE OF title, summary, text ON article BEGIN INSERT INTO "
            "article_text(article_text, rowid, title, summary, text) VALUES ('delete', old.id, old.title, old.summary,"
            " old.text); INSERT INTO article_text(rowid, title, summary, text) VALUES (new.id, new.title, new.summary,"
            " new.text); END"
        ),
    ),
    "postgresql": (
        (
            "CREATE INDEX article_text ON article USING gin (to_tsvector('simple', translate(lower(coalesce(title, '')"
            " || ' ' || coalesce(summary, '') || ' ' || left(coalesce(text, ''), 200000)), "
            "'àáâäãåçèéêëìíîïñòóôöõùúûüýÿ’', 'aaaaaaceeeeiiiinooooouuuuyy''')))"
        ),
    ),
}


def upgrade() -> None:
    op.create_table(
        "article",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("outlet", sa.Text(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("published", _INSTANT, nullable=True),
        sa.Column("precision", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("paywall", sa.Boolean(), nullable=True),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("tier", sa.String(), nullable=False),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("listing", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("first_seen", _INSTANT, nullable=False),
        sa.Column("revision", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("revised", _INSTANT, nullable=True),
        sa.Column("gone", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("pending", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
        sa.UniqueConstraint("url", name=op.f("uq_article_url")),
    )
    op.create_index("ix_article_first_seen", "article", ["first_seen"], unique=False)
    op.create_index(
        "ix_article_pending",
        "article",
        ["id"],
        unique=False,
        sqlite_where=sa.text("pending"),
        postgresql_where=sa.text("pending"),
    )
    op.create_index("ix_article_source", "article", ["source", "id"], unique=False)
    op.create_table(
        "channel",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("added", _INSTANT, nullable=False),
        sa.Column("upto", _ID, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_channel")),
    )
    op.create_table(
        "follow",
        sa.Column("story", _ID, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("created", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("story", "channel", name=op.f("pk_follow")),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("since", _INSTANT, nullable=False),
        sa.Column("until", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "listing",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("seen", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_listing")),
    )
    op.create_table(
        "mute",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("created", _INSTANT, nullable=False),
        sa.Column("until", _INSTANT, nullable=True),
        sa.Column("by", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mute")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("promised_at", _INSTANT, nullable=False),
        sa.Column("part", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("level", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("attempted_at", _INSTANT, nullable=True),
        sa.Column("not_before", _INSTANT, nullable=True),
        sa.Column("held", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("remote", sa.Text(), nullable=True),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("cure", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("delivered_at", _INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["channel", "id"],
        unique=False,
        sqlite_where=sa.text("delivered_at IS NULL"),
        postgresql_where=sa.text("delivered_at IS NULL"),
    )
    op.create_table(
        "schedule_run",
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("slot", _INSTANT, nullable=False),
        sa.Column("started", _INSTANT, nullable=False),
        sa.Column("finished", _INSTANT, nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("job", "slot", name=op.f("pk_schedule_run")),
    )
    op.create_table(
        "source",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("next_due", _INSTANT, nullable=True),
        sa.Column("first_read", _INSTANT, nullable=True),
        sa.Column("last_read", _INSTANT, nullable=True),
        sa.Column("last_ok", _INSTANT, nullable=True),
        sa.Column("last_new", _INSTANT, nullable=True),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("body_hash", sa.String(), nullable=True),
        sa.Column("moved_to", sa.Text(), nullable=True),
        sa.Column("interval", sa.Float(), nullable=True),
        sa.Column("ill_since", _INSTANT, nullable=True),
        sa.Column("ill_why", sa.Text(), nullable=True),
        sa.Column("ill_told", _INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
    )
    op.create_table(
        "source_run",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("started", _INSTANT, nullable=False),
        sa.Column("finished", _INSTANT, nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_run")),
    )
    op.create_index(op.f("ix_source_run_source_started"), "source_run", ["source", "started"], unique=False)
    op.create_table(
        "story",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("opened", _INSTANT, nullable=False),
        sa.Column("merged_into", _ID, nullable=True),
        sa.ForeignKeyConstraint(["merged_into"], ["story.id"], name=op.f("fk_story_merged_into")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story")),
    )
    op.create_table(
        "address",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("original_url", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("article", _ID, nullable=False),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("first_seen", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f("fk_address_article")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address")),
        sa.UniqueConstraint("original_url", name=op.f("uq_address_original_url")),
    )
    op.create_index(op.f("ix_address_article"), "address", ["article"], unique=False)
    op.create_index(op.f("ix_address_url"), "address", ["url"], unique=False)
    op.create_table(
        "article_key",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("article", _ID, nullable=False),
        sa.Column("seen", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f("fk_article_key_article")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_article_key")),
    )
    op.create_index(op.f("ix_article_key_article"), "article_key", ["article"], unique=False)
    op.create_table(
        "article_topic",
        sa.Column("article", _ID, nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("centrality", sa.String(), nullable=True),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("signals", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f("fk_article_topic_article")),
        sa.PrimaryKeyConstraint("article", "topic", name=op.f("pk_article_topic")),
    )
    op.create_table(
        "copy_key",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("article", _ID, nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f("fk_copy_key_article")),
        sa.PrimaryKeyConstraint("key", "article", name=op.f("pk_copy_key")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_copy_key_article"), "copy_key", ["article"], unique=False)
    op.create_table(
        "judgement",
        sa.Column("article", _ID, nullable=False),
        sa.Column("judged", _INSTANT, nullable=False),
        sa.Column("placement", sa.String(), nullable=True),
        sa.Column("copy_of", _ID, nullable=True),
        sa.Column("story", _ID, nullable=True),
        sa.Column("seed", sa.String(), nullable=True),
        sa.Column("relation", sa.String(), nullable=True),
        sa.Column("seed_why", sa.Text(), nullable=True),
        sa.Column("new", sa.JSON(), nullable=False),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("at", _INSTANT, nullable=True),
        sa.Column("scheme", sa.Integer(), nullable=True),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f("fk_judgement_article")),
        sa.ForeignKeyConstraint(["copy_of"], ["article.id"], name=op.f("fk_judgement_copy_of")),
        sa.ForeignKeyConstraint(["story"], ["story.id"], name=op.f("fk_judgement_story")),
        sa.PrimaryKeyConstraint("article", name=op.f("pk_judgement")),
    )
    op.create_index(op.f("ix_judgement_copy_of"), "judgement", ["copy_of"], unique=False)
    op.create_index(op.f("ix_judgement_seed"), "judgement", ["seed"], unique=False)
    op.create_index(op.f("ix_judgement_story_article"), "judgement", ["story", "article"], unique=False)
    op.create_table(
        "news",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("article", _ID, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("story", _ID, nullable=False),
        sa.Column("since", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f("fk_news_article")),
        sa.PrimaryKeyConstraint("channel", "article", "revision", name=op.f("pk_news")),
    )
    op.create_index(op.f("ix_news_article"), "news", ["article"], unique=False)
    op.create_index(op.f("ix_news_channel_story"), "news", ["channel", "story"], unique=False)
    op.create_table(
        "related",
        sa.Column("story", _ID, nullable=False),
        sa.Column("other", _ID, nullable=False),
        sa.ForeignKeyConstraint(["other"], ["story.id"], name=op.f("fk_related_other")),
        sa.ForeignKeyConstraint(["story"], ["story.id"], name=op.f("fk_related_story")),
        sa.PrimaryKeyConstraint("story", "other", name=op.f("pk_related")),
    )
    op.create_table(
        "revision",
        sa.Column("article", _ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("change", sa.String(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f("fk_revision_article")),
        sa.PrimaryKeyConstraint("article", "number", name=op.f("pk_revision")),
    )
    op.create_table(
        "story_key",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("article", _ID, nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f("fk_story_key_article")),
        sa.PrimaryKeyConstraint("key", "at", "article", name=op.f("pk_story_key")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_story_key_article"), "story_key", ["article"], unique=False)
    op.create_table(
        "story_rule",
        sa.Column("article", _ID, nullable=False),
        sa.Column("story", _ID, nullable=False),
        sa.Column("apart", sa.Boolean(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f("fk_story_rule_article")),
        sa.ForeignKeyConstraint(["story"], ["story.id"], name=op.f("fk_story_rule_story")),
        sa.PrimaryKeyConstraint("article", "story", name=op.f("pk_story_rule")),
    )
    op.create_table(
        "told",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("article", _ID, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("story", _ID, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("message", sa.String(), nullable=True),
        sa.Column("how", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f("fk_told_article")),
        sa.PrimaryKeyConstraint("channel", "article", "revision", name=op.f("pk_told")),
    )
    op.create_index(op.f("ix_told_article"), "told", ["article"], unique=False)
    op.create_index(op.f("ix_told_channel_story"), "told", ["channel", "story"], unique=False)
    for statement in _SEARCH[op.get_bind().dialect.name]:
        op.execute(statement)
