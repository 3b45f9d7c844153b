"""How alike two texts are, told from fingerprints that hold no readable sentence.

A `Fingerprint` keeps of a text what comparing needs, all of it hashed: a sketch of its shingles (5 words in a row), for
wording; and for the headline and each sentence the terms, names and claims, in the form that English and French share
(`terms`, `names`, `claims`), for what it tells. `likeness` compares two of them, part by part.

The sketch holds all shingles of a text up to 512, else those whose hash falls under a power of two (FracMinHash: Irber
et al. 2022), and two sketches are compared under the lower of their bounds. So Jaccard and containment are exact for
news of usual length and unbiased for longer; MinHash signatures tell no containment, by which cut copies are found.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from math import fsum
from typing import Any

from sovwatch.background import Tables, bits
from sovwatch.claims import Claims, keys, number_key
from sovwatch.fingerprints import SCHEME, Fingerprint, SchemeMismatch, SentencePrint
from sovwatch.model import Dated, Precision
from sovwatch.names import in_title_case, named, sure_names
from sovwatch.shingles import overlap, shingle, sketch, wording_keys
from sovwatch.terms import Token, Word, hashed, name_key, read_tokens
from sovwatch.text import one_form, sentences, tokens, words

__all__ = ["SCHEME", "Fingerprint", "Likeness", "SchemeMismatch", "SentencePrint", "fingerprint", "likeness"]

LONGEST, MOST_SENTENCES = 100_000, 4_000  # characters and sentences of a text that are read: a long read has 60,000
LEAST_HEAD, MOST_TAIL = 10, 4  # letters of a headline, words of an outlet's name after it


def fingerprint(
    title: str,
    text: str,
    *,
    language: str,
    published: Dated | None,
    outlet: str = "",
    first_seen: datetime | None = None,
) -> Fingerprint:
    """Take the fingerprint of an article; `sentences` of it stand in the order of `text.sentences(text)`."""
    title = headline(title[:LONGEST], outlet)
    written = [title, *sentences(text[:LONGEST])[:MOST_SENTENCES]]
    plain = [one_form(sentence) for sentence in written]
    said = [tokens(sentence) for sentence in plain]
    read = [read_tokens(sentence, found) for sentence, found in zip(plain, said, strict=True)]
    titled = in_title_case(title)
    sure = sure_names(plain[1:], read[1:]) if titled else sure_names(plain, read)
    claims = _claims(written, said, language, day_of(published, first_seen))
    first, *others = zip(plain, read, claims.parts, strict=True)
    return Fingerprint(
        scheme=SCHEME,
        language=language,
        published=published.at if published else None,
        precision=published.precision if published else None,
        first_seen=first_seen,
        title=_print(*first, sure, strict=titled and bool(others)),
        sentences=tuple(_print(*part, sure) for part in others),
        title_key=hashed(" ".join(token.folded for token in read[0])) if title else 0,
        claims=claims,
        **_wording(read[1:] or read),
    )


def _wording(read: Sequence[Sequence[Token]]) -> dict[str, Any]:
    """The fields of a fingerprint that tell how it is worded."""
    worded = [[word for token in sentence for word in token.folded.split()] for sentence in read]
    running = [word for sentence in worded for word in sentence]
    found = shingle(running)
    kept, level = sketch(found)
    indexed = wording_keys([len(sentence) for sentence in worded], found)
    return {"length": len(running), "shingles": kept, "level": level, "wording_keys": indexed}


def _claims(written: list[str], said: list[list[Word]], language: str, published: date | None) -> Claims:
    """The claims of the headline and of each sentence, as they are written and as `text.tokens` of them."""
    return Claims(
        tuple(
            keys(sentence, [folded for folded, _, _ in found], language, published)
            for sentence, found in zip(written, said, strict=True)
        )
    )


def day_of(published: Dated | None, first_seen: datetime | None) -> date | None:
    """The day that "on Thursday" counts from; None where the publication is known to the month or year only."""
    if published is not None:
        return published.at.date() if published.precision in {Precision.SECOND, Precision.DAY} else None
    return first_seen.date() if first_seen else None


def headline(title: str, outlet: str = "") -> str:
    """The title without the outlet's name at its end, as pages and aggregators add it."""
    for mark in (" | ", " - ", " – ", " — "):
        head, found, tail = title.rpartition(mark)
        if (
            found
            and len(head) >= LEAST_HEAD
            and len(tail.split()) <= MOST_TAIL
            and (mark == " | " or (outlet and _same(tail, outlet)))
        ):
            return head.strip()
    return title.strip()


def _same(tail: str, outlet: str) -> bool:
    bare = "".join(words(tail))
    return bool(bare) and (bare in "".join(words(outlet)) or "".join(words(outlet)) in bare)


def _print(
    plain: str, found: list[Token], claimed: frozenset[str], sure: set[str], *, strict: bool = False
) -> SentencePrint:
    return SentencePrint(
        terms=frozenset(hashed(token.term) for token in found if token.term),
        names=frozenset(name_key(token) for token in named(plain, found, sure, strict=strict)),
        numbers=frozenset(number_key(key) for key in claimed if key[0] == "n"),
        concepts=frozenset(hashed(token.term) for token in found if token.concept),
    )


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two fingerprints are: `score` is 0..1, and so is each of the `parts` that explain it."""

    score: float
    parts: dict[str, float] = field(default_factory=dict)


def likeness(one: Fingerprint, other: Fingerprint, tables: Tables) -> Likeness:
    """Compare two fingerprints by what `tables` say of terms: symmetric, and 1.0 for a fingerprint with itself.

    `score` is the mean of what wording and what content share, so that a copy comes near 1, another report of the same
    happening near the middle; whether it is one is for `stories` to say, which also looks at time.
    """
    wording = overlap(one.wording, one.level, other.wording, other.level)
    ours, theirs = one.weighed(tables), other.weighed(tables)
    parts = {
        "wording": wording.jaccard,
        "contained": wording.contained,
        "content": cosine(one.vector, other.vector),
        "topical": cosine(one.topical(tables), other.topical(tables)),
        "headline": cosine(ours.heading, theirs.heading),
        "opening": cosine(ours.opening, theirs.opening),
        "names": cosine(ours.naming, theirs.naming),
        "numbers": share(one.numbers, other.numbers),
        "dates": share(one.dates, other.dates),
    }
    return Likeness(1.0 if one == other else (wording.jaccard + parts["content"]) / 2, parts)


def share(one: Collection[int], other: Collection[int]) -> float:
    """The share of what two sets tell, in bits, that is common to both; 0 where both are empty."""
    both = set(one) & set(other)
    if not both:
        return 0.0
    every = fsum(map(bits, set(one) | set(other)))
    return fsum(map(bits, both)) / every if every else 0.0


def cosine(one: Mapping[int, float], other: Mapping[int, float], shared: Collection[int] | None = None) -> float:
    """The cosine of two vectors of length one, `shared` being their common keys where these are known already.

    It is summed exactly, so that it is the same both ways round.
    """
    keys = one.keys() & other.keys() if shared is None else shared
    return min(1.0, fsum([one[key] * other[key] for key in keys]))
