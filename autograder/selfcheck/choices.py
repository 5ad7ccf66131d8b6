"""Questions with options: whether the picks can be read; if they are right, grading tells."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ..core.checks import Check
from ..core.errors import StudentError
from ..core.picks import read_picks
from ..core.stubs import is_prose_todo
from .regions import answered, regions, texts
from .results import MISSING, READ, UNREAD, Result
from .work import Work


def read_choices(work: Work, names: Collection[str] = ()) -> Iterator[Result]:
    """What is read in the saved notebooks for these questions, or for all, that have options."""
    for question in work.questions:
        if question["kind"] == "choice" and (not names or question["id"] in names):
            yield _read(work, question)


def _read(work: Work, question: dict[str, str]) -> Result:
    check = Check(question["id"], "picks", question["title"], _no_body, points=0, seed=0)
    file = f"{question['notebook']}.ipynb"
    written = [
        body
        for text in texts(work.folder / file)
        for marker in work.about["markers"]
        for region, body in regions(text, marker)
        if region == question["id"] and answered(body)
    ]
    if not written:
        return Result(check, MISSING, message=f"not written yet in {file}; save it when it is")
    lines = [line for line in written[-1].split("\n") if not is_prose_todo(line)]
    try:
        picks = read_picks("\n".join(lines))
    except StudentError as error:
        return Result(check, UNREAD, message=f"{error.message} (in {file})")
    told = f"read in {file}: {picks.replace(',', ', ')}; whether that is right, grading will tell"
    return Result(check, READ, message=told)


def _no_body(*_arguments: object) -> dict[str, object]:
    raise NotImplementedError("picks are read, and no code is run for them")
