"""Pictures out of files: the frames of a video at the sample times, or a still.

Pictures are `uint8` arrays `[height, width, 3]` in RGB, upright (the file's rotation applied).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Generic, TypeVar, cast

import av
import av.filter
import numpy as np
from av.sidedata.sidedata import SideDataContainer
from av.sidedata.sidedata import Type as SideDataType
from numpy.typing import NDArray
from PIL import Image, ImageOps

from training.errors import TrainingError
from training.sampling import TOLERANCE, sample_count, sample_time

Picture = NDArray[np.uint8]

T = TypeVar("T")

UNSPECIFIED_MATRIX = 2
"""The colour matrix of a file that names none."""

HD_LINES = 720
"""From this height on, a file that names no colour matrix is taken to be BT.709."""

EXACT_CONVERSION = "bicubic+accurate_rnd+full_chroma_int+full_chroma_inp"
"""swscale's flags. Without the last three it is quicker, and off by 1 to 1.5 of 255 on average."""


@dataclass(frozen=True)
class Sampled(Generic[T]):
    """A clip at its sample times."""

    duration: float
    """Seconds from the start of the file to the end of its longest track, as players tell it."""
    frames: list[T]
    """What was made of each distinct frame, in order."""
    index: list[int]
    """For each sample, the frame it takes."""


def read_still(path: Path) -> Picture:
    """Read a picture file."""
    try:
        with Image.open(path) as image:
            return np.asarray(ImageOps.exif_transpose(image).convert("RGB"))
    except (OSError, ValueError) as error:
        raise TrainingError(f"{path}: cannot be read as a picture: {error}") from error


def read_clip(path: Path, rate: float, prepare: Callable[[Picture], T]) -> Sampled[T]:
    """Decode a video and pass the frame of each sample time through `prepare`.

    A sample takes the last frame that starts no later, or the first frame if none does. Times
    are relative to the start of the file. What a damaged file still gives is used.
    """
    try:
        return _read_clip(path, rate, prepare)
    except (av.FFmpegError, OSError, ValueError) as error:
        raise TrainingError(f"{path}: cannot be read as a video: {error}") from error


def _read_clip(path: Path, rate: float, prepare: Callable[[Picture], T]) -> Sampled[T]:
    frames: list[T] = []
    index: list[int] = []
    convert = _Converter()

    def take(frame: av.VideoFrame, until: int) -> None:
        if until > len(index):
            frames.append(prepare(_upright_rgb(frame, convert)))
            index.extend([len(frames) - 1] * (until - len(index)))

    with av.open(path, metadata_errors="replace") as container:
        if not container.streams.video:
            raise TrainingError(f"{path}: has no video track")
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        start = (container.start_time or 0) / av.time_base
        step = float(1 / stream.average_rate) if stream.average_rate else 0.0
        shown: av.VideoFrame | None = None
        end = 0.0
        longest_sound = max((_end(sound) for sound in container.streams.audio), default=0.0) - start
        for frame in _decoded(container, stream):
            time = end if frame.time is None else frame.time - start
            if shown is not None:
                due = len(index)
                while sample_time(due, rate) + TOLERANCE < time:
                    due += 1
                take(shown, due)
            shown = frame
            end = max(end, time + (_seconds(frame) or step))
    if shown is None:
        raise TrainingError(f"{path}: has no frame that can be decoded")
    duration = max(end, longest_sound)
    take(shown, max(len(index), sample_count(duration, rate)))
    return Sampled(duration, frames, index)


def _decoded(
    container: av.container.InputContainer, stream: av.VideoStream
) -> Iterator[av.VideoFrame]:
    try:
        yield from container.decode(stream)
    except av.InvalidDataError:
        return  # The end of what a damaged file still gives.


def _end(track: av.AudioStream) -> float:
    """Seconds at which a track ends, on the container's clock; 0 if the container does not say."""
    if track.duration is None or track.time_base is None:
        return 0.0
    return float(((track.start_time or 0) + track.duration) * track.time_base)


def _seconds(frame: av.VideoFrame) -> float:
    return float(frame.duration * frame.time_base) if frame.time_base else 0.0


class _Converter:
    """Turns frames into RGB as ffmpeg's scale filter does, colour planes taken as centred."""

    def __init__(self) -> None:
        self._kind: tuple[object, ...] | None = None
        self._graph = av.filter.Graph()

    def __call__(self, frame: av.VideoFrame) -> Picture:
        kind = (frame.width, frame.height, frame.format.name, frame.colorspace, frame.color_range)
        if kind != self._kind:
            self._kind, self._graph = kind, self._graph_for(frame)
        self._graph.push(frame)
        converted = cast("av.VideoFrame", self._graph.pull())
        return converted.to_ndarray().astype(np.uint8, copy=False)

    @staticmethod
    def _graph_for(frame: av.VideoFrame) -> av.filter.Graph:
        unnamed = int(frame.colorspace) == UNSPECIFIED_MATRIX
        matrix = ("bt709" if frame.height >= HD_LINES else "bt601") if unnamed else "auto"
        graph = av.filter.Graph()
        nodes = [
            graph.add_buffer(
                width=frame.width,
                height=frame.height,
                format=frame.format,
                time_base=frame.time_base or Fraction(1, av.time_base),
            ),
            graph.add("scale", f"flags={EXACT_CONVERSION}:in_color_matrix={matrix}"),
            graph.add("format", "rgb24"),
            graph.add("buffersink"),
        ]
        for node, following in pairwise(nodes):
            node.link_to(following)
        graph.configure()
        return graph


def _upright_rgb(frame: av.VideoFrame, convert: _Converter) -> Picture:
    rgb = convert(frame)
    turn = cast("SideDataContainer", frame.side_data).get(SideDataType.DISPLAYMATRIX)
    return rgb if turn is None else upright(rgb, np.frombuffer(turn, dtype=np.int32))


def upright(picture: Picture, matrix: NDArray[np.int32]) -> Picture:
    """Turn and flip a stored picture as the nine numbers of its display matrix say.

    The matrix maps stored (x, y) to shown (a x + c y, b x + d y), with a, b, c, d its elements
    0, 1, 3, 4. Only quarter turns and flips are meaningful for pixels.
    """
    a, b, c, d = (int(matrix[i]) for i in (0, 1, 3, 4))
    if abs(a) + abs(d) >= abs(b) + abs(c):
        x_sign, y_sign = a, d
    else:
        picture, x_sign, y_sign = picture.swapaxes(0, 1), c, b
    if x_sign < 0:
        picture = picture[:, ::-1]
    if y_sign < 0:
        picture = picture[::-1]
    return np.ascontiguousarray(picture)
