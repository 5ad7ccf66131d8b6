"""One run of the leaderboard: score submissions, and write the board, its page and its tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from autograder.core.files import write_whole
from autograder.core.language import language
from autograder.errors import UserError
from autograder.folder_lock import locked_folder
from autograder.harness import Harness
from autograder.leaderboard.board import ANONYMOUS, Board
from autograder.leaderboard.jobs import find_leaderboard_jobs
from autograder.leaderboard.page import leaderboard_page
from autograder.leaderboard.store import open_board, read_labels, save_board
from autograder.leaderboard.submissions import ScoredSubmission, score_submission
from autograder.leaderboard.tables import phase_tables, public_csv, staff_csv
from autograder.records import utc_now
from autograder.sites import SITES
from autograder.submissions.find_submissions import ClassList
from autograder.submissions.roster import read_roster


def update_leaderboard(
    paths: Iterable[Path],
    harness: Harness,
    out: Path,
    found: Callable[[ClassList], None],
    progress: Callable[[ScoredSubmission], None],
    *,
    roster: Path | None = None,
) -> Board:
    """Score submissions, write the leaderboard's files to a folder, and return the board.

    After Ctrl-C the files are written with what is scored so far, and the KeyboardInterrupt goes
    on.

    Args:
        paths: submissions, folders of them, or bulk downloads.
        out: holds the board of earlier runs, if there is one.
        found: is called with the submissions before any is scored.
        roster: a CSV file; the students on the board get its ids.
        progress: is called with each submission after it is scored and saved.

    Raises UserError if there are no submissions, no leaderboard, or another run writes to `out`.
    """
    labels = read_labels(harness)
    rules = harness.manifest.leaderboard
    assert rules is not None  # or there would be no labels
    students = read_roster(roster) if roster else None
    submissions = find_leaderboard_jobs(paths, harness, SITES, students)
    if not submissions.jobs:
        raise UserError("there are no submissions in what was named")
    found(submissions)
    with locked_folder(out, "the leaderboard"):
        board = open_board(out, labels)
        try:
            for job in submissions.jobs:
                scored = score_submission(job, rules, labels, board, utc_now())
                board = scored.board
                save_board(out, board)
                progress(scored)
        except KeyboardInterrupt:
            publish(out, harness, board, rules.phases)
            raise
        publish(out, harness, board, rules.phases)
    return board


def _predicts_images(harness: Harness) -> bool:
    """Whether the examples are images (N, C, H, W)."""
    return harness.data is not None and harness.data.arrays["X_train"].ndim == 4


def publish(out: Path, harness: Harness, board: Board, phases: int) -> None:
    """Write the board, its page in the variant's language, and its tables into a folder."""
    save_board(out, board)
    speaks = language(harness.manifest.language)
    tables = phase_tables(board, phases, speaks(ANONYMOUS))
    page = leaderboard_page(
        harness.title,
        tables,
        noun="image" if _predicts_images(harness) else "example",
        language=speaks,
        time=utc_now(),
        harness_sha256=harness.sha256,
    )
    write_whole(out / "leaderboard.html", page.encode())
    write_whole(out / "leaderboard.csv", public_csv(board, phases).encode())
    write_whole(out / "leaderboard-staff.csv", staff_csv(board, phases).encode())
