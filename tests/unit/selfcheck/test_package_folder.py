"""Which folder selfcheck takes for the package; grading takes the same one."""

import pytest

from autograder.selfcheck.package_folder import choose_package
from autograder.submissions.submission import read_submission
from tests.tiny import ANSWERS, GIVEN, STUBS, handed_in, tiny_harness

UNTOUCHED = {**GIVEN, **STUBS}
WORKED = {**GIVEN, **ANSWERS}
HALF = {**WORKED, "sub/more.py": STUBS["sub/more.py"]}


@pytest.fixture(scope="module")
def harness(tmp_path_factory):
    return tiny_harness(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def chosen(harness, tmp_path):
    """What is chosen of folders with these files, and the notes of grading."""

    def chosen(**folders):
        for name, files in folders.items():
            for path, text in files.items():
                (tmp_path / "work" / name / path).parent.mkdir(parents=True, exist_ok=True)
                (tmp_path / "work" / name / path).write_text(text)
        choice = choose_package(tmp_path / "work", "tiny", harness.answer_files)
        return *choice, "; ".join(read_submission(tmp_path / "work", harness).notes)

    return chosen


@pytest.mark.parametrize("untouched", [UNTOUCHED, HALF])
def test_a_worked_copy_counts_beside_the_folder_with_the_given_name(chosen, untouched):
    name, sentence, notes = chosen(tiny=untouched, cs682=WORKED)
    assert (name, sentence) == (
        "cs682",
        "cs682 is used, because more is written in it than in tiny",
    )
    assert "cs682/ was read as the package tiny" in notes


@pytest.mark.parametrize(
    ("given", "copy"), [(WORKED, UNTOUCHED), (WORKED, HALF), (WORKED, WORKED), (HALF, UNTOUCHED)]
)
def test_the_given_name_counts_where_no_more_is_written_in_a_copy(chosen, given, copy):
    name, sentence, notes = chosen(tiny=given, old=copy)
    assert (name, sentence) == ("tiny", "")
    assert "was read as the package" not in notes


def test_of_two_renamed_folders_the_one_with_more_counts(chosen):
    name, sentence, notes = chosen(first=HALF, second=WORKED)
    assert (name, sentence) == ("second", "")
    assert "second/ was read as the package tiny" in notes


def test_of_a_folder_that_lacks_files_of_the_package_a_sentence_tells(chosen):
    name, sentence, _ = chosen(tiny=UNTOUCHED, backup={"ops.py": ANSWERS["ops.py"]})
    assert name == "tiny"
    assert sentence == "tiny is used; more is written in backup, which lacks files of the package"


@pytest.mark.parametrize("text", ["", "import numpy\n", "def double(x):\n    return 2 * x\n"])
def test_a_file_without_the_functions_that_are_asked_for_has_no_answers(chosen, text):
    assert chosen(tiny=UNTOUCHED, other={**UNTOUCHED, "ops.py": text})[:2] == ("tiny", "")


def test_no_folder_at_all_leaves_the_given_name(harness, tmp_path):
    handed_in(tmp_path / "a", package="json")
    assert choose_package(tmp_path / "a", "tiny", harness.answer_files) == ("tiny", "")
