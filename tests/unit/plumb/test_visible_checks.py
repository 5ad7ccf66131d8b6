"""What students get of the checks: the visible ones, and nothing that only hidden ones use."""

from plumb.visible_checks import cut_visible_checks

SOURCE = '''"""Checks of doubling."""

import math

import numpy as np

from plumbline import FLOAT32, check

# The hidden one tries odd sizes.
SECRET_SIZE = 17
EXAMPLE = np.arange(3.0)


def helper(x):
    """Shared."""
    return x + EXAMPLE


def secret_helper():
    return math.pi * SECRET_SIZE


@check("double", points=1, seed=0, visible=True)
def example(student, rng):
    """Twice the example."""
    # A comment of its own.
    return {"out": student.double(helper(0))}


@check("double", points=1, seed=0, tolerance=FLOAT32)
def lurking(student, rng):
    """A hidden one."""
    return {"out": student.double(secret_helper())}
'''


def test_the_visible_check_and_its_helpers_are_kept():
    assert cut_visible_checks(SOURCE, ["example"]) == (
        '"""Checks of doubling."""\n'
        "\n"
        "import numpy as np\n"
        "from plumbline import check\n"
        "\n"
        "EXAMPLE = np.arange(3.0)\n"
        "\n\n"
        "def helper(x):\n"
        '    """Shared."""\n'
        "    return x + EXAMPLE\n"
        "\n\n"
        '@check("double", points=1, seed=0, visible=True)\n'
        "def example(student, rng):\n"
        '    """Twice the example."""\n'
        "    # A comment of its own.\n"
        '    return {"out": student.double(helper(0))}\n'
    )


def test_a_file_without_visible_checks_is_left_out():
    assert cut_visible_checks(SOURCE, ["elsewhere"]) is None
