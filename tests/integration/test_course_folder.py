"""A whole course's folder as students keep it: the package is found in it, the rest costs nothing.

Functions that are missing or left as an older course's starter code count as missing.
"""

import json
import re
import zipfile

import pytest

from autograder.records import Outcome, Status
from tests.integration.student import graded, unpacked, write_answers

#: It needs a release that takes long to build, and grades all of its checks.
pytestmark = pytest.mark.long

PYTHON_2 = "def show(name):\n    print 'the name is', name\n    return xrange(3)\n"
#: The starter code of another edition: no stub of ours.
STARTER = '''\
def spatial_groupnorm_backward(dout, cache):
    """Gradients of spatial group normalisation."""
    dx, dgamma, dbeta = None, None, None
    ###########################################################################
    # TODO: go back through the group norm; three gradients are wanted.      #
    ###########################################################################
    pass
    ###########################################################################
    #                             END OF YOUR CODE                            #
    ###########################################################################
    return dx, dgamma, dbeta
'''


def cut(text, name):
    """A module without one of its functions."""
    shorter = re.sub(rf"^def {name}\(.*?(?=^def |\Z)", "", text, flags=re.DOTALL | re.MULTILINE)
    assert shorter != text
    return shorter


@pytest.fixture(scope="module")
def course(release_variant, tmp_path_factory):
    """The folder of a student who has worked in it for weeks, packed with all that is in it."""
    folder = tmp_path_factory.mktemp("course")
    fresh = unpacked(release_variant("cs231n"), "cs231n", tmp_path_factory.mktemp("unpacked"))
    home = fresh.rename(folder / "assignment2")
    write_answers(home, "cs231n")
    layers = home / "cs231n" / "layers.py"
    text = cut(layers.read_text("utf-8"), "max_pool_backward_naive")
    layers.write_text(cut(text, "spatial_groupnorm_backward") + "\n\n" + STARTER, "utf-8")
    (home / "cs231n" / "optim.py").unlink()

    def write(path, content):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())

    other = {
        "cells": [{"cell_type": "code", "source": PYTHON_2, "metadata": {}, "outputs": []}],
        "metadata": {"kernelspec": {"name": "python2", "display_name": "Python 2"}},
        "nbformat": 4,
        "nbformat_minor": 0,
    }
    for name in ("PyTorch", "TensorFlow", "RNN_Captioning"):
        write(f"assignment2/{name}.ipynb", json.dumps(other))
    write("assignment2/.ipynb_checkpoints/ConvolutionalNetworks-checkpoint.ipynb", "{}")
    write("assignment2/cs231n/vis_utils.py", PYTHON_2)  # given, and changed
    write("assignment2/cs231n/old_layers.py", PYTHON_2)
    write("assignment2/cs231n/im2col_cython.c", "int main;")
    write("assignment2/cs231n/im2col_cython.cpython-37m-darwin.so", b"\xcf\xfa\xed\xfe")
    write("assignment2/cs231n/build/temp/im2col.o", b"\0" * 100)
    write("assignment2/cs231n/datasets/cifar-10-batches-py/data_batch_1", bytes(31_000_000))
    write("assignment2/cs231n/datasets/get_datasets.sh", "wget -c somewhere")
    write("assignment2/collectSubmission.sh", "zip -r assignment2.zip .")
    write("assignment1/cs231n/layers.py", PYTHON_2)
    write("assignment1/cs231n/classifiers/softmax.py", PYTHON_2)
    write("assignment1/knn.ipynb", json.dumps(other))
    write("assignment3/cs231n/layers.py", "")
    write("__MACOSX/assignment2/._cs231n", b"\0\5\x16\7")
    for number in range(2000):
        write(f"assignment2/.git/objects/{number % 256:02x}/{number:038x}", b"x\x9c")
    archive = folder / "anna.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path != archive:
                packed.write(path, path.relative_to(folder))
    return archive


@pytest.fixture(scope="module")
def report(release_variant, course, tmp_path_factory):
    folder = tmp_path_factory.mktemp("graded")
    return graded(release_variant("cs231n"), "cs231n", course, folder)[0]


def test_what_is_written_is_graded_and_what_is_not_is_missing(report):
    assert report.status is Status.GRADED
    lost = {}
    for check in report.checks:
        if check.outcome is not Outcome.PASSED:
            lost.setdefault(check.question, set()).add(check.outcome)
    assert {q for q, outcomes in lost.items() if outcomes == {Outcome.MISSING}} == {
        "max_pool_backward", "spatial_groupnorm_backward", "sgd_momentum", "rmsprop", "adam",
    }  # fmt: skip
    # What builds on them is not blamed: nothing failed, and nothing raised.
    assert set().union(*lost.values()) <= {Outcome.MISSING, Outcome.SKIPPED}
    assert 0.5 < report.score / report.points < 1


def test_the_rest_of_the_folder_is_told_and_costs_nothing(report):
    files = {"layers.py", "ConvolutionalNetworks.ipynb", "FullyConnectedNets.ipynb"}
    assert files <= set(report.submission.files)
    notes = "\n".join(report.submission.notes)
    assert "ignored vis_utils.py: it is given, and was changed" in notes
    assert "assignment1/cs231n/layers.py" in notes
    assert not re.search(r"\.git|data_batch|__MACOSX|checkpoint", notes)
    assert len(report.submission.notes) <= 21
