"""The whole training: from a manifest to a model package."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from training.backbone import Backbone, pretrained
from training.baseline import Baseline
from training.blanks import blanks
from training.calibrate import calibrate, set_aside
from training.card import DATA_NOTE, card, known_failures, recipe_sentences
from training.console import say, warn
from training.contract import NONE
from training.errors import TrainingError
from training.evaluate import Figures
from training.export import (
    backbone_onnx,
    check_backbone,
    check_head,
    head_onnx,
    quantised_backbone_onnx,
)
from training.features import Extractor, extract
from training.fit import Recipe, Teacher
from training.frames import decode_frames
from training.heads import Calibrated, Split, best, fit_heads, split_features
from training.items import label_indices
from training.judge import Sets, dev_sets, judge, right_of_all
from training.manifest import Item, read_manifest
from training.package import (
    FP32,
    INT8,
    Identity,
    Variant,
    model_json,
    package_files,
    write_package,
)
from training.plain import Plain, plain_way
from training.quantise import Quantised, calibration_pixels, quantise
from training.report import Part, calibration, data_counts, part, recipe_facts, report_json, rounded
from training.robustness import robustness
from training.runs import read_spread, write_run
from training.runtime import on_all_cores
from training.tune import TuneCurve, Tuned, TuneRecipe, tune_items

FROZEN = "Frozen backbone"

HEADS = 5
"""Heads that are trained on one backbone."""

MOST_LOST = 0.005
"""Part of dev's answers that integers may lose, to be what a package is used with by default."""


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
    backbone_file = backbone_onnx(backbone)
    check_backbone(backbone, backbone_file)
    say("the heads")
    split = material.features(backbone_file)
    plain = plain_way(tuned, split.learnt, labels)
    heads = material.heads(split, plain)
    floats = material.judged(FP32, backbone_file, split, best(heads))
    write_run(
        options.out,
        options.seed,
        asdict(options.tune),
        floats.head.seed,
        {one.seed: judge(one.answer, floats.sets, labels, one.decision.threshold) for one in heads},
    )
    if options.measure_only:
        return

    say("the backbone in integers")
    integers = material.in_integers(floats, material.quantised(backbone))
    lost = right_of_all(floats.results) - right_of_all(integers.results)
    say(f"in integers {100 * lost:.2f} points of dev are lost")
    shipped = integers if lost < MOST_LOST else floats
    variants = (floats.packaged(), integers.packaged())
    head, sets = shipped.head, shipped.sets
    model = model_json(identity, variants, shipped.name)
    recipe = recipe_facts(options.recipe, options.tune, options.seed, head.seed, head.fitted.epoch)
    clips = {name: some for name, some in sets.items() if name == "clips"}
    first = judge(head.first, clips, labels, head.decision.threshold)
    used = [one.item for one in (*split.learnt, *split.aside, *split.dev)]
    report = report_json(
        identity.name,
        {**shipped.results, **{f"first_look_{name}": one for name, one in first.items()}},
        head.fitted.curves,
        calibration(
            head.decision.temperature,
            head.decision.threshold,
            head.answer(shipped.split.dev),
            label_indices(shipped.split.dev, labels),
        ),
        tuning=asdict(tuned.curve if tuned else TuneCurve()),
        spread=read_spread(options.out, options.seed, asdict(options.tune)),
        variants=[part(one.name, one.results) for one in (floats, integers)],
        data={
            **data_counts(used, material.left_out),
            "note": data_note,
        },
        recipe={**recipe, "sentences": recipe_sentences(model, recipe)},
    )
    report["known_failures"] = known_failures(model, report)

    def write() -> None:
        write_package(options.out, package_files(variants, card(model, report), report, model))

    write()
    say(f"{options.out}: the package is written; what else its report tells comes now")
    report["parts"] = rounded(material.parts(plain, floats))
    report["robustness"] = rounded(
        robustness(
            [one.item for one in clips.get("clips", [])],
            Extractor(floats.backbone),
            floats.head.answer,
            labels,
            options.cache,
            options.workers,
        )
    )
    write()


@dataclass(frozen=True)
class _Trained:
    """A variant of the model: a head on a backbone."""

    name: str
    backbone: bytes
    """The ONNX graph."""
    split: Split
    head: Calibrated
    results: dict[str, Figures]
    """By the set of dev."""

    @property
    def sets(self) -> Sets:
        """Dev's features."""
        return dev_sets(self.split.dev)

    def packaged(self) -> Variant:
        """Return what of it goes into the package."""
        head, decision = self.head.fitted.head, self.head.decision
        file = head_onnx(head)
        check_head(head, file)
        return Variant(self.name, self.backbone, file, decision.temperature, decision.threshold)


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

    def features(self, backbone: bytes) -> Split:
        """Return the features of all items that can be read; `left_out` are the others."""
        options = self._options
        read, self.left_out = extract(
            self._items, Extractor(backbone), options.cache / "features", options.workers
        )
        return split_features(read, self._aside)

    def in_integers(self, floats: _Trained, quantised: Quantised) -> _Trained:
        """Return the same head on the backbone in integers, calibrated anew.

        Heads that were trained on features of this backbone lost more of dev: their own chance
        outweighs what the features differ by.
        """
        file = quantised_backbone_onnx(quantised)
        options = self._options
        judged = [one.item for one in (*floats.split.aside, *floats.split.dev)]
        read, _ = extract(judged, Extractor(file), options.cache / "features", options.workers)
        split = split_features(read, self._aside)
        fitted = deepcopy(floats.head.fitted)
        decision = calibrate(fitted.head, split.aside, self._labels)
        head = Calibrated(floats.head.seed, fitted, decision)
        return self.judged(INT8, file, split, head)

    def heads(self, split: Split, teacher: Teacher) -> list[Calibrated]:
        """Return heads of several seeds."""
        seeds = range(self._options.seed * HEADS, (self._options.seed + 1) * HEADS)
        return fit_heads(split, self._labels, teacher, self._options.recipe, seeds)

    def judged(self, name: str, backbone: bytes, split: Split, head: Calibrated) -> _Trained:
        """Return a variant with its figures, which are said; `backbone` is the ONNX graph."""
        results = judge(head.answer, dev_sets(split.dev), self._labels, head.decision.threshold)
        for kind, one in results.items():
            _say_figures(f"{name}, {kind}", one)
        return _Trained(name, backbone, split, head, results)

    def quantised(self, backbone: Backbone) -> Quantised:
        """Return `backbone` in integers, made on pictures that it was fine-tuned on."""
        options = self._options
        frames, _ = decode_frames(self._learnt(), options.cache / "frames", options.workers)
        return on_all_cores(lambda: quantise(backbone, calibration_pixels(frames)))

    def tuned(self, start: Backbone) -> Tuned | None:
        """Return `start` fine-tuned on the training items that are not set aside."""
        options = self._options
        return tune_items(
            self._learnt(),
            self._labels,
            start,
            options.tune,
            options.seed,
            options.cache,
            options.workers,
        )

    def parts(self, plain: Plain, floats: _Trained) -> list[Part]:
        """Return what each part of the training brings; `plain` is the plain way on `floats`."""
        rows = self._frozen_parts() if self._options.tune.steps else []
        name = "Fine-tuned backbone" if self._options.tune.steps else FROZEN
        rows += self._rows(
            name, judge(plain.probabilities, floats.sets, self._labels, 0.0), floats.results
        )
        return rows

    def _learnt(self) -> list[Item]:
        return [
            item for item in self._items if item.split == "train" and item.group not in self._aside
        ]

    def _frozen_parts(self) -> list[Part]:
        split = self.features(backbone_onnx(pretrained()))
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
