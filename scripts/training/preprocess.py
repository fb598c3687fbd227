"""From a picture to the backbone's pixels.

The resize is Pillow's antialiased bilinear one, stretched to the square: the triangle filter that
the page's C++ applies too. Pixels are `float32`, planar `[3, height, width]`, R G B.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from training.contract import INPUT_SIZE, MEAN, STD
from training.decode import Picture
from training.looks import PLAIN, PLAIN_LIGHT, Look

Pixels = NDArray[np.float32]

_SCALE = (1.0 / (255.0 * np.array(STD))).astype(np.float32)
_SHIFT = (-np.array(MEAN) / np.array(STD)).astype(np.float32)


def resize(picture: Picture, look: Look = PLAIN) -> Picture:
    """Return what `look` sees of the picture, stretched to the backbone's size."""
    height, width = picture.shape[:2]
    left, top, right, bottom = look.box
    small = np.asarray(
        Image.fromarray(picture).resize(
            (INPUT_SIZE, INPUT_SIZE),
            Image.Resampling.BILINEAR,
            box=(left * width, top * height, right * width, bottom * height),
        )
    )
    return small[:, ::-1] if look.mirrored else small


def normalise(small: Picture) -> Pixels:
    """Return (value / 255 - mean) / std, planar."""
    pixels = small.astype(np.float32) * _SCALE + _SHIFT
    return np.ascontiguousarray(pixels.transpose(2, 0, 1))


def preprocess(picture: Picture, look: Look = PLAIN) -> Pixels:
    """Return the pixels of one picture as `look` sees it, `[3, height, width]`."""
    small = resize(picture, look)
    if look.light is not PLAIN_LIGHT:
        lit = look.light.apply(small.astype(np.float32) / np.float32(255))
        small = np.rint(lit * 255).astype(np.uint8)
    return normalise(small)
