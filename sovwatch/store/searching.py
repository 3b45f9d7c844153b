"""Finding words in the archive, whatever their accents and case: FTS5 on SQLite, text search on PostgreSQL.

The index follows the table by triggers (SQLite) or is one of an expression (PostgreSQL), so nobody need keep it.
PostgreSQL's `unaccent` is an extension that is not everywhere; `translate` is, and may stand in an index.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, TextualSelect, text

from sovwatch import schema as t
from sovwatch.text import without_controls

_WORD = re.compile(r'"[^"]*"|[^\s"]+')
_ACCENTS = "àáâäãåçèéêëìíîïñòóôöõùúûüýÿ’"
_PLAIN = "aaaaaaceeeeiiiinooooouuuuyy'"

# As the index in sovwatch/migrations has it, to the letter: else PostgreSQL would read every row.
VECTOR = (
    f"to_tsvector('simple', translate(lower(coalesce(title, '') || ' ' || coalesce(summary, '') || ' ' || "
    f"left(coalesce(text, ''), 200000)), '{_ACCENTS}', '{_PLAIN.replace(chr(39), chr(39) * 2)}'))"
)
_SQLITE = """
SELECT article.id, article.title, article.outlet, article.url, article.first_seen, judgement.story
FROM (SELECT rowid AS number FROM article_text WHERE article_text MATCH :query ORDER BY rowid DESC LIMIT :limit)
JOIN article ON article.id = number LEFT JOIN judgement ON judgement.article = article.id
ORDER BY article.id DESC
"""  # FTS5 walks its index backwards where it is asked for its own rowid, and for nothing beside
_POSTGRESQL = f"""
SELECT article.id, article.title, article.outlet, article.url, article.first_seen, judgement.story
FROM article LEFT JOIN judgement ON judgement.article = article.id
WHERE {VECTOR} @@ to_tsquery('simple', translate(lower(:query), '{_ACCENTS}', '{_PLAIN.replace("'", "''")}'))
ORDER BY article.id DESC LIMIT :limit
"""  # noqa: S608  (of constants alone)


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found."""

    article: int
    title: str
    outlet: str
    url: str
    first_seen: datetime
    story: int | None


def search(c: Connection, words: str, limit: int = 20) -> Sequence[Hit]:
    """The newest articles that have all the words: `"a phrase"` as it stands, `separat*` with any ending."""
    terms = [term for term in _WORD.findall(without_controls(words)) if re.search(r"[^\W_]", term)]
    if not terms:
        return []
    sqlite = c.dialect.name == "sqlite"
    query = " AND ".join(map(_fts5, terms)) if sqlite else " & ".join(map(_tsquery, terms))
    rows = c.execute(_typed(_SQLITE if sqlite else _POSTGRESQL), {"query": query, "limit": limit})
    return [Hit(*row) for row in rows]


def _typed(statement: str) -> TextualSelect:
    a = t.article.c
    return text(statement).columns(a.id, a.title, a.outlet, a.url, a.first_seen, t.judgement.c.story)


def _fts5(term: str) -> str:
    """One term as an FTS5 string, which no character of it can leave."""
    word = term.strip('"')
    return f'"{word.rstrip("*")}"' + ("*" if word.endswith("*") else "")


def _tsquery(term: str) -> str:
    """One term as a tsquery: its words next to each other."""
    found = re.findall(r"[^\W_]+", term)
    return "(" + " <-> ".join(found) + (":*" if term.endswith("*") else "") + ")"
