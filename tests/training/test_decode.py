"""Frames at their times, upright, and files that cannot be read."""

import struct
from pathlib import Path

import numpy as np
import pytest
from conftest import grey, write_clip, write_still

from training.decode import Picture, read_clip, read_still, upright
from training.errors import TrainingError
from training.looks import Look
from training.preprocess import resize


def brightness(picture: Picture) -> int:
    """Return the mean value in steps of 20."""
    return round(float(picture.mean()) / 20)


def test_samples_take_the_last_frame_that_has_started(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "a.mp4", [grey(20 * i) for i in range(5)], [0, 1, 8, 9, 30], 6)
    clip = read_clip(path, 10, brightness)
    assert clip.duration == pytest.approx(1.2)
    shown = [clip.frames[i] for i in clip.index]
    # Samples at 1.5, 4.5, ... thirtieths of a second.
    assert shown == [1, 1, 1, 3, 3, 3, 3, 3, 3, 3, 4, 4]


def test_frame_rate_does_not_change_what_is_seen(tmp_path: Path) -> None:
    slow = write_clip(tmp_path / "slow.mp4", [grey(0), grey(120)], [0, 30], 30)
    fast = write_clip(tmp_path / "fast.mp4", [grey(0)] * 30 + [grey(120)] * 30, list(range(60)))
    assert read_clip(slow, 10, brightness).index == [0] * 10 + [1] * 10
    seen = read_clip(fast, 10, brightness)
    assert [seen.frames[i] for i in seen.index] == [0] * 10 + [6] * 10


def test_a_clip_of_one_frame_has_one_sample(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "a.mp4", [grey(100)], [0])
    assert read_clip(path, 10, brightness).index == [0]


def test_rotation_of_the_file_is_applied(tmp_path: Path) -> None:
    picture = grey(0)
    picture[:, :32] = 200
    path = write_clip(tmp_path / "a.mp4", [picture], [0])
    content = bytearray(path.read_bytes())
    matrix = content.find(b"tkhd") + 44
    content[matrix : matrix + 36] = struct.pack(
        ">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30
    )
    path.write_bytes(content)
    (turned,) = read_clip(path, 10, lambda frame: frame).frames
    assert turned.shape == (64, 48, 3)
    assert turned[:24].mean() > 150
    assert turned[40:].mean() < 50


@pytest.mark.parametrize(
    ("matrix", "shown"),
    [
        ((1, 0, 0, 1), [[1, 2, 3], [4, 5, 6]]),
        ((0, 1, -1, 0), [[4, 1], [5, 2], [6, 3]]),
        ((-1, 0, 0, -1), [[6, 5, 4], [3, 2, 1]]),
        ((0, -1, 1, 0), [[3, 6], [2, 5], [1, 4]]),
        ((-1, 0, 0, 1), [[3, 2, 1], [6, 5, 4]]),
        ((0, 1, 1, 0), [[1, 4], [2, 5], [3, 6]]),
    ],
)
def test_upright(matrix: tuple[int, int, int, int], shown: list[list[int]]) -> None:
    a, b, c, d = matrix
    stored = np.array([[1, 2, 3], [4, 5, 6]], dtype=np.uint8)
    elements = np.array([a, b, 0, c, d, 0, 0, 0, 1], dtype=np.int32)
    assert upright(stored, elements).tolist() == shown


@pytest.mark.parametrize(
    "content", [b"", b"not a video at all", b"\0" * 5000], ids=["empty", "text", "zeros"]
)
def test_what_is_no_media_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.mp4"
    path.write_bytes(content)
    with pytest.raises(TrainingError, match=r"broken\.mp4"):
        read_clip(path, 10, brightness)
    with pytest.raises(TrainingError, match=r"broken\.mp4"):
        read_still(path)


def test_what_a_damaged_file_still_gives_is_used(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "a.avi", [grey(3 * i) for i in range(60)], list(range(60)))
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    assert 0 < len(read_clip(path, 10, brightness).index) < 20


def test_still_is_read_as_rgb(tmp_path: Path) -> None:
    picture = grey(0)
    picture[..., 0] = 250
    still = read_still(write_still(tmp_path / "a.png", picture))
    assert still[0, 0].tolist() == [250, 0, 0]


def test_a_look_sees_its_box_mirrored() -> None:
    picture = grey(0)
    picture[:24, :16] = 200
    seen = resize(picture, Look(box=(0.0, 0.0, 0.5, 0.5), mirrored=True))
    assert seen[100, 200, 0] == 200
    assert seen[100, 20, 0] == 0
