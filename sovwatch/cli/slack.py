"""Setting Slack up: the app's manifest, and a test message."""

from typing import Annotated

import typer

from sovwatch.cli.frame import cli, frame_of, show_json
from sovwatch.errors import ConfigurationError

_A_CHANNEL = 'write a [channels.NAME] with kind = "slack" and, as `to`, the id of a channel'
slack = typer.Typer(help="Setting Slack up: manifest, test.", no_args_is_help=True)
cli.add_typer(slack, name="slack")


@slack.command("manifest")
def manifest() -> None:
    """Print the app manifest to paste at api.slack.com/apps, with the least scopes."""
    from alerts.slack_app import manifest as app_manifest

    typer.echo(app_manifest())


@slack.command("test")
def try_out(
    context: typer.Context,
    channel: Annotated[str | None, typer.Option(help="Only this channel; else every Slack channel.")] = None,
) -> None:
    """Post a small test digest and say what works: token, scopes, channel, metadata, history."""
    from alerts.slack_app import trial

    frame = frame_of(context)
    settings = frame.settings()
    names = [name for name, one in settings.channels.items() if one.kind == "slack" and channel in {None, name}]
    if not names:
        raise ConfigurationError("channels", "no such Slack channel is configured", _A_CHANNEL)
    if settings.slack.token is None:
        raise ConfigurationError("slack", "no token", "set SLACK_BOT_TOKEN, or slack.token_file")
    token = settings.slack.token.get_secret_value()
    said = {}
    for name in names:
        one = settings.channels[name]
        base, now = settings.slack.base_url, settings.now()
        said[name] = list(trial(token, one.to, base_url=base, language=one.language, zone=one.zone, now=now))
    if frame.json:
        show_json({name: [str(check) for check in checks] for name, checks in said.items()})
    for name, checks in ({} if frame.json else said).items():
        typer.echo(f"{name}:")
        for check in checks:
            typer.echo(f"  {check}")
    if not all(check.ok for checks in said.values() for check in checks):
        raise typer.Exit(1)
