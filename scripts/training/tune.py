"""Fine-tuning the backbone, on single frames.

The first layers stay as ImageNet taught them. The others, and a linear layer on top of them, learn
to say the label of a frame. Batch normalisation stays frozen: its scale is multiplied into the
convolutions' weights as they are used, its shift is learnt as their bias.

Every step draws from generators of its own, seeded by the run's seed and the step's number, so a
run that was interrupted goes on from its last checkpoint exactly as it would have gone.

At the end the learnt weights go part of the way back to those they started from, as Wortsman et
al. (Robust fine-tuning of zero-shot models, 2022) found good for scenes unlike those trained on.
"""

import hashlib
import math
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

from training.augment import augment
from training.backbone import Backbone, batch_norm_scales, fold_batch_norm
from training.console import Progress
from training.contract import FEATURE_SIZE
from training.frames import ItemFrames, decode_frames
from training.manifest import Item
from training.preprocess import normalise
from training.runtime import on_all_cores
from training.sequences import item_weights

CHECKPOINT_STEPS = 100
"""Steps between two checkpoints, and between two points of the curve."""

LEAST_SCALE = 1e-3
"""Batch normalisation's scales nearer to 0 than this are taken for it: weights are divided by
them."""

BATCHES_AHEAD = 2
"""Batches drawn while one is learnt from."""


@dataclass(frozen=True)
class TuneRecipe:
    """How a backbone is fine-tuned."""

    first: int = 7
    """The first layer of `Backbone.features` that learns."""
    steps: int = 1400
    batch: int = 64
    """Frames in a batch."""
    learning_rate: float = 4e-4
    """The greatest of the convolutions; it rises to this and falls again (one cycle)."""
    linear_rate: float = 2e-3
    """The greatest of the linear layer."""
    weight_decay: float = 0.03
    label_smoothing: float = 0.1
    dropout: float = 0.3
    mixed: float = 0.4
    """Part of the batches whose frames are mixed in pairs: blended, or one pasted into another."""
    average: float = 0.998
    """Decay of the moving average of the weights, which is what is kept."""
    pretrained: float = 0.2
    """How far the convolutions go back, from the average to the weights they started from."""


@dataclass
class TuneCurve:
    """What is shown of a fine-tuning, one number every `CHECKPOINT_STEPS` steps."""

    step: list[int] = field(default_factory=list)
    train_loss: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Tuned:
    """A fine-tuned backbone."""

    backbone: Backbone
    """Batch normalisation folded, for inference."""
    linear: nn.Linear
    """Features of a frame to logits: what the backbone was tuned under."""
    curve: TuneCurve


def tune(
    items: Sequence[ItemFrames],
    labels: Sequence[str],
    start: Backbone,
    recipe: TuneRecipe,
    seed: int,
    checkpoints: Path,
) -> Tuned:
    """Fine-tune a copy of `start` on the frames of `items`.

    A checkpoint lies in the folder `checkpoints`, under a name made of everything that the run
    depends on, so that only the very same run goes on from it.
    """
    cv2.setNumThreads(1)
    run = _Run(start, len(labels), recipe, seed)
    path = checkpoints / f"{_digest(items, labels, start, recipe, seed)}.pt"
    if path.exists():
        run.load(torch.load(path, weights_only=True))
    frames = _Frames(items, labels, recipe, seed)
    progress = Progress("fine-tuning", recipe.steps - run.step)
    recent: list[float] = []
    with ThreadPoolExecutor(1) as pool:
        ahead = [pool.submit(frames.draw, run.step + i) for i in range(BATCHES_AHEAD)]
        while run.step < recipe.steps:
            batch = ahead.pop(0).result()
            ahead.append(pool.submit(frames.draw, run.step + BATCHES_AHEAD))
            recent.append(run.learn(*batch))
            progress.advance(f", loss {np.mean(recent):.3f}")
            if run.step % CHECKPOINT_STEPS == 0 or run.step == recipe.steps:
                run.curve.step.append(run.step)
                run.curve.train_loss.append(float(np.mean(recent)))
                recent.clear()
                _write(path, run.state())
        for one in ahead:
            one.cancel()
    return run.finish()


def tune_items(
    items: Sequence[Item],
    labels: Sequence[str],
    start: Backbone,
    recipe: TuneRecipe,
    seed: int,
    cache: Path,
    workers: int,
) -> Tuned | None:
    """Fine-tune a copy of `start` on the files of `items` that can be read, on all cores.

    Frames and checkpoints are kept in the folder `cache`. Without steps there is nothing to tune.
    """
    if not recipe.steps:
        return None
    frames, _ = decode_frames(items, cache / "frames", workers)
    return on_all_cores(lambda: tune(frames, labels, start, recipe, seed, cache / "checkpoints"))


class _Run:
    """A fine-tuning as far as it has come."""

    def __init__(self, start: Backbone, labels: int, recipe: TuneRecipe, seed: int) -> None:
        self._recipe = recipe
        self._seed = seed
        self.step = 0
        self.curve = TuneCurve()
        network = _learnable(start, recipe.first)
        self._network = network
        self._fixed = network.features[: recipe.first]
        self._tuned = network.features[recipe.first :]
        self._linear = nn.Linear(FEATURE_SIZE, labels)
        nn.init.zeros_(self._linear.weight)
        nn.init.zeros_(self._linear.bias)
        tuned, linear = list(self._tuned.parameters()), list(self._linear.parameters())
        self._start = [one.detach().clone() for one in tuned]
        self._learnt = [*tuned, *linear]
        self._average = [one.detach().clone() for one in self._learnt]
        self._optimiser = torch.optim.AdamW(
            [
                {"params": tuned, "lr": recipe.learning_rate},
                {"params": linear, "lr": recipe.linear_rate},
            ],
            weight_decay=recipe.weight_decay,
        )
        self._schedule = torch.optim.lr_scheduler.OneCycleLR(
            self._optimiser,
            [recipe.learning_rate, recipe.linear_rate],
            total_steps=recipe.steps,
            pct_start=0.1,
        )

    def learn(self, pixels: Tensor, targets: Tensor) -> float:
        """Take one step; return its loss."""
        torch.manual_seed(self._seed * 1_000_003 + self.step)  # The dropout's.
        with torch.autocast("cpu", dtype=torch.bfloat16), parametrize.cached():
            with torch.no_grad():
                maps = self._fixed(pixels)
            features = self._tuned(maps).mean(dim=(2, 3)).float()
        logits = self._linear(nn.functional.dropout(features, self._recipe.dropout))
        loss = nn.functional.cross_entropy(logits, targets)
        self._optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self._learnt, 1.0)
        self._optimiser.step()
        self._schedule.step()
        self.step += 1
        decay = min(self._recipe.average, self.step / (self.step + 9))
        with torch.no_grad():
            for average, learnt in zip(self._average, self._learnt, strict=True):
                average.lerp_(learnt, 1 - decay)
        return loss.item()

    def state(self) -> dict[str, Any]:
        """Return what a run needs to go on from here."""
        return {
            "step": self.step,
            "curve": asdict(self.curve),
            "learnt": [one.detach() for one in self._learnt],
            "average": self._average,
            "optimiser": self._optimiser.state_dict(),
            "schedule": self._schedule.state_dict(),
        }

    def load(self, state: dict[str, Any]) -> None:
        """Go on from where `state` was taken."""
        self.step = state["step"]
        self.curve = TuneCurve(**state["curve"])
        self._set(state["learnt"])
        self._average = state["average"]
        self._optimiser.load_state_dict(state["optimiser"])
        self._schedule.load_state_dict(state["schedule"])

    def finish(self) -> Tuned:
        """Return the network with its averaged weights, its convolutions' nearer to the start."""
        self._set(self._average)
        with torch.no_grad():
            for tuned, start in zip(self._tuned.parameters(), self._start, strict=True):
                tuned.lerp_(start, self._recipe.pretrained)
        for module in self._network.modules():
            if parametrize.is_parametrized(module):
                parametrize.remove_parametrizations(module, "weight")
        self._network.requires_grad_(requires_grad=False).eval()
        return Tuned(self._network, self._linear.requires_grad_(requires_grad=False), self.curve)

    def _set(self, values: Sequence[Tensor]) -> None:
        with torch.no_grad():
            for learnt, value in zip(self._learnt, values, strict=True):
                learnt.copy_(value)


class _Frames:
    """Draws batches of augmented frames."""

    def __init__(
        self, items: Sequence[ItemFrames], labels: Sequence[str], recipe: TuneRecipe, seed: int
    ) -> None:
        self._items = items
        self._truth = np.array([labels.index(one.item.label) for one in items])
        self._weights = item_weights([one.item for one in items])
        self._labels = len(labels)
        self._recipe = recipe
        self._seed = seed

    def draw(self, step: int) -> tuple[Tensor, Tensor]:
        """Return the pixels `[batch, 3, h, w]` of a step and its targets `[batch, labels]`."""
        random = np.random.default_rng([self._seed, step])
        chosen = random.choice(len(self._items), size=self._recipe.batch, p=self._weights)
        pictures = [self._picture(self._items[i], random) for i in chosen]
        pixels = torch.from_numpy(np.stack(pictures)).contiguous(memory_format=torch.channels_last)
        smoothing = self._recipe.label_smoothing
        hot = nn.functional.one_hot(torch.from_numpy(self._truth[chosen]), self._labels)
        targets = hot * (1 - smoothing) + smoothing / self._labels
        if random.random() < self._recipe.mixed:
            return _mix(pixels, targets, random)
        return pixels, targets

    @staticmethod
    def _picture(item: ItemFrames, random: np.random.Generator) -> np.ndarray[Any, Any]:
        frame = item.frames[random.integers(len(item.frames))]
        return normalise(augment(frame, random).astype(np.float32))


def _mix(pixels: Tensor, targets: Tensor, random: np.random.Generator) -> tuple[Tensor, Tensor]:
    """Blend each picture with another of the batch, or paste a square of it in."""
    other = torch.from_numpy(random.permutation(len(pixels)))
    if random.random() < 1 / 2:
        part = float(random.beta(0.4, 0.4))
        return torch.lerp(pixels[other], pixels, part), torch.lerp(targets[other], targets, part)
    whole = pixels.shape[-1]
    side = round(whole * math.sqrt(random.uniform(0.1, 0.5)))
    left, top = random.integers(whole - side + 1, size=2)
    rows, columns = slice(top, top + side), slice(left, left + side)
    pasted = pixels.clone()
    pasted[:, :, rows, columns] = pixels[other][:, :, rows, columns]
    return pasted, torch.lerp(targets, targets[other], side**2 / whole**2)


class _Scaled(nn.Module):
    """A convolution's weight, multiplied by the scale of its batch normalisation."""

    scale: Tensor

    def __init__(self, scale: Tensor) -> None:
        super().__init__()
        self.register_buffer("scale", scale)

    def forward(self, weight: Tensor) -> Tensor:
        return weight * self.scale

    def right_inverse(self, weight: Tensor) -> Tensor:
        return weight / self.scale


def _learnable(start: Backbone, first: int) -> Backbone:
    """Return a folded copy that learns from layer `first` on as if it were not folded."""
    network = fold_batch_norm(start)
    scales = batch_norm_scales(start)
    for name, module in network.named_modules():
        if isinstance(module, nn.ReLU6):
            module.inplace = True
        if isinstance(module, nn.Conv2d):
            module.weight.data = module.weight.data.contiguous(memory_format=torch.channels_last)
            learns = int(name.split(".")[1]) >= first
            module.requires_grad_(learns)
            if learns:
                scale = scales[name]
                tiny = torch.full_like(scale, LEAST_SCALE)
                scale = torch.where(scale.abs() < LEAST_SCALE, tiny, scale)
                parametrize.register_parametrization(
                    module, "weight", _Scaled(scale[:, None, None, None])
                )
    return network


def _digest(
    items: Sequence[ItemFrames],
    labels: Sequence[str],
    start: Backbone,
    recipe: TuneRecipe,
    seed: int,
) -> str:
    """Return a name for the run: of what it starts from, how, and on what it is done.

    How far its weights go back at the end is no part of it.
    """
    run = {name: value for name, value in asdict(recipe).items() if name != "pretrained"}
    digest = hashlib.sha256(f"{run} {seed} {list(labels)}".encode())
    digest.update(item_weights([one.item for one in items]).tobytes())
    for value in start.state_dict().values():
        digest.update(value.numpy().tobytes())
    for one in items:
        digest.update(f"{one.digest} {one.item.label} {one.item.source} {one.item.group}".encode())
    return digest.hexdigest()


def _write(path: Path, state: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        torch.save(state, file)
    Path(file.name).replace(path)
