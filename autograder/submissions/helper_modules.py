"""Chooses the helpers of a submission: the student's modules that are no answer files.

A helper never hides a given file from an import, and no two of them are one file on any system.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from autograder.harness import Harness
from autograder.submissions.file_names import folded
from autograder.submissions.merge_conflicts import conflict_line, conflict_sentence
from autograder.submissions.notes import LeftAside

#: Modules that tools run, not the package. They never count.
NEVER = {"conftest.py", "setup.py", "sitecustomize.py", "usercustomize.py"}
#: How many helpers of one student count at most.
MAX_HELPERS = 200

Modules = dict[str, bytes]


def choose_helpers(inside: Mapping[str, bytes], harness: Harness, notes: list[str]) -> Modules:
    """The student's modules that are no answer files, without those that are given.

    Args:
        inside: the modules in the package folder, by path relative to it.
        notes: gets a sentence for each one that is ignored.
    """
    given = _given_modules(harness.package_folder) | _module_names(harness.answer_files)
    helpers: Modules = {}
    path_by_key = {folded(name): name for name in harness.answer_files}
    for name, data in sorted(inside.items()):
        if name in harness.answer_files or PurePosixPath(name).name in NEVER:
            continue
        if (harness.package_folder / name).is_file():
            continue
        if not all(part.isidentifier() for part in PurePosixPath(name).with_suffix("").parts):
            notes.append(LeftAside(f"ignored {name}: no module can have that name"))
        elif not given.isdisjoint(_shadowed(name)):
            notes.append(LeftAside(f"ignored {name}: it would hide a file that is given"))
        elif (other := path_by_key.setdefault(folded(name), name)) != name:
            notes.append(LeftAside(f"ignored {name}: it is one file with {other} on many systems"))
        else:
            helpers[name] = data
            if line := conflict_line(data):
                notes.append(LeftAside(f"{name} cannot be imported: {conflict_sentence(line)}"))
    for name in list(helpers)[MAX_HELPERS:]:
        del helpers[name]
        notes.append(LeftAside(f"ignored {name}: there are more than {MAX_HELPERS} modules"))
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
