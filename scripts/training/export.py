"""The two ONNX graphs of a model package that was trained here.

The backbone's holds Conv, Clip, Add, GlobalAveragePool and Flatten, in integers QuantizeLinear and
DequantizeLinear, too; the head's Transpose, LSTM, Squeeze and Gemm. Both take any number of
pictures or windows at once (`N`).
"""

from collections.abc import Callable, Sequence
from typing import TypedDict

import numpy as np
import torch
from torch import Tensor, nn

from training.backbone import Backbone, fold_batch_norm
from training.contract import FEATURE_SIZE, FRAMES, INPUT_SIZE
from training.errors import TrainingError
from training.head import Head
from training.layers import Layer, Unit, units
from training.onnx_graph import Graph, Weights
from training.quantise import Quantised
from training.runtime import session

AGREEMENT = 1e-4
"""How far a graph may be from PyTorch."""


class _Geometry(TypedDict):
    stride: int
    pads: tuple[int, int]
    groups: int


def _numpy(tensor: Tensor) -> Weights:
    return np.asarray(tensor.detach().numpy(), dtype=np.float32)


def backbone_onnx(backbone: Backbone) -> bytes:
    """Return the graph `pixels [N, 3, 224, 224] -> features [N, 1280]`."""

    def convolve(graph: Graph, value: str, layer: Layer) -> str:
        weights = (_numpy(layer.weight), _numpy(layer.bias))
        return graph.convolution(value, layer.name, weights, **_geometry(layer))

    return _backbone_file(units(fold_batch_norm(backbone)), convolve)


def quantised_backbone_onnx(quantised: Quantised) -> bytes:
    """Return the same graph in integers, as QuantizeLinear and DequantizeLinear say it."""

    def convolve(graph: Graph, value: str, layer: Layer) -> str:
        one = quantised.layers[layer.name]
        given = one.given
        read = graph.quantised(
            value, f"{layer.name}.given", given.scale, given.zero_point, given.bounds
        )
        weights = (one.quanta, one.scales, one.bias_quanta, one.bias_scales)
        return graph.quantised_convolution(read, layer.name, weights, **_geometry(layer))

    return _backbone_file(quantised.units, convolve)


def _geometry(layer: Layer) -> _Geometry:
    one = layer.convolution
    padding = int(one.padding[0])
    return {"stride": one.stride[0], "pads": (padding, padding), "groups": one.groups}


def _backbone_file(found: Sequence[Unit], convolve: Callable[[Graph, str, Layer], str]) -> bytes:
    graph = Graph()
    low = graph.constant("zero", np.array(0.0, dtype=np.float32))
    highs = {6.0: graph.constant("six", np.array(6.0, dtype=np.float32))}
    value = "pixels"
    for unit in found:
        before = value
        for layer in unit.layers:
            value = convolve(graph, value, layer)
            if layer.activation is not None:
                if layer.most not in highs:
                    most = np.array(layer.most, dtype=np.float32)
                    highs[layer.most] = graph.constant(f"{layer.activation}.most", most)
                value = graph.node("Clip", [value, low, highs[layer.most]], layer.activation)
        if unit.residual:
            value = graph.node("Add", [before, value], f"{unit.name}.add")
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
