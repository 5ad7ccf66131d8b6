"""Finds the functions that a student's modules lack, or leave empty or as other starter code.

Some students have modules of another edition of a course, or an empty module. A function that is
asked for may be missing there, or empty. Or it may still be the starter code of that edition.
Unlike our stubs, none of these says that the answer is missing. Grading asks here, and selfcheck.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from .remote import ATTRIBUTE
from .written_regions import Regions, missing_functions, outline, raised_regions

#: Statements that only compute and assign.
_SIMPLE = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr)


def missing_answers(asked: Mapping[str, Regions], modules: Mapping[str, bytes]) -> dict[str, str]:
    """The functions and methods that are asked for and that the modules lack or leave unwritten.

    Args:
        asked: of the release's answer files, by path below the package; see `regions_of`.
        modules: the bytes of the student's, by path below the package. A file that is not among
            them is skipped, because its stub is run; so is one that is no Python.

    Returns the id of the region by the dotted name of the function below the package, such as
    ``classifiers.cnn.ThreeLayerConvNet.loss``.
    """
    missing = {}
    for path, regions in asked.items():
        if path in modules:
            source = modules[path].decode("utf-8-sig", "replace")
            parts = PurePosixPath(path).with_suffix("").parts
            for name, region in missing_functions(regions, source).items():
                missing[".".join([*parts, name])] = region
    return missing


def missing_region(used: Sequence[str], missing: Mapping[str, str]) -> str | None:
    """The first region that is missing among those that a check ran into; None if none is.

    If a check made an object of a class, its constructor counts, and so does the method that the
    check asked for. Any other method counts only if the check called something else too, which may
    call it.

    Args:
        used: what the check asked for, as in `Student.names_used`, but with the names that the
            variant has.
        missing: see `missing_answers`.
    """
    for number, name in enumerate(used):
        if name in missing:
            return missing[name]
        methods = {m.removeprefix(name): r for m, r in missing.items() if m.startswith(f"{name}.")}
        called = [f".{u.removeprefix(ATTRIBUTE)}" for u in used if u.startswith(ATTRIBUTE)]
        later = any(u != name and not u.startswith(ATTRIBUTE) for u in used[number:])
        candidates = [".__init__", *called, *(methods if later else ())]
        region = next((methods[m] for m in candidates if m in methods), None)
        if region:
            return region
    return None


def functions_that_are_stubs(source: str) -> dict[str, str]:
    """The functions that raise our stub's exception before they call anything, with its region."""
    found = {}
    for name, node in (outline(source) or {}).items():
        for statement in node.body if node else ():
            raised = isinstance(statement, ast.Raise)
            region = next(raised_regions(statement), None) if raised else None
            if region:
                found[name] = region
            if not isinstance(statement, _SIMPLE) or _calls(statement):
                break
    return found


def _calls(statement: ast.stmt) -> bool:
    return any(isinstance(node, ast.Call) for node in ast.walk(statement))
