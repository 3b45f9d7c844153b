"""Whether a sentence says something new: its cues, what the model looks at, and what it makes of our own coverage."""

from datetime import UTC, date, datetime

import pytest

from benchmarks.train_novelty import UPDATES, measured, updates
from sovwatch.cues import CUES, cues
from sovwatch.known import Known
from sovwatch.model import Dated
from sovwatch.newness import Newness
from sovwatch.novelty import LIKELY, additions
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
    articles, lines = measured(list(updates(writer)), shipped("novelty.toml", "sentences"), LIKELY)
    assert articles.precision >= 0.8
    assert articles.recall >= 0.88
    assert lines.precision >= 0.7
    assert lines.recall >= 0.58


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        ("Mayor Ada Strand said Tuesday that roads cost money.", {"when", "speech", "role"}),
        ("La mairesse Ada Strand a déclaré mardi que les routes coûtent cher.", {"when", "speech", "role"}),
        ("The town voted in 1995.", {"past"}),
        ("La ville a voté il y a trois mois.", {"past"}),
        ("Next Monday the hall will open.", {"ahead"}),
        ("La salle ouvrira bientôt.", {"ahead"}),
        ("“Roads cost money,” it reads.", {"opens quoting", "quotes"}),
        ("On y lit : « les routes coûtent cher ».", {"quotes"}),
        ("Snow lies on the hall.", set()),
    ],
)
def test_a_sentence_says_when_it_was_and_who_says_it(shown: str, found: set[str]) -> None:
    assert cues(shown, date(2026, 3, 5)) == found


def test_without_a_day_of_publication_no_day_is_recent() -> None:
    assert "when" not in cues("Mayor Ada Strand resigned Tuesday.", None)


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
    assert set(CUES) < found.keys()
    assert found["about"] <= 1
    assert 0 < found["unknown"] <= 1


def test_the_headline_takes_no_line_of_the_text() -> None:
    """A digest shows it above them."""
    text = (
        "Marlow Falls will ban trucks from the bridge on Dove Street from May 4, Mayor Ada Strand said Thursday. "
        "Snow lies on the roofs."
    )
    said = said_in("Marlow Falls bans 300 trucks a day, 12 firms to sue", text)
    added = additions(said, [print_of("", OLD)], by_day=False)
    assert [one.place for one in added] == [0, -1]
