"""Which modules of a submission count: the answers in its package, and the student's helpers.

A given file is never replaced, and nothing is taken that would hide one from an import.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from autograder.harness import Harness
from autograder.submissions.candidates import package_folder

#: Run by tools, not by the package.
_NEVER = {"conftest.py", "setup.py", "sitecustomize.py", "usercustomize.py"}
#: What every student has beside the package: our own, and what an installation left.
_COMMON = {"build", "selfcheck"}
#: Nobody writes more modules than these.
MAX_HELPERS = 200
#: Modules that were ignored are named up to this many.
_NAMED = 5

Modules = dict[str, bytes]


def choose_modules(sources: Mapping[str, bytes], harness: Harness, notes: list[str]) -> Modules:
    """The answer files and helpers in the submission's package folder, by path relative to it.

    Args:
        sources: every Python file of the submission.
        notes: gets a sentence for whatever was put right or ignored.
    """
    folder = package_folder(sources, harness.package, harness.answer_files)
    if folder is None:
        return _lone_module(sources, harness, notes)
    shown = f"{folder}/" if folder else "the top folder"
    if _base(folder) != harness.package:
        notes.append(f"{shown} was taken for the package {harness.package}")
    prefix = f"{folder}/" if folder else ""
    inside = {n.removeprefix(prefix): d for n, d in sources.items() if n.startswith(prefix)}
    modules = {name: inside[name] for name in harness.answer_files if name in inside}
    taken = set()
    for name in harness.answer_files:
        loose = _base(name)
        if name not in inside and loose in inside and loose not in harness.answer_files:
            modules[name] = inside[loose]
            inside[name] = inside.pop(loose)
            taken.add(f"{prefix}{loose}")
            notes.append(f"{loose} was taken for {name}")
    if _base(folder) != harness.package:
        # Not laid out as released: only what lies beside the answers can be a helper.
        inside = _beside(modules, inside)
    taken |= {f"{prefix}{name}" for name in inside}
    _note_elsewhere(sources.keys() - taken, harness, notes)
    return modules | _helpers(inside, harness, notes)


def _lone_module(sources: Mapping[str, bytes], harness: Harness, notes: list[str]) -> Modules:
    """A single module under a name of the student's, where only one file is to be written."""
    if len(sources) == 1 and len(harness.answer_files) == 1:
        ((name, data),) = sources.items()
        answer = harness.answer_files[0]
        notes.append(f"{name} was taken for {answer}")
        return {answer: data}
    return {}


def _beside(answers: Iterable[str], inside: Modules) -> Modules:
    folders = {PurePosixPath(name).parent for name in answers}
    return {name: data for name, data in inside.items() if PurePosixPath(name).parent in folders}


def _note_elsewhere(names: Iterable[str], harness: Harness, notes: list[str]) -> None:
    """Say which modules outside the package were ignored, but for those that all students have."""
    own = sorted(n for n in names if _base(n) not in _NEVER and _COMMON.isdisjoint(n.split("/")))
    if own:
        more = ", …" if len(own) > _NAMED else ""
        notes.append(
            f"ignored outside the package {harness.package}: {', '.join(own[:_NAMED])}{more}"
        )


def _helpers(inside: Mapping[str, bytes], harness: Harness, notes: list[str]) -> Modules:
    """Modules of the student's own; a given file of the same name always wins."""
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
    """What can be imported of the given package, dotted and case-folded."""
    files = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    modules = [name for name in files if os.path.splitext(name)[1] in (".py", ".pyx", ".so")]
    return _module_names(modules)


def _module_names(files: Iterable[str]) -> set[str]:
    return {".".join(PurePosixPath(f).with_suffix("").parts).casefold() for f in files}


def _shadowed(name: str) -> set[str]:
    """The modules that an import would no longer find if this file were there."""
    parts = PurePosixPath(name).with_suffix("").parts
    return {".".join(parts[:end]).casefold() for end in range(1, len(parts) + 1)}


def _lines(data: bytes) -> list[bytes]:
    return [line.rstrip() for line in data.strip().splitlines()]


def _base(name: str) -> str:
    return PurePosixPath(name).name
