"""Fine-tuning the backbone."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import grey, write_clip, write_still
from numpy.typing import NDArray

from training import tune as tuning
from training.backbone import Backbone, fold_batch_norm, pretrained
from training.frames import MOST, SHORT_SIDE, ItemFrames, decode_frames, shrink
from training.manifest import Item
from training.preprocess import preprocess
from training.tune import Tuned, TuneRecipe, tune

LABELS = ("biking", "none")
RECIPE = TuneRecipe(first=17, steps=6, batch=4)


def frames(name: str, label: str, pictures: NDArray[np.uint8]) -> ItemFrames:
    """Return frames of a training clip."""
    return ItemFrames(Item(Path(name), name, label, "clip", "s", name, "train", ""), pictures, name)


@pytest.fixture(scope="module")
def items() -> list[ItemFrames]:
    """Return frames that differ in colour."""
    random = np.random.default_rng(0)
    red, blue = (random.integers(0, 120, (3, 48, 64, 3), dtype=np.uint8) for _ in range(2))
    red[..., 0] += 130
    blue[..., 2] += 130
    return [frames("red", "biking", red), frames("blue", "none", blue)]


@pytest.fixture(scope="module")
def start() -> Backbone:
    """Return the backbone as ImageNet taught it."""
    return pretrained()


def weights(tuned: Tuned) -> dict[str, torch.Tensor]:
    """Return all that was learnt."""
    return {**tuned.backbone.state_dict(), **tuned.linear.state_dict()}


def test_the_first_layers_stay_and_the_others_learn(
    items: list[ItemFrames], start: Backbone, tmp_path: Path
) -> None:
    tuned = tune(items, LABELS, start, RECIPE, 0, tmp_path)
    before, after = fold_batch_norm(start).state_dict(), tuned.backbone.state_dict()
    assert before.keys() == after.keys()
    for name, value in before.items():
        stays = int(name.split(".")[1]) < RECIPE.first
        assert torch.equal(value, after[name]) == stays, name
    assert tuned.curve.step == [RECIPE.steps]


def test_without_learning_the_network_says_what_it_said(
    items: list[ItemFrames], start: Backbone, tmp_path: Path
) -> None:
    still = TuneRecipe(first=7, steps=1, batch=1, learning_rate=1e-12, linear_rate=1e-12)
    tuned = tune(items, LABELS, start, still, 0, tmp_path)
    pixels = torch.rand(2, 3, 96, 96)
    with torch.inference_mode():
        assert torch.allclose(tuned.backbone(pixels), start(pixels), atol=2e-4)


def test_the_weights_go_part_of_the_way_back(
    items: list[ItemFrames], start: Backbone, tmp_path: Path
) -> None:
    at = {
        part: tune(items, LABELS, start, replace(RECIPE, pretrained=part), 0, tmp_path)
        for part in (0.0, 0.25, 1.0)
    }
    assert len(list(tmp_path.iterdir())) == 1, "one run serves them all"
    far, nearer, back = (one.backbone.state_dict() for one in at.values())
    for name, value in fold_batch_norm(start).state_dict().items():
        assert torch.allclose(back[name], value, atol=1e-6), name
        assert torch.allclose(nearer[name], torch.lerp(far[name], value, 0.25), atol=1e-6), name
    assert torch.equal(at[0.0].linear.weight, at[1.0].linear.weight)


def test_an_interrupted_run_goes_on_as_if_it_had_not_been(
    items: list[ItemFrames], start: Backbone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tuning, "CHECKPOINT_STEPS", 2)
    whole = tune(items, LABELS, start, RECIPE, 0, tmp_path / "whole")

    written = tuning._write  # noqa: SLF001 - stands for a process that is killed after it

    def killed(path: Path, state: dict[str, object]) -> None:
        written(path, state)
        raise KeyboardInterrupt

    monkeypatch.setattr(tuning, "_write", killed)
    with pytest.raises(KeyboardInterrupt):
        tune(items, LABELS, start, RECIPE, 0, tmp_path / "parts")
    monkeypatch.setattr(tuning, "_write", written)
    parts = tune(items, LABELS, start, RECIPE, 0, tmp_path / "parts")

    assert parts.curve == whole.curve
    for name, value in weights(whole).items():
        assert torch.equal(value, weights(parts)[name]), name


def test_another_seed_or_recipe_does_not_go_on_from_it(
    items: list[ItemFrames], start: Backbone, tmp_path: Path
) -> None:
    short = TuneRecipe(first=18, steps=1, batch=2)
    tune(items, LABELS, start, short, 0, tmp_path)
    tune(items, LABELS, start, short, 1, tmp_path)
    tune(items, LABELS, start, TuneRecipe(first=18, steps=1, batch=3), 0, tmp_path)
    tune(items[::-1], LABELS, start, short, 0, tmp_path)
    assert len(list(tmp_path.iterdir())) == 4


def test_it_learns_to_tell_red_from_blue(
    items: list[ItemFrames], start: Backbone, tmp_path: Path
) -> None:
    tuned = tune(items, LABELS, start, TuneRecipe(first=18, steps=40, batch=8), 0, tmp_path)
    pixels = torch.from_numpy(np.stack([preprocess(one.frames[0]) for one in items]))
    with torch.inference_mode():
        assert tuned.linear(tuned.backbone(pixels)).argmax(dim=1).tolist() == [0, 1]


def test_kept_frames_are_small_and_few(tmp_path: Path) -> None:
    clip = write_clip(
        tmp_path / "clip.mp4", [grey(i) for i in range(0, 240, 2)], list(range(0, 720, 6))
    )
    still = write_still(tmp_path / "still.png", grey(9, 900, 600))
    items = [
        Item(clip, "clip.mp4", "biking", "clip", "s", "a", "train", ""),
        Item(still, "still.png", "none", "still", "s", "b", "train", ""),
        Item(tmp_path / "gone.mp4", "gone.mp4", "none", "clip", "s", "c", "train", ""),
    ]
    read, left_out = decode_frames(items, tmp_path / "cache", 1)
    assert [item.name for item in left_out] == ["gone.mp4"]
    assert len(read[0].frames) <= MOST
    brightness = read[0].frames.mean(axis=(1, 2, 3))
    assert (np.diff(brightness) > 0).all()
    assert read[1].frames.shape == (1, SHORT_SIDE, 384, 3)


def test_shrinking_keeps_a_small_picture_as_it_is() -> None:
    picture = np.zeros((SHORT_SIDE, 500, 3), dtype=np.uint8)
    assert shrink(picture) is picture
