"""Asks TensorFlow what Keras models say: layouts of their files, and probabilities.

    python keras_goldens.py FOLDER

scripts/keras-check runs it in an environment of its own (keras-requirements.txt). Each model is
made with fresh weights and saved by Keras; its file's layout is stored, and the file made anew from
that with numbers of a formula (keras_layout.py). Keras then reads that file, and judges computed
clips. FOLDER gets NAME.json.gz, the layouts, and answers.json.
"""

import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import keras as keras3
import numpy as np
import tensorflow as tf
import tf_keras as keras2
from keras_layout import SIDE, Layout, clip, layout_of, make_file, store_layout
from numpy.typing import NDArray

Model = Any
"""A model of Keras 2 or 3."""

CLIPS = (
    {"seed": 1, "block": 32, "frames": 256},
    {"seed": 2, "block": 8, "frames": 256},
    {"seed": 3, "block": 112, "frames": 256},
    {"seed": 4, "block": 56, "frames": 7},
)
"""Clips by their formula's seed and block. Of more frames than a model reads the first ones count;
of fewer, zeros follow."""

DIGITS = 7
FRAMES = 20


def plain_model(keras: ModuleType) -> Model:
    """Return the usual model: 20 frames, pooling in MobileNetV2, an LSTM of 64, 11 classes."""
    base = keras.applications.MobileNetV2(
        include_top=False, weights=None, pooling="avg", input_shape=(SIDE, SIDE, 3)
    )
    return keras.Sequential(
        [
            keras.layers.Input((FRAMES, SIDE, SIDE, 3)),
            keras.layers.TimeDistributed(base),
            keras.layers.LSTM(64),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(11, activation="softmax"),
        ]
    )


def other_model(keras: ModuleType, frames: int) -> Model:
    """Return a variant: a functional model, pooling apart, a hidden dense layer, 5 classes."""
    base = keras.applications.MobileNetV2(
        include_top=False, weights=None, input_shape=(SIDE, SIDE, 3)
    )
    source = keras.layers.Input((frames, SIDE, SIDE, 3))
    value = keras.layers.TimeDistributed(base)(source)
    pooling = keras.layers.GlobalAveragePooling2D()
    value = keras.layers.TimeDistributed(pooling)(value)
    value = keras.layers.LSTM(48, dropout=0.2)(value)
    value = keras.layers.Dense(24, activation="relu")(value)
    value = keras.layers.Dropout(0.5)(value)
    return keras.Model(source, keras.layers.Dense(5, activation="softmax")(value))


@dataclass(frozen=True)
class Case:
    """A model, and how Keras saves it."""

    make: Callable[[], Model]
    ending: str
    """How the file's name ends: Keras decides by it."""
    load: Callable[[Path], Model] | None = None
    """How a whole model is read back; none for weights alone."""

    def save(self, file: Path) -> None:
        """Write the model, with fresh weights."""
        model = self.make()
        (model.save_weights if self.load is None else model.save)(str(file))

    def read(self, file: Path) -> Model:
        """Read a model back."""
        if self.load is not None:
            return self.load(file)
        model = self.make()
        model.load_weights(str(file))
        return model


def _load2(file: Path) -> Model:
    return keras2.models.load_model(str(file), compile=False)


def _load3(file: Path) -> Model:
    return keras3.models.load_model(str(file), compile=False)


CASES = {
    "keras3_whole": Case(lambda: plain_model(keras3), ".h5", _load3),
    "keras3_weights": Case(lambda: plain_model(keras3), ".weights.h5"),
    "keras2_whole": Case(lambda: plain_model(keras2), ".h5", _load2),
    "keras2_weights": Case(lambda: plain_model(keras2), ".h5"),
    "keras3_whole_other": Case(lambda: other_model(keras3, 12), ".h5", _load3),
    "keras2_whole_other": Case(lambda: other_model(keras2, 12), ".h5", _load2),
    "keras2_weights_numbered_other": Case(lambda: other_model(keras2, FRAMES), ".weights.h5"),
}


def ranges(path: str, shape: list[int]) -> tuple[float, float]:
    """Return from where to where a weight's numbers go: such that every layer's values spread.

    In files that number the weights of batch normalisation they are gamma, beta, mean, variance.
    """
    last = path.rsplit("/", 1)[1].removesuffix(":0")
    if "batch_normalization" in path:
        last = ("gamma", "beta", "moving_mean", "moving_variance")[int(last)]
    fixed = {
        "gamma": (0.6, 1.4),
        "beta": (-0.4, 0.4),
        "moving_mean": (-0.4, 0.4),
        "moving_variance": (0.5, 1.5),
    }
    if last in fixed:
        return fixed[last]
    if len(shape) == 1:  # the bias of an LSTM or a dense layer
        return (-0.5, 0.5)
    is_depthwise = shape[-1] == 1
    inputs = shape[0] * shape[1] if is_depthwise else int(np.prod(shape[:-1]))
    is_convolution = "conv" in path.lower() or "block_" in path
    gain = 1.0 if is_convolution else 1.5  # LSTM and dense layers: decided answers
    spread = gain * float(np.sqrt(6 / inputs))
    return (-spread, spread)


def judged(model: Model, frames: int) -> list[list[float]]:
    """Return the model's probabilities of each clip."""
    answers = []
    for one in CLIPS:
        given = min(frames, one["frames"])
        tensor: NDArray[np.float32] = np.zeros((1, frames, SIDE, SIDE, 3), np.float32)
        tensor[0, :given] = clip(one["seed"], given, one["block"])
        (said,) = model(tf.constant(tensor), training=False).numpy()
        answers.append([float(f"{value:.{DIGITS}g}") for value in said])
    return answers


def answer(case: Case, folder: Path) -> tuple[Layout, dict[str, object]]:
    """Return the layout of a case's file and what Keras says once it has read the file."""
    saved, made = folder / f"saved{case.ending}", folder / f"made{case.ending}"
    case.save(saved)
    layout = layout_of(saved)
    for path, weight in layout["weights"].items():
        weight["low"], weight["high"] = ranges(path, weight["shape"])
    make_file(layout, made)
    model = case.read(made)
    frames, classes = model.input_shape[1], model.output_shape[-1]
    said = {"ending": case.ending, "frames": frames, "classes": classes}
    return layout, {**said, "probabilities": judged(model, frames)}


def main(folder: Path) -> None:
    """Write all layouts and answers."""
    folder.mkdir(parents=True, exist_ok=True)
    answers = {}
    for name, case in CASES.items():
        with tempfile.TemporaryDirectory() as work:
            layout, answers[name] = answer(case, Path(work))
        store_layout(layout, folder / f"{name}.json.gz")
        print(f"{name}: Keras has said what it says of {len(CLIPS)} clips", flush=True)
    programs = {"tensorflow": tf.__version__, "keras3": keras3.__version__}
    programs["keras2"] = keras2.__version__
    written = {"programs": programs, "clips": CLIPS, "models": answers}
    (folder / "answers.json").write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
