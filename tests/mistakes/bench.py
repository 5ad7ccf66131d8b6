"""The reference with something else in the place of its answers, and what the checks make of it."""

import importlib
import sys
import warnings
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

from autograder.core.checks import load_folder
from autograder.core.errors import StudentError
from autograder.core.local import local_student
from autograder.core.run import Expected, departure, judge, observe

ROOT = Path(__file__).parents[2]
CHECKS = load_folder(ROOT / "assignment" / "checks")

#: Answers that the notebook asks for; the notebook's own are tried by the release.
SETTINGS = {"overfit_three_layers": lambda: (0.2, 0.3), "overfit_five_layers": lambda: (0.2, 0.1)}


def student(check, answers=SETTINGS):
    """The reference as it stands at the moment, in this process, seeded for a check."""
    return local_student("convnet", check.seed, lambda _name: SimpleNamespace(**answers))


def record(check):
    """What the reference gives, the trace included."""
    reference = student(check)
    return Expected(observe(check, reference), tuple(reference.trace))


def share(check, expected, answers):
    """The share of its points that a check gives to what stands in the reference's place.

    Fails if the check itself breaks although nothing came back that would excuse it.
    """
    candidate = student(check, answers)
    try:
        return judge(check, observe(check, candidate), expected).share
    except StudentError:
        return 0.0
    except Exception as error:
        if departure(candidate.trace, expected.trace):
            return 0.0
        raise AssertionError(f"{check.place}: the check itself broke") from error


@contextmanager
def in_place(targets):
    """Replacements by target, see `Replacement`, wherever a module has the originals.

    Yields the notebook's answers by name.
    """
    answers = dict(SETTINGS)
    with ExitStack() as stack:
        for target, replacement in targets.items():
            where, _, name = target.rpartition(".")
            if where == "notebook":
                answers[name] = replacement
                continue
            original = getattr(importlib.import_module(f"convnet.{where}"), name)
            for module in _modules_of("convnet"):
                for key, value in list(vars(module).items()):
                    if value is original:
                        stack.enter_context(patch.object(module, key, replacement))
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore", RuntimeWarning)  # an overflow may be the point
        yield answers


def _modules_of(package):
    """The modules of a package that have been imported."""
    return [
        module
        for name, module in list(sys.modules.items())
        if name == package or name.startswith(f"{package}.")
    ]
