import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from typing import Any, Literal

import feedparser
import pytest
from rich.console import Console
from rich.text import Text

from alerts import slack
from alerts.console import Wrapped, rendering
from alerts.files import feed
from alerts.mail import letter, message_id
from alerts.page import page, text
from alerts.promise import headlines, pack, unpack
from alerts.spans import LINE, address, entry, kept_together, plain, weight
from alerts.words import Words
from sovwatch.demo.slack_rules import readable
from sovwatch.model import Change, Digest, Footer, Kind, Precision, Section, Tier
from tests.golden import assert_golden
from tests.telling import AT, MORNING, a_digest, a_full_digest, a_piece, an_item

LANGUAGES: tuple[Literal["en", "fr"], ...] = ("en", "fr")
NBSP = "\u00a0"


def terminal(digest: Digest) -> str:
    console = Console(file=io.StringIO(), width=100, highlight=False, color_system=None)
    console.print(rendering(digest))
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


def mail(digest: Digest) -> str:
    """Return the mail with its random boundary taken out."""
    raw = letter(digest, "sovwatch@desk.example", ["desk@desk.example"]).as_string()
    return re.sub(r"={15}\d+==", "=BOUNDARY=", raw)


def test_a_live_page_that_grew_is_not_called_corrected() -> None:
    words = Words("en", "UTC", AT)
    live = an_item(1, a_piece(1, kind=Kind.LIVE), change="corrected")
    assert (words.marks(live), words.marks(an_item(2, change="corrected"))) == ([], ["corrected"])


@pytest.mark.parametrize(
    ("language", "title", "said"),
    [
        ("en", "Premier “not sorry” for the “stunt”", "as “Premier ‘not sorry’ for the ‘stunt’”"),
        ("en", "Un « livre bleu » mardi", "as “Un « livre bleu » mardi”"),
        ("fr", "Un « livre bleu » mardi", f"sous le titre «{NBSP}Un “livre bleu” mardi{NBSP}»"),
        ("fr", "Le non, c’est « non", f"sous le titre «{NBSP}Le non, c’est «{NBSP}non{NBSP}»"),
    ],
)
def test_a_headline_that_quotes_is_quoted_with_other_marks(language: str, title: str, said: str) -> None:
    item = an_item(2, told_at=AT, told_as=title, told_in=language)
    assert said in plain(entry(item, Words(language, "UTC", AT)))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "withdrawn by the publisher, by Le Fanal as well; corrected: was 300, now 200"),
        ("fr", f"retiré par l’éditeur, par Le Fanal aussi; corrigé{NBSP}: 200 au lieu de 300"),
    ],
)
def test_all_changes_of_an_entry_are_said(language: str, said: str) -> None:
    gone = (a_piece(2, outlet="Le Fanal"),)
    item = an_item(1, change="withdrawn", gone=gone, was=(("300", "200"),))
    assert Words(language, "UTC", AT).change(item) == said


@pytest.mark.parametrize(
    ("language", "change", "outlet", "said"),
    [
        ("en", "", "Le Fanal", "withdrawn by Le Fanal"),
        ("fr", "", "Le Fanal", "retiré par Le Fanal"),
        ("en", "withdrawn", "Prairie Ledger", "withdrawn by the publisher"),
    ],
)
def test_what_was_withdrawn_beside_a_lead_is_said_by_whom(
    language: str, change: Change, outlet: str, said: str
) -> None:
    """What was told of an outage does not lead fresh news, nor does an outlet do "as well" what it did twice."""
    item = an_item(1, change=change, gone=(a_piece(2, outlet=outlet),))
    assert Words(language, "UTC", AT).change(item) == said


@pytest.mark.parametrize(("language", "said"), [("en", "corrected"), ("fr", "corrigé")])
def test_a_correction_told_on_its_own_is_named_as_one(language: Literal["en", "fr"], said: str) -> None:
    """It keeps its headline, by which nobody learns in the next digest that a figure was wrong."""
    item = an_item(2, change="corrected")
    alert = a_digest(kind="reply", language=language, sections=(Section("quebec", "Quebec", (item,)),))
    assert headlines(pack(alert)) == (f"{item.lead.title} ({said})",)


@pytest.mark.parametrize(
    ("language", "more", "mark"),
    [
        (
            "en",
            {"kind": Kind.OPINION, "authors": ("Ines Bard", "Ada Strand", "Orla Quist")},
            "opinion: Ines Bard, Ada Strand",
        ),
        ("fr", {"tier": Tier.OPINION, "authors": ("Ines Bard",)}, f"opinion{NBSP}: Ines Bard"),
        ("en", {"kind": Kind.OPINION, "authors": ("Prairie Ledger",)}, "opinion"),
        ("en", {"kind": Kind.RELEASE, "tier": Tier.OPINION, "authors": ("Ines Bard",)}, "press release"),
    ],
)
def test_an_opinion_says_whose_it_is(language: Literal["en", "fr"], more: dict[str, Any], mark: str) -> None:
    assert Words(language, "UTC", AT).byline(a_piece(1, language=language, **more))[-1] == mark


def test_a_report_does_not_name_who_wrote_it() -> None:
    assert "Ines Bard" not in Words("en", "UTC", AT).byline(a_piece(1, authors=("Ines Bard",)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_golden_renderings(language: Literal["en", "fr"]) -> None:
    digest = a_full_digest(language)
    messages = [dict(part.bodies[0]) for part in slack.parts(digest)]
    assert_golden(f"slack.{language}.json", json.dumps(messages, ensure_ascii=False, indent=1) + "\n")
    simple = [part.bodies[1] for part in slack.parts(digest)]
    assert_golden(f"slack-simple.{language}.json", json.dumps(simple, ensure_ascii=False, indent=1) + "\n")
    assert_golden(f"slack-plain.{language}.txt", str(slack.parts(digest)[0].bodies[2]["text"]) + "\n")
    assert_golden(f"page.{language}.html", page(digest))
    assert_golden(f"mail.{language}.eml", mail(digest))
    assert_golden(f"feed.{language}.atom", feed(digest))
    assert_golden(f"terminal.{language}.txt", terminal(digest))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["breaking", "reply", "notice", "digest"])
def test_golden_small_messages(language: Literal["en", "fr"], kind: Any) -> None:
    """An alert, a reply, a word to operators and a digest with nothing new."""
    item = a_full_digest(language).items[2]
    kinds: dict[str, dict[str, Any]] = {
        "breaking": {"sections": (Section("quebec", "Québec", (item,)),)},
        "reply": {"sections": (Section("quebec", "Québec", (item,)),), "thread_of": "breaking:desk:7"},
        "notice": {"lines": ("Bow River Times: HTTP 403 since Thursday.",)},
        "digest": {"footer": Footer(read=211, on_topic=4, repeats=3)},
    }
    more = kinds[kind]
    digest = Digest(key=f"{kind}:desk:1", channel="desk", kind=kind, at=AT, language=language, **more)
    assert_golden(f"{kind}.{language}.txt", terminal(digest) + "\n" + text(digest))
    bodies = [part.bodies[0] for part in slack.parts(digest)]
    assert_golden(f"{kind}.{language}.json", json.dumps(bodies, ensure_ascii=False, indent=1) + "\n")


def test_an_alert_counts_no_stories() -> None:
    digest = a_full_digest("en")
    counted = Words.of(digest).summary(digest)
    for shown in (page, text, terminal):
        assert counted in shown(digest)
        assert counted not in shown(replace(digest, kind="breaking"))


def test_the_page_runs_nothing_and_loads_nothing() -> None:
    html = page(a_digest(an_item(1, a_piece(1, "<script>alert(1)</script>", url="javascript:alert(1)"))))
    assert "<script" not in html
    assert "javascript:" not in html
    assert re.findall(r'(?:src|href)="([^"]*)"', page(a_full_digest("en"))) == re.findall(
        r'href="([^"]*)"', page(a_full_digest("en"))
    )


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("61,300", f"61{NBSP}300"),
        ("1,412,000", f"1{NBSP}412{NBSP}000"),
        ("4.5%", f"4,5{NBSP}%"),
        ("58%", f"58{NBSP}%"),
        ("20.4", "20,4"),
        ("Three", "Three"),
    ],
)
def test_a_corrected_figure_is_set_in_the_digests_language_whoever_wrote_it(english: str, french: str) -> None:
    in_english, in_french = Words("en", "UTC", AT), Words("fr", "UTC", AT)
    assert [in_english.figure(written) for written in (english, french)] == [english] * 2
    assert [in_french.figure(written) for written in (english, french)] == [french] * 2


def test_french_is_set_as_french_is() -> None:
    words = Words("fr", "America/Toronto", AT)
    assert words.moment(datetime(2026, 1, 29, 19, 5, tzinfo=UTC)) == f"jeu.{NBSP}29{NBSP}janv., 14{NBSP}h{NBSP}05"
    assert words.clock(datetime(2026, 1, 29, 19, 0, tzinfo=UTC)) == f"14{NBSP}h"
    assert words.day(datetime(2025, 8, 1, 16, tzinfo=UTC)) == f"ven.{NBSP}1er{NBSP}août{NBSP}2025"
    assert words.number(1_412_000) == f"1{NBSP}412{NBSP}000"
    assert words.count(0, "suite", "suites") == f"0{NBSP}suite"
    french = "".join(readable([part.bodies[0] for part in slack.parts(a_full_digest("fr"))]))
    own_words = text(a_full_digest("fr"))
    assert not re.search(r"[^\u00a0\u202f] ?:\s(?!\d)", re.sub(r"https?:\S+|alerting: ", "", own_words))
    assert "'" not in own_words.replace("Why I'd sign", "")
    assert f"3{NBSP}nouvelles" in french


def test_a_terminal_breaks_no_line_at_a_no_break_space() -> None:
    for width in range(30, 90):
        out = io.StringIO()
        Console(file=out, width=width, color_system=None).print(rendering(a_full_digest("fr")))
        assert not re.search(r"\d\s*\n\s*h\b|\d\s*\n\s*(janv|articles)|h\s*\n\s*\d\d\b", out.getvalue())
        assert max(map(len, out.getvalue().splitlines())) <= width


def test_a_terminal_begins_no_line_with_a_space() -> None:
    item = an_item(lines=("One two three four. " * 12,))
    for width in range(30, 90):
        out = io.StringIO()
        Console(file=out, width=width, color_system=None).print(rendering(a_digest(item)))
        assert not re.search(r"\n +\S", out.getvalue())


def test_a_terminal_keeps_what_is_indented_so() -> None:
    out = io.StringIO()
    Console(file=out, width=20, color_system=None).print(Wrapped(Text("  • One two three four five")))
    assert out.getvalue().splitlines() == ["  • One two three", "four five"]


def test_french_of_publishers_keeps_together_what_no_line_may_part() -> None:
    title = "Sondage : le Oui à 34 %, « sous les 1 200 000 $ », dit-il !"
    said = "Il a dit : « Non. » En 2026 2 000 personnes"
    item = an_item(1, a_piece(title=title, language="fr"), lines=(said,))
    head, _, line = entry(item, Words("en", "UTC", AT))
    together = "Sondage~: le Oui à 34~%, «~sous les 1~200~000~$~», dit-il~!"
    assert head.spans[0].text == together.replace("~", NBSP)
    assert line.spans[0].text == "Il a dit~: «~Non.~» En 2026 2~000 personnes".replace("~", NBSP)
    english = replace(item, lead=replace(item.lead, language="en"))
    assert entry(english, Words("en", "UTC", AT))[0].spans[0].text == title


def test_english_is_set_as_english_is() -> None:
    words = Words("en", "America/Toronto", AT)
    assert words.moment(datetime(2026, 1, 29, 19, 5, tzinfo=UTC)) == f"Thurs., Jan.{NBSP}29, 14:05"
    assert words.moment(datetime(2026, 1, 30, 10, 5, tzinfo=UTC)) == "05:05"
    assert words.count(1, "story", "stories") == "1 story"
    assert words.number(1_412) == "1,412"


@pytest.mark.parametrize(
    ("precision", "shown_date"),
    [
        (Precision.SECOND, "05:40"),
        (Precision.DAY, f"Fri., Jan.{NBSP}30"),
        (Precision.MONTH, f"January{NBSP}2026"),
        (Precision.YEAR, "2026"),
    ],
)
def test_a_date_is_written_as_exactly_as_it_is_known(precision: Precision, shown_date: str) -> None:
    assert Words("en", "America/Toronto", AT).dated(a_piece(precision=precision)) == shown_date


def test_the_other_language_is_named() -> None:
    words = Words("en", "UTC", AT)
    item = an_item(1, reports=(a_piece(2, outlet="Le Fanal", language="fr"), a_piece(3, outlet="Foothills Radio")))
    assert words.also(item) == ["Also in 2 outlets: Le Fanal (French), Foothills Radio"]
    assert words.also(replace(item, reports=item.reports[:1])) == ["Also in Le Fanal (French)"]


def test_one_outlet_more_than_are_named_is_one() -> None:
    item = an_item(1, reports=tuple(a_piece(number, outlet=f"Outlet {number}") for number in range(2, 11)))
    assert Words("fr", "UTC", AT).also(item)[0].endswith(f", Outlet 9 et 1{NBSP}autre")
    assert Words("en", "UTC", AT).also(item)[0].endswith(", Outlet 9 and 1 more")
    more = replace(item, reports=(*item.reports, a_piece(11, outlet="Outlet 11")))
    assert Words("fr", "UTC", AT).also(more)[0].endswith(f" et 2{NBSP}autres")


def test_an_outlet_is_not_said_to_have_what_it_leads_with() -> None:
    lead = a_piece(1, outlet="Foothills Radio")
    second, echo = a_piece(2, outlet="Foothills Radio"), a_piece(3, outlet="Le Fanal")
    words = Words("en", "UTC", AT)
    assert words.also(an_item(1, lead, reports=(second, echo))) == ["Also in Le Fanal"]
    assert words.also(an_item(1, lead, reports=(second,), copies=(second, echo))) == ["1 reprint: Le Fanal"]
    assert words.also(an_item(1, lead, copies=(second,))) == []
    third = a_piece(4, outlet="Echo")
    before = an_item(1, lead, reports=(echo,), meanwhile=(second, echo, third), told_at=MORNING)
    assert words.also(before) == ["Also in Le Fanal", "Meanwhile the story was in Echo"]
    french = Words("fr", "UTC", AT).also(an_item(1, lead, meanwhile=(echo, third), told_at=MORNING))
    assert french == [f"Entre-temps, la nouvelle était dans 2{NBSP}médias{NBSP}: Le Fanal, Echo"]


def test_a_line_of_another_report_says_whose_it_is_in_its_own_language() -> None:
    echo = a_piece(2, outlet="Le Fanal", language="fr")
    same = a_piece(3)
    item = an_item(1, lines=("One.", "Deux. " * 90), voices=(same, echo))
    one, two = [line for line in entry(item, Words("en", "UTC", AT)) if line.role == "said"]
    assert (one.spans[0].text, one.language) == ("One.", "en")
    assert (two.language, two.spans[0].text.endswith("… (Le Fanal)")) == ("fr", True)
    assert weight(two.spans[0].text) <= LINE
    assert "(Le Fanal)" in str(slack.parts(a_digest(item))[0].bodies[0]["blocks"])
    assert '<p lang="fr">Deux.' in page(a_digest(item))


def test_nothing_new_is_one_small_block() -> None:
    (part,) = slack.parts(a_digest(footer=Footer(read=3, ill=("Le Fanal",))))
    assert [block["type"] for block in part.bodies[0]["blocks"]] == ["context"]
    (element,) = part.bodies[0]["blocks"][0]["elements"]
    assert element["text"].splitlines()[0].endswith("07:00 · Nothing new.")
    assert element["text"].splitlines()[-1] == "Sources that are ill: Le Fanal"


@pytest.mark.parametrize(
    ("language", "unread", "said"),
    [
        ("en", 1, "1 source could not be read"),
        ("en", 127, "127 sources could not be read"),
        ("fr", 127, "127 sources n’ont pu être lues"),
        ("fr", 0, "0 article lu · 0 sur le sujet"),
    ],
)
def test_that_sources_could_not_be_read_is_said_whatever_is_new(
    language: Literal["en", "fr"], unread: int, said: str
) -> None:
    assert Words(language, "UTC", AT).footer(Footer(unread=unread))[-1].replace(NBSP, " ") == said


def test_an_update_says_when_it_was_first_told() -> None:
    words = Words("en", "America/Toronto", AT)
    assert words.told(an_item(1, told_at=MORNING)) == "first told at 05:40"
    assert words.told(an_item(1, told_at=MORNING - timedelta(days=1))) == f"first told Thurs., Jan.{NBSP}29, 05:40"


def test_a_feed_is_valid_keeps_what_it_held_and_takes_nothing_twice() -> None:
    first = feed(a_full_digest("fr"))
    later = replace(a_digest(an_item(20, a_piece(20, "Later"))), key="digest:desk:later")
    parsed = feedparser.parse(feed(later, first))
    assert not parsed.bozo
    assert [entry.title for entry in parsed.entries][:2] == [
        "Later",
        "Petition for an Alberta vote passes 40,000 names & counting",
    ]
    assert len({entry.id for entry in parsed.entries}) == len(parsed.entries) == 6
    assert feed(a_full_digest("fr"), first) == first


def test_a_mail_holds_text_and_html_and_a_reply_answers_its_story() -> None:
    digest = replace(a_full_digest("fr"), kind="reply", thread_of="breaking:desk:1")
    raw = letter(digest, "Sovwatch <sovwatch@desk.example>", ["a@desk.example", "b@desk.example"]).as_bytes()
    parsed = message_from_bytes(raw, policy=policy.default)
    assert [part.get_content_type() for part in parsed.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert parsed["In-Reply-To"] == parsed["References"] == message_id("breaking:desk:1", "sovwatch@desk.example")
    assert parsed["Message-ID"] == message_id(digest.key, "sovwatch@desk.example")
    assert str(parsed["Subject"]).startswith("Suite")


def test_a_mails_text_says_where_an_update_was_first_told() -> None:
    update = an_item(1, a_piece(2, "Later"), told_at=AT - timedelta(days=1), told_link="https://first.example/1")
    kept = replace(update, told_link="2026/01/a.html")
    itself = replace(update, told_link=update.lead.url)
    shown = [text(replace(a_digest(), updates=(item,))) for item in (update, kept, itself)]
    assert [one.count("\nhttps://first.example/1\n") for one in shown] == [1, 0, 0]
    assert [one.count(f"\n{update.lead.url}\n") for one in shown] == [1, 1, 1]


def test_a_french_line_is_not_broken_before_a_unit_or_after_a_title() -> None:
    text = "M. Roy et Mme Bard, à 14 h 30 : 9 400 noms, 2,5 millions $ et 4 km « au plus »"
    bound = kept_together(text, "fr").replace(NBSP, "~")
    assert bound == "M.~Roy et Mme~Bard, à 14~h~30~: 9~400 noms, 2,5~millions~$ et 4~km «~au plus~»"
    assert kept_together(text, "en") == text


@pytest.mark.parametrize(
    ("title", "told_as", "shown"),
    [
        ("The date is set", "Petition handed in", " as “Petition handed in”"),
        ("Petition handed in", "PETITION handed in ", ""),
        ("The date is set", "", ""),
        ("The date is set", "Long " * 60, " as “" + " ".join(["Long"] * 29) + "…”"),
    ],
)
def test_an_update_names_the_headline_that_its_reader_knows_unless_it_has_that_itself(
    title: str, told_as: str, shown: str
) -> None:
    update = an_item(1, a_piece(2, title), told_at=AT, told_as=told_as, told_in="en")
    digest = replace(a_digest(), updates=(update,))
    byline = plain(entry(update, Words.of(digest))[1:2])
    assert byline.split("first told at 07:00")[1] == shown


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Also in 2 outlets: Fanal (French, first at 05:10), Echo"),
        ("fr", f"Aussi dans 2{NBSP}médias{NBSP}: Fanal (français, d’abord à 5{NBSP}h{NBSP}10), Echo"),
    ],
)
def test_who_had_it_before_the_one_that_leads_is_said(language: Literal["en", "fr"], said: str) -> None:
    earlier, later = MORNING - timedelta(minutes=30), MORNING + timedelta(minutes=5)
    echo = a_piece(2, outlet="Echo", published=later)
    fanal = a_piece(3, outlet="Fanal", language="fr", published=earlier)
    same = a_piece(4, outlet="Fanal", language="fr", published=later)
    words = Words(language, "America/Toronto", AT)
    assert words.also(an_item(reports=(echo, fanal, same))) == [said]
    day = replace(fanal, precision=Precision.DAY)
    assert "05" not in words.also(an_item(reports=(echo, day)))[0], "a day tells nobody who was first"
    assert "5" not in words.also(an_item(reports=(echo, same)))[0]
    assert "5" not in words.also(an_item(reports=(echo, fanal), told_at=AT))[0], "an update is no first report"


def test_nobody_is_called_first_whom_a_reprint_or_another_report_of_the_lead_s_outlet_was_ahead_of() -> None:
    words, earlier = Words("en", "America/Toronto", AT), MORNING - timedelta(minutes=30)
    fanal, own = a_piece(3, outlet="Fanal", published=earlier), a_piece(4, published=earlier - timedelta(minutes=5))
    reprint = replace(own, outlet="Echo")
    assert words.also(an_item(reports=(fanal, own))) == ["Also in Fanal"]
    assert words.also(an_item(reports=(fanal,), copies=(own,))) == ["Also in Fanal"]
    assert words.also(an_item(reports=(fanal,), copies=(reprint,))) == [
        "Also in Fanal",
        "1 reprint: Echo (first at 05:05)",
    ]


def test_who_had_it_first_is_named_though_there_are_too_many_to_name() -> None:
    many = [a_piece(number, outlet=f"Outlet {number}") for number in range(2, 12)]
    first = a_piece(12, outlet="Fanal", published=MORNING - timedelta(days=1))
    (line,) = Words("en", "America/Toronto", AT).also(an_item(reports=(*many, first)))
    assert line.startswith(f"Also in 11 outlets: Fanal (first Thurs., Jan.{NBSP}29, 05:40), Outlet 2, ")
    assert line.endswith("Outlet 8 and 3 more")


def test_a_headline_in_another_language_says_so_to_who_listens_to_the_page() -> None:
    update = an_item(1, a_piece(2), told_at=AT, told_as="Le oui : 40 %", told_in="fr")
    whole = page(replace(a_digest(), updates=(update,)))
    assert '<span lang="fr">Le oui\u00a0: 40\u00a0%</span>' in whole


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        ("https://outlet.example/été?a=b&c=d#e", "https://outlet.example/%C3%A9t%C3%A9?a=b&c=d#e"),
        ("https://outlet.example/a%20b", "https://outlet.example/a%20b"),
        ("https://outlet.example/a b|c>d", "https://outlet.example/a%20b%7Cc%3Ed"),
        ("javascript:alert(1)", None),
        ("mailto:a@outlet.example", None),
        ("https://", None),
        ("", None),
        (None, None),
        ("https://outlet.example/" + "a" * 1_000, None),
    ],
)
def test_only_addresses_of_the_web_are_linked(url: str | None, linked: str | None) -> None:
    assert address(url) == linked


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_promise_is_read_back_as_it_was_written(language: Literal["en", "fr"]) -> None:
    assert unpack(pack(a_full_digest(language))) == a_full_digest(language)
