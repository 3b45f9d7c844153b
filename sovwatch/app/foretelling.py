"""What would be decided of an address that was never read: whether its site is watched, and what its page says now."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from sovwatch.app.opening import App
from sovwatch.desk import at_desk
from sovwatch.model import Verdict
from sovwatch.store import candidates, reading
from sovwatch.store import sources as source_rows
from sovwatch.urls import host, host_or_blank
from sovwatch.wording import counted

if TYPE_CHECKING:  # as in `opening`
    from sovwatch.fingerprints import Fingerprint
    from sovwatch.statements import Statements
    from sovwatch.stories import Move, Placement

CENTRAL = {"main": "on topic", "mention": "a passing mention", None: "off topic"}


def unseen(app: App, c: Connection, address: str) -> Iterator[str]:
    """Whether the site of an address is watched, and when it was last read."""
    yield f"{address} was never read."
    site = host(address)
    watched = [source for source in app.settings.sources if host_or_blank(source.url) == site]
    if not watched:
        yield f"No source is at {site}: add one to sources.toml, or `sovwatch sources discover https://{site}/`."
        return
    states = source_rows.states(c)
    for source in watched:
        state = states.get(source.id)
        last = at_desk(state["last_read"], app.settings.zone) if state and state["last_read"] else "never"
        off = "" if source.enabled else ", switched off"
        yield f"Its site is watched by {source.id} ({source.outlet}{off}): last read {last}" + (
            f", ill: {state['ill_why']}." if state and state["ill_why"] else "."
        )


def would_decide(app: App, url: str) -> Iterator[str]:
    """What its page, read now, would be judged; nothing is remembered."""
    from sovwatch.relevance import relevance
    from sovwatch.similarity import fingerprint
    from sovwatch.statements import statements
    from sovwatch.stored import day_seen
    from spiders.trial import read_one

    page, why = read_one(app.settings, url, now=app.now())
    if page is None or not (page.title or page.text):
        yield f"Its page could not be read now: {why or 'no article was found there'}."
        return
    text = page.text or page.summary
    length, language = counted(len(text.split()), "word"), page.language or "language unknown"
    yield f"Read now: {page.title or '(no title)'}, {length}, {language}."
    found = [relevance(page.title, page.summary, page.text, topic) for topic in app.bench.topics]
    for topic, verdict in zip(app.bench.topics, found, strict=True):
        words = "; ".join(f"{reason.rule}: {reason.words}" for reason in verdict.reasons)
        yield f"It would be {CENTRAL[verdict.centrality]} for {topic.name}, score {verdict.score:.2f}" + (
            f" ({words})." if words else "."
        )
    if all(verdict.centrality is None for verdict in found):
        return
    published = page.published or day_seen(app.now())
    fp = fingerprint(page.title, text, language=page.language, published=published)
    yield from _would_place(app, statements(page.title, text, fp), found)


def _would_place(app: App, said: "Statements", found: Sequence[Verdict]) -> Iterator[str]:
    """Where an article on topic would stand, among stories and seeds, and what it would add."""
    from sovwatch.misses import nearest_miss
    from sovwatch.novelty import additions
    from sovwatch.seeds import affair, against_seeds
    from sovwatch.stored import topics_of
    from sovwatch.stories import Copy, place

    fp = said.fp
    with app.store.read() as c:
        copies = candidates.copy_candidates(c, fp.copy_keys(), but=0)
        now = app.now()
        stories = candidates.story_candidates(c, fp.story_keys(), fp.at or now, but=0, now=now)
        tables = app.bench.seasons.tables(fp.at or now, partial(candidates.recent, c))
        placed = place(fp, topics_of(found), copies, stories, tables)
        known = [] if isinstance(placed, Copy) else _known(c, placed.own)
        yield from _placement(c, placed)
    seed = against_seeds(said, app.bench.cards)
    if seed:
        yield f"It would be a {seed.relation} of the seed {seed.seed}: {seed.why}."
    elif miss := nearest_miss(said, app.bench.cards):
        yield f"Of the seeds, the {miss}."
    told = known + (affair(app.bench.cards, seed) if seed else [])
    for one in additions(said, told, by_day=seed is None) if told else ():
        yield f"It would add: {one.line}"


def _known(c: Connection, own: "Move") -> "list[Fingerprint]":
    """What the articles say that it would share a story with."""
    stories = [story for story in (own.story, *own.unites) if story is not None]
    members = [member.article for story in stories for member in candidates.members(c, story)]
    return list(candidates.fingerprints(c, [*members, *own.takes]).values())


def _placement(c: Connection, placed: "Placement") -> Iterator[str]:
    """What a placement means, with the headlines of what it is about."""
    from sovwatch.stories import Copy, Joins

    if isinstance(placed, Copy):
        yield f"It would be a copy of {' '.join(reading.title_and_url(c, placed.of))}: {placed.why}."
    elif isinstance(placed, Joins):
        yield f"It would join story {placed.story} ({reading.first_title(c, placed.story)}): {placed.why}."
        for other in placed.unites:
            yield f"It would show story {other} ({reading.first_title(c, other)}) to be the same."
    else:
        yield f"It would open a story: {placed.why}."
    if isinstance(placed, Copy):
        return
    if placed.takes:
        yield f"It would take along articles of other stories that belong more with it: {len(placed.takes)}."
    if placed.moves:
        yield f"It would change other stories: {len(placed.moves)}."
