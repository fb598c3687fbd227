"""The stored goldens: their formulas, the items chosen, and the model they are of."""

import json
from pathlib import Path

import numpy as np
import pytest

from training.contract import FEATURE_SIZE, FRAMES
from training.goldens import choose, feature_window, picture, uniform
from training.manifest import Item
from training.package import check_package
from training.reference import refer
from training.restore import restore

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "models" / "ucf11"
GOLDEN = ROOT / "tests" / "golden"


def test_uniform_by_hand() -> None:
    # 1664525 * 1 + 1013904223 = 1015568748, whose upper 24 bits are 3967065.
    assert uniform(1, 2)[0] == 3967065 / 2**24
    second = (1664525 * 1015568748 + 1013904223) % 2**32
    assert uniform(1, 2)[1] == (second >> 8) / 2**24


def test_inputs_are_exact_in_float32() -> None:
    exact = 4 * uniform(7, 1000) - 2
    assert np.array_equal(exact.astype(np.float32).astype(np.float64), exact)


def test_picture_is_made_of_blocks() -> None:
    tensor = picture(3, 32)
    assert tensor.shape == (1, 3, 224, 224)
    values = 4 * uniform(3, 3 * 49) - 2
    assert tensor[0, 2, 64, 95] == values[2 * 49 + 2 * 7 + 2]
    assert feature_window(4).shape == (1, FRAMES, FEATURE_SIZE)
    assert feature_window(4).min() == 0


def test_items_are_chosen_from_every_label_in_turn() -> None:
    items = [
        Item(Path(name), name, name[0], "clip", "s", name, "dev", "")
        for name in ("a1", "a2", "a3", "b1", "c1", "c2")
    ]
    assert [item.name for item in choose(items, 5)] == ["a1", "b1", "c1", "a2", "c2"]


def test_goldens_are_of_the_committed_model() -> None:
    model = check_package(MODEL)
    variant = model["variants"][model["default_variant"]]
    backbone = json.loads((GOLDEN / "model" / "backbone.json").read_text(encoding="utf-8"))
    head = json.loads((GOLDEN / "model" / "head.json").read_text(encoding="utf-8"))
    files = json.loads((GOLDEN / "files.json").read_text(encoding="utf-8"))
    assert backbone["sha256"] == files["backbone_sha256"] == variant["backbone"]["sha256"]
    assert head["sha256"] == files["head_sha256"] == variant["head"]["sha256"]
    assert head["temperature"] == variant["temperature"]
    assert len(files["clips"]) == 20


def test_a_golden_file_is_said_again(data: Path) -> None:
    files = json.loads((GOLDEN / "files.json").read_text(encoding="utf-8"))
    shortest = min(files["clips"], key=lambda one: one["samples"])
    said = refer(restore(MODEL), data / shortest["path"])
    assert said.sha256 == shortest["sha256"]
    assert said.answer == pytest.approx(shortest["answer"], abs=1e-4)
