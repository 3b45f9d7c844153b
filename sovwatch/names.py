"""Which words are names: those with a capital for no other reason, as roles, weekdays and first words have one.

A name is one word, since "Danielle Smith" is "Smith" in the next sentence.
"""

import re
from collections.abc import Collection, Sequence

from sovwatch.dates import MONTHS
from sovwatch.moments import WEEKDAYS
from sovwatch.terms import Token

_TOO_FEW = 2  # longer words of a headline that tell nothing of its case

# Capital for another reason than being a name: openers of sentences, roles, titles.
_OPENERS_AND_ROLES = """
    the a an and but or in on at by for from to of as if it its he she we they you i his her their our my this
    that these those there here what who when where why how which while after before since with without not no
    yes is are was were be has have had do does did will would can could should may might must mr mrs ms dr prof
    sir premier minister prime president judge justice chief leader mayor senator mp mla mps mlas mna deputy
    secretary general governor king queen say says said new more most many some all both each according also now
    then le la les un une des du de d l et mais ou donc or ni car en dans sur sous par pour avec sans chez ce
    cet cette ces son sa ses leur leurs notre nos votre vos mon ma mes il elle on nous vous ils elles je tu qui
    que quoi dont si ne pas plus selon apres avant depuis lors alors ainsi aussi cependant toutefois m mme mm
    mlle dr me premiere ministre president presidente juge chef cheffe maire depute deputee senateur
    gouvernement est sont etait a ont sera
"""
_NO_NAME = frozenset((*_OPENERS_AND_ROLES.split(), *MONTHS, *WEEKDAYS))


def may_name(folded: str, word: str) -> bool:
    """Whether a word is written as a name is: a capital first, and no article, role, weekday or month."""
    return word[0].isupper() and len(folded) > 1 and folded not in _NO_NAME


def opens(plain: str, at: int) -> bool:
    """Whether the word at that place of a sentence in `one_form` is capital by position alone."""
    before = plain[:at].rstrip(" (-")
    return not before or before[-1] in '.:!?"|[;•'


def in_title_case(title: str) -> bool:
    """Whether a headline writes most of its longer words with a capital, so that capitals tell nothing."""
    longer = re.findall(r"[^\W\d_]{4,}", title)
    return len(longer) > _TOO_FEW and sum(word[0].isupper() for word in longer) >= 0.7 * len(longer)


def sure_names(plain: Sequence[str], body: Sequence[Sequence[Token]]) -> set[str]:
    """Words that are capital somewhere else than where a sentence opens."""
    return {
        token.folded
        for sentence, found in zip(plain, body, strict=True)
        for token in found
        if token.written[0].isupper() and may_name(token.folded, token.written) and not opens(sentence, token.start)
    }


def named(plain: str, found: Sequence[Token], sure: Collection[str], *, strict: bool = False) -> list[Token]:
    """The tokens of a sentence that are names; where `strict`, only the sure ones, since all words are capital.

    A word that opens the sentence is capital by position: it counts where it is capital elsewhere too, where it is an
    acronym, or where another name follows at once.
    """
    kept: list[Token] = []
    for place, token in enumerate(found):
        if token.term.startswith("#@"):
            kept.append(token)
        elif token.term and token.written[0].isupper() and may_name(token.folded, token.written):
            follower = found[place + 1] if place + 1 < len(found) else None
            led = follower is not None and may_name(follower.folded, follower.written)
            acronym = len(token.written) > 1 and token.written.isupper()
            if token.folded in sure or (not strict and (acronym or led or not opens(plain, token.start))):
                kept.append(token)
    return kept
