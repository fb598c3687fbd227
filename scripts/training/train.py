"""The whole training: from a manifest to a model package."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from training.answer import first_look, item_logits, mean_probabilities, whole
from training.backbone import pretrained
from training.baseline import Baseline
from training.calibrate import calibrate
from training.card import card
from training.console import say, warn
from training.errors import TrainingError
from training.evaluate import Figures, figures
from training.export import backbone_onnx, check_backbone, check_head, head_onnx
from training.features import Extractor, ItemFeatures, extract
from training.fit import Recipe, fit
from training.items import label_indices
from training.manifest import Kind, read_manifest
from training.package import (
    BACKBONE,
    CARD,
    HEAD,
    MODEL,
    REPORT,
    Identity,
    model_json,
    to_json,
    write_package,
)
from training.report import calibration, data_counts, recipe_facts, report_json


@dataclass(frozen=True)
class Options:
    """What the command line says."""

    data: Path
    out: Path
    cache: Path
    seed: int
    workers: int
    """Files that are read and run through the backbone at once."""
    recipe: Recipe


def train(options: Options, identity: Identity) -> None:
    """Read the manifest in `options.data`, train, and write the package to `options.out`."""
    torch.use_deterministic_algorithms(mode=True)
    labels = [label.id for label in identity.labels]
    items = read_manifest(options.data, labels)
    backbone = pretrained()
    backbone_file = backbone_onnx(backbone)
    check_backbone(backbone, backbone_file)
    features, left_out = extract(items, Extractor(backbone_file), options.cache, options.workers)
    learnt = [one for one in features if one.item.split == "train"]
    dev = [one for one in features if one.item.split == "dev"]
    _check_enough(learnt, dev, labels, options.data)

    say("calibration, on training groups set aside")
    temperature, threshold = calibrate(learnt, labels, options.recipe, options.seed)
    say(f"temperature {temperature}, threshold {threshold}")
    say("the head, on all training groups")
    linear = Baseline(learnt, labels)
    fitted = fit(learnt, dev, labels, linear, options.recipe, options.seed)
    head_file = head_onnx(fitted.head)
    check_head(fitted.head, head_file)

    clips, stills = _of_kind(dev, "clip"), _of_kind(dev, "still")
    truth = label_indices(clips, labels)
    answers = mean_probabilities(item_logits(fitted.head, clips, whole), temperature)
    first = mean_probabilities(item_logits(fitted.head, clips, first_look), temperature)
    still = mean_probabilities(item_logits(fitted.head, stills, whole), temperature)
    still_truth = label_indices(stills, labels)
    results = {
        "clips": figures(answers, truth, labels),
        "stills": figures(still, still_truth, labels),
        "first_look_clips": figures(first, truth, labels),
    }
    baseline = {
        "clips": figures(linear.probabilities(clips), truth, labels),
        "stills": figures(linear.probabilities(stills), still_truth, labels),
    }
    for name, one in results.items():
        _say_figures(name, one)
    for name, one in baseline.items():
        _say_figures(f"baseline, {name}", one)

    model = model_json(identity, backbone_file, head_file, temperature, threshold)
    report = report_json(
        identity.name,
        data_counts([one.item for one in features], left_out),
        fitted.curves,
        results,
        baseline,
        calibration(temperature, threshold, answers, truth),
        recipe_facts(options.recipe, options.seed, fitted.epoch),
    )
    files = {
        BACKBONE: backbone_file,
        HEAD: head_file,
        CARD: card(model, report).encode(),
        REPORT: to_json(report).encode() + b"\n",
        MODEL: to_json(model).encode() + b"\n",
    }
    write_package(options.out, files)
    for name, content in files.items():
        say(f"{options.out / name}: {len(content):,} bytes")


def _of_kind(items: Sequence[ItemFeatures], kind: Kind) -> list[ItemFeatures]:
    return [one for one in items if one.item.kind == kind]


def _check_enough(
    learnt: Sequence[ItemFeatures],
    dev: Sequence[ItemFeatures],
    labels: Sequence[str],
    data: Path,
) -> None:
    if not learnt:
        raise TrainingError(f"{data}: has no file to train on that can be read")
    if not (_of_kind(dev, "clip") and _of_kind(dev, "still")):
        raise TrainingError(f"{data}: dev needs at least one clip and one still that can be read")
    known = {one.item.label for one in learnt}
    for label in labels:
        if label not in known:
            warn(f"{data}: nothing to train {label!r} on; the model will hardly ever say it")


def _say_figures(name: str, one: Figures) -> None:
    def percent(part: float | None) -> str:
        return "-" if part is None else f"{100 * part:.1f} %"

    say(
        f"{name}: {percent(one.top1_actions)} of {one.n} right among the actions, "
        f"{percent(one.top1_with_none)} with none in the running, "
        f"none {percent(one.none_recall)} of {one.none_n}, calibration error {percent(one.ece)}"
    )
