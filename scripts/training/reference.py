"""A second implementation of the answer: PyAV, Pillow and PyTorch, from a file to probabilities.

What the page and the command line say of a file is compared with this. It shares no code with
them. A backbone in integers is run by ONNX Runtime.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from training.answer import Windows, first_look, head_logits, softmax, whole
from training.contract import RATE
from training.decode import read_clip, read_still
from training.features import Features
from training.preprocess import preprocess
from training.restore import Restored

STILLS = (".bmp", ".jpeg", ".jpg", ".png", ".webp")
"""How the names of picture files end."""

DIGITS = 7
"""Decimal places of what is written."""

BATCH = 16
"""Frames that the backbone is given at once."""


@dataclass(frozen=True)
class Reference:
    """What a package says of one file."""

    sha256: str
    duration: float
    """Seconds; 0 for a picture."""
    samples: int
    first: list[float]
    """The probabilities of the first look, in the order of the labels."""
    answer: list[float]


def refer(restored: Restored, path: Path) -> Reference:
    """Return what the package says of a video or a picture file."""
    if path.suffix.lower() in STILLS:
        pixels, index, duration = [preprocess(read_still(path))], [0], 0.0
    else:
        clip = read_clip(path, RATE, preprocess)
        pixels, index, duration = clip.frames, clip.index, clip.duration
    features = _features(restored, np.stack(pixels))[index]
    return Reference(
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        duration=round(duration, DIGITS),
        samples=len(index),
        first=_probabilities(restored, features, duration, first_look),
        answer=_probabilities(restored, features, duration, whole),
    )


def _features(restored: Restored, pixels: Features) -> Features:
    with torch.inference_mode():
        parts = [restored.backbone(part) for part in torch.from_numpy(pixels).split(BATCH)]
        return np.asarray(torch.cat(parts).numpy())


def _probabilities(
    restored: Restored, features: Features, duration: float, windows: Windows
) -> list[float]:
    logits = head_logits(restored.head, features[windows(duration, len(features))])
    mean = softmax(logits, restored.variant["temperature"]).mean(axis=0)
    return [round(float(one), DIGITS) for one in mean]
