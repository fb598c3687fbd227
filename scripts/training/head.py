"""The head: what 20 features in a row say."""

import torch
from torch import Tensor, nn

from training.contract import FEATURE_SIZE

HIDDEN = 64
DROPOUT = 0.5


class Head(nn.Module):
    """Features `[n, frames, 1280]` to logits `[n, labels]`: LSTM, dropout, dense.

    It standardises the features itself, by the `mean` and `std` of the training set.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, labels: int, feature_size: int = FEATURE_SIZE) -> None:
        """Make a head with fresh weights."""
        super().__init__()
        self.register_buffer("mean", torch.zeros(feature_size))
        self.register_buffer("std", torch.ones(feature_size))
        self.lstm = nn.LSTM(feature_size, HIDDEN, batch_first=True)
        self.dropout = nn.Dropout(DROPOUT)
        self.dense = nn.Linear(HIDDEN, labels)
        self._initialise()

    def forward(self, features: Tensor) -> Tensor:
        """Map windows of features to logits."""
        _, (last, _) = self.lstm((features - self.mean) / self.std)
        logits: Tensor = self.dense(self.dropout(last[0]))
        return logits

    def _initialise(self) -> None:
        """Start with gates that are not saturated, and that remember."""
        weights = dict(self.lstm.named_parameters())
        nn.init.xavier_uniform_(weights["weight_ih_l0"])
        nn.init.orthogonal_(weights["weight_hh_l0"])
        nn.init.zeros_(weights["bias_ih_l0"])
        nn.init.zeros_(weights["bias_hh_l0"])
        with torch.no_grad():
            weights["bias_ih_l0"][HIDDEN : 2 * HIDDEN] = 1.0
