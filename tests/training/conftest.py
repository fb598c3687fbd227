"""Media made for the tests."""

from pathlib import Path

import av
import numpy as np
import pytest
import torch
from PIL import Image

from training.decode import Picture

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


@pytest.fixture(scope="session")
def data() -> Path:
    """Return the folder of the real data, or skip."""
    if not (DATA / "manifest.csv").is_file():
        pytest.skip("needs the training data beside the repository (../shared/data)")
    return DATA


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    """Keep PyTorch to one thread: on a busy machine two wait for each other."""
    torch.set_num_threads(1)


def grey(value: int, width: int = 64, height: int = 48) -> Picture:
    """Return a picture of one grey."""
    return np.full((height, width, 3), value, dtype=np.uint8)


def write_clip(path: Path, pictures: list[Picture], times: list[int], length: int = 1) -> Path:
    """Write pictures at `times`, in thirtieths of a second, the last one `length` of them long."""
    height, width = pictures[0].shape[:2]
    with av.open(path, "w") as container:
        stream = container.add_stream("mpeg4", rate=30)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.bit_rate = 4_000_000
        stream.codec_context.gop_size = 1
        lengths = dict(zip(times, np.diff([*times, times[-1] + length]).tolist(), strict=True))
        for picture, time in zip(pictures, times, strict=True):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts = time
            for packet in stream.encode(frame):
                packet.duration = lengths[packet.pts]
                container.mux(packet)
        container.mux(stream.encode())
    return path


def write_still(path: Path, picture: Picture) -> Path:
    """Write a picture file."""
    Image.fromarray(picture).save(path)
    return path
