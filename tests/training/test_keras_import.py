"""import-keras: the package it writes, and files that it refuses, told in the user's words."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

from lib.reference.keras_layout import load_layout, make_file
from training.__main__ import main
from training.import_keras import Options, import_keras
from training.package import check_package

GOLDEN = Path(__file__).resolve().parents[2] / "tests" / "golden" / "keras"
ACTIONS = [f"action_{index}" for index in range(11)]
DENSE = "model_weights/dense/dense"
LSTM = "model_weights/lstm/lstm/lstm_cell"
FRAMES = "model_weights/time_distributed"

Edit = Callable[[h5py.File], None]
Import = Callable[..., Path]
Refusal = Callable[[Edit], str]


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a whole model as Keras 2 saves it; its weights are called after their layers."""
    file = tmp_path_factory.mktemp("keras") / "whole.h5"
    make_file(load_layout(GOLDEN / "keras2_whole.json.gz"), file)
    return file


@pytest.fixture
def import_file(tmp_path: Path) -> Import:
    """Return a function that imports a file and returns the package's folder."""

    def run(file: Path, classes: object = ACTIONS) -> Path:
        named = tmp_path / "classes.json"
        named.write_text(json.dumps(classes))
        out = tmp_path / "my model"
        import_keras(Options(file, named, out, "rgb"))
        return out

    return run


@pytest.fixture
def refusal(whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Refusal:
    """Return a function that changes a copy of the whole model and returns why it is refused."""

    def run(edit: Edit) -> str:
        file = tmp_path / "changed.h5"
        shutil.copy(whole, file)
        with h5py.File(file, "r+") as opened:
            edit(opened)
        return refused(file, tmp_path, capsys)

    return run


def refused(
    file: Path, folder: Path, capsys: pytest.CaptureFixture[str], classes: str | None = None
) -> str:
    """Return what the command says of a file that it must refuse, and write nothing for."""
    named = folder / "classes.json"
    named.write_text(json.dumps(ACTIONS) if classes is None else classes)
    out = folder / "refused"
    assert main(["import-keras", str(file), str(named), "--out", str(out)]) == 1
    assert not out.exists()
    return capsys.readouterr().err


def replace(opened: h5py.File, path: str, values: object) -> None:
    del opened[path]
    opened[path] = values


def set_config(opened: h5py.File, old: str, new: str) -> None:
    config = opened.attrs["model_config"]
    assert old in config
    opened.attrs["model_config"] = config.replace(old, new)


def test_preprocessing_and_padding_are_those_of_the_old_program(
    whole: Path, import_file: Import
) -> None:
    model = check_package(import_file(whole))
    assert model["input"] == {
        "width": 224,
        "height": 224,
        "resize": "stretch",
        "filter": "bilinear",
        "antialias": False,
        "channel_order": "rgb",
        "mean": [0, 0, 0],
        "std": [1, 1, 1],
    }
    assert model["sampling"] == {"mode": "first_frames", "count": 20}
    assert model["window"] == {"frames": 20, "hop": 20, "short_clips": "zeros"}
    variant = model["variants"][model["default_variant"]]
    assert (variant["temperature"], variant["thresholds"]) == (1, {"answer": 0})


def test_classes_become_labels_none_of_which_means_none_of_these(
    whole: Path, import_file: Import
) -> None:
    model = check_package(import_file(whole))
    assert model["name"] == "my-model"
    assert model["none_label"] is None
    assert [label["id"] for label in model["labels"]] == ACTIONS
    assert model["labels"][10]["title"] == "Action 10"


def test_card_and_report_say_where_it_comes_from(whole: Path, import_file: Import) -> None:
    package = import_file(whole)
    card = (package / "CARD.md").read_text(encoding="utf-8")
    report = json.loads((package / "report.json").read_text(encoding="utf-8"))
    assert set(report) == {"format", "format_version", "model", "data", "recipe"}
    for sentence in report["recipe"]["sentences"]:
        assert sentence in card
    assert "whole.h5" in card
    assert "weights alone" not in card


def test_weights_alone_are_said_to_leave_something_open(
    tmp_path: Path, import_file: Import
) -> None:
    file = tmp_path / "alone.weights.h5"
    make_file(load_layout(GOLDEN / "keras3_weights.json.gz"), file)
    card = (import_file(file) / "CARD.md").read_text(encoding="utf-8")
    assert "weights alone" in card


def test_the_order_of_colours_can_be_opencvs(whole: Path, tmp_path: Path) -> None:
    classes = tmp_path / "classes.json"
    classes.write_text(json.dumps(ACTIONS))
    given = ["import-keras", str(whole), str(classes), "--out", str(tmp_path / "bgr")]
    assert main([*given, "--channel-order", "bgr"]) == 0
    assert check_package(tmp_path / "bgr")["input"]["channel_order"] == "bgr"


def test_an_open_number_of_frames_is_20(whole: Path, tmp_path: Path, import_file: Import) -> None:
    file = tmp_path / "open.h5"
    shutil.copy(whole, file)
    with h5py.File(file, "r+") as opened:
        set_config(opened, "[null, 20, 224", "[null, null, 224")
    assert check_package(import_file(file))["window"]["frames"] == 20


def test_a_class_called_none_is_the_one_that_means_none_of_these(
    whole: Path, import_file: Import
) -> None:
    package = import_file(whole, [*ACTIONS[:10], "none"])
    assert check_package(package)["none_label"] == "none"
    assert "no class for" not in (package / "CARD.md").read_text(encoding="utf-8")


def test_texts_of_older_files_are_bytes(whole: Path, tmp_path: Path, import_file: Import) -> None:
    file = tmp_path / "bytes.h5"
    shutil.copy(whole, file)
    with h5py.File(file, "r+") as opened:
        weights = opened["model_weights"]
        weights.attrs["layer_names"] = np.array(
            [one.encode() for one in weights.attrs["layer_names"]]
        )
        config = opened.attrs["model_config"].encode()
        del opened.attrs["model_config"]
        opened.attrs.create("model_config", config, dtype=h5py.string_dtype("ascii"))
    assert check_package(import_file(file))["window"]["frames"] == 20


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "there is no such file"),
        (b"", "is not an HDF5 file"),
        (b"PK\x03\x04 what model.save('model.keras') writes", "is not an HDF5 file"),
    ],
)
def test_a_file_that_is_no_hdf5_is_refused(
    content: bytes | None, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "model.h5"
    if content is not None:
        file.write_bytes(content)
    assert f"{file}: {said}" in refused(file, tmp_path, capsys)


@pytest.mark.parametrize("kept", [100, 5_000, 1_000_000, 10_000_000])
def test_a_truncated_file_is_refused(
    kept: int, whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "truncated.h5"
    file.write_bytes(whole.read_bytes()[:kept])
    assert f"{file}: is damaged and cannot be read" in refused(file, tmp_path, capsys)


def test_a_file_with_flipped_bytes_is_read_or_refused_but_never_breaks_the_command(
    whole: Path, tmp_path: Path
) -> None:
    classes = tmp_path / "classes.json"
    classes.write_text(json.dumps(ACTIONS))
    random = np.random.default_rng(5)
    content = np.frombuffer(whole.read_bytes(), np.uint8)
    file = tmp_path / "flipped.h5"
    refusals = 0
    for _ in range(12):
        damaged = content.copy()
        # What describes the file lies at its start, and between the weights.
        damaged[random.integers(0, 200_000, 400)] ^= random.integers(1, 256, 400).astype(np.uint8)
        file.write_bytes(damaged.tobytes())
        code = main(["import-keras", str(file), str(classes), "--out", str(tmp_path / "out")])
        refusals += code == 1
    assert refusals > 0


def test_a_missing_layer_is_named(refusal: Refusal) -> None:
    said = refusal(lambda opened: opened.__delitem__(f"{FRAMES}/block_3_expand"))
    assert "layer 'block_3_expand': its kernel is missing" in said


def test_every_mismatch_is_named_at_once(refusal: Refusal) -> None:
    def edit(opened: h5py.File) -> None:
        replace(opened, f"{FRAMES}/block_7_depthwise/depthwise_kernel:0", np.zeros((5, 5, 384, 1)))
        replace(opened, f"{FRAMES}/Conv_1_bn/moving_variance:0", np.full(1280, -1.0))
        replace(opened, f"{FRAMES}/Conv1/kernel:0", 1.0)
        replace(opened, f"{LSTM}/kernel:0", np.zeros((62720, 256), np.float32))
        replace(opened, f"{DENSE}/bias:0", np.zeros(12))
        opened["model_weights/attention/attention/query:0"] = np.zeros(3)

    said = refusal(edit)
    assert "'block_7_depthwise': its kernel is of 5 x 5 x 384 x 1, not of 3 x 3 x 384 x 1" in said
    assert "layer 'Conv_1_bn': its moving_variance has negative numbers" in said
    assert "layer 'Conv1': its kernel is of a single number, not of 3 x 3 x 3 x 32" in said
    assert "layer 'lstm': its kernel is of 62720 x 256, not of 1280 x 256" in said
    assert "layer 'dense': its bias is of 12, not of 11" in said
    assert "layer 'attention' holds query, of which such a model has no use" in said
    assert said.count("\n  - ") == 6


@pytest.mark.parametrize(("alpha", "filters"), [(0.5, 16), (0.75, 24), (1.4, 48)])
def test_another_width_of_mobilenet_is_refused(
    alpha: float, filters: int, refusal: Refusal
) -> None:
    kernel = np.full((3, 3, 3, filters), alpha)
    said = refusal(lambda opened: replace(opened, f"{FRAMES}/Conv1/kernel:0", kernel))
    assert "its MobileNetV2 is not of alpha 1.0, the only width that is supported" in said
    assert f"the first convolution has {filters} filters, not 32" in said


def test_another_network_is_refused(refusal: Refusal) -> None:
    said = refusal(lambda opened: opened.__delitem__(FRAMES))
    assert "holds no MobileNetV2" in said
    said = refusal(lambda opened: opened.__delitem__("model_weights/lstm"))
    assert "holds no LSTM behind its MobileNetV2" in said


def test_more_layers_than_wanted_are_refused(refusal: Refusal) -> None:
    def edit(opened: h5py.File) -> None:
        opened.copy("model_weights/lstm/lstm", "model_weights/lstm/lstm_1")
        for index in (1, 2):
            opened[f"model_weights/dense/dense_{index}/kernel:0"] = np.zeros((11, 11))
            opened[f"model_weights/dense/dense_{index}/bias:0"] = np.zeros(11)

    said = refusal(edit)
    assert "it has 2 recurrent layers (lstm, lstm_1), and one LSTM is wanted" in said
    assert "it has 3 dense layers (dense, dense_1, dense_2) behind the LSTM" in said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "[null, 20, 224, 224, 3]",
            "[null, 20, 160, 160, 3]",
            "it reads inputs of 20 x 160 x 160 x 3",
        ),
        ("[null, 20, 224, 224, 3]", "[null, 999, 224, 224, 3]", "it reads 999 frames"),
        (
            '"recurrent_activation": "sigmoid"',
            '"recurrent_activation": "hard_sigmoid"',
            "layer 'lstm' (LSTM) has recurrent_activation = 'hard_sigmoid'",
        ),
        ('"return_sequences": false', '"return_sequences": true', "has return_sequences = True"),
        ('"class_name": "LSTM"', '"class_name": "GRU"', "they are GRU ('lstm'), Dense ('dense')"),
        (
            '"activation": "softmax"',
            '"activation": "sigmoid"',
            "layer 'dense' (Dense) has activation = 'sigmoid'",
        ),
        (
            '"class_name": "GlobalAveragePooling2D"',
            '"class_name": "GlobalMaxPooling2D"',
            "0 layers of the kind GlobalAveragePooling2D",
        ),
        ('"epsilon": 0.001', '"epsilon": 0.01', "has epsilon = 0.01; only 0.001 is supported"),
        (
            '"class_name": "TimeDistributed"',
            '"class_name": "Rescaling"',
            "no network inside of TimeDistributed",
        ),
        ('"layers"', '"storeys"', "its model_config is not written as Keras writes it"),
        ("{", "[", "its model_config is not valid JSON"),
    ],
)
def test_a_model_that_computes_something_else_is_refused(
    old: str, new: str, said: str, refusal: Refusal
) -> None:
    assert said in refusal(lambda opened: set_config(opened, old, new))


def test_what_is_not_a_finite_number_is_refused(refusal: Refusal) -> None:
    said = refusal(lambda opened: replace(opened, f"{DENSE}/bias:0", np.full(11, np.nan)))
    assert "values that are not finite numbers" in said
    said = refusal(lambda opened: replace(opened, f"{DENSE}/bias:0", np.zeros(11, np.int64)))
    assert "holds no decimal numbers" in said


def test_weights_that_claim_to_be_huge_are_not_read(refusal: Refusal) -> None:
    def edit(opened: h5py.File) -> None:
        opened.create_dataset("model_weights/dense/huge", (1 << 40,), np.float32, chunks=True)

    assert "claims to hold more than 512 MiB of weights" in refusal(edit)


def test_other_files_are_not_opened(refusal: Refusal, whole: Path) -> None:
    secret = whole.with_name("secret.bin")
    secret.write_bytes(bytes(11 * 4))

    def keep_outside(opened: h5py.File) -> None:
        del opened[f"{DENSE}/bias:0"]
        place = [(str(secret), 0, h5py.h5f.UNLIMITED)]
        opened.create_dataset(f"{DENSE}/bias:0", (11,), np.float32, external=place)

    def link_outside(opened: h5py.File) -> None:
        del opened["model_weights"]
        opened["model_weights"] = h5py.ExternalLink(str(whole), "model_weights")

    assert "keeps 'dense/dense/bias:0' in another file" in refusal(keep_outside)
    assert "holds no weights of a Keras model" in refusal(link_outside)


def test_as_many_classes_as_outputs_are_wanted(
    whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refused(whole, tmp_path, capsys, json.dumps(ACTIONS[:10]))
    assert f"names 10 classes, and the last layer of {whole} has 11 outputs" in said


@pytest.mark.parametrize(
    "classes",
    [
        {name: index for index, name in enumerate(ACTIONS)},
        {str(index): name for index, name in reversed(list(enumerate(ACTIONS)))},
    ],
)
def test_classes_may_be_given_with_their_indices(
    classes: dict[str, object], whole: Path, import_file: Import
) -> None:
    model = check_package(import_file(whole, classes))
    assert [label["id"] for label in model["labels"]] == ACTIONS


@pytest.mark.parametrize(
    ("classes", "said"),
    [
        ('["a", "b"', "is not valid JSON"),
        ("[" * 100_000, "is not valid JSON"),
        ('"basketball"', "must be a list of names"),
        ('["a", 2]', "must be a list of names"),
        ("[]", "names 0 classes"),
        ('["a", " "]', "' ' is no name"),
        ('["a", "b", "a"]', "names 'a' 2 times"),
        ('{"a": 0, "b": 0}', "gives the index 0 to 2 names"),
        ('{"a": 1, "b": 2}', "has no name for the index 0"),
        ('{"a": 0, "b": "c"}', "some entry does neither"),
        ('{"0": "a", "1": 5}', "must be a list of names"),
    ],
)
def test_broken_classes_are_refused(
    classes: str, said: str, whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said in refused(whole, tmp_path, capsys, classes)


def test_missing_classes_are_refused(
    whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "nowhere.json"
    assert main(["import-keras", str(whole), str(missing), "--out", str(tmp_path / "out")]) == 1
    assert f"{missing}: cannot be read" in capsys.readouterr().err
