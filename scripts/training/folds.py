"""Cross-validation: a model is trained for every fold, and judged on what it held out.

What a fold's model says is kept in the cache under a digest of everything that it depends on, so
a run that was interrupted goes on with the folds that are missing.
"""

import hashlib
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.answer import Probabilities
from training.console import Progress, say
from training.contract import FRAMES, HOP, RATE
from training.errors import TrainingError
from training.features import ItemFeatures
from training.learner import Learner, Method
from training.looks import VERSION as LOOKS_VERSION
from training.manifest import Item, assert_no_leak

VERSION = 1
"""To be raised when what a fold's training does changes."""


@dataclass(frozen=True)
class Fold:
    """A training set, and what is held out of it."""

    name: str
    """In words."""
    train: tuple[Item, ...]
    test: tuple[Item, ...]

    def __post_init__(self) -> None:
        """Refuse a group on both sides."""
        assert_no_leak([*self.train, *(replace(item, split="dev") for item in self.test)])


@dataclass(frozen=True)
class Held:
    """What a fold's model says of the items that it held out."""

    fold: str
    items: list[Item]
    """Those that could be read."""
    answers: Probabilities
    """`[items, labels]`."""
    first: Probabilities
    """The first looks, `[items, labels]`."""
    threshold: float
    """The confidence below which the fold's model shows no label."""

    def truth(self, labels: Sequence[str]) -> NDArray[np.int64]:
        """Return the items' labels as indices, `[items]`."""
        return np.array([labels.index(item.label) for item in self.items], dtype=np.int64)


def all_items(folds: Sequence[Fold]) -> list[Item]:
    """Return every item of the folds once, by name."""
    items = {item.name: item for fold in folds for item in (*fold.train, *fold.test)}
    return [items[name] for name in sorted(items)]


def cross_validate(folds: Sequence[Fold], learner: Learner, cache: Path) -> list[Held]:
    """Train and judge a model for every fold whose result is not kept in `cache` yet."""
    cache.mkdir(parents=True, exist_ok=True)
    digests = _content_digests(all_items(folds))
    files = [cache / f"{_digest(fold, learner, digests)}.npz" for fold in folds]
    kept = [_read(file, fold) for file, fold in zip(files, folds, strict=True)]
    if any(kept):
        say(f"{len(folds) - kept.count(None)} of {len(folds)} folds are known from before")
    progress = Progress("folds", kept.count(None))
    results = []
    for fold, file, known in zip(folds, files, kept, strict=True):
        if known is not None:
            results.append(known)
            continue
        held = _hold_out(fold, learner)
        _write(file, held)
        results.append(held)
        right = float(np.mean(held.answers.argmax(axis=1) == held.truth(learner.method.labels)))
        progress.advance(f"; {fold.name}: {100 * right:.1f} % of {len(held.items)} right")
    return results


def _hold_out(fold: Fold, learner: Learner) -> Held:
    learnt = learner.learn(fold.train)
    features = learner.features(learnt.backbone)
    held: list[ItemFeatures] = [features[item.name] for item in fold.test if item.name in features]
    if not held:
        raise TrainingError(f"{fold.name}: none of its files can be read")
    return Held(
        fold=fold.name,
        items=[one.item for one in held],
        answers=learnt.head.answer(held),
        first=learnt.head.first(held),
        threshold=learnt.head.decision.threshold,
    )


def _content_digests(items: Sequence[Item]) -> dict[str, str]:
    digests = {}
    for item in items:
        try:
            with item.path.open("rb") as file:
                digests[item.name] = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise TrainingError(f"{item.path}: cannot be read: {error.strerror}") from error
    return digests


def _digest(fold: Fold, learner: Learner, contents: Mapping[str, str]) -> str:
    """Return a name for a fold's result: of what is learnt, how, and what it is judged on."""
    method: Method = learner.method
    digest = hashlib.sha256()
    for value in learner.start.state_dict().values():
        digest.update(value.numpy().tobytes())
    sides = [
        [(item.name, contents[item.name], item.label, item.group, item.source) for item in side]
        for side in (fold.train, fold.test)
    ]
    versions = (VERSION, LOOKS_VERSION, RATE, FRAMES, HOP)
    digest.update(json.dumps([fold.name, versions, asdict(method), sides]).encode())
    return digest.hexdigest()


def _read(path: Path, fold: Fold) -> Held | None:
    try:
        with np.load(path) as arrays:
            names = set(arrays["names"].tolist())
            return Held(
                fold=fold.name,
                items=[item for item in fold.test if item.name in names],
                answers=arrays["answers"],
                first=arrays["first"],
                threshold=float(arrays["threshold"]),
            )
    except FileNotFoundError:
        return None


def _write(path: Path, held: Held) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        np.savez(
            file,
            names=np.array([item.name for item in held.items]),
            answers=held.answers,
            first=held.first,
            threshold=held.threshold,
        )
    Path(file.name).replace(path)
