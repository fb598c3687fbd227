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
Small = NDArray[np.float32]
"""A resized picture, `[height, width, 3]`, 0 to 255."""

_SCALE = (1.0 / (255.0 * np.array(STD))).astype(np.float32)
_SHIFT = (-np.array(MEAN) / np.array(STD)).astype(np.float32)


def resize(picture: Picture, look: Look = PLAIN) -> Small:
    """Return what `look` sees of the picture, stretched to the backbone's size.

    In floats from 0 to 255, as the page's C++ does it: of bytes Pillow would round twice, which
    moves the probabilities of an unsure clip by up to 0.08.
    """
    height, width = picture.shape[:2]
    left, top, right, bottom = look.box
    channels = [
        Image.fromarray(channel).resize(
            (INPUT_SIZE, INPUT_SIZE),
            Image.Resampling.BILINEAR,
            box=(left * width, top * height, right * width, bottom * height),
        )
        for channel in np.moveaxis(picture.astype(np.float32), 2, 0)
    ]
    small = np.stack([np.asarray(channel) for channel in channels], axis=2)
    return small[:, ::-1] if look.mirrored else small


def normalise(small: Small) -> Pixels:
    """Return (value / 255 - mean) / std, planar."""
    return np.ascontiguousarray((small * _SCALE + _SHIFT).transpose(2, 0, 1))


def preprocess(picture: Picture, look: Look = PLAIN) -> Pixels:
    """Return the pixels of one picture as `look` sees it, `[3, height, width]`."""
    small = resize(picture, look)
    if look.light is not PLAIN_LIGHT:
        small = look.light.apply(small / np.float32(255)) * np.float32(255)
    return normalise(small)
