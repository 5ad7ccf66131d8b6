"""The student's page leads with what there is to mend, and says each thing once."""

import re

import msgspec
import pytest

from autograder.records import Outcome, Sandbox, SubmissionRecord, UnparsedFile
from autograder.render import instructor_page, student_page
from autograder.render.feedback import Section
from autograder.render.format_times import minute
from autograder.render.student_page import feedback
from tests.unit.render.test_render import Page, a_check, a_question, a_report, secret_check

SYNTAX = "invalid syntax (layers.py, line 12)"


def question(name, *outcomes, visible=True, **more):
    """A question with a check of each of these outcomes."""
    checks = [
        a_check(
            f"c{number}",
            outcome,
            id=f"{name}.c{number}",
            question=name,
            visible=visible,
            title=f"Check {number} of {name}.",
            **more,
        )
        for number, outcome in enumerate(outcomes)
    ]
    return msgspec.structs.replace(a_question(*checks, question=name), title=name.title())


def waiting(name, count, needed):
    return question(name, *[Outcome.SKIPPED] * count, blocked_by=[needed])


def details(html):
    """The summaries of the page's parts that fold: (open, text)."""
    found = re.findall(r"<details[^>]*?( open)?>\s*<summary>(.*?)</summary>", html, re.DOTALL)
    return [(bool(is_open), " ".join(Page(text).text.split())) for is_open, text in found]


def test_what_failed_or_is_not_written_comes_first_and_open():
    report = a_report(
        question("passes", Outcome.PASSED),
        question("fails", Outcome.PASSED, Outcome.FAILED),
        waiting("waits", 2, "unwritten"),
        question("unwritten", Outcome.MISSING, Outcome.MISSING),
    )
    html = student_page(report)
    assert details(html) == [
        (True, "Fails fails 1 passed 1 not right 2 / 4"),
        (False, "1 check passed."),
        (True, "Unwritten unwritten 2 not written 0 / 4"),
        (False, "Not written yet: 2 checks."),
        (False, "2 checks wait for unwritten."),
        (False, "Passes passes 1 passed 2 / 2"),
        (True, "1 check passed."),
    ]
    assert re.findall("<h2>(.*?)</h2>", html) == ["To fix", "Waiting", "Passed"]


@pytest.mark.parametrize(
    ("outcome", "section"),
    [
        (Outcome.PASSED, Section.PASSED),
        (Outcome.SKIPPED, Section.NOWHERE),
        (Outcome.NOT_GRADED, Section.NOT_GRADED),
        *((outcome, Section.TO_FIX) for outcome in Outcome if outcome not in
          (Outcome.PASSED, Outcome.SKIPPED, Outcome.NOT_GRADED)),
    ],
)  # fmt: skip
def test_every_outcome_has_its_section(outcome, section):
    (shown,) = feedback(a_report(question("q", outcome))).questions
    assert shown.section is section
    (mixed,) = feedback(a_report(question("q", Outcome.PASSED, outcome, Outcome.FAILED))).questions
    assert mixed.section is Section.TO_FIX


def test_consequences_are_told_once_for_all_that_wait_for_the_same():
    questions = [waiting(f"layer{n}", 4, "affine_forward.sum") for n in range(3)]
    report = a_report(question("affine_forward", Outcome.FAILED), *questions)
    page = Page(student_page(report))
    assert page.text.count("12 checks wait for affine_forward.") == 1
    assert page.text.count("affine_forward") == 3  # its title's id, its check, the sentence
    assert page.text.count("Layer1: Check 2 of layer1.") == 1


def test_a_question_says_that_some_of_its_checks_wait():
    half = a_question(
        a_check("one", Outcome.FAILED),
        a_check("two", Outcome.SKIPPED, blocked_by=["affine_forward"]),
    )
    report = a_report(question("affine_forward", Outcome.MISSING), half)
    assert "1 more check of this question: see Waiting." in Page(student_page(report)).text


def broken_file(**more):
    """A submission whose layers.py does not parse: two checks meet it, and a third one fails."""
    message = f"SyntaxError: {SYNTAX}"
    record = SubmissionRecord(
        name="ada.zip",
        sha256="",
        files=["layers.py"],
        notes=[],
        unparsed=[UnparsedFile(name="layers.py", message=SYNTAX, line="def f(x")],
    )
    hidden = msgspec.structs.replace(secret_check(Outcome.ERROR), message=message)
    return a_report(
        question("conv", Outcome.ERROR, message=message, traceback="Traceback of conv"),
        a_question(hidden),
        question("pool", Outcome.ERROR, message="ValueError: pool"),
        **({"submission": record} | more),
    )


def test_a_file_that_does_not_parse_is_one_banner():
    html = student_page(broken_file())
    text = Page(html).text
    assert html.count('class="banner') == 1
    assert text.count(SYNTAX) == 1
    assert f"Python cannot read layers.py: {SYNTAX}." in text
    known = Sandbox(backend="bubblewrap", isolated=True, python="3.99", limits={})
    html_then = student_page(broken_file(sandbox=known))
    assert f"Python 3.99 cannot read layers.py: {SYNTAX}." in Page(html_then).text
    assert "def f(x" in text
    assert "2 checks wait for layers.py." in text
    assert "Traceback of conv" not in text
    assert "SECRET" not in html
    assert "ValueError: pool" in text
    assert [q.section for q in feedback(broken_file()).questions] == [
        Section.NOWHERE, Section.NOWHERE, Section.TO_FIX,
    ]  # fmt: skip


def test_without_the_graders_own_finding_an_error_stays_an_error():
    """A hidden check's message is the submission's: it never decides what a banner says."""
    record = SubmissionRecord(name="ada.zip", sha256="", files=["layers.py"], notes=[])
    page = feedback(broken_file(submission=record))
    assert page.unparsed == page.waiting == ()
    assert {question.section for question in page.questions} == {Section.TO_FIX}


def test_a_file_that_no_check_met_is_no_banner():
    other = UnparsedFile(name="mine.py", message="invalid syntax (mine.py, line 1)", line="x x")
    record = msgspec.structs.replace(broken_file().submission, unparsed=[other])
    assert feedback(broken_file(submission=record)).unparsed == ()


def test_a_bar_is_coloured_by_outcome_and_measured_in_points():
    report = a_report(question("q", Outcome.PASSED), question("r", Outcome.FAILED, points=6.0))
    page = feedback(report)
    assert [(part.outcome, part.start, part.width) for part in page.bar] == [
        (Outcome.PASSED, 0, 25), (Outcome.FAILED, 25, 75),
    ]  # fmt: skip
    assert '<rect class="failed" x="25.0%" width="75.0%"' in student_page(report)


def test_every_page_says_when_and_with_which_harness():
    report = a_report(question("q", Outcome.PASSED), started="2026-03-01T10:20:30+00:00")
    later = a_report(student="bo", started="2026-03-02T23:59:59+02:00")
    said = "Graded 2026-03-01 10:20 UTC with harness abababababab"
    assert said in Page(student_page(report)).text
    assert said in Page(instructor_page([report])).text
    both = "Graded 2026-03-01 10:20 UTC to 2026-03-02 21:59 UTC with harness abababababab"
    assert both in Page(instructor_page([later, report])).text
    assert minute("yesterday") == ""


@pytest.mark.parametrize("visible", [True, False])
def test_a_check_that_was_not_run_is_not_said_to_have_been_stopped(visible):
    late = question("slow", Outcome.TIMEOUT, visible=visible, seconds=0.0, hint="Use slices.")
    text = Page(student_page(a_report(late))).text
    assert "It was not run, because your code had used up its time before." in text
    assert "was stopped" not in text
    assert "Use slices." not in text
