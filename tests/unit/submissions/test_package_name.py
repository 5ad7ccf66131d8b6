"""What a student calls the package: as their code imports it, or as its folder is called."""

import shutil

import pytest

from autograder.submissions.package_name import package_names
from autograder.submissions.submission import read_submission
from tests.tiny import ANSWERS, handed_in, tiny_harness

MODULES = {"layers", "optim", "fast_layers", "classifiers", "mine"}


@pytest.mark.parametrize(
    ("folder", "source", "name"),
    [
        ("tiny", "from tiny.layers import *", ""),
        ("", "import numpy as np", ""),
        ("cs682", "", "cs682"),
        ("cs682", "from cs682.layers import *", "cs682"),
        ("ｃｓ682", "from cs682.layers import *", "cs682"),
        ("hw2-main", "from cs682.layers import *\nimport cs682.optim as o", "cs682"),
        ("", "  from cs682.layers import *\n  from cs682.classifiers.cnn import Net", "cs682"),
        ("tiny", "from cs682.layers import *\nfrom cs682.optim import *", "cs682"),
        ("", "from cs682 import layers, optim", "cs682"),
        ("", "from cs682 import layers as l\nimport cs682.optim", "cs682"),
        ("", "from cs682 import (\n    layers,\n    optim as o,\n)", "cs682"),
        ("", "from cs682 import layers\nx = 1", ""),
        ("", "from cs682 import layers, optim, mine\nimport cs682.coco", "cs682"),
        ("", "from cs682 import layers, optim\nimport cs682.coco", ""),
        ("", f"from {'a' * 101} import layers, optim", ""),
        ("", f"from {'a' * 100} import layers, optim", "a" * 100),
        ("a" * 101, "import numpy as np", ""),
        # Other libraries have such modules, too.
        ("", "from torch import nn, optim", ""),
        ("", "from keras.layers import Dense\nfrom keras.models import Model", ""),
        ("", "from torch.optim import Adam\nimport torch.optim", ""),
        ("", "from torch.optim import Adam\nimport torch.layers\nimport torch.nn", ""),
        ("cs682", "from a.layers import *\nfrom a.optim import *\nimport cs682.mine", "cs682"),
        ("", "from classifiers.layers import *\nfrom classifiers.optim import *", ""),
        ("", "# from cs682.layers import *\n# import cs682.optim", ""),
    ],
)
def test_the_name_is_the_one_that_imports_use_else_the_folder_s(folder, source, name):
    assert package_names("tiny", folder, [source.encode()], MODULES).own == name


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("from cs682.layers import affine", "cs682"),
        ("from cs682.layers import (affine as a,\n    relu)", "cs682"),
        ("from cs682.classifiers.cnn import Net", "cs682"),
        ("from cs682.layers import *", ""),
        ("from cs682.layers import affine, Dense", ""),
        ("from cs682.layers import affine\nfrom cs682.nn import Linear", ""),
        ("from torch.optim import Adam", ""),
    ],
)
def test_a_name_that_imports_of_one_module_use_counts_if_they_name_what_that_defines(source, name):
    defined = {"layers": {"affine", "relu"}, "cnn": {"Net"}, "optim": {"adam"}}
    assert package_names("tiny", "", [source.encode()], MODULES, defined).own == name


def test_a_folder_with_signs_that_no_import_can_have_is_known_by_its_name_without_them():
    for name in ("deep-learning", "deep learning"):
        source = b"from deep_learning import layers"
        assert package_names("tiny", name, [source], MODULES).own == "deep_learning"
        assert package_names("tiny", name, [b"import numpy"], MODULES).own == name


@pytest.mark.parametrize(
    ("source", "dotted"),
    [
        ("from hw1.tiny import layers", ("hw1.tiny",)),
        ("from hw1.tiny.layers import affine", ("hw1.tiny",)),
        ("import a.b.tiny.layers as l", ("a.b.tiny",)),
        ("from hw1.mine_too.layers import *", ("hw1.mine_too",)),
        ("from hw1.tiny import other", ()),
        ("from tiny.tiny import layers", ()),
        ("from tiny.layers import tiny", ()),
        ("from mine.tiny import layers", ()),
        ("import numpy.random as layers", ()),
    ],
)
def test_a_name_with_dots_for_the_package_is_found(source, dotted):
    assert package_names("tiny", "mine_too", [source.encode()], MODULES).dotted == dotted


def test_a_name_of_very_many_parts_is_no_name_of_the_package():
    """Each beginning of it would be kept: some 40 GB for one line."""
    source = f"import {'a.' * 200_000}tiny.layers as l\nfrom hw1.tiny import layers"
    assert package_names("tiny", "", [source.encode()], MODULES).dotted == ("hw1.tiny",)


def test_modules_without_their_folder_tell_the_name_by_their_imports(tmp_path):
    harness = tiny_harness(tmp_path)
    folder = handed_in(tmp_path / "alice", ANSWERS)
    for path in [*(folder / "tiny").iterdir()]:
        path.rename(folder / path.name)
    (folder / "tiny").rmdir()
    (folder / "sub" / "more.py").write_text(
        "from cs682.ops import *\nfrom cs682.given import tenfold\n"
        "def triple(x): return double(x) + x\n"
    )
    submission = read_submission(folder, harness)
    assert submission.package_name == "cs682"
    assert submission.modules.keys() >= {"ops.py", "sub/more.py"}


@pytest.mark.parametrize("with_modules", [True, False])
def test_cells_tell_the_name_too(tmp_path, with_modules):
    harness = tiny_harness(tmp_path)
    cell = "from cs682 import ops\nfrom cs682.given import tenfold\ndef best():\n    return 6\n"
    folder = handed_in(tmp_path / "alice", best=cell)
    if with_modules:
        (folder / "tiny" / "ops.py").rename(folder / "ops.py")
    shutil.rmtree(folder / "tiny")
    submission = read_submission(folder, harness)
    assert submission.package_name == "cs682"
