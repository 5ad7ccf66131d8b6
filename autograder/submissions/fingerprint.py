"""What tells one version of a submission from another: the SHA-256 of what was handed in."""

from __future__ import annotations

import hashlib
from pathlib import Path

from autograder.limits import MIB
from autograder.submissions.archive import read_files
from autograder.submissions.bulk_download import open_download
from autograder.submissions.course_site import Attempt

#: Bytes of one submission in a download that are read for it.
MAX_HASHED = 1024 * MIB


def fingerprint(path: Path, attempt: Attempt | None = None) -> str:
    """The SHA-256 that tells one version of a submission from another."""
    if attempt:
        return attempt_fingerprint(path, attempt)
    digest = hashlib.sha256()
    if not path.is_dir():
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    contents = read_files(path)
    for name, data in sorted(contents.files.items()):
        digest.update(f"{len(name.encode())} {name} {len(data)}\n".encode())
        digest.update(data)
    for name in contents.others:
        digest.update(f"{name} {(path / name).stat().st_size}\n".encode())
    for name in contents.archives:
        digest.update(f"{name} {fingerprint(path / name)}\n".encode())
    return digest.hexdigest()


def attempt_fingerprint(download: Path, attempt: Attempt) -> str:
    """The SHA-256 of a student's files with their names; of very large ones, of how they begin."""
    digest = hashlib.sha256()
    left = MAX_HASHED
    with open_download(download) as open_member:
        for name, member in sorted(attempt.files):
            own = hashlib.sha256()
            with open_member(member) as file:
                while left > 0 and (piece := file.read(MIB)):
                    own.update(piece)
                    left -= len(piece)
            digest.update(f"{len(name.encode())} {name} {own.hexdigest()}\n".encode())
    return digest.hexdigest()
