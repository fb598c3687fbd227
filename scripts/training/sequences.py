"""Windows of features to learn from, drawn anew for every step.

Which item a window shows is drawn so that the classes weigh the same (`none` more), and within a
class footage outweighs photographs and no single source outweighs the others. How the item is
shown varies as visitors' videos do: slower and faster, whole and in part, backwards where the
action is the same backwards, mirrored, cropped, as a pan over a picture and as a picture that
stands still.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from training.contract import FRAMES, NONE
from training.features import Features, ItemFeatures
from training.looks import CLIP_VIEWS, PAN_PLACES, PANS, STILL_VIEWS
from training.manifest import Item
from training.sampling import Indices, spread

NONE_WEIGHT = 2.0
"""How much `none` is drawn, an action being drawn 1."""

CLIP_WEIGHT = 3.0
MID_FRAME_WEIGHT = 2.0
PHOTOGRAPH_WEIGHT = 1.0
"""How much an item of each kind weighs within its class: footage comes first."""

FIRST_LOOK = 0.25
"""Part of a clip's windows that are spread over the whole clip."""

PLAIN_STILL = 0.4
"""Part of a still's windows that show it standing still."""

STRIDES = (0.5, 0.75, 1.0, 1.0, 1.5, 2.0, 3.0, 4.0)
"""Samples from one frame of a window to the next; each is drawn as often."""


REVERSIBLE = ("soccer_juggling", "swing", "trampoline_jumping", NONE)
"""Labels whose clips show the same backwards."""

REVERSED = 0.5
"""Part of these clips' windows that run backwards."""


@dataclass(frozen=True)
class Batch:
    """Windows to learn from."""

    features: Features
    """`[windows, frames, 1280]`."""
    labels: NDArray[np.int64]
    """`[windows]`, indices of labels."""


class Sequences:
    """Draws windows from the training items."""

    def __init__(self, items: Sequence[ItemFeatures], labels: Sequence[str], seed: int) -> None:
        """Draw from `items`, whose labels are among `labels`."""
        self._items = items
        self._labels = np.array([labels.index(one.item.label) for one in items])
        self._reversible = [one.item.label in REVERSIBLE for one in items]
        self._weights = item_weights([one.item for one in items])
        self._random = np.random.default_rng(seed)

    def draw(self, windows: int) -> Batch:
        """Return a batch of windows."""
        chosen = self._random.choice(len(self._items), size=windows, p=self._weights)
        features = np.stack([self._window(i) for i in chosen])
        return Batch(features, self._labels[chosen])

    def _window(self, place: int) -> Features:
        forward = window(self._items[place].views, self._random)
        backwards = self._reversible[place] and self._random.random() < REVERSED
        return forward[::-1] if backwards else forward


def item_weights(items: Sequence[Item]) -> NDArray[np.float64]:
    """Return how likely each item is drawn, `[items]`, adding up to 1.

    A class's share is split over its kinds by their weight times the root of their number of
    groups, a kind's over its sources by the root of their number of groups, a source's over its
    groups evenly, and a group's over its items evenly.
    """
    paths = [(item.label, _kind_weight(item), item.source, item.group) for item in items]
    members = Counter(paths)
    of_source = Counter(path[:3] for path in members)
    of_kind = Counter(path[:2] for path in members)
    kinds: dict[str, float] = defaultdict(float)
    for (label, weight), groups in of_kind.items():
        kinds[label] += weight * groups**0.5
    sources: dict[tuple[str, float], float] = defaultdict(float)
    for (label, weight, _), groups in of_source.items():
        sources[label, weight] += groups**0.5

    def share(path: tuple[str, float, str, str]) -> float:
        label, weight, source, _ = path
        kind_share = weight * of_kind[label, weight] ** 0.5 / kinds[label]
        groups = of_source[label, weight, source]
        source_share = groups**0.5 / sources[label, weight]
        class_share = NONE_WEIGHT if label == NONE else 1.0
        return float(class_share * kind_share * source_share / groups / members[path])

    weights = np.array([share(path) for path in paths])
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def _kind_weight(item: Item) -> float:
    if item.kind == "clip":
        return CLIP_WEIGHT
    return MID_FRAME_WEIGHT if item.footage else PHOTOGRAPH_WEIGHT


def window(views: Features, random: Generator) -> Features:
    """Return one window of an item with all its training views, `[frames, 1280]`."""
    samples = views.shape[1]
    if views.shape[0] == STILL_VIEWS and samples == 1:
        return _still_window(views[:, 0], random)
    view = views[random.integers(CLIP_VIEWS)]
    return np.asarray(view[clip_indices(samples, random)])


def clip_indices(samples: int, random: Generator) -> Indices:
    """Return which of a clip's samples form a window, `[frames]`."""
    if samples < FRAMES or random.random() < FIRST_LOOK:
        return spread(samples, FRAMES)
    stride = min(float(random.choice(STRIDES)), samples / FRAMES)
    room = samples - stride * (FRAMES - 1) - 1
    start = random.uniform(0.0, max(room, 0.0))
    indices = np.floor(start + stride * np.arange(FRAMES) + 1e-9).astype(np.int64)
    return np.asarray(np.minimum(indices, samples - 1))


def _still_window(views: Features, random: Generator) -> Features:
    if random.random() < PLAIN_STILL:
        return np.repeat(views[random.integers(2)][np.newaxis], FRAMES, axis=0)
    first = 2 + PAN_PLACES * int(random.integers(PANS))
    places = views[first : first + PAN_PLACES]
    if random.integers(2):
        places = places[::-1]
    along = np.linspace(0.0, PAN_PLACES - 1.0, FRAMES, dtype=np.float32)
    before = np.minimum(along.astype(np.int64), PAN_PLACES - 2)
    part = (along - before)[:, np.newaxis]
    return np.asarray(places[before] * (1 - part) + places[before + 1] * part, dtype=np.float32)
