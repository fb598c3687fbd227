"""The plain way to judge a clip with a fine-tuned backbone: the mean over what its frames say."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import nn

from training.answer import Probabilities, softmax
from training.features import Features, ItemFeatures


class FrameMean:
    """The linear layer that the backbone was fine-tuned under, frame by frame."""

    def __init__(self, linear: nn.Linear) -> None:
        """Judge by `linear`, features to logits."""
        self._linear = linear

    def probabilities(self, items: Sequence[ItemFeatures]) -> Probabilities:
        """Return what it says of the items' plain views, `[items, labels]`."""
        return np.stack([self.window_probabilities(one.views[:1])[0] for one in items])

    def window_probabilities(self, windows: Features) -> Probabilities:
        """Return what it says of windows `[windows, frames, 1280]`, `[windows, labels]`."""
        with torch.inference_mode():
            return np.asarray(softmax(self._linear(torch.from_numpy(windows)).numpy()).mean(axis=1))
