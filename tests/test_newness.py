"""Whether a sentence says something new: what the model looks at, and what it makes of our own coverage."""

from datetime import UTC, datetime

import pytest

from benchmarks.train_novelty import UPDATES, measured, updates
from sovwatch.known import Known
from sovwatch.model import Dated
from sovwatch.newness import Newness
from sovwatch.novelty import LIKELY
from sovwatch.regression import shipped
from sovwatch.similarity import Fingerprint, fingerprint
from sovwatch.statements import Statements, statements

THURSDAY = Dated(datetime(2026, 3, 5, 15, tzinfo=UTC))
OLD = "The council of Marlow Falls met on Monday in the town hall. Mayor Ada Strand spoke of roads."


def print_of(title: str, text: str) -> Fingerprint:
    return fingerprint(title, text, language="en", published=THURSDAY)


def said_in(title: str, text: str) -> Statements:
    return statements(title, text, print_of(title, text))


def likely(title: str, text: str, known: str = OLD) -> list[float]:
    """How likely each statement is news, in the order of the text, the headline last."""
    said = said_in(title, text)
    newness = Newness(said, Known([print_of("", known)]))
    return [newness.probability(one, newness.news(one)) for one in said.found]


@pytest.mark.parametrize("writer", sorted(path.stem for path in UPDATES.glob("*.jsonl")))
def test_the_shipped_weights_tell_news_from_rewordings_on_our_own_coverage(writer: str) -> None:
    """In sample, so it shows that a change broke nothing: docs/quality.md has what they made of writers unseen."""
    found = measured(list(updates(writer)), shipped("novelty.toml", "sentences"), LIKELY)
    assert found.articles.precision >= 0.7
    assert found.articles.recall >= 0.9
    assert found.lines.precision >= 0.54
    assert found.lines.recall >= 0.7
    assert found.first >= 0.62


def test_a_rewording_without_a_new_fact_or_word_is_never_news() -> None:
    assert likely("", "Mayor Ada Strand spoke of the roads of Marlow Falls. The council met in the hall.") == [0.0, 0.0]


def test_the_same_sentence_is_likelier_news_where_the_article_tells_more() -> None:
    line = "Clerk Tomas Reyes wants the bridge on Dove Street inspected."
    alone, *_ = likely("", f"{line} The council met on Monday.")
    beside, *_ = likely("", f"{line} The council voted to ban trucks and fined a firm $40,000.")
    assert beside > alone > 0


def test_what_the_model_looks_at_is_what_has_a_weight() -> None:
    said = said_in("Bridge to close", "The bridge on Dove Street will close on May 4.")
    newness = Newness(said, Known([print_of("", OLD)]))
    found = newness.features(said.found[0], newness.news(said.found[0]))
    assert found.keys() == shipped("novelty.toml", "sentences").weights.keys()
