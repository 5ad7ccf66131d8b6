"""A check reads the grader's own files by their names."""

import numpy as np
import pytest

from autograder.core.checks import check
from autograder.core.errors import CheckError
from autograder.core.grader_data import GraderData
from autograder.core.judge import observe
from autograder.core.local import local_student


@pytest.fixture
def files(tmp_path):
    (tmp_path / "deep").mkdir()
    np.save(tmp_path / "deep" / "y.npy", np.arange(3.0))
    np.savez(tmp_path / "both.npz", a=np.ones(2), b=np.zeros(1))
    np.save(tmp_path / "objects.npy", np.array([{}], object), allow_pickle=True)
    (tmp_path / "names.csv").write_text("ä,b\n", encoding="utf-8")
    return GraderData(tmp_path)


def test_a_file_is_read_as_arrays_text_or_bytes(files):
    assert files.load("deep/y.npy").tolist() == [0.0, 1.0, 2.0]
    assert {name: len(array) for name, array in files.load("both.npz").items()} == {"a": 2, "b": 1}
    assert files.text("names.csv") == "ä,b\n"
    assert files.bytes("names.csv").endswith(b",b\n")
    assert files.path("names.csv").is_file()


@pytest.mark.parametrize("name", ["y.npy", "../secret", "/etc/passwd", "deep"])
def test_another_name_is_refused_with_what_there_is(files, name):
    with pytest.raises(CheckError, match=r"there are: both\.npz, deep/y\.npy, names\.csv"):
        files.text(name)


@pytest.mark.parametrize("name", ["names.csv", "objects.npy"])
def test_what_is_no_plain_array_is_refused(files, name):
    with pytest.raises(CheckError, match=rf"grader_data/{name} cannot be loaded"):
        files.load(name)


@check("q", seed=1)
def sums(student, rng, grader_data):
    return {"sum": float(grader_data.load("deep/y.npy").sum())}


def test_a_check_gets_the_files_by_an_argument(files):
    student = local_student("json", seed=1)
    assert observe(sums, student, grader_data=files) == {"sum": 3.0}
    with pytest.raises(CheckError, match=r"q\.sums reads grader_data, and there is none here"):
        observe(sums, student)


def test_a_visible_check_cannot_read_them():
    with pytest.raises(CheckError, match=r"reads grader_data, which no student has"):
        check("q", visible=True)(sums.body)
