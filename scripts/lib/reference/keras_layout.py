"""Keras's `.h5` files as their layout alone: the numbers come from a formula.

A layout holds what Keras wrote beside the weights (groups, attributes, shapes), and the range that
each weight's numbers come from; with these the file can be made anew anywhere, to the last bit.
Needs numpy and h5py.
"""

import gzip
import json
import zlib
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

SIDE = 224

Layout = dict[str, Any]
"""`attributes`: by group, by name, a text or a list of texts; `weights`: by path, `shape`, `low`
and `high`."""


def uniform(seed: int, count: int) -> NDArray[np.float64]:
    """Return `count` numbers of 0 to 1, exact in 32 bits: the upper 24 bits of PCG64's output.

    NumPy promises that its bit generators never change; of distributions it does not.
    """
    return (np.random.PCG64(seed).random_raw(count) >> np.uint64(40)) / 2.0**24


def clip(seed: int, frames: int, block: int) -> NDArray[np.float32]:
    """Return frames of squares of `block` pixels, `[frames, 224, 224, 3]`, 0 to 1."""
    cells = SIDE // block
    coarse = uniform(seed, frames * cells * cells * 3).reshape(frames, cells, cells, 3)
    return coarse.repeat(block, axis=1).repeat(block, axis=2).astype(np.float32)


def numbers(path: str, shape: tuple[int, ...], low: float, high: float) -> NDArray[np.float32]:
    """Return a weight's numbers: uniform from `low` to `high`, seeded by its path's CRC-32."""
    values = uniform(zlib.crc32(path.encode()), int(np.prod(shape)))
    return (low + (high - low) * values).reshape(shape).astype(np.float32)


def layout_of(file: Path) -> Layout:
    """Return the layout of a file that Keras wrote; its weights still lack `low` and `high`."""
    attributes: dict[str, dict[str, object]] = {}
    weights: dict[str, dict[str, object]] = {}

    def visit(name: str, item: h5py.Group | h5py.Dataset) -> None:
        if isinstance(item, h5py.Dataset):
            weights[name] = {"shape": list(item.shape)}
        else:
            attributes[name] = {key: _plain(value) for key, value in item.attrs.items()}

    with h5py.File(file, "r") as opened:
        visit("/", opened)
        opened.visititems(visit)
    return {"attributes": attributes, "weights": weights}


def make_file(layout: Layout, file: Path) -> None:
    """Write the file that the layout describes."""
    with h5py.File(file, "w") as opened:
        for group, attributes in layout["attributes"].items():
            made = opened.require_group(group)
            for name, value in attributes.items():
                texts = np.asarray(value, dtype=h5py.string_dtype())
                made.attrs[name] = value if isinstance(value, str) else texts
        for path, weight in layout["weights"].items():
            shape = tuple(weight["shape"])
            opened[path] = numbers(path, shape, weight["low"], weight["high"])


def store_layout(layout: Layout, file: Path) -> None:
    """Write a layout as compressed JSON, the same bytes every time."""
    text = json.dumps(layout, separators=(",", ":"))
    file.write_bytes(gzip.compress(text.encode(), mtime=0))


def load_layout(file: Path) -> Layout:
    """Read what `store_layout` wrote."""
    layout: Layout = json.loads(gzip.decompress(file.read_bytes()))
    return layout


def _plain(value: object) -> object:
    if isinstance(value, np.ndarray):
        return [_plain(one) for one in value]
    return value.decode() if isinstance(value, bytes) else str(value)
