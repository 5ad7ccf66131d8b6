"""What students read in another language: translated whole, with all that was filled in."""

import re
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograder
from autograder.core.language import Language, catalogue_path, language
from tests.student_texts import all_in, has_text, texts_in

ROOT = Path(autograder.__file__).parent
LANGUAGES = sorted(path.stem for path in catalogue_path("en").parent.glob("*.json"))
PLACE = re.compile(r"\{(\w+)\}")

GERMAN = Language("de", {
    ": ": ": ", "; ": "; ", ", ": ", ", " and ": " und ", " or ": " oder ",
    "not right": "nicht richtig",
    "{n_count} not right": "{n_count} nicht richtig",
    "got {got}, expected {expected}": "erhalten: {got}, erwartet: {expected}",
    "got {got}, expected {expected}: {excess}": "erhalten: {got} statt {expected}: {excess}",
    "relative error {n_error}": "relativer Fehler {n_error}",
    "{names} wait": "{names} warten",
})  # fmt: skip


@pytest.mark.parametrize(
    ("text", "translated"),
    [
        ("not right", "nicht richtig"),
        ("2 not right", "2 nicht richtig"),
        ("two not right", "two not right"),  # no number, so it is something else
        ("out: got (3,), expected None", "out: erhalten: (3,), erwartet: None"),
        ("got 1, expected 2: relative error 0.5", "erhalten: 1 statt 2: relativer Fehler 0.5"),
        ("got 'not right and so on', expected 1", "erhalten: 'not right and so on', erwartet: 1"),
        ("2 not right; relative error inf", "2 nicht richtig; relativer Fehler inf"),
        ("a, b_1 and c.d wait", "a, b_1 und c.d warten"),
        ("KeyError: this and that", "KeyError: this and that"),
        ("    2 not right\n\nunknown", "    2 nicht richtig\n\nunknown"),
        ("", ""),
    ],
)
def test_a_text_is_translated_by_the_entry_that_says_most(text, translated):
    assert GERMAN(text) == translated
    assert language("en")(text) == text
    assert language("of nobody")(text) == text


@pytest.mark.parametrize(
    ("text", "translated"),
    [
        ("invalid syntax (layers.py, line 389)", "invalid syntax（layers.py，第 389 行）"),
        (
            "SyntaxError: '(' was never closed (a.py, line 4)",
            "SyntaxError: '(' was never closed（a.py，第 4 行）",
        ),
        ("(a, line 3", "(a，第 3 行"),
        ("print(line 3)", "print(line 3)"),
    ],
)
def test_a_line_of_a_file_in_what_python_says_keeps_its_brackets(text, translated):
    assert language("zh")(text) == translated


@given(st.text())
def test_any_text_can_be_given_and_without_an_entry_stays(text):
    assert language("en")(text) == text
    for name in LANGUAGES:
        translated = language(name)(text)
        assert translated.count("\n") == text.count("\n")


def test_a_long_line_that_almost_fits_takes_no_longer():
    """A line that is too long is not looked up: it might fit in too many ways to try all."""
    line = "got 1, expected 2: 3 of 4 elements differ; " * 2000
    for name in LANGUAGES:
        assert language(name)(line) == line


@pytest.mark.parametrize("name", LANGUAGES)
def test_of_a_line_with_separators_of_all_kinds_a_bounded_number_of_parts_is_looked_up(name):
    """Any separator could be tried before any other, which makes thousands of parts."""
    line = "".join(f"{n}; {n}b: {n}c, {n} and {n} or " for n in range(10, 99))[:500]
    calls = Counter()

    def count(frame, event, _):
        if event == "call" and frame.f_code.co_filename == autograder.core.language.__file__:
            calls[frame.f_code.co_name] += 1

    translate = language(name)
    sys.setprofile(count)
    try:
        assert translate(line) == line
    finally:
        sys.setprofile(None)
    assert calls["_composed"] <= 400


# --- the catalogues -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LANGUAGES)
def test_every_entry_translates_its_own_text_and_keeps_what_is_filled_in(name):
    translate = language(name)
    for english, other in translate.catalogue.items():
        if english != english.strip():
            continue  # what stands between parts
        places = PLACE.findall(english)
        assert sorted(set(places)) == sorted(set(PLACE.findall(other))), english
        values = {p: str(number) if p.startswith("n_") else f"X{number}"
                  for number, p in enumerate(places, 11)}  # fmt: skip
        right = " ".join(other.format(**values).split())
        assert " ".join(translate(english.format(**values)).split()) == right, english


#: Modules whose texts students read, and those that make what reaches them.
STUDENTS = [
    *(ROOT / "core").glob("*.py"),
    *(ROOT / "selfcheck").glob("*.py"),
    *(ROOT / "submissions").glob("*.py"),
    *(ROOT / "box").glob("*.py"),
    ROOT / "sandbox" / "box.py",
    ROOT / "sandbox" / "function_helper.py",
    ROOT / "sandbox" / "package_names.py",
    *(ROOT / "grading").glob("*.py"),
    ROOT / "cpu_guard.py",
]
#: Modules of these folders that speak to instructors and staff alone.
STAFF = {
    "roster.py", "roster_languages.py", "roster_matching.py", "find_submissions.py",
    "class_folder.py", "bulk_download.py", "download_format.py", "download_listing.py",
    "checks.py", "tolerances.py", "expected.py", "class_run.py", "workers.py", "rerun.py",
    "check_files.py", "grader_data.py", "source_remarks.py", "scores.py",
}  # fmt: skip
#: Texts of other modules that no student reads.
FOR_STAFF = {
    # to the author of a check, or of an assignment
    "a goal has thresholds, or pairs of (threshold, share of the points from 0 to 1), such as "
    "(0.9, 1.0), (0.8, 0.5); not {}",
    "a better number must not earn a smaller share: {}",
    "ndarray of dtype", "ndarray of dtype object", "the check broke ({}): {}",
    "return the list of its elements, x.tolist(), or an array of numbers",
    "return arrays of numbers, flags or strings: its fields one by one, such as x['a']",
    "return an array without masked elements, such as x.filled(0), and its mask",
    "{}: {} trains, and there are no data here",
    "{} has no classes; measure its error: data.error(...)",
    "{} has classes; measure its accuracy: data.accuracy(...)",
    "{}: {} reads grader_data, and there is none here",
    "classes of {}",
    "{}: {} returned no dictionary of observations; a check asserts nothing, it returns what "
    "it saw by names of its own",
    "{}the function that the check gives asks for the student's code itself; give that as an "
    "argument of its own, or write the function without it",
    "a callback can open no file: import and read outside of it",
    "takes= is a list of examples, such as takes=[np.zeros(100)], and not {}",
    "takes= holds what cannot be sent: {}",
    "{} is not finite on the reference", "{} is no value that can be sent or recorded{}",
    "; it has a cell that is none", "it is no .npz: {}", "{}: {}; build the harness again",
    # of matplotlib
    "FigureCanvasAgg is non-interactive",
    # on a text that may not be what runs
    "{} is bound in {}, too",
    # of our own failures
    "a package named {} is installed where the grader runs", "something of the check was left",
    "Plumbline failed: {}: {}", "grading stopped: {}: {}", "the box failed twice: {}",
    "the grader was stopped in each of {} tries of this check", "the box did not start: {}",
    "the box could not begin a check: {}", "the pipes of the box failed: {}",
    "the runner did not send {}", "no process for a check's functions: {}",
    # patterns, paths, and words that only Python reads
    "(copy of )?{}( ?\\([0-9]+\\)| - copy( \\([0-9]+\\))?|[ -]?copy ?[0-9]*| [0-9]+)?",
    "# What follows was added in the submission; after it the names above are bound again.",
    "for _plumbline_name in {names!r}:", "if _plumbline_name in _plumbline_given:",
    "_plumbline_names.pop(_plumbline_name, None)", "except Exception as {}_error:",
    'raise {}("{}")', "picks are read; no code is run for them", "python -m selfcheck submit",
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
}  # fmt: skip


@pytest.mark.parametrize("name", LANGUAGES)
def test_every_text_that_students_read_is_in_the_catalogue(name):
    catalogue = language(name).catalogue
    missing = [
        f"{path.relative_to(ROOT)}:{line}: {text}"
        for path in STUDENTS
        if path.name not in STAFF
        for line, text in texts_in(path)
        if text not in FOR_STAFF and not has_text(catalogue, text)
    ]
    assert missing == [], f"translate these in {catalogue_path(name).name}"


#: Parts of entries that the code puts together, so that no text of its own holds them.
PUT_TOGETHER = {
    # from a word for one and a word for several
    "more check of this question", "more checks of this question", "participants",
    "was skipped.", "were skipped.", "code cell", "code cells", "runs too", "run too",
    "through no fault of yours. Its points are open.",
    "through no fault of yours. Their points are open.",
    # from a sentence and what is said more closely
    "because nothing is written in the one there", "because nothing of that name lies there",
    "because more is written in it than in the one there", "and none was", "Stopped in",
    "a pair", "a tuple", "3 (in", "Python cannot read",
    # from what is counted and what is said of it
    "a set of", "an empty set", "more elements differ", "more values differ",
    "items cannot be sent", "values cannot be sent", "digits cannot be sent",
    "elements differ", "elements differs", "cells differ", "cells differs", "of 1 row",
    # by Python's argparse
    "unrecognized arguments", "expected one argument",
}  # fmt: skip


@pytest.mark.parametrize("name", LANGUAGES)
def test_the_catalogue_holds_no_text_that_nothing_makes_any_more(name):
    templates = [path.read_text("utf-8") for path in ROOT.rglob("*.j2")]
    made = "\n".join([*templates, *(text for path in ROOT.rglob("*.py") for text in all_in(path))])
    unmade = [
        f"{part!r} of {entry!r}"
        for entry in language(name).catalogue
        for part in (piece.strip(" ;,:()[]") for piece in re.split(r"\{\w+\}|[,;:(] ", entry))
        if part not in made and part not in PUT_TOGETHER
    ]
    assert not unmade, f"delete these in {catalogue_path(name).name}, or list them as put together"
