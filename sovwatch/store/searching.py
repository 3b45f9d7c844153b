"""Finding words in the archive, whatever their accents and case: FTS5 on SQLite, text search on PostgreSQL.

The index follows the table by triggers (SQLite) or is one of an expression (PostgreSQL), so nobody need keep it.
PostgreSQL's `unaccent` is an extension that is not everywhere; `translate` is, and may stand in an index.

`separat*` is asked of FTS5 as the words that begin so: it walks several words from the newest article on and stops, as
it does one, but for a beginning it first merges all that was ever written with it (31 ms at a million articles, and
more as the archive grows). A beginning of very many words is left to it.

PostgreSQL has no such walk: all hits are fetched and sorted, or articles are read from the newest on until there are
enough. What reading one costs it underrates 280 times, so that for a word which nobody ever wrote it read 100,000, a
minute long. So it is left no choice: first the newest are read, where a common word is found, then the index is asked.
That knows which articles have the words of a phrase, but not whether side by side: those are read again.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, TextualSelect, text

from sovwatch import schema as t
from sovwatch.store.reading import published
from sovwatch.text import without_controls
from sovwatch.urls import untracked

_WORD = re.compile(r'"[^"]*"|[^\s"]+')
_PLAIN_WORD = re.compile("[a-z0-9æœ]+")
_LATIN = "\u017f"  # up to here FTS5 folds as `_folded` does, but µ and ſ, which are no plain words
NEWEST = 500  # articles that PostgreSQL reads before it asks its index, at some 0.2 ms each
MOST_WORDS = 200  # 5 ms to find them; from some 500 on, merging is as fast at 100,000 articles
_VOCABULARY = "CREATE VIRTUAL TABLE IF NOT EXISTS temp.article_word USING fts5vocab(main, article_text, instance)"
_WORDS = """
WITH RECURSIVE word(term) AS (
    SELECT (SELECT term FROM temp.article_word WHERE term >= :beginning LIMIT 1)
    UNION ALL
    SELECT (SELECT term FROM temp.article_word WHERE term >= word.term || char(1) LIMIT 1) FROM word
    WHERE substr(word.term, 1, length(:beginning)) = :beginning
) SELECT term FROM word WHERE substr(term, 1, length(:beginning)) = :beginning LIMIT :most
"""  # each look-up is a seek to the next word; asking for all at once would read each place where each stands
_NEXT_TO = " <-> "
_ACCENTS = "àáâäãåçèéêëìíîïñòóôöõùúûüýÿ’"
_PLAIN = "aaaaaaceeeeiiiinooooouuuuyy'"

# As the index in sovwatch/migrations has it, to the letter: else PostgreSQL would read every row.
VECTOR = (
    f"to_tsvector('simple', translate(lower(coalesce(title, '') || ' ' || coalesce(summary, '') || ' ' || "
    f"left(coalesce(text, ''), 200000)), '{_ACCENTS}', '{_PLAIN.replace(chr(39), chr(39) * 2)}'))"
)
_AS_READ = (  # the canonical address is a name, and need not answer
    "coalesce((SELECT original_url FROM address WHERE address.article = article.id ORDER BY id LIMIT 1), article.url)"
)
_COLUMNS = (
    f"article.id, article.title, article.outlet, {_AS_READ} AS url, article.first_seen, judgement.story, "
    "article.published, article.precision"
)
_SQLITE = f"""
SELECT {_COLUMNS}
FROM (SELECT rowid AS number FROM article_text WHERE article_text MATCH :query ORDER BY rowid DESC LIMIT :limit) AS hit
JOIN article ON article.id = number LEFT JOIN judgement ON judgement.article = article.id
ORDER BY article.id DESC
"""  # noqa: S608  (of constants; FTS5 walks its index backwards where it is asked for its own rowid, and nothing beside)


def _has(query: str) -> str:
    """Whether an article has what a parameter asks for."""
    plain = _PLAIN.replace("'", "''")
    return f"{VECTOR} @@ to_tsquery('simple', translate(lower(:{query}), '{_ACCENTS}', '{plain}'))"


_AMONG_NEWEST = f"""
SELECT {_COLUMNS}
FROM (SELECT * FROM article ORDER BY id DESC LIMIT {NEWEST}) AS article
LEFT JOIN judgement ON judgement.article = article.id
WHERE {_has("query")} ORDER BY article.id DESC LIMIT :limit
"""  # noqa: S608  (of constants alone, as the next)
_AMONG_ALL = f"""
WITH hit AS MATERIALIZED (SELECT id AS number FROM article WHERE {_has("words")})
SELECT {_COLUMNS}
FROM (SELECT article.* FROM hit JOIN article ON id = number ORDER BY id DESC OFFSET 0) AS article
LEFT JOIN judgement ON judgement.article = article.id
WHERE :words = :query OR {_has("query")} ORDER BY article.id DESC LIMIT :limit
"""  # noqa: S608  (OFFSET keeps the server from asking the latter of all articles)


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found; `published` as ISO 8601, no longer than it is known."""

    article: int
    title: str
    outlet: str
    url: str
    first_seen: datetime
    story: int | None
    published: str | None


def search(c: Connection, words: str, limit: int = 20) -> Sequence[Hit]:
    """The newest articles that have all the words: `"a phrase"` as it stands, `separat*` with any ending."""
    terms = [term for term in _WORD.findall(without_controls(words)) if re.search(r"[^\W_]", term)]
    if not terms:
        return []
    if c.dialect.name == "sqlite":
        rows = _rows(c, _SQLITE, query=" AND ".join(_fts5(c, term) for term in terms), limit=limit)
    else:
        rows = _of_server(c, " & ".join(map(_tsquery, terms)), limit)
    return [_hit(row) for row in rows]


def _hit(row: RowMapping) -> Hit:
    url, seen = untracked(row["url"]), row["first_seen"]
    return Hit(row["id"], row["title"], row["outlet"], url, seen, row["story"], published(row))


def _of_server(c: Connection, query: str, limit: int) -> Sequence[RowMapping]:
    found = _rows(c, _AMONG_NEWEST, query=query, limit=limit)
    if len(found) == limit:
        return found
    return _rows(c, _AMONG_ALL, query=query, words=query.replace(_NEXT_TO, " & "), limit=limit)


def _rows(c: Connection, statement: str, **given: object) -> Sequence[RowMapping]:
    return c.execute(_typed(statement), given).mappings().all()


def _typed(statement: str) -> TextualSelect:
    a = t.article.c
    story = t.judgement.c.story
    return text(statement).columns(a.id, a.title, a.outlet, a.url, a.first_seen, story, a.published, a.precision)


def _fts5(c: Connection, term: str) -> str:
    """One term as FTS5 strings, which no character of it can leave."""
    word = term.strip('"')
    beginning = word.rstrip("*")
    if word == beginning:
        return f'"{word}"'
    words = _words(c, beginning)
    return "(" + " OR ".join(f'"{one}"' for one in words) + ")" if words else f'"{beginning}"*'


def _words(c: Connection, beginning: str) -> Sequence[str]:
    """The words of the archive that begin so; none where they are too many, or `beginning` is no plain word."""
    folded = _folded(beginning)
    if max(beginning, default="") > _LATIN or not _PLAIN_WORD.fullmatch(folded):
        return []
    c.execute(text(_VOCABULARY))
    words = c.execute(text(_WORDS), {"beginning": folded, "most": MOST_WORDS + 1}).scalars().all()
    return words if len(words) <= MOST_WORDS else []


def _folded(word: str) -> str:
    """A word as FTS5 keeps it: in lower case, without accents."""
    return "".join(one for one in unicodedata.normalize("NFD", word.lower()) if not unicodedata.combining(one))


def _tsquery(term: str) -> str:
    """One term as a tsquery: its words next to each other."""
    found = re.findall(r"[^\W_]+", term)
    return "(" + _NEXT_TO.join(found) + (":*" if term.endswith("*") else "") + ")"
