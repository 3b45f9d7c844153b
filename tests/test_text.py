"""Words and sentences, in English and French."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovwatch.text import fold, language_of, one_form, sentences, words


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_one_form_twice_is_one_form_once(text: str) -> None:
    assert one_form(one_form(text)) == one_form(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L’Œuvre « à l'État »", "l'oeuvre \" a l'etat \""),
        ("Québec—Alberta", "quebec-alberta"),
        ("1\u202f200\u00a0$", "1 200 $"),
        ("E\u0301tat", "etat"),
    ],
)
def test_fold_gives_one_form_of_letters_and_marks(text: str, expected: str) -> None:
    assert fold(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("l’indépendance de l'Alberta", ["l'", "independance", "de", "l'", "alberta"]),
        ("Alberta's vote", ["alberta", "'s", "vote"]),
        ("Aujourd’hui, qu'il vote", ["aujourd'hui", "qu'", "il", "vote"]),
        ("the U.S., the US and the USA told us", ["the", "usa", "the", "usa", "and", "the", "usa", "told", "us"]),
        ("le P.Q. et 1,200 voix", ["le", "pq", "et", "1,200", "voix"]),
        ("they don't", ["they", "don't"]),
    ],
)
def test_words_keep_elisions_possessives_and_acronyms_apart(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mr. Roy spoke. Nobody answered!", ["Mr. Roy spoke.", "Nobody answered!"]),
        ("Selon M. Roy, oui. « Non. » Il part.", ["Selon M. Roy, oui.", "« Non. »", "Il part."]),
        ("It ends on Jan. 29 at noon.", ["It ends on Jan. 29 at noon."]),
        ("RIMOUSKI, Que. — Gen. Roy spoke. He left.", ["RIMOUSKI, Que. — Gen. Roy spoke.", "He left."]),
        ("They said no. “No.” The loi no. 5 is dead.", ["They said no.", "“No.”", "The loi no. 5 is dead."]),
        ("A line\nanother one", ["A line", "another one"]),
        ("", []),
    ],
)
def test_a_stop_ends_a_sentence_unless_it_shortens_a_word(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_sentences_lose_no_word(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The premier said that the vote will be held", "en"),
        ("La première ministre a dit que le vote aura lieu", "fr"),
        ("Alberta 2026", "?"),
        (f"{'Ponoka, Wetaskiwin, Rimouski, ' * 9}and they said that it was not over", "en"),
        ("The vote on le Plateau", "?"),
        ("Le vote de The Weekly", "?"),
    ],
)
def test_language_is_told_by_function_words_or_left_to_the_default(text: str, expected: str) -> None:
    assert language_of(text, "?") == expected
