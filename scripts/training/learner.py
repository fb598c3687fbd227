"""One training from start to end on given items, none of which judges it.

Nothing but these items has a part in it: the backbone is fine-tuned, the features are
standardised and the head is trained on them, its last epoch is kept, and temperature and
threshold come from groups of them that are set aside. So whatever was held out stays unseen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from training.backbone import Backbone, pretrained
from training.calibrate import set_aside
from training.errors import TrainingError
from training.export import backbone_onnx
from training.features import Extractor, ItemFeatures, extract
from training.fit import Recipe
from training.heads import Calibrated, Split, fit_heads
from training.manifest import Item
from training.plain import plain_way
from training.tune import TuneCurve, TuneRecipe, tune_items


@dataclass(frozen=True)
class Method:
    """How a training goes."""

    labels: tuple[str, ...]
    recipe: Recipe
    tune: TuneRecipe
    """How the backbone is fine-tuned; with no steps it stays as it is."""
    seed: int


@dataclass(frozen=True)
class Learnt:
    """What a training brings."""

    backbone: Backbone
    curve: TuneCurve
    head: Calibrated


class Learner:
    """Trains by one method on parts of the same media."""

    def __init__(self, items: Sequence[Item], method: Method, cache: Path, workers: int) -> None:
        """Train on parts of `items`; what is computed of files is kept in the folder `cache`."""
        self.method = method
        self.start = pretrained()
        self.left_out: list[Item] = []
        """The items that cannot be read, known once features were asked for."""
        self._items = items
        self._cache = cache
        self._workers = workers
        self._digest = ""
        self._features: dict[str, ItemFeatures] = {}

    def learn(self, train: Sequence[Item]) -> Learnt:
        """Train on `train` alone."""
        method = self.method
        aside = set_aside(train)
        tuned = tune_items(
            [item for item in train if item.group not in aside],
            method.labels,
            self.start,
            method.tune,
            method.seed,
            self._cache,
            self._workers,
        )
        backbone = tuned.backbone if tuned else self.start
        features = self.features(backbone)
        read = [features[item.name] for item in train if item.name in features]
        learnt = [one for one in read if one.item.group not in aside]
        if not learnt:
            raise TrainingError("none of the files to train on can be read")
        split = Split(learnt, [one for one in read if one.item.group in aside], [])
        teacher = plain_way(tuned, learnt, method.labels)
        (head,) = fit_heads(split, method.labels, teacher, method.recipe, [method.seed])
        return Learnt(backbone, tuned.curve if tuned else TuneCurve(), head)

    def features(self, backbone: Backbone) -> Mapping[str, ItemFeatures]:
        """Return the features of all items that can be read, by name.

        Those of one backbone depend on no label, and are computed once for all trainings.
        """
        extractor = Extractor(backbone_onnx(backbone))
        if extractor.digest != self._digest:
            self._features = {}
            read, self.left_out = extract(
                self._items, extractor, self._cache / "features", self._workers
            )
            self._features = {one.item.name: one for one in read}
            self._digest = extractor.digest
        return self._features
