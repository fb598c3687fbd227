"""Clips of a second, easy to know by their colour, in the containers of the official sets."""

from pathlib import Path

import av
import numpy as np
from conftest import grey

CODECS = {".mpg": "mpeg2video", ".avi": "mpeg4"}
COLOURS = ((220, 40, 30), (30, 60, 220), (40, 200, 50))
FRAMES = 12
RATE = 25

SHORT = ("--epochs", "1", "--steps", "2", "--workers", "1")
"""Options of a training that takes seconds."""


def write_tiny(path: Path, colour: int, seed: int) -> Path:
    """Write a clip in one of `COLOURS`, with noise that `seed` draws, and its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(seed)
    with av.open(path, "w") as container:
        stream = container.add_stream(CODECS[path.suffix], rate=RATE)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for _ in range(FRAMES):
            noise = random.integers(-25, 25, grey(0).shape)
            picture = np.clip(noise + np.array(COLOURS[colour]), 0, 255).astype(np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return path
