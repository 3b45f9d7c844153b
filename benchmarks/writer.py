"""Invented articles with natural term statistics: a vocabulary that follows Zipf's law, names and figures."""

import random
from itertools import accumulate

SYLLABLES = "ba co di fe gu ha li mo ne pa ri so ta vu zel dran stor quin mer land".split()  # noqa: SIM905


class Writer:
    """Invents articles: a vocabulary in which the nth word is n times rarer than the first, names and figures."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.vocabulary = ["".join(self.random.choices(SYLLABLES, k=self.random.randint(1, 4))) for _ in range(40_000)]
        self.weights = list(accumulate(1 / (rank + 2) for rank in range(len(self.vocabulary))))

    def words(self, count: int) -> list[str]:
        """So many words, as often as their rank says."""
        return self.random.choices(self.vocabulary, cum_weights=self.weights, k=count)

    def sentence(self) -> str:
        """A sentence of 8 to 24 words."""
        found = self.words(self.random.randint(8, 24))
        if self.random.random() < 0.5:
            found[3] = found[3].capitalize()
        if self.random.random() < 0.3:
            found[5] = str(self.random.randint(2, 90_000))
        return " ".join(found).capitalize() + "."

    def article(self, length: int = 400) -> str:
        """Sentences of about that many words."""
        return " ".join(self.sentence() for _ in range(length // 16))
