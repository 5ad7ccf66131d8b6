"""``python -m selfcheck submit``: checks, says what is handed in and what is missing, packs it."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..core.files import write_whole
from .board import prediction_faults
from .regions import answering, unwritten
from .results import UNREAD, Result
from .work import Work

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge")
#: Seconds for making a PDF; a browser that hangs must not keep the archive from being made.
_PDF_TIMEOUT_S = 180
#: Folders that programs make: no part of the package. Files in the others are not mentioned.
_MADE = {"__pycache__", ".ipynb_checkpoints", ".git"}
_SKIPPED = {*_MADE, "selfcheck", "build", ".venv", "venv"}


@dataclass(frozen=True)
class Parcel:
    """What is handed in.

    Attributes:
        files: by their names in the archive.
        missing: names of files that should be there and are not.
        unwritten: regions without an answer, in their order.
        left: files of the folder that are not handed in.
    """

    files: dict[str, Path]
    missing: list[str]
    unwritten: list[str]
    left: list[str]


def parcel(work: Work) -> Parcel:
    """What of the folder would be handed in; nothing is run or written."""
    wanted = dict(_wanted(work))
    files = {name: path for name, path in wanted.items() if path.is_file()}
    missing = [name for name, path in wanted.items() if not path.is_file()]
    left = [
        path.relative_to(work.folder).as_posix()
        for path in sorted(work.folder.rglob("*"))
        if path.is_file()
        and path not in files.values()
        and path.suffix in (".py", ".ipynb", ".pdf", ".npy")
        and _SKIPPED.isdisjoint(path.relative_to(work.folder).parts)
        and not any(part.endswith(".egg-info") for part in path.parts)
        and path.name != "setup.py"
    ]
    answers = [files[name] for name in answering(work) if name in files]
    return Parcel(files, missing, unwritten(work, answers), left)


def _wanted(work: Work) -> Iterator[tuple[str, Path]]:
    """What is handed in by its name in the archive, but for a PDF."""
    for name in work.about["notebooks"]:
        yield f"{name}.ipynb", work.folder / f"{name}.ipynb"
    if work.about["suffixes"]:
        return
    package = work.folder / work.package
    for path in sorted(package.rglob("*.py")):
        if _MADE.isdisjoint(path.relative_to(package).parts):
            yield path.relative_to(work.folder).as_posix(), path
    for answer in work.about["answer_files"]:
        yield f"{work.package}/{answer}", package / answer
    if work.about["leaderboard"]:
        for path in sorted((work.folder / "output").rglob("*")):
            if path.name == "prediction.npy" or path.name == "nickname.txt":
                yield path.relative_to(work.folder).as_posix(), path


@dataclass(frozen=True)
class Packed:
    """What became of an archive.

    Attributes:
        names: the files in it, in order.
        remarks: what could not be done, in words.
    """

    names: list[str]
    remarks: list[str]


def write_archive(work: Work, what: Parcel, target: Path) -> Packed:
    """Write the archive, with a PDF of each notebook if one is asked for."""
    remarks = []
    with tempfile.TemporaryDirectory() as scratch:
        files = dict(what.files)
        if ".pdf" in work.about["suffixes"]:
            for name, path in what.files.items():
                pdf = Path(scratch) / f"{Path(name).stem}.pdf"
                remark = print_notebook(path, pdf)
                if remark:
                    remarks.append(remark)
                else:
                    files[pdf.name] = pdf
        packed = io.BytesIO()
        # Unpacked from our undated archive, a file may be older than a zip can say.
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
            for name, path in sorted(files.items()):
                archive.write(path, name)
        write_whole(target, packed.getvalue())
    return Packed(sorted(files), remarks)


def print_notebook(notebook: Path, pdf: Path) -> str:
    """Print a notebook, as it was saved, to a PDF; why it could not be done, or nothing."""
    browser = next((found for name in _BROWSERS if (found := shutil.which(name))), None)
    advice = f"print {notebook.name} to a PDF yourself (Ctrl+P) and put it into the archive"
    if browser is None:
        return f"no PDF was made: there is no Chromium or Chrome here; install one, or {advice}"
    with tempfile.TemporaryDirectory() as scratch:
        page = Path(scratch, "page.html")
        export = [sys.executable, "-m", "nbconvert", "--to", "html", "--log-level", "ERROR"]
        export += ["--HTMLExporter.sanitize_html=True", "--output", str(page), str(notebook)]
        # Chromium's own sandbox does not work for root; the page is the student's own.
        rootly = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        printing = [browser, "--headless", *rootly, "--disable-gpu", "--no-pdf-header-footer"]
        printing += [f"--user-data-dir={scratch}/profile", f"--print-to-pdf={pdf}", page.as_uri()]
        for command, tool in ((export, "nbconvert"), (printing, "the browser")):
            try:
                done = subprocess.run(
                    command, capture_output=True, text=True, timeout=_PDF_TIMEOUT_S, check=False
                )
            except (OSError, subprocess.TimeoutExpired) as error:
                return f"no PDF was made: {tool}: {error}; {advice}"
            if done.returncode:
                told = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
                return f"no PDF was made: {tool} says {told}; {advice}"
    return "" if pdf.is_file() else f"no PDF was made: the browser wrote none; {advice}"


def listing(packed: Packed, what: Parcel) -> Iterator[str]:
    """What is handed in and what is not, line by line."""
    yield "Handed in:"
    yield from (f"    {name}" for name in packed.names)
    left = [name for name in what.left if name not in packed.names]
    if left:
        yield "Not handed in:"
        yield from (f"    {name}" for name in left[:20])
        if len(left) > 20:
            yield f"    and {len(left) - 20} more"


def warnings(work: Work, what: Parcel, results: list[Result], picks: list[Result]) -> Iterator[str]:
    """What a student should know before handing in, line by line."""
    for name in what.missing:
        yield f"WARNING: {name} is not there; put it into {work.folder} and submit again"
    board = work.about["leaderboard"]
    for fault in prediction_faults(board, what.files) if board else ():
        yield f"WARNING: {fault}"
    if what.unwritten:
        titles = {q["id"]: q["title"] for q in work.questions}
        yield f"WARNING: nothing is written yet for {len(what.unwritten)} answers:"
        for region in what.unwritten:
            yield f"    {titles.get(region.partition('.')[0], '')} ({region})"
    failed = [r for r in results if not r.passed and r.outcome != "missing"]
    if failed:
        yield f"WARNING: {len(failed)} of {len(results)} visible checks are not passed"
    for result in picks:
        if result.outcome == UNREAD:
            yield f"WARNING: {result.check.question}: {result.message}"
