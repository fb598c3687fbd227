"""Intervals, against what is known of them."""

import numpy as np
import pytest

from training.intervals import Resampled, widest, wilson


def test_wilsons_interval_of_nine_in_ten() -> None:
    # Worked out by hand: (0.9 + 0.192073 ± 0.213917) / 1.384146.
    low, high = wilson(9, 10) or (0, 0)
    assert (low, high) == pytest.approx((0.5958, 0.9821), abs=1e-4)


def test_of_nothing_there_is_no_interval() -> None:
    nothing = Resampled([])
    assert wilson(0, 0) is None
    assert nothing.part(np.array([], dtype=bool), np.array([], dtype=bool)) is None
    assert nothing.calibration_error(np.array([]), np.array([], dtype=bool)) is None
    assert widest(None, (0.0, 1.0)) is None


def test_many_items_of_their_own_groups_vary_as_a_binomial_does() -> None:
    right = np.arange(400) % 4 != 0
    low, high = Resampled([str(i) for i in range(400)]).part(right, np.ones(400, dtype=bool)) or (
        0,
        0,
    )
    spread = 1.96 * (0.75 * 0.25 / 400) ** 0.5
    assert (low, high) == pytest.approx((0.75 - spread, 0.75 + spread), abs=0.01)


def test_items_of_one_group_count_as_one() -> None:
    right = np.repeat([True, False] * 10, 20)
    alone = Resampled([str(i) for i in range(400)])
    together = Resampled([str(i // 20) for i in range(400)])
    everything = np.ones(400, dtype=bool)
    narrow, wide = alone.part(right, everything), together.part(right, everything)
    assert narrow is not None
    assert wide is not None
    assert wide[1] - wide[0] > 3 * (narrow[1] - narrow[0])


def test_the_calibration_error_lies_in_its_interval() -> None:
    random = np.random.default_rng(0)
    confidence = random.uniform(0.3, 1.0, 600)
    right = random.random(600) < confidence - 0.2
    low, high = Resampled([str(i) for i in range(600)]).calibration_error(confidence, right) or (
        0,
        0,
    )
    assert low < 0.2 < high
    assert high - low < 0.12
