"""The plain way to judge a clip: what the head learns from, and is measured against."""

from collections.abc import Sequence

from training.baseline import Baseline
from training.features import ItemFeatures
from training.frame_mean import FrameMean
from training.tune import Tuned

Plain = Baseline | FrameMean


def plain_way(tuned: Tuned | None, learnt: Sequence[ItemFeatures], labels: Sequence[str]) -> Plain:
    """Return the linear layer of a fine-tuned backbone, or one fitted to what was learnt from.

    A layer that is fitted to features which the backbone was itself tuned on is too sure of them.
    """
    return FrameMean(tuned.linear) if tuned else Baseline(learnt, labels)
