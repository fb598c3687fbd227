"""Reading `manifest.csv`: which files there are, what they show and on which side they stand."""

import csv
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from training.errors import TrainingError

Kind = Literal["clip", "still"]
Split = Literal["train", "dev"]

COLUMNS = ("path", "label", "kind", "source", "group", "split", "note")
KINDS = ("clip", "still")
SPLITS = ("train", "dev")


@dataclass(frozen=True)
class Item:
    """One file of the data."""

    path: Path
    """Where it is."""
    name: str
    """Its path as the manifest has it, relative to the data's folder."""
    label: str
    kind: Kind
    source: str
    """Who gathered it."""
    group: str
    """What it shares a scene with; a group never stands on both sides."""
    split: Split
    note: str

    @property
    def footage(self) -> bool:
        """Whether it is a clip, or the middle frame of one, rather than a photograph."""
        return self.kind == "clip" or self.note.startswith("mid-frame")


def read_manifest(data: Path, labels: Collection[str]) -> list[Item]:
    """Read `manifest.csv` of the folder `data` and check every line of it."""
    path = data / "manifest.csv"
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        message = f"{path}: there is no such file; --data names the folder that holds it"
        raise TrainingError(message) from None
    except (OSError, UnicodeDecodeError) as error:
        raise TrainingError(f"{path}: cannot be read: {error}") from error
    reader = csv.DictReader(text.splitlines())
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or [])]
    if missing:
        raise TrainingError(f"{path}: the column {missing[0]!r} is missing")
    items = [_item(path, reader.line_num, row, labels) for row in reader]
    if not items:
        raise TrainingError(f"{path}: lists no file")
    assert_no_leak(items)
    return items


def assert_no_leak(items: Iterable[Item]) -> None:
    """Refuse a group that stands both in train and in dev."""
    side: dict[str, Item] = {}
    for item in items:
        first = side.setdefault(item.group, item)
        if first.split != item.split:
            raise TrainingError(
                f"{item.name}: its group {item.group!r} is in {item.split}, "
                f"but {first.name} of the same group is in {first.split}"
            )


def _item(manifest: Path, line: int, row: dict[str, str], labels: Collection[str]) -> Item:
    def check(column: str, known: Collection[str]) -> str:
        value = row[column]
        if value not in known:
            raise TrainingError(
                f"{manifest}, line {line}: unknown {column} {value!r}; "
                f"it is one of {', '.join(known)}"
            )
        return value

    if None in row.values():
        raise TrainingError(f"{manifest}, line {line}: has too few columns")
    return Item(
        path=manifest.parent / row["path"],
        name=row["path"],
        label=check("label", labels),
        kind=cast("Kind", check("kind", KINDS)),
        source=row["source"],
        group=row["group"],
        split=cast("Split", check("split", SPLITS)),
        note=row["note"],
    )
