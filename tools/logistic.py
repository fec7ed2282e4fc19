"""Logistic regression whose weights one can read: features by name, Newton's method, a penalty on large weights."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

MOST_STEPS = 40


def fit(
    features: Sequence[dict[str, float]], targets: Sequence[bool], sample_weights: Sequence[float], penalty: float
) -> dict[str, float]:
    """Weights (log odds) by feature name that make the targets likeliest, less `penalty` times half their squares."""
    names = sorted({name for row in features for name in row})
    column = {name: i for i, name in enumerate(names)}
    x = np.zeros((len(features), len(names)))
    for row, found in enumerate(features):
        for name, value in found.items():
            x[row, column[name]] = value
    y = np.array(targets, dtype=float)
    w = np.array(sample_weights, dtype=float)
    beta = np.zeros(len(names))
    for _ in range(MOST_STEPS):
        p = 1 / (1 + np.exp(-np.clip(x @ beta, -30, 30)))
        gradient = x.T @ (w * (y - p)) - penalty * beta
        hessian = (x * (w * p * (1 - p))[:, None]).T @ x + penalty * np.eye(len(names))
        step = np.linalg.solve(hessian, gradient)
        beta += step
        if np.abs(step).max() < 1e-6:
            break
    return dict(zip(names, beta.tolist(), strict=True))
