"""The figures of every seed's run, kept beside the package, and how far they lie apart."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from training.errors import TrainingError
from training.evaluate import Figures
from training.package import to_json
from training.report import rounded

FOLDER = "runs"

MEASURES = (
    ("clips", "top1_actions"),
    ("clips", "top1_with_none"),
    ("clips", "none_recall"),
    ("stills", "top1_actions"),
    ("stills", "top1_with_none"),
    ("stills", "none_recall"),
)
"""What is told of every run: a set of dev, and a figure of it."""


def write_run(
    package: Path,
    seed: int,
    recipe: Mapping[str, object],
    kept_head: int,
    heads: Mapping[int, Mapping[str, Figures]],
) -> None:
    """Write the figures of a run: of the head that is kept, in full, and of every head's seed."""
    run = {
        "seed": seed,
        "recipe": recipe,
        "kept_head": kept_head,
        "heads": [{"seed": one, **_measures(sets)} for one, sets in heads.items()],
        **{name: asdict(one) for name, one in heads[kept_head].items()},
    }
    folder = package / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{seed}.json").write_text(to_json(rounded(run)) + "\n", encoding="utf-8")


@dataclass(frozen=True)
class Spread:
    """How far runs lie apart that differ in nothing but their seed."""

    mean: float
    deviation: float
    """The sample's standard deviation; 0 of one run."""


def read_spread(package: Path, seed: int, recipe: Mapping[str, object]) -> dict[str, Any]:
    """Return the spread over the backbones of one recipe, and over the heads of the run `seed`."""
    runs = [run for run in _runs(package) if run["recipe"] == rounded(recipe)]
    own: list[dict[str, Any]] = next((run["heads"] for run in runs if run["seed"] == seed), [])
    kept = [next(one for one in run["heads"] if one["seed"] == run["kept_head"]) for run in runs]
    return {"backbone": _spread(kept), "head": _spread(own)}


def _runs(package: Path) -> list[dict[str, Any]]:
    runs = []
    for path in sorted((package / FOLDER).glob("*.json")):
        try:
            runs.append(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            raise TrainingError(f"{path}: cannot be read: {error}") from error
    return runs


def _measures(sets: Mapping[str, Figures]) -> dict[str, float | None]:
    return {
        f"{name}_{figure}": getattr(sets[name], figure) for name, figure in MEASURES if name in sets
    }


def _spread(runs: Sequence[Mapping[str, Any]]) -> dict[str, object]:
    spread: dict[str, object] = {"runs": len(runs)}
    for name, figure in MEASURES:
        key = f"{name}_{figure}"
        values = [run[key] for run in runs if run.get(key) is not None]
        if values:
            deviation = float(np.std(values, ddof=1)) if len(values) > 1 else 0.0
            spread[key] = asdict(Spread(float(np.mean(values)), deviation))
    return spread
