"""ONNX graphs put together node by node, so that they stay small and plain."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

OPSET = 17
IR_VERSION = 8
PRODUCER = "actionscope"

Weights = NDArray[np.float32]
Quanta = NDArray[np.int8]
Sums = NDArray[np.int32]


class Graph:
    """Nodes and weights as they are put together. A value is known by its name."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._nodes: list[onnx.NodeProto] = []
        self._weights: list[onnx.TensorProto] = []

    def constant(self, name: str, values: NDArray[np.generic]) -> str:
        """Add a constant; return its name."""
        self._weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, operator: str, inputs: Sequence[str], output: str, **attributes: Any) -> str:
        """Add a node of one output, of which it takes the name; return that name."""
        self._nodes.append(helper.make_node(operator, inputs, [output], name=output, **attributes))
        return output

    def convolution(
        self,
        value: str,
        name: str,
        weights: tuple[Weights, Weights],
        *,
        stride: int,
        pads: tuple[int, int],
        groups: int = 1,
    ) -> str:
        """Add a convolution of square kernels; return its output, called `name`.

        `weights`: kernels `[out, channels / groups, size, size]` and bias `[out]`. `pads`: rows of
        zeros above (and columns to the left), and rows below (and columns to the right).
        """
        kernels, bias = weights
        weight = self.constant(f"{name}.weight", kernels)
        inputs = [value, weight, self.constant(f"{name}.bias", bias)]
        return self._convolution(inputs, name, kernels.shape[2], stride, pads, groups)

    def quantised_convolution(
        self,
        value: str,
        name: str,
        weights: tuple[Quanta, Weights, Sums, Weights],
        *,
        stride: int,
        pads: tuple[int, int],
        groups: int = 1,
    ) -> str:
        """Add a convolution whose weights are int8; `value` is one that `quantised` gave.

        `weights`: quanta `[out, channels / groups, size, size]` and what one stands for, `[out]`;
        the bias' quanta and what one stands for, `[out]` both.
        """
        quanta, scales, bias_quanta, bias_scales = weights
        weight = self._dequantised(f"{name}.weight", quanta, scales)
        bias = self._dequantised(f"{name}.bias", bias_quanta, bias_scales)
        return self._convolution([value, weight, bias], name, quanta.shape[2], stride, pads, groups)

    def _dequantised(self, name: str, quanta: Quanta | Sums, scales: Weights) -> str:
        parts = [
            self.constant(f"{name}.quanta", quanta),
            self.constant(f"{name}.scales", scales),
            self.constant(f"{name}.zeros", np.zeros(len(scales), dtype=quanta.dtype)),
        ]
        return self.node("DequantizeLinear", parts, name, axis=0)

    def quantised(
        self, value: str, name: str, scale: float, zero_point: int, bounds: tuple[float, float]
    ) -> str:
        """Add the way of a value to uint8 quanta and back; return the result.

        `bounds`: the numbers that the value is clipped to before, so that the graph says which
        quanta there are; QuantizeLinear alone knows only 0 to 255.
        """
        limits = [
            self.constant(f"{name}.{which}", np.array(bound, dtype=np.float32))
            for which, bound in zip(("least", "greatest"), bounds, strict=True)
        ]
        parts = [
            self.constant(f"{name}.scale", np.array(scale, dtype=np.float32)),
            self.constant(f"{name}.zero_point", np.array(zero_point, dtype=np.uint8)),
        ]
        clipped = self.node("Clip", [value, *limits], f"{name}.clipped")
        quanta = self.node("QuantizeLinear", [clipped, *parts], f"{name}.quanta")
        return self.node("DequantizeLinear", [quanta, *parts], f"{name}.numbers")

    def _convolution(
        self,
        inputs: Sequence[str],
        name: str,
        size: int,
        stride: int,
        pads: tuple[int, int],
        groups: int,
    ) -> str:
        return self.node(
            "Conv",
            inputs,
            name,
            kernel_shape=[size] * 2,
            strides=[stride] * 2,
            pads=[pads[0]] * 2 + [pads[1]] * 2,
            dilations=[1, 1],
            group=groups,
        )

    def last_state(
        self,
        sequences: str,
        weights: tuple[Weights, Weights],
        biases: tuple[Weights, Weights],
    ) -> str:
        """Add an LSTM over `[N, frames, features]`; return its last state, `[N, hidden]`.

        `weights`: `[4 hidden, features]` and `[4 hidden, hidden]`; `biases`: two of `[4 hidden]`,
        which are added up. The gates are in the order of PyTorch and Keras: input, forget, cell,
        output; ONNX has input, output, forget, cell.
        """

        def reordered(gates: Weights) -> Weights:
            i, f, c, o = np.split(gates, 4)
            return np.concatenate([i, o, f, c])

        steps = self.node("Transpose", [sequences], "steps", perm=[1, 0, 2])
        w = self.constant("lstm.W", reordered(weights[0])[np.newaxis])
        r = self.constant("lstm.R", reordered(weights[1])[np.newaxis])
        bias = np.concatenate([reordered(one) for one in biases])
        b = self.constant("lstm.B", bias[np.newaxis])
        hidden = weights[1].shape[1]
        outputs = ["", "lstm.h"]
        self._nodes.append(
            helper.make_node("LSTM", [steps, w, r, b], outputs, name="lstm", hidden_size=hidden)
        )
        axes = self.constant("axes", np.array([0], dtype=np.int64))
        return self.node("Squeeze", ["lstm.h", axes], "last")

    def dense(self, value: str, name: str, weight: Weights, bias: Weights, output: str) -> str:
        """Add a dense layer of weights `[out, in]` and bias `[out]`; return its output's name."""
        constants = [self.constant(f"{name}.weight", weight), self.constant(f"{name}.bias", bias)]
        return self.node("Gemm", [value, *constants], output, transB=1)

    def file(
        self, name: str, source: tuple[str, list[int]], result: tuple[str, list[int]]
    ) -> bytes:
        """Return the checked graph as a file; its input and output have any number of rows, `N`."""

        def value(name: str, shape: list[int]) -> onnx.ValueInfoProto:
            return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", *shape])

        graph = helper.make_graph(
            self._nodes, name, [value(*source)], [value(*result)], self._weights
        )
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name=PRODUCER
        )
        model.ir_version = IR_VERSION
        onnx.checker.check_model(model, full_check=True)
        return bytes(model.SerializeToString(deterministic=True))
