"""Running the backbone over all media once, and keeping what it says.

The features of a file are kept under a name made of its content, the backbone and the views, so
that a second run only reads them, an interrupted one goes on where it was, and a changed file,
network or view is computed anew.
"""

import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.contract import FEATURE_SIZE, RATE
from training.decode import Picture, read_clip, read_still
from training.looks import PLAIN, VERSION, Look, clip_looks, still_looks
from training.manifest import Item
from training.media import content_of, read_all
from training.preprocess import preprocess
from training.runtime import session

Features = NDArray[np.float32]

BATCH = 8
"""Pictures that the backbone is given at once."""


@dataclass(frozen=True)
class ItemFeatures:
    """What the backbone says of one file."""

    item: Item
    duration: float
    """Seconds; 0 for a still."""
    views: Features
    """`[views, samples, 1280]`; view 0 is the plain one. A still has one sample."""


class Extractor:
    """A backbone that runs on the CPU through ONNX Runtime, one thread a call."""

    def __init__(self, backbone: bytes) -> None:
        """Load the ONNX graph `backbone`."""
        self._session = session(backbone)
        self.digest = hashlib.sha256(backbone).hexdigest()

    def features(self, pictures: Sequence[tuple[Picture, Look]]) -> Features:
        """Return the features of pictures, each as its look sees it, `[pictures, 1280]`."""
        parts = [np.empty((0, FEATURE_SIZE), dtype=np.float32)]
        for start in range(0, len(pictures), BATCH):
            pixels = np.stack([preprocess(*pair) for pair in pictures[start : start + BATCH]])
            parts.append(self._session.run(["features"], {"pixels": pixels})[0])
        return np.concatenate(parts)


def extract(
    items: Sequence[Item], extractor: Extractor, cache: Path, workers: int
) -> tuple[list[ItemFeatures], list[Item]]:
    """Return the features of all items that can be read, and the items that cannot.

    Training items have all their views, the others the plain one.
    """
    cache.mkdir(parents=True, exist_ok=True)
    return read_all("features", items, workers, lambda item: _item_features(item, extractor, cache))


def _item_features(item: Item, extractor: Extractor, cache: Path) -> ItemFeatures:
    content = content_of(item)
    recipe = f"{extractor.digest} {VERSION} {RATE} {item.kind} {item.split} ".encode()
    key = hashlib.sha256(recipe + hashlib.sha256(content).digest()).hexdigest()
    kept = cache / f"{key}.npz"
    try:
        with np.load(kept) as arrays:
            return ItemFeatures(item, float(arrays["duration"]), arrays["views"])
    except FileNotFoundError:
        pass
    random = np.random.default_rng(int.from_bytes(hashlib.sha256(content).digest()[:8], "big"))
    computed = _compute(item, extractor, random)
    _keep(kept, computed)
    return computed


def _compute(item: Item, extractor: Extractor, random: np.random.Generator) -> ItemFeatures:
    if item.kind == "still":
        looks = still_looks(random) if item.split == "train" else [PLAIN]
        picture = read_still(item.path)
        features = extractor.features([(picture, look) for look in looks])
        return ItemFeatures(item, 0.0, features[:, np.newaxis])
    looks = clip_looks(random) if item.split == "train" else [PLAIN]
    clip = read_clip(item.path, RATE, lambda picture: picture)
    views = [extractor.features([(frame, look) for frame in clip.frames]) for look in looks]
    return ItemFeatures(item, clip.duration, np.stack(views)[:, clip.index])


def _keep(path: Path, features: ItemFeatures) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        np.savez(file, duration=features.duration, views=features.views)
    Path(file.name).replace(path)
