"""Changes that a picture goes through before fine-tuning sees it, drawn anew every time.

They stand for what visitors' videos differ in: framing, aspect, tilt, light, colour, resolution,
compression, bars around the picture. None of them changes what is done in it.
"""

import math

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from training.contract import INPUT_SIZE
from training.decode import Picture

AREA = (0.3, 1.0)
"""Part of the picture that is seen."""

ASPECT = 0.4
"""Greatest change of the aspect ratio, as a natural logarithm."""

BARS = 0.12
"""Part of the pictures that get bars around them, as a letterboxed or a distant view has."""

TILT = 0.2
TILT_DEGREES = 14.0

GREY = 0.1
DARK = 0.15
COARSE = 0.3
COARSE_SIDE = (48, 150)
"""Pixels a side that a coarse picture is shrunk to before it is enlarged again."""

COMPRESSED = 0.3
QUALITY = (8, 60)
"""JPEG's quality in a compressed picture."""

BLURRED = 0.1
NOISY = 0.1
COVERED = 0.15
"""Part of the pictures of which a rectangle is hidden."""


def augment(picture: Picture, random: Generator) -> Picture:
    """Return a changed copy of the picture, `[INPUT_SIZE, INPUT_SIZE, 3]`."""
    seen = _framed(picture, random)
    if _one_in(2, random):
        seen = seen[:, ::-1]
    if random.random() < COARSE:
        seen = _coarse(seen, random)
    if random.random() < BLURRED:
        blurred = cv2.GaussianBlur(seen, (0, 0), random.uniform(0.6, 2.0))
        seen = np.asarray(blurred, dtype=np.uint8)
    lit = _lit(seen, random)
    if random.random() < NOISY:
        lit = lit + random.normal(0, random.uniform(3, 16), lit.shape).astype(np.float32)
    seen = np.clip(lit, 0, 255).astype(np.uint8)
    if random.random() < COMPRESSED:
        seen = _compressed(seen, random)
    if random.random() < COVERED:
        _cover(seen, random)
    return np.ascontiguousarray(seen)


def _one_in(count: int, random: Generator) -> bool:
    return random.random() * count < 1


def _framed(picture: Picture, random: Generator) -> Picture:
    height, width = picture.shape[:2]
    stretch = math.exp(random.uniform(-ASPECT, ASPECT) / 2)
    if random.random() < BARS:
        return _barred(picture, stretch, random)
    side = math.sqrt(random.uniform(*AREA))
    crop_width = max(1, min(width, round(width * side * stretch)))
    crop_height = max(1, min(height, round(height * side / stretch)))
    left = int(random.integers(width - crop_width + 1))
    top = int(random.integers(height - crop_height + 1))
    if random.random() < TILT:
        return _tilted(picture, (left, top, crop_width, crop_height), random)
    return _resized(
        picture[top : top + crop_height, left : left + crop_width], INPUT_SIZE, INPUT_SIZE
    )


def _resized(picture: Picture, width: int, height: int) -> Picture:
    shrinks = picture.shape[0] > height or picture.shape[1] > width
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(picture, (width, height), interpolation=method), dtype=np.uint8)


def _barred(picture: Picture, stretch: float, random: Generator) -> Picture:
    side = math.sqrt(random.uniform(0.35, 0.9))
    width = min(INPUT_SIZE, round(INPUT_SIZE * side * stretch))
    height = min(INPUT_SIZE, round(INPUT_SIZE * side / stretch))
    if _one_in(2, random):  # Bars on two sides only.
        width, height = (INPUT_SIZE, height) if _one_in(2, random) else (width, INPUT_SIZE)
    canvas = np.zeros((INPUT_SIZE, INPUT_SIZE, 3), dtype=np.uint8)
    if _one_in(3, random):
        canvas[:] = _resized(_resized(picture, 8, 8), INPUT_SIZE, INPUT_SIZE)
    elif _one_in(4, random):
        canvas[:] = random.integers(0, 256, 3)
    left = int(random.integers(INPUT_SIZE - width + 1))
    top = int(random.integers(INPUT_SIZE - height + 1))
    canvas[top : top + height, left : left + width] = _resized(picture, width, height)
    return canvas


def _tilted(picture: Picture, box: tuple[int, int, int, int], random: Generator) -> Picture:
    left, top, width, height = box
    angle = random.uniform(-TILT_DEGREES, TILT_DEGREES)
    turn = cv2.getRotationMatrix2D((left + width / 2, top + height / 2), angle, 1.0)
    scale = np.diag([INPUT_SIZE / width, INPUT_SIZE / height])
    matrix = scale @ (turn - np.array([[0, 0, left], [0, 0, top]]))
    border = cv2.BORDER_REFLECT_101 if _one_in(2, random) else cv2.BORDER_CONSTANT
    size = (INPUT_SIZE, INPUT_SIZE)
    turned = cv2.warpAffine(picture, matrix, size, flags=cv2.INTER_LINEAR, borderMode=border)
    return np.asarray(turned, dtype=np.uint8)


def _coarse(picture: Picture, random: Generator) -> Picture:
    side = int(random.integers(*COARSE_SIDE))
    return _resized(_resized(picture, side, side), INPUT_SIZE, INPUT_SIZE)


def _lit(picture: Picture, random: Generator) -> NDArray[np.float32]:
    values = picture.astype(np.float32)
    grey = values.mean(axis=2, keepdims=True)
    if random.random() < GREY:
        values = np.repeat(grey, 3, axis=2)
    else:
        values = grey + (values - grey) * np.float32(random.uniform(0.5, 1.5))
    brightness = random.uniform(0.7, 1.3)
    if random.random() < DARK:
        brightness *= random.uniform(0.25, 0.7)
    gains = brightness * random.uniform(0.88, 1.12, 3)
    contrast = random.uniform(0.75, 1.25)
    middle = float(values.mean())
    values = (values - middle) * np.float32(contrast) + np.float32(middle)
    return np.asarray(values * gains.astype(np.float32), dtype=np.float32)


def _compressed(picture: Picture, random: Generator) -> Picture:
    quality = int(random.integers(*QUALITY))
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), dtype=np.uint8)


def _cover(picture: Picture, random: Generator) -> None:
    width, height = random.integers(INPUT_SIZE // 8, INPUT_SIZE // 2, 2)
    left = int(random.integers(INPUT_SIZE - width + 1))
    top = int(random.integers(INPUT_SIZE - height + 1))
    picture[top : top + height, left : left + width] = random.integers(0, 256, 3)
