"""The names of a Keras model's classes, out of a JSON file: a list, or an object either way round.

["Basketball", "Biking"]    {"Basketball": 0, "Biking": 1}    {"0": "Basketball", "1": "Biking"}
"""

import json
from collections import Counter
from pathlib import Path
from typing import TypeGuard

from training.contract import Label
from training.errors import TrainingError

FEWEST = 2
MOST = 1000
DIGITS = 10
"""A key of as many digits is no index."""
MOST_BYTES = 100
"""Bytes that the id of a label may have in a package."""


def read_classes(path: Path) -> tuple[Label, ...]:
    """Return the labels in the order of the model's outputs. Raises TrainingError."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise TrainingError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise TrainingError(f"{path}: is not valid JSON: {error}") from error
    names = _ordered(path, value) if isinstance(value, dict) else value
    if not _are_names(names):
        raise TrainingError(
            f"{path}: must be a list of names, an object from names to indices, or an object from "
            "indices to names"
        )
    if not FEWEST <= len(names) <= MOST:
        raise TrainingError(f"{path}: names {len(names)} classes; wanted are {FEWEST} to {MOST}")
    for name, count in Counter(names).items():
        if not name.strip() or len(name.encode()) > MOST_BYTES:
            raise TrainingError(f"{path}: {name!r} is no name of 1 to {MOST_BYTES} bytes")
        if count > 1:
            raise TrainingError(f"{path}: names {name!r} {count} times")
    return tuple(Label(name, _title(name), "") for name in names)


def _are_names(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _ordered(path: Path, value: dict[str, object]) -> list[object]:
    """Return the names of an object by their indices."""
    pairs: list[tuple[int, object]] = [
        (index, name) for name, index in value.items() if type(index) is int
    ]
    if len(pairs) < len(value):
        pairs = [
            (int(key), name) for key, name in value.items() if key.isdecimal() and len(key) < DIGITS
        ]
    if len(pairs) < len(value):
        raise TrainingError(
            f"{path}: must give each name its index, or each index its name; some entry does "
            "neither"
        )
    there = Counter(index for index, _ in pairs)
    for index, count in there.items():
        if count > 1:
            raise TrainingError(f"{path}: gives the index {index} to {count} names")
    for index in range(len(pairs)):
        if index not in there:
            raise TrainingError(
                f"{path}: has no name for the index {index}; {len(pairs)} names are counted "
                f"from 0 to {len(pairs) - 1}"
            )
    return [name for _, name in sorted(pairs, key=lambda pair: pair[0])]


def _title(name: str) -> str:
    """Return the name as words to show: "golf_swing" becomes "Golf swing"."""
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]
