"""Pictures of nothing: black, flat colours, noise, gradients, patterns, a screen full of lines.

A camera shows such before it shows a scene, and no data set holds them. They train `none`.
"""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image

from training.contract import NONE
from training.decode import Picture
from training.manifest import Item

EACH = 12
"""Pictures of each kind."""

SIZE = (180, 240)
"""Height and width, in pixels."""

VERSION = 1
"""To be raised when the pictures change."""

INK = 0.6
"""Part of a screen's lines that is inked."""

SOURCE = "made"


def blanks(folder: Path) -> list[Item]:
    """Return training items of `none`, whose pictures are written to `folder`; always the same."""
    folder.mkdir(parents=True, exist_ok=True)
    items = []
    for kind, draw in KINDS.items():
        for number in range(EACH):
            path = folder / f"{kind}-{number:02}-{VERSION}.png"
            if not path.exists():
                random = np.random.default_rng([VERSION, *kind.encode(), number])
                Image.fromarray(draw(random)).save(path)
            name = f"{SOURCE}/{path.stem}"
            items.append(Item(path, name, NONE, "still", SOURCE, name, "train", ""))
    return items


def _dark(random: Generator) -> Picture:
    noise = random.normal(random.uniform(0, 12), random.uniform(0, 6), (*SIZE, 3))
    return _bytes(noise)


def _flat(random: Generator) -> Picture:
    colour = random.integers(0, 256, 3)
    return _bytes(colour + random.normal(0, random.uniform(0, 5), (*SIZE, 3)))


def _noise(random: Generator) -> Picture:
    rows, columns = (max(2, round(side / random.choice((1, 2, 4, 16)))) for side in SIZE)
    coarse = random.uniform(0, 255, (rows, columns, int(random.choice((1, 3))))).astype(np.float32)
    fine = cv2.resize(coarse, SIZE[::-1], interpolation=cv2.INTER_LINEAR)
    return _bytes(np.broadcast_to(fine.reshape(*SIZE, -1), (*SIZE, 3)))


def _gradient(random: Generator) -> Picture:
    corners = random.uniform(0, 255, (2, 2, 3)).astype(np.float32)
    return _bytes(cv2.resize(corners, SIZE[::-1], interpolation=cv2.INTER_LINEAR))


def _stripes(random: Generator) -> Picture:
    rows, columns = np.mgrid[: SIZE[0], : SIZE[1]]
    angle = random.uniform(0, np.pi)
    along = rows * np.cos(angle) + columns * np.sin(angle)
    first = np.sin(along * random.uniform(0.05, 1.0)) > 0
    second = np.sin((columns - rows) * random.uniform(0.05, 1.0)) > 0
    on = first ^ second if random.random() < 1 / 2 else first
    colours = random.integers(0, 256, (2, 3))
    return _bytes(colours[on.astype(np.int64)])


def _screen(random: Generator) -> Picture:
    paper, ink = (245, 30) if random.random() < 1 / 2 else (25, 200)
    picture = np.full((*SIZE, 3), paper, dtype=np.float64)
    height = int(random.integers(3, 9))
    left = int(random.integers(5, 60))
    for top in range(height, SIZE[0] - height, 2 * height):
        end = int(random.integers(left + 10, SIZE[1]))
        letters = random.random((1, end - left, 1)) < INK
        picture[top : top + height, left:end] = np.where(letters, ink, paper)
    return _bytes(picture)


def _bytes(values: NDArray[np.number]) -> Picture:
    return np.asarray(np.clip(values, 0, 255), dtype=np.uint8)


KINDS: dict[str, Callable[[Generator], Picture]] = {
    "dark": _dark,
    "flat": _flat,
    "noise": _noise,
    "gradient": _gradient,
    "stripes": _stripes,
    "screen": _screen,
}
"""What each kind's pictures are drawn with."""
