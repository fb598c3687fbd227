"""`report.json`: what the page and the card show of a model."""

import platform
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray

from training.answer import Probabilities
from training.contract import FRAMES, HOP, RATE
from training.evaluate import Bin, Figures, calibration_bins
from training.fit import Curves, Recipe
from training.manifest import KINDS, SPLITS, Item
from training.tune import TuneRecipe

PACKAGES = ("torch", "numpy", "pillow", "av", "onnx", "onnxruntime")

DIGITS = 6
"""Decimal places of the numbers in a report."""


@dataclass(frozen=True)
class Calibration:
    """The temperature and the threshold, and what they do on dev."""

    temperature: float
    threshold: float
    answered: float
    """Part of the items whose confidence reaches the threshold."""
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


@dataclass(frozen=True)
class Brief:
    """The figures that a part of the training is judged by."""

    top1_actions: float | None
    top1_with_none: float | None
    none_recall: float | None


@dataclass(frozen=True)
class Part:
    """What a part of the training brings."""

    name: str
    """In words."""
    clips: Brief | None
    stills: Brief | None


def part(name: str, results: Mapping[str, Figures]) -> Part:
    """Return a row of the table of parts from the figures of dev's clips and stills."""

    def brief(one: Figures | None) -> Brief | None:
        if one is None:
            return None
        return Brief(one.top1_actions, one.top1_with_none, one.none_recall)

    return Part(name, brief(results.get("clips")), brief(results.get("stills")))


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


def recipe_facts(
    recipe: Recipe, tuning: TuneRecipe, seed: int, head_seed: int, epoch: int
) -> dict[str, object]:
    """Return what is needed to do the same training again."""
    tuned = f"fine-tuned from layer {tuning.first} on" if tuning.steps else "frozen"
    return {
        "backbone": f"MobileNetV2 1.0 at 224, ImageNet weights, {tuned}",
        "head": f"LSTM 64, dropout 0.5, dense, over windows of {FRAMES} features",
        "rate": RATE,
        "hop": HOP,
        "seed": seed,
        "head_seed": head_seed,
        "kept_epoch": epoch,
        "tuning": asdict(tuning),
        **asdict(recipe),
        "versions": {
            "python": platform.python_version(),
            **{package: version(package) for package in PACKAGES},
        },
    }


def report_json(
    model: str,
    results: Mapping[str, Figures],
    curves: Curves,
    calibrated: Calibration,
    **more: object,
) -> dict[str, object]:
    """Return the contents of `report.json`.

    `results` are the figures by set, `more` what else is told, by its name in the report.
    """
    report: dict[str, object] = {
        "format": "actionscope-report",
        "format_version": 1,
        "model": model,
        "curves": asdict(curves),
        **{name: asdict(one) for name, one in results.items()},
        "calibration": asdict(calibrated),
        **more,
    }
    return {key: rounded(value) for key, value in report.items()}


def rounded(value: object) -> object:
    """Return plain values, dataclasses as objects, with numbers of at most `DIGITS` places."""
    if isinstance(value, float):
        return round(value, DIGITS)
    if is_dataclass(value) and not isinstance(value, type):
        return rounded(asdict(value))
    if isinstance(value, Mapping):
        return {key: rounded(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(one) for one in value]
    return value
