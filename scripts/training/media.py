"""Going through the files of many items at once, the unreadable ones left out."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TypeVar

from training.console import Progress, warn
from training.errors import TrainingError
from training.manifest import Item

T = TypeVar("T")


def read_all(
    what: str, items: Sequence[Item], workers: int, read: Callable[[Item], T]
) -> tuple[list[T], list[Item]]:
    """Return what `read` makes of the items, in their order, and the items it raised an error of.

    `what` names the work in its progress; `workers` items are read at once.
    """
    progress = Progress(what, len(items))
    done: dict[str, T] = {}
    failed: list[Item] = []
    with ThreadPoolExecutor(workers) as pool:
        jobs = {pool.submit(read, item): item for item in items}
        for job in as_completed(jobs):
            item = jobs[job]
            try:
                done[item.name] = job.result()
            except TrainingError as error:
                failed.append(item)
                warn(f"{error}; it is left out")
            progress.advance()
    return [done[item.name] for item in items if item.name in done], failed


def content_of(item: Item) -> bytes:
    """Return the bytes of an item's file, which must have some."""
    try:
        content = item.path.read_bytes()
    except OSError as error:
        raise TrainingError(f"{item.path}: cannot be read: {error.strerror}") from error
    if not content:
        raise TrainingError(f"{item.path}: is empty")
    return content
