"""A Keras model as a model package that answers as the model did.

The package does what a program around such a model does: it takes the first frames of a clip,
stretches them with OpenCV's plain bilinear interpolation, divides by 255, and fills a clip that is
too short with zeros.
"""

import argparse
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from training.console import say
from training.contract import FEATURE_SIZE, INPUT_SIZE
from training.errors import TrainingError
from training.keras_classes import read_classes
from training.keras_file import read_keras_file
from training.keras_graph import keras_backbone_onnx, keras_head_onnx
from training.keras_network import Network, read_network
from training.naming import plain_name
from training.package import (
    FP32,
    Identity,
    Variant,
    model_json,
    package_files,
    write_package,
)

ChannelOrder = Literal["rgb", "bgr"]

VERSION = "1.0.0"


@dataclass(frozen=True)
class Options:
    """What `scripts/train import-keras` was given."""

    file: Path
    """The `.h5` file."""
    classes: Path
    """JSON with the names of the classes."""
    out: Path
    """Folder of the package."""
    channel_order: ChannelOrder
    """In which order the model's program gave it the colours of a pixel."""


def add_import_keras(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", out: Path
) -> None:
    """Add the command `import-keras`, which writes to the folder `out` unless told otherwise."""
    parser = commands.add_parser(
        "import-keras",
        help="make a package of a Keras model: TimeDistributed(MobileNetV2), LSTM, dense",
        description="Makes a model package of a Keras model: TimeDistributed(MobileNetV2), LSTM, "
        "dense. FILE is a whole model or weights alone, as .h5. CLASSES is JSON: a list of names, "
        "or an object from names to indices or from indices to names.",
    )
    parser.add_argument("file", type=Path, metavar="FILE.h5")
    parser.add_argument("classes", type=Path, metavar="CLASSES.json")
    parser.add_argument("--out", type=Path, default=out, help="folder of the package (%(default)s)")
    parser.add_argument(
        "--channel-order",
        choices=["rgb", "bgr"],
        default="rgb",
        help="order of colours that the model was given: rgb, as Keras loads pictures (the "
        "default), or bgr, as OpenCV gives frames unless they are converted",
    )
    parser.set_defaults(
        run=lambda given: import_keras(
            Options(given.file, given.classes, given.out, given.channel_order)
        )
    )


def import_keras(options: Options) -> None:
    """Write the package of a Keras model. Raises TrainingError with all that does not fit."""
    labels = read_classes(options.classes)
    file = read_keras_file(options.file)
    network = read_network(file)
    if network.classes != len(labels):
        raise TrainingError(
            f"{options.classes}: names {len(labels)} classes, and the last layer of "
            f"{options.file} has {network.classes} outputs"
        )
    name = plain_name(options.out.resolve().name)
    identity = Identity(
        name=name,
        title=f"{name} (from Keras)",
        version=VERSION,
        license=(
            f"The weights are those of {options.file.name}, and stand under the terms of whoever "
            "trained it."
        ),
        labels=labels,
    )
    backbone, head = keras_backbone_onnx(network), keras_head_onnx(network)
    recipe = keras_recipe(network.frames, options.channel_order)
    # The program showed the class of the highest probability, however low: no threshold.
    variants = [Variant(FP32, backbone, head, temperature=1.0, threshold=0.0)]
    model = model_json(identity, variants, recipe=recipe)
    sentences = _sentences(options, network, whole=file.config is not None)
    note = "What it was trained on is not known here: a Keras file does not say."
    report = {
        "format": "actionscope-report",
        "format_version": 1,
        "model": name,
        "data": {"note": note},
        "recipe": {"sentences": sentences},
    }
    files = package_files(variants, _card(model, sentences, note), report, model)
    write_package(options.out, files)
    for file_name, content in files.items():
        say(f"{options.out / file_name}: {len(content):,} bytes")
    say(
        f"colours are given to it in the order {options.channel_order.upper()}; "
        "--channel-order changes that"
    )


def keras_recipe(frames: int, channel_order: ChannelOrder) -> dict[str, object]:
    """Return what `model.json` says of the way from a clip to the model's one window."""
    return {
        "input": {
            "width": INPUT_SIZE,
            "height": INPUT_SIZE,
            "resize": "stretch",
            "filter": "bilinear",
            "antialias": False,
            "channel_order": channel_order,
            "mean": [0.0, 0.0, 0.0],
            "std": [1.0, 1.0, 1.0],
        },
        "sampling": {"mode": "first_frames", "count": frames},
        "window": {"frames": frames, "hop": frames, "short_clips": "zeros"},
        "feature_size": FEATURE_SIZE,
    }


def _sentences(options: Options, network: Network, *, whole: bool) -> list[str]:
    units, *dense = network.lstm[1].shape[1], *(len(one.bias) for one in network.dense)
    hidden = f"a dense layer of {dense[0]} with ReLU and " if len(dense) > 1 else ""
    digest = hashlib.sha256(options.file.read_bytes()).hexdigest()
    sentences = [
        f"Made by scripts/train import-keras of {options.file.name} (SHA-256 {digest}).",
        (
            f"MobileNetV2 (alpha 1.0, average pooling) turns each of the first {network.frames} "
            f"frames into {FEATURE_SIZE} numbers; an LSTM of {units}, {hidden}a dense layer of "
            f"{dense[-1]} with softmax follow. Batch normalisation is folded into the convolutions."
        ),
        (
            f"Frames are stretched to {INPUT_SIZE} x {INPUT_SIZE} with plain bilinear "
            "interpolation, as OpenCV does it, and divided by 255; the order of colours is "
            f"{options.channel_order.upper()}. A shorter clip is filled with zeros."
        ),
    ]
    if not whole:
        sentences.append(
            f"The file held weights alone: that there are {network.frames} frames, that the "
            "pooling is the average, that the LSTM has its usual activations and that a hidden "
            "dense layer has ReLU is taken for granted."
        )
    return sentences


def _card(model: Mapping[str, Any], sentences: list[str], note: str) -> str:
    classes = ", ".join(label["title"] for label in model["labels"])
    only = (
        '- It has no class for "none of these": it names one of its classes for every clip, and is'
        "\n  never unsure.\n"
    )
    return f"""# {model["title"]}, version {model["version"]}

A model package of Actionscope, taken over from Keras. It tells these classes apart: {classes}.

## How it was made

{"".join(f"- {one}{chr(10)}" for one in sentences)}
## How good it is

Nothing is known of it here. `scripts/actionscope evaluate MANIFEST.csv --model` and this folder
measure it on clips whose classes are known.

## What it cannot do

- It looks at the first frames only: what happens later in a clip does not count.
{"" if model["none_label"] else only}- {note}

## Licence

{model["license"]}
"""
