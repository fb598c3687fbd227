"""The backbone in integers: what its graph says, and how near it stays to floats."""

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from onnx import TensorProto, helper
from torch import Tensor

from training.backbone import Backbone, fold_batch_norm, pretrained
from training.equalise import equalise
from training.export import quantised_backbone_onnx
from training.quantise import CUT, MOST_QUANTUM, Quantised, quantise
from training.runtime import session

STREAMS = 10
"""Blocks that add their input to what they give."""


@pytest.fixture(scope="module")
def backbone() -> Backbone:
    return pretrained()


@pytest.fixture(scope="module")
def pictures() -> Tensor:
    """Return soft pictures, in which the first layers find something: noise of many sizes."""
    torch.manual_seed(0)
    layers = [
        torch.nn.functional.interpolate(torch.randn(8, 3, side, side), 224, mode="bilinear")
        for side in (4, 14, 56, 224)
    ]
    return torch.stack(layers).mean(0) * 2


@pytest.fixture(scope="module")
def quantised(backbone: Backbone, pictures: Tensor) -> Quantised:
    return quantise(backbone, pictures)


def test_equal_ranges_change_nothing_that_is_said(backbone: Backbone, pictures: Tensor) -> None:
    folded = fold_batch_norm(backbone)
    even = equalise(folded, pictures, CUT)
    with torch.inference_mode():
        assert torch.allclose(even(pictures), folded(pictures), atol=1e-3)
        stream, before = even.features[:2](pictures), folded.features[:2](pictures)
    assert _unevenness(stream) < _unevenness(before) / 2


def _unevenness(maps: Tensor) -> float:
    """Return how much wider the range of all channels is than that of each."""
    channels = maps.transpose(0, 1).flatten(1)
    whole = channels.amax() - channels.amin()
    return float(whole / (channels.amax(1) - channels.amin(1)).mean())


def test_integers_say_nearly_the_same(
    backbone: Backbone, quantised: Quantised, pictures: Tensor
) -> None:
    with torch.inference_mode():
        wanted = backbone(pictures).numpy()
    (got,) = session(quantised_backbone_onnx(quantised)).run(None, {"pixels": pictures.numpy()})
    lengths = np.linalg.norm(wanted, axis=1) * np.linalg.norm(got, axis=1)
    assert ((wanted * got).sum(axis=1) / lengths).min() > 0.98


def test_the_graph_is_plain(quantised: Quantised) -> None:
    graph = onnx.load_model_from_string(quantised_backbone_onnx(quantised)).graph
    made_by = {node.output[0]: node for node in graph.node}
    for node in graph.node:
        if node.op_type == "QuantizeLinear":
            assert made_by[node.input[0]].op_type == "Clip"
        if node.op_type == "Conv":
            assert [made_by[one].op_type for one in node.input] == ["DequantizeLinear"] * 3
    assert sum(node.op_type == "Add" for node in graph.node) == STREAMS


def test_onnxruntime_keeps_activations_within_seven_bits(
    quantised: Quantised, pictures: Tensor
) -> None:
    model = onnx.load_model_from_string(quantised_backbone_onnx(quantised))
    quanta = [node.output[0] for node in model.graph.node if node.op_type == "QuantizeLinear"]
    # The numbers are asked for, not the quanta: nodes that nothing but the graph reads stay free
    # to be rewritten as they are in the file itself.
    numbers = [node for node in model.graph.node if node.input and node.input[0] in quanta]
    for node in numbers:
        value = helper.make_tensor_value_info(node.output[0], TensorProto.FLOAT, None)
        model.graph.output.append(value)
    plain = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    # So bright that every range is exceeded.
    results = plain.run([node.output[0] for node in numbers], {"pixels": 5 * pictures[:2].numpy()})
    layers = list(quantised.layers.values())
    assert len(results) == len(layers)
    reached = 0
    for layer, values in zip(layers, results, strict=True):
        low, high = layer.given.bounds
        assert values.min() >= np.float32(low) * 1.0001 - 1e-6
        assert values.max() <= np.float32(high) * 1.0001
        reached += int(values.max() >= np.float32(high) * 0.9999)
    assert reached > len(layers) / 2


def test_weights_and_zero_points_are_whole(quantised: Quantised) -> None:
    for layer in quantised.layers.values():
        assert np.abs(layer.quanta.astype(int)).max() <= MOST_QUANTUM
        assert 0 <= layer.given.zero_point <= MOST_QUANTUM
        mantissas, _ = np.frexp(np.append(layer.scales, layer.given.scale))
        # Of the pixels alone it is five times a power of two.
        assert set(mantissas.tolist()) <= {0.5, 5 / 8}
