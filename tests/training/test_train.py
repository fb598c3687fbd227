"""The whole training, from files to a package, on media made here."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from conftest import grey, write_clip, write_still

from training.__main__ import main
from training.contract import FRAMES, HOP, LABELS, RATE
from training.decode import Picture
from training.manifest import COLUMNS
from training.package import check_package
from training.robustness import CHANGES
from training.train import HEADS

COLOURS = {"basketball": (220, 120, 30), "biking": (30, 160, 40), "none": (90, 90, 200)}


def coloured(label: str, random: np.random.Generator) -> Picture:
    """Return a picture that is easy to know by its colour."""
    noise = random.integers(-25, 25, grey(0).shape)
    return np.clip(noise + np.array(COLOURS[label]), 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of tiny clips and stills, two files of which cannot be read."""
    folder = tmp_path_factory.mktemp("data")
    random = np.random.default_rng(0)
    rows = []

    def add(name: str, label: str, kind: str, split: str) -> None:
        rows.append((name, label, kind, "made here", name, split, ""))

    for label in COLOURS:
        for number in range(4):
            split = "dev" if number == 0 else "train"
            clip, still = f"{label}{number}.mp4", f"{label}{number}.png"
            pictures = [coloured(label, random) for _ in range(5)]
            write_clip(folder / clip, pictures, [0, 6, 12, 18, 24], 6 + 12 * number)
            write_still(folder / still, coloured(label, random))
            add(clip, label, "clip", split)
            add(still, label, "still", split)
    (folder / "broken.mp4").write_bytes(b"no video")
    (folder / "empty.png").write_bytes(b"")
    add("broken.mp4", "biking", "clip", "train")
    add("empty.png", "biking", "still", "train")
    with (folder / "manifest.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *rows])
    return folder


def test_training_writes_a_package(
    tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, cache = tmp_path / "model", tmp_path / "cache"
    command = ["--data", str(tiny), "--out", str(out), "--cache", str(cache), "--workers", "1"]
    short = ["--epochs", "2", "--steps", "3", "--tune-steps", "2", "--seed", "5"]
    assert main([*command, *short]) == 0

    model = check_package(out)
    assert [label["id"] for label in model["labels"]] == [label.id for label in LABELS]
    assert model["none_label"] == "none"
    assert model["sampling"] == {"mode": "by_time", "rate": RATE}
    assert model["window"] == {"frames": FRAMES, "hop": HOP, "short_clips": "stretch"}
    variant = model["variants"][model["default_variant"]]
    assert variant["temperature"] > 0
    assert 0 < variant["thresholds"]["answer"] < 1

    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert report["format"] == "actionscope-report"
    assert report["curves"]["epoch"] == [1, 2]
    assert len(report["curves"]["dev_loss"]) == 2
    assert report["tuning"]["step"] == [2]
    assert report["data"]["left_out"] == 2
    assert report["data"]["train"]["clips"]["biking"] == 3
    assert (report["clips"]["n"], report["clips"]["none_n"]) == (2, 1)
    assert set(model["variants"]) == {"fp32", "int8"}
    assert [row["name"] for row in report["variants"]] == ["fp32", "int8"]
    assert [row["name"] for row in report["parts"]] == [
        "Frozen backbone, frame mean, linear",
        "Frozen backbone, LSTM",
        "Fine-tuned backbone, frame mean, linear",
        "Fine-tuned backbone, LSTM",
    ]
    assert report["parts"][0]["stills"]["top1_actions"] == 1
    assert [row["n"] for row in report["robustness"]] == [2] * (1 + len(CHANGES))
    assert report["robustness"][0]["drop"] == 0
    assert report["recipe"]["seed"] == 5
    assert report["spread"]["head"]["runs"] == HEADS
    run = json.loads((out / "runs" / "5.json").read_text(encoding="utf-8"))
    floats = report["variants"][0]["clips"]
    assert {key: run["clips"][key] for key in floats} == floats

    card = (out / "CARD.md").read_text(encoding="utf-8")
    assert variant["head"]["sha256"] in card
    for text in (card, json.dumps(report), json.dumps(model)):
        assert str(tiny) not in text

    said = capsys.readouterr().err
    assert "broken.mp4" in said
    assert "empty.png: is empty; it is left out" in said

    again = tmp_path / "again"
    kept = sorted(file for file in cache.rglob("*") if file.is_file())
    times = [file.stat().st_mtime_ns for file in kept]
    command[3] = str(again)
    assert main([*command, *short]) == 0
    assert sorted(file for file in cache.rglob("*") if file.is_file()) == kept
    assert [file.stat().st_mtime_ns for file in kept] == times
    names = [file.name for file in out.iterdir() if file.is_file()]
    assert len(names) == len(("model.json", "report.json", "CARD.md")) + 2 * len(model["variants"])
    for name in names:
        assert (again / name).read_bytes() == (out / name).read_bytes()


def test_a_missing_manifest_is_an_error_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(tmp_path), "--out", str(tmp_path / "model")]) == 1
    assert capsys.readouterr().err.startswith(f"error: {tmp_path}/manifest.csv: there is no such")


def test_data_without_dev_is_refused(
    tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (tiny / "manifest.csv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.endswith("dev,")]
    for file in tiny.iterdir():
        (tmp_path / file.name).symlink_to(file)
    (tmp_path / "manifest.csv").unlink()
    (tmp_path / "manifest.csv").write_text("\n".join(lines), encoding="utf-8")
    command = ["--data", str(tmp_path), "--cache", str(tmp_path / "cache")]
    assert main([*command, "--out", str(tmp_path / "model")]) == 1
    assert "has no file of dev to choose and judge the model by" in capsys.readouterr().err
