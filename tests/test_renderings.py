import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from typing import Any, Literal

import feedparser
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from rich.console import Console
from slackblocks import Block as SlackBlock
from slackblocks import Message as SlackMessage
from slackblocks import RichText, RichTextBlock, RichTextLink, RichTextList, RichTextSection

from alerts import slack
from alerts.console import rendering
from alerts.files import feed
from alerts.mail import letter, message_id
from alerts.page import page, text
from alerts.promise import pack, unpack
from alerts.spans import address, clean, clip, entry, shown, weight
from alerts.words import Words
from sovwatch.demo.slack_rules import mentions, readable, refusal
from sovwatch.model import Digest, Footer, Item, Kind, Precision, Section
from tests.golden import assert_golden
from tests.telling import AT, MORNING, a_digest, a_full_digest, a_piece, an_item

LANGUAGES: tuple[Literal["en", "fr"], ...] = ("en", "fr")
NBSP = "\u00a0"
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)  # shrinking digests of 500 stories takes minutes
HOSTILE = "<!channel> <@U012> *bold* _it_ `code` ~no~ :tada: <http://evil.example|click> \u202egnp.exe & \x00\ud800"


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


_outside = st.builds(  # short as often as far too long: the limits are met from both sides
    lambda unit, times: (unit * times)[:5_000],
    st.text(max_size=20) | st.sampled_from([HOSTILE, "&", "é", "𝕏 ", "word "]),
    st.sampled_from([1, 4, 40, 2_000]),
)
_urls = st.sampled_from(
    [
        "https://outlet.example/a",
        "https://outlet.example/" + "x" * 3_500,
        "https://outlet.example/?" + "&a=é" * 60,
        "javascript:alert(1)",
        "",
        "http://[broken",
        "https://outlet.example/a|b>c d\u202e",
    ]
)
_pieces = st.builds(
    a_piece,
    st.integers(1, 10_000),
    _outside,
    url=_urls,
    outlet=_outside,
    language=st.sampled_from(["en", "fr", "iu", ""]),
    published=st.none() | st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    precision=st.sampled_from(Precision),
    paywall=st.sampled_from([None, True, False]),
    kind=st.sampled_from(Kind),
)
_items = st.builds(
    Item,
    story=st.integers(1, 10_000),
    lead=_pieces,
    lines=st.lists(_outside, max_size=4).map(tuple),
    voices=st.lists(st.none() | _pieces, max_size=3).map(tuple),
    reports=st.lists(_pieces, max_size=12).map(tuple),
    copies=st.lists(_pieces, max_size=12).map(tuple),
    also_topics=st.lists(_outside, max_size=3).map(tuple),
    change=st.sampled_from(["", "corrected", "withdrawn"]),
    told_at=st.none() | st.just(AT - timedelta(days=3)),
    told_link=st.none() | _urls,
    signal=_outside,
)


@st.composite
def digests(draw: st.DrawFn, most: int = 12) -> Digest:
    items = draw(st.lists(_items, max_size=6))
    size = draw(st.integers(0, most))
    repeated = [replace(items[n % len(items)], story=n) for n in range(size)] if items else []
    cut = draw(st.integers(0, size))
    if draw(st.booleans()):  # headlines alone: many blocks, few characters
        repeated = [Item(story=item.story, lead=a_piece(1, f"Headline {item.story}")) for item in repeated]
    return Digest(
        key="digest:desk:1",
        channel="desk",
        kind=draw(st.sampled_from(["digest", "breaking", "reply"])),
        at=AT,
        language=draw(st.sampled_from(["en", "fr"])),
        zone="America/Edmonton",
        title=draw(st.just("") | _outside),
        sections=(Section("a", draw(_outside), tuple(repeated[:cut])),) if cut else (),
        updates=tuple(repeated[cut : cut + 3]),
        away=tuple(repeated[cut + 3 :]),
        footer=draw(st.builds(Footer, read=st.integers(0, 10**7), ill=st.lists(_outside, max_size=30).map(tuple))),
        lines=draw(st.lists(_outside, max_size=3).map(tuple)),
    )


def in_utf16(value: str) -> int:
    return len(value.encode("utf-16-le")) // 2


def assert_within_limits(body: Mapping[str, Any]) -> None:
    """Slack's limits as the renderer's docstring cites them, counted as JavaScript counts."""
    json.dumps(body, ensure_ascii=False).encode()  # no lone surrogate
    assert 1 <= in_utf16(body["text"]) <= 4_000
    blocks = body.get("blocks", [])
    assert len(blocks) <= 50
    total = sum(in_utf16(part) for part in readable(blocks))
    links = sum(in_utf16(url) for url in re.findall(r'"url": "([^"]*)"', json.dumps(blocks)))
    assert total + links <= 9_000  # msg_blocks_too_long was reported from 11,000 on
    assert refusal(dict(body)) is None
    for block in blocks:
        if block["type"] == "section":
            assert 1 <= in_utf16(block["text"]["text"]) <= 3_000
        if block["type"] == "header":
            assert 1 <= in_utf16(block["text"]["text"]) <= 150
    if blocks:
        SlackMessage(channel="C01", text=body["text"], blocks=[slackblock(block) for block in blocks])


def slackblock(block: dict[str, Any]) -> Any:
    """Return the block as slackblocks validates it; its from_dict does not know rich text yet (3.0.0)."""
    if block["type"] != "rich_text":
        return SlackBlock.from_dict(block)
    rebuilt = RichTextBlock([rich(element) for element in block["elements"]])
    assert rebuilt._resolve()["elements"] == block["elements"]
    return rebuilt


def rich(element: dict[str, Any]) -> Any:
    inner = [rich(each) for each in element.get("elements", ())]
    if element["type"] == "rich_text_list":
        return RichTextList(element["style"], inner, offset=None, border=None)
    if element["type"] == "rich_text_section":
        return RichTextSection(inner)
    bold = element.get("style", {}).get("bold")
    if element["type"] == "link":
        return RichTextLink(element["url"], element["text"], bold=bold)
    return RichText(element["text"], bold=bold)


def assert_safe(body: Mapping[str, Any]) -> None:
    """Nobody is called, and nothing that steers a screen is left."""
    assert mentions(body) == []
    assert not any(mark in json.dumps(body, ensure_ascii=False) for mark in "\u202e\u2066\u200f\x00")


@settings(
    max_examples=40,
    phases=PHASES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(digests())
def test_any_digest_renders_within_all_limits(digest: Digest) -> None:
    for part in slack.parts(digest):
        for body in part.bodies:
            assert_within_limits(body)
            assert_safe(body)
    page(digest)
    terminal(digest)
    feed(digest)
    letter(digest, "sovwatch@desk.example", ["desk@desk.example"]).as_bytes()


def corner(text: str) -> Digest:
    """As much of everything as there can be, in one kind of character; or headlines alone, a section each."""
    piece = a_piece(
        1, text, outlet=text or "O", paywall=True, kind=Kind.OPINION, url="https://outlet.example/" + "x" * 670
    )
    full = an_item(
        1,
        piece,
        lines=(text, text),
        voices=(a_piece(2, outlet=text), a_piece(3, outlet=text)),
        reports=(piece,) * 9,
        copies=(piece,) * 9,
        also_topics=(text,),
        signal=text,
        change="corrected",
        told_at=AT - timedelta(days=400),
        told_link="https://slack.example/" + "x" * 170,
    )
    item = full if text else an_item(1, a_piece(1, "A headline", url=""))
    sections = tuple(Section(f"{n}", f"Section {n}", (replace(item, story=n),)) for n in range(60))
    return a_digest(sections=sections, footer=Footer(read=10**7, ill=(text,) * 30, announced=(text,) * 9))


@example(corner(""))
@example(corner("word " * 1_000))
@example(corner("&" * 5_000))
@example(corner("𝕏" * 5_000))
@settings(max_examples=6, phases=PHASES, deadline=None, suppress_health_check=list(HealthCheck))
@given(digests(most=500))
def test_each_of_five_hundred_entries_is_in_one_piece_within_all_limits_whatever_the_rendering(digest: Digest) -> None:
    numbered = replace(
        digest,
        kind="digest",
        sections=tuple(
            replace(section, items=tuple(_numbered(item, n) for n, item in enumerate(section.items)))
            for section in digest.sections
        ),
        updates=tuple(_numbered(item, 1_000 + n) for n, item in enumerate(digest.updates)),
        away=tuple(_numbered(item, 2_000 + n) for n, item in enumerate(digest.away)),
    )
    expected = [int(item.lead.title.split(".")[0].removeprefix("Story ")) for item in numbered.items]
    parts = slack.parts(numbered)
    for level in (0, 1):
        blocks = [block for part in parts for block in part.bodies[level]["blocks"]]
        tagged = [set(_tags(" ".join(readable(block)))) for block in blocks]
        assert [found.pop() for found in tagged if found] == expected
        assert not any(tagged), "a block holds one entry, and no other a part of it"
    assert _tags(" ".join(str(part.bodies[2]["text"]) for part in parts)) == expected
    assert [part.continues for part in parts] == [False] + [True] * (len(parts) - 1)
    assert len({part.key for part in parts}) == len(parts)
    assert parts == slack.parts(numbered)
    for part in parts:
        for body in part.bodies:
            assert_within_limits(body)


def _numbered(item: Item, number: int) -> Item:
    """Write the number into everything that an entry shows."""

    def tag(text: str) -> str:
        return f"Story {number}. {text}"

    def by(pieces: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(piece and replace(piece, outlet=tag(piece.outlet)) for piece in pieces)

    return replace(
        item,
        lead=replace(item.lead, title=tag(item.lead.title), outlet=tag("Outlet")),
        lines=tuple(tag(line) for line in item.lines),
        voices=by(item.voices),
        reports=by(item.reports),
        copies=by(item.copies),
        signal=item.signal and tag(item.signal),
    )


def _tags(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"Story (\d+)\.", text)]


def test_five_hundred_stories_fit_into_a_thread() -> None:
    digest = a_digest(*(an_item(n, a_piece(n, f"Headline {n} " * 9), lines=("A line. " * 20,) * 2) for n in range(500)))
    parts = slack.parts(digest)
    assert 10 < len(parts) < 60
    for part in parts:
        for body in part.bodies:
            assert_within_limits(body)


def test_a_headline_cannot_mention_link_or_format() -> None:
    digest = a_digest(an_item(1, a_piece(1, HOSTILE, outlet="<!here>"), lines=(HOSTILE,)))
    rich, simple, plain = slack.parts(digest)[0].bodies
    elements = list(leaves(rich["blocks"][2:4]))
    assert {element["type"] for element in elements} == {"text", "link"}
    assert [element["url"] for element in elements if element["type"] == "link"] == [
        "https://prairie-ledger.example/news/1"
    ]
    mrkdwn = simple["blocks"][3]["text"]
    assert mrkdwn["verbatim"] is True
    assert re.findall(r"<[^>]*", mrkdwn["text"]) == ["<https://prairie-ledger.example/news/1|" + _mrkdwn_title()]
    assert mrkdwn["text"].count("*") == 2
    for body in (rich, simple, plain):
        assert_safe(body)
        assert not any(mark in body["text"] for mark in "<>_~`")


def leaves(elements: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for element in elements:
        if "elements" in element:
            yield from leaves(element["elements"])
        else:
            yield element


def _mrkdwn_title() -> str:
    return slack.escape(shown(HOSTILE, 250))


def test_nothing_unfurls_and_every_part_carries_its_key() -> None:
    part = slack.parts(a_full_digest("en"))[0]
    assert part.key == "digest:desk:2026-01-30T07:00/0"
    for body in part.bodies:
        assert (body["unfurl_links"], body["unfurl_media"]) == (False, False)
        assert body["metadata"] == {"event_type": "sovwatch_message", "event_payload": {"key": part.key}}


def test_the_page_runs_nothing_and_loads_nothing() -> None:
    html = page(a_digest(an_item(1, a_piece(1, "<script>alert(1)</script>", url="javascript:alert(1)"))))
    assert "<script" not in html
    assert "javascript:" not in html
    assert re.findall(r'(?:src|href)="([^"]*)"', page(a_full_digest("en"))) == re.findall(
        r'href="([^"]*)"', page(a_full_digest("en"))
    )


def test_french_is_set_as_french_is() -> None:
    words = Words("fr", "America/Toronto", AT)
    assert words.moment(datetime(2026, 1, 29, 19, 5, tzinfo=UTC)) == f"jeu.{NBSP}29{NBSP}janv., 14{NBSP}h{NBSP}05"
    assert words.clock(datetime(2026, 1, 29, 19, 0, tzinfo=UTC)) == f"14{NBSP}h"
    assert words.day(datetime(2025, 8, 1, 16, tzinfo=UTC)) == f"ven.{NBSP}1er{NBSP}août{NBSP}2025"
    assert words.number(1_412_000) == f"1{NBSP}412{NBSP}000"
    assert words.count(0, "suite", "suites") == f"0{NBSP}suite"
    french = "".join(readable([part.bodies[0] for part in slack.parts(a_full_digest("fr"))]))
    own_words = text(a_full_digest("fr")).replace("Congrès : « on votera en 2027 », dit la cheffe", "")
    assert not re.search(r"[^\u00a0\u202f] ?:\s(?!\d)", re.sub(r"https?:\S+|alerting: ", "", own_words))
    assert "'" not in own_words.replace("Why I'd sign", "")
    assert f"3{NBSP}nouvelles" in french


def test_a_terminal_breaks_no_line_at_a_no_break_space() -> None:
    for width in range(30, 90):
        out = io.StringIO()
        Console(file=out, width=width, color_system=None).print(rendering(a_full_digest("fr")))
        assert not re.search(r"\d\s*\n\s*h\b|\d\s*\n\s*(janv|articles)|h\s*\n\s*\d\d\b", out.getvalue())
        assert max(map(len, out.getvalue().splitlines())) <= width


def test_english_is_set_as_english_is() -> None:
    words = Words("en", "America/Toronto", AT)
    assert words.moment(datetime(2026, 1, 29, 19, 5, tzinfo=UTC)) == f"Thu, Jan{NBSP}29, 14:05"
    assert words.moment(datetime(2026, 1, 30, 10, 5, tzinfo=UTC)) == "05:05"
    assert words.count(1, "story", "stories") == "1 story"
    assert words.number(1_412) == "1,412"


@pytest.mark.parametrize(
    ("precision", "shown_date"),
    [
        (Precision.SECOND, "05:40"),
        (Precision.DAY, f"Fri, Jan{NBSP}30"),
        (Precision.MONTH, f"Jan{NBSP}2026"),
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


def test_a_line_of_another_report_says_whose_it_is_in_its_own_language() -> None:
    echo = a_piece(2, outlet="Le Fanal", language="fr")
    same = a_piece(3)
    item = an_item(1, lines=("One.", "Deux. " * 90), voices=(same, echo))
    one, two = [line for line in entry(item, Words("en", "UTC", AT)) if line.role == "said"]
    assert (one.spans[0].text, one.language) == ("One.", "en")
    assert (two.language, two.spans[0].text.endswith("… (Le Fanal)")) == ("fr", True)
    assert weight(two.spans[0].text) <= 280
    assert "(Le Fanal)" in str(slack.parts(a_digest(item))[0].bodies[0]["blocks"])
    assert '<p lang="fr">Deux.' in page(a_digest(item))


def test_nothing_new_is_one_small_block() -> None:
    (part,) = slack.parts(a_digest(footer=Footer(read=3, ill=("Le Fanal",))))
    assert [block["type"] for block in part.bodies[0]["blocks"]] == ["context"]
    (element,) = part.bodies[0]["blocks"][0]["elements"]
    assert element["text"].splitlines()[0].endswith("07:00 · Nothing new.")
    assert element["text"].splitlines()[-1] == "Sources that are ill: Le Fanal"


def test_an_update_says_when_it_was_first_told() -> None:
    words = Words("en", "America/Toronto", AT)
    assert words.told(an_item(1, told_at=MORNING)) == "first told at 05:40"
    assert words.told(an_item(1, told_at=MORNING - timedelta(days=1))) == f"first told Thu, Jan{NBSP}29, 05:40"


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
    assert parsed["In-Reply-To"] == message_id("breaking:desk:1", "sovwatch@desk.example")
    assert parsed["Message-ID"] == message_id(digest.key, "sovwatch@desk.example")
    assert str(parsed["Subject"]).startswith("Suite")


@given(_outside, st.integers(10, 400))
def test_a_clipped_text_fits_and_is_a_beginning(given_text: str, most: int) -> None:
    cleaned = clean(given_text)
    clipped = clip(cleaned, most)
    assert weight(clipped) <= most
    assert clipped == cleaned or (clipped.endswith("…") and cleaned.startswith(clipped[:-1]))


@given(_outside)
def test_cleaning_twice_is_cleaning_once(given_text: str) -> None:
    assert clean(clean(given_text)) == clean(given_text)


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
