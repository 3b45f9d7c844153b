"""Which way leads to which channel: the configuration, opened."""

import os
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from alerts.outbox import Quiet
from alerts.way import Refused, Way
from sovwatch.errors import ConfigurationError
from sovwatch.model import Digest
from sovwatch.settings import ChannelSettings, Settings, read_secret
from sovwatch.slots import quiet_until


def open_ways(settings: Settings) -> dict[str, Way | Refused]:
    """Return the way to each configured channel; only what these need is imported.

    A channel that lacks its address or its secret is refused, with the cure, so that it holds up no other.
    """
    return {name: _opened(name, channel, settings) for name, channel in settings.channels.items()}


def _opened(name: str, channel: ChannelSettings, settings: Settings) -> Way | Refused:
    try:
        return _WAYS[channel.kind](name, channel, settings)
    except ConfigurationError as error:
        return Refused(f"{error.where}: {error.problem}", error.cure)


def quiet_hours(settings: Settings) -> Quiet:
    """Return until when a digest must not be sent, by its channel's quiet hours; breaking may be let through."""

    def quiet(digest: Digest, now: datetime) -> datetime | None:
        channel = settings.channels.get(digest.channel)
        if channel is None or (digest.kind in {"breaking", "reply"} and channel.breaking_in_quiet_hours):
            return None
        return quiet_until(channel, now)

    return quiet


def _slack(name: str, channel: ChannelSettings, settings: Settings) -> Way:
    from alerts.slack_way import SlackWay

    if settings.slack.token is None:
        cure = "put the bot token in SLACK_BOT_TOKEN, or in the file that slack.token_file names"
        raise ConfigurationError(f"channels.{name}", "Slack needs a token", cure)
    to = _to(name, channel, "the Slack channel's id, such as C0123456789")
    return SlackWay(settings.slack.token.get_secret_value(), to, base_url=settings.slack.base_url)


def _slack_webhook(name: str, channel: ChannelSettings, settings: Settings) -> Way:
    from alerts.webhook import SlackWebhookWay

    return SlackWebhookWay(_secret_address(name, channel, settings))


def _webhook(name: str, channel: ChannelSettings, settings: Settings) -> Way:
    from alerts.webhook import WebhookWay

    if not channel.to:
        return WebhookWay(_secret_address(name, channel, settings))
    return WebhookWay(_address(f"channels.{name}.to", channel.to))


def _mail(name: str, channel: ChannelSettings, settings: Settings) -> Way:
    from alerts.mail import MailWay

    what = "one or more addresses, with commas between"
    to = [address.strip() for address in _to(name, channel, what).split(",") if address.strip()]
    if wrong := next((address for address in to if not _MAIL_ADDRESS.fullmatch(address)), None):
        raise ConfigurationError(f"channels.{name}.to", f"{wrong!r} is no mail address", what)
    if settings.mail.user and settings.mail.password is None:
        cure = "put it in SOVWATCH_SMTP_PASSWORD, or in the file that mail.password_file names"
        raise ConfigurationError("mail.user", "a user without a password", cure)
    return MailWay(settings.mail, to)


def _page(name: str, channel: ChannelSettings, settings: Settings) -> Way:
    from alerts.files import PageWay

    path = _file(name, channel, settings, "digest.html")
    if not path.suffix:
        cure = "name it such as digest.html: beside it lies a folder of that name, with each message"
        raise ConfigurationError(f"channels.{name}.to", f"{channel.to!r} has no ending", cure)
    return PageWay(path, keep=settings.retention.texts)


def _feed(name: str, channel: ChannelSettings, settings: Settings) -> Way:
    from alerts.files import FeedWay

    return FeedWay(_file(name, channel, settings, "told.atom"))


def _terminal(_name: str, _channel: ChannelSettings, _settings: Settings) -> Way:
    from alerts.console import ConsoleWay

    return ConsoleWay()


def _to(name: str, channel: ChannelSettings, what: str) -> str:
    if not channel.to:
        raise ConfigurationError(f"channels.{name}.to", "nowhere to send to", what)
    return channel.to


def _file(name: str, channel: ChannelSettings, settings: Settings, such_as: str) -> Path:
    path = settings.home / _to(name, channel, f"a file, such as {such_as}")
    folder = next(parent for parent in path.parents if parent.exists())
    if path.is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK):
        cure = "name a file in a folder that the user that runs sovwatch may write"
        raise ConfigurationError(f"channels.{name}.to", f"{path} cannot be written", cure)
    return path


def _secret_address(name: str, channel: ChannelSettings, settings: Settings) -> str:
    where = f"channels.{name}.webhook_file"
    if channel.webhook_file is None:
        raise ConfigurationError(where, "no webhook", "a file that holds its address, readable by you alone")
    return _address(where, read_secret(settings.home / channel.webhook_file))


def _address(where: str, address: str) -> str:
    """Return the address of a webhook, which stands in no complaint: it is a secret."""
    if not address.startswith(("https://", "http://")):
        raise ConfigurationError(where, "no webhook's address stands there", "it begins with https://")
    return address


_MAIL_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")
_WAYS: dict[str, Callable[[str, ChannelSettings, Settings], Way]] = {
    "slack": _slack,
    "slack-webhook": _slack_webhook,
    "terminal": _terminal,
    "html": _page,
    "mail": _mail,
    "feed": _feed,
    "webhook": _webhook,
}
