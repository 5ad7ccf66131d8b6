"""A package under a second name: the very modules of the package, in whatever order they load."""

import importlib
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.core.local import local_student
from autograder.core.objects import Objects
from autograder.core.package_alias import (
    is_module,
    package_alias,
    read_package_alias,
    write_package_alias,
)
from autograder.core.remote import Name

FILES = {
    "__init__.py": "",
    "ops.py": "from pa_theirs.sub.more import LIMIT\nfrom .given import tenfold\n\n\n"
    "def act(x):\n    import pa_theirs.given as given\n\n    return given.tenfold(x) + LIMIT\n",
    "given.py": "import pa_theirs\n\n\ndef tenfold(x):\n    return 10 * x\n",
    "sub/__init__.py": "",
    "sub/more.py": "from pa_theirs import given\n\nLIMIT = given.tenfold(7)\n",
}
MODULES = ["", ".ops", ".given", ".sub", ".sub.more"]


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """The package ``pa_ours``, whose modules call it ``pa_theirs``."""
    folder = tmp_path_factory.mktemp("package")
    for name, text in FILES.items():
        path = folder / "pa_ours" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    sys.path.insert(0, str(folder))
    yield "pa_ours"
    sys.path.remove(str(folder))
    forget()


def forget():
    for name in [n for n in sys.modules if n.startswith("pa_")]:
        del sys.modules[name]


@settings(max_examples=40, deadline=None)
@given(st.permutations([f"{p}{m}" for p in ("pa_ours", "pa_theirs") for m in MODULES]))
def test_both_names_give_one_module_whichever_is_imported_first(package, order):
    forget()
    with package_alias("pa_theirs", package):
        for name in order:
            importlib.import_module(name)
        for module in MODULES:
            own = sys.modules[f"{package}{module}"]
            assert sys.modules[f"pa_theirs{module}"] is own
            assert own.__name__ == own.__spec__.name == f"{package}{module}"
        assert sys.modules["pa_ours"].ops.act(1) == 80


def test_what_is_withheld_is_so_under_both_names(package):
    forget()
    with package_alias("pa_theirs", package):
        objects = Objects(package, lambda name: None)
        objects.perform("withhold", [["given"]])
        with pytest.raises(Exception, match=r"pa_ours\.given\.tenfold is not to be used"):
            objects.perform("call", [Name("ops.act"), [1], {}])


def test_a_check_calls_what_stands_below_the_alias(package):
    forget()
    with package_alias("pa_theirs", package):
        assert local_student(package, 0).ops.act(2) == 90


def test_outside_the_context_and_below_the_alias_nothing_more_is_found(package):
    forget()
    before = list(sys.meta_path)
    with package_alias("pa_theirs", package):
        with pytest.raises(ModuleNotFoundError, match="nothing_there"):
            importlib.import_module("pa_theirs.nothing_there")
        assert not is_module("pa_their")
    assert sys.meta_path == before
    forget()
    with pytest.raises(ModuleNotFoundError), package_alias("", package):
        importlib.import_module("pa_theirs")


def test_whatever_can_be_imported_is_a_module():
    assert all(map(is_module, ("json", "sys", "numpy", "autograder", "__main__", "_thread")))
    assert not is_module("cs682")


def test_an_alias_is_read_as_it_was_written(tmp_path):
    assert read_package_alias(tmp_path) == ""
    for alias in ("", "cs682", "дом"):
        write_package_alias(tmp_path, alias)
        assert read_package_alias(tmp_path) == alias
