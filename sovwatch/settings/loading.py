"""Reading the configuration: files and environment in, one object or one sentence out."""

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from stat import S_ISDIR
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from sovwatch.errors import ConfigurationError
from sovwatch.settings.complaints import complaint, nearest, place
from sovwatch.settings.secret import with_secrets
from sovwatch.settings.tables import ChannelSettings, SourceSettings
from sovwatch.settings.topics import SharedSettings, TopicSettings
from sovwatch.settings.whole import PREFIX, Settings

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

CONFIG_VARIABLE = "SOVWATCH_CONFIG"
DEFAULT_CONFIG = Path("config/sovwatch.toml")
_FILES = ("shared", "topics", "sources")  # what has files of its own
_ELSEWHERE = frozenset({"home", *_FILES, "token", "password", "ping"})  # keys that no table of a file has
_LOGIN = re.compile(r"[a-z]+://[^/?#]*@", re.IGNORECASE)


def load(path: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """Read the configuration at `path`, else at SOVWATCH_CONFIG, else at ./config/sovwatch.toml.

    Raises:
        ConfigurationError: a file is missing or is not TOML, a key is unknown, a value or a secret's file is wrong.
    """
    environment = os.environ if environment is None else environment
    path = path or Path(environment.get(CONFIG_VARIABLE) or DEFAULT_CONFIG)
    _refuse_no_file(path)
    home = path.parent.resolve()
    tables = _toml(path)
    for reserved in ("home", *_FILES):
        if reserved in tables:
            raise ConfigurationError(
                str(path),
                f"{reserved!r} does not belong here",
                "topics, what they share, and sources have files of their own",
            )
    _refuse_secrets(path, tables)
    topics = _topics(home / "topics.toml")
    sources = _sources(home / "sources.toml")
    _refuse_unknown_variables(environment)
    wins = _set_by(environment)
    tables = _over({**tables, **topics, "sources": sources}, wins) | {"home": home}
    try:
        settings = Settings(**tables)
        return with_secrets(settings, environment)
    except ValidationError as error:
        first = error.errors()[0]
        where = place(first)
        if variable := _variable(where, wins, environment):
            raise _explained(first, where, variable, ".".join(where)) from None
        raise _explained(first, where, *_place(where, path, sources)) from None


def _refuse_no_file(path: Path) -> None:
    try:
        folder = S_ISDIR(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        cure = "`sovwatch init` makes one; --config names another"
        raise ConfigurationError(str(path), "no such configuration", cure) from None
    except OSError as error:
        cure = "run sovwatch as the user whose it is (docs/operate.md)"
        raise ConfigurationError(str(path), f"cannot be read: {error.strerror}", cure) from None
    if folder:
        inner = path / DEFAULT_CONFIG
        file = inner if inner.exists() else path / DEFAULT_CONFIG.name
        raise ConfigurationError(str(path), "is a folder", f"name the file: {file}")


def _topics(path: Path) -> dict[str, Any]:
    """The tables of topics.toml: topics, and below `shared` what they use."""
    topics = _toml(path)
    shared = topics.pop("shared", {})
    for key, table in shared.items() if isinstance(shared, dict) else ():
        if not isinstance(table, dict):  # a topic that is called so, or a list of no table
            cure = "below [shared] stand tables that topics use, [shared.NAME]; no topic can be called so"
            raise ConfigurationError(str(path), f"shared.{key}: is no table", cure)
    return {"shared": shared, "topics": topics}


def _sources(path: Path) -> Any:
    """The `[[source]]` tables of sources.toml."""
    tables = _toml(path)
    for key in tables:
        if key != "source":
            raise ConfigurationError(str(path), f"unknown table {key!r}", "each source is a table [[source]]")
    sources = tables.get("source", [])
    if not isinstance(sources, list):
        raise ConfigurationError(str(path), "[source] is one table", "write [[source]], with two brackets")
    for source in sources:
        url = source.get("url") if isinstance(source, dict) else None
        if isinstance(url, str) and _LOGIN.match(url):
            where = f"{path}: source {source.get('id')!r}"
            raise ConfigurationError(where, "url: a login before the @ does not belong here", "none is ever sent")
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
    known = {*Settings.model_fields, "config", "smtp_password", "ping_url"} - {"home"}
    for name in environment:
        key = name.removeprefix(PREFIX).partition("__")[0].lower()
        if name.startswith(PREFIX) and key not in known:
            raise ConfigurationError(name, f"no key is set by this variable{nearest(key, known)}")


def _set_by(environment: Mapping[str, str]) -> dict[str, Any]:
    """The keys that the environment sets; what reads them is imported then: it costs a tenth of an idle run."""
    if not any(name.startswith(PREFIX) for name in environment):
        return {}
    from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsConfigDict, SettingsError

    class Wanted(Settings, BaseSettings):
        model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter="__")

    source = EnvSettingsSource(Wanted)
    source.env_vars = {name.lower(): value for name, value in environment.items()}
    try:
        return source()
    except SettingsError as error:
        whole = PREFIX + str(error).split('"')[1].upper()
        given = [name for name in environment if name == whole or name.startswith(f"{whole}__")]
        cure = """write JSON, such as ["one", "two"] or {"name": "value"}"""
        raise ConfigurationError(" or ".join(given), "is a list or a table, and not valid JSON", cure) from None


def _over(tables: Mapping[str, Any], wins: Mapping[str, Any]) -> dict[str, Any]:
    """The tables of the files with what the environment sets in them."""
    both = {name: _over(tables[name], wins[name]) for name in wins if _tables(tables.get(name), wins[name])}
    return {**tables, **wins, **both}


def _tables(*values: Any) -> bool:
    return all(isinstance(value, dict) for value in values)


def _toml(path: Path) -> dict[str, Any]:
    """The tables of a file, with or without the mark that some editors begin a file of UTF-8 with."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise ConfigurationError(str(path), "the file is missing", "`sovwatch init` makes a complete folder") from None
    except UnicodeDecodeError:
        raise ConfigurationError(str(path), "not valid TOML: it is not UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(str(path), f"not valid TOML: {error}") from None
    except OSError as error:
        raise ConfigurationError(str(path), f"cannot be read: {error.strerror}") from None


def _explained(first: "ErrorDetails", where: list[str], file: str, key: str) -> ConfigurationError:
    """Turn a complaint of pydantic into one sentence with file (or variable), key and cure."""
    if first["type"] == "extra_forbidden":
        return ConfigurationError(file, f"unknown key {key!r}{nearest(where[-1], _known(where[:-1]))}")
    message = complaint(first, secret="secret" in key or "token" in key)
    return ConfigurationError(file, f"{key}: {message}" if key else message)


def _variable(where: list[str], wins: Mapping[str, Any], environment: Mapping[str, str]) -> str:
    """The variable that set what a complaint is about; "" where a file did."""
    value: Any = wins
    for key in where:
        if isinstance(value, dict):
            if key not in value:
                return ""
            value = value[key]
    names = {PREFIX + "__".join(where[:depth]).upper() for depth in range(1, len(where) + 1)}
    return max((name for name in environment if name.upper() in names), key=len, default="")


def _place(where: list[str], path: Path, sources: Sequence[Any]) -> tuple[str, str]:
    """The file that a complaint is about, and its key there."""
    match where:
        case ["topics", *rest]:
            return str(path.parent / "topics.toml"), ".".join(rest)
        case ["shared", *_]:
            return str(path.parent / "topics.toml"), ".".join(where)
        case ["sources"]:
            return str(path.parent / "sources.toml"), ""
        case ["sources", number, *rest]:
            entry = sources[int(number)]
            named = isinstance(entry, dict) and "id" in entry
            source = repr(entry["id"]) if named else f"number {int(number) + 1}"
            return f"{path.parent / 'sources.toml'}: source {source}", ".".join(rest)
    return str(path), ".".join(where)


def _known(where: list[str]) -> list[str]:
    """The keys allowed at a place of the configuration."""
    model: type[BaseModel] = Settings
    inner: dict[str, type[BaseModel]] = {
        "channels": ChannelSettings,
        "shared": SharedSettings,
        "topics": TopicSettings,
        "sources": SourceSettings,
    }
    for part in where:
        if part in inner:
            model = inner[part]
        elif part in model.model_fields and isinstance(kind := model.model_fields[part].annotation, type):
            model = kind if issubclass(kind, BaseModel) else model
    return [name for name in model.model_fields if name not in _ELSEWHERE]
