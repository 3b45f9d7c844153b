"""The invented week is consistent with its truth file, has the habits it promises, and nobody else's sentences."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from sovwatch.demo.coverage import Coverage, Dispatch, load

SHARED = Path(__file__).parent.parent.parent / "shared"


@pytest.fixture(scope="module")
def week() -> Coverage:
    return load()


def test_every_article_has_its_truth_and_every_truth_its_article(week: Coverage) -> None:
    assert set(week.dispatches) == set(week.truth)
    assert {each.outlet for each in week.dispatches.values()} <= set(week.outlets)


def test_what_is_on_topic_has_a_story_and_what_is_not_has_none(week: Coverage) -> None:
    wrong = [name for name, truth in week.truth.items() if bool(truth.topics) != bool(truth.story)]
    assert wrong == []
    assert {topic for truth in week.truth.values() for topic in truth.topics} == {"alberta", "quebec"}
    assert [name for name, truth in week.truth.items() if truth.adds and not truth.topics] == []


def test_a_copy_is_of_an_earlier_article_of_its_story_and_shares_its_words(week: Coverage) -> None:
    for name, truth in week.truth.items():
        if truth.copy_of is None:
            continue
        copy, first = week.dispatches[name], week.dispatches[truth.copy_of]
        assert first.published < copy.published
        assert truth.story == week.truth[truth.copy_of].story
        assert set(copy.paragraphs) & set(first.paragraphs)


def test_the_first_of_a_story_adds_unless_it_repeats_the_seeds(week: Coverage) -> None:
    for story in {truth.story for truth in week.truth.values() if truth.story}:
        members = [week.dispatches[name] for name, truth in week.truth.items() if truth.story == story]
        first = min(members, key=lambda each: each.published)
        assert week.truth[first.id].adds == (week.truth[first.id].seed != "repeat"), first.id


def test_the_week_is_as_large_and_as_varied_as_the_issue_asks(week: Coverage) -> None:
    languages = Counter(week.outlets[each.outlet].language for each in week.dispatches.values())
    days = {each.published.date() for each in week.dispatches.values()}
    truths = week.truth.values()
    assert len(week.dispatches) >= 60
    assert len(week.outlets) >= 12
    assert len(days) == 6
    assert min(languages["en"], languages["fr"]) >= 25
    assert sum(truth.copy_of is not None for truth in truths) >= 5
    assert sum(truth.seed == "repeat" for truth in truths) >= 4
    assert sum(truth.seed == "update" for truth in truths) >= 3
    assert sum(not truth.topics for truth in truths) >= 15
    assert sum(len(truth.topics) == 2 and set(truth.topics.values()) == {"main"} for truth in truths) >= 1
    assert any(each.edits for each in week.dispatches.values())


def test_twin_polls_read_alike_and_are_different_stories(week: Coverage) -> None:
    for one, other in (("corbeau-11-courier", "corbeau-12-courier"), ("meridien-jan-boreale", "meridien-feb-boreale")):
        first, second = week.dispatches[one], week.dispatches[other]
        shared = set(first.title.split()) & set(second.title.split())
        assert len(shared) > len(first.title.split()) / 2
        assert week.truth[one].story != week.truth[other].story


def test_an_address_belongs_to_one_article(week: Coverage) -> None:
    assert len(week.by_path) == len(week.dispatches)
    assert len({each.number for each in week.dispatches.values()}) == len(week.dispatches)


def test_every_host_is_reserved_for_examples(week: Coverage) -> None:
    assert [each.host for each in week.outlets.values() if not each.host.endswith(".example")] == []


def test_french_is_set_with_no_break_spaces_and_guillemets(week: Coverage) -> None:
    french = [each for each in week.dispatches.values() if week.outlets[each.outlet].language == "fr"]
    texts = [f"{each.title}\n{each.text}" for each in french]
    assert [text for text in texts if re.search(r"« | [»:%$]|\d \d{3}\b", text)] == []
    assert [text for text in texts if '"' in text or "'" in text] == []


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared corpora lie beside the project, not in it")
def test_no_nine_words_in_a_row_are_anybody_elses(week: Coverage) -> None:
    known = {gram for text in shared_texts() for gram in nine_grams(text)}
    assert len(known) > 100_000, "the shared corpora were read"
    ours = {each.id: nine_grams("\n".join(texts_of(each))) for each in week.dispatches.values()}
    assert {name: sorted(grams & known) for name, grams in ours.items() if grams & known} == {}


def texts_of(dispatch: Dispatch) -> list[str]:
    return [dispatch.title, dispatch.text, *(edit.text for edit in dispatch.edits)]


def shared_texts() -> Iterator[str]:
    yield from (path.read_text(encoding="utf-8", errors="replace") for path in SHARED.glob("seeds/*.txt"))
    for name in ("coverage/docs.jsonl", "stories/en_wikinews.jsonl", "copies/fr_press.jsonl"):
        for line in (SHARED / "bench" / name).read_text(encoding="utf-8").splitlines():
            yield json.loads(line).get("text") or ""


def nine_grams(text: str) -> set[str]:
    words = re.findall(r"[^\W_]+", text.lower())
    return {" ".join(words[start : start + 9]) for start in range(len(words) - 8)}
