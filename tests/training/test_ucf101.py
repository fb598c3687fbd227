"""The command `ucf101`: the official layout and its three splits."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_clips import SHORT, write_tiny

from training.__main__ import main
from training.errors import TrainingError
from training.package import check_package
from training.ucf101_layout import read_ucf101

CLASSES = ("ApplyEyeMakeup", "Archery", "YoYo")
GROUPS = (1, 2, 3, 4)
"""Split k tests group k; group 4 is always trained on."""


def clip_name(label: str, group: int) -> str:
    """Return a clip's name as the lists have it."""
    return f"{label}/v_{label}_g{group:02}_c01.avi"


def make_layout(
    data: Path, classes: tuple[str, ...], write: Callable[[Path, int, int], None]
) -> None:
    """Write a set in UCF101's layout; `write` gets a clip's path, class and group."""
    lists = data / "ucfTrainTestlist"
    lists.mkdir(parents=True)
    numbered = list(enumerate(classes, 1))
    (lists / "classInd.txt").write_text("".join(f"{i} {name}\r\n" for i, name in numbered))
    for split in (1, 2, 3):
        train = [
            f"{clip_name(name, group)} {i}\n"
            for i, name in numbered
            for group in GROUPS
            if group != split
        ]
        (lists / f"trainlist{split:02}.txt").write_text("".join(train))
        test = [f"{clip_name(name, split)}\n" for name in classes]
        (lists / f"testlist{split:02}.txt").write_text("".join(test))
    for place, name in enumerate(classes):
        for group in GROUPS:
            path = data / "UCF-101" / clip_name(name, group)
            path.parent.mkdir(parents=True, exist_ok=True)
            write(path, place, group)


@pytest.fixture
def layout(tmp_path: Path) -> Path:
    """Return a set in UCF101's layout, its clips empty files."""
    make_layout(tmp_path, CLASSES, lambda path, _label, _group: path.touch())
    return tmp_path


def refusal(data: Path, classes: tuple[str, ...] = ()) -> str:
    """Return why a layout is refused."""
    with pytest.raises(TrainingError) as raised:
        read_ucf101(data, classes)
    return str(raised.value)


def test_the_folds_are_the_official_splits(layout: Path) -> None:
    labels, folds = read_ucf101(layout, ())
    assert labels == list(CLASSES)
    assert [fold.name for fold in folds] == ["Split 1", "Split 2", "Split 3"]
    for split, fold in enumerate(folds, 1):
        assert [item.name for item in fold.test] == [clip_name(one, split) for one in CLASSES]
        assert len(fold.train) == len(CLASSES) * (len(GROUPS) - 1)
    assert folds[0].test[0].group == "ApplyEyeMakeup:g01"


def test_classes_may_be_chosen_in_any_writing(layout: Path) -> None:
    labels, folds = read_ucf101(layout, ("yoyo", "Archery"))
    assert labels == ["YoYo", "Archery"]
    assert {item.label for item in folds[0].train} == {"YoYo", "Archery"}


def test_files_written_otherwise_than_in_the_lists_are_found(layout: Path) -> None:
    clip = layout / "UCF-101" / clip_name("Archery", 2)
    clip.rename(clip.with_name("v_archery_G02_c01.avi"))
    _, folds = read_ucf101(layout, ())
    assert folds[1].test[1].path.name == "v_archery_G02_c01.avi"


def test_a_wrong_folder_is_refused(tmp_path: Path) -> None:
    assert "has no folder UCF-101" in refusal(tmp_path)
    (tmp_path / "UCF-101").mkdir()
    assert "has no folder ucfTrainTestlist" in refusal(tmp_path)


def test_an_unknown_class_is_refused(layout: Path) -> None:
    assert "--classes: 'Juggling' is no class of" in refusal(layout, ("Juggling",))


def test_a_missing_list_is_named(layout: Path) -> None:
    (layout / "ucfTrainTestlist" / "testlist02.txt").unlink()
    assert "testlist02.txt: cannot be read" in refusal(layout)


def test_an_empty_list_is_named(layout: Path) -> None:
    (layout / "ucfTrainTestlist" / "trainlist03.txt").write_text("\n")
    assert "trainlist03.txt: is empty" in refusal(layout)


def test_a_list_that_is_no_text_is_named(layout: Path) -> None:
    (layout / "ucfTrainTestlist" / "testlist01.txt").write_bytes(b"\xff\xfe\x80")
    assert "testlist01.txt: cannot be read" in refusal(layout)


def test_a_line_that_cannot_be_understood_is_named(layout: Path) -> None:
    lists = layout / "ucfTrainTestlist"
    (lists / "testlist01.txt").write_text("ApplyEyeMakeup\n")
    assert "testlist01.txt, line 1: 'ApplyEyeMakeup' is not of the form" in refusal(layout)
    (lists / "classInd.txt").write_text("ApplyEyeMakeup\n")
    assert "classInd.txt, line 1: 'ApplyEyeMakeup' is not a number and a class" in refusal(layout)


def test_missing_clips_are_counted_and_the_first_is_named(layout: Path) -> None:
    for group in (2, 3):
        (layout / "UCF-101" / clip_name("YoYo", group)).unlink()
    said = refusal(layout)
    assert "2 clips of trainlist01.txt are missing" in said
    assert f"the first is {clip_name('YoYo', 2)}" in said
    assert read_ucf101(layout, CLASSES[:2])[0] == list(CLASSES[:2])


def test_a_class_that_a_list_leaves_out_is_named(layout: Path) -> None:
    tested = layout / "ucfTrainTestlist" / "testlist03.txt"
    tested.write_text(f"{clip_name('Archery', 3)}\n")
    assert "testlist03.txt: lists no clip of ApplyEyeMakeup, YoYo" in refusal(layout)


def test_a_split_that_tests_a_group_that_it_trains_on_is_refused(layout: Path) -> None:
    tested = layout / "ucfTrainTestlist" / "testlist01.txt"
    tested.write_text("".join(f"{clip_name(name, 4)}\n" for name in CLASSES))
    assert "its group 'ApplyEyeMakeup:g04' is in dev" in refusal(layout)


def test_a_whole_run_writes_a_package(tmp_path: Path) -> None:
    make_layout(tmp_path, CLASSES[:2], lambda *clip: write_tiny(*clip) and None)
    out = tmp_path / "model"
    command = ["ucf101", "--data", str(tmp_path), "--out", str(out), *SHORT]
    assert main([*command, "--cache", str(tmp_path / "cache")]) == 0
    model = check_package(out)
    assert [(label["id"], label["title"]) for label in model["labels"]] == [
        ("ApplyEyeMakeup", "Apply eye makeup"),
        ("Archery", "Archery"),
    ]
    assert model["none_label"] is None
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert [row["n"] for row in report["folds"]] == [2, 2, 2]
    assert report["clips"]["n"] == 6
    assert report["data"]["train"]["clips"] == dict.fromkeys(CLASSES[:2], len(GROUPS))


def test_one_class_is_too_few(layout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ucf101", "--data", str(layout), "--classes", "YoYo"]) == 1
    assert "--classes: name two classes or more" in capsys.readouterr().err
