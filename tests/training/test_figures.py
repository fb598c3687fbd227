"""Figures, temperature and threshold, by cases worked out by hand."""

from pathlib import Path

import numpy as np
import pytest

from training.answer import mean_probabilities, softmax
from training.calibrate import PARTS, fit_none_bias, fit_temperature, fit_threshold, set_aside
from training.evaluate import Shown, calibration_bins, calibration_error, figures
from training.manifest import Item

LABELS = ("a", "b", "none")


def test_figures_of_five_items() -> None:
    probabilities = np.array(
        [
            [0.7, 0.2, 0.1],  # a, said a
            [0.4, 0.1, 0.5],  # a, said none, but a among the actions
            [0.6, 0.3, 0.1],  # b, said a
            [0.1, 0.1, 0.8],  # none, said none
            [0.1, 0.5, 0.4],  # none, said b
        ]
    )
    result = figures(probabilities, np.array([0, 0, 1, 2, 2]), LABELS, list("vwxyz"), 0.55)
    assert result.n == 3
    assert result.top1_actions == pytest.approx(2 / 3)
    assert result.top1_with_none == pytest.approx(1 / 3)
    assert result.none_n == 2
    assert result.none_recall == pytest.approx(1 / 2)
    assert result.macro_actions == pytest.approx((1 + 0) / 2)
    assert result.macro_with_none == pytest.approx((1 / 2 + 0) / 2)
    # Above 0.55 an action is shown: a (right), a (wrong). The others are "none of these", which is
    # right of both items of none, though one of them was said to be b.
    assert result.shown == Shown(right=3 / 5, wrong=1 / 5, none_of_these=1 / 5)
    assert result.confusion.rows == [[1, 0, 1], [1, 0, 0], [0, 1, 1]]
    assert result.per_class["a"].n == 2
    assert result.per_class["a"].recall == pytest.approx(1 / 2)
    assert result.per_class["a"].precision == pytest.approx(1 / 2)
    assert result.per_class["b"].recall == 0
    assert result.per_class["b"].precision == 0
    assert result.per_class["none"].precision == pytest.approx(1 / 2)


def test_figures_of_nothing_are_none() -> None:
    result = figures(np.array([[0.9, 0.1, 0.0]]), np.array([0]), LABELS, ["g"], 0.0)
    assert result.none_recall is None
    assert result.per_class["b"].recall is None
    assert result.per_class["b"].precision is None


def test_calibration_error() -> None:
    # Two items of 0.9 in one bin, one right: off by 0.4. One of 0.5, right: off by 0.5.
    probabilities = np.array([[0.9, 0.1], [0.9, 0.1], [0.5, 0.5]])
    bins = calibration_bins(probabilities, np.array([0, 1, 0]))
    assert [one.count for one in bins] == [1, 2]
    assert calibration_error(bins) == pytest.approx((2 * 0.4 + 0.5) / 3)
    assert calibration_error([]) is None


def test_a_bin_is_open_at_its_lower_end() -> None:
    # 0.6 is the upper end of the ninth of 15 bins.
    probabilities = np.array([[0.6, 0.4], [0.6 + 1e-9, 0.4 - 1e-9]])
    assert [one.count for one in calibration_bins(probabilities, np.array([0, 0]))] == [1, 1]


def test_temperature_of_an_overconfident_head() -> None:
    random = np.random.default_rng(0)
    logits = random.normal(size=(4000, 1, 3)) * 2
    truth = np.array([random.choice(3, p=softmax(one[0])) for one in logits])
    weights = np.full(len(truth), 1 / len(truth))
    assert fit_temperature(list(3 * logits), truth, weights) == pytest.approx(3.0, rel=0.1)


def test_probabilities_are_the_mean_over_windows() -> None:
    logits = [np.log(np.array([[0.8, 0.2], [0.4, 0.6]], dtype=np.float32))]
    assert np.allclose(mean_probabilities(logits), [[0.6, 0.4]])


def test_threshold_is_the_least_that_is_right_often_enough() -> None:
    confidence = np.array([0.3, 0.35, 0.45, 0.5, 0.55, 0.9])
    right = np.array([False, False, True, False, True, True])
    # From 0.36 on, 3 of 4 are right.
    assert fit_threshold(confidence, right, np.ones(6)) == pytest.approx(0.36)
    assert fit_threshold(confidence, np.ones(6, dtype=bool), np.ones(6)) == pytest.approx(0.2)
    assert fit_threshold(confidence, np.zeros(6, dtype=bool), np.ones(6)) == pytest.approx(0.6)


def test_a_part_of_every_labels_groups_is_set_aside() -> None:
    items = [
        Item(Path(), f"{label}{i}", label, "clip", "s", f"{label}{i // 2}", "train", "")
        for label in "ab"
        for i in range(24)
    ]
    items += [Item(Path(), f"dev{i}", "a", "clip", "s", f"dev{i}", "dev", "") for i in range(24)]
    items += [Item(Path(), f"p{i}", "b", "still", "s", f"p{i}", "train", "") for i in range(24)]
    aside = set_aside(items)
    assert sorted(group[0] for group in aside) == ["a"] * (12 // PARTS) + ["b"] * (12 // PARTS)
    assert aside == set_aside(items[::-1])


def test_the_bias_of_none_makes_up_for_one_that_was_learnt_wrong() -> None:
    random = np.random.default_rng(0)
    truth = np.tile([0, 1, 2], 200)
    fair = 2 * np.eye(3)[truth] + random.gumbel(size=(600, 3)) - random.gumbel(size=(600, 3))
    shifted = fair - np.array([0, 0, 0.8])
    weights = np.full(600, 1 / 600)
    bias = [
        fit_none_bias(list(logits[:, np.newaxis].astype(np.float32)), truth, weights, 2)
        for logits in (fair, shifted)
    ]
    assert bias[0] == pytest.approx(0, abs=0.25)
    assert bias[1] - bias[0] == pytest.approx(0.8, abs=0.11)


def test_without_none_among_the_items_its_bias_stays() -> None:
    logits = [np.array([[1.0, 0.0]], dtype=np.float32)] * 4
    assert fit_none_bias(logits, np.zeros(4, dtype=np.int64), np.full(4, 0.25), 1) == 0
