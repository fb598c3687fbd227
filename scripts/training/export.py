"""The two ONNX graphs of a model package that was trained here.

`backbone.onnx` holds Conv, Clip, Add, GlobalAveragePool and Flatten; `head.onnx` Transpose, LSTM,
Squeeze and Gemm. Both take any number of pictures or windows at once (`N`).
"""

import numpy as np
import torch
from torch import Tensor, nn

from training.backbone import Backbone, Block, fold_batch_norm
from training.contract import FEATURE_SIZE, FRAMES, INPUT_SIZE
from training.errors import TrainingError
from training.head import Head
from training.onnx_graph import Graph, Weights
from training.runtime import session

AGREEMENT = 1e-4
"""How far a graph may be from PyTorch."""


def _numpy(tensor: Tensor) -> Weights:
    return np.asarray(tensor.detach().numpy(), dtype=np.float32)


def backbone_onnx(backbone: Backbone) -> bytes:
    """Return the graph `pixels [N, 3, 224, 224] -> features [N, 1280]`."""
    graph = Graph()
    low = graph.constant("zero", np.array(0.0, dtype=np.float32))
    high = graph.constant("six", np.array(6.0, dtype=np.float32))

    def chain(value: str, layers: nn.Sequential, name: str) -> str:
        for index, layer in layers.named_children():
            if isinstance(layer, nn.Conv2d):
                if layer.bias is None:
                    raise TypeError("a convolution without its folded bias")
                value = graph.convolution(
                    value,
                    f"{name}.{index}",
                    (_numpy(layer.weight), _numpy(layer.bias)),
                    stride=layer.stride[0],
                    pads=(int(layer.padding[0]), int(layer.padding[0])),
                    groups=layer.groups,
                )
            elif isinstance(layer, nn.ReLU6):
                value = graph.node("Clip", [value, low, high], f"{name}.{index}")
        return value

    value = "pixels"
    for index, layer in fold_batch_norm(backbone).features.named_children():
        name = f"features.{index}"
        if isinstance(layer, Block):
            out = chain(value, layer.conv, f"{name}.conv")
            value = graph.node("Add", [value, out], f"{name}.add") if layer.residual else out
        elif isinstance(layer, nn.Sequential):
            value = chain(value, layer, name)
    pooled = graph.node("GlobalAveragePool", [value], "pool")
    graph.node("Flatten", [pooled], "features", axis=1)
    source = ("pixels", [3, INPUT_SIZE, INPUT_SIZE])
    return graph.file("mobilenet_v2", source, ("features", [FEATURE_SIZE]))


def head_onnx(head: Head) -> bytes:
    """Return the graph `features [N, 20, 1280] -> logits [N, labels]`.

    The standardisation of the features is folded into the LSTM's input weights.
    """
    lstm = dict(head.lstm.named_parameters())
    weight_in = lstm["weight_ih_l0"].double() / head.std.double()
    bias_in = lstm["bias_ih_l0"].double() - weight_in @ head.mean.double()

    graph = Graph()
    last = graph.last_state(
        "features",
        (_numpy(weight_in), _numpy(lstm["weight_hh_l0"])),
        (_numpy(bias_in), _numpy(lstm["bias_hh_l0"])),
    )
    weight, bias = _numpy(head.dense.weight), _numpy(head.dense.bias)
    graph.dense(last, "dense", weight, bias, "logits")
    source = ("features", [FRAMES, FEATURE_SIZE])
    return graph.file("lstm_head", source, ("logits", [head.dense.out_features]))


def check_backbone(backbone: Backbone, file: bytes) -> None:
    """Make sure that the graph says what PyTorch says."""
    generator = torch.Generator().manual_seed(0)
    pixels = torch.randn(2, 3, INPUT_SIZE, INPUT_SIZE, generator=generator)
    _check_equal(backbone, file, "pixels", pixels)


def check_head(head: Head, file: bytes) -> None:
    """Make sure that the graph says what PyTorch says."""
    generator = torch.Generator().manual_seed(0)
    noise = torch.randn(3, FRAMES, FEATURE_SIZE, generator=generator)
    _check_equal(head, file, "features", (head.mean + head.std * noise).clamp_min(0))


def _check_equal(module: nn.Module, file: bytes, name: str, value: Tensor) -> None:
    module.eval()
    with torch.inference_mode():
        expected = module(value).numpy()
    (result,) = session(file).run(None, {name: value.numpy()})
    difference = float(np.abs(result - expected).max())
    if not difference < AGREEMENT:
        raise TrainingError(f"the graph of {name!r} differs from PyTorch by {difference:g}")
