"""Cross-validation: nothing held out is learnt from, and nothing is computed twice."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from training import fit, heads, learner, plain
from training import tune as tuning
from training.backbone import Backbone
from training.contract import FEATURE_SIZE
from training.errors import TrainingError
from training.features import Extractor, ItemFeatures
from training.fit import Recipe
from training.folds import Fold, Held, all_items, cross_validate
from training.folds_report import fold_figures, fold_spread, pooled
from training.frames import ItemFrames
from training.learner import Learner, Method
from training.manifest import Item
from training.tune import TuneCurve, Tuned, TuneRecipe

LABELS = ("biking", "diving")
GROUPS = 9
"""So many that a fold's training groups, one fewer, are enough to set one aside."""

Seen = list[tuple[str, set[str]]]
"""What was reached, in order, and with which groups."""


@pytest.fixture
def folds(tmp_path: Path) -> list[Fold]:
    """Return a fold for each of `GROUPS` groups, of files that hold nothing but their name."""
    items: dict[int, list[Item]] = {}
    for number in range(GROUPS):
        for label in LABELS:
            path = tmp_path / f"{label}{number}.mpg"
            path.write_text(path.name)
            group = f"{label}:{number}"
            made = Item(path, path.name, label, "clip", "made", group, "train", "")
            items.setdefault(number, []).append(made)
    return [
        Fold(
            f"Group {held_out}",
            train=tuple(item for number in items if number != held_out for item in items[number]),
            test=tuple(items[held_out]),
        )
        for held_out in items
    ]


@pytest.fixture(autouse=True)
def no_decoding(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files have features and frames that depend on their label."""

    def extract(
        items: Sequence[Item], _extractor: Extractor, _cache: Path, _workers: int
    ) -> tuple[list[ItemFeatures], list[Item]]:
        random = np.random.default_rng(0)
        made = []
        for item in items:
            views = random.random((2, 5, FEATURE_SIZE), dtype=np.float32)
            views[..., LABELS.index(item.label)] += 5
            made.append(ItemFeatures(item, 0.5, views))
        return made, []

    def decode(
        items: Sequence[Item], _cache: Path, _workers: int
    ) -> tuple[list[ItemFrames], list[Item]]:
        blank = np.zeros((1, 8, 8, 3), dtype=np.uint8)
        return [ItemFrames(item, blank, item.name) for item in items], []

    monkeypatch.setattr(learner, "extract", extract)
    monkeypatch.setattr(tuning, "decode_frames", decode)


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Seen:
    """Note with which groups every part of the training that learns is reached."""
    noted: Seen = []
    fitted, calibrated, standardised = heads.fit, heads.calibrate, fit.standardise
    baseline = plain.Baseline

    def note(part: str, items: Sequence[ItemFeatures] | Sequence[ItemFrames]) -> None:
        noted.append((part, {one.item.group for one in items}))

    def spy_fit(
        train: Sequence[ItemFeatures], dev: Sequence[ItemFeatures], *more: object
    ) -> fit.Fitted:
        note("fit", [*train, *dev])
        return fitted(train, dev, *more)  # type: ignore[arg-type]

    def spy_calibrate(
        head: nn.Module, aside: Sequence[ItemFeatures], labels: Sequence[str]
    ) -> tuple[float, float]:
        note("calibrate", aside)
        return calibrated(head, aside, labels)  # type: ignore[arg-type]

    def spy_standardise(head: nn.Module, items: Sequence[ItemFeatures]) -> None:
        note("standardise", items)
        standardised(head, items)  # type: ignore[arg-type]

    def spy_baseline(train: Sequence[ItemFeatures], labels: Sequence[str]) -> plain.Baseline:
        note("baseline", train)
        return baseline(train, labels)

    def spy_tune(
        items: Sequence[ItemFrames], labels: Sequence[str], start: Backbone, *_more: object
    ) -> Tuned:
        note("tune", items)
        linear = nn.Linear(FEATURE_SIZE, len(labels))
        return Tuned(start, linear, TuneCurve([1], [0.5]))

    monkeypatch.setattr(heads, "fit", spy_fit)
    monkeypatch.setattr(heads, "calibrate", spy_calibrate)
    monkeypatch.setattr(fit, "standardise", spy_standardise)
    monkeypatch.setattr(plain, "Baseline", spy_baseline)
    monkeypatch.setattr(tuning, "tune", spy_tune)
    return noted


def method(tune_steps: int = 0, epochs: int = 1) -> Method:
    """Return a method that takes no time."""
    recipe = Recipe(epochs=epochs, steps=1, batch=4)
    return Method(LABELS, recipe, TuneRecipe(steps=tune_steps), seed=0)


def learner_of(folds: Sequence[Fold], how: Method, cache: Path) -> Learner:
    """Return a learner on the items of the folds."""
    return Learner(all_items(folds), how, cache, workers=1)


@pytest.mark.parametrize(("tune_steps", "first"), [(1, "tune"), (0, "baseline")])
def test_no_held_out_group_touches_training(
    tune_steps: int, first: str, folds: list[Fold], seen: Seen, tmp_path: Path
) -> None:
    how = method(tune_steps)
    cross_validate(folds, learner_of(folds, how, tmp_path), tmp_path / "folds")
    parts = [first, "fit", "standardise", "calibrate"]
    assert [part for part, _ in seen] == parts * GROUPS
    for place, fold in enumerate(folds):
        held_out = {item.group for item in fold.test}
        reached = dict(seen[place * len(parts) : (place + 1) * len(parts)])
        for part, groups in reached.items():
            assert groups, (fold.name, part)
            assert not groups & held_out, (fold.name, part)
        assert not reached["calibrate"] & (reached["fit"] | reached[first])
        assert reached["calibrate"] | reached["fit"] == {item.group for item in fold.train}


def test_the_last_epoch_is_kept(folds: list[Fold], tmp_path: Path) -> None:
    learnt = learner_of(folds, method(epochs=3), tmp_path).learn(folds[0].train)
    assert learnt.head.fitted.epoch == 3
    assert learnt.head.fitted.curves.dev_loss == []


def test_an_interrupted_run_goes_on_with_the_folds_that_are_missing(
    folds: list[Fold],
    seen: Seen,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    whole = cross_validate(folds, learner_of(folds, method(), tmp_path), tmp_path / "whole")
    seen.clear()

    trained = learner.fit_heads

    def interrupted(*given: object) -> list[heads.Calibrated]:
        if any(part == "fit" for part, _ in seen):
            raise KeyboardInterrupt
        return trained(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(learner, "fit_heads", interrupted)
    with pytest.raises(KeyboardInterrupt):
        cross_validate(folds, learner_of(folds, method(), tmp_path), tmp_path / "parts")
    monkeypatch.setattr(learner, "fit_heads", trained)

    seen.clear()
    capsys.readouterr()
    parts = cross_validate(folds, learner_of(folds, method(), tmp_path), tmp_path / "parts")
    assert [part for part, _ in seen].count("fit") == GROUPS - 1
    said = capsys.readouterr().out
    assert f"1 of {GROUPS} folds are known from before" in said
    assert f"folds: {GROUPS - 1} of {GROUPS - 1}" in said
    for one, same in zip(whole, parts, strict=True):
        assert (one.fold, one.items, one.threshold) == (same.fold, same.items, same.threshold)
        assert np.array_equal(one.answers, same.answers)
        assert np.array_equal(one.first, same.first)


def test_another_method_or_another_file_is_computed_anew(
    folds: list[Fold], seen: Seen, tmp_path: Path
) -> None:
    cache = tmp_path / "folds"
    two = folds[:2]
    cross_validate(two, learner_of(folds, method(), tmp_path), cache)
    seen.clear()
    cross_validate(two, learner_of(folds, method(epochs=2), tmp_path), cache)
    assert [part for part, _ in seen].count("fit") == 2
    seen.clear()
    two[0].test[0].path.write_text("another clip")
    cross_validate(two, learner_of(folds, method(), tmp_path), cache)
    assert [part for part, _ in seen].count("fit") == 2


def test_features_of_a_frozen_backbone_are_computed_once(
    folds: list[Fold], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    extracted, calls = learner.extract, []

    def count(items: Sequence[Item], *more: object) -> tuple[list[ItemFeatures], list[Item]]:
        calls.append(len(items))
        return extracted(items, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(learner, "extract", count)
    cross_validate(folds, learner_of(folds, method(), tmp_path), tmp_path / "folds")
    assert calls == [GROUPS * len(LABELS)]


def test_a_group_on_both_sides_is_refused(folds: list[Fold]) -> None:
    with pytest.raises(TrainingError, match="is in dev, but biking0"):
        Fold("leaks", train=folds[1].train, test=folds[1].train[:1])


def held(fold: Fold, said: Sequence[Sequence[float]], threshold: float) -> Held:
    """Return what a fold's model might say."""
    answers = np.array(said)
    return Held(fold.name, list(fold.test), answers, answers[:, ::-1], threshold)


def test_figures_are_pooled_and_each_fold_keeps_its_threshold(folds: list[Fold]) -> None:
    sure, unsure = [[0.9, 0.1], [0.4, 0.6]], [[0.7, 0.3], [0.6, 0.4]]
    both = [held(folds[0], sure, 0.8), held(folds[1], unsure, 0.2)]
    clips = pooled(both, LABELS)
    assert (clips.n, clips.top1_actions) == (4, 0.75)
    assert clips.confusion.rows == [[2, 0], [1, 1]]
    assert clips.shown is not None
    assert clips.shown.right == pytest.approx(0.5)
    assert clips.shown.wrong == pytest.approx(0.25)
    assert clips.shown.none_of_these == pytest.approx(0.25)
    assert pooled(both, LABELS, first=True).top1_actions == 0.25


def test_mean_and_sample_deviation_are_over_the_folds(folds: list[Fold]) -> None:
    right, half = [[1.0, 0.0], [0.0, 1.0]], [[1.0, 0.0], [1.0, 0.0]]
    rows = fold_figures([held(folds[0], right, 0.2), held(folds[1], half, 0.2)], LABELS)
    assert [(row.name, row.n, row.top1_actions) for row in rows] == [
        ("Group 0", 2, 1.0),
        ("Group 1", 2, 0.5),
    ]
    spread = fold_spread(rows)
    assert spread.mean == pytest.approx(0.75)
    assert spread.deviation == pytest.approx(0.125**0.5)
    assert fold_spread(rows[:1]).deviation == 0


def test_training_leaves_one_thread_to_pytorch(
    folds: list[Fold], seen: Seen, tmp_path: Path
) -> None:
    learner_of(folds, method(tune_steps=1), tmp_path).learn(folds[0].train)
    assert "tune" in dict(seen)
    assert torch.get_num_threads() == 1
