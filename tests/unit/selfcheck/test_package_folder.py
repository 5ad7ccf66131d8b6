"""Which folder selfcheck takes for the package; grading takes the same one."""

import pytest

from autograder.core.written_regions import regions_of
from autograder.selfcheck.package_folder import choose_package
from autograder.submissions.submission import read_submission
from tests.tiny import ANSWERS, GIVEN, STUBS, handed_in, tiny_harness

UNTOUCHED = {**GIVEN, **STUBS}
WORKED = {**GIVEN, **ANSWERS}
ASKED = {name: regions_of(stub) for name, stub in STUBS.items()}
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
        choice = choose_package(tmp_path / "work", "tiny", ASKED)
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


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("", "tiny"),
        ("import numpy\n", "tiny"),
        ("def double(x):\n    # TODO: twice\n    pass\n", "tiny"),
        ("def double(x):\n    return 2 * x\n", "other"),
    ],
)
def test_a_copy_counts_if_a_function_that_is_asked_for_is_written_there(chosen, text, counts):
    assert chosen(tiny=UNTOUCHED, other={**UNTOUCHED, "ops.py": text})[0] == counts


@pytest.mark.parametrize("text", ["", "def double(x):\n    # TODO: twice\n    pass\n"])
def test_a_worked_copy_counts_beside_a_file_that_lost_its_answers(chosen, text):
    """No stub is left in either folder."""
    name, sentence, notes = chosen(tiny={**WORKED, "ops.py": text}, mine=WORKED)
    assert (name, sentence[:12]) == ("mine", "mine is used")
    assert "mine/ was read as the package tiny" in notes


def test_no_folder_at_all_leaves_the_given_name(tmp_path):
    handed_in(tmp_path / "a", package="json")
    assert choose_package(tmp_path / "a", "tiny", ASKED) == ("tiny", "")
