"""What is done to the bytes of a whole file: turned, lied about, cut, broken."""

import random
import struct
from collections.abc import Callable
from pathlib import Path

Change = Callable[[bytearray], bytearray]

ONE = 1 << 16  # 16.16 fixed point

# Of an MP4 track header, from its type on: where the matrix stands in version 0.
TKHD_MATRIX = 44
TKHD_DURATION = 24
MVHD_DURATION = 20
MDHD_DURATION = 20

# Of an AVI stream header, from its identifier on, and of the main header.
STRH_SCALE = 28
STRH_RATE = 32
STRH_LENGTH = 40
AVIH_MICROSECONDS = 8
AVIH_FRAMES = 24


def changed(path: Path, change: Change) -> None:
    """Rewrites a file."""
    path.write_bytes(change(bytearray(path.read_bytes())))


def positions(data: bytearray, tag: bytes) -> list[int]:
    """Where a four-letter tag stands."""
    found = []
    at = data.find(tag)
    while at >= 0:
        found.append(at)
        at = data.find(tag, at + 4)
    return found


def turned(rotation: int, *, flip: bool) -> Change:
    """Gives an MP4 file's track the matrix that turns it clockwise, and then mirrors it."""
    cos, sin = {0: (1, 0), 90: (0, 1), 180: (-1, 0), 270: (0, -1)}[rotation]
    mirror = -1 if flip else 1
    a, b, c, d = cos * mirror, sin, -sin * mirror, cos

    def change(data: bytearray) -> bytearray:
        matrix = [a * ONE, b * ONE, 0, c * ONE, d * ONE, 0, 0, 0, 1 << 30]
        for at in positions(data, b"tkhd"):
            struct.pack_into(">9i", data, at + TKHD_MATRIX, *matrix)
        return data

    return change


def announcing(factor: int) -> Change:
    """Multiplies the lengths in the headers of an MP4 file; the tables of its frames stay true."""

    def change(data: bytearray) -> bytearray:
        fields = {b"mvhd": MVHD_DURATION, b"tkhd": TKHD_DURATION, b"mdhd": MDHD_DURATION}
        for tag, offset in fields.items():
            for at in positions(data, tag):
                (length,) = struct.unpack_from(">I", data, at + offset)
                struct.pack_into(">I", data, at + offset, length * factor)
        return data

    return change


def without_rate(data: bytearray) -> bytearray:
    """An AVI file whose headers say 0 frames a second."""
    struct.pack_into("<I", data, data.index(b"avih") + AVIH_MICROSECONDS, 0)
    struct.pack_into("<II", data, data.index(b"strh") + STRH_SCALE, 0, 0)
    return data


def announcing_frames(frames: int) -> Change:
    """An AVI file whose headers say so many frames."""

    def change(data: bytearray) -> bytearray:
        struct.pack_into("<I", data, data.index(b"avih") + AVIH_FRAMES, frames)
        struct.pack_into("<I", data, data.index(b"strh") + STRH_LENGTH, frames)
        return data

    return change


def index_zeroed(data: bytearray) -> bytearray:
    """An AVI file whose index is there, and holds zeros."""
    at = data.rindex(b"idx1")
    (length,) = struct.unpack_from("<I", data, at + 4)
    data[at + 8 : at + 8 + length] = bytes(length)
    return data


def index_removed(data: bytearray) -> bytearray:
    """An AVI file without its index."""
    return data[: data.rindex(b"idx1")]


def without_frames(data: bytearray) -> bytearray:
    """An AVI file whose list of frames is empty."""
    at = data.index(b"movi")
    struct.pack_into("<I", data, at - 4, 4)
    return data[: at + 4]


def kept(part: float) -> Change:
    """Cuts the end off."""
    return lambda data: data[: round(len(data) * part)]


def from_part(part: float) -> Change:
    """Cuts the start off."""
    return lambda data: data[round(len(data) * part) :]


def garbage(start: float, length: int) -> Change:
    """Noise over a stretch of bytes from that part of the file on."""

    def change(data: bytearray) -> bytearray:
        at = round(len(data) * start)
        length_here = min(length, len(data) - at)
        data[at : at + length_here] = random.Random(7).randbytes(length_here)  # noqa: S311 - noise
        return data

    return change


def noise(seed: int, length: int) -> bytes:
    """Bytes without any sense."""
    return random.Random(seed).randbytes(length)  # noqa: S311 - noise
