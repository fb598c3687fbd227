"""Networks out of a package's ONNX files, to have a second opinion on them.

PyTorch runs them, but for a backbone in integers, which ONNX Runtime runs.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from training.backbone import Backbone, fold_batch_norm
from training.contract import FEATURE_SIZE, RECIPE
from training.errors import TrainingError
from training.head import Head
from training.package import FP32, check_package
from training.runtime import session


@dataclass(frozen=True)
class Restored:
    """A variant of a package as networks."""

    model: dict[str, Any]
    """The contents of `model.json`."""
    variant: dict[str, Any]
    """The variant's entry in it."""
    backbone: nn.Module
    """Pixels `[n, 3, 224, 224]` to features `[n, 1280]`."""
    head: Head

    @property
    def labels(self) -> list[str]:
        """The labels in the order of the logits."""
        return [label["id"] for label in self.model["labels"]]


class OnnxBackbone(nn.Module):
    """A backbone that ONNX Runtime runs."""

    def __init__(self, file: bytes) -> None:
        """Load the graph."""
        super().__init__()
        self._session = session(file)

    def forward(self, pixels: Tensor) -> Tensor:
        """Map pixels `[n, 3, 224, 224]` to features `[n, 1280]`."""
        return torch.from_numpy(self._session.run(["features"], {"pixels": pixels.numpy()})[0])


def restore(folder: Path, name: str | None = None) -> Restored:
    """Read a variant of the package in `folder`, which must be of our own recipe.

    Without a `name` it is the one that the package is used with by default.
    """
    model = check_package(folder)
    for key, value in RECIPE.items():
        if model[key] != value:
            raise TrainingError(f"{folder / 'model.json'}: its {key!r} is not what training uses")
    name = name or model["default_variant"]
    variant = model["variants"][name]
    backbone = folder / variant["backbone"]["file"]
    return Restored(
        model,
        variant,
        _backbone(backbone) if name == FP32 else OnnxBackbone(backbone.read_bytes()),
        _head(folder / variant["head"]["file"]),
    )


def _weights(path: Path) -> dict[str, Tensor]:
    graph = onnx.load(path).graph
    return {
        one.name: torch.from_numpy(np.array(numpy_helper.to_array(one)))
        for one in graph.initializer
    }


def _backbone(path: Path) -> Backbone:
    weights = _weights(path)
    backbone = fold_batch_norm(Backbone())
    for name, module in backbone.named_modules():
        if isinstance(module, nn.Conv2d):
            module.load_state_dict({part: weights[f"{name}.{part}"] for part in ("weight", "bias")})
    return backbone.eval()


def _head(path: Path) -> Head:
    weights = _weights(path)

    def reordered(gates: Tensor) -> Tensor:
        """Turn ONNX's gate order (i, o, f, c) into PyTorch's (i, f, g, o)."""
        i, o, f, g = gates.chunk(4)
        return torch.cat([i, f, g, o])

    bias_in, bias_state = weights["lstm.B"][0].chunk(2)
    head = Head(labels=len(weights["dense.bias"]))
    head.load_state_dict(
        {
            "mean": torch.zeros(FEATURE_SIZE),
            "std": torch.ones(FEATURE_SIZE),
            "lstm.weight_ih_l0": reordered(weights["lstm.W"][0]),
            "lstm.weight_hh_l0": reordered(weights["lstm.R"][0]),
            "lstm.bias_ih_l0": reordered(bias_in),
            "lstm.bias_hh_l0": reordered(bias_state),
            "dense.weight": weights["dense.weight"],
            "dense.bias": weights["dense.bias"],
        }
    )
    return head.eval()
