"""Anyone's own actions: one folder a class, with clips or stills in it.

Files of one scene must not stand on both sides. So files whose names are the same up to a number
at the end (`kitchen_1.mp4`, `kitchen_2.mp4`), and files that share a folder within the class's
folder, are a group. A class whose files would all be one group (`IMG_0001.jpg`, `IMG_0002.jpg`)
is split file by file instead. Of every class, one group in five is dev.
"""

import re
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np

from training.console import warn
from training.contract import NONE
from training.errors import TrainingError
from training.manifest import Item
from training.media_files import CLIPS, STILLS, contents, folders, kind_of
from training.naming import LONGEST_NAME

DEV = 5
"""One group in so many is dev."""

FEW = 20
"""Fewer files of a class than this teach little."""

NUMBER = re.compile(r"[\s_.-]*\(?\d+\)?$")
"""The number at the end of a stem, with what sets it apart."""


def read_folder(data: Path, seed: int) -> tuple[list[str], list[Item]]:
    """Return the classes, `none` last, and their files; `seed` draws what is dev.

    Raises TrainingError where there are fewer than two classes, none of them an action, or where
    a class holds no file that can be trained on.
    """
    classes = {folder.name: _files(folder) for folder in folders(data)}
    _check(data, classes)
    labels = sorted(classes, key=lambda name: (name == NONE, name))
    items = []
    for place, label in enumerate(labels):
        paths = classes[label]
        if len(paths) < FEW:
            warn(f"{data / label}: has {len(paths)} files; with fewer than {FEW}, expect little")
        whole = [_item(data, label, path) for path in paths]
        items.extend(_split(data / label, _apart(data / label, whole), [seed, place]))
    return labels, items


def _check(data: Path, classes: dict[str, list[Path]]) -> None:
    if len(classes) < 2 or set(classes) <= {NONE}:  # noqa: PLR2004 - a choice needs two
        raise TrainingError(
            f"{data}: needs two folders or more, one a class, each with clips or pictures of it; "
            f"the folder {NONE!r} is for what is none of the others"
        )
    for name, paths in classes.items():
        if not paths:
            endings = " ".join(sorted(CLIPS | STILLS))
            raise TrainingError(
                f"{data / name}: holds no clip and no picture ({endings}); fill the folder or "
                "take it away"
            )
        if len(name) > LONGEST_NAME:
            raise TrainingError(
                f"{data / name}: its name is longer than {LONGEST_NAME} characters; shorten it"
            )


def _files(folder: Path) -> list[Path]:
    found = []
    for path in contents(folder):
        if path.is_dir():
            found.extend(_files(path))
        elif kind_of(path):
            found.append(path)
    return found


def _item(data: Path, label: str, path: Path) -> Item:
    kind = kind_of(path)
    if kind is None:
        raise ValueError(path)
    inner = path.relative_to(data / label)
    group = inner.parts[0] if len(inner.parts) > 1 else NUMBER.sub("", path.stem)
    name = path.relative_to(data).as_posix()
    return Item(path, name, label, kind, "own", f"{label}/{group}", "train", "")


def _apart(folder: Path, items: list[Item]) -> list[Item]:
    """Return the items, each a group of its own if they were all one."""
    if len(items) == 1 or len({item.group for item in items}) > 1:
        return items
    warn(
        f"{folder}: all its names differ in a number alone, so each file is taken for a scene of "
        "its own; put files of one scene into a folder of their own"
    )
    return [replace(item, group=item.name) for item in items]


def _split(folder: Path, items: list[Item], seed: list[int]) -> list[Item]:
    groups: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        groups[item.group].append(item)
    if len(groups) == 1:
        warn(f"{folder}: is a single scene; all of it is trained on, and nothing judges it")
        return items
    drawn = np.random.default_rng(seed).permutation(sorted(groups))
    dev = set(drawn[: max(1, len(groups) // DEV)].tolist())
    return [replace(item, split="dev") if item.group in dev else item for item in items]
