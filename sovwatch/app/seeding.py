"""Making seed cards from a file, an address or a told story."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from sovwatch.app.opening import App, read_cards
from sovwatch.app.steering import story_of
from sovwatch.app.writing import write
from sovwatch.errors import ConfigurationError
from sovwatch.seeds import Card, make_card
from sovwatch.store import reading, rejudging
from sovwatch.stored import body
from sovwatch.text import fold, words

ID_WORDS = 6  # of a text, that its card is called by
_NAME = re.compile(r"\w[\w .-]*")


def listed(app: App) -> list[Card]:
    """The cards; one that nobody gave a title, which is its id then, has the headline of its article as it was read.

    That stands in no card: it is a publisher's.
    """
    cards = read_cards(app.settings.seeds_folder)
    bare = {card.id for card in cards if card.title == card.id}
    with app.store.read() as c:
        known = reading.headlines(c, {card.url for card in cards if card.id in bare})
    return [replace(card, title=known.get(card.url, card.title)) if card.id in bare else card for card in cards]


def add(
    app: App, what: str, *, name: str | None, happened: str | None, affair: str | None, title: str | None
) -> list[Path]:
    """Write a card for each text given: a file's, a page's, or those of a story's articles.

    Raises:
        ConfigurationError: there is no such file, page or story, or a card of that id exists.
    """
    if name is not None and not _NAME.fullmatch(name):
        raise ConfigurationError("--id", f"{name!r} is no name of a file", "use letters, digits, - and _")
    folder = app.settings.seeds_folder
    days = _days(happened)
    made = []
    texts = _texts(app, what)
    if not any(words(text) for _, text, _ in texts):
        raise ConfigurationError(what, "holds no word", "a seed is known again by the words of an article")
    owns = [name or _id(title or head or Path(urlsplit(what).path).stem or text) for head, text, _ in texts]
    for number, (own, (headline, text, url)) in enumerate(zip(owns, texts, strict=True), start=1):
        ident = own if len(texts) == 1 else f"{own}-{number}"
        path = folder / f"{ident}.toml"
        if path.exists():
            raise ConfigurationError(str(path), "this seed exists", "give another --id, or remove it first")
        card = make_card(
            ident, text, title=title or "", headline=headline, url=url, happened=days, affair=affair or owns[0]
        )
        write(path, card.to_toml())
        made.append(path)
    return made


def ask_again(app: App) -> int:
    """Have what waits to be told judged again at the next run, since the reader may know it now; how many that is."""
    with app.store.write() as c:
        return rejudging.owed_wait_again(c)


def _texts(app: App, what: str) -> list[tuple[str, str, str]]:
    """Headline, text and address of what is to be known."""
    if what.isdecimal():
        return _story(app, int(what))
    if re.match(r"https?://", what):
        return [_page(app, what)]
    path = Path(what)
    try:
        return [("", path.read_text(encoding="utf-8-sig"), "")]
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ConfigurationError(
            what or "''", f"cannot be read as a text: {why}", "name a text file, an address or a story"
        ) from None


def _story(app: App, story: int) -> list[tuple[str, str, str]]:
    story_of(app, story)  # refuses one that is none
    with app.store.read() as c:
        rows = reading.articles_of(c, story)
    return [(row["title"], body(row), row["url"]) for row in rows]


def _page(app: App, url: str) -> tuple[str, str, str]:
    from spiders.trial import read_one

    page, why = read_one(app.settings, url, now=app.now())
    if page is None or not page.text:
        said = why or "no text of an article was found there"
        raise ConfigurationError(url, said, "save the text to a file and add that")
    return page.title, page.text, url


def _days(happened: str | None) -> tuple[date, date] | None:
    if happened is None:
        return None
    first, _, last = happened.partition("/")
    try:
        return date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError as error:
        raise ConfigurationError("--happened", str(error), "write 2026-01-29, or 2026-01-29/2026-02-02") from None


def _id(text: str) -> str:
    return "-".join(re.sub(r"[^a-z0-9]", "", word) for word in words(fold(text))[:ID_WORDS]).strip("-") or "seed"
