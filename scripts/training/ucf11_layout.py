"""The official layout of UCF11 (YouTube Action), and its 25 folds.

A class is a folder; in it lies a folder for every group (`v_shooting_01` to `v_shooting_25` in
`basketball`), and in that the clips. The groups' stems differ from the classes' names
(`v_riding` in `horse_riding`, `v_walk_dog` in `walking`), so only their trailing number counts.
Folders of annotations, and files that are no video, are passed over. Fold k holds out group k of
every class.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from training.console import warn
from training.contract import LABELS, NONE
from training.errors import TrainingError
from training.folds import Fold
from training.manifest import Item
from training.media_files import clips, contents, folders

CLASSES = tuple(label.id for label in LABELS if label.id != NONE)
GROUPS = 25
SOURCE = "UCF11"

GROUP_FOLDER = re.compile(r"(\d+)$")
LOOSE_CLIP = re.compile(r"(\d+)_\d+$")
"""A clip that lies beside the groups' folders: its group's number, then its own."""


def read_ucf11(data: Path, classes: Sequence[str]) -> list[Fold]:
    """Return a fold for every group of `classes`, in the order of the groups' numbers.

    Raises TrainingError where a class, a group or every clip of a group is missing.
    """
    present = {folder.name.lower(): folder for folder in folders(data)}
    _check_classes(data, classes, present)
    groups = {name: _groups(present[name]) for name in classes}
    numbers = sorted({number for found in groups.values() for number in found})
    for name, found in groups.items():
        for number in numbers:
            if not found.get(number):
                raise TrainingError(_no_clip(present[name], number, known=number in found))
    if len(numbers) < 2:  # noqa: PLR2004 - one to hold out, one to learn from
        raise TrainingError(f"{data}: has group {numbers[0]} alone; one group is held out of two")
    if len(numbers) != GROUPS:
        warn(f"{data}: has {len(numbers)} groups; the official set has {GROUPS}")
    items = {
        number: [
            Item(
                path=path,
                name=path.relative_to(data).as_posix(),
                label=name,
                kind="clip",
                source=SOURCE,
                group=f"{name}:{number:02}",
                split="train",
                note="",
            )
            for name in classes
            for path in groups[name][number]
        ]
        for number in numbers
    }
    return [
        Fold(
            f"Group {held_out}",
            train=tuple(item for number in numbers if number != held_out for item in items[number]),
            test=tuple(items[held_out]),
        )
        for held_out in numbers
    ]


def _check_classes(data: Path, classes: Sequence[str], present: dict[str, Path]) -> None:
    missing = [name for name in classes if name not in present]
    if not missing:
        return
    if len(missing) < len(classes):
        raise TrainingError(
            f"{data}: has no folder {', '.join(missing)}; unpack the whole set, or name with "
            "--classes the classes to train"
        )
    for folder in present.values():
        if any(inner.name.lower() in CLASSES for inner in folders(folder)):
            raise TrainingError(
                f"{data}: has no folder of a class, but {folder} has; give that folder as --data"
            )
    raise TrainingError(
        f"{data}: is not in UCF11's layout: it has no folder {', '.join(missing)}; --data names "
        "the folder that holds the classes' folders"
    )


def _groups(folder: Path) -> dict[int, list[Path]]:
    """Return the clips of a class by the number of their group."""
    found: dict[int, list[Path]] = {}
    for path in contents(folder):
        if path.is_dir():
            number = GROUP_FOLDER.search(path.name)
            if number:
                found.setdefault(int(number[1]), []).extend(clips(contents(path)))
        elif clips([path]):
            number = LOOSE_CLIP.search(path.stem)
            if number:
                found.setdefault(int(number[1]), []).append(path)
    if not found:
        raise TrainingError(
            f"{folder}: holds no group; UCF11 has folders there such as v_shooting_01, with clips "
            "in them"
        )
    return found


def _no_clip(folder: Path, number: int, *, known: bool) -> str:
    if known:
        return f"{folder}: its group {number} holds no clip; unpack the set again"
    return (
        f"{folder}: its group {number} is missing, and other classes have one; unpack the set again"
    )
