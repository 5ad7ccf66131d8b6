"""The audit: what it refuses, and how it says so."""

import numpy as np
import pytest

from autograder.core.checks import check as make_check
from autograder.core.judge import Expected
from autograder.records import CellRecord, Outcome, SubmissionRecord
from plumb.assignment_reader import read_assignment
from plumb.derive import complete_cells
from plumb.leak_audit import solution_leaks
from plumb.raw_cells import raw_cells
from plumb.reference import reference_files
from plumb.refusals import MOST_FINDINGS, find_grade_problems, find_leaks, secret_solutions
from plumb.release_files import harness_files, student_files
from tests.integration.conftest import ASSIGNMENT, MODULE, NOTEBOOK, VARIANT
from tests.unit.plumb.test_leaderboard_data import content
from tests.unit.render.test_render import a_check, a_question, a_report


def graded(*checks, reason=""):
    return a_report(*([a_question(*checks)] if checks else []), reason=reason)


def check(outcome=Outcome.PASSED, **more):
    return a_check("hard", outcome, **more)


RIGHT, STUB = check(), check(Outcome.MISSING)


@pytest.mark.parametrize(
    ("reference", "untouched", "findings"),
    [
        (RIGHT, STUB, []),
        (check(Outcome.FAILED, message="out differs"), STUB,
         ["the reference does not pass conv_forward.hard: failed; out differs"]),
        (check(Outcome.PARTIAL, score=1, message="too coarse"), STUB,
         ["the reference does not pass conv_forward.hard: partial; too coarse"]),
        (check(score=1.5), STUB, ["the reference does not pass conv_forward.hard: passed; "]),
        (RIGHT, check(Outcome.PARTIAL, score=0.5),
         ["the untouched stubs earn 0.5 on conv_forward.hard: "
          "it does not exercise what is to be written"]),
        (RIGHT, check(Outcome.NOT_GRADED, message="KeyError: 'out'"),
         ["conv_forward.hard breaks on the untouched stubs: KeyError: 'out'"]),
        (RIGHT, check(Outcome.ERROR), []),
        (RIGHT, check(Outcome.SKIPPED), []),
    ],
)  # fmt: skip
def test_the_reference_earns_all_and_the_stubs_nothing(reference, untouched, findings):
    assert find_grade_problems(graded(reference), graded(untouched)) == findings


def test_what_the_reference_loses_is_told_with_the_place_and_with_examples_that_ran(tmp_path):
    ran = [CellRecord(notebook="hw1", cell=2, names=["values"])]
    about = SubmissionRecord(name="a", sha256="", files=[], notes=[], cells=ran)
    lost = a_report(a_question(check(Outcome.FAILED, message="out differs")), submission=about)

    @make_check("conv_forward")
    def hard(student, rng):
        """Hard."""

    source = "# %%\nvalues = [3]\n\n# %% [markdown]\n# Text.\n\n# %%\nvalues.turn()\n"
    cells = {"hw1": complete_cells(raw_cells(source, "hw1.py"), (), {})}
    first, second = find_grade_problems(lost, graded(STUB), [hard], cells)
    assert first.startswith(f"{hard.place}: the reference does not pass conv_forward.hard: failed")
    assert second.startswith("hw1.py:8: this example ran too")
    assert "it may change values, and what is expected was recorded without it" in second


@pytest.mark.parametrize("reports", [(graded(reason="no box"), graded(STUB)),
                                     (graded(RIGHT), graded(reason="no box"))])  # fmt: skip
def test_where_no_check_was_run_nothing_is_published(reports):
    assert "no check was run: no box" in find_grade_problems(*reports)


# --- leaks ----------------------------------------------------------------------------------------

RUBRIC = "One point: says that the sum is exact."
WHY = f"""
[[questions]]
id = "why"
title = "Why?"
notebooks = ["Pocket"]
kind = "prose"
rubric = "{RUBRIC}"
"""
CELL = """
# %% [markdown] id="why" role="answer" points=1
# <!-- BEGIN SOLUTION why -->
# <!-- TODO: Why? -->
# Both terms have the same exponent.
# <!-- END SOLUTION why -->
"""


@pytest.fixture
def built(pocket):
    """The files of a release with a leaderboard and a question in prose, and what is wrong."""
    pocket.write("assignment/assignment.toml", 'data = ["small"]\n' + ASSIGNMENT + WHY)
    pocket.write("assignment/variants/pocket.toml", VARIANT + "[leaderboard]\n")
    pocket.write("assignment/notebooks/Pocket.py", NOTEBOOK + CELL)
    (pocket.folder / "assignment/grader_data").mkdir()
    (pocket.folder / "assignment/grader_data/small.npz").write_bytes(content(board=40))
    found = read_assignment(pocket.folder / "assignment", pocket.folder / "solutions", "pocket")
    sources = list(reference_files(found))
    expected = {check.id: Expected({"out": 0.5}) for check in found.checks}
    student = student_files(found, sources, expected)
    harness = harness_files(found, sources, expected)

    def audit(added=(), harness_added=()):
        return find_leaks(
            found, sources, student | dict(added), harness | dict(harness_added), expected
        )

    return found, harness, audit


def test_what_is_built_has_no_leak_and_the_harness_may_hold_what_it_grades_by(built):
    _, harness, audit = built
    assert audit() == []
    assert RUBRIC.encode() in harness["harness.json"]
    assert "leaderboard/labels.npy" in harness


@pytest.mark.parametrize(
    "name", ["leaderboard/labels.npy", "grader_data/small.npz", "harness.json"]
)
def test_what_a_grader_gets_is_a_leak_where_a_student_gets_it(built, name):
    _, harness, audit = built
    assert audit({f"input/{name}": harness[name]})


def test_a_rubric_in_the_students_files_is_a_leak(built):
    _, _, audit = built
    assert audit({"notes.md": RUBRIC.encode()}) == [
        "student.zip: notes.md:1: a line of the rubric of why stands here; take it out of what "
        "students get"
    ]


def test_an_answer_in_prose_is_a_solution_on_both_sides(built):
    _, _, audit = built
    texts = {"notes.md": b"Both terms have the same exponent.\n"}
    (student,) = audit(texts)
    (harness,) = audit(harness_added=texts)
    assert student.startswith("student.zip: notes.md:1: a line of the solution of why stands here")
    assert harness.startswith("harness.zip: notes.md:1: a line of the solution of why stands here")
    assert student.endswith("; take it out, or put it into the solution region that it answers")
    assert harness.endswith("; take it out of the checks and of what they read")


def test_of_many_findings_of_a_kind_the_first_are_shown_and_the_rest_counted(built):
    _, _, audit = built
    line = b"    twice_the_input = x + x\n"
    findings = audit({"notes.md": line * (MOST_FINDINGS + 5), "other.md": RUBRIC.encode()})
    assert findings[MOST_FINDINGS] == "… and 5 more like these"
    assert len(findings) == MOST_FINDINGS + 2
    assert findings[-1].startswith("student.zip: other.md:1: a line of the rubric")
    assert len(audit({"notes.md": line * MOST_FINDINGS})) == MOST_FINDINGS


GIVEN = (
    MODULE
    + '''

def quadruple(x):
    """Four times x."""
    # BEGIN SOLUTION quadruple
    # TODO: x
    twice_the_input = x + x
    return twice_the_input + twice_the_input
    # END SOLUTION quadruple
'''
)


VALUE = 0.123456789


@pytest.mark.parametrize(
    ("cell", "leaks"),
    [
        (f'# %% [markdown] id="v"\n# The result is {VALUE}.\n', 1),
        (f'# %% id="v" role="setup"\nRATE = {VALUE}\n', 0),
    ],
    ids=["text", "code"],
)
def test_an_expected_value_is_a_leak_in_a_text_and_not_in_given_code(pocket, cell, leaks):
    pocket.write("assignment/notebooks/Pocket.py", f"{NOTEBOOK}\n{cell}")
    found = read_assignment(pocket.folder / "assignment", pocket.folder / "solutions", "pocket")
    sources = list(reference_files(found))
    expected = {c.id: Expected({"out": 1.0 if c.visible else VALUE}) for c in found.checks}
    student = student_files(found, sources, expected)
    findings = find_leaks(found, sources, student, {}, expected)
    assert [f.partition(": an expected value")[0] for f in findings] == [
        "student.zip: Pocket.ipynb"
    ] * leaks


def read(pocket):
    found = read_assignment(pocket.folder / "assignment", pocket.folder / "solutions", "pocket")
    return secret_solutions(found, list(reference_files(found)))


def is_secret(line, solutions):
    return solution_leaks({"a.py": line.encode()}, solutions) != []


def test_a_line_that_a_variant_gives_away_is_no_secret_elsewhere(pocket):
    line = "twice_the_input = x + x"
    assert is_secret(line, read(pocket)[0])
    pocket.write("solutions/pocket/arithmetic.py", GIVEN)
    pocket.also_has("quadruple")
    solutions, given = read(pocket)
    assert not is_secret(line, solutions)
    assert any("return twice_the_input + twice_the_input" in text for text in given.code)


def test_a_given_module_vouches_for_its_lines_and_a_copy_of_a_solution_does_not(pocket):
    """A module without regions is given, unless it holds half of an answer."""
    pocket.write("solutions/pocket/arithmetic.py", LONGER)
    shared = "    scale = np.sqrt(np.mean(x ** 2))\n"
    given = f"def root_mean_square(x):\n{shared}    return scale\n"
    pocket.write("solutions/pocket/given.py", given)
    solutions, _ = read(pocket)
    assert not is_secret(shared, solutions)
    body = LONGER.split("TODO: x\n")[1].split("    # END")[0]
    pocket.write("solutions/pocket/copy.py", f"def old(x):\n{body}")
    solutions, given = read(pocket)
    assert is_secret("centred = (x - np.median(x)) / scale", solutions)
    assert not any("def old" in text for text in given.code)


LONGER = """\
import numpy as np


def double(x):
    \"\"\"Some value.\"\"\"
    # BEGIN SOLUTION double
    # TODO: x
    scale = np.sqrt(np.mean(x ** 2))
    centred = (x - np.median(x)) / scale
    weights = np.exp(-0.5 * centred ** 2)
    return np.sum(weights * x) / np.sum(weights)
    # END SOLUTION double
"""


def test_numbers_to_predict_are_a_secret_too(pocket):
    wanted = np.random.RandomState(4).randn(40).round(3)
    numbers = {f"y_{part}": np.arange(n) / 7 for part, n in (("train", 12), ("val", 8))}
    pocket.write("assignment/assignment.toml", 'data = ["small"]\n' + ASSIGNMENT)
    (pocket.folder / "assignment/grader_data").mkdir()
    file = content(board=0, y_test=wanted, **numbers)
    (pocket.folder / "assignment/grader_data/small.npz").write_bytes(file)
    found = read_assignment(pocket.folder / "assignment", pocket.folder / "solutions", "pocket")
    assert find_leaks(found, [], {"m.py": b"x = 1"}, {}, {}) == []
    (finding,) = find_leaks(found, [], {"m.py": f"x = {wanted.tolist()}".encode()}, {}, {})
    assert "values of grader_data/small.npz: y_test stand here" in finding
