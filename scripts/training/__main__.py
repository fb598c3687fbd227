"""The commands of `scripts/train`."""

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import torch

from training.command_options import Places, add_training_options, recipes
from training.console import say
from training.errors import TrainingError
from training.goldens import write_file_goldens, write_model_goldens
from training.import_keras import add_import_keras
from training.official_sets import add_official_sets
from training.own_actions import add_folder
from training.package import UCF11, to_json
from training.reference import refer
from training.restore import restore
from training.train import Options, train
from training.tune import TuneRecipe

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
PACKAGE = ROOT / "models" / "ucf11"
GOLDEN = ROOT / "tests" / "golden"
SHOWN = 3
"""Labels that `reference` shows of a file."""


def cache_folder() -> Path:
    """Return where frames, features and checkpoints are kept from one run to the next."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "actionscope"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or (given[0].startswith("-") and given[0] not in ("-h", "--help")):
        given.insert(0, "manifest")
    options = _parser().parse_args(given)
    torch.set_num_threads(1)  # The networks are small: threads would wait for each other.
    try:
        options.run(options)
    except TrainingError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped; what has been computed is kept", file=sys.stderr)
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/train", description="Train Actionscope's models.", allow_abbrev=False
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    manifest = commands.add_parser(
        "manifest", help="train the 11 actions on the files of a manifest.csv (the default)"
    )
    manifest.add_argument("--data", type=Path, default=DATA, help="folder with manifest.csv")
    manifest.add_argument("--out", type=Path, default=PACKAGE, help="folder of the model package")
    add_training_options(manifest, cache_folder(), tune_steps=TuneRecipe.steps)
    manifest.add_argument(
        "--measure-only",
        action="store_true",
        help="write the figures of this seed's run (runs/SEED.json), not the package",
    )
    manifest.set_defaults(run=_manifest)

    goldens = commands.add_parser(
        "goldens", help="write the numbers that other implementations are compared with"
    )
    goldens.add_argument("--model", type=Path, default=PACKAGE, help="folder of the model package")
    goldens.add_argument("--data", type=Path, default=DATA, help="folder with manifest.csv")
    goldens.add_argument("--out", type=Path, default=GOLDEN, help="folder of the goldens")
    goldens.set_defaults(run=_goldens)

    reference = commands.add_parser(
        "reference", help="say with PyTorch (or ONNX Runtime, in integers) what a package answers"
    )
    reference.add_argument("files", type=Path, nargs="+", metavar="FILE")
    reference.add_argument("--model", type=Path, default=PACKAGE, help="folder of the package")
    reference.add_argument("--json", action="store_true", help="write JSON")
    reference.set_defaults(run=_reference)

    places = Places(models=ROOT / "models", cache=cache_folder())
    add_official_sets(commands, places)
    add_folder(commands, places)
    add_import_keras(commands, ROOT / "models" / "keras")
    return parser


def _manifest(options: argparse.Namespace) -> None:
    recipe, tuning = recipes(options)
    train(
        Options(
            data=options.data,
            out=options.out,
            cache=options.cache,
            seed=options.seed,
            workers=options.workers,
            recipe=recipe,
            tune=tuning,
            measure_only=options.measure_only,
        ),
        UCF11,
    )


def _goldens(options: argparse.Namespace) -> None:
    restored = restore(options.model)
    write_model_goldens(restored, options.out)
    write_file_goldens(restored, options.out, options.data)


def _reference(options: argparse.Namespace) -> None:
    restored = restore(options.model)
    results = {str(path): refer(restored, path) for path in options.files}
    if options.json:
        files = [{"file": file, **asdict(one)} for file, one in results.items()]
        say(to_json({"labels": restored.labels, "files": files}))
        return
    for file, one in results.items():
        for name, parts in (("first", one.first), ("answer", one.answer)):
            said = zip(restored.labels, parts, strict=True)
            best = sorted(said, key=lambda pair: -pair[1])[:SHOWN]
            say(f"{file}, {name}: " + ", ".join(f"{label} {part:.3f}" for label, part in best))


if __name__ == "__main__":
    sys.exit(main())
