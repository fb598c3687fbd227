"""The command `folder`: anyone's own actions, one folder a class."""

import json
from pathlib import Path

import numpy as np
import pytest
from conftest import grey, write_still
from tiny_clips import COLOURS, SHORT, write_tiny

from training import robustness
from training.__main__ import main
from training.errors import TrainingError
from training.folder_layout import read_folder
from training.naming import plain_name, title_of
from training.package import check_package


def touch(data: Path, *names: str) -> None:
    """Make empty files, and their folders."""
    for name in names:
        path = data / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def refusal(data: Path) -> str:
    """Return why a folder is refused."""
    with pytest.raises(TrainingError) as raised:
        read_folder(data, 0)
    return str(raised.value)


def groups_of(data: Path) -> dict[str, str]:
    """Return the group of every file."""
    return {item.name: item.group for item in read_folder(data, 0)[1]}


def test_classes_are_the_folders_and_none_comes_last(tmp_path: Path) -> None:
    touch(tmp_path, "none/a.png", "waving/a.mp4", "clapping/a.JPG", "clapping/notes.txt", "x.mp4")
    labels, items = read_folder(tmp_path, 0)
    assert labels == ["clapping", "waving", "none"]
    assert [(item.name, item.label, item.kind) for item in items] == [
        ("clapping/a.JPG", "clapping", "still"),
        ("waving/a.mp4", "waving", "clip"),
        ("none/a.png", "none", "still"),
    ]


def test_names_that_differ_in_a_last_number_are_one_scene(tmp_path: Path) -> None:
    touch(tmp_path, "a/kitchen_1.mp4", "a/kitchen_02.png", "a/kitchen (3).mp4", "a/garden.mp4")
    touch(tmp_path, "b/kitchen_1.mp4", "b/garden.mp4")
    groups = groups_of(tmp_path)
    assert groups["a/kitchen_1.mp4"] == groups["a/kitchen_02.png"] == groups["a/kitchen (3).mp4"]
    assert groups["a/garden.mp4"] != groups["a/kitchen_1.mp4"]
    assert groups["b/kitchen_1.mp4"] != groups["a/kitchen_1.mp4"]


def test_a_folder_within_a_class_is_one_scene(tmp_path: Path) -> None:
    touch(tmp_path, "a/day/x.mp4", "a/day/deeper/y.mp4", "a/night/x.mp4", "b/x.mp4", "b/y.mp4")
    groups = groups_of(tmp_path)
    assert groups["a/day/x.mp4"] == groups["a/day/deeper/y.mp4"] != groups["a/night/x.mp4"]


def test_names_that_are_all_numbered_are_split_file_by_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    touch(tmp_path, *(f"{label}/IMG_{i:04}.jpg" for label in "ab" for i in range(10)))
    assert len(set(groups_of(tmp_path).values())) == 20
    assert "each file is taken for a scene of its own" in capsys.readouterr().err


def test_one_scene_in_five_of_every_class_is_dev_and_the_seed_draws_it(tmp_path: Path) -> None:
    words = [chr(ord("a") + i) * 3 for i in range(10)]
    touch(tmp_path, *(f"{label}/{word}_{i}.mp4" for label in "ab" for word in words for i in "12"))
    drawn = []
    for seed in (0, 0, 1):
        _, items = read_folder(tmp_path, seed)
        for label in "ab":
            dev = {item.group for item in items if item.label == label and item.split == "dev"}
            train = {item.group for item in items if item.label == label and item.split == "train"}
            assert (len(dev), len(train), dev & train) == (2, 8, set())
        drawn.append({item.name for item in items if item.split == "dev"})
    assert drawn[0] == drawn[1] != drawn[2]


def test_too_few_files_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    touch(tmp_path, "a/x.mp4", "a/y.mp4", "b/only.mp4")
    _, items = read_folder(tmp_path, 0)
    said = capsys.readouterr().err
    assert "a: has 2 files; with fewer than 20, expect little" in said
    assert "b: is a single scene; all of it is trained on, and nothing judges it" in said
    assert {item.split for item in items if item.label == "b"} == {"train"}


def test_folders_that_cannot_be_trained_on_are_refused(tmp_path: Path) -> None:
    assert "there is no such folder" in refusal(tmp_path / "gone")
    touch(tmp_path, "none/a.mp4")
    assert "needs two folders or more, one a class" in refusal(tmp_path)
    touch(tmp_path, "a/readme.txt")
    assert "a: holds no clip and no picture" in refusal(tmp_path)
    (tmp_path / "a" / "readme.txt").rename(tmp_path / "a" / "x.mp4")
    touch(tmp_path, f"{'long' * 30}/a.mp4")
    assert "longer than 100 characters" in refusal(tmp_path)


def test_names_become_words() -> None:
    assert title_of("ApplyEyeMakeup") == "Apply eye makeup"
    assert title_of("my_own-actions") == "My own actions"
    assert title_of("TaiChi") == "Tai chi"
    assert title_of("DIY") == "DIY"
    assert plain_name("My actions (2)") == "My-actions-2"
    assert plain_name("動作") == "model"


def test_a_name_that_no_package_may_have_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["folder", "--data", str(tmp_path), "--name", "a b"]) == 1
    assert "--name: 'a b' may have letters" in capsys.readouterr().err


def test_a_whole_run_writes_a_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robustness, "CHANGES", robustness.CHANGES[:1])
    data = tmp_path / "my actions"
    random = np.random.default_rng(0)
    for colour, label in enumerate(("waving", "jumping_jack", "none")):
        for scene in ("kitchen", "garden"):
            write_tiny(data / label / f"{scene}_1.avi", colour, len(scene))
            noise = random.integers(0, 30, (48, 64, 3))
            picture = np.clip(noise + np.array(COLOURS[colour]), 0, 255).astype(np.uint8)
            write_still(data / label / f"{scene}_2.png", picture)
    out = tmp_path / "model"
    command = ["folder", "--data", str(data), "--out", str(out), "--license", "Mine.", *SHORT]
    assert main([*command, "--cache", str(tmp_path / "cache")]) == 0
    model = check_package(out)
    assert (model["name"], model["title"], model["license"]) == (
        "my-actions",
        "My actions",
        "Mine.",
    )
    assert [(label["id"], label["title"]) for label in model["labels"]] == [
        ("jumping_jack", "Jumping jack"),
        ("waving", "Waving"),
        ("none", "None of these"),
    ]
    assert model["none_label"] == "none"
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert report["data"]["dev"]["clips"] == {"jumping_jack": 1, "none": 1, "waving": 1}
    assert report["data"]["train"]["stills"]["waving"] == 1
    assert report["clips"]["n"] == 2


@pytest.mark.parametrize("ending", [".avi", ".png"])
def test_clips_alone_or_stills_alone_are_enough(
    ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(robustness, "CHANGES", robustness.CHANGES[:1])
    data = tmp_path / "data"
    for colour, label in enumerate(("waving", "jumping")):
        for scene in ("kitchen", "garden"):
            path = data / label / f"{scene}_1{ending}"
            if ending == ".avi":
                write_tiny(path, colour, len(scene))
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                write_still(path, grey(60 + 100 * colour))
    out = tmp_path / "model"
    command = ["folder", "--data", str(data), "--out", str(out), *SHORT]
    assert main([*command, "--cache", str(tmp_path / "cache")]) == 0
    assert check_package(out)["none_label"] is None
