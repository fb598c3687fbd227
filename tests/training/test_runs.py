"""The figures of runs, and how far they lie apart."""

from pathlib import Path

import numpy as np
import pytest

from training.errors import TrainingError
from training.evaluate import Figures, figures
from training.runs import read_spread, write_run

LABELS = ("a", "b", "none")
RECIPE = {"steps": 3}


def right_of(hits: int) -> dict[str, Figures]:
    """Return the figures of ten clips of an action, `hits` of which are right."""
    said = [0 if i < hits else 1 for i in range(10)]
    groups = [str(i) for i in range(10)]
    return {"clips": figures(np.eye(3)[said], np.zeros(10, dtype=np.int64), LABELS, groups, 0.0)}


def test_the_spread_over_seeds_is_of_the_heads_that_are_kept(tmp_path: Path) -> None:
    write_run(tmp_path, 0, RECIPE, 1, {0: right_of(2), 1: right_of(8)})
    write_run(tmp_path, 1, RECIPE, 2, {2: right_of(6), 3: right_of(1)})
    spread = read_spread(tmp_path, 0, RECIPE)
    assert spread["backbone"]["runs"] == 2
    assert spread["backbone"]["clips_top1_actions"]["mean"] == pytest.approx(0.7)
    assert spread["backbone"]["clips_top1_actions"]["deviation"] == pytest.approx(0.02**0.5)
    assert spread["head"]["clips_top1_actions"]["mean"] == pytest.approx(0.5)
    assert "stills_top1_actions" not in spread["head"]
    assert "clips_none_recall" not in spread["head"]


def test_runs_of_another_recipe_are_no_part_of_it(tmp_path: Path) -> None:
    write_run(tmp_path, 0, RECIPE, 0, {0: right_of(5)})
    write_run(tmp_path, 1, {"steps": 4}, 0, {0: right_of(9)})
    spread = read_spread(tmp_path, 0, RECIPE)
    assert spread["backbone"]["runs"] == 1
    assert spread["backbone"]["clips_top1_actions"] == {"mean": 0.5, "deviation": 0.0}


def test_a_damaged_run_is_an_error_that_names_it(tmp_path: Path) -> None:
    write_run(tmp_path, 0, RECIPE, 0, {0: right_of(5)})
    (tmp_path / "runs" / "1.json").write_text("{", encoding="utf-8")
    with pytest.raises(TrainingError, match=r"1\.json: cannot be read"):
        read_spread(tmp_path, 0, RECIPE)
