"""The backbone's convolutions in the order in which they run."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from torch import Tensor, nn
from torch.nn.functional import conv2d

from training.backbone import Backbone, Block


@dataclass(frozen=True)
class Layer:
    """A convolution with its bias, and the ReLU that may follow it."""

    name: str
    convolution: nn.Conv2d
    activation: str | None
    """The name of the ReLU that follows; none where none does."""
    most: float
    """What that ReLU cuts at: 6 in the network as it is trained."""

    @property
    def active(self) -> bool:
        """Whether a ReLU follows."""
        return self.activation is not None

    @property
    def weight(self) -> Tensor:
        """`[out, in / groups, size, size]`."""
        return self.convolution.weight

    @property
    def bias(self) -> Tensor:
        """`[out]`."""
        if self.convolution.bias is None:
            raise TypeError("a convolution without its folded bias")
        return self.convolution.bias

    def sums(self, maps: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        """Return the convolution of `maps` with other weights, before the ReLU."""
        one = self.convolution
        return conv2d(maps, weight, bias, one.stride, one.padding, one.dilation, one.groups)

    def activate(self, sums: Tensor) -> Tensor:
        """Return the ReLU of `sums` where one follows, else `sums`."""
        return sums.clamp(0.0, self.most) if self.active else sums

    def run(self, maps: Tensor) -> Tensor:
        """Return what the layer makes of `maps`."""
        return self.activate(self.sums(maps, self.weight, self.bias))


@dataclass(frozen=True)
class Unit:
    """Layers one after the other; if `residual`, the input is added to what the last gives."""

    name: str
    layers: tuple[Layer, ...]
    residual: bool


def units(folded: Backbone) -> list[Unit]:
    """Return the units of a backbone whose batch normalisation is folded."""
    found = []
    for index, module in folded.features.named_children():
        name = f"features.{index}"
        if isinstance(module, Block):
            found.append(Unit(name, tuple(_layers(module.conv, f"{name}.conv")), module.residual))
        elif isinstance(module, nn.Sequential):
            found.append(Unit(name, tuple(_layers(module, name)), residual=False))
    return found


def _layers(sequence: nn.Sequential, name: str) -> Iterator[Layer]:
    children = [
        (f"{name}.{index}", module)
        for index, module in sequence.named_children()
        if not isinstance(module, nn.Identity)
    ]
    for (one, module), (after, follower) in pairwise([*children, ("", nn.Identity())]):
        if isinstance(module, nn.Conv2d):
            if isinstance(follower, nn.ReLU6):
                yield Layer(one, module, after, follower.max_val)
            else:
                yield Layer(one, module, None, math.inf)
