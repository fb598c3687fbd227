"""The changes that fine-tuning sees of a picture, and the pictures of nothing."""

from pathlib import Path

import numpy as np
import pytest
from conftest import grey

from training.augment import augment
from training.blanks import EACH, KINDS, blanks
from training.contract import INPUT_SIZE, NONE
from training.decode import read_still


@pytest.mark.parametrize(("width", "height"), [(64, 48), (1, 1), (2, 300), (300, 2), (224, 224)])
def test_any_picture_becomes_one_of_the_backbones_size(width: int, height: int) -> None:
    picture = grey(120, width, height)
    before = picture.copy()
    for seed in range(60):
        changed = augment(picture, np.random.default_rng(seed))
        assert changed.shape == (INPUT_SIZE, INPUT_SIZE, 3)
        assert changed.dtype == np.uint8
    assert (picture == before).all()


def test_the_same_generator_gives_the_same_picture() -> None:
    picture = np.random.default_rng(1).integers(0, 256, (48, 64, 3), dtype=np.uint8)
    first, second = (augment(picture, np.random.default_rng(3)) for _ in range(2))
    assert (first == second).all()
    assert (first != augment(picture, np.random.default_rng(4))).any()


def test_a_picture_stays_recognisable() -> None:
    """One half is dark, the other bright: mostly that stays so."""
    picture = np.zeros((100, 160, 3), dtype=np.uint8)
    picture[:, 80:] = 255
    kept = 0
    for seed in range(200):
        changed = augment(picture, np.random.default_rng(seed)).astype(float).mean(axis=(0, 2))
        kept += abs(changed[: INPUT_SIZE // 4].mean() - changed[-INPUT_SIZE // 4 :].mean()) > 20
    assert kept > 150


def test_pictures_of_nothing_train_none_and_are_always_the_same(tmp_path: Path) -> None:
    items = blanks(tmp_path / "a")
    assert len(items) == EACH * len(KINDS)
    assert {(item.label, item.kind, item.split) for item in items} == {(NONE, "still", "train")}
    assert len({item.group for item in items}) == len(items)
    again = blanks(tmp_path / "b")
    for one, other in zip(items, again, strict=True):
        assert (read_still(one.path) == read_still(other.path)).all()
        assert str(tmp_path) not in one.name
