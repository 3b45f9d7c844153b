"""The configuration: TOML files and the environment, made once into one frozen typed object and passed down.

`sovwatch.toml` says how (schedule, channels, database, limits); `topics.toml` beside it says what to look for;
`sources.toml` where; `seeds/` what is known already. Every key may be overridden by the environment
(`SOVWATCH_DATABASE`, `SOVWATCH_SLACK__BASE_URL`, …). Secrets come from the environment, or from the file that a
`…_file` key names, and never from TOML itself. Nothing else in the program reads the environment.

An unknown key is an error that names the nearest known one; a wrong value is an error that names file, key and cure.
"""

import difflib
import os
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from sovwatch.errors import ConfigurationError
from sovwatch.model import Tier

PREFIX = "SOVWATCH_"
CONFIG_VARIABLE = "SOVWATCH_CONFIG"
DEFAULT_CONFIG = Path("config/sovwatch.toml")


class _Strict(BaseModel):
    """A table of the configuration: frozen, and without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"no time zone is called {name!r}; write one such as America/Edmonton") from error
    return name


Zone = Annotated[str, AfterValidator(_known_zone)]
_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes", "s": "seconds"}


def _span(value: object) -> object:
    """Read '90d', '48h', '30m' and the like; seconds and ISO 8601 are pydantic's."""
    if isinstance(value, str) and (found := re.fullmatch(r"(\d+(?:\.\d+)?)\s*([wdhms])", value.strip())):
        return timedelta(**{_UNITS[found[2]]: float(found[1])})
    return value


Span = Annotated[timedelta, BeforeValidator(_span)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEK: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class ChannelSettings(_Strict):
    """One place that is told: where it is, what it is told, when and in which language.

    `to` depends on `kind`: a channel id or name for slack, addresses for mail, a file for html and feed, an address for
    webhook, nothing for terminal. Times are local to `zone`.
    """

    kind: Literal["slack", "slack-webhook", "terminal", "html", "mail", "feed", "webhook"] = "terminal"
    to: str = ""
    topics: tuple[str, ...] = ()  # none means all
    language: Literal["en", "fr"] = "en"  # of labels and dates
    reads: tuple[str, ...] = ("en", "fr")  # languages of articles that lead an entry, where there is a choice
    zone: Zone = "America/Toronto"
    at: tuple[time, ...] = (time(7, 0), time(12, 0), time(17, 0))
    days: tuple[Weekday, ...] = WEEK
    cron: str | None = None  # instead of `at` and `days`, with cron's own meaning
    quiet: tuple[time, time] | None = None  # from, to: nothing is sent between them
    breaking: bool = True
    breaking_in_quiet_hours: bool = False
    per_digest: int = Field(default=12, ge=1, le=500)  # stories a digest at most; the rest waits
    per_day: int = Field(default=60, ge=1)
    empty: bool = True  # say so when nothing is new
    webhook_file: Path | None = None  # slack-webhook and webhook: file that holds the secret address
    operator: bool = False  # also told which sources are ill


class SlackSettings(_Strict):
    """How Slack is reached. The token comes from SLACK_BOT_TOKEN or from `token_file`."""

    base_url: str = "https://slack.com/api/"
    token_file: Path | None = None
    token: SecretStr | None = Field(default=None, exclude=True)


class MailSettings(_Strict):
    """How mail is sent. The password comes from SOVWATCH_SMTP_PASSWORD or from `password_file`."""

    host: str = "localhost"
    port: int = 25
    user: str = ""
    sender: str = "sovwatch@localhost"
    security: Literal["none", "starttls", "tls"] = "none"
    password_file: Path | None = None
    password: SecretStr | None = Field(default=None, exclude=True)


class CrawlSettings(_Strict):
    """How sources are fetched: manners first, then caps."""

    user_agent: str = "Sovwatch/0.1 (+https://example.org/sovwatch; set crawl.user_agent to your own contact)"
    robots: bool = True
    delay: Span = timedelta(seconds=2)  # between two requests to one host
    per_host: int = Field(default=1, ge=1)
    concurrency: int = Field(default=16, ge=1)
    timeout: Span = timedelta(seconds=20)  # of one request
    parse_timeout: Span = timedelta(seconds=5)  # CPU time of one listing or page
    deadline: Span = timedelta(minutes=10)  # of a whole crawl
    max_bytes: int = 8 * 1024 * 1024  # of one response after decompression
    max_redirects: int = 5
    pages_per_source: int = 60  # article pages of one source in one crawl
    allow_private: tuple[str, ...] = ()  # hosts that may be at private addresses
    resolve: dict[str, str] = Field(default_factory=dict)  # "*.example" -> "127.0.0.1:8080", for the demo and intranets
    every_min: Span = timedelta(minutes=5)
    every_max: Span = timedelta(hours=24)


class SourceSettings(_Strict):
    """One place that is read; the keys of a `[[source]]` in sources.toml."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")
    url: str
    outlet: str
    kind: Literal["feed", "sitemap", "listing", "search", "spider"] = "feed"
    language: str = ""
    region: str = ""
    tier: Tier = Tier.NATIONAL
    fetch: Literal["match", "all", "never"] = "match"  # which entries have their page read
    enabled: bool = True
    every: Span | None = None  # fixed interval instead of the adaptive one
    user_agent: str | None = None
    select: dict[str, str] = Field(default_factory=dict)  # listing: CSS or XPath by name
    spider: str = ""  # spider: its name
    query: str = ""  # search: fills {query} in url
    why: str = ""
    traps: str = ""
    checked: str = "never"


class TopicSettings(_Strict):
    """One topic as topics.toml has it: see `sovwatch.relevance` and docs/topics.md for what each list means."""

    model_config = ConfigDict(frozen=True, extra="allow")

    name: str
    match: Literal["profile", "all"] = "profile"
    in_french: dict[str, str] = Field(default_factory=dict)  # "name" and the names of signals, for French channels

    def called(self, what: str, language: str) -> str:
        """Its own name ("name") or that of a signal, in a channel's language."""
        english = self.name if what == "name" else what
        return self.in_french.get(what, english) if language == "fr" else english


class RetentionSettings(_Strict):
    """How long texts are kept. Fingerprints and keys, the memory, stay."""

    texts: Span = timedelta(days=90)
    off_topic: Span = timedelta(days=30)


class LogSettings(_Strict):
    """What is said on standard error while working; never a secret, at any level."""

    level: Literal["debug", "info", "warning", "error"] | None = None  # none: info in the daemon, else warning
    format: Literal["human", "json"] = "human"


class DaemonSettings(_Strict):
    """How `sovwatch daemon` runs."""

    tick: Span = timedelta(minutes=1)  # between two looks at what is due
    drain: Span = timedelta(seconds=40)  # what is under way may take so long to end after SIGTERM
    address: str = Field(default="", pattern=r"^(\S*:\d+)?$")  # "127.0.0.1:9464" serves /healthz and /metrics


class WorkerSettings(_Strict):
    """How a fleet of `sovwatch worker` shares its work; the same on all of its machines."""

    groups: int = Field(default=32, ge=1, le=4096)  # of hosts: a job reads one, a host is in one
    silence: Span = timedelta(seconds=30)  # a worker without a sign of life for so long is dead


def _instant(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Settings(BaseSettings):
    """The whole configuration. `home` is the folder of sovwatch.toml, which relative paths count from."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", env_prefix=PREFIX, env_nested_delimiter="__", validate_default=True
    )
    home: Path = Path("config")
    database: str = "sqlite:///sovwatch.sqlite"
    fresh: Span = timedelta(hours=48)
    first_reading: Span = timedelta(days=1)  # older entries of a source's first reading are memory
    zone: Zone = "America/Toronto"
    clock: Annotated[datetime, AfterValidator(_instant)] | None = None  # a fixed "now", for the demo and tests
    ill_after: Span = timedelta(hours=24)  # a source ill for so long is told to channels with `operator`
    lease: Span = timedelta(minutes=5)  # a holder that gives no sign for so long has lost it
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
    topics: dict[str, TopicSettings] = Field(default_factory=dict)
    sources: tuple[SourceSettings, ...] = ()
    seeds: Path = Path("seeds")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  (the signature is pydantic-settings')
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over the files."""
        return env_settings, init_settings

    @model_validator(mode="after")
    def _sources_are_distinct(self) -> "Settings":
        seen: set[str] = set()
        for source in self.sources:
            if source.id in seen:
                raise ValueError(f"two sources have the id {source.id!r}")
            seen.add(source.id)
        return self

    @model_validator(mode="after")
    def _channels_name_topics(self) -> "Settings":
        for name, channel in self.channels.items():
            for topic in channel.topics:
                if topic not in self.topics:
                    raise ValueError(
                        f"channels.{name}.topics: no topic is called {topic!r}{nearest(topic, self.topics)}"
                    )
        return self

    @property
    def database_url(self) -> str:
        """The SQLAlchemy address; a relative SQLite file lies in `home`."""
        prefix = "sqlite:///"
        if self.database.startswith(prefix) and (name := self.database.removeprefix(prefix)) not in {"", ":memory:"}:
            return prefix + str(self.home / name)
        return self.database

    @property
    def seeds_folder(self) -> Path:
        """Where the cards of what is known already lie."""
        return self.home / self.seeds

    def now(self) -> datetime:
        """The present instant in UTC, or the fixed one of `clock`."""
        return self.clock or datetime.now(UTC)

    def source(self, name: str) -> SourceSettings | None:
        """The source of that id."""
        return next((source for source in self.sources if source.id == name), None)


def nearest(word: str, known: Iterable[str]) -> str:
    """Return '; did you mean …?' for the known word that is closest, or an empty string."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean {close[0]!r}?" if close else ""


def load(path: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """Read the configuration at `path`, else at SOVWATCH_CONFIG, else at ./config/sovwatch.toml.

    Raises:
        ConfigurationError: a file is missing or is not TOML, a key is unknown, a value or a secret's file is wrong.
    """
    environment = os.environ if environment is None else environment
    path = path or Path(environment.get(CONFIG_VARIABLE) or DEFAULT_CONFIG)
    if not path.is_file():
        raise ConfigurationError(
            str(path), "no such configuration", "`sovwatch init` makes one; --config names another"
        )
    home = path.parent.resolve()
    tables = _toml(path)
    for reserved in ("home", "topics", "sources"):
        if reserved in tables:
            raise ConfigurationError(
                str(path), f"{reserved!r} does not belong here", "topics and sources have files of their own"
            )
    _refuse_secrets(path, tables)
    topics = _toml(home / "topics.toml")
    sources = _sources(home / "sources.toml")
    _refuse_unknown_variables(environment)
    try:
        settings = Settings(**tables, home=home, topics=topics, sources=sources)
        return _with_secrets(settings, environment)
    except ValidationError as error:
        raise _explained(error, path, sources) from None


def _sources(path: Path) -> Any:
    """The `[[source]]` tables of sources.toml."""
    tables = _toml(path)
    for key in tables:
        if key != "source":
            raise ConfigurationError(str(path), f"unknown table {key!r}", "each source is a table [[source]]")
    sources = tables.get("source", [])
    if not isinstance(sources, list):
        raise ConfigurationError(str(path), "[source] is one table", "write [[source]], with two brackets")
    return sources


def _refuse_secrets(path: Path, tables: Mapping[str, Any]) -> None:
    """A secret in a file that is copied, shown and kept in version control is no secret."""
    for key, section, cure in (
        ("token", tables.get("slack"), "SLACK_BOT_TOKEN, or slack.token_file"),
        ("password", tables.get("mail"), "SOVWATCH_SMTP_PASSWORD, or mail.password_file"),
        ("ping", tables, "SOVWATCH_PING_URL, or ping_file"),
    ):
        if isinstance(section, dict) and key in section:
            raise ConfigurationError(str(path), f"{key!r} is a secret and does not belong here", f"use {cure}")


def _refuse_unknown_variables(environment: Mapping[str, str]) -> None:
    """A mistyped variable would otherwise change nothing and say nothing."""
    known = {*Settings.model_fields, "config", "smtp_password", "ping_url"}
    for name in environment:
        key = name.removeprefix(PREFIX).partition("__")[0].lower()
        if name.startswith(PREFIX) and key not in known:
            raise ConfigurationError(name, f"no key is set by this variable{nearest(key, known)}")


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(str(path), "the file is missing", "`sovwatch init` makes a complete folder") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(str(path), f"not valid TOML: {error}") from None
    except OSError as error:
        raise ConfigurationError(str(path), f"cannot be read: {error.strerror}") from None


_PLAIN = {
    "missing": "is missing",
    "time_delta_parsing": "is no length of time; write one such as 90d, 48h, 30m or 45s",
    "time_delta_type": "is no length of time; write one such as 90d, 48h, 30m or 45s",
}


def _explained(error: ValidationError, path: Path, sources: Sequence[Any]) -> ConfigurationError:
    """Turn the first complaint of pydantic into one sentence with file, key and cure."""
    first = error.errors()[0]
    where = [str(part) for part in first["loc"]]
    file, key = _place(where, path, sources)
    if first["type"] == "extra_forbidden":
        return ConfigurationError(file, f"unknown key {key!r}{nearest(where[-1], _known(where[:-1]))}")
    message = _PLAIN.get(first["type"], first["msg"].removeprefix("Value error, "))
    given = first.get("input")
    shown = (
        f", not {given!r}"
        if isinstance(given, str | int | float) and "secret" not in key and "token" not in key
        else ""
    )
    return ConfigurationError(file, f"{key}: {message}{shown}" if key else message)


def _place(where: list[str], path: Path, sources: Sequence[Any]) -> tuple[str, str]:
    """The file (or variable) that a complaint is about, and its key there."""
    match where:
        case ["topics", *rest]:
            return str(path.parent / "topics.toml"), ".".join(rest)
        case ["sources", number, *rest]:
            entry = sources[int(number)] if number.isdigit() else {}
            ident = entry.get("id", number) if isinstance(entry, dict) else number
            return f"{path.parent / 'sources.toml'}: source {ident!r}", ".".join(rest)
    variable = PREFIX + "__".join(where).upper()
    return (variable if variable in os.environ else str(path)), ".".join(where)


def _known(where: list[str]) -> list[str]:
    """The keys allowed at a place of the configuration."""
    model: type[BaseModel] = Settings
    inner: dict[str, type[BaseModel]] = {
        "channels": ChannelSettings,
        "topics": TopicSettings,
        "sources": SourceSettings,
    }
    for part in where:
        if part in inner:
            model = inner[part]
        elif part in model.model_fields and isinstance(kind := model.model_fields[part].annotation, type):
            model = kind if issubclass(kind, BaseModel) else model
    return [
        name for name in model.model_fields if name not in {"home", "topics", "sources", "token", "password", "ping"}
    ]


def _with_secrets(settings: Settings, environment: Mapping[str, str]) -> Settings:
    token = environment.get("SLACK_BOT_TOKEN") or _secret(settings, settings.slack.token_file)
    password = environment.get("SOVWATCH_SMTP_PASSWORD") or _secret(settings, settings.mail.password_file)
    ping = environment.get("SOVWATCH_PING_URL") or _secret(settings, settings.ping_file)
    return settings.model_copy(
        update={
            "slack": settings.slack.model_copy(update={"token": SecretStr(token) if token else None}),
            "ping": SecretStr(ping) if ping else None,
            "mail": settings.mail.model_copy(update={"password": SecretStr(password) if password else None}),
        }
    )


def _secret(settings: Settings, file: Path | None) -> str | None:
    """The one line that a secret's file holds; a file that others may read is refused."""
    return read_secret(settings.home / file) if file else None


def read_secret(path: Path) -> str:
    """Read a secret from a file that only its owner (and group) may read.

    Raises:
        ConfigurationError: the file cannot be read, is empty, or is open to everyone.
    """
    try:
        if path.stat().st_mode & 0o007:
            raise ConfigurationError(str(path), "a secret that everyone may read", f"chmod 600 {path}")
        secret = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ConfigurationError(str(path), f"the secret cannot be read: {error.strerror}") from None
    if not secret:
        raise ConfigurationError(str(path), "the secret's file is empty")
    return secret
