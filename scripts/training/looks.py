"""The ways in which training looks at a picture: cropped, mirrored, in another light.

A view is one run of the backbone over an item. Clips are seen whole, and once more mirrored and
cropped in another light. Stills are seen whole, whole and mirrored, and as the places of a pan,
crops that move and zoom over the picture; `sequences` makes windows of 20 frames of them.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

VERSION = 3
"""To be raised when the views of an item, or how they are decoded and resized, change: kept
features are then made anew."""

PANS = 1
PAN_PLACES = 3

CLIP_VIEWS = 2
STILL_VIEWS = 2 + PANS * PAN_PLACES

CLIP_AREA = (0.5, 1.0)
PAN_AREA = (0.35, 1.0)
ASPECT = 0.35
"""Greatest change of a crop's aspect ratio, as a natural logarithm."""

GREY = 0.1
"""Part of the lights that drop the colours."""

Box = tuple[float, float, float, float]
"""Left, top, right, bottom, as fractions of the picture."""

WHOLE: Box = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True)
class Light:
    """A change of brightness and colour of values of 0..1."""

    gains: tuple[float, float, float] = (1.0, 1.0, 1.0)
    """What R, G and B are multiplied by."""
    offset: float = 0.0
    grey: bool = False
    """Whether the colours are dropped first."""

    def apply(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return `[height, width, 3]` in this light, kept within 0..1."""
        if self.grey:
            values = np.repeat(values.mean(axis=2, keepdims=True), 3, axis=2)
        lit = values * np.array(self.gains, dtype=np.float32) + np.float32(self.offset)
        return np.asarray(np.clip(lit, 0.0, 1.0), dtype=np.float32)


PLAIN_LIGHT = Light()


@dataclass(frozen=True)
class Look:
    """What of a picture is seen, and how."""

    box: Box = WHOLE
    mirrored: bool = False
    light: Light = PLAIN_LIGHT


PLAIN = Look()
MIRRORED = Look(mirrored=True)


def clip_looks(random: Generator) -> list[Look]:
    """Return the looks at every frame of a training clip."""
    return [PLAIN, Look(_box(random, CLIP_AREA), mirrored=True, light=_light(random))]


def still_looks(random: Generator) -> list[Look]:
    """Return the looks at a training still: whole, mirrored, then the places of each pan."""
    looks = [PLAIN, MIRRORED]
    for pan in range(PANS):
        first, last = _box(random, PAN_AREA), _box(random, PAN_AREA)
        light = _light(random)
        for place in range(PAN_PLACES):
            part = place / (PAN_PLACES - 1)
            left, top, right, bottom = (
                a + (b - a) * part for a, b in zip(first, last, strict=True)
            )
            looks.append(Look((left, top, right, bottom), pan % 2 == 1, light))
    return looks


def _box(random: Generator, area: tuple[float, float]) -> Box:
    side = math.sqrt(random.uniform(*area))
    stretch = math.exp(random.uniform(-ASPECT, ASPECT) / 2)
    width, height = min(1.0, side * stretch), min(1.0, side / stretch)
    left, top = random.uniform(0.0, 1.0 - width), random.uniform(0.0, 1.0 - height)
    return (left, top, left + width, top + height)


def _light(random: Generator) -> Light:
    brightness = random.uniform(0.75, 1.25)
    red, green, blue = (brightness * random.uniform(0.88, 1.12) for _ in range(3))
    grey = bool(random.random() < GREY)
    return Light((red, green, blue), random.uniform(-0.08, 0.08), grey)
