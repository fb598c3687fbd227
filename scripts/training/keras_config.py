"""What a whole Keras model says of itself, and whether a model package can be made of that.

Wanted is one picture network in TimeDistributed, MobileNetV2 with average pooling inside of it or
behind it, then an LSTM, at most one dense layer with ReLU, and a dense layer with softmax. Dropout
may stand anywhere: it does nothing once a model is trained.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from training.contract import FRAMES, INPUT_SIZE

MOST_FRAMES = 256
"""Frames of a window that a package may have."""

NESTED = ("Functional", "Model", "Sequential")
POOLING = "GlobalAveragePooling2D"
IDLE = ("InputLayer", "Dropout")
"""Kinds of layers that do nothing once a model is trained."""

PER_FRAME: Mapping[str, Mapping[str, object]] = {
    "Conv2D": {"data_format": "channels_last", "activation": "linear"},
    "DepthwiseConv2D": {"data_format": "channels_last", "activation": "linear"},
    "BatchNormalization": {"epsilon": 0.001},
    "ReLU": {"max_value": 6.0},
    "ZeroPadding2D": {"data_format": "channels_last"},
    "Add": {},
    POOLING: {"data_format": "channels_last"},
}
"""Kinds of layers inside of TimeDistributed, and the settings that they must have."""

LSTM = {
    "activation": "tanh",
    "recurrent_activation": "sigmoid",
    "use_bias": True,
    "return_sequences": False,
    "go_backwards": False,
}
LAST_DENSE = {"activation": "softmax", "use_bias": True}
OTHER_DENSE = {"activation": "relu", "use_bias": True}


@dataclass(frozen=True)
class Layer:
    """A layer of the model."""

    kind: str
    """Its class in Keras."""
    settings: Mapping[str, Any]
    per_frame: bool
    """Whether it stands inside of TimeDistributed."""

    @property
    def name(self) -> str:
        """What it is called."""
        return str(self.settings.get("name", self.kind))


def frames_of(config: Mapping[str, Any], problems: list[str]) -> int:
    """Return how many frames the model reads; what does not fit is added to `problems`.

    `config` is whatever stood in the file. Where it leaves the number of frames open, it is 20.
    """
    try:
        layers = list(_layers(config, per_frame=False))
        _check_layers(layers, problems)
        return _frames(layers, problems)
    except (AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError):
        problems.append("its model_config is not written as Keras writes it")
        return FRAMES


def _layers(model: Mapping[str, Any], *, per_frame: bool) -> Iterator[Layer]:
    """Yield the layers of a model, those of models inside of it among them."""
    settings = model["config"]
    for layer in settings if isinstance(settings, list) else settings["layers"]:
        kind = layer["class_name"]
        if kind == "TimeDistributed":
            yield Layer("InputLayer", layer["config"], per_frame)  # May state the input's shape.
            yield from _layers({"config": [layer["config"]["layer"]]}, per_frame=True)
        elif kind in NESTED:
            yield from _layers(layer, per_frame=per_frame)
        else:
            yield Layer(kind, layer["config"], per_frame)


def _check_layers(layers: Sequence[Layer], problems: list[str]) -> None:
    inner = [one for one in layers if one.per_frame and one.kind not in IDLE]
    outer = [one for one in layers if not one.per_frame and one.kind not in IDLE]
    if not inner:
        problems.append("it has no network inside of TimeDistributed that reads the frames")
    for layer in inner:
        if layer.kind in PER_FRAME:
            _check_settings(layer, PER_FRAME[layer.kind], problems)
        else:
            problems.append(
                f"layer {layer.name!r} inside of TimeDistributed is of the kind {layer.kind}, "
                "which is no part of MobileNetV2 with average pooling"
            )
    poolings = sum(one.kind == POOLING for one in inner)
    if inner and poolings != 1:
        problems.append(
            f"it has {poolings} layers of the kind {POOLING} behind MobileNetV2, and one is wanted"
        )
    kinds = [one.kind for one in outer]
    if kinds not in (["LSTM", "Dense"], ["LSTM", "Dense", "Dense"]):
        there = ", ".join(f"{one.kind} ({one.name!r})" for one in outer) or "none"
        problems.append(
            "the layers behind TimeDistributed must be LSTM, Dense with softmax, or LSTM, Dense "
            f"with ReLU, Dense with softmax, besides Dropout; they are {there}"
        )
        return
    for layer, wanted in zip(
        (outer[0], outer[-1], *outer[1:-1]), (LSTM, LAST_DENSE, OTHER_DENSE), strict=False
    ):
        _check_settings(layer, wanted, problems)


def _check_settings(layer: Layer, wanted: Mapping[str, object], problems: list[str]) -> None:
    for name, value in wanted.items():
        given = layer.settings.get(name, value)
        if given != value:
            problems.append(
                f"layer {layer.name!r} ({layer.kind}) has {name} = {given!r}; only {value!r} is "
                "supported"
            )


def _frames(layers: Sequence[Layer], problems: list[str]) -> int:
    shapes = [
        shape
        for one in layers
        if not one.per_frame
        and (shape := one.settings.get("batch_shape") or one.settings.get("batch_input_shape"))
    ]
    if not shapes:
        return FRAMES
    _, frames, *picture = shapes[0]
    wanted = [INPUT_SIZE, INPUT_SIZE, 3]
    if len(picture) != len(wanted) or any(
        given not in (None, size) for given, size in zip(picture, wanted, strict=True)
    ):
        there = " x ".join(str(one) for one in shapes[0][1:])
        problems.append(
            f"it reads inputs of {there}; supported are frames x {INPUT_SIZE} x {INPUT_SIZE} x 3"
        )
    if frames is None:
        return FRAMES
    if not 1 <= int(frames) <= MOST_FRAMES:
        problems.append(f"it reads {frames} frames; supported are 1 to {MOST_FRAMES}")
        return FRAMES
    return int(frames)
