"""Training a head."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol, cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from training.answer import Probabilities, item_logits, mean_probabilities
from training.console import Progress
from training.evaluate import figures
from training.features import Features, ItemFeatures
from training.head import Head
from training.items import class_weights, label_indices
from training.sequences import Batch, Sequences

CLIP_WEIGHT = 3.0
"""What a clip of dev weighs, a still weighing 1, in the choice of the epoch."""


class Teacher(Protocol):
    """A plain way to judge windows, which the head learns from."""

    def window_probabilities(self, windows: Features) -> Probabilities:
        """Return what it says of windows `[windows, frames, 1280]`, `[windows, labels]`."""


@dataclass(frozen=True)
class Recipe:
    """How a head is trained."""

    epochs: int = 10
    steps: int = 35
    """Batches in an epoch."""
    batch: int = 128
    """Windows in a batch."""
    learning_rate: float = 2e-3
    """The greatest; it rises to this and falls again (one cycle)."""
    weight_decay: float = 0.05
    label_smoothing: float = 0.1
    feature_dropout: float = 0.2
    """Part of the features hidden from a window, the same ones in all its frames."""
    teacher: float = 1.0
    """Part of the target that is what the teacher says of the window; the rest is the label."""
    average: float = 0.98
    """Decay of the moving average of the weights, which is what is judged and kept."""


@dataclass
class Curves:
    """What is shown of a training, one number an epoch."""

    epoch: list[int] = field(default_factory=list)
    train_loss: list[float] = field(default_factory=list)
    dev_loss: list[float] = field(default_factory=list)
    """Mean over dev, a class weighing as any other, and a clip as `CLIP_WEIGHT` stills."""
    dev_top1_actions: list[float] = field(default_factory=list)
    """Of dev's clips."""
    dev_top1_with_none: list[float] = field(default_factory=list)
    """Of dev's clips."""
    dev_top1_actions_stills: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Fitted:
    """A trained head."""

    head: Head
    curves: Curves
    epoch: int
    """The epoch it is from."""


def fit(
    train: Sequence[ItemFeatures],
    dev: Sequence[ItemFeatures],
    labels: Sequence[str],
    teacher: Teacher,
    recipe: Recipe,
    seed: int,
) -> Fitted:
    """Train a head; with items in `dev`, the epoch with their least loss is kept.

    Without, it is the last one. The head learns mostly to say what the `teacher`, a plain way with
    the same features, says of a window: as sure of it and as rarely wrong about strangers.
    """
    torch.manual_seed(seed)
    head = Head(len(labels))
    standardise(head, train)
    average = AveragedModel(head, multi_avg_fn=get_ema_multi_avg_fn(recipe.average))
    averaged = cast("Head", average.module)
    optimiser = torch.optim.AdamW(
        head.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, recipe.learning_rate, total_steps=recipe.epochs * recipe.steps, pct_start=0.15
    )
    sequences = Sequences(train, labels, seed)
    judge = _Judge(dev, labels) if dev else None
    curves = Curves()
    kept = Fitted(head, curves, recipe.epochs)
    progress = Progress("training", recipe.epochs)
    for epoch in range(1, recipe.epochs + 1):
        head.train()
        losses = []
        for _ in range(recipe.steps):
            loss = _loss(head, teacher, sequences.draw(recipe.batch), recipe)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(head.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            average.update_parameters(head)
            losses.append(loss.item())
        curves.epoch.append(epoch)
        curves.train_loss.append(float(np.mean(losses)))
        note = ""
        if judge is not None:
            judge.add_to(curves, averaged)
            note = f", dev loss {curves.dev_loss[-1]:.3f}, clips {curves.dev_top1_actions[-1]:.3f}"
        if judge is None or curves.dev_loss[-1] <= min(curves.dev_loss):
            kept = Fitted(_copy(averaged, len(labels)), curves, epoch)
        progress.advance(f", loss {curves.train_loss[-1]:.3f}{note}")
    return kept


def _loss(head: Head, teacher: Teacher, batch: Batch, recipe: Recipe) -> Tensor:
    features = torch.from_numpy(batch.features)
    ones = torch.ones(len(features), 1, features.shape[2])
    seen = nn.functional.dropout(ones, recipe.feature_dropout)
    logits = head(head.mean + (features - head.mean) * seen)
    labels = nn.functional.cross_entropy(
        logits, torch.from_numpy(batch.labels), label_smoothing=recipe.label_smoothing
    )
    taught = torch.from_numpy(teacher.window_probabilities(batch.features)).float()
    return torch.lerp(labels, nn.functional.cross_entropy(logits, taught), recipe.teacher)


def standardise(head: Head, items: Sequence[ItemFeatures]) -> None:
    """Set the head's mean and deviation to those of the items' plain views."""
    means = np.stack([one.views[0].mean(axis=0) for one in items])
    head.mean.copy_(torch.from_numpy(means.mean(axis=0)))
    head.std.copy_(torch.from_numpy(means.std(axis=0) + 1e-2))


def _copy(module: nn.Module, labels: int) -> Head:
    head = Head(labels)
    head.load_state_dict(module.state_dict())
    return head.eval()


class _Judge:
    """Judges a head by the dev items, after every epoch."""

    def __init__(self, items: Sequence[ItemFeatures], labels: Sequence[str]) -> None:
        self._items = items
        self._labels = labels
        self._truth = label_indices(items, labels)
        self._clips = np.array([one.item.kind == "clip" for one in items])
        self._groups = np.array([one.item.group for one in items])
        self._weights = class_weights(self._truth, np.where(self._clips, CLIP_WEIGHT, 1.0))

    def add_to(self, curves: Curves, head: Head) -> None:
        probabilities = mean_probabilities(item_logits(head, self._items))
        right = probabilities[np.arange(len(self._truth)), self._truth]
        curves.dev_loss.append(float(-(self._weights * np.log(right + 1e-12)).sum()))
        clips, stills = (
            figures(probabilities[kind], self._truth[kind], self._labels, self._groups[kind], 0.0)
            for kind in (self._clips, ~self._clips)
        )
        curves.dev_top1_actions.append(clips.top1_actions or 0.0)
        curves.dev_top1_with_none.append(clips.top1_with_none or 0.0)
        curves.dev_top1_actions_stills.append(stills.top1_actions or 0.0)
