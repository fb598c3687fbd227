"""The shipped backbone in integers, on our engine and on onnxruntime.

Its scales are such that every sum is exact in floats, too: so what onnxruntime computes in floats
and our engine in integers is the same, quantum by quantum. Only the mean at the end is rounded.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from engine_tool import EngineTool
from numpy.typing import NDArray
from onnx import TensorProto, helper

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "models" / "ucf11"
PICTURES = 4
LAYERS = 52
MOST_QUANTUM = 127
LIMIT = 1e-6
"""Of the largest feature, how far a feature may be from onnxruntime's."""


@pytest.fixture(scope="module")
def engine() -> Iterator[EngineTool]:
    with EngineTool() as tool:
        yield tool


@pytest.fixture(scope="module")
def file() -> bytes:
    model = json.loads((PACKAGE / "model.json").read_text(encoding="utf-8"))
    return (PACKAGE / model["variants"]["int8"]["backbone"]["file"]).read_bytes()


@pytest.fixture(scope="module")
def pixels() -> NDArray[np.float32]:
    """Return pictures of patches, from large ones to grains."""
    random = np.random.default_rng(0)
    pictures = np.zeros((PICTURES, 3, 224, 224))
    for side in (4, 14, 56, 224):
        patches = random.standard_normal((PICTURES, 3, side, side))
        pictures += patches.repeat(224 // side, axis=2).repeat(224 // side, axis=3)
    return pictures.astype(np.float32) / 2


def onnxruntime_session(
    file: bytes, level: onnxruntime.GraphOptimizationLevel
) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    options.graph_optimization_level = level
    return onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])


@pytest.mark.parametrize(
    "level",
    [
        onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL,
        onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL,
    ],
)
def test_every_quantum_is_the_same(
    engine: EngineTool,
    file: bytes,
    pixels: NDArray[np.float32],
    level: onnxruntime.GraphOptimizationLevel,
) -> None:
    model = onnx.load_model_from_string(file)
    names = [node.output[0] for node in model.graph.node if node.op_type == "QuantizeLinear"]
    assert len(names) == LAYERS
    for name in names:
        model.graph.output.append(helper.make_tensor_value_info(name, TensorProto.UINT8, None))
    asked = model.SerializeToString()
    session = onnxruntime_session(asked, level)
    for picture in pixels:
        given = picture[np.newaxis]
        _, *ours = engine.run(asked, [given])
        for name, mine, theirs in zip(
            names, ours, session.run(names, {"pixels": given}), strict=True
        ):
            assert theirs.max() <= MOST_QUANTUM
            assert np.array_equal(mine, theirs), name


def test_features_are_the_same(
    engine: EngineTool, file: bytes, pixels: NDArray[np.float32]
) -> None:
    session = onnxruntime_session(file, onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL)
    for picture in pixels:
        given = picture[np.newaxis]
        (wanted,) = session.run(None, {"pixels": given})
        (ours,) = engine.run(file, [given])
        assert np.abs(ours - wanted).max() <= LIMIT * np.abs(wanted).max()
