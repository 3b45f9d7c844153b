"""Seeds: what the reader knows already."""

from pathlib import Path
from typing import Annotated

import typer

from sovwatch.cli.frame import cli, frame_of, say, show_json, show_table
from sovwatch.wording import counted

seeds = typer.Typer(help="What is known already: list, add, remove.", no_args_is_help=True)
cli.add_typer(seeds, name="seeds")


@seeds.command("list")
def list_(context: typer.Context) -> None:
    """List the cards."""
    from sovwatch.app.seeding import listed

    frame = frame_of(context)
    with frame.app() as app:
        cards = listed(app)
    if frame.json:
        show_json(
            [{"id": card.id, "title": card.title, "happened": card.happened, "affair": card.affair} for card in cards]
        )
        return
    rows = [
        [card.id, " – ".join(dict.fromkeys(f"{day}" for day in card.happened or ())), card.affair, card.title]
        for card in cards
    ]
    show_table(["seed", "happened", "affair", "what"], rows)


@seeds.command("add")
def add(
    context: typer.Context,
    what: Annotated[
        str, typer.Argument(metavar="FILE|URL|STORY", help="A text, a page, or the number of a told story.")
    ],
    name: Annotated[str | None, typer.Option("--id", help="The card's id; else made from what is added.")] = None,
    happened: Annotated[
        str | None, typer.Option(help="Day of the happening: 2026-01-29, or 2026-01-29/2026-02-02.")
    ] = None,
    affair: Annotated[str | None, typer.Option(help="Seeds of one affair count together; its name.")] = None,
    title: Annotated[str | None, typer.Option(help="What it is about, in your words.")] = None,
) -> None:
    """Add a card for something you know already: copies and repeats of it will be held back."""
    from sovwatch.app.seeding import add as add_seed
    from sovwatch.app.seeding import ask_again

    frame = frame_of(context)
    with frame.app() as app:
        made = add_seed(app, what, name=name, happened=happened, affair=affair, title=title)
        waiting = ask_again(app)
    if frame.json:
        show_json({"wrote": made, "judged_again": waiting})
        return
    for path in made:
        say(f"wrote {path}")
    if not happened:
        say("Without --happened DAY it holds back copies only, not who repeats it: set `happened` in the card.")
    if waiting:
        say(f"{counted(waiting, 'untold article')} will be judged again at the next run, or by `sovwatch judge`.")


@seeds.command("remove")
def remove(context: typer.Context, name: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Remove a card; what it held back stays as it was judged."""
    from sovwatch.app.writing import remove as remove_file
    from sovwatch.errors import ConfigurationError
    from sovwatch.settings import nearest

    frame = frame_of(context)
    folder = frame.settings().seeds_folder
    path = Path(folder) / f"{name}.toml"
    if path.parent != folder or not path.is_file():
        known = [one.stem for one in folder.glob("*.toml")]
        raise ConfigurationError(f"seeds remove {name}", f"no such seed{nearest(name, known)}", "`sovwatch seeds list`")
    remove_file(path)
    frame.did(f"removed {path}", removed=path)
