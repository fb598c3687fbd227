"""Reading the manifest, and refusing a wrong one by name."""

from pathlib import Path

import pytest

from training.contract import LABELS
from training.errors import TrainingError
from training.manifest import read_manifest

IDS = [label.id for label in LABELS]
HEADER = "path,label,kind,source,group,split,note\n"


def write(folder: Path, text: str) -> Path:
    """Write a manifest and return its folder."""
    (folder / "manifest.csv").write_text(text, encoding="utf-8")
    return folder


def test_a_line_becomes_an_item(tmp_path: Path) -> None:
    line = 'stills/a.jpg,biking,still,someone,biking:g1,train,"mid-frame; near neighbour"\n'
    (item,) = read_manifest(write(tmp_path, HEADER + line), IDS)
    assert item.path == tmp_path / "stills" / "a.jpg"
    assert (item.label, item.kind, item.split) == ("biking", "still", "train")
    assert item.footage


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEADER, "lists no file"),
        ("path,label\n", "'kind' is missing"),
        (HEADER + "a.mp4,juggling,clip,s,g,train,\n", "line 2: unknown label 'juggling'"),
        (HEADER + "a.mp4,biking,film,s,g,train,\n", "line 2: unknown kind 'film'"),
        (HEADER + "a.mp4,biking,clip,s,g,test,\n", "line 2: unknown split 'test'"),
        (HEADER + "a.mp4,biking,clip\n", "line 2: has too few columns"),
    ],
)
def test_a_wrong_manifest_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(TrainingError, match=message):
        read_manifest(write(tmp_path, text), IDS)


def test_a_missing_manifest_is_named(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"manifest\.csv: there is no such file"):
        read_manifest(tmp_path, IDS)


def test_a_group_on_both_sides_is_refused(tmp_path: Path) -> None:
    lines = "a.mp4,biking,clip,s,g,train,\nb.mp4,biking,clip,s,g,dev,\n"
    with pytest.raises(TrainingError, match=r"b\.mp4: its group 'g' is in dev"):
        read_manifest(write(tmp_path, HEADER + lines), IDS)


def test_the_real_data_leaks_no_group(data: Path) -> None:
    items = read_manifest(data, IDS)
    sides = [{one.group for one in items if one.split == split} for split in ("train", "dev")]
    assert not sides[0] & sides[1]
