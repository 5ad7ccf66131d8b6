"""Given code runs beside whatever a student has written, and fails only where it uses more."""

import subprocess
import sys
from pathlib import Path

import pytest

from plumb.config import variants
from plumb.reference import reference_files
from tests.real_assignment import real_assignment

ROOT = Path(__file__).parents[3]
IMPORT_ALL = """\
import importlib, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
"""


def lay_out(folder, variant, answers=""):
    """Write a variant's package with this text in every answer file; its given modules."""
    assignment = real_assignment(variant)
    given = []
    for source in reference_files(assignment):
        path = folder / source.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(answers.encode() if source.regions else source.data)
        if path.suffix == ".py" and source.path.startswith(f"{assignment.package}/"):
            dotted = source.path.removesuffix(".py").replace("/", ".")
            given += [] if source.regions else [dotted.removesuffix(".__init__")]
    return given


def answer_files(variant):
    """The answer files of a variant that import from its package, with their dotted names."""
    assignment = real_assignment(variant)
    return {
        source.path.removesuffix(".py").replace("/", "."): source
        for source in reference_files(assignment)
        if source.regions and f"from {assignment.package}".encode() in source.data
    }


def run(folder, *command):
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", *command],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("variant", variants(ROOT / "assignment"))
def test_given_modules_need_no_answer_to_be_imported(tmp_path, variant):
    given = lay_out(tmp_path, variant)
    assert len(given) > 5
    done = run(tmp_path, IMPORT_ALL, *given)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("variant", variants(ROOT / "assignment"))
def test_an_answer_file_needs_no_answer_of_another_to_be_imported(tmp_path, variant):
    """Its given lines ask for a name only where the code uses it."""
    for number, (dotted, source) in enumerate(answer_files(variant).items()):
        folder = tmp_path / str(number)
        lay_out(folder, variant)
        (folder / source.path).write_bytes(source.data)
        done = run(folder, IMPORT_ALL, dotted)
        assert done.returncode == 0, done.stderr


def test_a_given_function_needs_only_the_layers_that_it_calls(tmp_path):
    lay_out(tmp_path, "cs231n", "def affine_forward(x, w, b):\n    return x @ w + b, None\n"
            "def relu_forward(x):\n    return x.clip(0), x\n")  # fmt: skip
    script = "import numpy as np\nfrom cs231n.layer_utils import *\n"
    done = run(tmp_path, f"{script}print(affine_relu_forward(np.eye(2), -np.eye(2), 1)[0].sum())")
    assert done.stdout == "2.0\n", done.stderr
    done = run(tmp_path, f"{script}affine_bn_relu_forward(np.eye(2), np.eye(2), 0, 1, 0, {{}})")
    assert "has no attribute 'batchnorm_forward'" in done.stderr


def test_names_of_layers_still_come_through_layer_utils(tmp_path):
    lay_out(tmp_path, "cs231n", "def softmax_loss(x, y):\n    return 0.0, x\n")
    script = "from cs231n.layer_utils import *\nprint(softmax_loss(1, 2), conv_relu_forward)"
    done = run(tmp_path, script)
    assert done.stdout.startswith("(0.0, 1) <function conv_relu_forward"), done.stderr
