"""The file of data that graders make out of CIFAR-10, and the command that writes it."""

import io
import tarfile

import numpy as np
import pytest

from autograder.core.data import read_data
from convnet import data_utils
from tests.unit.reference.test_solver import cifar_archive

COUNTS = (25, 5, 2)  # of the 30 training and 6 test images of the small archive


@pytest.fixture
def cifar10(tmp_path, monkeypatch):
    """A small CIFAR-10, published where the command looks; gives the folder it is kept in."""
    content, md5 = cifar_archive(6)
    published = tmp_path / "published.tar.gz"
    published.write_bytes(content)
    folder = tmp_path / "kept"
    address = (published.as_uri(), md5)
    monkeypatch.setenv("CONVNET_DATA", str(folder))
    monkeypatch.setattr(data_utils.fetch, "__defaults__", address)
    monkeypatch.setattr(data_utils.load_CIFAR10, "__defaults__", (None, *address))
    monkeypatch.setattr(data_utils.write_graders_file, "__defaults__", (None, *COUNTS))
    return folder


def test_the_file_holds_the_images_in_their_parts(cifar10, tmp_path):
    path = tmp_path / "cifar10.npz"
    data_utils.write_graders_file(path)
    X_train, y_train, X_test, y_test = data_utils.load_CIFAR10()
    with np.load(path, allow_pickle=False) as file:
        arrays = dict(file)
    wanted = {
        "X_train": X_train[:25], "y_train": y_train[:25], "X_val": X_train[25:],
        "y_val": y_train[25:], "X_test": X_test[2:4], "y_test": y_test[2:4],
        "X_board": X_test[4:], "y_board": y_test[4:],
    }  # fmt: skip
    assert arrays.pop("scale") == 1.0
    assert set(arrays) == set(wanted)
    for name, array in arrays.items():
        assert array.dtype == np.uint8
        assert np.array_equal(array, wanted[name]), name


def test_the_grader_reads_what_students_train_on(cifar10, tmp_path):
    """Training and validation images are a student's own; the test images are others."""
    path = tmp_path / "cifar10.npz"
    data_utils.write_graders_file(path)
    data = read_data("cifar10", path.read_bytes())
    own = data_utils.get_CIFAR10_data(*COUNTS)
    for name, array in data.for_student().items():
        np.testing.assert_allclose(array, own[name], atol=1e-4)
    assert data.arrays["X_test"].shape == (2, 3, 32, 32)
    students = own["X_test"].astype(np.float32)
    for image in data.arrays["X_test"]:
        assert np.abs(students - image).max(axis=(1, 2, 3)).min() > 1
    scores = np.eye(data.classes, dtype=np.float32)[data.arrays["y_test"]]
    assert data.accuracy(lambda X: scores, "test") == 1


def test_the_folder_to_keep_cifar10_in_can_be_named(cifar10, tmp_path):
    data_utils.write_graders_file(tmp_path / "cifar10.npz", tmp_path / "other")
    assert (tmp_path / "other" / "cifar-10-python.tar.gz").is_file()
    assert not cifar10.exists()


def test_too_few_images_are_refused(cifar10, tmp_path):
    for counts in ((26, 5, 2), (25, 5, 3)):
        with pytest.raises(ValueError, match="there are only 30 and 6 images"):
            data_utils.write_graders_file(tmp_path / "cifar10.npz", None, *counts)


def test_a_place_that_cannot_be_written_is_said_and_no_part_stays(cifar10, tmp_path):
    (tmp_path / "taken.npz").mkdir()
    for place in ("missing/cifar10.npz", "published.tar.gz/cifar10.npz", "taken.npz"):
        with pytest.raises(data_utils.DataError, match="could not be written"):
            data_utils.write_graders_file(tmp_path / place)
    assert not list(tmp_path.rglob("*.part"))


def test_a_file_stays_as_it_was_if_writing_fails(cifar10, tmp_path, monkeypatch):
    def full(file, **arrays):
        file.write(b"half of it")
        raise OSError(28, "No space left on device")

    path = tmp_path / "cifar10.npz"
    path.write_bytes(b"the old one")
    monkeypatch.setattr(np, "savez_compressed", full)
    with pytest.raises(data_utils.DataError, match="No space left"):
        data_utils.write_graders_file(path)
    assert path.read_bytes() == b"the old one"
    assert not list(tmp_path.rglob("*.part"))


def test_the_command_fetches_and_writes_the_file_if_one_is_named(cifar10, tmp_path, capsys):
    data_utils.main([])
    assert capsys.readouterr().out == f"CIFAR-10 is in {cifar10 / 'cifar-10-python.tar.gz'}\n"
    path = tmp_path / "cifar10.npz"
    data_utils.main([str(path)])
    assert capsys.readouterr().out.endswith(f"The grader's file is {path}\n")
    assert read_data("cifar10", path.read_bytes()).arrays["X_train"].shape == (25, 3, 32, 32)


@pytest.mark.parametrize("arguments", [["cifar10"], ["a.npz", "b.npz"], ["--fetch"]])
def test_the_command_says_how_it_is_used(cifar10, capsys, arguments):
    with pytest.raises(SystemExit) as info:
        data_utils.main(arguments)
    assert info.value.code == 2
    assert "usage: python -m convnet.data_utils [-h] [FILE.npz]" in capsys.readouterr().err
    assert not cifar10.exists(), "it fetched before it read its arguments"


def test_the_command_ends_with_what_went_wrong(cifar10, tmp_path, monkeypatch):
    with pytest.raises(SystemExit, match="could not be written"):
        data_utils.main([str(tmp_path / "missing" / "cifar10.npz")])
    monkeypatch.setenv("CONVNET_DATA", str(tmp_path / "published.tar.gz" / "below_a_file"))
    with pytest.raises(SystemExit, match="could not be fetched"):
        data_utils.main([])


def test_an_archive_without_a_batch_writes_nothing(cifar10, tmp_path):
    cifar10.mkdir()
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz"):
        pass
    archive = cifar10 / "cifar-10-python.tar.gz"
    archive.write_bytes(buffer.getvalue())
    data_utils.load_CIFAR10.__defaults__ = (None, "file:///nowhere", data_utils._md5(archive))
    with pytest.raises(data_utils.DataError, match="does not hold"):
        data_utils.write_graders_file(tmp_path / "cifar10.npz")
    assert not (tmp_path / "cifar10.npz").exists()
