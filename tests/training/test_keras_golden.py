"""What a package made of a Keras file says, against what TensorFlow said of that very file.

TensorFlow is not needed: its answers are stored (tests/golden/keras), and its files are made anew
from their layouts. scripts/keras-check runs these tests on answers that it has just asked for:
ACTIONSCOPE_KERAS_GOLDENS names their folder.
"""

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from lib.reference.keras_layout import clip, load_layout, make_file
from training import keras_graph
from training.__main__ import main
from training.answer import softmax
from training.package import check_package
from training.runtime import session

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = Path(os.environ.get("ACTIONSCOPE_KERAS_GOLDENS", ROOT / "tests" / "golden" / "keras"))
ANSWERS = json.loads((GOLDEN / "answers.json").read_text(encoding="utf-8"))
TOLERANCE = 1e-3


def imported(name: str, folder: Path) -> Path:
    """Return the package that import-keras makes of a stored model."""
    answers = ANSWERS["models"][name]
    file = folder / f"{name}{answers['ending']}"
    make_file(load_layout(GOLDEN / f"{name}.json.gz"), file)
    classes = folder / "classes.json"
    classes.write_text(json.dumps([f"class {i}" for i in range(answers["classes"])]))
    package = folder / name
    assert main(["import-keras", str(file), str(classes), "--out", str(package)]) == 0
    return package


def probabilities(package: Path, frames: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return what a package says of the frames `[n, 224, 224, 3]`, by its own model.json."""
    model = check_package(package)
    variant = model["variants"][model["default_variant"]]
    parts = {
        part: session((package / variant[part]["file"]).read_bytes())
        for part in ("backbone", "head")
    }
    assert model["window"]["short_clips"] == "zeros"
    wanted = model["sampling"]["count"]
    pixels = np.zeros((wanted, 3, 224, 224), np.float32)
    pixels[: len(frames)] = frames[:wanted].transpose(0, 3, 1, 2)
    features = [parts["backbone"].run(None, {"pixels": one[np.newaxis]})[0][0] for one in pixels]
    (logits,) = parts["head"].run(None, {"features": np.stack(features)[np.newaxis]})
    return softmax(logits[0], variant["temperature"])


def differences(package: Path, answers: dict[str, Any]) -> list[float]:
    """Return how far the package is from TensorFlow on each clip."""
    return [
        float(np.abs(probabilities(package, clip(one["seed"], given, one["block"])) - said).max())
        for one, said in zip(ANSWERS["clips"], answers["probabilities"], strict=True)
        if (given := min(one["frames"], answers["frames"]))
    ]


@pytest.mark.parametrize("name", ANSWERS["models"])
def test_a_package_says_what_tensorflow_says(name: str, tmp_path: Path) -> None:
    answers = ANSWERS["models"][name]
    package = imported(name, tmp_path)
    assert check_package(package)["window"]["frames"] == answers["frames"]
    assert max(differences(package, answers)) < TOLERANCE


def test_both_kerases_both_kinds_of_file_and_short_clips_are_among_the_stored_answers() -> None:
    assert {name.split("_")[0] for name in ANSWERS["models"]} == {"keras2", "keras3"}
    assert {name.split("_")[1] for name in ANSWERS["models"]} == {"whole", "weights"}
    assert min(one["frames"] for one in ANSWERS["clips"]) < 20


def test_padding_on_both_sides_as_pytorch_has_it_would_be_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keras_graph, "_pads", lambda one: (one.size // 2, one.size // 2))
    package = imported("keras2_whole", tmp_path)
    assert min(differences(package, ANSWERS["models"]["keras2_whole"])) > 10 * TOLERANCE
