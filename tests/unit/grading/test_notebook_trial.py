"""The trial of a notebook's cells, with a box whose cells take stated seconds."""

import itertools
import json
import sys
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from autograder.core.needed_cells import Cell, NotebookCells, Planner
from autograder.errors import StudentFault, StudentTimeout
from autograder.grading import notebook_trial
from autograder.grading.check_run import CheckRun
from autograder.grading.grading_session import GradingSession
from autograder.grading.notebook_trial import ChosenCells
from autograder.grading.time_budget import Allowance
from autograder.limits import Limits
from autograder.records import CellRecord, Outcome

FAILS = "FileNotFoundError: data.csv"


class Session:
    """Runs no cell: each whole one takes the seconds that are stated, and may raise or end it."""

    def __init__(self, run, seconds, raising, ending):
        self.run, self.seconds, self.raising, self.ending = run, seconds, raising, ending
        self.time = 0.0
        self.tries = 0

    def now(self):
        return self.time

    @contextmanager
    def trial(self, seconds):
        self.tries += 1
        self.end = self.time + seconds
        yield self

    def request(self, _kind, title, number):
        text = (self.run / "notebooks" / f"{title}.json").read_text("utf-8")
        found = json.loads(text)["cells"][number]
        cell = int(found["label"].split()[-1]) if "for k" in found["source"] else 0
        seconds = self.seconds
        self.time += seconds(cell, self.tries) if callable(seconds) else seconds.get(cell, 0.01)
        if self.time > self.end:
            self.time = self.end
            raise StudentTimeout("too slow")
        if cell in self.ending:
            raise StudentFault("it ended its own process")
        return FAILS if cell in self.raising else ""


@pytest.fixture
def tried(tmp_path):
    """The trial of cells that each fill a table which the answer needs; the first is number 1."""

    def tried(cells, seconds, raising=(), ending=()):
        sources = [f"T{n} = {{}}\nfor k in 'ab': T{n}[k] = 1" for n in range(1, cells + 1)]
        answer = "def f():\n    return " + " + ".join(f"T{n}" for n in range(1, cells + 1))
        own = tuple(Cell(number, source) for number, source in enumerate(sources, 1))
        notebook = NotebookCells((Cell(cells + 1, answer, "a", True),), own, frozenset(["f"]))
        session = Session(tmp_path, seconds, raising, ending)
        trial = notebook_trial._Trial("N", notebook, tmp_path, session)
        trial.try_all()
        return trial

    return tried


def test_two_slow_cells_cost_no_other(tried):
    trial = tried(4, {2: 60, 3: 60})
    reason = "the cells up to it take more than 5 s"
    assert trial.plan().unfit == {2: reason, 3: reason}
    assert trial.plan().whole_cells == (1, 4)
    assert trial.seconds < 1


def test_many_slow_cells_leave_what_ran_above_them(tried):
    trial = tried(9, dict.fromkeys(range(3, 10), 60))
    assert trial.plan().whole_cells == (1, 2)
    assert trial.plan().unfit[9] == "the trial of the cells had taken 20 s"
    assert trial.session.time == 20
    assert trial.seconds == 5


def test_failing_cells_below_a_slow_import_cost_only_themselves(tried):
    trial = tried(7, {1: 2.1}, raising=range(2, 7))
    assert trial.plan().unfit == dict.fromkeys(range(2, 7), f"it raised {FAILS}")
    assert trial.plan().whole_cells == (1, 7)
    assert trial.session.tries == 2


def test_a_cell_that_was_slow_once_runs(tried):
    trial = tried(2, lambda cell, tries: 9 if (cell, tries) == (2, 1) else 0.1)
    assert trial.plan().whole_cells == (1, 2)


def test_nothing_takes_longer_because_of_cells_that_do_not_run(tried):
    assert tried(5, dict.fromkeys(range(1, 6), 60)).seconds == 0


def test_the_time_to_choose_the_cells_counts(tried, monkeypatch):
    choose, chosen = Planner.plan, []
    monkeypatch.setattr(Session, "now", lambda session: session.time + 8 * len(chosen))

    def slow_choice(*args):
        chosen.append(args)
        return choose(*args)

    monkeypatch.setattr(Planner, "plan", slow_choice)
    trial = tried(9, {}, ending=range(1, 10))
    assert trial.session.tries == 2
    assert trial.plan().whole_cells == ()


def test_all_choices_together_have_one_bound_of_processor_time(tried, monkeypatch):
    """Each choice takes a second here: what one takes, the next ones do not have."""
    bounds = []
    monkeypatch.setattr(notebook_trial.time, "process_time", itertools.count().__next__)
    bounded = notebook_trial.limited_cpu_time
    monkeypatch.setattr(
        notebook_trial, "limited_cpu_time", lambda s: bounds.append(s) or bounded(s)
    )
    tried(4, {}, ending=[1, 2])
    assert bounds[:3] == [10, 9, 8]


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGPROF on Windows")
def test_what_takes_too_long_to_choose_leaves_the_answers(tried, monkeypatch):
    bounded, choose = notebook_trial.limited_cpu_time, Planner.plan
    monkeypatch.setattr(notebook_trial, "limited_cpu_time", lambda _: bounded(0.05))

    def endless(planner, unfit):
        while any(part.is_own for part in planner._as_whole.parts):
            pass
        return choose(planner, unfit)

    monkeypatch.setattr(Planner, "plan", endless)
    trial = tried(2, {})
    assert [part.cell.label for part in trial.plan().parts] == ["cell a"]


def test_cells_that_are_known_may_take_what_a_trial_allows(tried):
    trial = tried(2, {})
    trial.take_over({})
    assert trial.seconds == notebook_trial.TRIAL_SECONDS
    trial.take_over({1: "it is slow", 2: "it is slow"})
    assert trial.seconds == 0


def test_no_check_may_take_longer_for_all_notebooks_together(monkeypatch):
    """It may take twice as much longer as the slowest one took in the trial."""
    allowed = []
    session = GradingSession(
        SimpleNamespace(limits_of=lambda check: Limits(), expected=None), None,
        SimpleNamespace(), {}, {}, ChosenCells((), {"A": 4.0, "B": 5.0, "C": 5.0}),
    )  # fmt: skip

    def run(_session, _check, seconds):
        allowed.append(seconds)
        return CheckRun(Outcome.PASSED)

    monkeypatch.setattr(GradingSession, "_run", run)
    session.run_check(SimpleNamespace(id="c", seconds=None))
    assert allowed == [Limits().seconds + 10.0]


def test_a_message_counts_the_seconds_that_were_added_for_cells(monkeypatch):
    session = GradingSession(
        SimpleNamespace(limits_of=lambda check: Limits(), expected=None), None,
        SimpleNamespace(), {}, {}, ChosenCells((), {"A": 4.0}),
    )  # fmt: skip
    late = lambda _session, _check, seconds: CheckRun(  # noqa: E731
        Outcome.TIMEOUT, message=f"it did not return within {seconds:g} s"
    )
    monkeypatch.setattr(GradingSession, "_run", late)
    run = session.run_check(SimpleNamespace(id="c"), Allowance(1.0, "it is so", 10.0))
    assert run.message == (
        "it did not return within 9 s; it had 9 s and not 18 s, because it is so"
    )


@pytest.mark.parametrize(
    ("cells", "notes"),
    [
        ({2: []}, ["N.ipynb: code cell 2 runs too, to seed random generators or change settings"]),
        (
            {1: ["a"], 2: [], 3: ["b", "a"], 5: []},
            [
                "N.ipynb: code cells 1, 3 run too, for a, b",
                "N.ipynb: code cells 2, 5 run too, to seed random generators or change settings",
            ],
        ),
    ],
)
def test_of_cells_that_run_for_no_name_the_note_says_what_they_may_do(cells, notes):
    records = [
        CellRecord(notebook="N", cell=number, names=names, reason="", lost=[])
        for number, names in cells.items()
    ]
    assert list(ChosenCells(tuple(records)).notes) == notes
