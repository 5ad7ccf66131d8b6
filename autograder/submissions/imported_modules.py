"""Which modules of a submission's own choice this machine does not have."""

from __future__ import annotations

import ast
import importlib.util
import sys
import warnings
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from autograder.core.cell_statements import extract_statements
from autograder.core.needed_cells import plan_cells
from autograder.harness import Harness
from autograder.submissions.submission import Submission

#: More names are not told.
_MOST = 20
#: A longer name is no module's.
_LONGEST_NAME = 60
#: A longer file, in bytes, is not searched: it is no student's work.
_LONGEST = 1_000_000


def missing_modules(submission: Submission, harness: Harness) -> list[str]:
    """The top-level modules that a submission imports and that are not installed here, sorted.

    They are read from its text, not from an exception: any code can raise a ModuleNotFoundError.
    An import in a ``try`` is left out, because the code seems to do without the module.
    """
    own = {harness.package, submission.package_name}
    own |= {PurePosixPath(path).stem for path in submission.modules}
    # A given file that is imported without the package's name is not there, but nothing to install.
    own |= {path.stem for path in harness.package_folder.rglob("*.py")}
    sources = [
        data.decode("utf-8-sig", "replace")
        for data in submission.modules.values()
        if len(data) <= _LONGEST
    ]
    cells = [source for answers in submission.notebooks.values() for source in answers.values()]
    cells += (
        part.source
        for notebook in submission.cells.values()
        for part in plan_cells(notebook).parts
        if part.is_own
    )
    sources += (statement.source for statement in extract_statements(cells))
    names = {name for source in sources for name in _imported(source)} - own
    return [name for name in sorted(names) if not _is_installed(name)][:_MOST]


def _imported(source: str) -> Iterator[str]:
    """The top-level names of the modules that a source imports; none if it is no Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the student's code may cause some
            pending: list[ast.AST] = [ast.parse(source)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Import):
            yield from _top_level(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from _top_level([node.module])
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            pending += node.orelse  # its body is for a type checker, and never runs
        elif isinstance(node, ast.Try):
            pending += (*node.orelse, *node.finalbody)
        elif not isinstance(node, ast.expr):
            pending += ast.iter_child_nodes(node)


def _top_level(names: Iterable[str]) -> Iterator[str]:
    return (top for name in names if len(top := name.partition(".")[0]) <= _LONGEST_NAME)


def _is_installed(name: str) -> bool:
    if name in sys.stdlib_module_names or name in sys.modules:
        return True
    return importlib.util.find_spec(name) is not None
