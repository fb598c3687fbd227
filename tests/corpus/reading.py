"""What native ffmpeg and ffprobe say of a file: an independent reading, for the index."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from picture import COLUMNS, ROWS, read_code
from programs import output_of

# Every picture is scaled to this before its code is read: 16 pixels a cell.
WIDTH = 16 * COLUMNS
HEIGHT = 16 * ROWS

# Stored lines from which pictures that name no matrix are taken to use BT.709.
HIGH_DEFINITION = 720


@dataclass(frozen=True)
class Reading:
    """Times are in seconds from the start of the clip."""

    times: list[float]
    codes: list[int | None]
    duration: float | None
    codec: str
    stored_size: tuple[int, int]
    display_size: tuple[int, int]
    """After the aspect of its pixels, before it is turned."""
    pixel_format: str
    matrix: str
    full_range: bool


def probe(path: Path, *entries: str) -> dict[str, Any]:
    """The answer of ffprobe."""
    done = output_of("ffprobe", "-v", "error", "-of", "json", *entries, "-i", path)
    answer: dict[str, Any] = json.loads(done.stdout or b"{}")
    return answer


def decode(path: Path) -> tuple[list[float], list[int | None]]:
    """The presentation time, on the container's timeline, and the code of every picture."""
    done = output_of(
        *("ffmpeg", "-hide_banner", "-nostats", "-threads", "1", "-copyts", "-i", path),
        *("-map", "0:V:0", "-fps_mode", "passthrough"),
        *("-vf", f"settb=AVTB,showinfo,scale={WIDTH}:{HEIGHT}:flags=area,format=gray"),
        *("-f", "rawvideo", "-"),
    )
    pictures = np.frombuffer(done.stdout, np.uint8).reshape(-1, HEIGHT, WIDTH)
    times = re.findall(rb"Parsed_showinfo\S* .* n: *\d+ pts: *(-?\d+|NOPTS) ", done.stderr)
    codes = [read_code(picture) for picture in pictures]
    return [np.nan if time == b"NOPTS" else int(time) / 1e6 for time in times], codes


def seconds(track: dict[str, Any], name: str) -> float | None:
    """A time of a track, where it tells it."""
    return float(track[name]) if name in track else None


def end_of(track: dict[str, Any]) -> float | None:
    """When a track ends, on the container's timeline. Matroska keeps that in a tag."""
    tag = re.fullmatch(r"(\d+):(\d+):([\d.]+)", track.get("tags", {}).get("DURATION", ""))
    if tag:
        return int(tag[1]) * 3600 + int(tag[2]) * 60 + float(tag[3])
    start, length = seconds(track, "start_time"), seconds(track, "duration")
    return None if start is None or length is None else start + length


def display_size(video: dict[str, Any]) -> tuple[int, int]:
    """The stored picture, its width stretched by the aspect of its pixels."""
    ratio = video.get("sample_aspect_ratio", "1:1").split(":")
    across, down = (int(part) or 1 for part in ratio)
    return round(video["width"] * across / down), video["height"]


def matrix_of(video: dict[str, Any]) -> str:
    """From Y, U, V to R, G, B: what the file says, or what pictures of its height mostly use."""
    named = video.get("color_space", "unknown")
    if named in ("bt709", "smpte170m", "bt470bg"):
        return "bt709" if named == "bt709" else "bt601"
    return "bt709" if video["height"] >= HIGH_DEFINITION else "bt601"


def read(path: Path, *, untimed: bool, rate: float) -> Reading:
    """Reads a file whole.

    Args:
        path: the file.
        untimed: the container has no presentation times; the n-th picture takes the n-th smallest
            decoding time, or the n-th moment where there is none either.
        rate: pictures a second, where there is no time at all.
    """
    told = probe(path, "-show_streams", "-show_format")
    tracks = [s for s in told["streams"] if s["codec_type"] in ("video", "audio")]
    video = next(s for s in tracks if s["codec_type"] == "video")
    times, codes = decode(path)
    if untimed:
        packets = probe(path, "-select_streams", "v:0", "-show_packets")["packets"]
        decoding = sorted(float(packet["dts_time"]) for packet in packets if "dts_time" in packet)
        times = decoding[: len(codes)] if decoding else [n / rate for n in range(len(codes))]
    sound = [seconds(track, "start_time") for track in tracks if track is not video]
    start = min([*times[:1], *(first for first in sound if first is not None)])
    ends = [end for track in tracks if (end := end_of(track)) is not None]
    return Reading(
        times=[round(time - start, 6) for time in times],
        codes=codes,
        duration=round(max(ends) - start, 6) if len(ends) == len(tracks) else None,
        codec=video["codec_name"],
        stored_size=(video["width"], video["height"]),
        display_size=display_size(video),
        pixel_format=video["pix_fmt"],
        matrix=matrix_of(video),
        full_range=video["pix_fmt"].startswith("yuvj") or video.get("color_range") == "pc",
    )
