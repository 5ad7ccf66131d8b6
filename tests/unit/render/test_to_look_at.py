"""What is ignored, unreadable or in doubt is seen by the staff, everywhere."""

import csv
import io

import msgspec
import pytest

from autograder.records import Outcome, Status, SubmissionRecord, UnparsedFile
from autograder.render import grades_csv, instructor_page, student_page
from autograder.render.instructor_page import overview
from autograder.render.terminal import student_line, summary
from autograder.render.to_look_at import first_to_look_at, to_look_at
from tests.unit.render.test_render import Page, a_check, a_question, a_report, shown

NOTES = ["a.py was read as ops.py", "ignored b.py: it is given, and was changed"]
LEFT = SubmissionRecord(
    name="a.zip", sha256="", files=[], notes=NOTES, left_aside=NOTES[1:], unread={".png": 3}
)
UNPARSED = msgspec.structs.replace(
    LEFT, left_aside=[], unparsed=[UnparsedFile(name="ops.py", message="invalid syntax")]
)
FLAGGED = a_question(a_check("one", Outcome.FAILED, flagged="the check broke"))
PASSED = a_question(a_check("one"))
DOUBTFUL = {
    "left aside": a_report(PASSED, submission=LEFT, reason=NOTES[1]),
    "unparsed": a_report(PASSED, submission=UNPARSED),
    "flagged": a_report(FLAGGED),
    "unreadable": a_report(status=Status.UNREADABLE, reason="a.rar is a RAR archive"),
    "partly graded": a_report(PASSED, status=Status.PARTLY_GRADED, reason="no box"),
}
CLEAR = {
    "graded": a_report(PASSED, submission=msgspec.structs.replace(LEFT, left_aside=[])),
    "absent": a_report(status=Status.ABSENT, reason="nothing was handed in"),
}


@pytest.mark.parametrize("report", DOUBTFUL.values(), ids=DOUBTFUL)
def test_every_reason_to_look_stands_everywhere(report):
    (why,) = to_look_at(report)
    text = Page(instructor_page([report])).text
    assert text.count(why) == 1
    (row,) = csv.DictReader(io.StringIO(grades_csv([report])))
    assert row["to_look_at"] == why
    assert f"to look at: {why}" in student_line(report).plain
    assert "1 submission to look at; index.html and grades.csv say why." in shown(summary([report]))
    assert "<b>1</b><span>to look at</span>" in instructor_page([report])


@pytest.mark.parametrize("report", CLEAR.values(), ids=CLEAR)
def test_where_nothing_is_to_look_at_nothing_is_said(report):
    assert to_look_at(report) == ()
    (row,) = csv.DictReader(io.StringIO(grades_csv([report])))
    assert row["to_look_at"] == ""
    for text in (instructor_page([report]), shown(summary([report])), student_line(report).plain):
        assert "to look at" not in text


def test_the_class_is_counted_and_can_be_filtered():
    reports = [
        msgspec.structs.replace(report, student=f"s{number}")
        for number, report in enumerate([*DOUBTFUL.values(), *CLEAR.values()])
    ]
    assert overview(reports).to_look_at == len(DOUBTFUL)
    html = instructor_page(reports)
    assert "Show only what there is to look at: 5 of 7 students" in Page(html).text
    assert html.count('<tr class="clear">') == len(CLEAR)
    assert "5 submissions to look at" in shown(summary(reports))


def test_several_reasons_are_all_there_and_counted_in_one_line():
    report = msgspec.structs.replace(DOUBTFUL["left aside"], questions=[FLAGGED])
    assert first_to_look_at(report) == f"{NOTES[1]} (and 1 more)"
    text = Page(instructor_page([report])).text
    assert "conv_forward.one: the check broke" in text
    assert "1 more" in text


def test_files_that_are_not_read_are_counted_on_the_staffs_page():
    assert "not read: 3 .png" in Page(instructor_page([DOUBTFUL["left aside"]])).text


def test_remarks_on_the_class_stand_on_the_staffs_page_alone():
    report = DOUBTFUL["left aside"]
    remark = "<b>x.zip</b> may be by ada or bo"
    assert remark in Page(instructor_page([report], [remark])).text
    assert "may be by" not in student_page(report)
