"""What a course needs of Python packages: said before anything runs, with how to install it."""

import sys

import numpy as np
import pytest

from autograder.course_packages import checked_requirements, names_of, require_packages
from autograder.errors import AssignmentError, UserError

HERE = [
    "numpy", "NumPy>=1.20", f"numpy=={np.__version__}", "numpy[extra]", "Jinja2",
    "no_such_package; python_version < '3'", "typing_extensions!=0.1",
]  # fmt: skip


@pytest.mark.parametrize("requirement", HERE)
def test_what_is_here_is_asked_for_without_a_word(requirement):
    require_packages(checked_requirements([requirement], "course.toml"), "hw1")


def test_all_that_is_missing_is_told_at_once_with_the_command():
    needed = ("numpy", "no-such-package>=2", "numpy>=99")
    with pytest.raises(UserError) as caught:
        require_packages(needed, "Numerics")
    text = str(caught.value)
    assert "Numerics needs Python packages" in text
    assert "no-such-package>=2 (not installed)" in text
    assert f"numpy>=99 (version {np.__version__} is installed)" in text
    assert text.endswith(f"{sys.executable} -m pip install 'no-such-package>=2' 'numpy>=99'")


@pytest.mark.parametrize("text", ["pandas >> 2", "", "-r requirements.txt", "two words", "a;b"])
def test_what_pip_would_not_understand_is_refused_with_its_place(text):
    with pytest.raises(AssignmentError, match=r"hw1/assignment\.toml: python: .* is no require"):
        checked_requirements([text], "hw1/assignment.toml")


def test_a_requirement_counts_once_and_a_name_has_one_spelling():
    assert checked_requirements(["scipy", "numpy", "scipy"], "") == ("scipy", "numpy")
    assert names_of(["Typing_Extensions>=4", "numpy[x]"]) == {"typing-extensions", "numpy"}
