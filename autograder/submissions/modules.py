"""Chooses the modules of a submission that count: its answer files with the student's helpers.

A submission never replaces a given file. A helper that would hide one from an import is ignored.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from autograder.harness import Harness
from autograder.submissions.candidates import loose_answers, package_folder

#: Modules that tools run, not the package. They never count.
_NEVER = {"conftest.py", "setup.py", "sitecustomize.py", "usercustomize.py"}
#: Folders that every student has: our selfcheck, and what an installation leaves behind. Modules in
#: them are ignored without a note.
_COMMON = {"build", "selfcheck"}
#: How many helpers of one student count at most.
MAX_HELPERS = 200
#: How many ignored modules a note names.
_NAMED = 5

Modules = dict[str, bytes]


def choose_modules(sources: Mapping[str, bytes], harness: Harness, notes: list[str]) -> Modules:
    """The answer files and helpers in the submission's package folder, by path relative to it.

    Args:
        sources: every Python file of the submission.
        notes: gets a sentence for everything that was corrected or ignored.
    """
    folder = package_folder(sources, harness.package, harness.answer_files)
    if folder is None:
        return _lone_module(sources, harness, notes)
    has_package_name = _base(folder) == harness.package
    prefix = f"{folder}/" if folder else ""
    if not has_package_name:
        notes.append(f"{prefix or 'the top folder'} was read as the package {harness.package}")
    inside = {n.removeprefix(prefix): d for n, d in sources.items() if n.startswith(prefix)}
    loose = loose_answers(inside, harness.answer_files)
    for answer, name in loose.items():
        inside[answer] = inside.pop(name)
        notes.append(f"{name} was read as {answer}")
    answers = {name: inside[name] for name in harness.answer_files if name in inside}
    if not has_package_name:
        # In a folder with another name, only the modules beside the answers can be helpers.
        inside = _beside(answers, inside)
    looked_at = {f"{prefix}{name}" for name in (*inside, *loose.values())}
    _note_elsewhere(sources.keys() - looked_at, harness, notes)
    return answers | _helpers(inside, harness, notes)


def _lone_module(sources: Mapping[str, bytes], harness: Harness, notes: list[str]) -> Modules:
    """The only module, whatever its name, if students are to write only one file."""
    if len(sources) == 1 and len(harness.answer_files) == 1:
        ((name, data),) = sources.items()
        answer = harness.answer_files[0]
        notes.append(f"{name} was read as {answer}")
        return {answer: data}
    return {}


def _beside(answers: Iterable[str], inside: Modules) -> Modules:
    """The modules that lie in a folder with an answer file."""
    folders = {PurePosixPath(name).parent for name in answers}
    return {name: data for name, data in inside.items() if PurePosixPath(name).parent in folders}


def _note_elsewhere(names: Iterable[str], harness: Harness, notes: list[str]) -> None:
    """Note which modules outside the package were ignored, without those of all students."""
    ignored = sorted(
        n for n in names if _base(n) not in _NEVER and _COMMON.isdisjoint(n.split("/"))
    )
    if ignored:
        more = ", …" if len(ignored) > _NAMED else ""
        notes.append(
            f"ignored outside the package {harness.package}: {', '.join(ignored[:_NAMED])}{more}"
        )


def _helpers(inside: Mapping[str, bytes], harness: Harness, notes: list[str]) -> Modules:
    """The student's modules that are no answer files, without those that are given."""
    given = _given_modules(harness.package_folder) | _module_names(harness.answer_files)
    helpers = {}
    for name, data in sorted(inside.items()):
        if name in harness.answer_files or _base(name) in _NEVER:
            continue
        original = harness.package_folder / name
        if original.is_file():
            if _lines(original.read_bytes()) != _lines(data):
                notes.append(f"ignored {name}: it is given, and was changed")
        elif not all(part.isidentifier() for part in PurePosixPath(name).with_suffix("").parts):
            notes.append(f"ignored {name}: no module can have that name")
        elif not given.isdisjoint(_shadowed(name)):
            notes.append(f"ignored {name}: it would hide a file that is given")
        else:
            helpers[name] = data
    for name in list(helpers)[MAX_HELPERS:]:
        del helpers[name]
        notes.append(f"ignored {name}: there are more than {MAX_HELPERS} modules")
    return helpers


def _given_modules(folder: Path) -> set[str]:
    """The modules of the given package, dotted and case-folded."""
    files = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    modules = [name for name in files if os.path.splitext(name)[1] in (".py", ".pyx", ".so")]
    return _module_names(modules)


def _module_names(files: Iterable[str]) -> set[str]:
    """The names of these modules, dotted and case-folded."""
    return {".".join(PurePosixPath(f).with_suffix("").parts).casefold() for f in files}


def _shadowed(name: str) -> set[str]:
    """The modules that an import would no longer find beside this file, see `_module_names`."""
    parts = PurePosixPath(name).with_suffix("").parts
    return {".".join(parts[:end]).casefold() for end in range(1, len(parts) + 1)}


def _lines(data: bytes) -> list[bytes]:
    return [line.rstrip() for line in data.strip().splitlines()]


def _base(name: str) -> str:
    return PurePosixPath(name).name
