"""The topics that ship, and topics of a test's own."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sovwatch.relevance import Topic, compile_topics
from sovwatch.settings import Settings

FILE = Path(__file__).parent.parent / "config" / "topics.toml"
TABLES: dict[str, dict[str, Any]] = tomllib.loads(FILE.read_text(encoding="utf-8"))
SHARED = TABLES.pop("shared")


def topics_of(tables: Mapping[str, Any]) -> dict[str, Topic]:
    """Topics by id, made of tables as topics.toml has them; they may use what the shipped ones share."""
    settings = Settings.model_validate({"shared": SHARED, "topics": tables})
    return {topic.id: topic for topic in compile_topics(settings.topics)}


SHIPPED = topics_of(TABLES)
