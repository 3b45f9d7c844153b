"""`explain`: the whole trail of an address, in sentences and as values."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from sovwatch.app.foretelling import CENTRAL, unseen, would_decide
from sovwatch.app.opening import App
from sovwatch.desk import at_desk
from sovwatch.errors import ConfigurationError
from sovwatch.misses import nearest_miss
from sovwatch.model import Precision
from sovwatch.schemes import READ
from sovwatch.seeds import Card, against_seeds
from sovwatch.similarity import Fingerprint
from sovwatch.statements import statements
from sovwatch.store import placing, reading
from sovwatch.stored import body
from sovwatch.urls import canonical
from sovwatch.wording import counted


@dataclass(frozen=True, slots=True)
class Trail:
    """What there is to say of an address: lines for a person, and the values behind them."""

    url: str
    lines: tuple[str, ...]
    values: Mapping[str, Any] = field(default_factory=dict)


def explain(app: App, url: str) -> Trail:
    """Tell the trail of an article, or, of an address never seen, whether it could have been.

    Raises:
        ConfigurationError: it is no web address.
    """
    try:
        address = canonical(url)
    except ValueError as error:
        raise ConfigurationError(f"explain {url}", str(error), "give an http or https address") from None
    with app.store.read() as c:
        found = reading.trail(c, url) or reading.trail(c, address)
        if found is not None:
            lines = tuple(_lines(c, found, app.bench.cards, app.settings.zone))
            return Trail(address, lines, {"url": address, "seen": True, **found})
        watched = tuple(unseen(app, c, address))
    return Trail(address, (*watched, *would_decide(app, url)), {"url": address, "seen": False})


_HOW = {
    "new": "in a story that was new to it",
    "update": "in an update of its story",
    "named": "named beside others of its story, without a line of its own",
    "counted": "only counted, since it added nothing to what was told",
    "dropped": "in a message that `sovwatch deliver --drop` gave up: nobody got it",
    "muted": "not shown, since it was muted then (`sovwatch mutes list` says what is now)",
}
_UNSENT = {  # a folder from before 27 November 2026 counts what was given up as told
    "waits": "; not delivered yet",
    "given up": "; `sovwatch deliver --drop` gave it up, not known to have arrived whole",
}
_NAMED = re.compile(r"of story (\d+)")  # the nearest story in why an article was placed so
_KNOWN_BY = {"url": "address", "id": "the publisher's own number", "guid": "guid of its feed", "title": "headline"}


def plain(trail: Trail) -> dict[str, Any]:
    """The values for JSON, without the fingerprint's bytes."""
    values = {key: _plain(value) for key, value in trail.values.items()}
    return {**values, "lines": list(trail.lines)}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items() if not isinstance(part, bytes)}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return value


def _lines(c: Connection, found: Mapping[str, Any], cards: Sequence[Card], zone: str) -> Iterator[str]:
    article, judgement = found["article"], found["judgement"]
    outlet, language = article["outlet"] or "no outlet", article["language"] or "language unknown"
    yield f"{article['title'] or '(no title)'} ({outlet}, {language})"
    yield f"  {article['url']}"
    published = reading.published(article) or "unknown"
    if article["precision"] == Precision.SECOND:
        published = at_desk(article["published"], zone)
    first_seen = at_desk(article["first_seen"], zone)
    yield f"published  {published} ({article['evidence'] or 'no date'}); first seen {first_seen}"
    for row in found["addresses"]:
        yield f"seen at    {row['original_url']} by {row['source'] or 'ingest'}, {at_desk(row['first_seen'], zone)}"
    yield f"known by   {', '.join(dict.fromkeys(_key(key) for key in found['keys'] if not _says_missing(key)))}"
    gone = "gone now, was " if article["gone"] else "missing for now, was " if _missing(found) else ""
    kept = counted(len((article["text"] or "").split()), "word")
    yield f"page       {gone}{article['page']}, kind {article['kind']}, {kept} kept"
    for row in found["revisions"]:
        yield f"edited     {at_desk(row['at'], zone)}: {row['change'] or 'nothing that matters'}" + "".join(
            f"; {line}" for line in row["lines"]
        )
    yield from _relevance(found)
    if judgement is None:
        yield "judged     not yet: `sovwatch judge`"
        return
    yield from _placement(c, judgement)
    yield from _seed(article, judgement, cards)
    for line in judgement["new"]:
        yield f"new        {line}"
    yield from _telling(found, judgement, zone)


def _relevance(found: Mapping[str, Any]) -> Iterator[str]:
    for topic in found["topics"]:
        yield f"{topic['topic']:10} {CENTRAL[topic['centrality']]}, score {topic['score']:.2f}"
        for reason in topic["reasons"]:
            yield f"             {reason['weight']:+.2f}  {reason['rule']}: {reason['words']}"
    if found["judgement"] is not None and not found["topics"]:
        yield "relevance  no word of any topic"


def _missing(found: Mapping[str, Any]) -> bool:
    """Whether its page answered 404 when it was last asked for, and may be back."""
    return not found["article"]["gone"] and any(map(_says_missing, found["keys"]))


def _says_missing(key: str) -> bool:
    return key.startswith("missing:")


def _key(key: str) -> str:
    """A key in words; what is hashed tells nobody anything."""
    sort, _, value = key.partition(":")
    return f"{_KNOWN_BY[sort]} {value}" if sort in {"url", "id"} else _KNOWN_BY[sort]


def _placement(c: Connection, judgement: Mapping[str, Any]) -> Iterator[str]:
    if judgement["placement"] is None:
        return
    what = {"opens": "opens story", "joins": "joins story", "copy": "is a copy, in story"}[judgement["placement"]]
    why = judgement["why"].get("placement", "")
    yield f"placed     {what} {judgement['story']}: {why}"
    if likeness := judgement["why"].get("likeness"):
        yield "             " + ", ".join(f"{name} {value:.2f}" for name, value in likeness.items())
    if judgement["placement"] != "copy":
        own = {judgement["story"]}
        named = (own if judgement["placement"] == "joins" else set()) | set(map(int, _NAMED.findall(why))) - own
        yield from _stories(c, sorted(named), judgement["article"])
    if judgement["copy_of"]:
        title, url = reading.title_and_url(c, judgement["copy_of"])
        yield f"copy of    {title} ({url})"
    if others := placing.related_stories(c, judgement["story"]):
        yield f"related    stories {', '.join(map(str, others))}"


def _seed(article: Mapping[str, Any], judgement: Mapping[str, Any], cards: Sequence[Card]) -> Iterator[str]:
    """How it stands to what is known already, as it was judged; else how near that came, by the cards of today."""
    if judgement["seed"]:
        yield f"seed       {judgement['relation']} of {judgement['seed']}: {judgement['seed_why']}"
    elif judgement["scheme"] in READ:
        stated = statements(article["title"], body(article), Fingerprint.unpack(judgement["fingerprint"]))
        if now := against_seeds(stated, cards):
            said = f"a {now.relation} of {now.seed} by the cards of today: {now.why}"
            yield f"seed       none when it was judged; {said}"
        elif miss := nearest_miss(stated, cards):
            yield f"seed       {miss}"


def _stories(c: Connection, stories: Iterable[int], article: int) -> Iterator[str]:
    for story in stories:
        if title := reading.first_title(c, story, but=article):
            yield f"story {story:<5}opened with: {title}"


def _telling(found: Mapping[str, Any], judgement: Mapping[str, Any], zone: str) -> Iterator[str]:
    for told in found["told"]:
        link = f", {told['link']}" if told["link"] else ""
        at = at_desk(datetime.fromisoformat(told["at"]), zone)
        message = f" ({told['message']}{link})" if told["message"] else ""
        fate = _UNSENT.get(found["unsent"].get(told["message"]), "") if told["how"] != "dropped" else ""
        yield f"told       {told['channel']}, {at}: {_HOW[told['how']]}{message}{fate}"
    for row in found["owed"]:
        yield f"owed       {row['channel']}: waits for its next digest since {at_desk(row['since'], zone)}" + (
            ", and a while for its page" if _missing(found) else ""
        )
    if not found["told"] and not found["owed"]:
        yield f"not told   {_why_not(found, judgement)}"


def _why_not(found: Mapping[str, Any], judgement: Mapping[str, Any]) -> str:
    if judgement["placement"] is None:
        return "it is off topic"
    if judgement["relation"] in {"copy", "repeat"}:
        return "you know this already: it says only what the seeds say"
    if found["article"]["standing"] == "memory":
        return "it was old when it was first seen, or was ingested: memory"
    if all(topic["centrality"] != "main" for topic in found["topics"]):
        return "it mentions the topic only in passing"
    if found["article"]["gone"]:
        return "its page was gone before a channel was told"
    return "no channel takes its topics, or none was there when it was first seen"
