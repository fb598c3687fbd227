"""Labels and weights of a set of items, as arrays."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from training.features import ItemFeatures


def label_indices(items: Sequence[ItemFeatures], labels: Sequence[str]) -> NDArray[np.int64]:
    """Return the items' labels as indices, `[items]`."""
    return np.array([labels.index(one.item.label) for one in items], dtype=np.int64)


def class_weights(
    truth: NDArray[np.int64], weights: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """Return weights adding up to 1 under which every class weighs the same.

    Within a class, items weigh in proportion to `weights`, or evenly.
    """
    each = np.ones(len(truth)) if weights is None else weights
    balanced = each / np.bincount(truth, each)[truth]
    return np.asarray(balanced / balanced.sum())
