"""Heads on given features: several seeds of them, the one that is kept, and how sure it may be."""

from collections.abc import Sequence
from dataclasses import dataclass

from training.answer import Probabilities, first_look, item_logits, mean_probabilities, whole
from training.calibrate import Decision, calibrate
from training.features import ItemFeatures
from training.fit import Fitted, Recipe, Teacher, fit


@dataclass(frozen=True)
class Calibrated:
    """A trained head and how it decides."""

    seed: int
    fitted: Fitted
    decision: Decision

    def answer(self, items: Sequence[ItemFeatures]) -> Probabilities:
        """Return the answers on items, `[items, labels]`."""
        return mean_probabilities(
            item_logits(self.fitted.head, items, whole), self.decision.temperature
        )

    def first(self, items: Sequence[ItemFeatures]) -> Probabilities:
        """Return the first looks at items, `[items, labels]`."""
        return mean_probabilities(
            item_logits(self.fitted.head, items, first_look), self.decision.temperature
        )


@dataclass(frozen=True)
class Split:
    """Features by what they are for."""

    learnt: list[ItemFeatures]
    aside: list[ItemFeatures]
    """Footage of groups set aside from training: what the temperature is fitted to."""
    dev: list[ItemFeatures]


def split_features(features: Sequence[ItemFeatures], aside: set[str]) -> Split:
    """Return the features by what they are for; `aside` are groups."""
    train = [one for one in features if one.item.split == "train"]
    return Split(
        learnt=[one for one in train if one.item.group not in aside],
        aside=[one for one in train if one.item.group in aside and one.item.footage],
        dev=[one for one in features if one.item.split == "dev"],
    )


def fit_heads(
    split: Split, labels: Sequence[str], teacher: Teacher, recipe: Recipe, seeds: Sequence[int]
) -> list[Calibrated]:
    """Train a head for every seed."""
    heads = []
    for seed in seeds:
        fitted = fit(split.learnt, split.dev, labels, teacher, recipe, seed)
        heads.append(Calibrated(seed, fitted, calibrate(fitted.head, split.aside, labels)))
    return heads


def best(heads: Sequence[Calibrated]) -> Calibrated:
    """Return the head whose kept epoch has the least loss on dev."""
    return min(heads, key=lambda one: min(one.fitted.curves.dev_loss, default=0.0))
