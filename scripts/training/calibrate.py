"""How readily `none` is said, the temperature, and the confidence below which nothing is shown.

All are fitted to what the model says of training groups that it has not learnt from. What they
are fitted with, `NONE_PART` above all, was chosen as the rest of the recipe was: by dev.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from training.answer import Probabilities, item_logits, mean_probabilities
from training.contract import NONE
from training.features import ItemFeatures
from training.head import Head
from training.items import class_weights, label_indices
from training.manifest import Item

PARTS = 8
"""Parts of the training groups with footage, one of which is set aside."""

TEMPERATURES = np.exp(np.linspace(math.log(0.25), math.log(4.0), 161))
"""The temperatures tried."""

NONE_PART = 1 / 3
"""How often, of all that a camera is pointed at, it is taken to be none of the actions."""

NONE_BIASES = np.arange(-10, 21) / 10
"""What is tried to be added to the logit of `none`."""

PRECISION = 0.75
"""Part of the answers above the threshold that are to be right."""

THRESHOLDS = (0.2, 0.6)
"""The least and the greatest threshold given."""


@dataclass(frozen=True)
class Decision:
    """How logits become an answer: what is fitted to the items set aside."""

    temperature: float
    threshold: float


UNFITTED = Decision(temperature=1.0, threshold=THRESHOLDS[0])
"""What a model gets that nothing was set aside for."""


def calibrate(head: Head, aside: Sequence[ItemFeatures], labels: Sequence[str]) -> Decision:
    """Fit to what `head` says of the items set aside, and make its bias of `none` the fitted one.

    Actions weigh the same among each other, `none` weighs `NONE_PART` of all.
    """
    if not aside:
        return UNFITTED
    logits = item_logits(head, aside)
    truth = label_indices(aside, labels)
    none = labels.index(NONE) if NONE in labels else None
    weights = _weights(truth, none)
    if none is not None:
        bias = fit_none_bias(logits, truth, weights, none)
        with torch.no_grad():
            head.dense.bias[none] += bias
        logits = _biased(logits, none, bias)
    temperature = fit_temperature(logits, truth, weights)
    probabilities = mean_probabilities(logits, temperature)
    right = probabilities.argmax(axis=1) == truth
    threshold = fit_threshold(probabilities.max(axis=1), right, weights)
    return Decision(temperature, threshold)


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


def fit_none_bias(
    logits: Sequence[NDArray[np.float32]],
    truth: NDArray[np.int64],
    weights: NDArray[np.float64],
    none: int,
) -> float:
    """Return the one of `NONE_BIASES` with which the items lose least, at its best temperature.

    `logits` are each item's windows, `truth` the labels' indices, `weights` what items weigh,
    `none` is the index of `none`. Of items that are all `none`, or none of them, nothing is learnt.
    """
    if len(np.unique(truth == none)) == 1:
        return 0.0

    def least(bias: float) -> float:
        biased = _biased(logits, none, bias)
        temperature = fit_temperature(biased, truth, weights)
        return _loss(mean_probabilities(biased, temperature), truth, weights)

    return float(min(NONE_BIASES, key=least))


def fit_temperature(
    logits: Sequence[NDArray[np.float32]], truth: NDArray[np.int64], weights: NDArray[np.float64]
) -> float:
    """Return the temperature under which the items' mean probabilities lose least.

    `logits` are each item's windows, `truth` the labels' indices, `weights` what items weigh.
    """

    def loss(temperature: float) -> float:
        return _loss(mean_probabilities(logits, temperature), truth, weights)

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


def _loss(
    probabilities: Probabilities, truth: NDArray[np.int64], weights: NDArray[np.float64]
) -> float:
    right = probabilities[np.arange(len(truth)), truth]
    return float(-(weights * np.log(right + 1e-12)).sum())


def _biased(
    logits: Sequence[NDArray[np.float32]], none: int, bias: float
) -> list[NDArray[np.float32]]:
    added = np.zeros(logits[0].shape[1], dtype=np.float32)
    added[none] = bias
    return [one + added for one in logits]


def _weights(truth: NDArray[np.int64], none: int | None) -> NDArray[np.float64]:
    weights = class_weights(truth)
    is_none = truth == none
    if is_none.any() and not is_none.all():
        weights[is_none] *= NONE_PART / weights[is_none].sum()
        weights[~is_none] *= (1 - NONE_PART) / weights[~is_none].sum()
    return weights
