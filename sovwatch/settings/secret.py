"""Secrets: from the environment, or from a file of one line that not everyone may read; never from TOML."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import SecretStr

from sovwatch.errors import ConfigurationError
from sovwatch.settings.whole import Settings

_CURE = "write the secret alone into it, as one line of ASCII"


def with_secrets(settings: Settings, environment: Mapping[str, str]) -> Settings:
    """Return the settings with their secrets.

    Raises:
        ConfigurationError: one cannot be read, or can be none.
    """
    token = _secret("SLACK_BOT_TOKEN", settings, settings.slack.token_file, environment)
    password = _secret("SOVWATCH_SMTP_PASSWORD", settings, settings.mail.password_file, environment)
    ping = _secret("SOVWATCH_PING_URL", settings, settings.ping_file, environment)
    if ping and not ping.startswith(("https://", "http://")):
        raise ConfigurationError("the ping address", "begins with neither https:// nor http://", "write it whole")
    return settings.model_copy(
        update={
            "slack": settings.slack.model_copy(update={"token": SecretStr(token) if token else None}),
            "ping": SecretStr(ping) if ping else None,
            "mail": settings.mail.model_copy(update={"password": SecretStr(password) if password else None}),
        }
    )


def read_secret(path: Path) -> str:
    """Read a secret from a file that only its owner (and group) may read.

    Raises:
        ConfigurationError: the file cannot be read, is empty, is open to everyone, or holds what is no secret.
    """
    try:
        if path.is_dir():
            raise ConfigurationError(str(path), "a folder stands where a secret's file should be", "name the file")
        if path.stat().st_mode & 0o007:
            raise ConfigurationError(str(path), "a secret that everyone may read", f"chmod 600 {path}")
        secret = path.read_text(encoding="utf-8-sig").strip()
    except UnicodeDecodeError:
        raise ConfigurationError(str(path), "the secret is not UTF-8", _CURE) from None
    except OSError as error:
        cure = "write the secret into it; mode 600, owned by who runs sovwatch"
        raise ConfigurationError(str(path), f"the secret cannot be read: {error.strerror}", cure) from None
    if not secret:
        raise ConfigurationError(str(path), "the secret's file is empty", "write the secret into it")
    return _plain(secret, str(path))


def _secret(variable: str, settings: Settings, file: Path | None, environment: Mapping[str, str]) -> str | None:
    if given := environment.get(variable, "").strip():
        return _plain(given, variable)
    return read_secret(settings.home / file) if file else None


def _plain(secret: str, where: str) -> str:
    """The secret, if it can travel: none of Slack, mail and HTTP takes a second line or a letter beyond ASCII."""
    if not (secret.isascii() and secret.isprintable()):
        raise ConfigurationError(where, "the secret is more than one line, or holds more than ASCII", _CURE)
    return secret
