"""The temperature, and the confidence below which the page says that it is not sure.

Both come from training items that a head of the same recipe has not seen; dev has no part in it.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from training.answer import item_logits, mean_probabilities
from training.baseline import Baseline
from training.features import ItemFeatures
from training.fit import Recipe, fit
from training.items import class_weights, label_indices
from training.manifest import Item

PARTS = 4
"""Parts of the training groups, one of which is set aside."""

TEMPERATURES = np.exp(np.linspace(math.log(0.25), math.log(4.0), 161))
"""The temperatures tried."""

PRECISION = 0.75
"""Part of the answers above the threshold that are to be right."""

THRESHOLDS = (0.2, 0.6)
"""The least and the greatest threshold given."""


def calibrate(
    items: Sequence[ItemFeatures], labels: Sequence[str], recipe: Recipe, seed: int
) -> tuple[float, float]:
    """Return the temperature and the threshold, from training items.

    A part of the groups is set aside, and a head trained on the others judges their footage
    (clips, and middle frames of clips); both are fitted to what it says.
    """
    aside = set_aside([one.item for one in items], seed)
    judged = [one for one in items if one.item.group in aside and one.item.footage]
    learnt = [one for one in items if one.item.group not in aside]
    if not judged:
        return 1.0, THRESHOLDS[0]
    fitted = fit(learnt, [], labels, Baseline(learnt, labels), recipe, seed)
    logits = item_logits(fitted.head, judged)
    truth = label_indices(judged, labels)
    weights = class_weights(truth)
    temperature = fit_temperature(logits, truth, weights)
    probabilities = mean_probabilities(logits, temperature)
    right = probabilities.argmax(axis=1) == truth
    return temperature, fit_threshold(probabilities.max(axis=1), right, weights)


def set_aside(items: Sequence[Item], seed: int) -> set[str]:
    """Return one group in `PARTS` of every label that has as many."""
    random = np.random.default_rng(seed)
    aside: set[str] = set()
    for label in sorted({item.label for item in items}):
        groups = sorted({item.group for item in items if item.label == label})
        aside.update(random.permutation(groups)[: len(groups) // PARTS].tolist())
    return aside


def fit_temperature(
    logits: Sequence[NDArray[np.float32]], truth: NDArray[np.int64], weights: NDArray[np.float64]
) -> float:
    """Return the temperature under which the items' mean probabilities lose least.

    `logits` are each item's windows, `truth` the labels' indices, `weights` what items weigh.
    """
    rows = np.arange(len(truth))

    def loss(temperature: float) -> float:
        right = mean_probabilities(logits, temperature)[rows, truth]
        return float(-(weights * np.log(right + 1e-12)).sum())

    return round(float(min(TEMPERATURES, key=loss)), 4)


def fit_threshold(
    confidence: NDArray[np.float64], right: NDArray[np.bool_], weights: NDArray[np.float64]
) -> float:
    """Return the least confidence from which on answers are right often enough.

    The answers at or above it are right in `PRECISION` of their weight; it is kept within
    `THRESHOLDS` and rounded to hundredths.
    """
    low, high = THRESHOLDS
    for threshold in np.arange(round(low * 100), round(high * 100) + 1) / 100:
        above = confidence >= threshold
        if above.any() and np.average(right[above], weights=weights[above]) >= PRECISION:
            return float(threshold)
    return high
