"""``plumb leaderboard``: score predictions and rank the students by them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.exits import INCOMPLETE, guarded
from autograder.cli.interrupts import stopped
from autograder.cli.options import HarnessOption, RosterOption, opened
from autograder.cli.printing import err, out, print_plain
from autograder.leaderboard.store import BOARD_FILE
from autograder.leaderboard.submissions import ScoredSubmission
from autograder.leaderboard.tables import text_lines
from autograder.leaderboard.update import update_leaderboard
from autograder.render.clean_text import one_line
from autograder.submissions.find_submissions import ClassList


@guarded
def leaderboard(
    submissions: Annotated[
        list[Path],
        typer.Argument(
            help="Folders, zip or tar archives, a folder of them, or a course site's download.",
            metavar="SUBMISSION",
        ),
    ],
    harness: HarnessOption,
    out_folder: Annotated[
        Path, typer.Option("--out", help="Where the leaderboard is kept.", show_default=False)
    ],
    roster: RosterOption = None,
) -> None:
    """Score predictions and rank the students by them.

    Reads output/phase_1/prediction.npy (and so on) and output/nickname.txt of each submission, or
    prediction.npy of an archive named prediction_phase_1.zip. Nothing of a submission is run.

    Classes are ranked by how many are right. Numbers are ranked by their RMSE, the root of the mean
    squared error: the smaller, the better.

    Bulk downloads and rosters are read as `plumb grade` reads them.

    Writes DIR/leaderboard.html and DIR/leaderboard.csv, which hold nicknames only and may be shown
    to everybody. Writes DIR/leaderboard-staff.csv with ids and faults, for staff. Keeps the best
    result of each student in DIR/leaderboard.json: run the command again with later submissions.

    Exit code: 0 if all could be scored, 3 if some could not, 2 for a mistake in the call.

    [bold]Examples[/]

    plumb leaderboard submissions/ --harness release/dasecv/harness.zip --out board

    plumb leaderboard anna.zip ben/ --harness harness.zip --out board

    plumb leaderboard submissions.zip --roster class.csv --harness harness.zip --out board

    plumb leaderboard submissions/ --harness harness.zip --out board > standings.txt
    """
    scored: list[ScoredSubmission] = []

    def show(submission: ScoredSubmission) -> None:
        scored.append(submission)
        _print_faults(submission)

    with opened(harness) as opened_harness:
        try:
            board = update_leaderboard(
                submissions, opened_harness, out_folder, _print_found, show, roster=roster
            )
        except KeyboardInterrupt:
            # Ctrl-C may come after a board is saved and before anything is said of it.
            if not (out_folder / BOARD_FILE).is_file():
                raise
            raise stopped(f"Stopped: what was scored is kept in {out_folder}.") from None
        rules = opened_harness.manifest.leaderboard
        assert rules is not None  # or nothing would have been scored
        console = out()
        for line in text_lines(board, rules.phases):
            console.print(line, soft_wrap=True)
    print_plain(err(), f"{out_folder / 'leaderboard.html'}")
    if any(submission.faults or not submission.valid for submission in scored):
        raise typer.Exit(INCOMPLETE)


def _print_found(submissions: ClassList) -> None:
    """What staff should know of the submissions and of the class."""
    for remark in submissions.remarks:
        print_plain(err(), one_line(remark), "yellow")
    if submissions.absent:
        print_plain(err(), f"{len(submissions.absent)} of the roster handed in nothing")


def _print_faults(submission: ScoredSubmission) -> None:
    """What is wrong with a submission, and what else is worth knowing."""
    job = submission.job
    name = f"{job.student} ({job.name})" if job.attempt else job.name
    for phase, fault in sorted(submission.faults.items()):
        head = f"{name}: phase {phase}: " if phase else f"{name}: "
        print_plain(err(), one_line(head + fault), "red")
    for remark in submission.remarks:
        print_plain(err(), one_line(f"{name}: {remark}"))
