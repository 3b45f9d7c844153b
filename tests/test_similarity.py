"""The laws of fingerprints and of likeness."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sovwatch import similarity
from sovwatch.background import COMMON, Tables, encoded, shipped
from sovwatch.fingerprints import Fingerprint, SchemeMismatch
from sovwatch.model import Dated, Precision
from sovwatch.shingles import KEPT, overlap, shingle, sketch, wording_keys
from sovwatch.similarity import fingerprint, headline
from sovwatch.terms import hashed, term
from sovwatch.text import sentences

likeness = partial(similarity.likeness, tables=shipped())
LAW = settings(max_examples=40)
DAY = Dated(datetime(2026, 5, 6, 15, tzinfo=UTC))
WORDS = "Alberta vote premier Roy dix 12 45 Calgary séparation juge Tremblay law mai lundi the of une question".split()  # noqa: SIM905
SENTENCE = st.lists(st.sampled_from(WORDS), min_size=6, max_size=14).map(
    lambda found: " ".join(found).capitalize() + "."
)
TEXT = st.lists(SENTENCE, min_size=1, max_size=8).map(" ".join)
DATES = st.one_of(
    st.none(),
    st.builds(
        Dated,
        st.datetimes(datetime(1995, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
        st.sampled_from(Precision),
    ),
)


def taken(text: str, title: str = "", published: Dated | None = DAY, language: str = "en") -> Fingerprint:
    return fingerprint(title, text, language=language, published=published)


@LAW
@given(TEXT, TEXT)
def test_likeness_is_symmetric(one: str, other: str) -> None:
    first, second = taken(one), taken(other)
    assert likeness(first, second).score == likeness(second, first).score
    assert likeness(first, second).parts.keys() == likeness(second, first).parts.keys()


@LAW
@given(TEXT, DATES)
def test_a_text_is_wholly_like_itself(text: str, published: Dated | None) -> None:
    assert likeness(taken(text, published=published), taken(text, published=published)).score == 1.0


@LAW
@given(TEXT, TEXT)
def test_likeness_lies_between_nothing_and_all(one: str, other: str) -> None:
    alike = likeness(taken(one), taken(other))
    assert 0.0 <= alike.score <= 1.0
    assert all(0.0 <= part <= 1.0 for part in alike.parts.values())


@LAW
@given(TEXT, SENTENCE)
def test_a_text_is_wholly_contained_in_itself_with_a_sentence_added(text: str, added: str) -> None:
    old, longer = taken(text), taken(f"{text} {added}")
    assert overlap(old.shingles, old.level, longer.shingles, longer.level).first == 1.0


@LAW
@given(TEXT, TEXT, SENTENCE)
def test_adding_a_sentence_never_lowers_how_much_of_another_text_is_contained(old: str, new: str, added: str) -> None:
    known, before, after = taken(old), taken(new), taken(f"{new} {added}")
    assert (
        overlap(known.shingles, known.level, after.shingles, after.level).first
        >= overlap(known.shingles, known.level, before.shingles, before.level).first
    )


@LAW
@given(st.integers(KEPT + 1, 6 * KEPT), st.integers(1, 3))
def test_a_sampled_part_stays_wholly_contained(length: int, part: int) -> None:
    """The bound of the longer text holds for both, so a long text cut anywhere is found whole."""
    wording = [str(number) for number in range(length)]
    whole, cut = sketch(shingle(wording)), sketch(shingle(wording[: length // (part + 1) + 200]))
    assert overlap(*cut, *whole).first == 1.0
    assert len(whole[0]) <= KEPT


@LAW
@given(TEXT, DATES, st.sampled_from(["", "en", "fr"]))
def test_what_was_packed_comes_out_the_same(text: str, published: Dated | None, language: str) -> None:
    found = fingerprint("A title", text, language=language, published=published, first_seen=DAY.at)
    assert Fingerprint.unpack(found.pack()) == found


def test_a_fingerprint_of_another_scheme_is_refused() -> None:
    packed = replace(taken("Some words that say nothing."), scheme=250).pack()
    with pytest.raises(SchemeMismatch):
        Fingerprint.unpack(packed)
    with pytest.raises(SchemeMismatch):
        Fingerprint.unpack(b"")


@LAW
@given(TEXT)
def test_no_word_can_be_read_in_a_packed_fingerprint(text: str) -> None:
    packed = taken(text).pack()
    assert not any(word.encode() in packed for word in text.split() if len(word) > 5)


@LAW
@given(TEXT)
def test_a_print_stands_for_each_sentence_in_order(text: str) -> None:
    assert len(taken(text).sentences) == len(sentences(text))


def test_one_statement_in_two_languages_has_one_set_of_facts() -> None:
    english = taken(
        "Premier Danielle Smith said Monday that 1.2 million people, or ten per cent, live in the U.S. now."
    )
    french = taken(
        "La première ministre Danielle Smith a dit lundi que 1 200 000 personnes, soit 10 %, vivent aux États-Unis.",
        language="fr",
    )
    assert english.numbers == french.numbers
    assert english.dates == french.dates
    assert english.names.keys() == french.names.keys()
    assert hashed("#@usa") in english.concepts & french.concepts


def test_a_plural_is_its_singular_and_a_short_word_is_itself() -> None:
    told = {word: term(word) for word in ("mills", "choux", "press", "bus", "fox")}
    assert told == {"mills": "mill", "choux": "chou", "press": "press", "bus": "bus", "fox": "fox"}


def test_a_name_is_not_taken_for_a_common_word_that_begins_alike() -> None:
    assert not set(taken("They left with the Centurion Project.").names) & set(taken("A new Century Fund.").names)


def test_a_sentence_of_five_words_which_many_texts_have_is_no_key() -> None:
    assert wording_keys([5, 6], [9, 1, 1, 1, 1, 7, 3]) == (3, 7)


@LAW
@given(TEXT)
def test_index_keys_are_few_signed_and_stay_the_same_when_unpacked(text: str) -> None:
    found = taken(text, "A title of Calgary")
    assert len(found.copy_keys()) <= 32
    assert len(found.story_keys()) <= 24
    assert all(-(1 << 63) <= key < 1 << 63 for key in (*found.copy_keys(), *found.story_keys()))
    again = Fingerprint.unpack(found.pack())
    assert (again.copy_keys(), again.story_keys()) == (found.copy_keys(), found.story_keys())


def test_hashes_are_the_same_in_every_process() -> None:
    assert hashed("alberta") == 2526541262


@pytest.mark.parametrize(
    ("title", "outlet", "expected"),
    [
        ("A vote is called in Calgary | Prairie Wire", "", "A vote is called in Calgary"),
        ("A vote is called in Calgary - Prairie Wire", "Prairie Wire", "A vote is called in Calgary"),
        ("A vote is called - and lost", "Prairie Wire", "A vote is called - and lost"),
        ("A vote is called | what those who farm there say", "", "A vote is called | what those who farm there say"),
        ("Vote | Prairie Wire", "", "Vote | Prairie Wire"),
    ],
)
def test_a_headline_loses_the_name_of_its_outlet(title: str, outlet: str, expected: str) -> None:
    assert headline(title, outlet) == expected


def test_what_terms_tell_is_handed_in_and_never_kept_for_other_tables() -> None:
    fp, bare = taken("Premier Roy calls a vote on leaving."), Tables({}, {}, {})
    first = fp.weighed(shipped())
    assert fp.weighed(bare).opening != first.opening
    assert fp.weighed(shipped()) == first
    assert fp.topical(bare) != fp.topical(shipped())


def test_a_term_made_common_tells_no_more_than_it_did() -> None:
    tables = Tables({}, {1: COMMON / 2, 2: 2 * COMMON}, {})
    assert tables.with_common([1, 2, 3]).topical == {1: COMMON / 2, 2: COMMON, 3: COMMON}
    assert tables.topical == {1: COMMON / 2, 2: 2 * COMMON}
    assert tables.with_common([]) is tables


def test_tables_lie_in_bytes_without_words() -> None:
    assert len(encoded(Tables({1: 2.0}, {2: 3.0}, {2: 4.0}))) == 14
