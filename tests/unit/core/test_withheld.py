"""What a check withholds cannot be called, whatever the package does when it is loaded."""

import sys

import pytest

from autograder.core.errors import StudentError
from autograder.core.objects import Objects
from autograder.core.remote import Name


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package that gets hold of its given functions as soon as it is imported."""
    for name, text in {
        "__init__.py": "from wh_pocket.second import act as kept\nfrom wh_pocket import first\n",
        "first.py": "def act():\n    return 1\n",
        "second.py": "def act():\n    return 2\n",
        "mine.py": "import wh_pocket\n\n\ndef by_first():\n    return wh_pocket.first.act()\n\n\n"
        "def by_second():\n    return wh_pocket.kept()\n",
    }.items():
        (tmp_path / "wh_pocket").mkdir(exist_ok=True)
        (tmp_path / "wh_pocket" / name).write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    yield "wh_pocket"
    for name in [n for n in sys.modules if n.startswith("wh_pocket")]:
        del sys.modules[name]


@pytest.mark.parametrize("order", [["first", "second"], ["second", "first"]])
def test_all_is_withheld_before_the_package_is_loaded(package, order):
    objects = Objects(package, lambda name: None)
    objects.perform("withhold", [order])
    for function in ("mine.by_first", "mine.by_second"):
        with pytest.raises(StudentError, match="not to be used for this"):
            objects.perform("call", [Name(function), [], {}])
