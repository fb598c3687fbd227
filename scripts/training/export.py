"""The two ONNX graphs of a model package, written node by node so that they stay small and plain.

`backbone.onnx` holds Conv, Clip, Add, GlobalAveragePool and Flatten; `head.onnx` Transpose, LSTM,
Squeeze and Gemm. Both take any number of pictures or windows at once (`N`).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from training.backbone import Backbone, Block, fold_batch_norm
from training.contract import FEATURE_SIZE, FRAMES, INPUT_SIZE
from training.errors import TrainingError
from training.head import Head
from training.runtime import session

OPSET = 17
IR_VERSION = 8
PRODUCER = "actionscope"

AGREEMENT = 1e-4
"""How far a graph may be from PyTorch."""


class _Graph:
    """Nodes and weights as they are put together."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def constant(self, name: str, values: NDArray[np.generic]) -> str:
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, operator: str, inputs: Sequence[str], output: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [output], name=output, **attributes))
        return output

    def model(
        self, name: str, source: tuple[str, list[int]], result: tuple[str, list[int]]
    ) -> onnx.ModelProto:
        def value(name: str, shape: list[int]) -> onnx.ValueInfoProto:
            return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", *shape])

        graph = helper.make_graph(
            self.nodes, name, [value(*source)], [value(*result)], self.weights
        )
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name=PRODUCER
        )
        model.ir_version = IR_VERSION
        onnx.checker.check_model(model, full_check=True)
        return model


def _numpy(tensor: Tensor) -> NDArray[np.float32]:
    return np.asarray(tensor.detach().numpy(), dtype=np.float32)


def backbone_onnx(backbone: Backbone) -> bytes:
    """Return the graph `pixels [N, 3, 224, 224] -> features [N, 1280]`."""
    graph = _Graph()
    low = graph.constant("zero", np.array(0.0, dtype=np.float32))
    high = graph.constant("six", np.array(6.0, dtype=np.float32))

    def chain(value: str, layers: nn.Sequential, name: str) -> str:
        for index, layer in layers.named_children():
            if isinstance(layer, nn.Conv2d):
                if layer.bias is None:
                    raise TypeError("a convolution without its folded bias")
                size, stride, pad = layer.kernel_size, layer.stride, layer.padding
                weight = graph.constant(f"{name}.{index}.weight", _numpy(layer.weight))
                bias = graph.constant(f"{name}.{index}.bias", _numpy(layer.bias))
                value = graph.node(
                    "Conv",
                    [value, weight, bias],
                    f"{name}.{index}",
                    kernel_shape=list(size),
                    strides=list(stride),
                    pads=[int(pad[0]), int(pad[1])] * 2,
                    dilations=[1, 1],
                    group=layer.groups,
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
    model = graph.model("mobilenet_v2", source, ("features", [FEATURE_SIZE]))
    return bytes(model.SerializeToString(deterministic=True))


def head_onnx(head: Head) -> bytes:
    """Return the graph `features [N, 20, 1280] -> logits [N, labels]`.

    The standardisation of the features is folded into the LSTM's input weights.
    """
    lstm, hidden = dict(head.lstm.named_parameters()), head.lstm.hidden_size
    weight_in = lstm["weight_ih_l0"].double() / head.std.double()
    bias_in = lstm["bias_ih_l0"].double() - weight_in @ head.mean.double()

    def reordered(gates: Tensor) -> NDArray[np.float32]:
        """Turn PyTorch's gate order (i, f, g, o) into ONNX's (i, o, f, c)."""
        i, f, g, o = gates.float().split(hidden)
        return np.concatenate([_numpy(part) for part in (i, o, f, g)])

    graph = _Graph()
    biases = np.concatenate([reordered(bias_in), reordered(lstm["bias_hh_l0"])])
    steps = graph.node("Transpose", ["features"], "steps", perm=[1, 0, 2])
    w = graph.constant("lstm.W", reordered(weight_in)[np.newaxis])
    r = graph.constant("lstm.R", reordered(lstm["weight_hh_l0"])[np.newaxis])
    b = graph.constant("lstm.B", biases[np.newaxis])
    graph.nodes.append(
        helper.make_node("LSTM", [steps, w, r, b], ["", "lstm.h"], name="lstm", hidden_size=hidden)
    )
    axes = graph.constant("axes", np.array([0], dtype=np.int64))
    last = graph.node("Squeeze", ["lstm.h", axes], "last")
    weight = graph.constant("dense.weight", _numpy(head.dense.weight))
    bias = graph.constant("dense.bias", _numpy(head.dense.bias))
    graph.node("Gemm", [last, weight, bias], "logits", transB=1)
    source = ("features", [FRAMES, FEATURE_SIZE])
    model = graph.model("lstm_head", source, ("logits", [head.dense.out_features]))
    return bytes(model.SerializeToString(deterministic=True))


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
