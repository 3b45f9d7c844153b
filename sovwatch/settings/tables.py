"""The tables of the configuration: one class a table, each key with its default and its unit.

docs/configuration.md tells every key; a test compares the two.
"""

import re
from contextlib import suppress
from datetime import date, time, timedelta
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

from sovwatch.model import Tier
from sovwatch.settings import complaints
from sovwatch.settings.complaints import nearest
from sovwatch.settings.strict import Strict


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # some are folders of the zone database
        meant = nearest(name, available_timezones()) or "; write one such as America/Edmonton"
        raise ValueError(f"no time zone is called {name!r}{meant}") from error
    return name


def _shaped(pattern: str, otherwise: str) -> AfterValidator:
    """Let through what matches, and say of anything else what it is not."""

    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(f"{otherwise}, not {value!r}")
        return value

    return AfterValidator(check)


Address = Annotated[str, _shaped(r"(\S*:\d+)?", "is no HOST:PORT, such as 127.0.0.1:9464")]
Id = Annotated[str, _shaped(r"[a-z0-9][a-z0-9._-]*", "has more than small letters, digits, ., _ and -")]
Language = Annotated[str, _shaped(r"([a-z]{2})?", "is no language in two letters, such as en or fr")]
Zone = Annotated[str, AfterValidator(_known_zone)]
_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes", "s": "seconds"}


def _span(value: object) -> object:
    """Read '90d', '48h', '30m' and the like; seconds and ISO 8601 are pydantic's, which takes `true` for a second."""
    if isinstance(value, bool):
        raise ValueError(complaints.SPAN)  # noqa: TRY004  (as pydantic asks for)
    if isinstance(value, str) and (found := re.fullmatch(r"(\d+(?:\.\d+)?)\s*([wdhms])", value.strip())):
        with suppress(OverflowError):
            return timedelta(**{_UNITS[found[2]]: float(found[1])})
    return value


def _with_unit(value: object) -> object:
    """Refuse a bare number: whoever means 90 days would lose all texts after 90 seconds."""
    if re.fullmatch(r"\s*\d+(\.\d+)?\s*", str(value)):
        raise ValueError(f"is a number of what? Write 90d, 48h, 30m or 45s, not {value!r}")
    return value


def _clock_face(value: object) -> object:
    """Refuse a number: pydantic takes 7 for seven seconds past midnight."""
    if isinstance(value, int | float):
        raise ValueError(f"{complaints.TIME}, not {value!r}")  # noqa: TRY004  (as pydantic asks for)
    return value


def _sensible(span: timedelta) -> timedelta:
    if not timedelta() <= span <= _CENTURY:
        raise ValueError("is less than nothing" if span < timedelta() else "is more than a hundred years")
    return span


def _some(span: timedelta) -> timedelta:
    if not span:
        raise ValueError("is nothing: that would be work without pause, or none at all")
    return span


_CENTURY = timedelta(days=36_525)  # beyond it calendars end
Span = Annotated[timedelta, BeforeValidator(_span), AfterValidator(_sensible)]
Pause = Annotated[Span, AfterValidator(_some)]
Kept = Annotated[Span, BeforeValidator(_with_unit)]
TimeOfDay = Annotated[time, BeforeValidator(_clock_face)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEK: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class ChannelSettings(Strict):
    """One place that is told: where it is, what it is told, when and in which language.

    `to` depends on `kind`: a channel id or name for slack, addresses for mail, a file for html and feed, an address for
    webhook, nothing for terminal. Times are local to `zone`.
    """

    kind: Literal["slack", "slack-webhook", "terminal", "html", "mail", "feed", "webhook"] = "terminal"
    to: str = ""
    topics: tuple[str, ...] = ()  # none means all
    language: Literal["en", "fr"] = "en"  # of labels and dates
    reads: tuple[Literal["en", "fr"], ...] = ("en", "fr")  # languages that lead an entry, where there is a choice
    zone: Zone = "America/Toronto"
    at: tuple[TimeOfDay, ...] = (time(7, 0), time(12, 0), time(17, 0))
    days: tuple[Weekday, ...] = WEEK
    cron: str | None = None  # instead of `at` and `days`, with cron's own meaning
    quiet: tuple[TimeOfDay, TimeOfDay] | None = None  # from, to: nothing is sent between them
    breaking: bool = True
    breaking_in_quiet_hours: bool = False
    per_digest: int = Field(default=12, ge=1, le=500)  # stories a digest at most; the rest waits
    per_day: int = Field(default=60, ge=1)
    empty: bool = True  # say so when nothing is new
    webhook_file: Path | None = None  # slack-webhook and webhook: file that holds the secret address
    operator: bool = False  # also told which sources are ill


class SlackSettings(Strict):
    """How Slack is reached. The token comes from SLACK_BOT_TOKEN or from `token_file`."""

    base_url: str = "https://slack.com/api/"
    token_file: Path | None = None
    token: SecretStr | None = Field(default=None, exclude=True)


class MailSettings(Strict):
    """How mail is sent. The password comes from SOVWATCH_SMTP_PASSWORD or from `password_file`."""

    host: str = "localhost"
    port: int = 25
    user: str = ""
    sender: str = "sovwatch@localhost"
    security: Literal["none", "starttls", "tls"] = "none"
    password_file: Path | None = None
    password: SecretStr | None = Field(default=None, exclude=True)


class CrawlSettings(Strict):
    """How sources are fetched: manners first, then caps."""

    user_agent: str = "Sovwatch/0.1 (+https://example.org/sovwatch; set crawl.user_agent to your own contact)"
    robots: bool = True
    delay: Span = timedelta(seconds=2)  # between two requests to one host
    per_host: int = Field(default=1, ge=1)
    concurrency: int = Field(default=16, ge=1)
    timeout: Pause = timedelta(seconds=20)  # of one request
    parse_timeout: Pause = timedelta(seconds=5)  # CPU time of one listing or page
    deadline: Pause = timedelta(minutes=10)  # of a whole crawl
    max_bytes: int = Field(default=8 * 1024 * 1024, ge=1)  # of one response after decompression
    max_redirects: int = Field(default=5, ge=0)
    pages_per_source: int = Field(default=60, ge=0)  # article pages of one source in one crawl
    allow_private: tuple[str, ...] = ()  # hosts that may be at private addresses
    resolve: dict[str, str] = Field(default_factory=dict)  # "*.example" -> "127.0.0.1:8080", for the demo and intranets
    every_min: Span = timedelta(minutes=5)
    every_max: Pause = timedelta(hours=24)

    @property
    def share(self) -> timedelta:
        """A host's time in a crawl: at half a minute's pause five listings and a page, or a listing and four pages."""
        return self.deadline / 4


class SourceSettings(Strict):
    """One place that is read; the keys of a `[[source]]` in sources.toml."""

    id: Id
    url: str
    outlet: str
    kind: Literal["feed", "sitemap", "listing", "search", "spider"] = "feed"
    language: Language = ""
    region: str = ""
    zone: Zone | None = None  # of its dates, where they name none; else the desk's
    tier: Tier = Tier.NATIONAL
    fetch: Literal["match", "all", "never"] = "match"  # which entries have their page read
    enabled: bool = True
    every: Span | None = None  # fixed interval instead of the adaptive one
    since: date | None = None  # its first day: what it dates earlier is not believed
    user_agent: str | None = None
    select: dict[str, str] = Field(default_factory=dict)  # listing: CSS or XPath by name
    spider: str = ""  # spider: its name
    query: str = ""  # search: fills {query} in url
    why: str = ""
    traps: str = ""
    checked: str = "never"

    @property
    def gathers(self) -> bool:
        """Whether it lists what others publish."""
        return self.kind == "search" or self.tier is Tier.AGGREGATOR


class RetentionSettings(Strict):
    """How long texts are kept. Fingerprints and keys, the memory, stay."""

    texts: Kept = timedelta(days=90)
    off_topic: Kept = timedelta(days=30)


class LogSettings(Strict):
    """What is said on standard error while working; never a secret, at any level."""

    level: Literal["debug", "info", "warning", "error"] | None = None  # none: info in the daemon, else warning
    format: Literal["human", "json"] = "human"


class DaemonSettings(Strict):
    """How `sovwatch daemon` runs."""

    tick: Pause = timedelta(minutes=1)  # between two looks at what is due
    drain: Span = timedelta(seconds=40)  # what is under way may take so long to end after SIGTERM
    address: Address = ""  # "127.0.0.1:9464" serves /healthz and /metrics


class WorkerSettings(Strict):
    """How a fleet of `sovwatch worker` shares its work; the same on all of its machines."""

    groups: int = Field(default=32, ge=1, le=4096)  # of hosts: a job reads one, a host is in one
    judges: int = Field(default=1, ge=1, le=64)  # that judge side by side; placing among stories stays one at a time
    silence: Pause = timedelta(seconds=30)  # a worker without a sign of life for so long is dead
