"""Scoring the recognition on labelled documents: ours, or a user's own."""

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sovwatch.cli.frame import Frame, cli, frame_of, show_json
from sovwatch.errors import ConfigurationError

if TYPE_CHECKING:
    from sovwatch.background import Tables

_FORMS = {
    "coverage": "a folder with docs.jsonl (id, title, text, published) and labels.jsonl (id, topics, event_id)",
    "stories": "a file of JSON lines, each with id, title, text, published and event",
    "copies": "a file of JSON lines, with pairs.jsonl beside it",
}


class Labels(StrEnum):
    """What the labels say."""

    COVERAGE = "coverage"
    STORIES = "stories"
    COPIES = "copies"


@cli.command()
def evaluate(
    context: typer.Context,
    labels: Annotated[Labels, typer.Argument(metavar="coverage|stories|copies", help="What the labels say.")],
    path: Annotated[Path, typer.Argument(metavar="PATH", help="The labelled documents (docs/quality.md).")],
) -> None:
    """Score the recognition on labelled documents. They are placed one after the other, in memory.

    With --config, words of the topics there weigh as they do when it judges.
    """
    frame = frame_of(context)
    figures = _figures(labels.value, path, _tables(frame))
    if frame.json:
        show_json(figures)
        return
    width = max(map(len, figures))
    for name, value in figures.items():
        typer.echo(f"{name:{width}}  {round(value, 3):g}")


def _tables(frame: Frame) -> "Tables | None":
    """What terms tell under the topics of the configuration; None where none was named."""
    if frame.config is None:
        return None
    from sovwatch.judge import Bench
    from sovwatch.relevance import compile_topics

    return Bench(compile_topics(frame.settings().topics), (), {}).tables


def _figures(kind: str, path: Path, tables: "Tables | None") -> dict[str, float]:
    from sovwatch.evaluate import evaluate as score

    where, cure = f"evaluate {kind} {path}", f"give {_FORMS[kind]}"
    if path.exists() and path.is_dir() is not (kind == "coverage"):
        raise ConfigurationError(where, "a folder" if path.is_dir() else "a file, no folder", cure)
    try:
        return score(kind, path, tables=tables)
    except FileNotFoundError as error:
        raise ConfigurationError(where, f"{error.filename} is missing", cure) from None
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ConfigurationError(where, f"cannot be read: {error}", cure) from None
    except KeyError as error:
        raise ConfigurationError(where, f"a row or its label lacks {error}", cure) from None
    except (ValueError, TypeError, AttributeError, ZeroDivisionError) as error:
        raise ConfigurationError(where, f"not labelled documents: {error}", cure) from None
