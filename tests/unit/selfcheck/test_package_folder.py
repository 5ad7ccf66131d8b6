"""Which folder selfcheck takes for the package; grading takes the same one."""

import pytest

from autograder.core.written_regions import digest_of_lines, regions_of
from autograder.selfcheck.package_folder import choose_package
from autograder.submissions.submission import read_submission
from tests.tiny import ANSWERS, GIVEN, STUBS, handed_in, tiny_harness

UNTOUCHED = {**GIVEN, **STUBS}
WORKED = {**GIVEN, **ANSWERS}
ASKED = {name: regions_of(stub) for name, stub in STUBS.items()}
DIGESTS = {name: digest_of_lines(stub.encode()) for name, stub in STUBS.items()}
#: Something was written that counts as no answer yet.
BEGUN = {**UNTOUCHED, "ops.py": f"{STUBS['ops.py']}\n# I begin tomorrow.\n"}
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
        choice = choose_package(tmp_path / "work", "tiny", ASKED, DIGESTS)
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
        ("import numpy\n", "other"),
        ("def double(x):\n    # TODO: twice\n    pass\n", "other"),
        ("def double(x):\n    return 2 * x\n", "other"),
    ],
)
def test_a_copy_counts_if_it_is_not_empty_there(chosen, text, counts):
    name, _, notes = chosen(tiny=UNTOUCHED, other={**UNTOUCHED, "ops.py": text})
    assert name == counts
    assert ("other/ was read as the package tiny" in notes) == (counts == "other")


@pytest.mark.parametrize("text", ["", "def double(x):\n    # TODO: twice\n    pass\n"])
def test_a_worked_copy_counts_beside_a_file_that_lost_its_answers(chosen, text):
    """No stub is left in either folder."""
    name, sentence, notes = chosen(tiny={**WORKED, "ops.py": text}, mine=WORKED)
    assert (name, sentence[:12]) == ("mine", "mine is used")
    assert "mine/ was read as the package tiny" in notes


def test_no_folder_at_all_leaves_the_given_name(tmp_path):
    handed_in(tmp_path / "a", STUBS, package="json")
    assert choose_package(tmp_path / "a", "tiny", ASKED, DIGESTS) == ("tiny", "")
    handed_in(tmp_path / "a", package="json")
    sentence = "more is written in json, which no import can name; rename that folder"
    assert choose_package(tmp_path / "a", "tiny", ASKED, DIGESTS) == ("tiny", sentence)


def test_a_copy_that_was_changed_counts_beside_an_untouched_folder(chosen):
    """Nothing is written in either; a prompt that was answered leaves no other trace."""
    name, sentence, notes = chosen(tiny=UNTOUCHED, mine=BEGUN)
    assert (name, sentence) == (
        "mine",
        "mine is used, because more of its files are changed than of those in tiny",
    )
    assert "mine/ was read as the package tiny" in notes


@pytest.mark.parametrize("files", [WORKED, BEGUN])
def test_of_two_renamed_folders_alike_the_first_counts(chosen, files):
    name, sentence, notes = chosen(second=files, first=files)
    assert (name, sentence) == ("first", "")
    assert "first/ was read as the package tiny" in notes


@pytest.mark.parametrize("name", ["tiny 2", "code"])
def test_of_a_worked_folder_that_no_import_can_name_a_sentence_tells(chosen, name):
    choice, sentence, notes = chosen(tiny=UNTOUCHED, **{name: WORKED})
    assert choice == "tiny"
    assert sentence == f"more is written in {name}, which no import can name; rename that folder"
    assert f"{name}/ was read as the package tiny" in notes
    assert chosen(tiny=WORKED, **{name: WORKED})[:2] == ("tiny", "")
