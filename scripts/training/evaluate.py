"""Figures of how right the answers are.

Every fraction is of 0..1, or None where there is nothing to take a fraction of. The definitions
are those of the command line's `evaluate`.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from training.answer import Probabilities
from training.contract import NONE

BINS = 15
"""Bins of equal width that the calibration error is taken over."""


@dataclass(frozen=True)
class Bin:
    """The items whose confidence lies in one bin."""

    confidence: float
    """Their mean top-1 probability."""
    accuracy: float
    count: int


@dataclass(frozen=True)
class ClassFigures:
    """How one label does, every label being in the running."""

    n: int
    recall: float | None
    precision: float | None


@dataclass(frozen=True)
class Confusion:
    """Counts; a row is the truth, a column what was said."""

    labels: list[str]
    rows: list[list[int]]


@dataclass(frozen=True)
class Figures:
    """The figures of one set of items."""

    n: int
    """Items of an action."""
    top1_actions: float | None
    """Part of these that are right with only the actions in the running."""
    top1_with_none: float | None
    """Part of these that are right with every label in the running."""
    none_n: int
    """Items of no action."""
    none_recall: float | None
    ece: float | None
    """Expected calibration error, over all items and labels."""
    per_class: dict[str, ClassFigures]
    confusion: Confusion

    def as_json(self) -> dict[str, object]:
        """Return plain values."""
        return asdict(self)


def figures(
    probabilities: Probabilities, truth: NDArray[np.int64], labels: Sequence[str]
) -> Figures:
    """Judge `probabilities` `[items, labels]` by the labels' indices `truth` `[items]`."""
    actions = [i for i, label in enumerate(labels) if label != NONE]
    is_action = np.isin(truth, actions)
    said = probabilities.argmax(axis=1)
    said_action = np.array(actions)[probabilities[:, actions].argmax(axis=1)]
    confusion = np.zeros((len(labels), len(labels)), dtype=np.int64)
    np.add.at(confusion, (truth, said), 1)
    right = confusion.diagonal()
    return Figures(
        n=int(is_action.sum()),
        top1_actions=_mean(said_action[is_action] == truth[is_action]),
        top1_with_none=_mean(said[is_action] == truth[is_action]),
        none_n=int((~is_action).sum()),
        none_recall=_mean(said[~is_action] == truth[~is_action]),
        ece=calibration_error(calibration_bins(probabilities, truth)),
        per_class={
            label: ClassFigures(
                n=int(confusion[i].sum()),
                recall=_part(right[i], confusion[i].sum()),
                precision=_part(right[i], confusion[:, i].sum()),
            )
            for i, label in enumerate(labels)
        },
        confusion=Confusion(list(labels), confusion.tolist()),
    )


def calibration_bins(probabilities: Probabilities, truth: NDArray[np.int64]) -> list[Bin]:
    """Return the bins that hold an item; a bin is open at its lower end."""
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == truth
    place = np.clip(np.ceil(confidence * BINS).astype(np.int64) - 1, 0, BINS - 1)
    return [
        Bin(
            confidence=float(confidence[place == i].mean()),
            accuracy=float(right[place == i].mean()),
            count=int((place == i).sum()),
        )
        for i in np.unique(place)
    ]


def calibration_error(bins: Sequence[Bin]) -> float | None:
    """Return the mean difference of confidence and accuracy, weighted by the bins' counts."""
    total = sum(one.count for one in bins)
    if not total:
        return None
    return sum(one.count * abs(one.confidence - one.accuracy) for one in bins) / total


def _mean(right: NDArray[np.bool_]) -> float | None:
    return float(right.mean()) if right.size else None


def _part(some: np.int64, of: np.int64) -> float | None:
    return float(some / of) if of else None
