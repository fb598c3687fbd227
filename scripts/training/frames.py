"""The frames that fine-tuning looks at, decoded once and kept.

Decoding a video costs far more than a step of training on one of its frames. So the frames of
every file are kept, small, under a name made of its content; a second run maps them into memory.
"""

import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from training.contract import RATE
from training.decode import Picture, read_clip, read_still
from training.manifest import Item
from training.media import content_of, read_all
from training.sampling import spread

VERSION = 1
"""To be raised when what is kept of a file changes."""

MOST = 32
"""Frames kept of a clip, spread evenly over its samples."""

SHORT_SIDE = 256
"""Greatest length in pixels of a kept picture's shorter side."""


@dataclass(frozen=True)
class ItemFrames:
    """The frames of one file."""

    item: Item
    frames: NDArray[np.uint8]
    """`[frames, height, width, 3]`, RGB, upright, mapped from the cache; a still has one."""
    digest: str
    """Of the file's content and of what is kept of it."""


def decode_frames(
    items: Sequence[Item], cache: Path, workers: int
) -> tuple[list[ItemFrames], list[Item]]:
    """Return the frames of all items that can be read, and the items that cannot."""
    cache.mkdir(parents=True, exist_ok=True)
    return read_all("frames", items, workers, lambda item: _item_frames(item, cache))


def _item_frames(item: Item, cache: Path) -> ItemFrames:
    content = content_of(item)
    recipe = f"{VERSION} {RATE} {MOST} {SHORT_SIDE} {item.kind} ".encode()
    digest = hashlib.sha256(recipe + content).hexdigest()
    kept = cache / f"{digest}.npy"
    if not kept.exists():
        _keep(kept, _decode(item))
    return ItemFrames(item, np.load(kept, mmap_mode="r"), digest)


def _decode(item: Item) -> NDArray[np.uint8]:
    if item.kind == "still":
        return shrink(read_still(item.path))[np.newaxis]
    clip = read_clip(item.path, RATE, shrink)
    samples = len(clip.index)
    chosen = range(samples) if samples <= MOST else spread(samples, MOST)
    return np.stack([clip.frames[clip.index[i]] for i in chosen])


def shrink(picture: Picture) -> Picture:
    """Return the picture with its shorter side at most `SHORT_SIDE`."""
    height, width = picture.shape[:2]
    scale = SHORT_SIDE / min(height, width)
    if scale >= 1:
        return picture
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.uint8)


def _keep(path: Path, frames: NDArray[np.uint8]) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        np.save(file, frames)
    Path(file.name).replace(path)
