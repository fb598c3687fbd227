"""What a Keras `.h5` file holds, whichever Keras wrote it: layers with named weights, and a config.

Three layouts are known:

- a whole model (`model.save`, Keras 2 and 3): the config as JSON in an attribute, the weights in
  the group `model_weights`, as `layer/.../layer/kernel:0`;
- weights alone (`save_weights` of Keras 2): the same without that group and that attribute;
- weights alone (`save_weights` to a `.weights.h5`, Keras 3 and late Keras 2): numbered weights of
  numbered layers, `layers/dense_1/vars/0`, which tell a layer's class but not its name.

The file is not trusted: nothing outside of it is opened, and what claims to be huge is not read.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from training.errors import TrainingError

MOST_BYTES = 1 << 29
"""Bytes of weights that are read at most; a MobileNetV2 with an LSTM of 64 has 11 million."""

CONFIG = "model_config"
WHOLE = "model_weights"
NUMBERED = ("layers", "_layer_checkpoint_dependencies")
"""Groups under which Keras keeps numbered layers."""

ORDERED_WEIGHTS = {
    "conv2d": ("kernel", "bias"),
    "depthwise_conv2d": ("kernel", "bias"),
    "batch_normalization": ("gamma", "beta", "moving_mean", "moving_variance"),
    "lstm": ("kernel", "recurrent_kernel", "bias"),
    "dense": ("kernel", "bias"),
}
"""The weights of a layer in the order of their numbers, by its class."""

WEIGHT_NAMES = {"depthwise_kernel": "kernel"}
"""What Keras 3 calls a weight, by what Keras 2 calls it."""

Weight = NDArray[np.float32]


@dataclass(frozen=True)
class KerasFile:
    """The contents of a file."""

    path: Path
    config: Mapping[str, Any] | None
    """What Keras says of the model; none for weights alone."""
    layers: dict[str, dict[str, Weight]]
    """Weights by layer and name. Layers that are no part of another are in the model's order."""
    numbered: bool
    """Whether layers are called by class and number (`conv2d_3`) instead of by their names."""


def read_keras_file(path: Path) -> KerasFile:
    """Read a whole model, or weights alone.

    Raises TrainingError: the file is missing, damaged, none of Keras, or refers to other files.
    """
    if not path.is_file():
        raise TrainingError(f"{path}: there is no such file")
    if not h5py.is_hdf5(path):
        raise TrainingError(
            f"{path}: is not an HDF5 file; wanted is what Keras's model.save('….h5') or "
            "model.save_weights('….h5') wrote"
        )
    try:
        with h5py.File(path, "r") as file:
            return _read(path, file)
    except (OSError, RuntimeError, LookupError, ValueError, TypeError) as error:
        # What h5py raises of a damaged file.
        raise TrainingError(f"{path}: is damaged and cannot be read: {error}") from error


def _read(path: Path, file: h5py.File) -> KerasFile:
    group = file
    if isinstance(file.get(WHOLE, getlink=True), h5py.HardLink):
        group = file[WHOLE]
    if not isinstance(group, h5py.Group):
        raise TrainingError(f"{path}: holds no weights of a Keras model")
    datasets = _datasets(path, group)
    numbered = any("vars" in parts for parts in datasets)
    if numbered:
        places = {parts: _numbered(parts) for parts in datasets if parts[0] in NUMBERED}
        order = sorted(places, key=lambda parts: _number(places[parts][0]))
    else:
        places = {parts: _named(parts) for parts in datasets}
        names = _texts(group.attrs.get("layer_names", ()))
        rank = {name: index for index, name in enumerate(names)}
        order = sorted(places, key=lambda parts: rank.get(parts[0], len(rank)))
    layers: dict[str, dict[str, Weight]] = {}
    for parts in order:
        layer, weight = places[parts]
        weights = layers.setdefault(layer, {})
        if weight in weights:
            raise TrainingError(f"{path}: holds {weight!r} of a layer {layer!r} twice")
        weights[weight] = _array(path, parts, datasets[parts])
    if not layers:
        raise TrainingError(f"{path}: holds no weights of a Keras model")
    return KerasFile(path, _config(path, file), layers, numbered)


def _datasets(path: Path, group: h5py.Group) -> dict[tuple[str, ...], h5py.Dataset]:
    """Return everything below a group by its path; links that lead out of it are not followed."""
    found: dict[tuple[str, ...], h5py.Dataset] = {}

    def visit(name: str, item: object) -> None:
        parts = tuple(name.replace("\\", "/").split("/"))
        if isinstance(item, h5py.Dataset) and "seed_generator" not in parts:
            found[parts] = item

    group.visititems(visit)
    if sum(one.size * one.dtype.itemsize for one in found.values()) > MOST_BYTES:
        raise TrainingError(
            f"{path}: claims to hold more than {MOST_BYTES >> 20} MiB of weights, "
            "which no model of this kind has"
        )
    return found


def _named(parts: tuple[str, ...]) -> tuple[str, str]:
    """Return layer and weight of a path such as `lstm/lstm/lstm_cell/kernel:0`."""
    *layers, weight = parts
    if len(layers) > 1 and re.fullmatch(r"\w*cell(_\d+)?", layers[-1]):
        layers.pop()
    weight = weight.removesuffix(":0")
    return layers[-1] if layers else weight, WEIGHT_NAMES.get(weight, weight)


def _numbered(parts: tuple[str, ...]) -> tuple[str, str]:
    """Return layer and weight of a path such as `layers/lstm/cell/vars/0`."""
    layers = [part for part in parts[:-1] if part not in ("vars", "cell")]
    names = ORDERED_WEIGHTS.get(re.sub(r"_\d+$", "", layers[-1]), ())
    number = parts[-1]
    known = number.isdecimal() and int(number) < len(names)
    return layers[-1], names[int(number)] if known else number


def _number(layer: str) -> int:
    """Return the number of a layer that is called by class and number; the first has none."""
    _, _, number = layer.rpartition("_")
    return int(number) if number.isdecimal() else 0


def _array(path: Path, parts: tuple[str, ...], dataset: h5py.Dataset) -> Weight:
    name = "/".join(parts)
    if dataset.external or dataset.is_virtual:
        raise TrainingError(f"{path}: keeps {name!r} in another file; save the model as one file")
    if dataset.dtype.kind != "f":
        raise TrainingError(f"{path}: {name!r} holds no decimal numbers but {dataset.dtype}")
    values = np.asarray(dataset[()], dtype=np.float32)
    if not np.isfinite(values).all():
        raise TrainingError(f"{path}: {name!r} holds values that are not finite numbers")
    return values


def _config(path: Path, file: h5py.File) -> Mapping[str, Any] | None:
    if CONFIG not in file.attrs:
        return None
    (text,) = _texts([file.attrs[CONFIG]])
    try:
        config = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise TrainingError(f"{path}: its {CONFIG} is not valid JSON: {error}") from error
    if not isinstance(config, dict):
        raise TrainingError(f"{path}: its {CONFIG} is no object")
    return config


def _texts(values: Iterable[object]) -> list[str]:
    """Return texts that HDF5 gives as bytes or text, depending on who wrote them."""
    return [one.decode() if isinstance(one, bytes) else str(one) for one in values]
