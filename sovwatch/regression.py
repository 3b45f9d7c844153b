"""A logistic regression as it is shipped: a constant and a weight for each figure, in a TOML file that can be read.

`benchmarks/` fits them, and writes beside them what they were fitted on and what that reached.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from math import exp
from typing import NamedTuple


class Model(NamedTuple):
    """Weights by figure, and the constant, in log-odds."""

    constant: float
    weights: Mapping[str, float]


@cache
def shipped(name: str, kind: str) -> Model:
    """The model of a kind in a file of the package, as "stories.toml" and "headlines"."""
    kinds = tomllib.loads(files("sovwatch").joinpath(name).read_text(encoding="utf-8"))
    weights = dict(kinds[kind]["weights"])
    return Model(weights.pop("constant"), weights)


def score(found: Mapping[str, float], model: Model) -> float:
    """The log-odds that a model gives to what was found."""
    return model.constant + sum([weight * found[name] for name, weight in model.weights.items()])


def probability(found: Mapping[str, float], model: Model) -> float:
    """The probability, 0..1, that a model gives to what was found."""
    return 1 / (1 + exp(-score(found, model)))
