"""Tells one version of a submission from another, by the SHA-256 of what was handed in.

It hashes students' archives as they are and opens none of them.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from autograder.limits import MIB
from autograder.submissions.archive import read_files
from autograder.submissions.attempt import Attempt
from autograder.submissions.bulk_download import opened_download
from autograder.submissions.file_names import is_left_by_tools

#: Bytes of one submission in a download that are hashed.
MAX_HASHED = 1024 * MIB


def fingerprint(path: Path, attempt: Attempt | None = None) -> str:
    """The SHA-256, in hexadecimal, of a submission.

    Of a file it is the hash of its bytes. Of a folder it covers modules, notebooks and archives
    with their names and bytes, and documents with their names and sizes.

    Args:
        path: of the submission, or of the download that it is in.
        attempt: the student's files in the download.
    """
    if attempt:
        return attempt_fingerprint(path, attempt)
    digest = hashlib.sha256()
    if not path.is_dir():
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    submitted = read_files(path)
    for name, data in sorted(submitted.files.items()):
        digest.update(f"{len(name.encode())} {name} {len(data)}\n".encode())
        digest.update(data)
    for name in submitted.documents:
        digest.update(f"{name} {(path / name).stat().st_size}\n".encode())
    for name in submitted.archives:
        digest.update(f"{name} {fingerprint(path / name)}\n".encode())
    return digest.hexdigest()


def attempt_fingerprint(download: Path, attempt: Attempt) -> str:
    """The SHA-256 of a student's files with their names; of the first `MAX_HASHED` bytes only."""
    digest = hashlib.sha256()
    remaining = MAX_HASHED
    with opened_download(download) as open_member:
        for name, member in sorted(attempt.files):
            if is_left_by_tools(name):  # it may be large, and is never read
                continue
            file_digest = hashlib.sha256()
            with open_member(member) as file:
                while remaining > 0 and (piece := file.read(MIB)):
                    file_digest.update(piece)
                    remaining -= len(piece)
            plain = name.encode("utf-8", "surrogateescape")
            line = b"%d %s %s\n" % (len(plain), plain, file_digest.hexdigest().encode())
            digest.update(line)
    return digest.hexdigest()
