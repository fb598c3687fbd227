"""`report.json`: what the page and the card show of a model."""

import platform
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray

from training.answer import Probabilities
from training.contract import FRAMES, HOP, RATE
from training.evaluate import Bin, Figures, calibration_bins
from training.fit import Curves, Recipe
from training.manifest import KINDS, SPLITS, Item

PACKAGES = ("torch", "numpy", "pillow", "av", "onnx", "onnxruntime")

DIGITS = 6
"""Decimal places of the numbers in a report."""


@dataclass(frozen=True)
class Calibration:
    """The temperature and the threshold, and what they do on dev's clips."""

    temperature: float
    threshold: float
    answered: float
    """Part of the clips whose confidence reaches the threshold."""
    answered_right: float | None
    """Part of these that are right."""
    bins: list[Bin]


def calibration(
    temperature: float,
    threshold: float,
    probabilities: Probabilities,
    truth: NDArray[np.int64],
) -> Calibration:
    """Judge a temperature (already in `probabilities`) and a threshold."""
    above = probabilities.max(axis=1) >= threshold
    right = probabilities.argmax(axis=1) == truth
    return Calibration(
        temperature=temperature,
        threshold=threshold,
        answered=float(above.mean()),
        answered_right=float(right[above].mean()) if above.any() else None,
        bins=calibration_bins(probabilities, truth),
    )


def data_counts(items: Iterable[Item], left_out: Sequence[Item]) -> dict[str, object]:
    """Return how many files there are by split, kind and label, and how many had no use."""
    counts: Counter[tuple[str, str, str]] = Counter(
        (item.split, item.kind, item.label) for item in items
    )
    labels = sorted({label for _, _, label in counts})
    tables: dict[str, object] = {
        split: {f"{kind}s": {name: counts[split, kind, name] for name in labels} for kind in KINDS}
        for split in SPLITS
    }
    return {**tables, "left_out": len(left_out)}


def recipe_facts(recipe: Recipe, seed: int, epoch: int) -> dict[str, object]:
    """Return what is needed to do the same training again."""
    return {
        "backbone": "MobileNetV2 1.0 at 224, ImageNet weights, frozen",
        "head": f"LSTM 64, dropout 0.5, dense, over windows of {FRAMES} features",
        "rate": RATE,
        "hop": HOP,
        "seed": seed,
        "kept_epoch": epoch,
        **asdict(recipe),
        "versions": {
            "python": platform.python_version(),
            **{package: version(package) for package in PACKAGES},
        },
    }


def report_json(
    model: str,
    data: Mapping[str, object],
    curves: Curves,
    results: Mapping[str, Figures],
    baseline: Mapping[str, Figures],
    calibrated: Calibration,
    recipe: Mapping[str, object],
) -> dict[str, object]:
    """Return the contents of `report.json`."""
    report = {
        "format": "actionscope-report",
        "format_version": 1,
        "model": model,
        "data": data,
        "curves": asdict(curves),
        **{name: asdict(one) for name, one in results.items()},
        "baseline": {name: asdict(one) for name, one in baseline.items()},
        "calibration": asdict(calibrated),
        "recipe": recipe,
    }
    return {key: _rounded(value) for key, value in report.items()}


def _rounded(value: object) -> object:
    if isinstance(value, float):
        return round(value, DIGITS)
    if isinstance(value, Mapping):
        return {key: _rounded(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(one) for one in value]
    return value
