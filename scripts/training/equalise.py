"""The same backbone with channels of like ranges, which one scale for all of them then fits.

After "Data-Free Quantization Through Weight Equalization and Bias Correction" (Nagel et al., 2019),
with two changes: ranges are seen on pictures, not guessed from weights, and what blocks hand on is
shifted as well, since some of its channels lie far from zero and hardly move.
"""

from collections.abc import Sequence
from copy import deepcopy
from itertools import pairwise
from typing import cast

import torch
from torch import Tensor, nn

from training.backbone import Backbone
from training.layers import Layer, Unit, units

STREAM_POWER = 0.5
"""How far the channels that blocks hand on go to equal ranges: weights have ranges, too."""

MOST = 64.0
"""What a channel is scaled up by at most."""

FULL = 0.92
"""The part of the way to where its ReLU cuts that the greatest value seen of a channel is put."""

LEAST_RANGE = 1e-6
"""What a range is taken for that is smaller."""


def equalise(folded: Backbone, pixels: Tensor, most: float) -> Backbone:
    """Return a copy that says the same of `pixels` `[n, 3, 224, 224]` with other inner scales.

    `folded` has its batch normalisation folded into its convolutions. All of the copy's ReLUs but
    the last cut at `most`, instead of at 6.
    """
    backbone = deepcopy(folded)
    with torch.no_grad():
        _raise_cuts(backbone, most)
        found = units(backbone)
        _equalise_streams(found, _unit_maps(found, pixels))
        _fill_activations(found, pixels)
    return backbone


def _raise_cuts(backbone: Backbone, most: float) -> None:
    """Scale what stands before a ReLU, and its cut with it, and the weights after it back."""
    for layer, reader in pairwise(_layers(units(backbone))):
        if layer.activation is not None:
            factor = torch.tensor(most / layer.most)
            _scale_output(layer, factor.expand(len(layer.bias)))
            reader.weight.div_(factor)
            cast("nn.ReLU6", backbone.get_submodule(layer.activation)).max_val = most


def _unit_maps(found: Sequence[Unit], pixels: Tensor) -> list[Tensor]:
    """Return what each unit gives."""
    maps = [pixels]
    for unit in found:
        inner = maps[-1]
        for layer in unit.layers:
            inner = layer.run(inner)
        maps.append(maps[-1] + inner if unit.residual else inner)
    return maps[1:]


def _equalise_streams(found: Sequence[Unit], maps: Sequence[Tensor]) -> None:
    """Shift and scale what blocks hand on; all blocks that add to one stream alike.

    Only 1x1 convolutions read a stream, so that no border of zeros is shifted.
    """
    starts = [i for i, unit in enumerate(found) if not (unit.residual or unit.layers[-1].active)]
    for start, end in pairwise([*starts, len(found) - 1]):
        channels = [_channels(one) for one in maps[start:end]]
        low = torch.stack([one.amin(1) for one in channels]).amin(0)
        high = torch.stack([one.amax(1) for one in channels]).amax(0)
        shift, width = (low + high) / 2, (high - low).clamp_min(LEAST_RANGE)
        scale = (width / width.log().mean().exp()) ** STREAM_POWER
        found[start].layers[-1].bias.sub_(shift)
        for unit in found[start:end]:
            _scale_output(unit.layers[-1], 1 / scale)
        for unit in found[start + 1 : end + 1]:
            reader = unit.layers[0]
            reader.bias.add_(reader.weight.flatten(1) @ shift)
            _scale_input(reader, scale)


def _fill_activations(found: Sequence[Unit], pixels: Tensor) -> None:
    """Scale channels up that stay below the cut, so that it still cuts none of them."""
    readers = {one.name: reader for one, reader in pairwise(_layers(found))}
    maps = pixels
    for unit in found:
        inner = maps
        for layer in unit.layers:
            inner = layer.run(inner)
            if layer.active and layer.name in readers:
                greatest = _channels(inner).amax(1).clamp_min(LEAST_RANGE)
                scale = (FULL * layer.most / greatest).clamp(1, MOST)
                _scale_output(layer, scale)
                _scale_input(readers[layer.name], 1 / scale)
                inner *= scale.view(-1, 1, 1)
        maps = maps + inner if unit.residual else inner


def _layers(found: Sequence[Unit]) -> list[Layer]:
    return [layer for unit in found for layer in unit.layers]


def _channels(maps: Tensor) -> Tensor:
    return maps.transpose(0, 1).flatten(1)


def _scale_output(layer: Layer, scale: Tensor) -> None:
    layer.weight.mul_(scale.view(-1, 1, 1, 1))
    layer.bias.mul_(scale)


def _scale_input(layer: Layer, scale: Tensor) -> None:
    depthwise = layer.convolution.groups > 1
    layer.weight.mul_(scale.view(-1, 1, 1, 1) if depthwise else scale.view(1, -1, 1, 1))
