"""What the grading of a class refuses before it grades anything."""

import msgspec
import pytest

from autograder.errors import UserError
from autograder.grading.class_run import grade_class
from autograder.grading.reporting import absent
from autograder.grading.resume import another_assignment
from autograder.records import encode
from tests.tiny import handed_in, tiny_harness


class Silent:
    """Shows nothing of a class run."""

    def step(self, what): ...

    def found(self, submissions): ...

    def finished(self, report, *, reused=False): ...


@pytest.fixture
def harness(tmp_path):
    return tiny_harness(tmp_path)


def kept_report(harness, out, **changes):
    """A folder of results with one report, of this harness but for these changes."""
    (out / "reports").mkdir(parents=True)
    report = msgspec.structs.replace(absent(harness, "anna", "", ()), **changes)
    (out / "reports" / "anna.json").write_bytes(encode(report))


def test_reports_of_another_assignment_are_not_written_over(harness, tmp_path):
    out = tmp_path / "out"
    kept_report(harness, out, assignment="hw1")
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    handed_in(tmp_path / "class" / "anna")
    with pytest.raises(UserError) as refused:
        grade_class([tmp_path / "class"], harness, "none", out, Silent())
    assert str(refused.value) == (
        f"{out} holds reports of another assignment, hw1, and this harness is of tiny; "
        "name another folder with --out"
    )
    assert before == {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}


def test_another_harness_of_the_same_assignment_may(harness, tmp_path):
    kept_report(harness, tmp_path / "a", harness_sha256="00" * 32, variant="other", schema=3)
    assert another_assignment(tmp_path / "a", "tiny") == ""
    (tmp_path / "a" / "reports" / "broken.json").write_text("{")
    (tmp_path / "a" / "reports" / "foreign.json").write_text("[]")
    assert another_assignment(tmp_path / "a", "tiny") == ""
    assert another_assignment(tmp_path / "nowhere", "tiny") == ""


def test_an_empty_folder_is_no_class(harness, tmp_path):
    (tmp_path / "empty" / "inner").mkdir(parents=True)
    with pytest.raises(UserError, match=r"no submissions in what was named; .*empty folder"):
        grade_class([tmp_path / "empty"], harness, "none", tmp_path / "out", Silent())
    assert not (tmp_path / "out").exists()
