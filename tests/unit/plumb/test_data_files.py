"""What of data/ and grader_data/ goes where."""

import pytest

from autograder.errors import AssignmentError
from plumb import data_files
from plumb.data_files import given_data, grader_data


def write(folder, **files):
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def test_files_of_any_kind_are_given_at_their_paths(tmp_path):
    write(tmp_path, data__rain_dot_csv=b"1", data__deep__a_dot_bin=b"\0\xff")
    write(tmp_path, data___dot_ipynb_checkpoints__old_dot_csv=b"2", data___dot_DS_Store=b"3")
    assert given_data(tmp_path) == {"data/rain.csv": b"1", "data/deep/a.bin": b"\0\xff"}
    assert given_data(tmp_path / "elsewhere") == {}


def test_too_much_data_is_refused_with_the_limit(tmp_path, monkeypatch):
    write(tmp_path, data__a=b"12345", data__b=b"67890")
    monkeypatch.setattr(data_files, "MAX_DATA", 9)
    with pytest.raises(AssignmentError, match=r"data/b: the files of data/ have more than .* MiB"):
        given_data(tmp_path)


def test_a_name_that_windows_cannot_have_is_refused(tmp_path):
    write(tmp_path, data__aux_dot_csv=b"1")
    with pytest.raises(AssignmentError, match=r"aux\.csv: its name means a device on Windows"):
        given_data(tmp_path)


def test_graders_get_the_chosen_data_set_and_no_readme(tmp_path):
    write(tmp_path, grader_data__README_dot_md=b"r", grader_data__deep__y_dot_npy=b"y")
    write(tmp_path, grader_data__big_dot_npz=b"b", grader_data__small_dot_npz=b"s")
    found = grader_data(tmp_path, ["big", "small"], "big")
    assert found == {"deep/y.npy": b"y", "big.npz": b"b"}
