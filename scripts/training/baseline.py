"""What the head learns from and is measured against: a linear layer on the mean of the features."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from training.answer import Probabilities, softmax
from training.features import Features, ItemFeatures
from training.items import label_indices
from training.sequences import item_weights

DECAY = 1e-2
"""Weight of the squared weights in the loss."""

STEPS = 60


class Baseline:
    """A linear layer on the standardised mean of an item's features."""

    def __init__(self, train: Sequence[ItemFeatures], labels: Sequence[str]) -> None:
        """Fit it to all views of the training items, drawn as often as the head's are."""
        weights = item_weights([one.item for one in train])
        means = [one.views.mean(axis=1) for one in train]
        views = np.array([len(one) for one in means])
        features = torch.from_numpy(np.concatenate(means))
        truth = torch.from_numpy(np.repeat(label_indices(train, labels), views))
        each = torch.from_numpy(np.repeat(weights / views, views)).float()
        self._mean = (features * each[:, None]).sum(dim=0)
        self._std = ((features - self._mean).square() * each[:, None]).sum(dim=0).sqrt() + 1e-2
        self._linear = nn.Linear(features.shape[1], len(labels))
        nn.init.zeros_(self._linear.weight)
        nn.init.zeros_(self._linear.bias)
        inputs = (features - self._mean) / self._std
        optimiser = torch.optim.LBFGS(
            self._linear.parameters(), max_iter=STEPS, line_search_fn="strong_wolfe"
        )

        def closure() -> Tensor:
            optimiser.zero_grad()
            losses = nn.functional.cross_entropy(self._linear(inputs), truth, reduction="none")
            loss = (each * losses).sum() + DECAY * self._linear.weight.square().sum()
            loss.backward()
            return loss

        optimiser.step(closure)

    def probabilities(self, items: Sequence[ItemFeatures]) -> Probabilities:
        """Return what it says of the items' plain views, `[items, labels]`."""
        return self._of_means(np.stack([one.views[0].mean(axis=0) for one in items]))

    def window_probabilities(self, windows: Features) -> Probabilities:
        """Return what it says of windows `[windows, frames, 1280]`, `[windows, labels]`."""
        return self._of_means(windows.mean(axis=1))

    def _of_means(self, means: Features) -> Probabilities:
        with torch.inference_mode():
            inputs = (torch.from_numpy(means) - self._mean) / self._std
            return softmax(self._linear(inputs).numpy())
