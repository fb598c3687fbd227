"""Quantised convolutions on our engine and on onnxruntime, node by node.

Both get the same quanta in, so that what comes out may differ by one quantum at most: onnxruntime
computes in float what our engine sums up in integers.
"""

from collections.abc import Iterator

import numpy as np
import onnx
import onnxruntime
import pytest
from engine_tool import EngineTool
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

SEEDS = 300
PER_TEST = 50
MOST_QUANTUM = 127
OPSET = 17

Numbers = NDArray[np.generic]


class QuantisedConvolution:
    """A Clip, QuantizeLinear and DequantizeLinear before a Conv of int8 weights, and after it.

    Seven bits: each Clip ends at the quantum 127. With `residual` the sum with a float input is
    what is quantised at the end; without, it is the convolution itself.
    """

    def __init__(self, seed: int) -> None:
        """Draw everything."""
        random = np.random.default_rng(seed)
        self._nodes: list[onnx.NodeProto] = []
        self._weights: list[onnx.TensorProto] = []
        depthwise = random.random() < 0.4
        channels = int(random.integers(1, 40))
        outputs = channels if depthwise else int(random.integers(1, 40))
        kernel = 3 if depthwise else int(random.choice([1, 1, 3]))
        stride = int(random.integers(1, 3))
        size = int(random.integers(3, 15))
        shape = [int(random.integers(1, 3)), channels, size, size + int(random.integers(0, 4))]
        self.input = random.standard_normal(shape).astype(np.float32)
        groups = channels if depthwise else 1
        weights = random.integers(-127, 128, [outputs, channels // groups, kernel, kernel])
        scales = (random.random(outputs) * 0.02 + 0.001).astype(np.float32)

        value = self._quantised("input", 0.03, int(random.integers(0, 128)))
        kernels = self._node(
            "DequantizeLinear",
            self._constant(weights.astype(np.int8)),
            self._constant(scales),
            self._constant(np.zeros(outputs, np.int8)),
            axis=0,
        )
        bias = self._constant(random.standard_normal(outputs).astype(np.float32))
        value = self._node(
            "Conv",
            value,
            kernels,
            bias,
            group=groups,
            kernel_shape=[kernel, kernel],
            strides=[stride, stride],
            pads=[kernel // 2] * 4,
        )
        six = [self._constant(np.float32(bound)) for bound in (0, 6)]
        if random.random() < 0.5:
            value = self._node("Clip", value, *six)
            point = 0
        else:
            point = int(random.integers(0, 128))
        self._quantised(value, float(random.random() * 0.1 + 0.01), point)
        self.quanta_out = self._nodes[-2].output[0]

    def file(self) -> bytes:
        """Return the graph as an ONNX file whose outputs are the last quanta and their numbers."""
        numbers = self._nodes[-1].output[0]
        graph = helper.make_graph(
            self._nodes,
            "quantised",
            [helper.make_tensor_value_info("input", TensorProto.FLOAT, self.input.shape)],
            [
                helper.make_tensor_value_info(self.quanta_out, TensorProto.UINT8, None),
                helper.make_tensor_value_info(numbers, TensorProto.FLOAT, None),
            ],
            self._weights,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
        model.ir_version = 8
        return bytes(model.SerializeToString())

    def _constant(self, values: Numbers) -> str:
        name = f"constant{len(self._weights)}"
        self._weights.append(numpy_helper.from_array(np.asarray(values), name))
        return name

    def _node(self, operator: str, *inputs: str, **attributes: object) -> str:
        output = f"value{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output

    def _quantised(self, value: str, scale: float, point: int) -> str:
        factor = np.float32(scale)
        bounds = [np.float32((quantum - point) * factor) for quantum in (0, MOST_QUANTUM)]
        clipped = self._node("Clip", value, *(self._constant(bound) for bound in bounds))
        parts = [self._constant(factor), self._constant(np.uint8(point))]
        quanta = self._node("QuantizeLinear", clipped, *parts)
        return self._node("DequantizeLinear", quanta, *parts)


@pytest.fixture(scope="module")
def engine() -> Iterator[EngineTool]:
    with EngineTool() as tool:
        yield tool


@pytest.mark.parametrize("first", range(0, SEEDS, PER_TEST))
def test_quantised_convolutions_are_one_quantum_apart_at_most(
    engine: EngineTool, first: int
) -> None:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    apart = 0
    total = 0
    for seed in range(first, first + PER_TEST):
        graph = QuantisedConvolution(seed)
        file = graph.file()
        session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
        wanted, _ = session.run(None, {"input": graph.input})
        ours, _ = engine.run(file, [graph.input])
        assert ours.dtype == wanted.dtype
        assert wanted.max() <= MOST_QUANTUM
        distance = np.abs(ours.astype(np.int32) - wanted.astype(np.int32))
        assert distance.max() <= 1, f"seed {seed}"
        apart += int((distance > 0).sum())
        total += distance.size
    # Sums that fall between two quanta are rare.
    assert apart / total < 1e-3
