"""What a model's answers lose on dev's clips that are recorded worse, or otherwise.

Every clip is made anew by the `ffmpeg` program in each of the ways below, and judged as a
visitor's file would be. The copies are kept beside the other caches, never in a package.
"""

import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from training.console import Progress, say
from training.errors import TrainingError
from training.evaluate import Figures
from training.features import Extractor, extract
from training.judge import Answers, judge
from training.manifest import Item

AS_IT_IS = "As it is"


@dataclass(frozen=True)
class Change:
    """One way in which a clip is made anew."""

    name: str
    """In words, for the report."""
    filters: str
    """ffmpeg's video filters; `{rate}` stands for the clip's own frame rate."""
    quality: int = 14
    """x264's rate factor: 14 is hardly to be told from the source, 51 is the worst."""
    middle_second: bool = False
    """Whether only the second in the middle is kept."""


CHANGES = (
    Change("Half the frame rate", "fps={rate}/2"),
    Change("Double the frame rate", "fps={rate}*2"),
    Change("160 pixels wide", "scale=160:-2"),
    Change("Heavily compressed", "null", quality=44),
    Change("Mirrored", "hflip"),
    Change("Grey", "hue=s=0"),
    Change("Dark", "lutyuv=y=val*0.35"),
    Change("Tilted by 10 degrees", "rotate=10*PI/180"),
    Change("Cropped to portrait", "crop=trunc(ih*9/32)*2:ih"),
    Change("With black bars", "pad=iw:trunc(ih*3/4)*2:0:(oh-ih)/2"),
    Change("One second of it", "null", middle_second=True),
)


@dataclass(frozen=True)
class Row:
    """The figures of dev's clips after one change."""

    name: str
    n: int
    top1_actions: float | None
    top1_with_none: float | None
    none_recall: float | None
    drop: float
    """What `top1_with_none` loses against the clips as they are."""


def robustness(
    clips: Sequence[Item],
    extractor: Extractor,
    answers: Answers,
    labels: Sequence[str],
    cache: Path,
    workers: int,
) -> list[Row]:
    """Judge the model on `clips` as they are, then after every change; without clips, no rows."""
    if not clips:
        return []
    if shutil.which("ffmpeg") is None:
        raise TrainingError("ffmpeg: is not installed; the robustness table is made with it")
    rows: list[Row] = []
    for change in (None, *CHANGES):
        changed = clips if change is None else _changed(clips, change, cache, workers)
        features, _ = extract(changed, extractor, cache / "features", workers)
        figures = judge(answers, {"clips": features}, labels, 0.0)["clips"]
        rows.append(_row(change.name if change else AS_IT_IS, figures, rows))
        say(str(rows[-1]))
    return rows


def _row(name: str, figures: Figures, before: Sequence[Row]) -> Row:
    start = before[0].top1_with_none if before else figures.top1_with_none
    return Row(
        name,
        figures.n,
        figures.top1_actions,
        figures.top1_with_none,
        figures.none_recall,
        (start or 0.0) - (figures.top1_with_none or 0.0),
    )


def _changed(clips: Sequence[Item], change: Change, cache: Path, workers: int) -> list[Item]:
    folder = cache / "robustness" / hashlib.sha256(repr(change).encode()).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    progress = Progress(change.name.lower(), len(clips))

    def make(item: Item) -> Item:
        digest = hashlib.sha256(item.path.read_bytes()).hexdigest()
        path = folder / f"{digest}.mp4"
        if not path.exists():
            _make(item.path, change, path)
        progress.advance()
        return replace(item, path=path)

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(make, clips))


def _make(source: Path, change: Change, path: Path) -> None:
    rate, seconds = _rate_and_seconds(source)
    cut = ["-ss", f"{max(0.0, seconds / 2 - 0.5):.3f}", "-t", "1"] if change.middle_second else []
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".mp4", delete=False) as file:
        made = Path(file.name)
    even = "scale=trunc(iw/2)*2:trunc(ih/2)*2"
    filters = f"{change.filters.format(rate=rate)},{even},format=yuv420p"
    reading = ["ffmpeg", "-v", "error", "-y", *cut, "-i", str(source), "-an", "-threads", "1"]
    writing = ["-c:v", "libx264", "-preset", "veryfast", "-crf", str(change.quality), str(made)]
    _run([*reading, "-vf", filters, *writing])
    made.replace(path)


def _rate_and_seconds(source: Path) -> tuple[str, float]:
    entries = "stream=avg_frame_rate:format=duration"
    plain = "default=noprint_wrappers=1:nokey=1"
    asking = ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", entries]
    told = _run([*asking, "-of", plain, str(source)]).split()
    return told[0], float(told[1])


def _run(command: Sequence[str]) -> str:
    done = subprocess.run(  # noqa: S603 - a list of our own arguments, no shell
        command, check=False, capture_output=True, text=True
    )
    if done.returncode != 0:
        raise TrainingError(f"{command[0]}: {done.stderr.strip()}")
    return done.stdout
