"""Which moments of a clip are looked at, and which windows they form.

This is the rule of the model package ("the answer, defined once"), the same for training,
evaluation, the command line and the page. Windows are integer arrays of sample indices, shaped
`[windows, frames]`.
"""

import math

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]

TOLERANCE = 1e-6
"""Seconds that two times may differ by and still be the same moment."""

LONG = 60.0
"""Seconds beyond which a fixed number of windows is spread over a clip."""

LONG_WINDOWS = 30
"""Windows spread over a clip longer than `LONG`."""


def sample_count(duration: float, rate: float) -> int:
    """Return how many samples a clip of `duration` seconds has at `rate` samples a second."""
    return max(1, math.ceil(duration * rate - 0.5 - TOLERANCE))


def sample_time(index: int, rate: float) -> float:
    """Return the time of a sample, in seconds from the start of the clip."""
    return (index + 0.5) / rate


def spread(samples: int, frames: int) -> Indices:
    """Return `frames` indices spread evenly over `samples`: the first look, `[frames]`.

    With fewer samples than frames, it repeats them evenly: the stretched short clip.
    """
    return (2 * np.arange(frames, dtype=np.int64) + 1) * samples // (2 * frames)


def answer_windows(duration: float, samples: int, frames: int, hop: int) -> Indices:
    """Return the windows whose mean is the clip's answer, `[windows, frames]`."""
    if samples < frames:
        return spread(samples, frames)[np.newaxis]
    last = samples - frames
    if duration > LONG:
        # Round half up in whole numbers: floor(k * last / (n - 1) + 1/2).
        steps = LONG_WINDOWS - 1
        starts = [(2 * k * last + steps) // (2 * steps) for k in range(LONG_WINDOWS)]
    else:
        starts = list(range(0, last + 1, hop))
        if starts[-1] != last:
            starts.append(last)
    return np.array(starts, dtype=np.int64)[:, np.newaxis] + np.arange(frames, dtype=np.int64)
