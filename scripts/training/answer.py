"""A head's answer on a whole item: the mean over its windows of the softmax."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from training.contract import FRAMES, HOP
from training.features import Features, ItemFeatures
from training.head import Head
from training.sampling import Indices, answer_windows, spread

Probabilities = NDArray[np.float64]

Windows = Callable[[float, int], Indices]
"""Which windows of an item of some duration and samples are judged, `[windows, frames]`."""

BATCH = 512
"""Windows that the head is given at once."""


def whole(duration: float, samples: int) -> Indices:
    """Return the windows of the answer."""
    return answer_windows(duration, samples, FRAMES, HOP)


def first_look(_duration: float, samples: int) -> Indices:
    """Return the window of the first look."""
    return spread(samples, FRAMES)[np.newaxis]


def softmax(logits: NDArray[np.floating], temperature: float = 1.0) -> Probabilities:
    """Return the probabilities along the last axis."""
    scaled = np.asarray(logits, dtype=np.float64) / temperature
    exponents = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return np.asarray(exponents / exponents.sum(axis=-1, keepdims=True))


def head_logits(head: Head, windows: Features) -> NDArray[np.float32]:
    """Return the logits of windows `[windows, frames, 1280]`, `[windows, labels]`."""
    head.eval()
    with torch.inference_mode():
        return np.asarray(head(torch.from_numpy(windows)).numpy())


def item_logits(
    head: Head, items: Sequence[ItemFeatures], windows: Windows = whole
) -> list[NDArray[np.float32]]:
    """Return the logits of each item's windows, a list of `[windows, labels]`."""
    taken: list[Features] = []
    results: list[NDArray[np.float32]] = []
    lengths: list[int] = []

    def run() -> None:
        logits = head_logits(head, np.concatenate(taken))
        results.extend(np.split(logits, np.cumsum(lengths)[:-1]))
        taken.clear()
        lengths.clear()

    for item in items:
        taken.append(item.views[0][windows(item.duration, item.views.shape[1])])
        lengths.append(len(taken[-1]))
        if sum(lengths) >= BATCH:
            run()
    if taken:
        run()
    return results


def mean_probabilities(
    logits: Sequence[NDArray[np.float32]], temperature: float = 1.0
) -> Probabilities:
    """Return each item's probabilities, `[items, labels]`."""
    lengths = np.array([len(one) for one in logits])
    starts = np.cumsum(lengths) - lengths
    sums = np.add.reduceat(softmax(np.concatenate(logits), temperature), starts, axis=0)
    return np.asarray(sums / lengths[:, np.newaxis])
