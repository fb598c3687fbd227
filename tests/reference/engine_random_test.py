"""Random graphs on our engine and on onnxruntime: what the node suite has no case of.

Convolutions with groups, depthwise ones, strides, dilation, lopsided pads, odd sizes and batches of
0 to 3, with what stands around them in networks.
"""

from collections.abc import Iterator

import numpy as np
import onnx
import onnxruntime
import pytest
from engine_tool import EngineTool
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

SEEDS = 2000
PER_TEST = 100
TOLERANCE = 1e-4
OPSET = 17

Floats = NDArray[np.float32]


class RandomGraph:
    """A graph that grows node by node, each of which fits what is there."""

    def __init__(self, seed: int) -> None:
        """Draw the input and the nodes."""
        self._random = np.random.default_rng(seed)
        self._nodes: list[onnx.NodeProto] = []
        self._weights: list[onnx.TensorProto] = []
        self._value = "input"
        batch = int(self._random.integers(0, 4))
        self._shape = [batch, *(int(self._random.integers(1, most)) for most in (25, 20, 20))]
        self.input = self._floats(self._shape)
        self._convolution()
        for _ in range(int(self._random.integers(0, 4))):
            self._one_of(self._convolution, self._clip, self._relu, self._normalise, self._add)
        if self._random.random() < 0.5:
            self._end()

    def file(self) -> bytes:
        """Return the graph as an ONNX file, its batch left open."""
        sizes = ["N", *self.input.shape[1:]]
        graph = helper.make_graph(
            self._nodes,
            "random",
            [helper.make_tensor_value_info("input", TensorProto.FLOAT, sizes)],
            [helper.make_tensor_value_info(self._value, TensorProto.FLOAT, None)],
            self._weights,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
        model.ir_version = 8
        return bytes(model.SerializeToString())

    def _floats(self, shape: list[int], scale: float = 1.0) -> Floats:
        return (self._random.standard_normal(shape) * scale).astype(np.float32)

    def _one_of(self, *nodes: object) -> None:
        node = nodes[int(self._random.integers(len(nodes)))]
        assert callable(node)
        node()

    def _constant(self, values: NDArray[np.generic]) -> str:
        name = f"constant{len(self._weights)}"
        self._weights.append(numpy_helper.from_array(values, name))
        return name

    def _node(self, operator: str, *inputs: str, **attributes: object) -> None:
        output = f"value{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        self._value = output

    def _pair(self, most: int) -> list[int]:
        return [int(size) for size in self._random.integers(1, most + 1, 2)]

    def _convolution(self) -> None:
        channels, *sizes = self._shape[1:]
        divisors = [groups for groups in range(1, channels + 1) if channels % groups == 0]
        groups = int(self._random.choice([1, channels, *divisors]))
        outputs = groups * int(self._random.integers(1, 9 if groups < 8 else 3))
        if groups == channels and self._random.random() < 0.7:
            outputs = channels
        kernel, strides, dilations = self._pair(3), self._pair(3), self._pair(2)
        if self._random.random() < 0.3:
            kernel = [1, 1]
        reach = [(size - 1) * step + 1 for size, step in zip(kernel, dilations, strict=True)]
        pads = [int(pad) for pad in self._random.integers(0, 3, 4)]
        for axis in range(2):
            lacking = reach[axis] - sizes[axis] - pads[axis] - pads[axis + 2]
            pads[axis] += max(0, lacking)
        fan_in = channels // groups * kernel[0] * kernel[1]
        weights = self._constant(self._floats([outputs, channels // groups, *kernel], fan_in**-0.5))
        bias = [self._constant(self._floats([outputs]))] if self._random.random() < 0.7 else []
        self._node(
            "Conv",
            self._value,
            weights,
            *bias,
            group=groups,
            kernel_shape=kernel,
            strides=strides,
            dilations=dilations,
            pads=pads,
        )
        self._shape[1] = outputs
        for axis in range(2):
            room = sizes[axis] + pads[axis] + pads[axis + 2] - reach[axis]
            self._shape[2 + axis] = room // strides[axis] + 1

    def _clip(self) -> None:
        low, high = np.sort(self._floats([2], 2.0))
        self._node("Clip", self._value, self._constant(low), self._constant(high))

    def _relu(self) -> None:
        self._node("Relu", self._value)

    def _normalise(self) -> None:
        channels = [self._shape[1]]
        statistics = [self._floats(channels) for _ in range(3)]
        variance = np.abs(self._floats(channels)) + np.float32(0.1)
        parts = [self._constant(values) for values in [*statistics, variance]]
        self._node("BatchNormalization", self._value, *parts)

    def _add(self) -> None:
        earlier = self._value
        if self._random.random() < 0.5:
            weights = self._floats([self._shape[1]] * 2, self._shape[1] ** -0.5)
            self._node("Conv", earlier, self._constant(weights[:, :, np.newaxis, np.newaxis]))
            self._node("Add", *self._random.permutation([self._value, earlier]).tolist())
        else:
            other = self._floats([self._shape[1], 1, 1])
            self._node("Add", earlier, self._constant(other))

    def _end(self) -> None:
        batch, channels = self._shape[:2]
        self._one_of(
            lambda: self._node("GlobalAveragePool", self._value),
            lambda: self._node("ReduceMean", self._value, axes=[2, 3], keepdims=0),
            lambda: self._node("Transpose", self._value, perm=[2, 0, 3, 1]),
            lambda: self._node("Flatten", self._value, axis=1),
            lambda: self._node("Softmax", self._value, axis=1),
            self._classify,
        )
        self._shape = [batch, channels]

    def _classify(self) -> None:
        self._node("GlobalAveragePool", self._value)
        self._node("Flatten", self._value, axis=1)
        weights = self._constant(self._floats([7, self._shape[1]], self._shape[1] ** -0.5))
        self._node("Gemm", self._value, weights, self._constant(self._floats([7])), transB=1)


@pytest.fixture(scope="module")
def engine() -> Iterator[EngineTool]:
    with EngineTool() as tool:
        yield tool


@pytest.mark.parametrize("first", range(0, SEEDS, PER_TEST))
def test_random_graphs(engine: EngineTool, first: int) -> None:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    for seed in range(first, first + PER_TEST):
        graph = RandomGraph(seed)
        file = graph.file()
        session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
        (wanted,) = session.run(None, {"input": graph.input})
        (ours,) = engine.run(file, [graph.input])
        assert ours.shape == wanted.shape, f"seed {seed}"
        np.testing.assert_allclose(
            ours, wanted, rtol=TOLERANCE, atol=TOLERANCE, err_msg=f"seed {seed}"
        )
