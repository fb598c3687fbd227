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
from training.intervals import Interval, Resampled, bin_of, widest, wilson


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
    recall_interval: Interval | None


@dataclass(frozen=True)
class Confusion:
    """Counts; a row is the truth, a column what was said."""

    labels: list[str]
    rows: list[list[int]]


@dataclass(frozen=True)
class Shown:
    """What a person reads, the threshold applied; parts of all items, adding up to 1."""

    right: float
    """The right action is shown, or an item of no action as none of these."""
    wrong: float
    """A wrong action is shown."""
    none_of_these: float
    """An action's item is shown as none of these: that is the top label, or none is sure enough."""


@dataclass(frozen=True)
class Intervals:
    """95 % intervals, by drawing the source groups anew."""

    top1_actions: Interval | None
    top1_with_none: Interval | None
    none_recall: Interval | None
    ece: Interval | None


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
    macro_actions: float | None
    """Mean over the actions of the part right, only the actions in the running."""
    macro_with_none: float | None
    """Mean over the actions of the part right, every label in the running."""
    shown: Shown | None
    intervals: Intervals
    per_class: dict[str, ClassFigures]
    confusion: Confusion

    def as_json(self) -> dict[str, object]:
        """Return plain values."""
        return asdict(self)


def figures(
    probabilities: Probabilities,
    truth: NDArray[np.int64],
    labels: Sequence[str],
    groups: Sequence[str] | NDArray[np.str_],
    threshold: float,
) -> Figures:
    """Judge `probabilities` `[items, labels]` by the labels' indices `truth` `[items]`.

    `groups` are the items' source groups, `threshold` is the confidence below which none of the
    labels is shown.
    """
    actions = [i for i, label in enumerate(labels) if label != NONE]
    is_action = np.isin(truth, actions)
    said = probabilities.argmax(axis=1)
    said_action = np.array(actions)[probabilities[:, actions].argmax(axis=1)]
    confusion = np.zeros((len(labels), len(labels)), dtype=np.int64)
    np.add.at(confusion, (truth, said), 1)
    right, right_action = said == truth, said_action == truth
    resampled = Resampled(groups)
    return Figures(
        n=int(is_action.sum()),
        top1_actions=_mean(right_action[is_action]),
        top1_with_none=_mean(right[is_action]),
        none_n=int((~is_action).sum()),
        none_recall=_mean(right[~is_action]),
        ece=calibration_error(calibration_bins(probabilities, truth)),
        macro_actions=_macro(right_action[is_action], truth[is_action]),
        macro_with_none=_macro(right[is_action], truth[is_action]),
        shown=_shown(probabilities, truth, np.array(actions), threshold),
        intervals=Intervals(
            top1_actions=resampled.part(right_action, is_action),
            top1_with_none=resampled.part(right, is_action),
            none_recall=resampled.part(right, ~is_action),
            ece=resampled.calibration_error(probabilities.max(axis=1), right),
        ),
        per_class={
            label: ClassFigures(
                n=int(confusion[i].sum()),
                recall=_part(confusion[i, i], confusion[i].sum()),
                precision=_part(confusion[i, i], confusion[:, i].sum()),
                recall_interval=widest(
                    resampled.part(right, truth == i),
                    wilson(int(confusion[i, i]), int(confusion[i].sum())),
                ),
            )
            for i, label in enumerate(labels)
        },
        confusion=Confusion(list(labels), confusion.tolist()),
    )


def calibration_bins(probabilities: Probabilities, truth: NDArray[np.int64]) -> list[Bin]:
    """Return the bins that hold an item; a bin is open at its lower end."""
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == truth
    place = bin_of(confidence)
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


def _shown(
    probabilities: Probabilities,
    truth: NDArray[np.int64],
    actions: NDArray[np.int64],
    threshold: float,
) -> Shown | None:
    if not truth.size:
        return None
    said = probabilities.argmax(axis=1)
    action_shown = np.isin(said, actions) & (probabilities.max(axis=1) >= threshold)
    is_action = np.isin(truth, actions)
    right = np.where(action_shown, said == truth, ~is_action)
    return Shown(
        right=float(right.mean()),
        wrong=float((action_shown & ~right).mean()),
        none_of_these=float((~action_shown & is_action).mean()),
    )


def _macro(right: NDArray[np.bool_], truth: NDArray[np.int64]) -> float | None:
    if not right.size:
        return None
    return float(np.mean([right[truth == i].mean() for i in np.unique(truth)]))


def _mean(right: NDArray[np.bool_]) -> float | None:
    return float(right.mean()) if right.size else None


def _part(some: np.int64, of: np.int64) -> float | None:
    return float(some / of) if of else None
