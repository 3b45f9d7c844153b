"""`explain --near`: what fell just below a threshold, to calibrate a profile on, or to see what joined nothing."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from heapq import nlargest
from typing import Any, Literal

from sqlalchemy import Connection

from sovwatch.app.opening import App
from sovwatch.store import reading

OPENERS = 5_000  # newest articles that opened a story, among which the nearest are looked for
_TITLES: dict["Line", str] = {
    "mention": "just below a passing mention",
    "main": "passing mentions, just below the main subject",
    "story": "opened a story of their own though another article came near",
}

Line = Literal["mention", "main", "story"]


@dataclass(frozen=True, slots=True)
class Near:
    """An article that fell short of a line: of a topic's `mention` or `main`, or of joining a `story`.

    `score` is the topic's score, and for a story the likeness with the nearest article; `least` is what was asked,
    None where a score alone did not decide.
    """

    line: Line
    topic: str | None
    score: float
    least: float | None
    title: str
    url: str
    why: str


def near(app: App, limit: int) -> list[Near]:
    """What came nearest to each line, by falling score; `limit` of each line and topic at most."""
    found: list[Near] = []
    with app.store.read() as c:
        for topic in app.bench.topics:
            found += _below(c, topic.id, "mention", topic.weights.mention, limit)
            found += _below(c, topic.id, "main", topic.weights.main, limit)
        found += _openers(c, limit)
    return found


def lines(found: list[Near]) -> Iterator[str]:
    """The same for a person."""
    if not found:
        yield "Nothing came near a threshold yet: what was read is judged by `sovwatch judge`."
    shown: tuple[str, str | None] | None = None
    for one in found:
        if shown != (one.line, one.topic):
            shown = (one.line, one.topic)
            least = f" ({one.least:.2f})" if one.least is not None else ""
            yield f"{one.topic or 'stories'}: {_TITLES[one.line]}{least}"
        yield f"  {one.score:.2f}  {one.title or '(no title)'}"
        yield f"        {one.url}"
        if one.why:
            yield f"        {one.why}"


def plain(found: list[Near]) -> list[dict[str, Any]]:
    """The same for a program."""
    return [asdict(one) for one in found]


def _below(c: Connection, topic: str, line: Line, least: float, limit: int) -> Iterator[Near]:
    for row in reading.strongest(c, topic, None if line == "mention" else "mention", limit):
        why = "; ".join(f"{reason['weight']:+.2f} {reason['rule']}: {reason['words']}" for reason in row["reasons"])
        yield Near(line, topic, row["score"], least, row["title"], row["url"], why)


def _openers(c: Connection, limit: int) -> Iterator[Near]:
    came = [
        (why["likeness"]["score"], row) for row in reading.openers(c, OPENERS) if (why := row["why"]).get("likeness")
    ]
    for score, row in nlargest(limit, came, key=lambda one: one[0]):
        yield Near("story", None, score, None, row["title"], row["url"], row["why"].get("placement", ""))
