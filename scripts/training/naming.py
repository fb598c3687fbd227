"""Names made of what a person called folders and classes."""

import re

from training.contract import LABELS, NONE, Label

LONGEST_NAME = 100
"""Characters that `model.json` allows a package's name and a label."""


def plain_name(name: str) -> str:
    """Return a name that a package may have: letters, digits, '.', '-' and '_'; "model" of none."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip(".-")[:LONGEST_NAME] or "model"


def title_of(name: str) -> str:
    """Return a name in words: `ApplyEyeMakeup` and `apply_eye-makeup` are "Apply eye makeup"."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    words = re.sub(r"[\s_-]+", " ", parted).strip()
    if parted != name:
        words = words.lower()
    return words[:1].upper() + words[1:]


def label_of(name: str) -> Label:
    """Return the label of a class called `name`; `none` is the one that means "none of these"."""
    if name == NONE:
        return next(label for label in LABELS if label.id == NONE)
    return Label(name, title_of(name) or name, "")
