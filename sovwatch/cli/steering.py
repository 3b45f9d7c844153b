"""Saying what you think of stories: split, merge, mute, follow."""

from typing import Annotated, get_args

import typer

from sovwatch.cli import given
from sovwatch.cli.frame import cli, frame_of, say, show_json, show_table
from sovwatch.cli.given import Story
from sovwatch.wording import counted

stories = typer.Typer(help="Stories: show, split, merge.", no_args_is_help=True)
mutes = typer.Typer(help="Mutes: list, remove.", no_args_is_help=True)
cli.add_typer(stories, name="stories")
cli.add_typer(mutes, name="mutes")


@stories.command("show")
def show(context: typer.Context, story: Story) -> None:
    """Show the articles of a story."""
    from sovwatch.app.steering import story_of

    frame = frame_of(context)
    with frame.app() as app:
        rows = story_of(app, story)
    if frame.json:
        show_json([dict(row) for row in rows])
        return
    for row in rows:  # no table: its addresses are there to be copied
        typer.echo(f"{row['placement']:5}  {row['outlet'] or '–'}: {row['title']}\n       {row['url']}")


@stories.command("split")
def split(context: typer.Context, url: Annotated[str, typer.Argument(metavar="URL")]) -> None:
    """Take an article, with its copies, out of its story. It gets one of its own; remembered."""
    from sovwatch.app.steering import split as split_off

    frame = frame_of(context)
    with frame.app() as app, app.lease():
        new = split_off(app, url)
    frame.did(f"it is story {new} now", story=new)


@stories.command("merge")
def merge(
    context: typer.Context,
    story: Story,
    into: Annotated[int, typer.Argument(metavar="INTO", parser=given.number)],
) -> None:
    """Put all articles of STORY into the story INTO; remembered."""
    from sovwatch.app.steering import merge as merge_into

    frame = frame_of(context)
    with frame.app() as app, app.lease():
        count = merge_into(app, story, into)
    frame.did(f"{counted(count, 'article')} went into story {into}", articles=count, story=into)


@cli.command()
def mute(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(metavar="story|source|phrase")],
    what: Annotated[str, typer.Argument(metavar="WHAT", help="A story's number, a source's id or outlet, or words.")],
    length: Annotated[
        str | None, typer.Option("--for", metavar="30d", help="How long: 12h, 30d, 2w; else for good.")
    ] = None,
    channel: Annotated[str | None, typer.Option(help="Only this channel.")] = None,
) -> None:
    """Hear no more of a story, a source or a phrase. For a while or for good."""
    from sovwatch.app.steering import mute as add_mute
    from sovwatch.mutes import MuteKind
    from sovwatch.settings import nearest

    if kind not in get_args(MuteKind):
        kinds = get_args(MuteKind)
        raise typer.BadParameter(f"{kind!r} is not one of {', '.join(kinds)}{nearest(kind, kinds)}")
    frame = frame_of(context)
    with frame.app() as app:
        number = add_mute(app, kind, what, length=length, channel=channel)  # type: ignore[arg-type]
    frame.did(f"mute {number}; `sovwatch mutes remove {number}` takes it back", mute=number)


@mutes.command("list")
def list_(context: typer.Context) -> None:
    """List the mutes that hold now."""
    from dataclasses import asdict

    from sovwatch.desk import at_desk
    from sovwatch.store import steering

    frame = frame_of(context)
    with frame.app() as app, app.store.read() as c:
        held, zone = steering.mutes(c, app.now()), app.settings.zone
    if frame.json:
        show_json([{"mute": number, **asdict(one)} for number, one in held])
        return
    rows = [
        [
            str(number),
            one.kind,
            one.what,
            one.channel or "all",
            at_desk(one.until, zone) if one.until else "for good",
        ]
        for number, one in held
    ]
    if not rows:
        say("nothing is muted")
        return
    show_table(["mute", "kind", "what", "channel", "until"], rows)


@mutes.command("remove")
def remove(context: typer.Context, number: Annotated[int, typer.Argument(metavar="MUTE", parser=given.number)]) -> None:
    """Take a mute back."""
    from sovwatch.app.steering import unmute

    frame = frame_of(context)
    with frame.app() as app:
        unmute(app, number)
    frame.did(f"mute {number} is gone", mute=number)


@cli.command()
def follow(
    context: typer.Context,
    story: Story,
    channel: Annotated[str | None, typer.Option(help="Only this channel.")] = None,
    stop: Annotated[bool, typer.Option("--stop", help="Follow it no more.")] = False,
) -> None:
    """Be told at once when a story moves."""
    from sovwatch.app.steering import follow as follow_story

    frame = frame_of(context)
    with frame.app() as app:
        follow_story(app, story, channel=channel, on=not stop)
    frame.did(f"story {story} is {'followed no more' if stop else 'followed'}", story=story, followed=not stop)
