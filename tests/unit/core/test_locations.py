"""Where a variant keeps what the checks ask for."""

import sys
from types import ModuleType, SimpleNamespace

import pytest

from autograder.core.errors import StudentError
from autograder.core.local import local_student
from autograder.core.locations import Locations

LOCATIONS = Locations({"classifiers.fc_net": "fc_net"}, {"layers.conv": "Book", "nets.Net": "Book"})


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("layers.conv", ("Book", "conv")),
        ("layers.conv.attribute", ("Book", "conv.attribute")),
        ("layers.convolve", ("", "layers.convolve")),
        ("classifiers.fc_net.TwoLayerNet", ("", "fc_net.TwoLayerNet")),
        ("classifiers.fc_network", ("", "classifiers.fc_network")),
        ("optim.adam", ("", "optim.adam")),
    ],
)
def test_a_name_is_found_where_the_variant_has_it(path, found):
    assert LOCATIONS.find(path) == found


@pytest.fixture
def student(monkeypatch):
    package, module = ModuleType("flat_pocket"), ModuleType("flat_pocket.fc_net")
    package.__path__ = []
    module.double = lambda x: 2 * x
    monkeypatch.setitem(sys.modules, "flat_pocket", package)
    monkeypatch.setitem(sys.modules, "flat_pocket.fc_net", module)
    book = SimpleNamespace(conv=lambda x: x + 1, Net=SimpleNamespace(make=lambda: 7))
    return local_student("flat_pocket", 0, lambda _name: book, LOCATIONS)


def test_a_check_calls_a_flat_module_and_a_notebook_alike(student):
    assert student.classifiers.fc_net.double(3) == 6
    assert student.layers.conv(3) == 4
    assert student.nets.Net.make() == 7


def test_what_a_notebook_does_not_define_is_the_students_failure(student):
    with pytest.raises(StudentError, match="AttributeError"):
        student.layers.conv.missing()
