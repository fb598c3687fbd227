"""The resize and the normalisation against a direct formula."""

import numpy as np
import pytest
from numpy.typing import NDArray

from training.contract import INPUT_SIZE, MEAN, STD
from training.decode import Picture
from training.preprocess import normalise, preprocess


def triangle_weights(source: int, size: int) -> NDArray[np.float64]:
    """Return the antialiased bilinear filter as a matrix `[size, source]`."""
    scale = source / size
    reach = max(scale, 1.0)
    centres = (np.arange(size)[:, np.newaxis] + 0.5) * scale
    distance = np.abs(np.arange(source) + 0.5 - centres) / reach
    weights = np.maximum(0.0, 1.0 - distance)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def formula(picture: Picture) -> NDArray[np.float64]:
    """Return what the page's C++ is to compute, in full precision."""
    rows = triangle_weights(picture.shape[0], INPUT_SIZE)
    columns = triangle_weights(picture.shape[1], INPUT_SIZE)
    values = np.einsum("ih,hwc,jw->cij", rows, picture / 255.0, columns, optimize=True)
    mean, std = (np.array(one)[:, np.newaxis, np.newaxis] for one in (MEAN, STD))
    return np.asarray((values - mean) / std)


@pytest.mark.parametrize("size", [(240, 320), (720, 1280), (100, 60), (224, 224), (31, 500)])
def test_pixels_are_those_of_the_formula(size: tuple[int, int]) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (*size, 3)).astype(np.uint8)
    pixels = preprocess(picture)
    assert pixels.shape == (3, INPUT_SIZE, INPUT_SIZE)
    assert pixels.dtype == np.float32
    steps = np.abs(pixels - formula(picture)) * np.array(STD)[:, np.newaxis, np.newaxis] * 255
    assert steps.max() < 1.01


def test_normalise_is_exact_at_both_ends() -> None:
    for value in (0, 255):
        pixels = normalise(np.full((2, 2, 3), value, dtype=np.uint8))
        expected = (value / 255 - np.array(MEAN)) / np.array(STD)
        assert np.allclose(pixels[:, 0, 0], expected, atol=1e-6)
