"""The backbone in integers: 8-bit weights, 7-bit activations.

Weights have a scale for each channel, activations one for all, with a zero point. Seven bits,
because the products of two such pairs then fit the 16-bit sums of relaxed SIMD's dot product.
What blocks add up stays in float. Layer after layer the ranges are chosen, and biases are moved so
that each channel keeps its mean, on what the layers before it give in integers.

Scales are powers of two (the pixels' is one times five). So every product and every sum is exact
in a float, too, and whoever runs the graph, in floats or in integers and in whatever order, gets
the same quanta. With other scales a sum that falls between two quanta is rounded to this side by
one and to that by another; from a dozen such cases in an early layer a third of the last layer's
quanta came out differently, and features by 4 % of the largest.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.backbone import Backbone, fold_batch_norm
from training.equalise import equalise
from training.frames import ItemFrames
from training.layers import Unit, units
from training.preprocess import preprocess

PICTURES = 192
"""Pictures of the training items that ranges are seen on."""

MOST_QUANTUM = 127
"""Of activations, from 0 on, and of weights to both sides."""

VALUES = 100_000
"""Values of a map that its range is chosen by, drawn at random."""

CUT = 127 / 16
"""Where ReLUs cut: all quanta of the scale 1/16 are then in use."""

LOWER_CUTS = np.linspace(0.4, 1.0, 13)
"""Parts of the range below zero that are tried: to cut rare values off may lose less in all."""


@dataclass(frozen=True)
class Quantiser:
    """Numbers to quanta from 0 to `MOST_QUANTUM`: number = (quantum - zero_point) * scale."""

    scale: float
    zero_point: int

    @property
    def bounds(self) -> tuple[float, float]:
        """What the least and the greatest quantum stand for."""
        return -self.zero_point * self.scale, (MOST_QUANTUM - self.zero_point) * self.scale

    def nearest(self, values: Tensor) -> Tensor:
        """Return the numbers that stand for the nearest quanta."""
        quanta = torch.round(values / self.scale) + self.zero_point
        return (quanta.clamp(0, MOST_QUANTUM) - self.zero_point) * self.scale


FIRST = "features.0.0"
"""The layer that reads pixels."""

PIXELS = Quantiser(scale=5 / 128, zero_point=54)
"""Of normalised pixels: from -2.1 to 2.9, where black is -2.1 and white 2.6 at most."""


@dataclass(frozen=True)
class QuantisedLayer:
    """A layer in integers."""

    given: Quantiser
    """Of the maps that it reads."""
    quanta: NDArray[np.int8]
    """Weights `[out, in / groups, size, size]`."""
    scales: NDArray[np.float32]
    """What a quantum of each output channel's weights stands for, `[out]`."""
    bias_quanta: NDArray[np.int32]
    """Bias in products of the two kinds of quanta, so that sums are whole numbers, `[out]`."""

    @property
    def bias_scales(self) -> NDArray[np.float32]:
        """What one of `bias_quanta` stands for, `[out]`."""
        return self.scales * np.float32(self.given.scale)


@dataclass(frozen=True)
class Quantised:
    """A backbone in integers."""

    units: list[Unit]
    """Of the equalised backbone, in floats."""
    layers: dict[str, QuantisedLayer]
    """By name."""


def calibration_pixels(frames: Sequence[ItemFrames]) -> Tensor:
    """Return `[n, 3, 224, 224]`: a frame of each of `PICTURES` files at most, drawn at random."""
    random = np.random.default_rng(0)
    drawn = random.permutation(len(frames))[:PICTURES]
    pictures = [frames[i].frames[random.integers(len(frames[i].frames))] for i in drawn]
    return torch.from_numpy(np.stack([preprocess(np.asarray(one)) for one in pictures]))


def quantise(backbone: Backbone, pixels: Tensor) -> Quantised:
    """Return `backbone` in integers, made for pictures like `pixels` `[n, 3, 224, 224]`."""
    with torch.no_grad():
        found = units(equalise(fold_batch_norm(backbone), pixels, CUT))
        random = torch.Generator().manual_seed(0)
        layers: dict[str, QuantisedLayer] = {}
        wanted, got = pixels, pixels
        for unit in found:
            made, wanted, got = _quantise_unit(unit, wanted, got, random)
            layers.update(made)
    return Quantised(found, layers)


def _quantise_unit(
    unit: Unit, wanted: Tensor, got: Tensor, random: torch.Generator
) -> tuple[dict[str, QuantisedLayer], Tensor, Tensor]:
    """Return a unit's layers, and what it gives in floats of `wanted`, in integers of `got`."""
    layers = {}
    wanted_inner, got_inner = wanted, got
    for layer in unit.layers:
        given = PIXELS if layer.name == FIRST else _fit(got_inner, random)
        quanta, scales = _quantised_weights(layer.weight)
        wanted_sums = layer.sums(wanted_inner, layer.weight, layer.bias)
        weight = quanta * scales.view(-1, 1, 1, 1)
        got_sums = layer.sums(given.nearest(got_inner), weight, layer.bias)
        lost = (wanted_sums - got_sums).mean((0, 2, 3))
        wanted_inner = layer.activate(wanted_sums)
        got_inner = layer.activate(got_sums + lost.view(-1, 1, 1))
        bias = torch.round((layer.bias + lost) / (scales * given.scale))
        layers[layer.name] = QuantisedLayer(
            given, quanta.numpy().astype(np.int8), scales.numpy(), bias.numpy().astype(np.int32)
        )
    if unit.residual:
        wanted_inner, got_inner = wanted + wanted_inner, got + got_inner
    return layers, wanted_inner, got_inner


def _fit(maps: Tensor, random: torch.Generator) -> Quantiser:
    """Return the quantiser with the least mean squared error on `maps`."""
    values = maps.flatten()
    values = values[torch.randint(len(values), (VALUES,), generator=random)]
    low = min(0.0, float(maps.amin()))
    width = max(float(maps.amax()) - low, 1e-3)
    finest = math.floor(math.log2(width / MOST_QUANTUM)) - 1
    tried = [
        Quantiser(scale, min(MOST_QUANTUM, round(-low * float(cut) / scale)))
        for scale in (2.0**exponent for exponent in range(finest, finest + 3))
        for cut in (LOWER_CUTS if low < 0 else (1.0,))
    ]
    return min(tried, key=lambda one: float((one.nearest(values) - values).square().mean()))


def _quantised_weights(weight: Tensor) -> tuple[Tensor, Tensor]:
    """Return quanta and, for each output channel, the scale with the least squared error."""
    rows = weight.flatten(1)
    greatest = rows.abs().amax(1).clamp_min(1e-12)

    def quanta(scales: Tensor) -> Tensor:
        return torch.round(rows / scales[:, None]).clamp(-MOST_QUANTUM, MOST_QUANTUM)

    enough = torch.exp2(torch.ceil(torch.log2(greatest / MOST_QUANTUM)))
    tried = torch.stack([enough, enough / 2])
    errors = torch.stack([(quanta(one) * one[:, None] - rows).square().sum(1) for one in tried])
    scales = tried.gather(0, errors.argmin(0, keepdim=True))[0]
    return quanta(scales).view_as(weight), scales
