"""The official layout of UCF101, and its three splits.

`UCF-101/ApplyEyeMakeup/v_ApplyEyeMakeup_g01_c01.avi` are the clips; `ucfTrainTestlist` holds
`classInd.txt` (`1 ApplyEyeMakeup`), `trainlist01.txt` to `trainlist03.txt` (a clip and its class's
number) and `testlist01.txt` to `testlist03.txt` (a clip alone).
"""

import re
from collections.abc import Sequence
from pathlib import Path

from training.errors import TrainingError
from training.folds import Fold
from training.manifest import Item
from training.media_files import clips, contents, folders

VIDEOS = "UCF-101"
LISTS = "ucfTrainTestlist"
SPLITS = (1, 2, 3)
SOURCE = "UCF101"

GROUP = re.compile(r"_g(\d+)_c\d+$", re.IGNORECASE)


def read_ucf101(data: Path, classes: Sequence[str]) -> tuple[list[str], list[Fold]]:
    """Return the classes trained and a fold for every official split.

    Without `classes` they are all that `classInd.txt` names. Raises TrainingError where a folder,
    a list, a class or a clip of the lists is missing, or where a line cannot be understood.
    """
    for name in (VIDEOS, LISTS):
        if not (data / name).is_dir():
            raise TrainingError(
                f"{data}: has no folder {name}; --data names the folder into which UCF101.rar and "
                "UCF101TrainTestSplits-RecognitionTask.zip were unpacked"
            )
    known = [_class(line, where) for where, line in _lines(data / LISTS / "classInd.txt")]
    chosen = _chosen(known, classes, data)
    files = _files(data / VIDEOS)
    return chosen, [
        Fold(
            f"Split {number}",
            train=_items(data, f"trainlist{number:02}.txt", chosen, files),
            test=_items(data, f"testlist{number:02}.txt", chosen, files),
        )
        for number in SPLITS
    ]


def _chosen(known: Sequence[str], classes: Sequence[str], data: Path) -> list[str]:
    by_small = {name.lower(): name for name in known}
    for name in classes:
        if name.lower() not in by_small:
            raise TrainingError(
                f"--classes: {name!r} is no class of {data / LISTS / 'classInd.txt'}"
            )
    return [by_small[name.lower()] for name in classes] if classes else list(known)


def _files(videos: Path) -> dict[str, Path]:
    """Return the clips by their class and name in small letters: lists and files differ there."""
    found = [path for folder in folders(videos) for path in clips(contents(folder))]
    return {f"{path.parent.name}/{path.name}".lower(): path for path in found}


def _items(
    data: Path, name: str, classes: Sequence[str], files: dict[str, Path]
) -> tuple[Item, ...]:
    items, missing = [], []
    for where, line in _lines(data / LISTS / name):
        listed = line.split()[0]
        label, _, clip = listed.partition("/")
        group = GROUP.search(Path(clip).stem)
        if not clip or not group:
            raise TrainingError(
                f"{where}: {line!r} is not of the form Class/v_Class_g01_c01.avi; fetch the list "
                "again"
            )
        if label not in classes:
            continue
        path = files.get(listed.lower())
        if path is None:
            missing.append(listed)
            continue
        items.append(
            Item(path, listed, label, "clip", SOURCE, f"{label}:g{int(group[1]):02}", "train", "")
        )
    if missing:
        raise TrainingError(
            f"{data / VIDEOS}: {len(missing)} clips of {name} are missing, the first is "
            f"{missing[0]}; unpack UCF101.rar again, or leave the class out with --classes"
        )
    absent = sorted(set(classes) - {item.label for item in items})
    if absent:
        raise TrainingError(f"{data / LISTS / name}: lists no clip of {', '.join(absent)}")
    return tuple(items)


def _class(line: str, where: str) -> str:
    number, _, name = line.partition(" ")
    if not number.isdigit() or not name.strip():
        raise TrainingError(f"{where}: {line!r} is not a number and a class; fetch the list again")
    return name.strip()


def _lines(path: Path) -> list[tuple[str, str]]:
    """Return the lines of a list that are not empty, each after where it stands."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TrainingError(f"{path}: cannot be read: {error}") from error
    lines = [
        (f"{path}, line {number}", line.strip())
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip()
    ]
    if not lines:
        raise TrainingError(f"{path}: is empty; fetch the list again")
    return lines
