"""How good a model is on dev: clips, stills, and these by where they come from."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from training.answer import Probabilities
from training.evaluate import Figures, figures
from training.features import ItemFeatures
from training.items import label_indices

Answers = Callable[[Sequence[ItemFeatures]], Probabilities]
"""What a model says of items, `[items, labels]`."""

Sets = Mapping[str, Sequence[ItemFeatures]]
"""Items by the name that `report.json` gives the set."""


def dev_sets(items: Sequence[ItemFeatures]) -> Sets:
    """Return the sets that a model is judged on, of those that hold an item."""
    clips = [one for one in items if one.item.kind == "clip"]
    stills = [one for one in items if one.item.kind == "still"]
    sets = {
        "clips": clips,
        "stills": stills,
        "mid_frames": [one for one in stills if one.item.footage],
        "photographs": [one for one in stills if not one.item.footage],
    }
    return {name: some for name, some in sets.items() if some}


def judge(
    answers: Answers, sets: Sets, labels: Sequence[str], threshold: float
) -> dict[str, Figures]:
    """Return the figures of every set."""
    return {
        name: figures(
            answers(items),
            label_indices(items, labels),
            labels,
            [one.item.group for one in items],
            threshold,
        )
        for name, items in sets.items()
    }


def right_of_all(results: Mapping[str, Figures]) -> float:
    """Return the part of dev's clips and stills that are answered right, none among them."""
    figures = [results[kind] for kind in ("clips", "stills") if kind in results]
    confusions = [np.array(one.confusion.rows) for one in figures]
    return float(sum(map(np.trace, confusions)) / max(1, sum(map(np.sum, confusions))))
