"""The lock on a folder of results: one run at a time, a sentence for the second one."""

import os

import pytest

from autograder.core.files import write_whole
from autograder.errors import UserError
from autograder.folder_lock import locked_folder
from autograder.grading.class_run import grade_class
from tests.tiny import handed_in, tiny_harness


class Silent:
    def step(self, what):
        pass

    def found(self, submissions):
        pass

    def finished(self, report, *, reused=False):
        pass


def test_one_run_at_a_time_holds_a_folder(tmp_path):
    folder = tmp_path / "deep" / "new"
    with (
        locked_folder(folder, "reports"),
        pytest.raises(UserError, match=r"another run is writing reports in .*new; wait"),
        locked_folder(folder, "reports"),
    ):
        pytest.fail("two held it")
    with locked_folder(folder, "reports"):
        pass
    assert not list(folder.iterdir())


def test_another_folder_is_free(tmp_path):
    with locked_folder(tmp_path / "one", "reports"), locked_folder(tmp_path / "two", "reports"):
        pass


def test_a_class_is_not_graded_into_a_folder_that_another_run_writes_into(tmp_path):
    harness = tiny_harness(tmp_path)
    work, out = handed_in(tmp_path / "class" / "anna"), tmp_path / "out"
    with locked_folder(out, "reports"), pytest.raises(UserError, match="another run"):
        grade_class([work], harness, "none", out, Silent())
    assert not list(out.iterdir())


def test_two_processes_never_write_one_part_file(tmp_path):
    part = tmp_path / f".report.json.{os.getpid()}.part"
    part.mkdir()  # so that writing fails, and the error names the file
    with pytest.raises(IsADirectoryError) as failed:
        write_whole(tmp_path / "report.json", b"{}")
    assert failed.value.filename == str(part)
