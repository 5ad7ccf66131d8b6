"""The files that students get as they are: those of the package, of ``data/``, of ``handout/``.

None of them may hold a solution: regions are stripped in modules and notebooks alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from autograder.submissions.file_names import is_junk

#: The suffixes of files in a package that are texts.
TEXT_SUFFIXES = {".py", ".pyx", ".pxd", ".h", ".md", ".txt", ".toml"}
#: What compilers leave in a package; and what Cython writes beside its source.
_BUILT = {".a", ".dll", ".dylib", ".lib", ".o", ".obj", ".pyc", ".pyd", ".so"}
_OF_CYTHON = {".c", ".cpp", ".html"}
#: ``README.zh.md``: the stem, the language, the suffix.
_TRANSLATED = re.compile(r"(.+)\.([a-z]{2})(\.\w+)")
#: Of a Jinja template in ``handout/``.
TEMPLATE = ".j2"
#: A marker at the beginning of a line, in a comment of any language; also one in a notebook's JSON.
_MARKER = re.compile(rb"^[^\w\n]{0,20}(BEGIN|END) (SOLUTION|HIDDEN TESTS)\b", re.MULTILINE)


def given_solutions(paths: Iterable[Path]) -> Iterator[str]:
    """A sentence for each of these files with a marker: students would get it as it stands."""
    for path in paths:
        data = path.read_bytes()
        if b"SOLUTION" not in data and b"HIDDEN TESTS" not in data:
            continue
        if found := _MARKER.search(data):
            line = data.count(b"\n", 0, found.start()) + 1
            yield (
                f"{path}:{line}: students would get this file with the solution in it; regions are "
                "understood in modules (.py) and in notebooks alone. Move the answer into one of "
                "them, or take it out"
            )


def files_below(folder: Path) -> list[Path]:
    """All files in a folder, without hidden ones and what tools leave behind."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not is_junk(path.relative_to(folder).as_posix())
    ]


def package_files(package: Path) -> list[Path]:
    """The files of a package that students get: all but hidden ones and those that were built."""
    return [
        path
        for path in files_below(package)
        if path.suffix not in _BUILT
        and not (path.suffix in _OF_CYTHON and path.with_suffix(".pyx").is_file())
    ]


def handout_paths(assignment: Path, language: str) -> dict[str, Path]:
    """The files of ``handout/``, by the name that students see.

    A file in this language replaces the English one.
    """
    folder = assignment / "handout"
    files: dict[str, Path] = {}
    translated: dict[str, Path] = {}
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        # The template's suffix goes first, or ``README.md.j2`` would be in the language "md".
        name = path.relative_to(folder).as_posix().removesuffix(TEMPLATE)
        match = _TRANSLATED.fullmatch(name)
        if match is None:
            files[name] = path
        elif match[2] == language:
            translated[match[1] + match[3]] = path
    return files | translated
