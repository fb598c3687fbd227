"""The networks: folding, export and reading back give the same numbers."""

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from training.backbone import Backbone, fold_batch_norm, pretrained
from training.contract import FEATURE_SIZE, FRAMES, INPUT_SIZE, LABELS
from training.errors import TrainingError
from training.export import backbone_onnx, check_backbone, check_head, head_onnx
from training.head import Head
from training.onnx_graph import IR_VERSION
from training.package import (
    FP32,
    INT8,
    UCF11,
    Variant,
    check_package,
    model_json,
    package_files,
    write_package,
)
from training.restore import restore


@pytest.fixture(scope="module")
def backbone() -> Backbone:
    """Return the backbone with its ImageNet weights."""
    return pretrained()


@pytest.fixture(scope="module")
def head() -> Head:
    """Return a head whose features are standardised."""
    torch.manual_seed(1)
    made = Head(len(LABELS))
    made.mean.uniform_(0.0, 1.0)
    made.std.uniform_(0.2, 1.0)
    return made.eval()


def pixels() -> torch.Tensor:
    """Return two pictures of noise."""
    generator = torch.Generator().manual_seed(3)
    return torch.randn(2, 3, INPUT_SIZE, INPUT_SIZE, generator=generator)


def windows() -> torch.Tensor:
    """Return four windows of noise."""
    return torch.rand(4, FRAMES, FEATURE_SIZE, generator=torch.Generator().manual_seed(4))


def test_folding_changes_no_number(backbone: Backbone) -> None:
    folded = fold_batch_norm(backbone)
    assert not any(isinstance(one, torch.nn.BatchNorm2d) for one in folded.modules())
    with torch.inference_mode():
        assert torch.allclose(folded(pixels()), backbone(pixels()), atol=1e-4)


def test_graphs_say_what_pytorch_says(backbone: Backbone, head: Head) -> None:
    check_backbone(backbone, backbone_onnx(backbone))
    check_head(head, head_onnx(head))


def test_a_graph_of_another_network_is_noticed(head: Head) -> None:
    torch.manual_seed(2)
    with pytest.raises(TrainingError, match="differs from PyTorch"):
        check_head(head, head_onnx(Head(len(LABELS))))


def test_graphs_are_plain(backbone: Backbone, head: Head) -> None:
    graphs = [
        onnx.load_model_from_string(file) for file in (backbone_onnx(backbone), head_onnx(head))
    ]
    operators = [{node.op_type for node in one.graph.node} for one in graphs]
    assert operators[0] == {"Conv", "Clip", "Add", "GlobalAveragePool", "Flatten"}
    assert operators[1] == {"Transpose", "LSTM", "Squeeze", "Gemm"}
    assert {one.ir_version for one in graphs} == {IR_VERSION}


def test_a_package_can_be_read_back(tmp_path: Path, backbone: Backbone, head: Head) -> None:
    floats = Variant(FP32, backbone_onnx(backbone), head_onnx(head), 1.5, 0.4)
    integers = Variant(INT8, floats.backbone, floats.head, 1.0, 0.3)
    variants = [floats, integers]
    model = model_json(UCF11, variants, INT8)
    write_package(tmp_path, package_files(variants, "", {}, model))
    assert set(floats.files) == {"backbone.onnx", "head.onnx"}
    assert set(integers.files) == {"backbone-int8.onnx", "head-int8.onnx"}
    assert restore(tmp_path).variant == model["variants"]["int8"]
    for name in ("fp32", "int8"):
        restored = restore(tmp_path, name)
        assert restored.labels == [label.id for label in LABELS]
        with torch.inference_mode():
            assert torch.allclose(restored.backbone(pixels()), backbone(pixels()), atol=1e-4)
            assert torch.allclose(restored.head(windows()), head(windows()), atol=1e-4)

    (tmp_path / "head.onnx").write_bytes(floats.head + b" ")
    with pytest.raises(TrainingError, match=r"head\.onnx"):
        check_package(tmp_path)
    (tmp_path / "head.onnx").unlink()
    with pytest.raises(TrainingError, match=r"head\.onnx"):
        check_package(tmp_path)


def test_gates_are_in_the_order_of_onnx(head: Head) -> None:
    weights = {
        one.name: onnx.numpy_helper.to_array(one)
        for one in onnx.load_model_from_string(head_onnx(head)).graph.initializer
    }
    input_gate, forget_gate, cell_gate, output_gate = head.lstm.weight_hh_l0.detach().chunk(4)
    expected = np.concatenate([input_gate, output_gate, forget_gate, cell_gate])
    assert np.array_equal(weights["lstm.R"][0], expected)
