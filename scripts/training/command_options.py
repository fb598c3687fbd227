"""Options that all commands which train have in common."""

import argparse
import os
from dataclasses import dataclass
from pathlib import Path

from training.fit import Recipe
from training.tune import TuneRecipe

Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse has no public name for it


@dataclass(frozen=True)
class Places:
    """Where commands write unless they are told otherwise."""

    models: Path
    """Folder of the model packages."""
    cache: Path
    """What is kept between runs."""


def add_training_options(parser: argparse.ArgumentParser, cache: Path, tune_steps: int) -> None:
    """Add the options of how is trained; `tune_steps` is the default of `--tune-steps`."""
    parser.add_argument("--cache", type=Path, default=cache, help="what is kept between runs")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--epochs", type=int, default=Recipe.epochs)
    parser.add_argument("--steps", type=int, default=Recipe.steps, help="batches in an epoch")
    parser.add_argument(
        "--workers", type=int, default=min(2, os.cpu_count() or 1), help="files read at once"
    )
    parser.add_argument(
        "--tune-steps",
        type=int,
        default=tune_steps,
        help="batches that the backbone is fine-tuned for; 0 leaves it as it is",
    )


def recipes(given: argparse.Namespace) -> tuple[Recipe, TuneRecipe]:
    """Return how the head and the backbone are trained, of what was given."""
    return Recipe(epochs=given.epochs, steps=given.steps), TuneRecipe(steps=given.tune_steps)
