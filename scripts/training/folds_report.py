"""What a package tells of its folds: `report.json`, and `CARD.md` in words.

The figures are those of the held-out clips, pooled over the folds. They judge the recipe: the
package's own model learnt from all clips, and no clip is left to judge it by.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.answer import Probabilities
from training.evaluate import Figures, Shown, calibration_bins, figures
from training.folds import Held
from training.learner import Learnt, Method
from training.manifest import Item
from training.report import Calibration, data_counts, recipe_facts, report_json
from training.runs import Spread

Document = Mapping[str, Any]

ERRORS = 5
"""Confusions that are named."""


@dataclass(frozen=True)
class FoldFigures:
    """How a fold's model does on what it held out."""

    name: str
    n: int
    top1_actions: float | None


@dataclass(frozen=True)
class DataSet:
    """What the words on a data set need."""

    command: str
    """Of `scripts/train`."""
    folds: str
    """What a fold holds out, as the end of a sentence that begins "Every fold holds out"."""
    note: str
    """What the clips are and under which terms."""


def pooled(held: Sequence[Held], labels: Sequence[str], *, first: bool = False) -> Figures:
    """Return the figures of all held-out items, each judged by its own fold's model.

    `first` takes the first looks. Each fold's own threshold is applied to what is shown.
    """
    answers = np.concatenate([_said(one, first=first) for one in held])
    truth = np.concatenate([one.truth(labels) for one in held])
    groups = [item.group for one in held for item in one.items]
    shown = [(len(one.items), _figures(one, labels, _said(one, first=first)).shown) for one in held]
    return replace(figures(answers, truth, labels, groups, 0.0), shown=_joined(shown))


def fold_figures(held: Sequence[Held], labels: Sequence[str]) -> list[FoldFigures]:
    """Return a row for every fold."""
    rows = []
    for one in held:
        judged = _figures(one, labels, one.answers)
        rows.append(FoldFigures(one.fold, judged.n, judged.top1_actions))
    return rows


def fold_spread(rows: Sequence[FoldFigures]) -> Spread:
    """Return the mean over the folds and the sample's standard deviation; 0 of one fold."""
    values = [row.top1_actions for row in rows if row.top1_actions is not None]
    deviation = float(np.std(values, ddof=1)) if len(values) > 1 else 0.0
    return Spread(float(np.mean(values)), deviation)


def folds_report(
    model: Document,
    method: Method,
    held: Sequence[Held],
    learnt: Learnt,
    items: tuple[Sequence[Item], Sequence[Item]],
    data_set: DataSet,
) -> dict[str, object]:
    """Return `report.json` of the package `model`, whose networks are `learnt`.

    `items` are those it learnt from or set aside, and those that could not be read.
    """
    head = learnt.head
    rows = fold_figures(held, method.labels)
    results = {
        "clips": pooled(held, method.labels),
        "first_look_clips": pooled(held, method.labels, first=True),
    }
    facts = recipe_facts(method.recipe, method.tune, method.seed, head.seed, head.fitted.epoch)
    report = report_json(
        model["name"],
        results,
        head.fitted.curves,
        _calibration(held, method.labels, head.decision.temperature, head.decision.threshold),
        folds=[asdict(row) for row in rows],
        fold_spread=asdict(fold_spread(rows)),
        tuning=asdict(learnt.curve),
        data={**data_counts(*items), "note": f"{data_set.note} {_whose(data_set)}"},
        recipe={**facts, "sentences": _sentences(model, facts, data_set)},
        known_failures=_failures(model, results["clips"], data_set),
    )
    del report["curves"]  # No clip is left to draw dev's curves of.
    if not learnt.curve.step:
        del report["tuning"]
    return report


def folds_card(model: Document, report: Document) -> str:
    """Return `CARD.md` of such a package."""
    clips, spread, calibration = report["clips"], report["fold_spread"], report["calibration"]
    titles = {label["id"]: label["title"] for label in model["labels"]}
    paragraphs = [
        f"# {model['title']}, version {model['version']}",
        (
            f"A model package of Actionscope. It tells {len(titles)} actions apart: "
            f"{', '.join(titles.values()).lower()}."
        ),
        "## How good it is",
        f"{report['data']['note']}",
        (
            f"Right over the folds: {_percent(spread['mean'])} ± {_percent(spread['deviation'])} "
            f"(mean and standard deviation of {len(report['folds'])} folds). Of all {clips['n']} "
            f"held-out clips together, {_percent(clips['top1_actions'])} are right; of the first "
            f"looks at them, {_percent(report['first_look_clips']['top1_actions'])}. Calibration "
            f"error: {_percent(clips['ece'])}."
        ),
        _table(
            ["fold", "clips", "right"],
            [
                [row["name"], str(row["n"]), _percent(row["top1_actions"])]
                for row in report["folds"]
            ],
        ),
        _table(
            ["action", "clips", "found", "right when said"],
            [
                [titles[name], str(one["n"]), _percent(one["recall"]), _percent(one["precision"])]
                for name, one in clips["per_class"].items()
            ],
        ),
        "Confusion, the truth in rows, what was said in columns:",
        _table(
            ["", *(titles[name] for name in clips["confusion"]["labels"])],
            [
                [titles[name], *map(str, row)]
                for name, row in zip(
                    clips["confusion"]["labels"], clips["confusion"]["rows"], strict=True
                )
            ],
        ),
        (
            f"The package's model divides by a temperature of {calibration['temperature']} and "
            f"shows no action below a confidence of {calibration['threshold']}."
        ),
        "## What it cannot do",
        "\n".join(f"- {one}" for one in report["known_failures"]),
        "## How it was made",
        *report["recipe"]["sentences"],
        "## Licence",
        model["license"],
    ]
    return "\n\n".join(paragraphs) + "\n"


def _said(held: Held, *, first: bool) -> Probabilities:
    return held.first if first else held.answers


def _figures(held: Held, labels: Sequence[str], said: Probabilities) -> Figures:
    groups = [item.group for item in held.items]
    return figures(said, held.truth(labels), labels, groups, held.threshold)


def _joined(parts: Sequence[tuple[int, Shown | None]]) -> Shown:
    known = [(count, shown) for count, shown in parts if shown is not None]
    counts = np.array([count for count, _ in known])

    def mean(values: Sequence[float]) -> float:
        return float(np.average(values, weights=counts))

    return Shown(
        right=mean([shown.right for _, shown in known]),
        wrong=mean([shown.wrong for _, shown in known]),
        none_of_these=mean([shown.none_of_these for _, shown in known]),
    )


def _calibration(
    held: Sequence[Held], labels: Sequence[str], temperature: float, threshold: float
) -> Calibration:
    """Return the package's temperature and threshold, and what the folds' own do."""
    answers = np.concatenate([one.answers for one in held])
    truth = np.concatenate([one.truth(labels) for one in held])
    above: NDArray[np.bool_] = np.concatenate(
        [one.answers.max(axis=1) >= one.threshold for one in held]
    )
    right = answers.argmax(axis=1) == truth
    return Calibration(
        temperature=temperature,
        threshold=threshold,
        answered=float(above.mean()),
        answered_right=float(right[above].mean()) if above.any() else None,
        bins=calibration_bins(answers, truth),
    )


def _whose(data_set: DataSet) -> str:
    return (
        f"Every fold holds out {data_set.folds}; its model learns from the other clips alone. The "
        "figures are those of the held-out clips, all folds together. They judge the recipe: the "
        "model in this package learnt from the clips of all folds."
    )


def _failures(model: Document, clips: Figures, data_set: DataSet) -> list[str]:
    titles = {label["id"]: label["title"].lower() for label in model["labels"]}
    names = clips.confusion.labels
    wrong = sorted(
        (
            (count, titles[truth], titles[said])
            for truth, row in zip(names, clips.confusion.rows, strict=True)
            for said, count in zip(names, row, strict=True)
            if truth != said and count
        ),
        key=lambda one: -one[0],
    )
    told = "; ".join(f"{truth} taken for {said} ({count})" for count, truth, said in wrong[:ERRORS])
    return [
        (
            "Its figures are those of models trained like it, each on the clips that its fold did "
            f"not hold out ({data_set.folds}); this very model has seen all the clips."
        ),
        (
            "It has no class for none of these: whatever it is shown, it takes for one of its "
            "actions, and only a low confidence says otherwise."
        ),
        f"The most frequent errors on held-out clips: {told or 'none'}.",
        (
            "It leans on the place and on what its clips look like; footage of another kind may be "
            "taken for anything. It looks at the whole picture and names one action at a time."
        ),
        (
            "It has not been tested for differences between groups of people. It is no basis for a "
            "decision about anybody, nor for watching anybody."
        ),
    ]


def _sentences(model: Document, facts: Document, data_set: DataSet) -> list[str]:
    tuning, size = facts["tuning"], model["input"]
    backbone = (
        f"The backbone starts from ImageNet weights and is fine-tuned from layer "
        f"{tuning['first']} on for {tuning['steps']} batches of {tuning['batch']} single frames, "
        f"then taken back by {tuning['pretrained']:.0%} of the way to ImageNet's, "
        "in every fold anew and on that fold's training clips alone."
        if tuning["steps"]
        else "The backbone has ImageNet weights and is left as it is, so that no clip has a part "
        "in the features."
    )
    versions = ", ".join(f"{name} {version}" for name, version in facts["versions"].items())
    return [
        (
            f"scripts/train {data_set.command}, seed {facts['seed']}. Frames are stretched to "
            f"{size['width']} x {size['height']} with an antialiased bilinear filter."
        ),
        backbone,
        (
            f"The head ({facts['head']}) is trained for {facts['epochs']} epochs of "
            f"{facts['steps']} batches of {facts['batch']} windows with AdamW (learning rate "
            f"{facts['learning_rate']}, weight decay {facts['weight_decay']}), taught by the "
            "labels and by a linear layer on the mean of the features. The last epoch is kept: "
            "nothing is chosen by clips held out."
        ),
        (
            "Temperature and threshold come from one in eight of each action's training groups, "
            "set aside from all training; where there are fewer than eight, the temperature stays "
            "1 and the threshold is the least."
        ),
        _whose(data_set),
        f"Made with {versions}.",
    ]


def _table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _percent(part: float | None) -> str:
    return "-" if part is None else f"{100 * part:.1f} %"
