"""Questions with options: whether the picks can be read. Only grading tells if they are right."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ..core.checks import Check
from ..core.errors import StudentError
from ..core.picks import read_picks
from ..core.stubs import is_prose_todo
from .regions import has_answer, read_texts, regions
from .results import MISSING, PICKS_NOT_READ, PICKS_READ, Result
from .work import Work


def read_choices(work: Work, names: Collection[str] = ()) -> Iterator[Result]:
    """The picks that the saved notebooks hold for these questions with options, or for all."""
    for question in work.questions:
        if question["kind"] == "choice" and (not names or question["id"] in names):
            yield _picks_result(work, question)


def _picks_result(work: Work, question: dict[str, str]) -> Result:
    """Whether the picks for a question can be read in its notebook."""
    check = Check(question["id"], "picks", question["title"], _no_body, points=0, seed=0)
    file = f"{question['notebook']}.ipynb"
    answers = [
        body
        for text in read_texts(work.folder / file)
        for marker in work.about["markers"]
        for region, body in regions(text, marker)
        if region == question["id"] and has_answer(body)
    ]
    if not answers:
        return Result(check, MISSING, message=f"not written yet in {file}; save it when it is")
    lines = [line for line in answers[-1].split("\n") if not is_prose_todo(line)]
    try:
        picks = read_picks("\n".join(lines))
    except StudentError as error:
        return Result(check, PICKS_NOT_READ, message=f"{error.message} (in {file})")
    text = f"read in {file}: {picks.replace(',', ', ')}; grading will tell whether that is right"
    return Result(check, PICKS_READ, message=text)


def _no_body(*_arguments: object) -> dict[str, object]:
    raise NotImplementedError("picks are read; no code is run for them")
