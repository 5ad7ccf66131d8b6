"""Runs checks on the reference with some of its answers replaced."""

import functools
import importlib
import re
import sys
import warnings
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

from autograder.core.check_files import load_folder
from autograder.core.data import read_data
from autograder.core.errors import StudentError
from autograder.core.judge import Expected, judge, observe, structural_difference
from autograder.core.local import local_student
from tests.real_assignment import real_assignment

ROOT = Path(__file__).parents[2]
CHECKS = [check.on("digits") for check in load_folder(ROOT / "assignment" / "checks")]
DATA = read_data("digits", (ROOT / "assignment" / "grader_data" / "digits.npz").read_bytes())


def _answers():
    """The notebooks' set-up and answer cells, run as one module of the package; answers in prose.

    Because it is a module, replacements take effect in it too.
    """
    module = sys.modules["convnet.in_notebooks"] = ModuleType("convnet.in_notebooks")
    prose = {}
    cells = real_assignment("convnet").cells
    for cell in (cell for own in cells.values() for cell in own):
        if cell.kind == "code" and cell.role in ("setup", "answer"):
            code = re.sub(r"^[%!].*$", "pass", cell.text, flags=re.MULTILINE)
            exec(compile(code, cell.id, "exec"), vars(module))
        elif cell.kind == "markdown":
            prose |= {region.id: "\n".join(region.body) for region in cell.regions}
    return module, prose


NOTEBOOKS, PROSE = _answers()


def student(check):
    """The reference with the current replacements, in this process, seeded for a check."""
    return local_student("convnet", check.seed, lambda _name: NOTEBOOKS, answers=PROSE)


def record(check):
    """The expected output of a check, recorded from the reference."""
    reference = student(check)
    return Expected(observe(check, reference, DATA), tuple(reference.trace))


@functools.cache
def recorded(name):
    """The expected output of the check with this id, cached; call it before replacing anything."""
    return record(next(check for check in CHECKS if check.id == name))


def share(check, expected):
    """The share of its points that a check gives to the replacement.

    Fails if the check breaks although the replacement returned values of the usual structure.
    """
    candidate = student(check)
    try:
        return judge(check, observe(check, candidate, DATA), expected).share
    except StudentError:
        return 0.0
    except Exception as error:  # a check may break on a wrong answer, as in grading
        if structural_difference(candidate.trace, expected.trace):
            return 0.0
        raise AssertionError(f"{check.place}: the check itself broke") from error


def right_in(replacement, feature):
    """For each check of this feature: whether each observation is right, by its name."""
    checks = [c for c in CHECKS if c.question in replacement.questions and c.when == feature]
    expected = [recorded(check.id) for check in checks]
    found = {}
    with in_place(replacement.targets):
        for check, right in zip(checks, expected, strict=True):
            judged = judge(check, observe(check, student(check), DATA), right)
            found[check.name] = {name: c.share == 1 for name, c in judged.comparisons.items()}
    return found


def losers(replacement):
    """The checks of a replacement's questions that it does not pass in full."""
    checks = [check for check in CHECKS if check.question in replacement.questions]
    expected = [recorded(check.id) for check in checks]
    with in_place(replacement.targets):
        return [c for c, right in zip(checks, expected, strict=True) if share(c, right) < 1]


@contextmanager
def in_place(targets):
    """Apply replacements by target, see `Replacement`, in every module that has the originals."""
    with ExitStack() as stack:
        for target, replacement in targets.items():
            module_name, _, name = target.rpartition(".")
            if module_name == "notebook":
                stack.enter_context(patch.object(NOTEBOOKS, name, replacement))
                continue
            original = getattr(importlib.import_module(f"convnet.{module_name}"), name)
            for module in _modules_of("convnet"):
                for key, value in list(vars(module).items()):
                    if value is original:
                        stack.enter_context(patch.object(module, key, replacement))
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore", RuntimeWarning)  # an overflow may be the point
        yield


def _modules_of(package):
    """The modules of a package that have been imported."""
    return [
        module
        for name, module in list(sys.modules.items())
        if name == package or name.startswith(f"{package}.")
    ]
