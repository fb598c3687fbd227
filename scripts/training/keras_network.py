"""A Keras file as the weights of MobileNetV2, an LSTM and dense layers, every shape checked.

Batch normalisation is folded into the convolutions. Arrays are in the order of ONNX and PyTorch:
kernels `[out, channels / groups, size, size]`, the others `[out, in]`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.backbone import STAGES, STEM
from training.contract import FEATURE_SIZE, FRAMES
from training.errors import TrainingError
from training.keras_config import frames_of
from training.keras_file import KerasFile, Weight

EPSILON = 1e-3
"""What batch normalisation adds to the variance in Keras's MobileNetV2."""

MOST_DENSE = 2
MATRIX = 2
"""Dimensions of a dense layer's kernel."""


@dataclass(frozen=True)
class Convolution:
    """A convolution of MobileNetV2, by its layers' names in Keras."""

    name: str
    norm: str
    """Name of the batch normalisation behind it."""
    channels: int
    filters: int
    size: int = 1
    stride: int = 1
    depthwise: bool = False
    active: bool = True
    """Whether ReLU6 follows."""

    @property
    def kernel_shape(self) -> tuple[int, ...]:
        """The shape of its kernel in Keras."""
        inputs = (self.channels, 1) if self.depthwise else (self.channels, self.filters)
        return (self.size, self.size, *inputs)


@dataclass(frozen=True)
class Block:
    """Convolutions one after another, whose result may be added to what they read."""

    convolutions: tuple[Convolution, ...]
    residual: bool = False


def mobilenet_v2() -> Iterator[Block]:
    """Yield the blocks of Keras's MobileNetV2 (alpha 1.0), without its classifier."""
    yield Block((Convolution("Conv1", "bn_Conv1", 3, STEM, size=3, stride=2),))
    channels, index = STEM, 0
    for expansion, filters, blocks, first_stride in STAGES:
        for place in range(blocks):
            name = f"block_{index}" if index else "expanded_conv"
            wide, stride = channels * expansion, 1 if place else first_stride
            expand, depthwise, project = (f"{name}_{p}" for p in ("expand", "depthwise", "project"))
            convolutions = (
                Convolution(expand, f"{expand}_BN", channels, wide),
                Convolution(depthwise, f"{depthwise}_BN", wide, wide, 3, stride, depthwise=True),
                Convolution(project, f"{project}_BN", wide, filters, active=False),
            )
            # The first block widens nothing.
            kept = convolutions if index else convolutions[1:]
            yield Block(kept, residual=stride == 1 and channels == filters)
            channels, index = filters, index + 1
    yield Block((Convolution("Conv_1", "Conv_1_bn", channels, FEATURE_SIZE),))


@dataclass(frozen=True)
class Dense:
    """A dense layer."""

    weight: Weight
    """`[out, in]`."""
    bias: Weight


@dataclass(frozen=True)
class Network:
    """The weights of the whole model."""

    frames: int
    """Frames that it reads of a clip."""
    convolutions: dict[str, tuple[Weight, Weight]]
    """Kernels and bias by the convolution's name in Keras, batch normalisation folded in."""
    lstm: tuple[Weight, Weight, Weight]
    """Weights of the features `[4 units, 1280]`, of the state `[4 units, units]`, bias `[4 units]`;
    gates in the order input, forget, cell, output."""
    dense: tuple[Dense, ...]
    """One or two; ReLU stands between."""

    @property
    def classes(self) -> int:
        """How many classes the model tells apart."""
        return len(self.dense[-1].bias)


class _Layers:
    """The layers of a file, taken out one by one; what does not fit is noted."""

    def __init__(self, layers: dict[str, dict[str, Weight]], problems: list[str]) -> None:
        self.left = {name: dict(weights) for name, weights in layers.items()}
        self._problems = problems

    def take(self, layer: str, weight: str, shape: tuple[int, ...]) -> Weight:
        """Return a weight, or zeros of its shape where the file has none that fits."""
        weights = self.left.get(layer, {})
        found = weights.pop(weight, None)
        if not weights:
            self.left.pop(layer, None)
        if found is None:
            self._problems.append(f"layer {layer!r}: its {weight} is missing")
        elif found.shape != shape:
            self._problems.append(
                f"layer {layer!r}: its {weight} is of {_size(found.shape)}, not of {_size(shape)}"
            )
        else:
            return found
        return np.broadcast_to(np.float32(0), shape)  # Takes no memory, whatever is claimed.

    def with_weight(self, weight: str) -> list[str]:
        """Return the names of the layers left that have such a weight."""
        return [name for name, weights in self.left.items() if weight in weights]

    def shape(self, layer: str, weight: str) -> tuple[int, ...]:
        """Return the shape of a weight that is left."""
        return self.left[layer][weight].shape


def read_network(file: KerasFile) -> Network:
    """Return the file's network. Raises TrainingError with all that does not fit."""
    problems: list[str] = []
    frames = FRAMES if file.config is None else frames_of(file.config, problems)
    layers = _Layers(_by_name(file) if file.numbered else file.layers, problems)
    _check_base(file, layers)
    convolutions = {
        one.name: _folded(one, layers, problems)
        for block in mobilenet_v2()
        for one in block.convolutions
    }
    lstm = _lstm(file, layers, problems)
    dense = _dense(layers, lstm[1].shape[1], problems)
    problems += [
        f"layer {name!r} holds {', '.join(weights)}, of which such a model has no use"
        for name, weights in layers.left.items()
    ]
    if problems:
        raise TrainingError(
            f"{file.path}: is not MobileNetV2 (alpha 1.0) in TimeDistributed, an LSTM and dense "
            "layers, as far as these are supported:" + "".join(f"\n  - {one}" for one in problems)
        )
    return Network(frames, convolutions, lstm, dense)


def _by_name(file: KerasFile) -> dict[str, dict[str, Weight]]:
    """Return layers that are called by class and number by MobileNetV2's names, in its order."""
    convolutions = [one for block in mobilenet_v2() for one in block.convolutions]
    names = {
        "conv2d": [one.name for one in convolutions if not one.depthwise],
        "depthwise_conv2d": [one.name for one in convolutions if one.depthwise],
        "batch_normalization": [one.norm for one in convolutions],
    }
    renamed = {
        f"{kind}_{index}" if index else kind: name
        for kind, of_kind in names.items()
        for index, name in enumerate(of_kind)
    }
    return {renamed.get(name, name): weights for name, weights in file.layers.items()}


def _check_base(file: KerasFile, layers: _Layers) -> None:
    """Say plainly that the file is another network's, rather than list all that differs."""
    (stem,) = next(mobilenet_v2()).convolutions
    if "kernel" not in layers.left.get(stem.name, {}):
        names = ", ".join(list(file.layers)[:5])
        raise TrainingError(
            f"{file.path}: holds no MobileNetV2: its first convolution, {stem.name!r}, is not "
            f"among the layers ({names}, …)"
        )
    kernel = layers.shape(stem.name, "kernel")
    if kernel != stem.kernel_shape and kernel[:-1] == stem.kernel_shape[:-1]:
        raise TrainingError(
            f"{file.path}: its MobileNetV2 is not of alpha 1.0, the only width that is supported: "
            f"the first convolution has {kernel[-1]} filters, not {stem.filters}"
        )


def _folded(
    convolution: Convolution, layers: _Layers, problems: list[str]
) -> tuple[Weight, Weight]:
    kernel = layers.take(convolution.name, "kernel", convolution.kernel_shape)
    gamma, beta, mean, variance = (
        layers.take(convolution.norm, name, (convolution.filters,)).astype(np.float64)
        for name in ("gamma", "beta", "moving_mean", "moving_variance")
    )
    if (variance < 0).any():
        problems.append(f"layer {convolution.norm!r}: its moving_variance has negative numbers")
        variance = np.abs(variance)
    scale = gamma / np.sqrt(variance + EPSILON)
    # From [size, size, channels, filters]; a depthwise kernel has its filters at the third place.
    order = (2, 3, 0, 1) if convolution.depthwise else (3, 2, 0, 1)
    weights = kernel.transpose(order) * scale[:, np.newaxis, np.newaxis, np.newaxis]
    return _single(weights), _single(beta - mean * scale)


def _lstm(file: KerasFile, layers: _Layers, problems: list[str]) -> tuple[Weight, Weight, Weight]:
    found = layers.with_weight("recurrent_kernel")
    if not found:
        raise TrainingError(f"{file.path}: holds no LSTM behind its MobileNetV2")
    if len(found) > 1:
        problems.append(
            f"it has {len(found)} recurrent layers ({', '.join(found)}), and one LSTM is wanted"
        )
    name = found[0]
    shape = layers.shape(name, "recurrent_kernel")
    units = shape[0] if shape else 0
    return (
        layers.take(name, "kernel", (FEATURE_SIZE, 4 * units)).T,
        layers.take(name, "recurrent_kernel", (units, 4 * units)).T,
        layers.take(name, "bias", (4 * units,)),
    )


def _dense(layers: _Layers, inputs: int, problems: list[str]) -> tuple[Dense, ...]:
    recurrent = layers.with_weight("recurrent_kernel")
    found = [
        name
        for name in layers.with_weight("kernel")
        if len(layers.shape(name, "kernel")) == MATRIX and name not in recurrent
    ]
    if not 1 <= len(found) <= MOST_DENSE:
        names = f" ({', '.join(found)})" if found else ""
        problems.append(
            f"it has {len(found)} dense layers{names} behind the LSTM, and one or two are wanted"
        )
    dense = []
    for name in found[:MOST_DENSE]:
        _, outputs = layers.shape(name, "kernel")
        weight = layers.take(name, "kernel", (inputs, outputs)).T
        dense.append(Dense(weight, layers.take(name, "bias", (outputs,))))
        inputs = outputs
    return tuple(dense)


def _single(values: NDArray[np.float64]) -> Weight:
    return values.astype(np.float32)


def _size(shape: tuple[int, ...]) -> str:
    return " x ".join(str(one) for one in shape) or "a single number"
