"""What a terminal shows while a class is graded: whole lines, and how much is left."""

import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from autograder.cli.class_progress import ClassProgress, seconds_left
from autograder.records import Outcome, Status
from autograder.render.format_times import time_left
from autograder.render.terminal import student_line
from autograder.submissions.find_submissions import ClassList
from autograder.submissions.job import name_students
from tests.unit.render.test_render import a_check, a_question, a_report

WIDTH = 60
_CONTROL = re.compile(r"\x1b\[(\?25[lh]|[\d;]*[mAK])")


class Terminal(io.StringIO):
    """What stands on the screen after the text that was written; it knows what Rich uses."""

    def isatty(self):
        return True

    @property
    def screen(self):
        lines, row, column = [""], 0, 0
        text, at = self.getvalue(), 0
        while at < len(text):
            control = _CONTROL.match(text, at)
            if control:
                at = control.end()
                if control[1].endswith("A"):
                    row -= int(control[1][:-1] or 1)
                elif control[1].endswith("K"):
                    assert control[1] == "2K"
                    lines[row] = ""
                continue
            character, at = text[at], at + 1
            assert character != "\x1b"
            if character == "\r":
                column = 0
            elif character == "\n" or column == WIDTH:
                row, column = row + 1, 0
            if row == len(lines):
                lines.append("")
            if character not in "\r\n":
                lines[row] = f"{lines[row][:column]:<{column}}{character}{lines[row][column + 1 :]}"
                column += 1
        return lines


def console(file):
    terminal = isinstance(file, Terminal)
    return Console(
        file=file, width=WIDTH, force_terminal=terminal, force_interactive=terminal,
        color_system=None, highlight=False,
    )  # fmt: skip


REPORTS = [
    a_report(a_question(a_check("one", Outcome.FAILED, flagged="x" * 100)), student="anna"),
    a_report(a_question(a_check("one")), student="ben"),
    a_report(student="cleo", status=Status.ABSENT, reason="nothing was handed in"),
]


def graded(out, err):
    """The progress of a class of three; the report of the first is used again."""
    progress = ClassProgress(console(out), console(err), 1)
    with progress:
        progress.step("attacking the sandbox")
        jobs = name_students([Path("anna"), Path("ben")])
        progress.found(ClassList(jobs, [], ["who is ben?"]))
        for number, report in enumerate(REPORTS):
            progress.finished(report, reused=number == 0)
    return progress


def test_no_line_stands_on_the_bars_line():
    terminal = Terminal()
    progress = graded(terminal, terminal)
    lines = ["who is ben?", *(student_line(report, 4).plain for report in REPORTS)]
    wrapped = [line[at : at + WIDTH] for line in lines for at in range(0, len(line), WIDTH)]
    assert [line.rstrip() for line in terminal.screen if line.strip()] == [
        line.rstrip() for line in wrapped
    ]
    assert progress.how_far("out").startswith("Stopped: 2 of 2 reports are finished")


def test_the_steps_before_the_first_submission_and_what_is_left_are_shown():
    terminal = Terminal()
    graded(terminal, terminal)
    assert "attacking the sandbox" in terminal.getvalue()
    assert "2/2" in terminal.getvalue()


def test_lines_in_a_file_and_the_bar_in_the_terminal():
    file, terminal = io.StringIO(), Terminal()
    graded(file, terminal)
    assert [line.split()[0] for line in file.getvalue().splitlines()] == ["anna", "ben", "cleo"]
    assert "grading" in terminal.getvalue()
    assert [line.strip() for line in terminal.screen if line.strip()] == ["who is ben?"]


def test_without_a_terminal_there_are_lines_and_remarks_alone():
    out, err = io.StringIO(), io.StringIO()
    graded(out, err)
    assert len(out.getvalue().splitlines()) == 3
    assert err.getvalue() == "who is ben?\n"


@pytest.mark.parametrize(
    ("seconds", "graded", "left", "workers", "wanted"),
    [(60, 1, 9, 1, 60 * 8.5 / 1.5), (60, 4, 96, 4, 60 * 94 / 6), (60, 0, 9, 1, None),
     (60, 9, 0, 1, None)],
)  # fmt: skip
def test_the_estimate_counts_running_submissions_as_half_done(
    seconds, graded, left, workers, wanted
):
    assert seconds_left(seconds, graded, left, workers) == wanted


@given(st.floats(1, 1e5), st.integers(1, 500), st.integers(1, 500), st.integers(1, 64))
def test_more_that_is_left_takes_longer(seconds, graded, left, workers):
    one, two = (seconds_left(seconds, graded, n, workers) for n in (left, left + 1))
    assert 0 < one <= two * (1 + 1e-9)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(None, ""), (2, "about 10 s left"), (61, "about 60 s left"), (170, "about 3 min left"),
     (5400, "about 1.5 h left"), (36_000, "about 10 h left")],
)  # fmt: skip
def test_what_is_left_in_words(seconds, words):
    assert time_left(seconds) == words
