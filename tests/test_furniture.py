"""Lines that stand in an article's text and are not of it are dropped; those of the article stay."""

import pytest

from spiders.furniture import without_furniture


@pytest.mark.parametrize(
    "line",
    [
        "Sign up for our morning newsletter.",
        "Get the day's news straight to your inbox.",
        "Follow Ada Clerk on Twitter",
        "Read more: Mayor of Fictionville answers",
        "Related: Petition counted twice",
        "CLICK HERE FOR MORE NEWS OF FICTIONVILLE",
        "Advertisement",
        "– Lire aussi : La mairesse répond",
        "À lire aussi",
        "Abonnez-vous à l’infolettre du matin.",
        "Il vous reste 57.09% de cet article à lire. La suite est réservée aux abonnés.",
        "Publicité",
        "Commentaires",
        "11 commentaires",
        "A lire aussi : La mairesse répond",
        "Mis à jour le 20/11/2026 à 14h03",
        "Last updated: Friday, November 20, 2026",
        "Tags: petition, clerk",
        "|  |  |",
    ],
)
def test_what_is_not_of_the_article_goes(line: str) -> None:
    assert without_furniture(f"The clerk counts.\n{line}\nShe counts again.") == "The clerk counts.\nShe counts again."


@pytest.mark.parametrize(
    "line",
    [
        "Sign-up sheets lay on the clerk's desk until noon.",
        "Read aloud by the clerk, the petition took an hour.",
        "Updated figures show 12 more pages",
        "Published 3 times since, the notice says noon.",
        "Related charges were dropped in May.",
        "Follow-up questions went to the mayor.",
        "- Sign up for the public hearing by Friday",
        "THE COUNCIL ANSWERS",
        "“THIS IS NOT HOW A TOWN COUNTS ITS PAPER!”",
        "| CLERK | PAGES | COUNTED AGAIN | BY NOON |",
        "Lire la pétition à haute voix a pris une heure.",
        "Les plus anciens s’en souviennent.",
        "Join our clerk " + "as she counts, page by page, " * 8,
    ],
)
def test_what_is_of_the_article_stays(line: str) -> None:
    text = f"The clerk counts.\n{line}\nShe counts again."
    assert without_furniture(text) == text


def test_a_list_of_other_articles_goes_up_to_the_next_sentence() -> None:
    text = "The clerk counts.\nYou may also like\nMayor answers\nBridge closed\nShe counts again.\nAnd again."
    assert without_furniture(text) == "The clerk counts.\nShe counts again.\nAnd again."


def test_a_paragraph_that_the_page_holds_twice_is_one() -> None:
    paragraph = "The clerk of Fictionville counted every page of the petition, and then once more."
    text = f"{paragraph}\nNo.\nNo.\n{paragraph}\nShe counts again."
    assert without_furniture(text) == f"{paragraph}\nNo.\nNo.\nShe counts again."


def test_a_line_that_is_a_link_is_another_article() -> None:
    text = "The clerk counts.\n- Mayor of Fictionville answers the petition\nShe counts again."
    links = frozenset({"Mayor of Fictionville answers the petition"})
    assert without_furniture(text, links) == "The clerk counts.\nShe counts again."
