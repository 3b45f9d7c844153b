"""`explain`: the whole trail of an address, in sentences and as values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from sovwatch.app.opening import App
from sovwatch.errors import ConfigurationError
from sovwatch.store import placing, reading
from sovwatch.store import sources as source_rows
from sovwatch.urls import canonical, host


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
        if found is None:
            lines = tuple(_unseen(app, c, address))
        else:
            return Trail(address, tuple(_lines(c, found)), {"url": address, "seen": True, **found})

    return Trail(address, (*lines, *_would_decide(app, url)), {"url": address, "seen": False})


def _would_decide(app: App, url: str) -> Iterator[str]:
    """What its page, read now, would be judged; nothing is remembered."""
    from sovwatch.relevance import relevance
    from sovwatch.seeds import against_seeds
    from sovwatch.similarity import fingerprint
    from spiders.trial import read_one

    page = read_one(app.settings, url, now=app.now())
    if page is None or not (page.title or page.text):
        yield "Its page could not be read now: `sovwatch sources try URL` says what is in the way."
        return
    text = page.text or page.summary
    yield f"Read now: {page.title or '(no title)'}, {len(text.split())} words, {page.language or 'language unknown'}."
    for topic in app.bench.topics:
        verdict = relevance(page.title, page.summary, page.text, page.language, topic)
        words = "; ".join(f"{reason.rule}: {reason.words}" for reason in verdict.reasons)
        yield f"It would be {_CENTRAL[verdict.centrality]} for {topic.name}, score {verdict.score:.2f}" + (
            f" ({words})." if words else "."
        )
    fp = fingerprint(page.title, text, language=page.language, published=page.published, first_seen=app.now())
    if seed := against_seeds(page.title, text, fp, app.bench.cards):
        yield f"It would be a {seed.relation} of the seed {seed.seed}: {seed.why}."


_CENTRAL = {"main": "on topic", "mention": "a passing mention", None: "off topic"}


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


def _unseen(app: App, c: Connection, address: str) -> Iterator[str]:
    yield f"{address} was never read."
    site = host(address)
    watched = [source for source in app.settings.sources if _same_site(site, host(source.url))]
    if not watched:
        yield f"No source is at {site}: add one to sources.toml, or `sovwatch sources discover https://{site}/`."
        return
    states = source_rows.states(c)
    for source in watched:
        state = states.get(source.id)
        when = _when(state["last_read"]) if state and state["last_read"] else "never"
        off = "" if source.enabled else ", switched off"
        yield f"Its site is watched by {source.id} ({source.outlet}{off}): last read {when}" + (
            f", ill: {state['ill_why']}." if state and state["ill_why"] else "."
        )


def _same_site(one: str, other: str) -> bool:
    return one.removeprefix("www.") == other.removeprefix("www.")


def _lines(c: Connection, found: Mapping[str, Any]) -> Iterator[str]:
    article, judgement = found["article"], found["judgement"]
    outlet, language = article["outlet"] or "no outlet", article["language"] or "language unknown"
    yield f"{article['title'] or '(no title)'} ({outlet}, {language})"
    yield f"  {article['url']}"
    published = reading.published(article)
    yield f"published  {published or 'unknown'} ({article['evidence']}); first seen {_when(article['first_seen'])}"
    for row in found["addresses"]:
        yield f"seen at    {row['original_url']} by {row['source'] or 'ingest'}, {_when(row['first_seen'])}"
    yield f"known by   {', '.join(found['keys'])}"
    yield f"page       {article['page']}, kind {article['kind']}, {len((article['text'] or '').split())} words kept"
    for row in found["revisions"]:
        yield f"edited     {_when(row['at'])}: {row['change'] or 'nothing that matters'}" + "".join(
            f"; {line}" for line in row["lines"]
        )
    yield from _relevance(found)
    if judgement is None:
        yield "judged     not yet: `sovwatch judge`"
        return
    yield from _placement(c, article, judgement)
    yield from _telling(found, judgement)


def _relevance(found: Mapping[str, Any]) -> Iterator[str]:
    for topic in found["topics"]:
        yield f"{topic['topic']:10} {_CENTRAL[topic['centrality']]}, score {topic['score']:.2f}"
        for reason in topic["reasons"]:
            yield f"             {reason['weight']:+.2f}  {reason['rule']}: {reason['words']}"
    if found["judgement"] is not None and not found["topics"]:
        yield "relevance  no word of any topic"


def _placement(c: Connection, article: Mapping[str, Any], judgement: Mapping[str, Any]) -> Iterator[str]:
    if judgement["placement"] is None:
        return
    what = {"opens": "opens story", "joins": "joins story", "copy": "is a copy, in story"}[judgement["placement"]]
    yield f"placed     {what} {judgement['story']}: {judgement['why'].get('placement', '')}"
    if likeness := judgement["why"].get("likeness"):
        yield "             " + ", ".join(f"{name} {value:.2f}" for name, value in likeness.items())
    if judgement["copy_of"]:
        title, url = reading.title_and_url(c, judgement["copy_of"])
        yield f"copy of    {title} ({url})"
    if others := placing.related_stories(c, judgement["story"]):
        yield f"related    stories {', '.join(map(str, others))}"
    if judgement["seed"]:
        yield f"seed       {judgement['relation']} of {judgement['seed']}: {judgement['seed_why']}"
    for line in judgement["new"]:
        yield f"new        {line}"
    del article


def _telling(found: Mapping[str, Any], judgement: Mapping[str, Any]) -> Iterator[str]:
    for told in found["told"]:
        link = f", {told['link']}" if told["link"] else ""
        message = told["message"] or "it added nothing"
        yield f"told       {told['channel']} at {told['at']}: {told['how']} ({message}{link})"
    for row in found["owed"]:
        yield f"owed       {row['channel']}: waits for its next digest since {_when(row['since'])}"
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
    return "no channel takes its topics, or none was there when it was first seen"


def _when(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
