"""The temperature, and the confidence below which the page says that it is not sure.

Both are fitted to what the model says of training groups that it has not learnt from; dev has no
part in it.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from training.answer import item_logits, mean_probabilities
from training.features import ItemFeatures
from training.head import Head
from training.items import class_weights, label_indices
from training.manifest import Item

PARTS = 8
"""Parts of the training groups with footage, one of which is set aside."""

TEMPERATURES = np.exp(np.linspace(math.log(0.25), math.log(4.0), 161))
"""The temperatures tried."""

PRECISION = 0.75
"""Part of the answers above the threshold that are to be right."""

THRESHOLDS = (0.2, 0.6)
"""The least and the greatest threshold given."""


def calibrate(
    head: Head, aside: Sequence[ItemFeatures], labels: Sequence[str]
) -> tuple[float, float]:
    """Return the temperature and the threshold that fit what `head` says of the items set aside."""
    if not aside:
        return 1.0, THRESHOLDS[0]
    logits = item_logits(head, aside)
    truth = label_indices(aside, labels)
    weights = class_weights(truth)
    temperature = fit_temperature(logits, truth, weights)
    probabilities = mean_probabilities(logits, temperature)
    right = probabilities.argmax(axis=1) == truth
    return temperature, fit_threshold(probabilities.max(axis=1), right, weights)


def set_aside(items: Sequence[Item]) -> set[str]:
    """Return one group in `PARTS` of each label's training groups that have footage.

    Neither the backbone nor the head learns from them. They are the same for every seed, so that
    runs with different seeds learn from the same files.
    """
    random = np.random.default_rng(0)
    footage = [item for item in items if item.footage and item.split == "train"]
    aside: set[str] = set()
    for label in sorted({item.label for item in footage}):
        groups = sorted({item.group for item in footage if item.label == label})
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
