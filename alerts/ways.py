"""Which way leads to which channel: the configuration, opened."""

from collections.abc import Callable
from datetime import datetime

from alerts.console import ConsoleWay
from alerts.outbox import Quiet
from alerts.slack_way import SlackWay
from alerts.way import Way
from sovwatch.errors import ConfigurationError
from sovwatch.model import Digest
from sovwatch.settings import ChannelSettings, Settings
from sovwatch.slots import quiet_until

_Open = Callable[[str, ChannelSettings, Settings], Way]


def open_ways(settings: Settings) -> dict[str, Way]:
    """Return the way to each configured channel.

    Raises:
        ConfigurationError: a channel lacks its address or its secret.
    """
    return {name: _KINDS[channel.kind](name, channel, settings) for name, channel in settings.channels.items()}


def quiet_hours(settings: Settings) -> Quiet:
    """Return until when a digest must not be sent, by its channel's quiet hours; breaking may be let through."""

    def quiet(digest: Digest, now: datetime) -> datetime | None:
        channel = settings.channels.get(digest.channel)
        if channel is None or (digest.kind in {"breaking", "reply"} and channel.breaking_in_quiet_hours):
            return None
        return quiet_until(channel, now)

    return quiet


def _slack(name: str, channel: ChannelSettings, settings: Settings) -> Way:
    if settings.slack.token is None:
        cure = "put the bot token in SLACK_BOT_TOKEN, or in the file that slack.token_file names"
        raise ConfigurationError(f"channels.{name}", "Slack needs a token", cure)
    if not channel.to:
        raise ConfigurationError(f"channels.{name}.to", "no Slack channel", "its id, such as C0123456789")
    return SlackWay(settings.slack.token.get_secret_value(), channel.to, base_url=settings.slack.base_url)


def _terminal(_name: str, _channel: ChannelSettings, _settings: Settings) -> Way:
    return ConsoleWay()


_KINDS: dict[str, _Open] = {"slack": _slack, "terminal": _terminal}
