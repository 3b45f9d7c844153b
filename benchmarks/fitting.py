"""Logistic regressions of pairs, by Newton's method with an L2 penalty."""

from collections.abc import Sequence

import numpy as np

from benchmarks.story_pairs import Pair
from sovwatch.regression import Model

PENALTY = 1.0


def fit(rows: np.ndarray, same: np.ndarray, share: np.ndarray, *, free: bool = True) -> np.ndarray:
    """Weights of a logistic regression, the constant first, by Newton's method; it is 0 unless `free`."""
    values = np.column_stack([np.full(len(rows), float(free)), rows])
    weights = np.zeros(values.shape[1])
    penalty = np.full(values.shape[1], PENALTY)
    penalty[0] = 0 if free else PENALTY
    for _ in range(15):
        probability = 1 / (1 + np.exp(-values @ weights))
        slope = values.T @ (share * (same - probability)) - penalty * weights
        curve = (values * (share * probability * (1 - probability))[:, None]).T @ values + np.diag(penalty)
        step = np.linalg.solve(curve, slope)
        weights += step
        if np.abs(step).max() < 1e-4:
            break
    return weights


def fitted(pairs: Sequence[Pair], used: Sequence[str], *, free: bool = True) -> Model:
    """The model of those pairs; without a constant unless `free`."""
    rows = np.array([[pair.seen[name] for name in used] for pair in pairs])
    same = np.array([float(pair.same) for pair in pairs])
    constant, *weights = fit(rows, same, np.array([pair.weight for pair in pairs]), free=free).tolist()
    return Model(constant, dict(zip(used, weights, strict=True)))
