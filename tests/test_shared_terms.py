"""Terms that topics share: what a topic uses is as good as written into its own lists."""

import tomllib
from pathlib import Path

from sovwatch.relevance import compile_topics, relevance
from sovwatch.settings import LISTS, Settings, load
from tests.command import CONFIGURATION, a_home
from tests.shipped import shipped_settings
from tests.topics import SHARED, TABLES, topics_of

SHARING = """\
[shared.leaving]
themes = ["leave|leaving ... union"]
exclusions = ["trade union"]

[shared.world]
elsewhere = ["Southmark"]

[norland]
name = "Norland"
uses = ["leaving", "world"]
places = ["Norland"]
themes = ["secession"]
"""
WRITTEN_OUT = """\
[norland]
name = "Norland"
places = ["Norland"]
themes = ["secession", "leave|leaving ... union"]
exclusions = ["trade union"]
elsewhere = ["Southmark"]
"""
DOCUMENT = (Path(__file__).parent.parent / "docs" / "topics.md").read_text(encoding="utf-8")


def test_a_topic_that_uses_shared_terms_is_the_topic_with_them_written_out(tmp_path: Path) -> None:
    sharing, written_out = (
        load(a_home(tmp_path / name, CONFIGURATION, topics=topics), {}).topics
        for name, topics in (("sharing", SHARING), ("written_out", WRITTEN_OUT))
    )

    assert sharing["norland"].model_copy(update={"uses": ()}) == written_out["norland"]


def test_what_a_topic_uses_is_added_once_however_often_the_settings_are_read() -> None:
    """A crawl's child reads what its parent wrote."""
    settings = shipped_settings()

    again = Settings.model_validate_json(settings.model_dump_json())

    assert again.topics == settings.topics


def test_the_environment_may_set_what_a_topic_uses(tmp_path: Path) -> None:
    path = a_home(tmp_path, CONFIGURATION, topics=SHARING)

    topics = load(path, {"SOVWATCH_TOPICS__NORLAND__USES": '["world"]'}).topics

    assert topics["norland"].themes == ("secession",)


def test_the_shipped_topics_share_every_term_that_two_would_repeat() -> None:
    repeated = {key: set(TABLES["alberta"].get(key, ())) & set(TABLES["quebec"].get(key, ())) for key in LISTS}

    assert {key: terms for key, terms in repeated.items() if terms} == {}


def test_a_shipped_topic_is_itself_without_the_other() -> None:
    """Quebec knew of Catalonia from Alberta's list alone."""
    quebec = topics_of({"quebec": TABLES["quebec"]})["quebec"]

    assert relevance("Quebec watches as Catalonia's separatists rally", "", "", quebec).centrality is None
    assert relevance("Catalonia watches as Quebec's separatists rally", "", "", quebec).centrality == "main"


def test_a_topic_elsewhere_may_use_what_the_shipped_ones_share() -> None:
    lists = {"name": "Scotland", "places": ["Scotland", "Écosse"], "names": ["indyref"]}
    bare, using = (topics_of({"x": {**lists, "uses": uses}})["x"] for uses in ([], ["independence", "world"]))

    for title in ("Scotland wants to become a country", "Le débat sur l'indépendance de l'Écosse reprend"):
        assert relevance(title, "", "", bare).centrality is None
        assert relevance(title, "", "", using).centrality == "main"
    for title in ("Scotland marks an independence day", "Scotland watches as Catalonia's separatists rally"):
        assert relevance(title, "", "", using).centrality is None


def test_the_example_in_the_documentation_is_read(tmp_path: Path) -> None:
    shown = next(block for block in DOCUMENT.split("```toml\n") if block.startswith("[shared.")).partition("```")[0]

    (norland,) = compile_topics(load(a_home(tmp_path, CONFIGURATION, topics=shown), {}).topics)

    assert relevance("Norland votes on leaving the union", "", "", norland).centrality == "main"
    assert relevance("Norland's teachers leave their trade union", "", "", norland).centrality is None
    assert relevance("Norland's teachers", "", "", norland).centrality is None
    assert {f"| `{name}` |" for name in SHARED if f"| `{name}` |" not in DOCUMENT} == set()
    assert "shared" in tomllib.loads(shown)
