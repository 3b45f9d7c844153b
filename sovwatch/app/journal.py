"""What is said while working: one line an event, for people or as JSON, on standard error; never a secret.

Under cron only warnings are said (cron mails what is said); the daemon says one line an article and a run. Secrets
are masked where a line is finished, so it holds for every library and every level: the values that the
configuration knows, and whatever looks like a Slack token, a webhook's address or a password in an address.
"""

import json
import logging
import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Literal

from sovwatch.errors import ConfigurationError
from sovwatch.settings import Settings, read_secret

OURS = ("sovwatch", "spiders", "alerts")
MASK = "•••"
_SECRETS = re.compile(
    r"""(?:xox[a-z]|xapp)-[\w-]+                 # Slack: bot, user, app and refresh tokens
    |   (?<=/services/)[\w/%-]+                  # a Slack webhook's path
    |   (?<=://)[^\s/:@'"]*:[^\s/@'"]+(?=@)      # user:password@ of an address
    |   (?i:(?<=bearer\s)|(?<=basic\s))[\w.~+/=-]{6,}
    """,
    re.VERBOSE,
)
_LEAST = 6  # characters of a value that is masked by itself: a shorter one would mask words


def start(settings: Settings, *, level: str) -> None:
    """Begin to log to standard error; `[log] level` wins over the command's own `level`."""
    wanted = (settings.log.level or level).upper()
    handler = logging.StreamHandler(sys.stderr)
    masked = Masker(secrets(settings))
    handler.setFormatter(Lines(settings.log.format, masked))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel("DEBUG" if wanted == "DEBUG" else "WARNING")
    for name in OURS:
        logging.getLogger(name).setLevel(wanted)
    logging.captureWarnings(capture=True)
    sys.excepthook = _crash


def _crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Say a bug's traceback the way all lines are said, masked."""
    logging.getLogger(OURS[0]).critical("a bug; please report it", exc_info=(kind, error, trace))


def event(logger: logging.Logger, what: str, **fields: Any) -> None:
    """Log something that happened, with its values."""
    if logger.isEnabledFor(logging.INFO):
        logger.info(what, extra={"fields": fields})


class Lines(logging.Formatter):
    """A record as one line: instant, level, what, and the values; a traceback follows on lines of its own."""

    def __init__(self, form: Literal["human", "json"], mask: "Masker") -> None:
        super().__init__()
        self._form, self._mask = form, mask

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, masked."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        fields: dict[str, Any] = getattr(record, "fields", {})
        trace = self.formatException(record.exc_info) if record.exc_info else ""
        if self._form == "json":
            said = {"at": at, "level": record.levelname.lower(), "logger": record.name, "event": record.getMessage()}
            return self._mask(
                json.dumps({**said, **fields, **({"trace": trace} if trace else {})}, ensure_ascii=False, default=str)
            )
        values = "".join(f" {key}={_plain(value)}" for key, value in fields.items())
        line = f"{at} {record.levelname.lower()} {record.name}: {record.getMessage()}{values}"
        return self._mask(f"{line}\n{trace}" if trace else line)


class Masker:
    """Puts `MASK` in the place of these values, and of all that looks like a secret."""

    def __init__(self, values: Iterable[str]) -> None:
        longest_first = sorted((value for value in values if len(value) >= _LEAST), key=len, reverse=True)
        self._values = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def __call__(self, text: str) -> str:
        """Return the text without secrets."""
        if self._values is not None:
            text = self._values.sub(MASK, text)
        return _SECRETS.sub(MASK, text)


def secrets(settings: Settings) -> list[str]:
    """All secret values that this configuration leads to."""
    known = [settings.slack.token, settings.mail.password, settings.ping]
    found = [one.get_secret_value() for one in known if one is not None]
    for channel in settings.channels.values():
        if channel.webhook_file is not None:
            try:
                found.append(read_secret(settings.home / channel.webhook_file))
            except ConfigurationError:
                continue  # the channel itself will say so
    return found


def _plain(value: Any) -> str:
    text = str(value)
    return json.dumps(text, ensure_ascii=False) if not text or " " in text or "\n" in text else text
