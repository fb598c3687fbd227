"""The whole training: from a manifest to a model package."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from training.backbone import Backbone, pretrained
from training.baseline import Baseline
from training.blanks import blanks
from training.calibrate import set_aside
from training.card import DATA_NOTE, card, known_failures, recipe_sentences
from training.console import say, warn
from training.contract import NONE
from training.errors import TrainingError
from training.evaluate import Figures
from training.export import backbone_onnx, check_backbone, check_head, head_onnx
from training.features import Extractor, extract
from training.fit import Recipe, Teacher
from training.heads import Calibrated, Split, best, fit_heads, split_features
from training.items import label_indices
from training.judge import dev_sets, judge
from training.manifest import Item, read_manifest
from training.package import (
    Identity,
    model_json,
    package_files,
    write_package,
)
from training.plain import Plain, plain_way
from training.report import Part, calibration, data_counts, part, recipe_facts, report_json, rounded
from training.robustness import robustness
from training.runs import read_spread, write_run
from training.tune import TuneCurve, Tuned, TuneRecipe, tune_items

FROZEN = "Frozen backbone"

HEADS = 5
"""Heads that are trained on one backbone."""


@dataclass(frozen=True)
class Options:
    """What the command line says."""

    data: Path
    out: Path
    cache: Path
    """Folder in which frames, features and checkpoints are kept from one run to the next."""
    seed: int
    workers: int
    """Files that are read and run through the backbone at once."""
    recipe: Recipe
    tune: TuneRecipe
    """How the backbone is fine-tuned; with no steps it stays as it is."""
    measure_only: bool
    """Whether only the run's figures are written, and the package is left as it is."""


def train(options: Options, identity: Identity) -> None:
    """Read the manifest in `options.data`, train, and write the package to `options.out`."""
    items = read_manifest(options.data, [label.id for label in identity.labels])
    train_items(items, options, identity, DATA_NOTE)


def train_items(
    items: Sequence[Item], options: Options, identity: Identity, data_note: str
) -> None:
    """Train on `items`, of whatever layout, and write the package to `options.out`.

    `data_note` says in the card what they are and under which terms.
    """
    torch.use_deterministic_algorithms(mode=True)
    labels = [label.id for label in identity.labels]
    _check_enough(items, labels, options.data)
    made = blanks(options.cache / "blanks") if NONE in labels else []
    material = _Material([*items, *made], set_aside(items), labels, options)

    say("the backbone")
    tuned = material.tuned(pretrained())
    backbone = tuned.backbone if tuned else pretrained()
    split = material.features(backbone)
    plain = plain_way(tuned, split.learnt, labels)
    say("the heads")
    heads = material.heads(split, plain)
    head = best(heads)
    sets = dev_sets(split.dev)
    results = judge(head.answer, sets, labels, head.decision.threshold)
    write_run(
        options.out,
        options.seed,
        asdict(options.tune),
        head.seed,
        {one.seed: judge(one.answer, sets, labels, one.decision.threshold) for one in heads},
    )
    for name, one in results.items():
        _say_figures(name, one)
    if options.measure_only:
        return

    backbone_file, head_file = backbone_onnx(backbone), head_onnx(head.fitted.head)
    check_backbone(backbone, backbone_file)
    check_head(head.fitted.head, head_file)
    model = model_json(
        identity, backbone_file, head_file, head.decision.temperature, head.decision.threshold
    )
    recipe = recipe_facts(options.recipe, options.tune, options.seed, head.seed, head.fitted.epoch)
    clips = {name: some for name, some in sets.items() if name == "clips"}
    first = judge(head.first, clips, labels, head.decision.threshold)
    used = [one.item for one in (*split.learnt, *split.aside, *split.dev)]
    report = report_json(
        identity.name,
        {**results, **{f"first_look_{name}": one for name, one in first.items()}},
        head.fitted.curves,
        calibration(
            head.decision.temperature,
            head.decision.threshold,
            head.answer(split.dev),
            label_indices(split.dev, labels),
        ),
        tuning=asdict(tuned.curve if tuned else TuneCurve()),
        spread=read_spread(options.out, options.seed, asdict(options.tune)),
        data={
            **data_counts(used, material.left_out),
            "note": data_note,
        },
        recipe={**recipe, "sentences": recipe_sentences(model, recipe)},
    )
    report["known_failures"] = known_failures(model, report)

    def write() -> None:
        files = package_files(backbone_file, head_file, card(model, report), report, model)
        write_package(options.out, files)

    write()
    say(f"{options.out}: the package is written; what else its report tells comes now")
    report["parts"] = rounded(material.parts(plain, results, split))
    report["robustness"] = rounded(
        robustness(
            [one.item for one in clips.get("clips", [])],
            Extractor(backbone_file),
            head.answer,
            labels,
            options.cache,
            options.workers,
        )
    )
    write()


class _Material:
    """What is trained on, and what is made of it."""

    def __init__(
        self, items: Sequence[Item], aside: set[str], labels: Sequence[str], options: Options
    ) -> None:
        self._items = items
        self._aside = aside
        self._labels = labels
        self._options = options
        self.left_out: list[Item] = []

    def features(self, backbone: Backbone) -> Split:
        """Return the features of all items that can be read; `left_out` are the others."""
        file = backbone_onnx(backbone)
        options = self._options
        read, self.left_out = extract(
            self._items, Extractor(file), options.cache / "features", options.workers
        )
        return split_features(read, self._aside)

    def tuned(self, start: Backbone) -> Tuned | None:
        """Return `start` fine-tuned on the training items that are not set aside."""
        options = self._options
        learnt = [
            item for item in self._items if item.split == "train" and item.group not in self._aside
        ]
        return tune_items(
            learnt,
            self._labels,
            start,
            options.tune,
            options.seed,
            options.cache,
            options.workers,
        )

    def heads(self, split: Split, teacher: Teacher) -> list[Calibrated]:
        """Return heads of several seeds."""
        seeds = range(self._options.seed * HEADS, (self._options.seed + 1) * HEADS)
        return fit_heads(split, self._labels, teacher, self._options.recipe, seeds)

    def parts(self, plain: Plain, lstm: Mapping[str, Figures], split: Split) -> list[Part]:
        """Return what each part of the training brings.

        `plain` and `lstm` are what is had of the backbone that is shipped, `split` its features.
        """
        rows = self._frozen_parts() if self._options.tune.steps else []
        name = "Fine-tuned backbone" if self._options.tune.steps else FROZEN
        rows += self._rows(
            name, judge(plain.probabilities, dev_sets(split.dev), self._labels, 0.0), lstm
        )
        return rows

    def _frozen_parts(self) -> list[Part]:
        split = self.features(pretrained())
        sets, linear = dev_sets(split.dev), Baseline(split.learnt, self._labels)
        seed = self._options.seed * HEADS
        head = fit_heads(split, self._labels, linear, self._options.recipe, [seed])[0]
        return self._rows(
            FROZEN,
            judge(linear.probabilities, sets, self._labels, 0.0),
            judge(head.answer, sets, self._labels, head.decision.threshold),
        )

    def _rows(
        self, name: str, plain: Mapping[str, Figures], lstm: Mapping[str, Figures]
    ) -> list[Part]:
        rows = [part(f"{name}, frame mean, linear", plain), part(f"{name}, LSTM", lstm)]
        for row in rows:
            say(str(row))
        return rows


def _check_enough(items: Sequence[Item], labels: Sequence[str], data: Path) -> None:
    known = {item.label for item in items if item.split == "train"}
    if not known:
        raise TrainingError(f"{data}: has no file to train on")
    if not any(item.split == "dev" for item in items):
        raise TrainingError(f"{data}: has no file of dev to choose and judge the model by")
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
