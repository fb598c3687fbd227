"""Writes backbone and head of a model package as tfjs takes them.

`network.json` lists the steps of the backbone and the head's tensors, `weights.bin` holds all
values: float32, one tensor after the other. Filters are turned from ONNX's order of dimensions to
tfjs's; nothing else is changed, and no graph is taken but one that this says all of.

    python export_network.py PACKAGE BACKBONE HEAD FOLDER
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

Array = NDArray[np.float32]
Json = dict[str, Any]


class Weights:
    """The values of all tensors, as one file."""

    def __init__(self) -> None:
        """Begin with no tensor."""
        self.values: list[bytes] = []
        self.count = 0

    def add(self, array: Array) -> Json:
        """Append a tensor and return where it lies, in floats."""
        place = {"offset": self.count, "shape": list(array.shape)}
        self.values.append(np.ascontiguousarray(array, dtype="<f4").tobytes())
        self.count += array.size
        return place


def constants(graph: onnx.GraphProto) -> dict[str, Array]:
    return {constant.name: numpy_helper.to_array(constant) for constant in graph.initializer}


def attributes(node: onnx.NodeProto) -> Json:
    return {
        attribute.name: onnx.helper.get_attribute_value(attribute) for attribute in node.attribute
    }


def require(*, holds: bool, what: str) -> None:
    if not holds:
        raise ValueError(f"the graph is another kind of network: {what}")


def convolution(node: onnx.NodeProto, known: dict[str, Array], weights: Weights) -> Json:
    filters, bias = known[node.input[1]], known[node.input[2]]
    settings = attributes(node)
    channels, per_group = filters.shape[:2]
    depthwise = settings["group"] == channels and per_group == 1
    require(holds=depthwise or settings["group"] == 1, what=f"{node.name} has groups")
    for name in ("strides", "pads", "dilations"):
        require(holds=len(set(settings[name])) == 1, what=f"{node.name} has uneven {name}")
    require(holds=settings["dilations"][0] == 1, what=f"{node.name} is dilated")
    return {
        "operation": "depthwise" if depthwise else "convolution",
        "input": node.input[0],
        "output": node.output[0],
        "filter": weights.add(filters.transpose((2, 3, 0, 1) if depthwise else (2, 3, 1, 0))),
        "bias": weights.add(bias),
        "stride": settings["strides"][0],
        "pad": settings["pads"][0],
        "relu6": False,
    }


def backbone(graph: onnx.GraphProto, weights: Weights) -> Json:
    """Return the steps; a clamp to 0..6 belongs to the convolution before it."""
    known = constants(graph)
    steps: list[Json] = []
    for node in graph.node:
        match node.op_type:
            case "Conv":
                steps.append(convolution(node, known, weights))
            case "Clip":
                low, high = (float(known[name].item()) for name in node.input[1:])
                fits = (low, high) == (0, 6) and steps[-1].get("output") == node.input[0]
                require(holds=fits, what=f"{node.name} is no ReLU6 of the step before")
                steps[-1] |= {"output": node.output[0], "relu6": True}
            case "Add":
                steps.append(
                    {"operation": "add", "inputs": [*node.input], "output": node.output[0]}
                )
            case "GlobalAveragePool":
                steps.append(
                    {"operation": "mean", "input": node.input[0], "output": node.output[0]}
                )
            case "Flatten":
                steps[-1]["output"] = node.output[0]
            case other:
                require(holds=False, what=f"it has {other}")
    return {"input": graph.input[0].name, "output": graph.output[0].name, "steps": steps}


def head(graph: onnx.GraphProto, weights: Weights) -> Json:
    """Return the tensors of one LSTM, whose last state a dense layer reads."""
    operations = [node.op_type for node in graph.node]
    require(holds=operations == ["Transpose", "LSTM", "Squeeze", "Gemm"], what=f"{operations}")
    known = constants(graph)
    lstm, dense = graph.node[1], graph.node[3]
    from_input, from_state, biases = (known[name][0] for name in lstm.input[1:4])
    inputs, outputs, forgets, cells = np.split(np.hstack([from_input, from_state]), 4)
    kernel = np.vstack([inputs, cells, forgets, outputs]).T
    both = np.split(biases, 2)
    inputs, outputs, forgets, cells = np.split(both[0] + both[1], 4)
    return {
        "kernel": weights.add(kernel),
        "bias": weights.add(np.concatenate([inputs, cells, forgets, outputs])),
        "dense": weights.add(known[dense.input[1]].T),
        "dense_bias": weights.add(known[dense.input[2]]),
    }


def main(package: Path, backbone_file: str, head_file: str, folder: Path) -> None:
    weights = Weights()
    network = {
        "backbone": backbone(onnx.load(package / backbone_file).graph, weights),
        "head": head(onnx.load(package / head_file).graph, weights),
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "network.json").write_text(json.dumps(network))
    (folder / "weights.bin").write_bytes(b"".join(weights.values))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], Path(sys.argv[4]))
