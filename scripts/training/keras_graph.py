"""The two ONNX graphs of a package that was a Keras model."""

import numpy as np

from training.contract import FEATURE_SIZE, INPUT_SIZE
from training.keras_network import Block, Convolution, Network, mobilenet_v2
from training.onnx_graph import Graph


def keras_backbone_onnx(network: Network) -> bytes:
    """Return the graph `pixels [N, 3, 224, 224] -> features [N, 1280]`."""
    graph = Graph()
    low = graph.constant("zero", np.array(0.0, dtype=np.float32))
    high = graph.constant("six", np.array(6.0, dtype=np.float32))

    def convolved(value: str, convolution: Convolution) -> str:
        name = convolution.name
        result = graph.convolution(
            value,
            name,
            network.convolutions[name],
            stride=convolution.stride,
            pads=_pads(convolution),
            groups=convolution.channels if convolution.depthwise else 1,
        )
        return (
            graph.node("Clip", [result, low, high], f"{name}.relu")
            if convolution.active
            else result
        )

    def through(value: str, block: Block) -> str:
        result = value
        for convolution in block.convolutions:
            result = convolved(result, convolution)
        return graph.node("Add", [value, result], f"{result}.add") if block.residual else result

    value = "pixels"
    for block in mobilenet_v2():
        value = through(value, block)
    pooled = graph.node("GlobalAveragePool", [value], "pool")
    graph.node("Flatten", [pooled], "features", axis=1)
    source = ("pixels", [3, INPUT_SIZE, INPUT_SIZE])
    return graph.file("keras_mobilenet_v2", source, ("features", [FEATURE_SIZE]))


def keras_head_onnx(network: Network) -> bytes:
    """Return the graph `features [N, frames, 1280] -> logits [N, classes]`, without the softmax."""
    graph = Graph()
    weight_in, weight_state, bias = network.lstm
    value = graph.last_state("features", (weight_in, weight_state), (bias, np.zeros_like(bias)))
    *hidden, last = network.dense
    for index, dense in enumerate(hidden):
        name = f"hidden_{index}"
        value = graph.dense(value, name, dense.weight, dense.bias, name)
        value = graph.node("Relu", [value], f"{name}.relu")
    graph.dense(value, "dense", last.weight, last.bias, "logits")
    source = ("features", [network.frames, FEATURE_SIZE])
    return graph.file("keras_head", source, ("logits", [network.classes]))


def _pads(convolution: Convolution) -> tuple[int, int]:
    """Return the rows of zeros above and below.

    Every map that is halved has an even number of rows. Keras then pads them at one side only,
    below and to the right, where PyTorch's MobileNetV2 pads both.
    """
    around = convolution.size // 2
    return (0, around) if convolution.stride > 1 else (around, around)
