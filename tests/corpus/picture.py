"""The pictures of the corpus: each carries its number as a drawn code, over a moving texture.

The upright picture, whatever its size, is a grid of 8 columns and 6 rows. Rows 1 and 2 hold 16
cells, black or white: the bits of a word, the highest first. The word is the picture's number
(10 bits) and a check of it (6 bits), so that a misread, or a wrong turn, is seen.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""`[height, width, 3]`, R G B."""

Luma = NDArray[np.uint8]
"""`[height, width]`."""

COLUMNS = 8
ROWS = 6
CODE_ROWS = (1, 2)
CHECK_BITS = 6
BITS = COLUMNS * len(CODE_ROWS)
NUMBERS = 1 << (BITS - CHECK_BITS)

# Of 255; away from the ends, so that no codec clips them.
INK = 24
PAPER = 231

# A cell whose mean luma lies between is neither: limited and full range leave both well outside.
DARKEST_WHITE = 160
BRIGHTEST_BLACK = 96


def check_of(number: int) -> int:
    """The check bits of a number; every single flipped bit of the word is seen."""
    mask = (1 << CHECK_BITS) - 1
    return ((number ^ number >> CHECK_BITS) * 37 + 21) & mask


def read_code(luma: Luma) -> int | None:
    """The number drawn in an upright picture; None if it cannot be read for sure."""
    height, width = luma.shape
    word = 0
    for bit in range(BITS):
        row, column = CODE_ROWS[bit // COLUMNS], bit % COLUMNS
        top, bottom = (round((row + part) * height / ROWS) for part in (0.25, 0.75))
        left, right = (round((column + part) * width / COLUMNS) for part in (0.25, 0.75))
        mean = float(luma[top:bottom, left:right].mean())
        if BRIGHTEST_BLACK <= mean <= DARKEST_WHITE:
            return None
        word = word << 1 | (mean > DARKEST_WHITE)
    number = word >> CHECK_BITS
    return number if word & ((1 << CHECK_BITS) - 1) == check_of(number) else None


def draw(number: int, width: int, height: int) -> Pixels:
    """The upright picture of a number, 0 to 1023."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    u, v = x / width, y / height
    phase = 0.21 * number
    waves = np.stack(
        [
            np.sin(7 * u + 3 * v + phase) + 0.35 * np.sin(31 * u - phase),
            np.sin(5 * v - 4 * u - 0.7 * phase) + 0.35 * np.sin(27 * v + 2 * phase),
            np.cos(6 * (u - 0.5) * (v - 0.5) + 0.5 * phase) + 0.2 * np.sin(23 * (u + v) + phase),
        ],
        axis=-1,
    )
    picture: Pixels = np.clip(128 + 70 * waves, 16, 235).astype(np.uint8)
    word = number << CHECK_BITS | check_of(number)
    for bit in range(BITS):
        row, column = CODE_ROWS[bit // COLUMNS], bit % COLUMNS
        top, bottom = (round((row + end) * height / ROWS) for end in (0, 1))
        left, right = (round((column + end) * width / COLUMNS) for end in (0, 1))
        picture[top:bottom, left:right] = PAPER if word >> (BITS - 1 - bit) & 1 else INK
    return picture


def stored(upright: Pixels, rotation: int, *, flip: bool) -> Pixels:
    """The picture that a clockwise `rotation`, and then a `flip`, brings upright."""
    straight = upright[:, ::-1] if flip else upright
    return np.ascontiguousarray(np.rot90(straight, rotation // 90))


def write_raw(path: Path, numbers: range, size: tuple[int, int], turn: tuple[int, bool]) -> None:
    """Writes pictures of an upright size one after another, as they are stored: R, G, B."""
    width, height = size
    rotation, flip = turn
    with path.open("wb") as file:
        for number in numbers:
            file.write(stored(draw(number, width, height), rotation, flip=flip).tobytes())
