"""The schema on both databases, upgrades from every released one, and moving from one database to the other."""

import json
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, make_url, select, text

from sovwatch import schema as t
from sovwatch.app import App
from sovwatch.app.running import judge_all
from sovwatch.app.telling import digest
from sovwatch.errors import ConfigurationError, Unavailable
from sovwatch.settings import ChannelSettings, Settings, TopicSettings
from sovwatch.store import Store, articles, database, open_store, reading
from sovwatch.store.copying import copy
from sovwatch.store.database import MIGRATIONS
from sovwatch.store.searching import VECTOR, search
from tests.builders import NOW, an_article
from tests.command import a_home, complaint, sovwatch
from tests.keep_schema import FOLDER as KEPT
from tests.keep_schema import SEPARATOR

SEARCH = "article_text"


def an_archive(store: Store) -> None:
    """Two articles of one story and one alone, judged, owed, told and merged."""
    settings = Settings(
        clock=NOW,
        channels={"desk": ChannelSettings(zone="UTC")},
        topics={"a": TopicSettings(name="A", match="all")},
    )
    app = App(settings, store)
    with store.write() as c:
        for article in (
            an_article(authors=("Odile Marchetti", "É. Roy")),
            an_article("https://daily-river.example/2", outlet="Daily River", source="river"),
            an_article(
                "https://le-fleuve.example/3", title="Une tout autre chose à Québec", text="Rien de pareil ici."
            ),
        ):
            articles.remember(c, article, now=NOW, standing="news")
    digest(app, only_due=True)
    judge_all(app)
    digest(app, only_due=False)
    with store.write() as c:  # the first is merged into a later one: a reference forwards
        first, last = c.execute(select(t.story.c.id).order_by(t.story.c.id)).scalars().all()[:2]
        c.execute(t.story.update().where(t.story.c.id == first).values(merged_into=last))


def contents(store: Store) -> dict[str, list[dict[str, object]]]:
    with store.read() as c:
        return {
            table.name: [dict(row) for row in c.execute(select(table).order_by(*table.primary_key)).mappings()]
            for table in t.metadata.sorted_tables
        }


def differences(engine: Engine) -> list[object]:
    """What Alembic would change so that the database is as schema.py says; the text index is its own affair."""

    def ours(_object: object, name: str | None, kind: str, _reflected: object, _compared: object) -> bool:
        return not (kind in {"table", "index"} and (name or "").startswith(SEARCH))

    options = {"compare_type": True, "include_object": ours}
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, t.metadata))


def test_the_migrations_make_the_schema_that_the_program_speaks(store: Store) -> None:
    assert differences(store.engine) == []


@pytest.mark.parametrize("version", sorted(path.name for path in KEPT.glob("*.sqlite.sql")))
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_every_released_schema_is_brought_up_to_date(
    version: str, kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """The kept file is what the released program made, so a migration that is edited afterwards fails here."""
    url = f"sqlite:///{tmp_path / 'old.sqlite'}"
    if kind == "postgresql":
        url = request.getfixturevalue("empty_postgresql")
    engine = create_engine(url)
    statements = (KEPT / version.replace("sqlite", kind)).read_text(encoding="utf-8").split(SEPARATOR)
    with engine.begin() as connection:
        for statement in statements:
            if statement.strip():
                connection.exec_driver_sql(statement)
    engine.dispose()

    store = open_store(url)

    assert differences(store.engine) == []
    assert set(inspect(store.engine).get_table_names()) >= set(t.metadata.tables)
    an_archive(store)
    with store.read() as c:
        assert len(search(c, "quebec")) == 1
    store.close()


def test_the_newest_migration_is_the_one_that_the_program_asks_for() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))

    assert ScriptDirectory.from_config(config).get_heads() == [t.HEAD]
    assert {path.name.partition(".")[0] for path in KEPT.iterdir()} >= {t.HEAD}, "python -m tests.keep_schema"


def test_a_search_on_postgresql_asks_the_index(empty_postgresql: str) -> None:
    store = open_store(empty_postgresql)
    an_archive(store)
    with store.read() as c:
        c.execute(text("SET LOCAL enable_seqscan = off"))
        query = f"EXPLAIN SELECT id FROM article WHERE {VECTOR} @@ to_tsquery('simple', 'quebec')"
        plan = "\n".join(c.execute(text(query)).scalars())
    store.close()

    assert "on article_text" in plan


@pytest.mark.parametrize("wrong", ["sqlite://x.sqlite", "mysql://x", "news.sqlite"])
def test_an_address_that_is_none_is_refused_in_one_line_with_those_that_are(wrong: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        open_store(wrong)
    assert "\n" not in str(caught.value)
    assert "sqlite:///FILE or postgresql+psycopg://" in str(caught.value)


def test_a_newer_database_refuses_an_older_program(store: Store, database_url: str) -> None:
    with store.write() as c:
        c.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(Unavailable, match=r"its schema 9999 is newer than this program's .*; upgrade sovwatch"):
        open_store(database_url)


def test_two_programs_that_start_at_once_on_an_empty_database_both_work(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    a_home(tmp_path)
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda _: sovwatch("export", cwd=tmp_path), range(3)))

    assert [(one.returncode, one.stderr) for one in done] == [(0, "")] * 3


@pytest.mark.parametrize(("old", "new"), [("sqlite", "postgresql"), ("postgresql", "sqlite")])
def test_a_copy_holds_the_same_and_goes_on_counting(
    old: str, new: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    urls = {
        "sqlite": f"sqlite:///{tmp_path / 'a.sqlite'}",
        "postgresql": request.getfixturevalue("empty_postgresql"),
    }
    source, target = open_store(urls[old]), open_store(urls[new])
    an_archive(source)

    counts = dict(copy(source, target))

    assert counts["article"] == 3
    assert contents(target) == contents(source)
    with source.read() as one, target.read() as other:
        assert json.dumps(list(reading.export(one))) == json.dumps(list(reading.export(other)))
        assert [hit.article for hit in search(other, "quebec")] == [3]
    with target.write() as c:
        late = an_article("https://daily-river.example/4", title="Something else altogether, and later")
        assert articles.remember(c, late, now=NOW, standing="news").article == 4
    with pytest.raises(Unavailable, match="holds something already"):
        list(copy(source, target))
    source.close()
    target.close()


def test_the_command_copies_and_the_old_database_stays(tmp_path: Path) -> None:
    home = a_home(tmp_path).parent
    line = '{"url": "https://x.example/1", "title": "A report on one thing or other"}\n'
    assert sovwatch("ingest", "-", cwd=tmp_path, stdin=line).returncode == 0

    done = sovwatch("database", "copy", "sqlite:///new.sqlite", cwd=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert sovwatch("database", "upgrade", cwd=tmp_path).returncode == 0
    old = sovwatch("export", cwd=tmp_path)
    moved = sovwatch("export", cwd=tmp_path, env={"SOVWATCH_DATABASE": "sqlite:///new.sqlite"})
    assert old.stdout == moved.stdout, "the address means the same file in both places"
    assert old.stdout.count("\n") == 1
    assert make_url(f"sqlite:///{home / 'news.sqlite'}").database


def test_a_database_is_not_copied_onto_itself(tmp_path: Path) -> None:
    home = a_home(tmp_path).parent
    assert sovwatch("run", cwd=tmp_path).returncode == 0

    done = sovwatch("database", "copy", f"sqlite:///{home / 'news.sqlite'}", cwd=tmp_path)

    assert done.returncode == 2
    assert complaint(done).endswith("holds something already; name an empty database")


def test_a_writer_takes_the_lock_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else two that read first and write then would both fail, whatever they wait."""
    monkeypatch.setattr(database, "BUSY_TIMEOUT", 50)
    store = open_store(f"sqlite:///{tmp_path / 'test.sqlite'}")
    with store.write(), pytest.raises(Unavailable, match="another program has held it"), store.write():
        pass
    store.close()


def test_what_the_world_is_about_to_know_is_synced_to_the_disk_and_the_rest_is_not(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'test.sqlite'}")
    for durable, expected in ((True, 2), (False, 1), (True, 2)):
        with store.write(durable=durable) as c:
            assert c.exec_driver_sql("PRAGMA synchronous").scalar_one() == expected
    store.close()


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_that_takes_not_all_letters_is_refused_with_the_cure(postgres: str, encoding: str) -> None:
    name = f"t_{encoding.lower()}"
    _as_owner(postgres, f"CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0")

    with pytest.raises(Unavailable, match=f"its encoding is {encoding}, not UTF8; make it anew with createdb --encod"):
        open_store(make_url(postgres).set(database=name).render_as_string(hide_password=False))


def test_a_database_of_another_user_is_one_sentence_with_the_cure(postgres: str, empty_postgresql: str) -> None:
    _as_owner(postgres, "CREATE ROLE guest LOGIN PASSWORD 'guest'")
    url = make_url(empty_postgresql).set(username="guest", password="guest")

    with pytest.raises(Unavailable, match="permission denied for schema public; let the user that the address names"):
        open_store(url.render_as_string(hide_password=False))


def test_an_upgrade_by_a_user_who_owns_no_table_is_one_sentence_too(postgres: str, empty_postgresql: str) -> None:
    """As where the tables were made by an administrator, and the program may only read and write them."""
    engine = create_engine(empty_postgresql)
    statements = (KEPT / "0003.postgresql.sql").read_text(encoding="utf-8").split(SEPARATOR)
    _as_owner(postgres, "CREATE ROLE tenant LOGIN PASSWORD 'tenant'")
    with engine.begin() as connection:
        for statement in filter(str.strip, statements):
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql("GRANT ALL ON ALL TABLES IN SCHEMA public TO tenant")
    engine.dispose()
    url = make_url(empty_postgresql).set(username="tenant", password="tenant")

    with pytest.raises(Unavailable, match="must be owner of table related; let the user that the address names own"):
        open_store(url.render_as_string(hide_password=False))


def _as_owner(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
