"""What the reference observed is recorded only if a submission can be judged by it."""

from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from autograder.core.local import local_student
from autograder.errors import CheckError
from autograder.limits import Limits
from plumb.record import record
from plumbline import check


class Session:
    """Lends the standard library's `math` as a student."""

    asking = False

    @contextmanager
    def student(self, **_how):
        yield local_student("math", seed=0)


def recorded(score):
    @check("root", points=1, seed=1, score=score)
    def roots(student, rng):
        """A root."""
        return {"root": student.sqrt(4.0)}

    harness = SimpleNamespace(
        checks=[roots],
        data=None,
        grader_data=None,
        folder=Path("no-files"),
        limits_of=lambda _check: Limits(),
    )
    return record(harness, Session(), lambda _name: None)


def test_a_score_that_gives_the_reference_all_is_recorded():
    (expected,) = recorded(lambda o: float(o["root"] == 2)).values()
    assert expected.observations == {"root": 2.0}


@pytest.mark.parametrize(
    ("score", "problem"),
    [
        (lambda o: 0.5, "score= gives 0.5, not 1"),
        (lambda o: o["roots"], "score= raised KeyError: 'roots'"),
        (lambda o: 2, "score= returned 2, which is not from 0 to 1"),
    ],
)
def test_a_score_that_gives_the_reference_less_is_refused(score, problem):
    with pytest.raises(CheckError, match=f"root.roots: of the reference, {problem}"):
        recorded(score)
