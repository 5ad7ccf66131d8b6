"""``plumb leaderboard``: predictions in, a ranked page and tables out."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.common import (
    INCOMPLETE,
    STOPPED,
    HarnessOption,
    err,
    guarded,
    opened,
    out,
    tell,
)
from autograder.core.files import write_whole
from autograder.errors import UserError
from autograder.leaderboard.board import Board
from autograder.leaderboard.page import leaderboard_page
from autograder.leaderboard.store import held, open_board, read_labels, save_board
from autograder.leaderboard.submissions import Judged, collect_entries, entrants, judge
from autograder.leaderboard.tables import lines, phase_tables, public_csv, staff_csv
from autograder.render.clean_text import one_line


@guarded
def leaderboard(
    submissions: Annotated[
        list[Path],
        typer.Argument(
            help="Folders, zip or tar archives, or a folder of them.", metavar="SUBMISSION"
        ),
    ],
    harness: HarnessOption,
    out_folder: Annotated[
        Path, typer.Option("--out", help="Where the leaderboard is kept.", show_default=False)
    ],
) -> None:
    """Score predictions and rank the students by them.

    Reads output/phase_1/prediction.npy (and so on) and output/nickname.txt of each submission, or
    prediction.npy of an archive named prediction_phase_1.zip. Nothing of a submission is run.

    Writes DIR/leaderboard.html and DIR/leaderboard.csv, which hold nicknames only and may be shown
    to everybody, and for staff DIR/leaderboard-staff.csv with ids and faults. DIR/leaderboard.json
    keeps the best of each student: run the command again with later submissions.

    Exit code: 0 if all could be scored, 3 if some could not, 2 for a mistake in the call.

    [bold]Examples[/]

    plumb leaderboard submissions/ --harness release/dasecv/harness.zip --out board

    plumb leaderboard anna.zip ben/ --harness harness.zip --out board

    plumb leaderboard submissions/ --harness harness.zip --out board > standings.txt
    """
    with opened(harness) as opened_harness:
        labels = read_labels(opened_harness)
        form = opened_harness.manifest.leaderboard
        assert form is not None  # or there would be no labels
        paths = collect_entries(submissions, opened_harness)
        if not paths:
            raise UserError("there are no submissions in what was named")
        with held(out_folder):
            board = open_board(out_folder, labels)
            incomplete = False
            try:
                for job in entrants(paths):
                    now = datetime.now(timezone.utc).isoformat(timespec="seconds")
                    judged = judge(job, form, labels, board, now)
                    board = judged.board
                    save_board(out_folder, board)
                    _report(judged)
                    incomplete |= bool(judged.faults) or not judged.valid
            except KeyboardInterrupt:
                _publish(out_folder, opened_harness.title, board, form.phases)
                tell(err(), f"Stopped: what was scored is kept in {out_folder}.")
                raise typer.Exit(STOPPED) from None
            _publish(out_folder, opened_harness.title, board, form.phases)
        console = out()
        for line in lines(board, form.phases):
            console.print(line, soft_wrap=True)
    tell(err(), f"{out_folder / 'leaderboard.html'}")
    if incomplete:
        raise typer.Exit(INCOMPLETE)


def _report(judged: Judged) -> None:
    """What is wrong with a submission, and what else there is to know of it."""
    name = judged.job.path.name
    for phase, fault in sorted(judged.faults.items()):
        where = f"{name}: phase {phase}: " if phase else f"{name}: "
        tell(err(), one_line(where + fault), "red")
    for remark in judged.remarks:
        tell(err(), one_line(f"{name}: {remark}"))


def _publish(folder: Path, title: str, board: Board, phases: int) -> None:
    save_board(folder, board)
    page = leaderboard_page(title, phase_tables(board, phases))
    write_whole(folder / "leaderboard.html", page.encode())
    write_whole(folder / "leaderboard.csv", public_csv(board, phases).encode())
    write_whole(folder / "leaderboard-staff.csv", staff_csv(board, phases).encode())
