"""Makes the media corpus of the tests: build/corpus, and index.json: what is true of each file.

What a file must show is said twice: by the way it is made (recipes.py) and by native ffmpeg's own
reading of it (reading.py). Where the two differ, no corpus is made. A second run with the same
programs has nothing to do.
"""

import hashlib
import json
import math
import os
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from damage import changed
from picture import write_raw
from programs import ffmpeg, ffmpeg_version
from reading import Reading, read
from recipes import Recipe, all_recipes, raw_input

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parents[1] / "build" / "corpus"
STAMP = "stamp"

# Containers keep times in ticks: of a millisecond at the coarsest, so that sums are off by two.
TICK = 0.0021


def make(recipe: Recipe, folder: Path) -> None:
    """Makes one file; what it needs is there."""
    path = folder / recipe.name
    if recipe.write is not None:
        recipe.write(path)
    elif recipe.needs is not None:
        ffmpeg(*recipe.inputs, "-i", folder / recipe.needs, *recipe.args, "-threads", "1", path)
    else:
        with tempfile.TemporaryDirectory() as scratch:
            raw = Path(scratch) / "pictures.raw"
            size = (recipe.width, recipe.height)
            write_raw(raw, range(recipe.frames), size, (recipe.rotation, recipe.flip))
            pictures = raw_input(raw, *recipe.stored, recipe.rate)
            ffmpeg(*pictures, *recipe.inputs, *recipe.args, "-threads", "1", path)
    if recipe.change is not None:
        changed(path, recipe.change)


def sure_codes(recipe: Recipe, seen: Reading) -> list[int | None]:
    """What every picture must show; None where nothing is sure."""
    if recipe.damaged_from is None:
        return list(recipe.drawn)
    return [code if n < recipe.damaged_from else None for n, code in enumerate(seen.codes)]


def contradictions(recipe: Recipe, seen: Reading) -> list[str]:
    """Where what is read differs from what was made."""
    said = []
    sure = len(recipe.drawn) if recipe.damaged_from is None else recipe.damaged_from
    codes, times = seen.codes[:sure], seen.times[:sure]
    if codes != list(recipe.drawn[:sure]) or (
        recipe.damaged_from is None and len(seen.codes) != len(recipe.drawn)
    ):
        said.append(f"shows {seen.codes}")
    if any(abs(a - b) > TICK for a, b in zip(times, recipe.starts, strict=False)):
        said.append(f"has pictures at {seen.times}")
    if seen.codec != recipe.codec:
        said.append(f"is {seen.codec}, not {recipe.codec}")
    if seen.stored_size != recipe.stored or seen.display_size != recipe.displayed:
        said.append(f"measures {seen.stored_size}, shown as {seen.display_size}")
    off = abs((seen.duration or recipe.length) - recipe.length)
    if recipe.duration_known and off > recipe.duration_tolerance + TICK:
        said.append(f"lasts {seen.duration} s, not {recipe.length}")
    if any(math.isnan(time) for time in seen.times):
        said.append("has pictures without a time")
    return [f"{recipe.name} {each}" for each in said]


def described(recipe: Recipe, folder: Path) -> tuple[dict[str, Any], list[str]]:
    """A file's entry in the index, and what contradicts it."""
    size = (folder / recipe.name).stat().st_size
    entry: dict[str, Any] = {
        "name": recipe.name,
        "bytes": size,
        "container": recipe.container,
        "codec": recipe.codec,
        "title": recipe.title,
        "features": list(recipe.features),
        "family": recipe.family,
        "error": recipe.error,
        "module": recipe.module,
        "sources": list(recipe.chosen),
    }
    if recipe.error is not None:
        return entry, []
    (stored_width, stored_height), (display_width, display_height) = recipe.stored, recipe.displayed
    shown = recipe.turned(recipe.displayed)
    entry |= {
        "endsEarly": recipe.ends_early,
        "duration": round(recipe.length, 6) if recipe.duration_known else None,
        "durationTolerance": recipe.duration_tolerance,
        "storedWidth": stored_width,
        "storedHeight": stored_height,
        "displayWidth": display_width,
        "displayHeight": display_height,
        "width": shown[0],
        "height": shown[1],
        "rotation": recipe.rotation,
        "flip": recipe.flip,
        "timeTolerance": recipe.time_tolerance,
    }
    if not recipe.read:
        times = [round(time, 6) for time in recipe.starts]
        return entry | {"pixelFormat": None, "times": times, "codes": list(recipe.drawn)}, []
    seen = read(folder / recipe.name, untimed=recipe.untimed, rate=recipe.rate)
    return entry | {
        "pixelFormat": seen.pixel_format,
        "matrix": seen.matrix,
        "range": "full" if seen.full_range else "limited",
        "times": seen.times,
        "codes": sure_codes(recipe, seen),
    }, contradictions(recipe, seen)


def make_all(recipes: list[Recipe], folder: Path) -> list[str]:
    """Makes every file and the index; returns what is wrong with them."""
    first = [recipe for recipe in recipes if recipe.needs is None]
    # A copy of a copy waits for its original.
    waves = [first]
    while sum(map(len, waves)) < len(recipes):
        there = {recipe.name for wave in waves for recipe in wave}
        wave = [r for r in recipes if r.name not in there and r.needs in there]
        if not wave:
            raise RuntimeError("a file needs one that is not made")
        waves.append(wave)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for wave in waves:
            list(pool.map(lambda recipe: make(recipe, folder), wave))
        entries = list(pool.map(lambda recipe: described(recipe, folder), recipes))
    index = {"format": 1, "ffmpeg": ffmpeg_version(), "files": [entry for entry, _ in entries]}
    (folder / "index.json").write_text(json.dumps(index, indent=1))
    return [line for _, lines in entries for line in lines]


def recipe_hash() -> str:
    """Of everything that the corpus is made by."""
    digest = hashlib.sha256(ffmpeg_version().encode())
    for path in sorted(HERE.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def main() -> int:
    """Makes the corpus anew if it is not there, or was made otherwise."""
    stamp = recipe_hash()
    if (FOLDER / STAMP).is_file() and (FOLDER / STAMP).read_text() == stamp:
        return 0
    FOLDER.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix="corpus-", dir=FOLDER.parent))
    try:
        wrong = make_all(all_recipes(), unfinished)
        for line in wrong:
            print(line, file=sys.stderr)
        if wrong:
            return 1
        (unfinished / STAMP).write_text(stamp)
        shutil.rmtree(FOLDER, ignore_errors=True)
        unfinished.rename(FOLDER)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
