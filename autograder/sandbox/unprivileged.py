"""The unprivileged user that boxes run as where the grader runs as root."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

#: The first of the user ids that boxes run as, and how many there are. They lie above those that
#: distributions and systemd give to users, and below ``nobody``.
_FIRST_UID, _UIDS = 61184, 4000


def unprivileged_uid() -> int | None:
    """The id of the user that boxes run as; None if the grader is an ordinary user itself.

    If the grader is root, each of its worker processes gets a number of its own. So the boxes of
    two workers do not share one limit on a user's processes.
    """
    return _FIRST_UID + os.getpid() % _UIDS if os.geteuid() == 0 else None


def run_as(uid: int | None) -> dict[str, Any]:
    """Arguments for `subprocess.Popen` that start a program as that user, in no other group.

    None starts it as the user that we are.
    """
    return {} if uid is None else {"user": uid, "group": uid, "extra_groups": []}


def give_to(run: Path, uid: int | None) -> None:
    """Make a run folder readable to the box's user, and to no other user."""
    run.chmod(0o500 if uid is not None else 0o700)
    if uid is not None:
        os.chown(run, uid, uid)


def closed_parent(path: Path) -> Path | None:
    """The first folder above a path that other users have no access to, or None."""
    return next((p for p in reversed(path.parents) if not p.stat().st_mode & 0o001), None)
