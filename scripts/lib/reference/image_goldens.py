"""Writes tests/golden/image: what Pillow, OpenCV and ffmpeg make of computed pictures.

    python scripts/lib/reference/image_goldens.py

Needs numpy, pillow, opencv-python-headless and ffmpeg. The pictures come from a formula that
tests/cpp/image/picture.hpp repeats, so only the results are stored:

- cases.json: per case the picture's size, the parameters of the resize and the file of its result;
- *.u16: results as little-endian 16-bit numbers, 65535 being 1, planar R G B;
- colors.json and *.u8: ffmpeg's full-size RGB conversion of Y'CbCr pictures, planar R G B.
"""

import json
import shutil
import subprocess
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Plane = NDArray[np.uint8]
Picture = NDArray[np.uint8]
"""`[height, width, 3]`."""
Tensor = NDArray[np.float64]
"""`[3, height, width]`, 0 to 1."""

FFMPEG = shutil.which("ffmpeg") or "ffmpeg"
GOLDENS = Path(__file__).resolve().parents[3] / "tests" / "golden" / "image"

PILLOW_FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}
OPENCV_FILTERS = {"bilinear": cv2.INTER_LINEAR, "bicubic": cv2.INTER_CUBIC}

SHRINK = {"picture": [320, 240], "tensor": [24, 18]}
UNEVEN = {"picture": [97, 61], "tensor": [24, 18]}
ENLARGE = {"picture": [17, 13], "tensor": [24, 18]}
MIXED = {"picture": [11, 240], "tensor": [24, 18]}
MANY_ROWS = {"picture": [90, 810], "tensor": [18, 18]}
"""Shrinks by a whole number, so far that stb_image_resize2 changes its algorithm."""
SIZES = {
    "shrink": SHRINK,
    "uneven": UNEVEN,
    "enlarge": ENLARGE,
    "mixed": MIXED,
    "many_rows": MANY_ROWS,
}
CROPS = {
    "wide": {"picture": [320, 180], "display": [320, 180], "tensor": [18, 18]},
    "tall": {"picture": [90, 160], "display": [90, 160], "tensor": [24, 18]},
    "anamorphic": {"picture": [180, 144], "display": [256, 144], "tensor": [18, 18]},
    # Enlarges by 4/3, 4 being one less than the columns: there stb_image_resize2 (2.12) overruns
    # its weights by one.
    "one_over": {"picture": [9, 3], "display": [9, 3], "tensor": [5, 4]},
    "turned": {"picture": [320, 180], "display": [320, 180], "tensor": [24, 18], "rotation": 90},
}


def noise(x: NDArray[np.uint32], y: NDArray[np.uint32], channel: int) -> NDArray[np.int64]:
    """Return numbers of 0 to 32 that look random."""
    h = x * np.uint32(0x9E3779B1) + y * np.uint32(0x85EBCA77)
    h = h + np.uint32(channel * 0xC2B2AE3D & 0xFFFFFFFF)
    h = (h ^ (h >> np.uint32(15))) * np.uint32(0x2C1B3C6D)
    h = (h ^ (h >> np.uint32(12))) * np.uint32(0x297A2D39)
    h = h ^ (h >> np.uint32(15))
    return (h % np.uint32(33)).astype(np.int64)


def plane(width: int, height: int, channel: int) -> Plane:
    """Return a picture of slopes, hard edges, saturated patches and noise."""
    y, x = np.mgrid[0:height, 0:width]
    slope = [255 * x // width, 255 * y // height, 255 * (x + y) // (width + height)][channel]
    value = np.where((x // 9 + y // 7) % 3 == channel, 255 - slope, slope)
    value = value + noise(x.astype(np.uint32), y.astype(np.uint32), channel) - 16
    patch = (x // 5 ^ y // 5) % 11
    value = np.where(patch == 0, 255 * (channel == 1), value)
    value = np.where(patch == 1, 255 * (channel != 1), value)
    return np.clip(value, 0, 255).astype(np.uint8)


def chroma(width: int, height: int, channel: int) -> Plane:
    """Return a plane of the range that footage has, 80 to 175.

    Full-range noise would hold colours so far out of gamut that ffmpeg's 32-bit sums overflow.
    """
    return (80 + 3 * plane(width, height, channel).astype(np.int64) // 8).astype(np.uint8)


def picture(width: int, height: int) -> Picture:
    """Return the three planes, interleaved."""
    return np.stack([plane(width, height, channel) for channel in range(3)], axis=2)


def crop_box(width: int, height: int, aspect: float, wanted: float) -> tuple[float, ...]:
    """Return the largest centred box of the wanted aspect in a picture shown at `aspect`."""
    if aspect > wanted:
        margin = width * (1 - wanted / aspect) / 2
        return (margin, 0, width - margin, height)
    margin = height * (1 - aspect / wanted) / 2
    return (0, margin, width, height - margin)


def pillow(source: Picture, size: list[int], name: str, box: tuple[float, ...] | None) -> Tensor:
    """Resize with Pillow in floats, which does not round between its two passes."""
    planes = [
        Image.fromarray(source[:, :, c].astype(np.float32)).resize(
            tuple(size), PILLOW_FILTERS[name], box=box
        )
        for c in range(3)
    ]
    return np.clip(np.stack([np.asarray(p, dtype=np.float64) for p in planes]) / 255, 0, 1)


def opencv(source: Picture, size: list[int], name: str) -> Tensor:
    """Resize with OpenCV in floats."""
    small = cv2.resize(source.astype(np.float32), tuple(size), interpolation=OPENCV_FILTERS[name])
    return np.clip(small.transpose(2, 0, 1).astype(np.float64) / 255, 0, 1)


def store(name: str, tensor: Tensor) -> str:
    """Write a result as 16-bit numbers."""
    np.rint(tensor * 65535).astype("<u2").tofile(GOLDENS / f"{name}.u16")
    return f"{name}.u16"


def resize_cases() -> list[dict[str, object]]:
    """Write the results of the resizes and return their descriptions."""
    cases: list[dict[str, object]] = []
    for filter_name in ("bilinear", "bicubic"):
        for size_name, size in SIZES.items():
            source = picture(*size["picture"])
            common = {**size, "filter": filter_name, "resize": "stretch"}
            name = f"{filter_name}_antialiased_{size_name}"
            result = pillow(source, size["tensor"], filter_name, None)
            cases.append({"name": name, **common, "antialias": True, "file": store(name, result)})
            name = f"{filter_name}_plain_{size_name}"
            result = opencv(source, size["tensor"], filter_name)
            cases.append({"name": name, **common, "antialias": False, "file": store(name, result)})
        for crop_name, crop in CROPS.items():
            source = picture(*crop["picture"])
            aspect = crop["display"][0] / crop["display"][1]
            wanted = crop["tensor"][0] / crop["tensor"][1]
            size = crop["tensor"]
            if "rotation" in crop:
                source = np.ascontiguousarray(np.rot90(source, -1))
                aspect = 1 / aspect
            height, width = source.shape[:2]
            box = crop_box(width, height, aspect, wanted)
            name = f"{filter_name}_antialiased_crop_{crop_name}"
            result = pillow(source, size, filter_name, box)
            common = {**crop, "filter": filter_name, "resize": "center_crop", "antialias": True}
            cases.append({"name": name, **common, "file": store(name, result)})
    return cases


def means_case() -> dict[str, object]:
    """Write the means of 8 x 8 pixels of a full-size tensor, and return their description."""
    case = {"name": "bilinear_antialiased_224", "picture": [640, 360], "tensor": [224, 224]}
    result = pillow(picture(640, 360), [224, 224], "bilinear", None)
    means = result.reshape(3, 28, 8, 28, 8).mean(axis=(2, 4))
    common = {"filter": "bilinear", "resize": "stretch", "antialias": True, "block": 8}
    return {**case, **common, "file": store(case["name"], means)}


def ffmpeg_rgb(planes: list[Plane], matrix: str, color_range: str) -> Picture:
    """Convert planes of 4:2:0 to RGB with swscale, at its most accurate."""
    height, width = planes[0].shape
    conversion = (
        "scale=flags=accurate_rnd+full_chroma_int+full_chroma_inp"
        f":in_color_matrix={matrix}:in_range={color_range}"
    )
    raw = ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{width}x{height}", "-i", "-"]
    output = ["-vf", conversion, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    result = subprocess.run(  # noqa: S603 - our own arguments
        [FFMPEG, "-v", "error", *raw, *output],
        input=b"".join(p.tobytes() for p in planes),
        capture_output=True,
        check=True,
    )
    return np.frombuffer(result.stdout, np.uint8).reshape(height, width, 3)


def color_cases() -> list[dict[str, object]]:
    """Write the results of the colour conversions and return their descriptions."""
    cases: list[dict[str, object]] = []
    width, height = 46, 34
    planes = [
        plane(width, height, 0),
        chroma(width // 2, height // 2, 1),
        chroma(width // 2, height // 2, 2),
    ]
    for matrix in ("bt601", "bt709"):
        for color_range in ("limited", "full"):
            name = f"{matrix}_{color_range}"
            rgb = ffmpeg_rgb(planes, matrix, color_range)
            rgb.transpose(2, 0, 1).tofile(GOLDENS / f"{name}.u8")
            case = {"name": name, "picture": [width, height], "matrix": matrix}
            cases.append({**case, "range": color_range, "file": f"{name}.u8"})
    return cases


def main() -> None:
    """Write all of tests/golden/image anew."""
    GOLDENS.mkdir(parents=True, exist_ok=True)
    for old in GOLDENS.iterdir():
        old.unlink()
    resizes = [*resize_cases(), means_case()]
    (GOLDENS / "cases.json").write_text(json.dumps(resizes, indent=1) + "\n")
    (GOLDENS / "colors.json").write_text(json.dumps(color_cases(), indent=1) + "\n")


if __name__ == "__main__":
    main()
