"""The windows drawn for training."""

from pathlib import Path

import numpy as np
import pytest

from training.contract import FRAMES
from training.looks import CLIP_VIEWS, STILL_VIEWS, clip_looks, still_looks
from training.manifest import Item, Kind
from training.sequences import NONE_WEIGHT, clip_indices, item_weights, window


def item(label: str, kind: Kind, source: str, group: str, note: str = "") -> Item:
    """Return a training item."""
    return Item(Path(group), group, label, kind, source, group, "train", note)


def test_classes_weigh_the_same_and_none_more() -> None:
    items = [item("biking", "clip", "s", f"b{i}") for i in range(9)]
    items += [item("diving", "still", "s", "d")]
    items += [item("none", "clip", "s", f"n{i}") for i in range(3)]
    weights = item_weights(items)
    assert weights.sum() == pytest.approx(1)
    assert weights[:9].sum() == pytest.approx(weights[9])
    assert weights[10:].sum() == pytest.approx(NONE_WEIGHT * weights[9])


def test_footage_outweighs_photographs() -> None:
    kinds: list[tuple[Kind, str]] = [("clip", ""), ("still", "mid-frame"), ("still", "")]
    weights = item_weights(
        [item("biking", kind, "s", f"{kind}{note}", note) for kind, note in kinds]
    )
    assert weights[0] > weights[1] > weights[2]


def test_a_group_of_many_files_weighs_as_one_of_few() -> None:
    items = [item("biking", "clip", "s", "g1")] * 5 + [item("biking", "clip", "s", "g2")]
    weights = item_weights(items)
    assert weights[:5].sum() == pytest.approx(weights[5])


@pytest.mark.parametrize("samples", [1, 7, 19, 20, 21, 33, 100, 500])
def test_windows_of_a_clip_stay_within_it_and_go_forward(samples: int) -> None:
    random = np.random.default_rng(0)
    for _ in range(200):
        indices = clip_indices(samples, random)
        assert indices.shape == (FRAMES,)
        assert indices.min() >= 0
        assert indices.max() < samples
        assert (np.diff(indices) >= 0).all()


def test_windows_of_a_still_are_pans_or_stand_still() -> None:
    random = np.random.default_rng(0)
    views = np.arange(STILL_VIEWS, dtype=np.float32).reshape(-1, 1, 1).repeat(4, axis=2)
    windows = [window(views, random) for _ in range(200)]
    still = [one for one in windows if (one == one[0]).all()]
    assert {float(one[0, 0]) for one in still} == {0.0, 1.0}
    pans = [one for one in windows if not (one == one[0]).all()]
    assert 60 < len(still) < 100
    assert all(one.min() >= 2 and one.shape == (FRAMES, 4) for one in pans)


def test_views_are_as_many_as_the_windows_expect() -> None:
    random = np.random.default_rng(0)
    for looks, count in ((clip_looks(random), CLIP_VIEWS), (still_looks(random), STILL_VIEWS)):
        assert len(looks) == count
        for look in looks:
            left, top, right, bottom = look.box
            assert 0 <= left < right <= 1 + 1e-9
            assert 0 <= top < bottom <= 1 + 1e-9
