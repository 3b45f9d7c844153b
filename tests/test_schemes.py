"""What an older program kept is compared as if today's had: an upgrade tells nothing twice, and stops at no card."""

from array import array
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from sovwatch import packing
from sovwatch import schema as t
from sovwatch.app.opening import read_cards
from sovwatch.judge import Bench, judge
from sovwatch.model import Article, Dated, Precision
from sovwatch.relevance import compile_topics
from sovwatch.schemes import READ
from sovwatch.similarity import SCHEME, Fingerprint, SchemeMismatch, fingerprint
from sovwatch.store import Store, articles, candidates, placing, retention
from tests.builders import NOW, an_article
from tests.shipped import shipped_settings

KEPT = Path(__file__).parent / "data" / "schemes"  # a card that each older scheme's program made of HEARING
HEARING = (
    "Judge Hilda Brandvold of Edmonton will hear the Bearhead nation on Friday; a spokeswoman said that the hearing on "
    "the Alberta separation question lasts two days and that 14 witnesses are called."
)
FRENCH = (
    "Les organisateurs d'une pétition pour un référendum sur l'indépendance de l'Alberta disent que 61 300 personnes "
    "ont signé. Élections Alberta a jusqu'au 14 mars pour vérifier les noms, a dit la porte-parole Odile Marchetti."
)


def of_the_first(fp: Fingerprint) -> bytes:
    """A fingerprint as scheme 1 packed it: with dates of each part, and other numbers."""
    numbers, dates = [7, 2**32 - 1], [1, 8]
    parts = [(part.terms, part.names, numbers, dates, part.concepts) for part in (fp.title, *fp.sentences)]
    table = sorted({key for part in parts for group in part for key in group})
    places = array("H", [len(parts)])
    for group in (group for part in parts for group in part):
        places.append(len(group))
        places.extend(sorted(table.index(key) for key in group))
    packed = Fingerprint.unpack(fp.pack())
    now = packed.__dict__["_packed"]
    head = bytearray(fp.pack()[: packing._HEAD.size + now.head.claims + now._table_start])
    head[4] = 1
    head[packing._HEAD.size - 4 : packing._HEAD.size - 2] = len(table).to_bytes(2, "little")
    return bytes(head) + array("I", table).tobytes() + places.tobytes()


def test_each_scheme_up_to_the_present_is_read() -> None:
    assert tuple(READ) == tuple(range(1, SCHEME + 1))
    assert {path.stem for path in KEPT.iterdir()} == {str(scheme) for scheme in READ if scheme != SCHEME}


@pytest.mark.parametrize("scheme", [scheme for scheme in READ if scheme != SCHEME])
def test_the_card_of_an_older_program_is_as_one_made_today(scheme: int, tmp_path: Path) -> None:
    (tmp_path / "hearing.toml").write_text((KEPT / f"{scheme}.toml").read_text(encoding="utf-8"), encoding="utf-8")
    (card,) = read_cards(tmp_path)
    noon = Dated(datetime.combine(date(2026, 11, 26), time(12), UTC), Precision.DAY)
    made = fingerprint("", HEARING, language="en", published=noon)
    assert (made.numbers, made.names, made.terms, made.shingles, made.copy_keys(), made.at) == (
        *(card.fingerprint.numbers, card.fingerprint.names, card.fingerprint.terms),
        *(card.fingerprint.shingles, card.fingerprint.copy_keys(), card.fingerprint.at),
    )
    assert len(made.numbers) == 2, "two days, 14 witnesses"
    assert "scheme = 2" in card.to_toml()


@pytest.mark.parametrize("text", [an_article().text, FRENCH, "", "No figure. None."])
def test_what_the_first_scheme_kept_is_read_whole(text: str) -> None:
    made = fingerprint("Petition of 61,300 names", text, language="en", published=an_article().published)
    found = Fingerprint.unpack(of_the_first(made))
    assert made == found
    assert made.pack() == found.pack()
    assert (made.numbers, made.dates, made.bare) == (found.numbers, found.dates, found.bare)


def test_what_a_newer_program_made_is_refused_by_its_name() -> None:
    packed = bytearray(fingerprint("", HEARING, language="en", published=None).pack())
    packed[4] = SCHEME + 1
    with pytest.raises(SchemeMismatch, match=f"of scheme {SCHEME + 1}, which a newer sovwatch made"):
        Fingerprint.unpack(bytes(packed))


def test_what_was_told_before_an_upgrade_is_not_told_again(store: Store) -> None:
    """Judged by an older program, its texts deleted: a copy is folded, a report in the other language joins."""
    bench = _bench()
    first = _judged(store, bench, an_article())
    with store.write() as c:
        packed = c.execute(select(t.judgement.c.fingerprint)).scalar_one()
        c.execute(t.judgement.update().values(scheme=1, fingerprint=of_the_first(Fingerprint.unpack(packed))))
        retention.forget_texts(c, NOW.replace(year=2025), NOW.replace(year=2027))
    copy = _judged(store, bench, an_article("https://wire.example/1", title="Names counted", outlet="Wire"))
    other = an_article("https://fleuve.example/1", title="Pétition albertaine : 61 300 noms", text=FRENCH)
    french = _judged(store, bench, replace(other, outlet="Fleuve", language="fr"))
    with store.read() as c:
        found = [placing.placed(c, number) for number in (first, copy, french)]
        assert [(row["placement"], row["story"], row["scheme"]) for row in found if row] == [
            ("opens", 1, 1),
            ("copy", 1, SCHEME),
            ("joins", 1, SCHEME),
        ]
        assert set(candidates.fingerprints(c, [first, copy])) == {first, copy}


def _bench() -> Bench:
    topics = shipped_settings().topics
    return Bench(compile_topics(topics), (), {"desk": frozenset(topics)})


def _judged(store: Store, bench: Bench, article: Article, **changes: Any) -> int:
    with store.write() as c:
        number = articles.remember(c, replace(article, **changes), now=NOW, standing="news").article
    assert [report.failed for report in judge(store, bench, now=NOW)] == [0]
    return number
