"""What a channel was told in another story leads no entry, and hides none."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from sovwatch import schema as t
from sovwatch.app import App
from sovwatch.elsewhere import NOWHERE, Elsewhere
from sovwatch.model import Dated
from sovwatch.novelty import additions
from sovwatch.similarity import Fingerprint, fingerprint
from sovwatch.statements import statements
from tests.builders import an_article
from tests.test_telling import app, told

__all__ = ["app"]

FRIDAY = Dated(datetime(2026, 3, 6, 15, tzinfo=UTC))
COUNT = "The Plains Home Rule League needs 177,732 valid names by May 2, and it has handed in 196,412."
FINE = "EDMONTON – An agency fined the Plains Home Rule League over its petition for Alberta's independence."
APPEAL = "Treasurer Ada Colwell will take the $38,000 fine to the Court of Appeal."
AGAIN = "The Plains Home Rule League handed in 196,412 names, where 177,732 valid ones are needed."


def printed(text: str, title: str = "", language: str = "en") -> Fingerprint:
    return fingerprint(title, text, language=language, published=FRIDAY)


def shown(text: str, known: str, elsewhere: Elsewhere, title: str = "") -> list[str]:
    said = statements(title, text, printed(text, title))
    return [one.line for one in additions(said, [printed(known)] if known else [], elsewhere=elsewhere)]


@pytest.mark.parametrize(
    ("told", "language"),
    [
        (COUNT, "en"),
        ("La Plains Home Rule League a besoin de 177 732 noms valides et en a remis 196 412.", "fr"),
    ],
)
def test_what_another_story_told_comes_after_what_nobody_told(told: str, language: str) -> None:
    text = f"{AGAIN} {APPEAL}"
    assert shown(text, FINE, NOWHERE) == [AGAIN, APPEAL]
    assert shown(text, FINE, Elsewhere({1: printed(told, language=language)})) == [APPEAL, AGAIN]


def test_an_article_that_only_repeats_another_story_is_told_all_the_same() -> None:
    assert shown(AGAIN, FINE, Elsewhere({1: printed(COUNT)})) == [AGAIN]


def test_the_same_number_of_another_matter_is_not_what_was_told() -> None:
    other = Elsewhere({1: printed("A rink in Olds drew 196,412 skaters this winter, and had room for 177,732.")})
    assert shown(f"{AGAIN} {APPEAL}", FINE, other) == [AGAIN, APPEAL]


def test_what_the_story_itself_says_is_not_told_elsewhere() -> None:
    told = Elsewhere({1: printed(COUNT)})
    assert shown(f"{AGAIN} {APPEAL}", FINE, told.apart({1})) == [AGAIN, APPEAL]


def test_a_story_told_first_keeps_its_lede_and_has_another_second_line() -> None:
    lede = "An Edmonton judge froze the count of a petition for Alberta's independence on Friday."
    title, text = "Judge freezes Alberta independence count", f"{lede} {AGAIN} {APPEAL}"
    assert shown(text, "", NOWHERE, title) == [lede, AGAIN]
    assert shown(text, "", Elsewhere({1: printed(COUNT)}), title) == [lede, APPEAL]
    assert shown(text, "", Elsewhere({1: printed(lede)}), title)[0] == lede


def test_a_channel_is_not_shown_again_what_it_was_told_in_another_story_whose_text_is_gone(app: App) -> None:
    ruling = an_article(
        "https://echo.example/2",
        outlet="Echo",
        source="echo",
        title="Cold Creek chiefs ask Justice Maren Oakley to protect treaty land from separation",
        text=(
            "CALGARY – Chiefs of Cold Creek told Justice Maren Oakley on Thursday that Alberta cannot separate with "
            "their land.\nOrganisers of a petition for an Alberta independence referendum say 61,300 people signed.\n"
            "A lawyer for the premier will answer them on 19 March."
        ),
        published=Dated(datetime(2026, 2, 5, 19, 0, tzinfo=UTC)),
    )
    assert "61,300" in " ".join(told(app, 0, an_article()).items[0].lines)
    with app.store.write() as c:
        c.execute(update(t.article).values(text=None))
    (item,) = told(app, 60, ruling).items
    assert (item.told_at, item.lead.title) == (None, ruling.title)
    assert "61,300" not in " ".join(item.lines)
