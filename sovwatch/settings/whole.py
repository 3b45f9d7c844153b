"""The whole configuration as one frozen object."""

import os
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationInfo,
    field_validator,
    model_validator,
)

from sovwatch.settings.complaints import WrongAt, nearest
from sovwatch.settings.tables import (
    ChannelSettings,
    CrawlSettings,
    DaemonSettings,
    LogSettings,
    MailSettings,
    Pause,
    RetentionSettings,
    SlackSettings,
    SourceSettings,
    Span,
    WorkerSettings,
    Zone,
)
from sovwatch.settings.topics import Lists, SharedSettings, TopicSettings

PREFIX = "SOVWATCH_"
_FILE = "sqlite:///"


def _instant(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _kept(database: str) -> str:
    if database in {"sqlite:", "sqlite://", _FILE, f"{_FILE}:memory:"}:
        raise ValueError("is in memory, and forgotten after each command; name a file, such as sqlite:///news.sqlite")
    return database


class Settings(BaseModel):
    """The whole configuration. `home` is the folder of sovwatch.toml, which relative paths count from."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    home: Path = Path("config")
    database: Annotated[str, AfterValidator(_kept)] = "sqlite:///sovwatch.sqlite"
    fresh: Span = timedelta(hours=48)
    first_reading: Span = timedelta(days=1)  # older entries of a source's first reading are memory
    zone: Zone = "America/Toronto"
    clock: Annotated[datetime, AfterValidator(_instant)] | None = None  # a fixed "now", for the demo and tests
    ill_after: Span = timedelta(hours=24)  # a source ill for so long is told to channels with `operator`
    lease: Pause = timedelta(minutes=5)  # a holder that gives no sign for so long has lost it
    slack: SlackSettings = SlackSettings()
    mail: MailSettings = MailSettings()
    crawl: CrawlSettings = CrawlSettings()
    retention: RetentionSettings = RetentionSettings()
    log: LogSettings = LogSettings()
    daemon: DaemonSettings = DaemonSettings()
    worker: WorkerSettings = WorkerSettings()
    ping_file: Path | None = None  # file with the address that is asked after each good run (or SOVWATCH_PING_URL)
    ping: SecretStr | None = Field(default=None, exclude=True)
    channels: dict[str, ChannelSettings] = Field(default_factory=dict)
    shared: dict[str, SharedSettings] = Field(default_factory=dict)  # of topics.toml: what topics may use
    topics: dict[str, TopicSettings] = Field(default_factory=dict)
    sources: tuple[SourceSettings, ...] = ()
    seeds: Path = Path("seeds")

    @field_validator("topics")
    @classmethod
    def _topics_have_what_they_use(
        cls, topics: dict[str, TopicSettings], info: ValidationInfo
    ) -> dict[str, TopicSettings]:
        shared: dict[str, Lists] | None = info.data.get("shared")
        if shared is None:  # wrong itself, which is said
            return topics
        for name, topic in topics.items():
            for used in topic.uses:
                if used not in shared:
                    problem = f"nothing shared is called {used!r}{nearest(used, shared)}"
                    raise WrongAt(name, "uses", problem=problem)
        return {name: topic.using(shared) for name, topic in topics.items()}

    @field_validator("sources")
    @classmethod
    def _sources_are_distinct(cls, sources: tuple[SourceSettings, ...]) -> tuple[SourceSettings, ...]:
        seen: set[str] = set()
        for source in sources:
            if source.id in seen:
                raise ValueError(f"two sources have the id {source.id!r}")
            seen.add(source.id)
        return sources

    @model_validator(mode="after")
    def _channels_name_topics(self) -> "Settings":
        for name, channel in self.channels.items():
            for topic in channel.topics:
                if topic not in self.topics:
                    problem = f"no topic is called {topic!r}{nearest(topic, self.topics)}"
                    raise WrongAt("channels", name, "topics", problem=problem)
        return self

    @property
    def database_url(self) -> str:
        """The SQLAlchemy address of the database."""
        return self.at_home(self.database)

    def at_home(self, database: str) -> str:
        """The SQLAlchemy address of a database; a relative SQLite file lies in `home`."""
        name = database.removeprefix(_FILE)
        return database if name == database else _FILE + str(self.home / name)

    @property
    def seeds_folder(self) -> Path:
        """Where the cards of what is known already lie."""
        return self.home / self.seeds

    def files(self) -> dict[Path, os.stat_result]:
        """The files that it was read from, the cards too; one that an editor replaces this moment is left out."""
        found = {}
        for file in (*self.home.glob("*.toml"), *self.seeds_folder.glob("*.toml")):
            with suppress(FileNotFoundError):
                found[file] = file.stat()
        return found

    def changed(self) -> datetime:
        """When one of its files last came to be what it is, by the file system's clock."""
        return datetime.fromtimestamp(max((stat.st_ctime for stat in self.files().values()), default=0), UTC)

    def now(self) -> datetime:
        """The present instant in UTC, or the fixed one of `clock`."""
        return self.clock or datetime.now(UTC)

    def source(self, name: str) -> SourceSettings | None:
        """The source of that id."""
        return next((source for source in self.sources if source.id == name), None)
