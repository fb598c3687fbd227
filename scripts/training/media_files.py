"""Files that can be trained on, found by how their names end."""

from collections.abc import Iterable
from pathlib import Path

from training.errors import TrainingError
from training.manifest import Kind

CLIPS = frozenset(
    [
        ".3gp",
        ".avi",
        ".flv",
        ".gif",
        ".m2ts",
        ".m4v",
        ".mkv",
        ".mov",
        ".mp4",
        ".mpeg",
        ".mpg",
        ".mts",
        ".ogv",
        ".ts",
        ".webm",
        ".wmv",
    ]
)
"""How the names of videos end."""

STILLS = frozenset([".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"])
"""How the names of pictures end."""


def kind_of(path: Path) -> Kind | None:
    """Return what a file is by the ending of its name, None if it is no medium."""
    ending = path.suffix.lower()
    if path.name.startswith(".") or ending not in CLIPS | STILLS:
        return None
    return "clip" if ending in CLIPS else "still"


def contents(folder: Path) -> list[Path]:
    """Return what lies in a folder, by name. Raises TrainingError if it cannot be listed."""
    try:
        return sorted(folder.iterdir())
    except FileNotFoundError:
        raise TrainingError(f"{folder}: there is no such folder") from None
    except NotADirectoryError:
        raise TrainingError(f"{folder}: is a file, not a folder") from None
    except OSError as error:
        raise TrainingError(f"{folder}: cannot be read: {error.strerror}") from error


def folders(parent: Path) -> list[Path]:
    """Return the folders in a folder, by name, without hidden ones."""
    return [one for one in contents(parent) if one.is_dir() and not one.name.startswith(".")]


def clips(paths: Iterable[Path]) -> list[Path]:
    """Return those of `paths` that are videos, by the endings of their names."""
    return [path for path in paths if kind_of(path) == "clip" and path.is_file()]
