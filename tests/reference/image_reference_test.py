"""The C++ preprocessing against Pillow, OpenCV and ffmpeg, on frames of real clips.

Frames come from the clips beside the repository (../shared/data), or else from the one clip that
the environment's ACTIONSCOPE_TEST_CLIP names. The preprocessing runs in build/native's
preprocess_tool, or in the program that ACTIONSCOPE_PREPROCESS_TOOL names.
"""

import csv
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
CLIPS = 12
SIDE = 224

Picture = NDArray[np.uint8]
"""`[height, width, 3]`, R G B."""
Tensor = NDArray[np.float64]
"""`[3, height, width]`, in steps of 1/255."""

PILLOW_FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}

pytestmark = pytest.mark.skipif(
    shutil.which("ffmpeg") is None or shutil.which("ffprobe") is None, reason="needs ffmpeg"
)


@dataclass(frozen=True)
class Frame:
    """A decoded frame, 4:2:0, its planes one after another."""

    name: str
    width: int
    height: int
    pixels: bytes


def output_of(*command: str, stdin: bytes = b"") -> bytes:
    return subprocess.run(  # noqa: S603 - our own arguments
        command, input=stdin, capture_output=True, check=True
    ).stdout


def clips() -> list[Path]:
    manifest = DATA / "manifest.csv"
    if manifest.is_file():
        with manifest.open(newline="") as file:
            rows = [r for r in csv.DictReader(file) if (r["kind"], r["split"]) == ("clip", "dev")]
        return [DATA / row["path"] for row in rows[:: max(1, len(rows) // CLIPS)]]
    named = os.environ.get("ACTIONSCOPE_TEST_CLIP")
    return [Path(named)] if named else []


def frames_of(clip: Path) -> Iterator[Frame]:
    """Return the frame half a second into the clip, and the one a second later."""
    size = ["-select_streams", "v:0", "-show_entries", "stream=width,height", "-of", "csv=p=0"]
    shown = output_of("ffprobe", "-v", "error", *size, str(clip)).decode().strip().split(",")
    width, height = int(shown[0]), int(shown[1])
    for time in ("0.5", "1.5"):
        place = ["-noautorotate", "-ss", time, "-i", str(clip), "-frames:v", "1"]
        raw = ["-pix_fmt", "yuv420p", "-f", "rawvideo", "-"]
        pixels = output_of("ffmpeg", "-v", "error", *place, *raw)
        if pixels:
            yield Frame(f"{clip.name} at {time} s", width, height, pixels)


@pytest.fixture(scope="session")
def frames() -> list[Frame]:
    found = [frame for clip in clips() for frame in frames_of(clip)]
    if not found:
        pytest.skip("needs real clips: ../shared/data, or ACTIONSCOPE_TEST_CLIP")
    return found


@pytest.fixture(scope="session")
def tool() -> str:
    default = ROOT / "build" / "native" / "tests" / "cpp" / "preprocess_tool"
    path = os.environ.get("ACTIONSCOPE_PREPROCESS_TOOL", str(default))
    if not Path(path).is_file():
        pytest.fail(f"{path} is missing: cmake --build --preset native --target preprocess_tool")
    return path


def preprocess(tool: str, pixels: bytes, size: tuple[int, int], **how: object) -> Tensor:
    """Run the C++ on one frame of `size` (width, height)."""
    arguments = [f"{key}={value}" for key, value in how.items()]
    output = output_of(tool, f"size={size[0]}x{size[1]}", *arguments, stdin=pixels)
    width, height = (int(n) for n in str(how.get("tensor", f"{SIDE}x{SIDE}")).split("x"))
    return np.frombuffer(output, np.float32).reshape(3, height, width).astype(np.float64) * 255


def rgb_by_ffmpeg(frame: Frame, matrix: str = "bt601", color_range: str = "limited") -> Picture:
    """Convert a frame at its own size with swscale, at its most accurate."""
    flags = "flags=accurate_rnd+full_chroma_int+full_chroma_inp"
    conversion = f"scale={flags}:in_color_matrix={matrix}:in_range={color_range}"
    size = f"{frame.width}x{frame.height}"
    raw = ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", size, "-i", "-"]
    rgb = ["-vf", conversion, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    output = output_of("ffmpeg", "-v", "error", *raw, *rgb, stdin=frame.pixels)
    return np.frombuffer(output, np.uint8).reshape(frame.height, frame.width, 3)


def rgba_bytes(picture: Picture) -> bytes:
    opaque = np.full((*picture.shape[:2], 1), 255, np.uint8)
    return np.concatenate([picture, opaque], axis=2).tobytes()


def planar(picture: NDArray[np.uint8] | NDArray[np.float32]) -> Tensor:
    return np.clip(picture.transpose(2, 0, 1).astype(np.float64), 0, 255)


def pillow_floats(
    picture: Picture, name: str, box: tuple[float, float, float, float] | None = None
) -> Tensor:
    """Resize with Pillow in floats, which does not round between its two passes."""
    small = [
        Image.fromarray(picture[:, :, c].astype(np.float32)).resize(
            (SIDE, SIDE), PILLOW_FILTERS[name], box=box
        )
        for c in range(3)
    ]
    return planar(np.stack([np.asarray(one) for one in small], axis=2))


def largest(ours: Tensor, reference: Tensor) -> float:
    return float(np.abs(ours - reference).max())


@pytest.mark.parametrize("filter_name", ["bilinear", "bicubic"])
def test_antialiased_resize_is_pillows(frames: list[Frame], tool: str, filter_name: str) -> None:
    for frame in frames:
        picture = rgb_by_ffmpeg(frame)
        size = (frame.width, frame.height)
        ours = preprocess(tool, rgba_bytes(picture), size, filter=filter_name)
        assert largest(ours, pillow_floats(picture, filter_name)) < 0.01, frame.name


def test_antialiased_resize_is_within_one_step_of_pillows_in_bytes(
    frames: list[Frame], tool: str
) -> None:
    # Pillow rounds twice, after each pass: by up to half a step each.
    for frame in frames:
        picture = rgb_by_ffmpeg(frame)
        ours = preprocess(tool, rgba_bytes(picture), (frame.width, frame.height))
        small = Image.fromarray(picture).resize((SIDE, SIDE), Image.Resampling.BILINEAR)
        assert largest(ours, planar(np.asarray(small))) <= 1.01, frame.name


def test_center_crop_is_pillows_box(frames: list[Frame], tool: str) -> None:
    for frame in frames:
        picture = rgb_by_ffmpeg(frame)
        width, height = frame.width, frame.height
        side = min(width, height)
        left, top = (width - side) / 2, (height - side) / 2
        ours = preprocess(tool, rgba_bytes(picture), (width, height), resize="center_crop")
        reference = pillow_floats(picture, "bilinear", (left, top, left + side, top + side))
        assert largest(ours, reference) < 0.01, frame.name


@pytest.mark.parametrize("filter_name", ["bilinear", "bicubic"])
def test_plain_resize_is_opencvs(frames: list[Frame], tool: str, filter_name: str) -> None:
    cv2 = pytest.importorskip("cv2")
    method = {"bilinear": cv2.INTER_LINEAR, "bicubic": cv2.INTER_CUBIC}[filter_name]
    for frame in frames:
        picture = rgb_by_ffmpeg(frame)
        size = (frame.width, frame.height)
        ours = preprocess(tool, rgba_bytes(picture), size, filter=filter_name, antialias=0)
        small = cv2.resize(picture, (SIDE, SIDE), interpolation=method)
        assert largest(ours, planar(small)) <= 1.0, frame.name


@pytest.mark.parametrize("matrix", ["bt601", "bt709"])
@pytest.mark.parametrize("color_range", ["limited", "full"])
def test_colours_are_ffmpegs_within_two_steps_at_every_pixel(
    frames: list[Frame], tool: str, matrix: str, color_range: str
) -> None:
    for frame in frames:
        if frame.width % 2 or frame.height % 2:
            continue  # There ffmpeg stretches chroma over the odd edge, by up to half a sample.
        size = (frame.width, frame.height)
        how = {"format": "i420", "matrix": matrix, "range": color_range}
        reference = rgb_by_ffmpeg(frame, matrix, color_range)
        full = preprocess(tool, frame.pixels, size, tensor=f"{size[0]}x{size[1]}", **how)
        difference = np.abs(full - planar(reference))
        assert difference.max() <= 2.01, frame.name
        assert np.mean(difference > 1.01) < 1e-4, frame.name
        small = preprocess(tool, frame.pixels, size, **how)
        assert largest(small, pillow_floats(reference, "bilinear")) <= 2.01, frame.name


def test_nv12_is_i420(frames: list[Frame], tool: str) -> None:
    for frame in frames:
        size = (frame.width, frame.height)
        luma, chroma = np.split(np.frombuffer(frame.pixels, np.uint8), [frame.width * frame.height])
        nv12 = luma.tobytes() + np.ascontiguousarray(chroma.reshape(2, -1).T).tobytes()
        planes = preprocess(tool, frame.pixels, size, format="i420")
        assert np.array_equal(preprocess(tool, nv12, size, format="nv12"), planes), frame.name
