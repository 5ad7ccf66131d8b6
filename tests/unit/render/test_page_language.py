"""The student's page in the language of the variant: every text on it, and nothing lost."""

import re
from pathlib import Path

import msgspec
import pytest

import autograder.render
from autograder.core.language import language
from autograder.records import (
    ObservationResult,
    Outcome,
    Sandbox,
    Status,
    SubmissionRecord,
    UnparsedFile,
    WrittenAnswer,
)
from autograder.render import instructor_page, student_page
from autograder.render.outcome_words import (
    NOT_ISOLATED,
    SENTENCES,
    STATUS_SENTENCES,
    WORDS,
)
from tests.student_texts import has_text, texts_in
from tests.unit.core.test_language import LANGUAGES
from tests.unit.render.test_render import Page, a_check, a_question, a_report

ROOM = Path(autograder.render.__file__).parent
TEMPLATES = [
    *(ROOM / "templates" / f"{name}.html.j2" for name in ("page", "student", "outcome_bars")),
    ROOM.parent / "leaderboard" / "templates" / "leaderboard.html.j2",
]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_words_stand_in_a_template_but_those_that_are_translated(template):
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", template.read_text("utf-8"))
    assert re.findall(r"[A-Za-z]+", re.sub(r"<[^>]*>", "", text)) == []
    labels = re.findall(r'(?:aria-label|title|alt)="([^"]*)"', text)
    assert [label for label in labels if label] == []


@pytest.mark.parametrize("name", LANGUAGES)
def test_every_text_of_the_page_is_in_the_catalogue(name):
    catalogue = language(name).catalogue
    missing = []
    for template in TEMPLATES:
        for call in re.findall(r"\bt\(([^()]*)\)", template.read_text("utf-8")):
            parts = re.split(r"\s*~\s*", call)
            if any(part.startswith('"') for part in parts):
                text = "".join(p[1:-1] if p.startswith('"') else "{}" for p in parts)
                missing += [] if has_text(catalogue, text) else [text]
    for module in ("student_page.py", "outcome_words.py"):
        missing += [text for _, text in texts_in(ROOM / module) if not has_text(catalogue, text)]
    assert missing == []
    whole = [*WORDS.values(), *SENTENCES.values(), *STATUS_SENTENCES.values(), NOT_ISOLATED]
    assert [text for text in whole if text and text not in catalogue] == []


def chinese_report():
    """A report with all that a student's page can tell, in Chinese."""
    outcomes = list(Outcome)
    differs = "2 of 6 elements differ: relative error 0.5, tolerance 1e-06\n"
    differs += "first at [0]: got 1, expected 2"
    checks = [
        a_check(f"c{number}", outcome, id=f"q{number}.c", question=f"q{number}", title="标题",
                visible=number % 2 == 0, hint="提示一下", blocked_by=["q0"],
                observations=[ObservationResult(name="out", share=0.0, error=0.5, message=differs)])
        for number, outcome in enumerate(outcomes)
    ]  # fmt: skip
    questions = [
        msgspec.structs.replace(a_question(check, question=check.question), title="题目")
        for check in checks
    ]
    submission = SubmissionRecord(
        name="a.zip", sha256="0" * 64, files=["N.ipynb"], late=True, attempt=2, earlier=["b.zip"],
        notes=["ignored ops.py: it is given, and was changed",
               "N.ipynb: the answer cell 'a' was not found"],
        missing_modules=["scipy"],
        unparsed=[UnparsedFile(name="layers.py", message="SyntaxError", line="x = (")],
    )  # fmt: skip
    written = WrittenAnswer(
        question="why", title="为什么", notebook="N", points=2.0, rubric="", answer=""
    )
    return msgspec.structs.replace(
        a_report(*questions),
        title="作业",
        language="zh",
        status=Status.PARTLY_GRADED,
        submission=submission,
        written_answers=[written],
        sandbox=Sandbox(backend="none", isolated=False, limits={}, python="3.13.1", numpy="2.3.0"),
        started="2026-11-28T12:00:00+00:00",
    )


def test_the_page_is_in_the_language_of_its_variant():
    report = chinese_report()
    html = student_page(report)
    assert '<html lang="zh">' in html
    text = Page(html).text
    assert "{" not in text
    for words in ("需要修改", "隐藏检查 1", "6 个元素中有 2 个不同：相对误差 0.5", "忽略 ops.py"):
        assert words in text
    for status in Status:
        page = student_page(msgspec.structs.replace(report, status=status))
        assert re.findall(r"[A-Za-z]{2,} [a-z]{2,}.*", Page(page).text) == []


def test_the_staff_read_english_and_other_variants_too():
    report = chinese_report()
    assert '<html lang="en">' in instructor_page([report])
    assert "To fix" in student_page(msgspec.structs.replace(report, language="en"))


def test_an_old_report_without_a_language_is_in_english():
    assert a_report(a_question(a_check("c", Outcome.PASSED))).language == "en"
