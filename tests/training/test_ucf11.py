"""The command `ucf11`: the official layout, and leaving one group out at a time."""

import csv
import json
from collections import defaultdict
from pathlib import Path

import pytest
from tiny_clips import SHORT, write_tiny

from training.__main__ import main
from training.errors import TrainingError
from training.package import check_package
from training.ucf11_layout import read_ucf11

STEMS = {"basketball": "v_shooting", "horse_riding": "v_riding", "walking": "v_walk_dog"}
CLASSES = tuple(STEMS)
GROUPS = (1, 2, 25)


@pytest.fixture
def layout(tmp_path: Path) -> Path:
    """Return a set in UCF11's layout, its clips empty files, with what else lies there."""
    data = tmp_path / "UCF11_updated_mpg"
    for label, stem in STEMS.items():
        for group in GROUPS:
            folder = data / label / f"{stem}_{group:02}"
            folder.mkdir(parents=True)
            for clip in (1, 2):
                (folder / f"{folder.name}_{clip:02}.mpg").touch()
            (folder / "Thumbs.db").touch()
        annotation = data / label / "Annotation"
        annotation.mkdir()
        (annotation / f"{stem}_01_01.xgtf").touch()
        (annotation / f"{stem}_01_02.viper").touch()
    return data


def refusal(data: Path, classes: tuple[str, ...] = CLASSES) -> str:
    """Return why a layout is refused."""
    with pytest.raises(TrainingError) as raised:
        read_ucf11(data, classes)
    return str(raised.value)


def test_a_fold_holds_out_one_group_of_every_class(layout: Path) -> None:
    folds = read_ucf11(layout, CLASSES)
    assert [fold.name for fold in folds] == ["Group 1", "Group 2", "Group 25"]
    for fold, number in zip(folds, GROUPS, strict=True):
        assert {item.group for item in fold.test} == {f"{one}:{number:02}" for one in CLASSES}
        assert len(fold.test) == 2 * len(CLASSES)
        assert len(fold.train) == 2 * len(CLASSES) * (len(GROUPS) - 1)
    assert folds[0].test[0].name == "basketball/v_shooting_01/v_shooting_01_01.mpg"
    assert {item.label for item in folds[0].test} == set(CLASSES)


def test_annotations_and_odd_files_are_passed_over(layout: Path) -> None:
    (fold, *_) = read_ucf11(layout, CLASSES)
    assert {item.path.suffix for item in (*fold.train, *fold.test)} == {".mpg"}


def test_clips_beside_the_groups_folders_belong_to_the_group_that_they_name(layout: Path) -> None:
    (layout / "walking" / "v_walk_dog_02_03.mpg").touch()
    fold = read_ucf11(layout, CLASSES)[1]
    assert "walking/v_walk_dog_02_03.mpg" in {item.name for item in fold.test}


def test_fewer_groups_than_25_are_told(layout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    read_ucf11(layout, CLASSES)
    assert "has 3 groups; the official set has 25" in capsys.readouterr().err


def test_the_folder_above_is_told_from_the_right_one(layout: Path) -> None:
    assert f"but {layout} has; give that folder as --data" in refusal(layout.parent)


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    assert "is not in UCF11's layout" in refusal(tmp_path)
    assert "there is no such folder" in refusal(tmp_path / "gone")
    (tmp_path / "file").touch()
    assert "is a file, not a folder" in refusal(tmp_path / "file")


def test_a_missing_class_is_named(layout: Path) -> None:
    said = refusal(layout, (*CLASSES, "diving"))
    assert "has no folder diving" in said
    assert "--classes" in said


def test_a_missing_group_is_named(layout: Path) -> None:
    (layout / "walking" / "v_walk_dog_25").rename(layout / "walking" / "v_walk_dog_24")
    assert "basketball: its group 24 is missing" in refusal(layout)


def test_a_group_without_a_clip_is_named(layout: Path) -> None:
    for clip in (layout / "walking" / "v_walk_dog_02").glob("*.mpg"):
        clip.unlink()
    assert "walking: its group 2 holds no clip" in refusal(layout)


def test_a_class_without_groups_is_named(layout: Path) -> None:
    for group in (layout / "walking").glob("v_*"):
        group.rename(group.with_name("videos"))
        break
    for group in (layout / "walking").glob("v_*"):
        group.rename(layout / group.name)
    assert "walking: holds no group" in refusal(layout)


def test_one_group_is_too_few(layout: Path) -> None:
    for group in layout.glob("*/v_*"):
        if not group.name.endswith("_01"):
            group.rename(layout / group.name)
    assert "has group 1 alone" in refusal(layout)


def test_a_whole_run_writes_a_package(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    classes = CLASSES[:2]
    for colour, label in enumerate(classes):
        for group in (1, 2):
            name = f"{STEMS[label]}_{group:02}"
            write_tiny(tmp_path / label / name / f"{name}_01.mpg", colour, group)
    out, cache = tmp_path / "model", tmp_path / "cache"
    command = ["ucf11", "--data", str(tmp_path), "--classes", *classes, *SHORT]
    assert main([*command, "--out", str(out), "--cache", str(cache)]) == 0

    model = check_package(out)
    assert [label["id"] for label in model["labels"]] == list(classes)
    assert model["none_label"] is None
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert [(row["name"], row["n"]) for row in report["folds"]] == [("Group 1", 2), ("Group 2", 2)]
    assert set(report["fold_spread"]) == {"mean", "deviation"}
    assert report["clips"]["n"] == 4
    assert sum(map(sum, report["clips"]["confusion"]["rows"])) == 4
    assert report["data"]["train"]["clips"] == dict.fromkeys(classes, 2)
    assert "the model in this package learnt from the clips of all folds" in report["data"]["note"]
    assert "this very model has seen all the clips" in report["known_failures"][0]
    card = (out / "CARD.md").read_text(encoding="utf-8")
    assert "| Group 2 | 2 |" in card
    for text in (card, json.dumps(report), json.dumps(model)):
        assert str(tmp_path) not in text
    said = capsys.readouterr().out
    assert "folds: 2 of 2" in said
    assert "standard deviation" in said

    again = tmp_path / "again"
    assert main([*command, "--out", str(again), "--cache", str(cache)]) == 0
    assert "2 of 2 folds are known from before" in capsys.readouterr().out
    for name in ("model.json", "backbone.onnx", "head.onnx", "report.json", "CARD.md"):
        assert (again / name).read_bytes() == (out / name).read_bytes()


def test_real_clips_in_the_official_layout(data: Path, tmp_path: Path) -> None:
    groups: dict[tuple[str, str], list[Path]] = defaultdict(list)
    with (data / "manifest.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["kind"] == "clip" and row["label"] in ("horse_riding", "soccer_juggling"):
                groups[row["label"], row["group"]].append(data / row["path"])
    classes = sorted({label for label, _ in groups})
    for label in classes:
        smallest = sorted(
            (
                min(paths, key=lambda path: path.stat().st_size)
                for key, paths in groups.items()
                if key[0] == label
            ),
            key=lambda path: path.stat().st_size,
        )
        for number, clip in enumerate(smallest[:2], 1):
            folder = tmp_path / label / f"v_real_{number:02}"
            folder.mkdir(parents=True)
            (folder / f"{folder.name}_01{clip.suffix}").symlink_to(clip)
    out = tmp_path / "model"
    command = ["ucf11", "--data", str(tmp_path), "--classes", *classes, *SHORT]
    assert main([*command, "--out", str(out), "--cache", str(tmp_path / "cache")]) == 0
    check_package(out)
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert report["clips"]["n"] == 4
    assert report["data"]["left_out"] == 0
