"""The laws of canonical addresses, and where the publisher's own id stands."""

import string
from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sovwatch.urls import _by_steps, canonical, host, is_web, publisher_id, untracked

_HOSTS = st.from_regex(
    r"(?:www\.|m\.|amp\.|news\.|sports\.)?[a-z]{1,8}(?:-[a-z]{1,4})?\.(?:ca|example|co\.uk)", fullmatch=True
)
_SEGMENT = st.text(string.ascii_letters + string.digits + "-_.~%é&;=+ ", max_size=12)
_PATHS = st.lists(st.one_of(_SEGMENT, st.sampled_from(["amp", "..", ".", "a.amp.html"])), max_size=5).map("/".join)
_NAMES = st.sampled_from(["id", "p", "story", "utm_source", "fbclid", "ref", "amp", "page", "Q"])
_QUERIES = st.lists(st.tuples(_NAMES, _SEGMENT), max_size=4).map(lambda pairs: "&".join(f"{n}={v}" for n, v in pairs))


@st.composite
def addresses(draw: st.DrawFn) -> str:
    port = draw(st.sampled_from(["", ":80", ":443", ":8080"]))
    query, fragment = draw(_QUERIES), draw(st.sampled_from(["", "#top", "#utm_source=x"]))
    scheme = draw(st.sampled_from(["http", "https", "HTTP"]))
    return f"{scheme}://{draw(_HOSTS)}{port}/{draw(_PATHS)}" + (f"?{query}" if query else "") + fragment


@given(addresses())
def test_canonical_is_idempotent(address: str) -> None:
    once = canonical(address)
    assert canonical(once) == once
    assert is_web(once)


def _form(address: str, form: Callable[[str], str]) -> str | None:
    try:
        return form(address)
    except ValueError:
        return None


def test_the_shortcut_for_plain_addresses_leads_where_all_steps_lead() -> None:
    prefixes = ("", "www.", "www.www.", "m.", "mobile.", "amp.", "www.news.", "camp.")
    hosts = ("a-1.ca", "ca", "google.com", "x.cdn.ampproject.org", "1.2", "a..ca")
    segments = ("", "/a", "/B-2.html", "/amp", "/AMP", "/x.amp", "/.", "/..", "/_~", "/c/s/d.ca", "/campus", "/e;f")
    for parts in product(prefixes, hosts, segments, segments, ("", "/", "//", "\n")):
        address = f"http://{''.join(parts)}"
        assert _form(address, canonical) == _form(address, _by_steps), address


@given(st.text(max_size=60))
def test_any_text_has_one_canonical_form_or_none(text: str) -> None:
    try:
        once = canonical(text)
    except ValueError:
        assert not is_web(text)
    else:
        assert canonical(once) == once


@given(
    addresses(), st.sampled_from(["utm_source=rss", "fbclid=IwAR0", "cmp=newsletter", "ref=twitter", "at_medium=RSS"])
)
@example("http://a.ca/ ", "utm_source=rss")
@example("http://a.ca/?a=1 ", "utm_source=rss")
def test_tracking_makes_no_other_article(address: str, tracking: str) -> None:
    bare = address.partition("#")[0]
    assert canonical(bare + ("&" if "?" in bare else "?") + tracking) == canonical(bare)


@pytest.mark.parametrize(
    "url",
    ["https://reader:hunter2@weekly.example/a", "https://www.cbc.ca@weekly.example/a", "https://@weekly.example/a"],
)
def test_an_address_to_follow_shows_no_password_and_no_other_host(url: str) -> None:
    assert untracked(url) == "https://weekly.example/a"


@given(addresses())
@example("http://a.ca/?id= &utm_source=rss")
def test_an_address_to_follow_is_of_the_same_article_and_has_no_tracking(address: str) -> None:
    followed = untracked(address)
    assert canonical(followed) == canonical(address)
    assert untracked(followed) == followed
    assert "utm_source=" not in followed


@given(addresses())
def test_paths_keep_their_case(address: str) -> None:
    upper = "https://x.ca/A" + canonical(address).partition("/")[2].partition("/")[2]
    assert canonical(upper) != canonical(upper.lower())


@pytest.mark.parametrize(
    ("spelling", "expected"),
    [
        ("HTTP://WWW.Daily.Example:80/News/Story?utm_campaign=x#comments", "https://daily.example/News/Story"),
        ("https://m.daily.example/a/", "https://daily.example/a"),
        ("https://daily.example/a/amp/", "https://daily.example/a"),
        ("https://daily.example/amp/a", "https://daily.example/a"),
        ("https://daily.example/a.amp.html", "https://daily.example/a.html"),
        ("https://www.google.com/amp/s/www.daily.example/a", "https://daily.example/a"),
        ("https://daily-example.cdn.ampproject.org/c/s/daily.example/a", "https://daily.example/a"),
        ("https://daily.example/b/../a//c", "https://daily.example/a/c"),
        ("https://daily.example/?b=2&a=1", "https://daily.example/?a=1&b=2"),
        ("https://daily.example/caf%c3%a9?q=%41", "https://daily.example/caf%C3%A9?q=A"),
        ("https://daily.example/café", "https://daily.example/caf%C3%A9"),
        ("https://québec.example/a", "https://xn--qubec-csa.example/a"),
        ("https://reader:secret@daily.example/a", "https://daily.example/a"),
        ("https://daily.example/a;jsessionid=1F?x=1", "https://daily.example/a?x=1"),
        ("https://daily.example/(S(lit3py55t21z5v55vlm25s55))/a", "https://daily.example/a"),
        ("https://daily.example/a?sid=0f3c2b1a0f3c2b1a0f3c2b1a&id=1", "https://daily.example/a?id=1"),
        ("https://daily.example/a?ASPSESSIONIDQQ=ABCDEFGHIJKLMNOPQRSTUV", "https://daily.example/a"),
        ("https://daily.example./a", "https://daily.example/a"),
        ("https://daily.example/?12345", "https://daily.example/?12345"),
        ("https://daily.example/?source=rss&feed", "https://daily.example/?feed"),  # alone it may be a page's name
    ],
)
def test_spellings_of_one_address(spelling: str, expected: str) -> None:
    assert canonical(spelling) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://news.daily.example/a", "https://sports.daily.example/a"),
        ("https://daily.example/a", "https://daily.example/A"),
        ("https://daily.example/?id=1", "https://daily.example/?id=2"),
        ("https://daily.example/?ref=12345", "https://daily.example/?ref=12346"),
        ("https://daily.example/story?page=2", "https://daily.example/story"),
        ("https://daily.example/a%2Fb", "https://daily.example/a/b"),
        ("https://daily.example/?sid=12345", "https://daily.example/?sid=12346"),
        ("https://daily.example/a(S(1))", "https://daily.example/a(S(2))"),
        ("https://daily.example:8080/a", "https://daily.example/a"),
        ("https://m.example/a", "https://example/a"),
    ],
)
def test_two_articles_stay_two(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "javascript:alert(1)",
        "mailto:a@b.example",
        "https://",
        "http:///a",
        "http://[::1/",
        "https://x:port/",
        "ftp://x.ca/",
        "https://daily example/a",
        "https://daily%20.example/a",
        "https://<daily>.example/a",
    ],
)
def test_what_is_no_web_address_is_refused(text: str) -> None:
    assert not is_web(text)
    with pytest.raises(ValueError, match=r"."):
        canonical(text)


def test_the_host_is_canonical() -> None:
    assert host("https://www.Daily.example/a") == "daily.example"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://www.daily.example/news/canada/petition-counted-1.7654321?cmp=rss", "daily.example:1.7654321"),
        ("https://www.daily.example/amp/1.7654321", "daily.example:1.7654321"),
        ("https://daily.example/news/11862251/petition-counted/", "daily.example:11862251"),
        ("https://daily.example/nouvelle/2224444/petition-comptee", "daily.example:2224444"),
        ("https://daily.example/politique/202601/29/01-5550123-petition.php", "daily.example:01-5550123"),
        ("https://daily.example/a/petition-counted-14848164.php", "daily.example:14848164"),
        ("https://daily.example/?p=4321", "daily.example:p=4321"),
        (
            "https://daily.example/a/0bd1c2d3-0000-4abc-8def-0123456789ab",
            "daily.example:0bd1c2d3-0000-4abc-8def-0123456789ab",
        ),
    ],
)
def test_the_publishers_own_id(address: str, expected: str) -> None:
    assert publisher_id(address) == expected


@pytest.mark.parametrize(
    "address",
    [
        "https://daily.example/2026/01/29/petition-counted",
        "https://daily.example/petition-counted-20260129",
        "https://daily.example/news/20260129/petition",
        "https://daily.example/section-12/petition",
        "https://daily.example/?page=2",
        "no address",
    ],
)
def test_a_date_or_a_small_number_is_no_id(address: str) -> None:
    assert publisher_id(address) is None


def test_of_two_ids_in_one_address_neither_is_its_own() -> None:
    one, other = "0bd1c2d3-0000-4abc-8def-0123456789ab", "0bd1c2d3-0000-4abc-8def-0123456789ac"
    assert publisher_id(f"https://daily.example/{one}/{other}") is None
    assert publisher_id(f"https://daily.example/{one}/{one}") == f"daily.example:{one}"


def test_two_hosts_with_one_id_are_two_articles() -> None:
    assert publisher_id("https://a.example/x-1234567") != publisher_id("https://b.example/x-1234567")
