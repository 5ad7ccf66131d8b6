"""Renderings: right for people, inert for machines, silent about what is hidden."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import msgspec
import pytest
from rich.console import Console

from autograder.records import (
    SCHEMA_VERSION,
    CheckResult,
    Enforcement,
    ObservationResult,
    Outcome,
    QuestionResult,
    Report,
    Sandbox,
    Status,
    SubmissionRecord,
    encode,
    schema,
)
from autograder.render import grades_csv, instructor_page, student_page
from autograder.render.clean_text import clean, one_line
from autograder.render.format_numbers import percent
from autograder.render.histogram import histogram
from autograder.render.instructor_page import overview
from autograder.render.outcome_words import SENTENCES, STATUS_SENTENCES, STATUS_WORDS, WORDS
from autograder.render.schema import PUBLISHED, schema_text
from autograder.render.student_paths import without_paths
from autograder.render.terminal import check_in_full, check_lines, student_line, summary

HOSTILE = (
    "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}{% raw %}"
    "\x1b[2J\x1b]0;owned\x07\x9b31m\x00\u202egnp.exe[bold red]"
)


def a_check(name: str, outcome: Outcome = Outcome.PASSED, **more: object) -> CheckResult:
    given: dict[str, object] = {
        "id": f"conv_forward.{name}",
        "question": "conv_forward",
        "name": name,
        "title": f"Title of {name}.",
        "visible": True,
        "outcome": outcome,
        "score": 2.0 if outcome is Outcome.PASSED else 0.0,
        "points": 2.0,
    }
    # The values are of many types, and msgspec checks none; so below.
    return CheckResult(**(given | more))  # type: ignore[arg-type]


def a_question(*checks: CheckResult, question: str = "conv_forward") -> QuestionResult:
    return QuestionResult(
        id=question,
        title="Convolution, forward",
        notebook="ConvolutionalNetworks",
        score=sum(check.score for check in checks),
        points=sum(check.points for check in checks),
        checks=list(checks),
    )


def a_report(*questions: QuestionResult, student: str = "ada", **more: object) -> Report:
    given: dict[str, object] = {
        "assignment": "convnet",
        "variant": "convnet",
        "title": "Layers by hand",
        "harness_sha256": "ab" * 32,
        "student": student,
        "submission": SubmissionRecord(
            name="ada.zip", sha256="00" * 32, files=["layers.py"], notes=[]
        ),
        "status": Status.GRADED,
        "score": sum(question.score for question in questions),
        "graded_points": sum(question.graded_points for question in questions),
        "points": sum(question.points for question in questions),
        "questions": list(questions),
        "sandbox": Sandbox(
            backend="bubblewrap", isolated=True, limits={"network": Enforcement(True, "none")}
        ),
    }
    return Report(**(given | more))  # type: ignore[arg-type]


def secret_check(outcome: Outcome) -> CheckResult:
    """A hidden check whose every field says SECRET where a student must not look."""
    return a_check(
        "SECRET_name",
        outcome,
        title="SECRET title",
        visible=False,
        hint="Mind the borders.",
        message="SECRET: affine_forward is why, 3.14159",
        flagged="SECRET.py:12 broke",
        blocked_by=["affine_forward", "SECRET"] if outcome is Outcome.SKIPPED else [],
        observations=[
            ObservationResult(name="SECRET_out", share=0, error=0.5, message="SECRET 2.71828")
        ],
        traceback='SECRET File "/submission/package/convnet/layers.py", line 3',
        output="SECRET printed",
        seconds=1.0,
    )


class Page(HTMLParser):
    """The tags, attributes and text of a page; every tag must be closed."""

    VOID = frozenset({"meta", "rect", "line", "br", "input"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.words.append(data)

    @property
    def text(self) -> str:
        return "".join(self.words)


def hostile_report() -> Report:
    return a_report(
        a_question(
            a_check(
                "shown",
                Outcome.ERROR,
                message=HOSTILE,
                flagged=HOSTILE,
                traceback=HOSTILE,
                output=HOSTILE,
                hint=HOSTILE,
                observations=[
                    ObservationResult(name=HOSTILE, share=0, error=None, message=HOSTILE)
                ],
            )
        ),
        student=HOSTILE,
        status=Status.UNREADABLE,
        reason=HOSTILE,
        submission=SubmissionRecord(name=HOSTILE, sha256="", files=[HOSTILE], notes=[HOSTILE]),
    )


@pytest.mark.parametrize("draw", [student_page, lambda report: instructor_page([report])])
def test_what_a_student_wrote_stays_text(draw):
    html = draw(hostile_report())
    page = Page(html)
    assert not {"script", "img", "iframe", "object", "link", "base", "form"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on") or name == "style"]
    assert "<script>alert(1)</script>" in page.text
    assert "{{7*7}}" in page.text
    assert "owned" not in page.text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", html)


@pytest.mark.parametrize("draw", [student_page, lambda report: instructor_page([report])])
def test_a_page_loads_nothing_and_allows_only_its_own_style(draw):
    html = draw(a_report(a_question(a_check("one"))))
    page = Page(html)
    (policy,) = (v for _, v in page.attributes if v and v.startswith("default-src 'none'; "))
    assert "style-src 'sha256-" in policy
    assert "unsafe" not in html
    assert not [n for n, value in page.attributes if n in ("src", "srcset", "xlink:href")]
    links = [value or "" for name, value in page.attributes if name == "href"]
    assert not [link for link in links if "//" in link or ":" in link]


def test_the_policy_is_the_hash_of_the_style_as_it_stands_in_the_page():
    import base64
    import hashlib

    html = student_page(a_report())
    style = html.partition("<style>")[2].partition("</style>")[0]
    assert base64.b64encode(hashlib.sha256(style.encode()).digest()).decode() in html


@pytest.mark.parametrize("outcome", Outcome)
def test_a_hidden_check_shows_its_verdict_and_hint_alone(outcome):
    html = student_page(a_report(a_question(a_check("first"), secret_check(outcome))))
    text = Page(html).text
    assert "SECRET" not in html
    assert "2.71828" not in html
    assert "3.14159" not in html
    assert "Hidden check 1" in text
    assert WORDS[outcome] in text
    if outcome in (Outcome.ERROR, Outcome.TIMEOUT, Outcome.KILLED):
        assert SENTENCES[outcome] in text
    unhinted = (Outcome.PASSED, Outcome.MISSING, Outcome.SKIPPED, Outcome.NOT_GRADED)
    assert ("Mind the borders." in text) is (outcome not in unhinted)


def test_a_skipped_check_names_the_question_and_nothing_else_of_the_reason():
    needed = a_question(a_check("first"), question="affine_forward")
    skipped = a_question(secret_check(Outcome.SKIPPED))
    text = Page(student_page(a_report(needed, skipped))).text
    assert "1 check waits for affine_forward." in text


def test_a_visible_check_teaches():
    check = a_check(
        "published",
        Outcome.FAILED,
        hint="Flip nothing.",
        observations=[
            ObservationResult(name="out", share=0, error=0.5, message="3 of 8 elements differ"),
            ObservationResult(name="dx", share=1, error=0.0, message=""),
        ],
        traceback='  File "/submission/package/convnet/layers.py", line 12, in conv_forward_naive',
        output="printed by me",
    )
    text = Page(student_page(a_report(a_question(check)))).text
    for wanted in (
        "Title of published.",
        "out: 3 of 8 elements differ",
        "Flip nothing.",
        'File "convnet/layers.py", line 12',
        "printed by me",
    ):
        assert wanted in text
    assert "dx:" not in text


def test_our_own_failure_is_told_in_fixed_words():
    check = a_check("published", Outcome.NOT_GRADED, message="/srv/grader/checks/conv.py:12 broke")
    report = a_report(a_question(check), status=Status.PARTLY_GRADED, reason="conv.py broke")
    html = student_page(report)
    assert "conv.py" not in html
    assert STATUS_SENTENCES[Status.PARTLY_GRADED] in Page(html).text


def test_the_reason_of_an_unreadable_submission_is_the_students_to_see():
    report = a_report(status=Status.UNREADABLE, reason="work.rar is not a zip or tar archive")
    assert "work.rar is not a zip or tar archive" in Page(student_page(report)).text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            'File "/submission/package/convnet/layers.py", line 3',
            'File "convnet/layers.py", line 3',
        ),
        ('File "/tmp/plumb-x1/package/convnet/a.py"', 'File "convnet/a.py"'),
        ("/opt/venv/lib/python3.11/site-packages/numpy/core.py", "numpy/core.py"),
        ("/usr/lib/python3.11/random.py", "random.py"),
        ("cannot open /srv/secret/place/x.txt.", "cannot open x.txt."),
        (
            "1/2/3 and https://numpy.org/doc/stable/ stay",
            "1/2/3 and https://numpy.org/doc/stable/ stay",
        ),
        ("a / b / c", "a / b / c"),
    ],
)
def test_paths_of_the_grader_are_cut(text, wanted):
    assert without_paths(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]0;title\x07text", "text"),
        ("\x9b2Jtext", "text"),
        ("10 %\r20 %\r\n", "10 %\n20 %\n"),
        ("tab\tand\nline", "tab\tand\nline"),
        ("\ud800\u202eabc\u2066", "abc"),
        ("\x1b[", ""),
    ],
)
def test_clean(text, wanted):
    assert clean(text) == wanted


def test_one_line():
    assert one_line(" a\n\tb\u2028c\x1b[1m ") == "a b c"


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def test_csv_has_a_row_a_student_and_a_column_a_question():
    full = a_report(a_question(a_check("one")), student="Bo")
    half = a_report(
        a_question(a_check("one", Outcome.PARTIAL, score=1 / 3)),
        a_question(a_check("two", Outcome.NOT_GRADED), question="relu_forward"),
        student="ada",
        status=Status.PARTLY_GRADED,
        reason="relu_forward.two: the box\ndid not start",
    )
    none = a_report(student="cy", status=Status.NOT_GRADED, reason="no box")
    assert rows(grades_csv([none, full, half])) == [
        [
            *("student", "name", "status", "score", "out_of", "points", "percent"),
            "percent_of_graded",
            *("conv_forward", "relu_forward", "late", "attempt", "to_look_at", "reason"),
        ],
        [
            *("ada", "", "partly_graded", "0.3333", "2", "4", "8.3333", "16.6667"),
            *("0.3333", ""),
            *("", "", *["relu_forward.two: the box did not start"] * 2),
        ],
        ["Bo", "", "graded", "2", "2", "2", "100", "100", "2", "", "", "", "", ""],
        ["cy", "", "not_graded", "", "0", "0", "", "", "", "", "", "", "no box", "no box"],
    ]


def test_a_check_that_was_not_graded_never_raises_a_percentage():
    """Both are shown: of all points, and of those that were graded."""
    partly = a_report(
        a_question(a_check("one"), a_check("two", Outcome.FAILED)),
        a_question(a_check("three", Outcome.NOT_GRADED), question="relu_forward"),
        status=Status.PARTLY_GRADED,
    )
    assert partly.percent == pytest.approx(100 * 2 / 6)
    assert partly.percent_of_graded == 50
    of_graded = "50 % of the 4 points that were graded"
    own = " ".join(Page(student_page(partly)).text.split())
    assert "of 6 points" in own
    assert "33.3 % of all points" in own.replace("%of", "% of")
    assert "the share of all points may still rise" in own
    assert "Its points are open." in own
    assert "lose nothing" not in own  # a third of all points would be a loss
    assert of_graded in own.replace("%of", "% of")
    staff = " ".join(Page(instructor_page([partly])).text.split())
    assert "50 % of the 4 graded" in staff
    assert f"2/6   33.3 %  {STATUS_WORDS[Status.PARTLY_GRADED]}" in student_line(partly).plain
    assert of_graded in student_line(partly).plain
    whole = a_report(a_question(a_check("one")))
    for text in (student_page(whole), instructor_page([whole]), student_line(whole).plain):
        assert "graded points" not in text
        assert "that were graded" not in text


def test_a_flag_is_for_staff_alone():
    flagged = a_check("one", Outcome.FAILED, message="no use", flagged="the check broke (a.py:3)")
    report = a_report(a_question(flagged))
    assert "broke" not in student_page(report)
    staff = Page(instructor_page([report])).text
    assert "conv_forward.one: the check broke (a.py:3)" in staff
    assert "1 to look at" in staff
    assert "to look at: conv_forward.one: the check broke (a.py:3)" in student_line(report).plain
    stated = shown(check_lines(report)) + shown(check_in_full(flagged))
    assert stated.count("to look at") == 2


def test_what_a_course_site_says_stands_in_the_table_and_on_the_page():
    stated = SubmissionRecord(name="a.zip", sha256="", files=[], notes=[], late=True, attempt=3,
                      earlier=["<old>.zip"])  # fmt: skip
    late = a_report(a_question(a_check("one")), student="s1", name="=One", submission=stated)
    nothing = a_report(student="s2", status=Status.ABSENT, reason="nothing was handed in")
    head, first, second = rows(grades_csv([late, nothing]))
    stated = dict(zip(head, first, strict=True))
    assert (stated["name"], stated["late"], stated["attempt"]) == ("'=One", "yes", "3")
    assert second[head.index("status")] == "absent"
    assert second[head.index("score")] == ""
    page = Page(instructor_page([late, nothing]))
    for words in ("attempt 3", "late", "=One", "not handed in", "earlier: <old>.zip"):
        assert words in page.text
    assert "<b>1</b><span>submission</span>" in instructor_page([late, nothing])
    assert ("href", "feedback/s1.html") in page.attributes
    assert ("href", "feedback/s2.html") not in page.attributes
    own = Page(student_page(late)).text
    assert "a.zip, attempt 3, handed in late" in own
    assert "not counted: <old>.zip" in own


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\x00=1", "＝1+1"])
def test_csv_holds_no_formula(name):
    cell = rows(grades_csv([a_report(student=name, reason=name)]))[1]
    assert cell[0].startswith("'")
    assert cell[-1].startswith("'")


def test_the_order_does_not_depend_on_who_was_graded_first():
    reports = [a_report(a_question(a_check("one")), student=s) for s in ("b", "A", "a", "c")]
    assert grades_csv(reports) == grades_csv(reports[::-1])
    assert instructor_page(reports) == instructor_page(reports[::-1])


def test_the_histogram_counts_every_edge_once():
    counts = [b.count for b in histogram([0, 9.99, 10, 50, 99.99, 100, 100])]
    assert counts == [2, 1, 0, 0, 0, 1, 0, 0, 0, 3]


def test_the_overview_counts():
    class_of = [
        a_report(a_question(a_check("one")), student="a"),
        a_report(a_question(a_check("one", Outcome.FAILED)), student="b"),
        a_report(a_question(a_check("one", Outcome.NOT_GRADED)), student="c"),
        a_report(student="d", status=Status.UNREADABLE, reason="not a zip"),
    ]
    page = overview(class_of)
    assert page.questions[0].checks[0].rate == 50
    assert page.questions[0].mean == 50
    assert (page.mean, page.median, page.unscored) == (50, 50, 2)
    assert page.statuses == {Status.GRADED: 3, Status.UNREADABLE: 1}
    assert sum(part.width for part in page.questions[0].checks[0].bar) == pytest.approx(100)


def test_the_instructors_page_shows_names_rates_and_links():
    hidden = a_check("uneven_stride", Outcome.TIMEOUT, visible=False)
    html = instructor_page([a_report(a_question(a_check("one"), hidden), student="ada & bo")])
    page = Page(html)
    assert "uneven_stride" in page.text
    assert ("href", "feedback/ada%20%26%20bo.html") in page.attributes
    assert ("href", "reports/ada%20%26%20bo.json") in page.attributes
    assert "1 too slow" in page.text


def test_the_page_of_no_submissions_is_a_page():
    assert "No submissions" in Page(instructor_page([])).text
    assert rows(grades_csv([]))[0][0] == "student"


def test_a_limit_that_was_not_enforced_is_said_once_for_the_class():
    limits = {
        "network": Enforcement(True, "none"),
        "memory of the box": Enforcement(False, "no control group"),
    }
    open_ = Sandbox(backend="bubblewrap", isolated=True, limits=limits)
    reports = [a_report(a_question(a_check("one")), sandbox=open_, student=s) for s in ("a", "b")]
    assert "Not enforced on this machine: memory of the box" in shown(summary(reports))
    page = instructor_page(reports)
    assert page.count("<strong>NOT ENFORCED: no control group</strong>") == 1
    held = a_report(a_question(a_check("one")), student="c")
    assert "Not enforced" not in shown(summary([held]))
    assert instructor_page([*reports, held]).count("Sandbox: <strong>bubblewrap</strong>") == 2


def test_the_versions_that_graded_and_what_was_not_installed_are_shown():
    graded_by = Sandbox(backend="bubblewrap", isolated=True, python="3.99", numpy="9.8", limits={})
    submission = SubmissionRecord(
        name="a.zip", sha256="", files=["m.py"], notes=[], missing_modules=["torch", "cv2"]
    )
    report = a_report(a_question(a_check("one")), sandbox=graded_by, submission=submission)
    page = Page(student_page(report)).text
    assert "with Python 3.99, NumPy 9.8 and harness" in page
    assert "imports what is not installed where it is graded: torch, cv2" in page
    overview = Page(instructor_page([report])).text
    assert "bubblewrap, Python 3.99, NumPy 9.8" in overview
    assert "imports what is not installed here: torch, cv2" in overview


def test_a_run_without_a_sandbox_is_marked_everywhere():
    loose = Sandbox(backend="none", isolated=False, limits={"files": Enforcement(False)})
    report = a_report(a_question(a_check("one")), sandbox=loose)
    assert "Graded without a sandbox" in student_page(report)
    assert "Graded without a sandbox" in instructor_page([report])
    assert "NO SANDBOX" in student_line(report).plain
    assert "without a sandbox" in shown(summary([report]))


def shown(thing: object, width: int = 100) -> str:
    console = Console(file=io.StringIO(), width=width, force_terminal=False)
    console.print(thing)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_the_terminal_shows_one_clean_line_a_student():
    line = shown(student_line(hostile_report()), width=1000)
    assert line.count("\n") == 1
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", line)
    assert "[bold red]" in line
    assert "owned" not in line


def test_the_terminal_shows_one_check_in_full():
    text = shown(check_in_full(secret_check(Outcome.FAILED)))
    for wanted in (
        "not right",
        "SECRET 2.71828",
        "layers.py",
        "SECRET printed",
        "Mind the borders",
    ):
        assert wanted in text


def test_the_terminal_shows_all_checks_with_their_reasons():
    report = a_report(a_question(a_check("one"), a_check("two", Outcome.ERROR, message="KeyError")))
    text = shown(check_lines(report))
    assert "conv_forward.two" in text
    assert "KeyError" in text
    assert "2 of 4 points: 1 passed, 1 error" in text


def test_the_terminal_shows_an_id_whole_and_a_check_on_one_line():
    name = "gradients_of_a_net_of_three_layers_with_regularisation"
    check = a_check(name, Outcome.ERROR, visible=False, message="a long reason " * 20)
    first, last = check_lines(a_report(a_question(check))).plain.splitlines()
    assert first.split(maxsplit=4)[:4] == ["0/2", "error", "hidden", f"conv_forward.{name}"]
    assert first.endswith("a long reason")
    assert last == "0 of 2 points: 1 error"


def test_every_outcome_and_status_has_its_words():
    assert set(WORDS) == set(Outcome)
    assert set(STATUS_WORDS) == set(STATUS_SENTENCES) == set(Status)


def unordered(part):
    """A part of a schema, lists sorted: msgspec's versions order choices differently."""
    if isinstance(part, dict):
        return {key: unordered(value) for key, value in part.items()}
    return sorted(map(unordered, part), key=json.dumps) if isinstance(part, list) else part


def test_the_published_schema_is_current():
    published = json.loads(PUBLISHED.read_text("utf-8"))
    assert unordered(published) == unordered(json.loads(schema_text())), (
        "run: python -m autograder.render.schema > autograder/report.schema.json"
    )


def test_the_changelog_says_which_schema_reports_have():
    changelog = (Path(__file__).parents[3] / "CHANGELOG.md").read_text("utf-8")
    assert re.findall(r"Reports\s+have\s+schema\s+(\d+)", changelog)[0] == str(SCHEMA_VERSION)


def test_a_report_fits_the_published_schema():
    validate = jsonschema.Draft202012Validator(schema()).validate
    validate(msgspec.json.decode(encode(hostile_report())))
    with pytest.raises(jsonschema.ValidationError):
        validate({"student": "ada"})


@pytest.mark.parametrize(
    ("value", "text"),
    [(100 * 118 / 140, "84.3 %"), (100, "100 %"), (99.97, "99.9 %"), (0.01, "0.1 %"), (0, "0 %"),
     (50, "50 %"), (None, "–"), (100 * 47 / 47, "100 %"), (100 * 33.7 / 40, "84.3 %"),
     (84.35, "84.4 %"), (50.05, "50.1 %")],
)  # fmt: skip
def test_percentages_are_rounded_and_only_full_marks_read_as_such(value, text):
    assert percent(value) == text
