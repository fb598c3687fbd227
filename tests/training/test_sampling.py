"""The rule of which moments are looked at, by cases worked out by hand."""

import numpy as np
import pytest

from training.sampling import answer_windows, sample_count, sample_time, spread


@pytest.mark.parametrize(
    ("duration", "count"),
    [
        (0.0, 1),
        (0.04, 1),
        (0.05, 1),
        (0.15, 1),
        (0.151, 2),
        (1.0, 10),
        (2.0, 20),
        (2.05, 20),
        (2.06, 21),
        (10.0, 100),
    ],
)
def test_sample_count(duration: float, count: int) -> None:
    assert sample_count(duration, 10) == count


def test_every_sample_is_within_the_clip() -> None:
    for duration in np.linspace(0.06, 12, 400):
        count = sample_count(float(duration), 10)
        assert sample_time(count - 1, 10) < duration
        assert sample_time(count, 10) >= duration - 2e-6


def test_first_look_is_spread_evenly() -> None:
    assert spread(20, 20).tolist() == list(range(20))
    assert spread(40, 20).tolist() == list(range(1, 40, 2))
    assert spread(100, 20).tolist() == list(range(2, 100, 5))


def test_short_clip_is_stretched() -> None:
    assert spread(1, 20).tolist() == [0] * 20
    assert spread(3, 20).tolist() == [0] * 7 + [1] * 6 + [2] * 7
    assert answer_windows(0.3, 3, 20, 10).tolist() == [spread(3, 20).tolist()]


@pytest.mark.parametrize(
    ("samples", "starts"),
    [
        (20, [0]),
        (21, [0, 1]),
        (30, [0, 10]),
        (35, [0, 10, 15]),
        (40, [0, 10, 20]),
        (101, [0, 10, 20, 30, 40, 50, 60, 70, 80, 81]),
    ],
)
def test_windows_of_the_answer(samples: int, starts: list[int]) -> None:
    windows = answer_windows(samples / 10, samples, 20, 10)
    assert windows[:, 0].tolist() == starts
    assert (np.diff(windows, axis=1) == 1).all()


def test_long_footage_has_thirty_windows() -> None:
    assert len(answer_windows(60.0, 600, 20, 10)) == 59
    starts = answer_windows(61.0, 610, 20, 10)[:, 0]
    assert len(starts) == 30
    assert starts[0] == 0
    assert starts[-1] == 590
    # 590 / 29 = 20.34..., and 7 * 590 / 29 = 142.4..., 8 * 590 / 29 = 162.7...
    assert starts[[1, 7, 8]].tolist() == [20, 142, 163]
