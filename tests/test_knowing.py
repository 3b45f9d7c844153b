"""What the reader says to know is held back in both orders of arrival, and `explain` tells why in a page."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sovwatch.app import App, seeding
from sovwatch.app.explaining import explain
from sovwatch.app.foretelling import unseen
from sovwatch.app.running import judge_all
from sovwatch.app.steering import mute
from sovwatch.app.telling import digest, preview
from sovwatch.errors import ConfigurationError
from sovwatch.model import Article, Dated
from sovwatch.seeds import Card
from sovwatch.settings import Settings, SourceSettings
from sovwatch.store import Store, articles, queue
from tests.builders import NOW, an_article
from tests.shipped import shipped_app

DAY = NOW.date().isoformat()
SEED = (
    "CALGARY – Premier Laura Whitcombe said on Tuesday that Alberta will not negotiate its independence with Ottawa "
    "before the vote of "
    "8 March, after a leaked letter showed that federal officials had offered talks. She called the offer an insult "
    "to voters.\n"
    "The letter, published by the Foothills Courier, proposed three meetings in Banff and a moratorium on campaign "
    "spending.\n"
    "Minister Paul Ormiston's office confirmed that it was genuine. Polls put support for independence at about 28 "
    "per cent."
)
AGAIN = an_article(
    "https://courier.example/a",
    title="Premier rejects Ottawa's offer",
    text="\n".join(SEED.split("\n")[:2]),
    outlet="Courier",
)
FRENCH = an_article(
    "https://le-soir.example/b",
    title="Alberta : la première ministre refuse de négocier avec Ottawa",
    language="fr",
    outlet="Le Soir",
    text=(
        "L'Alberta ne négociera pas avec Ottawa au sujet de l'indépendance avant le vote du 8 mars, a dit mardi la "
        "première ministre "
        "Laura Whitcombe. Une lettre révélée par le Foothills Courier proposait trois rencontres à Banff et un "
        "moratoire sur les "
        "dépenses de campagne. L'appui à l'indépendance est d'environ 28 %."
    ),
)
MORE = an_article(
    "https://plains.example/c",
    title="Ottawa put $2 billion on the table over Alberta independence",
    outlet="Plains Post",
    text=(
        "Ottawa also offered Alberta $2 billion in the letter on independence that Premier Laura Whitcombe dismissed "
        "on Tuesday. "
        "The letter proposed meetings in Banff before the vote on Alberta independence of 8 March."
    ),
)


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[App]:
    (tmp_path / "seed.txt").write_text(SEED, encoding="utf-8")
    with shipped_app(database_url, seeds=tmp_path / "seeds") as opened:
        yield opened


def read(app: App, *found: Article, now: datetime = NOW) -> App:
    """Read and judge articles, with the cards as they are now."""
    with app.store.write() as c:
        for one in found:
            articles.remember(c, one, now=now, standing="news")
    return judged(app)


def judged(app: App) -> App:
    again = App(app.settings, app.store)  # as the next process would: cards are read once
    judge_all(again)
    return again


def know(app: App, what: str | Path, happened: str | None = DAY) -> list[Path]:
    return seeding.add(app, str(what), name="letter", happened=happened, affair=None, title="A letter")


def told(app: App) -> list[str]:
    composed = preview(app, "desk")
    return [item.lead.title for item in composed.items] if composed else []


def page(app: App, article: Article) -> str:
    return "\n".join(explain(app, article.url).lines)


def test_copies_and_repeats_of_what_is_known_are_not_told_and_what_adds_is(app: App, tmp_path: Path) -> None:
    know(app, tmp_path / "seed.txt")
    app = read(app, AGAIN, FRENCH, MORE)
    assert told(app) == [MORE.title]
    assert "copy of letter: 100% of its wording, nothing added" in page(app, AGAIN)
    assert "repeat of letter" in page(app, FRENCH)
    assert "you know this already" in page(app, FRENCH)
    assert "update of letter" in page(app, MORE)
    assert "new        Ottawa also offered Alberta $2 billion" in page(app, MORE)


def test_what_waits_to_be_told_is_held_back_when_the_reader_says_to_know_it(app: App, tmp_path: Path) -> None:
    app = read(app, AGAIN, FRENCH)
    assert told(app) == [AGAIN.title]
    know(app, tmp_path / "seed.txt")
    assert seeding.ask_again(app) == 2
    app = judged(app)
    assert told(app) == []
    assert "not told   you know this already" in page(app, AGAIN)
    assert seeding.ask_again(app) == 0


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("", "'': cannot be read as a text: Is a directory"),
        ("77", "story 77: no such story"),
        ("blank.txt", "blank.txt: holds no word"),
        ("https://x.example/a", "https://x.example/a: answered 404: is not there"),
        ("https://x.example/b.pdf", "https://x.example/b.pdf: no text of an article was found there"),
    ],
)
def test_what_holds_no_text_becomes_no_seed(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, said: str
) -> None:
    from spiders import trial

    monkeypatch.setattr(
        trial, "read_one", lambda _, url, **__: (None, "" if url.endswith("pdf") else "answered 404: is not there")
    )
    monkeypatch.chdir(tmp_path)
    Path("blank.txt").write_text(" \n", encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        know(app, what)
    assert str(caught.value).startswith(said)
    assert not (tmp_path / "seeds" / "letter.toml").exists()


def test_of_what_was_told_before_its_seed_was_added_is_said_what_it_would_be_now(app: App, tmp_path: Path) -> None:
    app = read(app, AGAIN)
    digest(app, only_due=False)
    know(app, tmp_path / "seed.txt")
    said = (
        "seed       none when it was judged; a copy of letter by the cards of today: 100% of its wording, nothing added"
    )
    assert said in page(App(app.settings, app.store), AGAIN)


def test_a_story_that_was_told_is_known_from_its_articles(app: App) -> None:
    app = read(app, replace(AGAIN, text=SEED))
    digest(app, only_due=False)
    assert [path.name for path in know(app, "1")] == ["letter.toml"]
    app = read(app, FRENCH)
    assert told(app) == []
    assert "repeat of letter" in page(app, FRENCH)


def test_the_articles_of_a_story_are_known_together(app: App) -> None:
    app = read(app, AGAIN, FRENCH)

    cards = seeding.add(app, "1", name=None, happened=DAY, affair=None, title=None)

    affairs = {Card.from_toml(path.read_text(encoding="utf-8")).affair for path in cards}
    assert (len(cards), len(affairs)) == (2, 1)


def test_who_lists_the_seeds_reads_what_they_are_about_and_no_card_holds_a_headline(app: App, tmp_path: Path) -> None:
    app = read(app, AGAIN, FRENCH)
    written = "".join(path.read_text(encoding="utf-8") for path in seeding.add(
        app, "1", name="story", happened=DAY, affair=None, title=None
    ))  # fmt: skip
    know(app, tmp_path / "seed.txt")
    seeding.add(app, "1", name="ours", happened=DAY, affair=None, title="The letter of 3 February")
    assert [(card.id, card.title) for card in seeding.listed(app)] == [
        ("letter", "A letter"),
        ("ours-1", "The letter of 3 February"),
        ("ours-2", "The letter of 3 February"),
        ("story-1", AGAIN.title),
        ("story-2", FRENCH.title),
    ]
    assert [title for title in (AGAIN.title, FRENCH.title) if title in written] == []


def test_a_later_happening_is_told_though_it_shares_all_of_the_background(app: App, tmp_path: Path) -> None:
    know(app, tmp_path / "seed.txt", happened="2026-01-31")
    app = read(app, FRENCH)
    assert told(app) == [FRENCH.title]


ELSEWHERE = (
    "Snow closed the highway between Red Deer and Calgary on Tuesday. Ploughs will be out all night, said a spokesman "
    "for the province, and Alberta independence supporters put off their rally in Olds."
)


@pytest.mark.parametrize(
    ("happened", "text", "said"),
    [
        ("2026-01-10", "", "published 2026-02-03, not within 10 days from 2026-01-10, when it happened"),
        (None, "", "its card does not say when it happened, so only copies are recognised"),
        (DAY, ELSEWHERE, "it is of the affair from 0.20 on"),
    ],
)
def test_the_trail_says_how_near_a_seed_was_for_which_nothing_was_held_back(
    app: App, tmp_path: Path, happened: str | None, text: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from spiders import trial

    know(app, tmp_path / "seed.txt", happened=happened)
    article = replace(FRENCH, text=text or FRENCH.text)
    monkeypatch.setattr(trial, "read_one", lambda *_, **__: (article, ""))
    before = page(app, article)
    after = page(read(app, article), article)
    for shown in (before, after):
        (line,) = [line for line in shown.splitlines() if "nearest is letter: " in line]
        assert line.endswith(f" of what its affair is about; nothing held back: {said}" + "." * (shown is before))


def test_a_card_without_a_day_holds_back_copies_only(app: App, tmp_path: Path) -> None:
    know(app, tmp_path / "seed.txt", happened=None)
    app = read(app, AGAIN, FRENCH)
    assert told(app) == [FRENCH.title]


def test_no_other_article_is_said_to_have_opened_a_story_but_its_first(app: App) -> None:
    app = read(app, AGAIN, FRENCH)
    assert "opened with" not in page(app, AGAIN)
    assert f"story 1    opened with: {AGAIN.title}" in page(app, FRENCH)


def test_the_first_of_a_story_stays_so_when_it_is_edited(app: App) -> None:
    app = read(app, AGAIN, FRENCH)
    app = read(app, replace(AGAIN, text=AGAIN.text.replace("three meetings", "four meetings")))
    assert "placed     opens story 1" in page(app, AGAIN)


def test_the_trail_says_how_each_was_told_in_words(app: App) -> None:
    mute(app, "phrase", "premier rejects", length=None, channel=None)
    app = read(app, AGAIN, replace(MORE, published=Dated(NOW - timedelta(hours=2))))
    digest(app, only_due=False)
    assert "told       desk, 2026-02-03 07:00 EST: not shown, since it was muted then" in page(app, AGAIN)
    assert "told       desk, 2026-02-03 07:00 EST: in a story that was new to it (digest:desk:" in page(app, MORE)
    assert "story 1    opened with: Premier rejects Ottawa's offer" in page(app, MORE)
    assert "known by   address https://plains.example/c, headline" in page(app, MORE)


def test_the_trail_says_whether_a_message_was_delivered(app: App) -> None:
    app = read(app, AGAIN)
    digest(app, only_due=False)
    assert "; not delivered yet\n" in f"{page(app, AGAIN)}\n"
    with app.store.write() as c:
        queue.drop(c, "desk", NOW)
    assert ": in a message that `sovwatch deliver --drop` gave up: nobody got it (digest:" in page(app, AGAIN)
    assert "delivered" not in page(app, AGAIN)


def test_the_trail_of_a_withdrawn_article_says_so(app: App) -> None:
    app = read(app, AGAIN)
    digest(app, only_due=False)
    app = read(app, replace(AGAIN, gone=True))
    shown = page(app, AGAIN)
    assert "page       missing for now, was read" in shown
    assert "known by   address https://courier.example/a, headline\n" in shown
    app = read(app, replace(AGAIN, gone=True), now=NOW + timedelta(hours=12))
    digest(app, only_due=False)
    shown = page(app, AGAIN)
    assert "page       gone now, was read" in shown
    assert "edited     2026-02-03 19:00 EST: withdrawn" in shown
    assert "in an update of its story" in shown


def test_the_trail_of_what_waits_for_its_page_says_so(app: App) -> None:
    app = read(app, replace(AGAIN, gone=True, page="refused"))
    assert "waits for its next digest since 2026-02-03 07:00 EST, and a while for its page" in page(app, AGAIN)
    assert told(app) == []


def test_the_page_of_an_address_never_read_is_placed_too(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from spiders import trial

    know(app, tmp_path / "seed.txt")
    app = read(app, AGAIN)
    for article, said in (
        (FRENCH, "It would be a repeat of the seed letter"),
        (MORE, "It would add: Ottawa also offered"),
    ):
        monkeypatch.setattr(trial, "read_one", lambda *_, article=article, **__: (article, ""))
        shown = page(app, article)
        assert "was never read" in shown
        assert "It would join story 1 (Premier rejects Ottawa's offer)" in shown
        assert said in shown


def test_whether_a_site_is_watched_is_told_beside_a_source_whose_address_is_none(store: Store) -> None:
    watched = SourceSettings(id="wire", url="https://m.wire.example/feed", outlet="The Wire")
    wrong = SourceSettings(id="odd", url="odd.example/feed", outlet="Odd")
    app = App(Settings(home=Path("/nowhere"), sources=(wrong, watched), clock=NOW), store)
    with store.read() as c:
        said = list(unseen(app, c, "https://wire.example/a"))
    assert said[1:] == ["Its site is watched by wire (The Wire): last read never."]
