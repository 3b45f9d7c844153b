"""Make the two shipped seed cards again from ../shared/seeds and compare; `--write` writes what differs.

    python -m benchmarks.seeds [--seeds FOLDER] [--cards FOLDER] [--write]

What a person wrote on a card (title, facts, happened, affair) is kept; its fingerprint is taken anew from the text.
Also checked is that no run of `RUN` words of a text stands on its card. Exit status: 0 equal (or the folder is
absent, which is said), 1 not.
"""

import argparse
import sys
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from sovwatch.seeds import Card, make_card
from sovwatch.text import words

ROOT = Path(__file__).resolve().parent.parent
RUN = 6  # words in a row that our phrasing may not share with theirs, names and a short quotation apart
TEXTS = {
    "carney-us-respect-sovereignty-1": "000_02b292426e2a6abd.txt",
    "carney-us-respect-sovereignty-2": "001_581a8fc8f6da309c.txt",
}


def remade(written: str, text: str) -> Card:
    """Make a written card again from the text; its fingerprint is not looked at, since it may be of an older scheme."""
    card = tomllib.loads(written)
    made = make_card(
        card["id"],
        text,
        title=card["title"],
        url=card["url"],
        happened=(card["happened"][0], card["happened"][-1]),
        affair=card["affair"],
    )
    return replace(made, facts=tuple(card["facts"]))


def borrowed(phrases: Iterable[str], text: str) -> list[str]:
    """Find runs of `RUN` words of the text in our phrases."""
    runs = set(_runs(words(text)))
    return [" ".join(run) for phrase in phrases for run in _runs(words(phrase)) if run in runs]


def _runs(found: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(found[place : place + RUN]) for place in range(len(found) - RUN + 1)]


def compare(path: Path, text: str, *, write: bool) -> list[str]:
    """Compare one card with its text; the complaints, none when all is well or was written."""
    card = path.read_text(encoding="utf-8")
    new = remade(card, text)
    complaints = [f"{path.name}: borrows “{run}”" for run in borrowed((new.title, *new.facts), text)]
    if new.to_toml() == card:
        return complaints
    if write:
        path.write_text(new.to_toml(), encoding="utf-8")
        return complaints
    return [*complaints, f"{path.name}: its fingerprint is not the text's; --write takes it anew"]


def main() -> int:
    """Compare all cards and say how it went."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=Path, default=ROOT.parent / "shared" / "seeds")
    parser.add_argument("--cards", type=Path, default=ROOT / "config" / "seeds")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    if not args.seeds.is_dir():
        print(f"{args.seeds} is absent: the texts of the seeds are not part of the project, nothing was compared")
        return 0
    complaints: list[str] = []
    for name, file in TEXTS.items():
        text = (args.seeds / file).read_text(encoding="utf-8")
        complaints += compare(args.cards / f"{name}.toml", text, write=args.write)
    print("\n".join(complaints) or f"{len(TEXTS)} cards are what their texts make")
    return int(bool(complaints))


if __name__ == "__main__":
    sys.exit(main())
