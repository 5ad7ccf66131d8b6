"""A variant's names for what the reference holds."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.core.locations import Locations
from autograder.harness import MarkerWords
from plumb.strip import STYLE, Style
from plumb.variant import NameMap, Variant

FLAT = NameMap("convnet", "HW5_code", ("classifiers",))
NESTED = NameMap("convnet", "cs231n")
NAMINGS = st.sampled_from([FLAT, NESTED])

words = st.sampled_from(["convnet", "classifiers", "cnn", "layers", "release", "x1", "im2col"])
signs = st.sampled_from([".", "/", " ", "-", "_", "`", "\n", "", ".py", " import "])
texts = st.lists(st.one_of(words, signs), max_size=12).map("".join)
inner_paths = st.sampled_from(
    ["__init__.py", "layers.py", "classifiers/__init__.py", "classifiers/cnn.py", "data/x.npz"]
)


@pytest.mark.parametrize(
    ("text", "nested", "flat"),
    [
        ("from convnet import layers", "from cs231n import layers", "from HW5_code import layers"),
        ("from convnet.classifiers.cnn import A", "from cs231n.classifiers.cnn import A",
         "from HW5_code.cnn import A"),
        ("see convnet/classifiers/cnn.py", "see cs231n/classifiers/cnn.py",
         "see HW5_code/cnn.py"),
        ("python -m convnet.data_utils", "python -m cs231n.data_utils",
         "python -m HW5_code.data_utils"),
        ("`convnet`, (convnet)", "`cs231n`, (cs231n)", "`HW5_code`, (HW5_code)"),
        ("convnet.classifiers", "cs231n.classifiers", "HW5_code.classifiers"),
        # A module of that name, another word, a part of another path: none is the package.
        ("classifiers.convnet", None, None),
        ("best_convnet convnets convnet_2", None, None),
        ("convnet-release, my-convnet", None, None),
        ("release/convnet/student.zip ../convnet", None, None),
        ("two_layer_convnet", None, None),
    ],
)  # fmt: skip
def test_the_package_is_named_where_it_is_meant(text, nested, flat):
    assert NESTED.text(text) == (text if nested is None else nested)
    assert FLAT.text(text) == (text if flat is None else flat)


@given(texts)
def test_a_package_that_keeps_its_name_and_layout_changes_no_text(text):
    assert NameMap("convnet", "convnet").text(text) == text


@given(texts, NAMINGS)
def test_naming_twice_is_naming_once(text, name_map):
    assert name_map.text(name_map.text(text)) == name_map.text(text)


@given(texts)
def test_a_nested_package_can_be_named_back(text):
    """Nothing is lost: the reference's name and the other's change places."""
    assert NameMap("cs231n", "convnet").text(NESTED.text(text)) == text


@given(inner_paths, NAMINGS)
def test_paths_and_texts_get_the_same_names(inner, name_map):
    path = f"convnet/{inner}"
    assert name_map.path(path) == name_map.text(path)
    assert name_map.path(inner) == inner
    assert name_map.path(f"notebooks/{path}") == f"notebooks/{path}"


def test_a_file_beside_the_package_and_the_packages_own_folder_keep_their_names():
    assert [FLAT.path(name) for name in ("setup.py", "convnet", "convnet/")] == [
        "setup.py", "convnet", "convnet/",
    ]  # fmt: skip


def test_the_modules_that_move_are_those_that_the_grader_has_to_look_for():
    paths = [
        "convnet/__init__.py", "convnet/layers.py", "convnet/classifiers/__init__.py",
        "convnet/classifiers/cnn.py", "convnet/classifiers/data.npz",
    ]  # fmt: skip
    assert FLAT.modules(paths) == {"classifiers.cnn": "cnn"}
    assert NESTED.modules(paths) == {}
    found = Locations(dict(FLAT.modules(paths))).find("classifiers.cnn.ThreeLayerConvNet")
    assert found == ("", "cnn.ThreeLayerConvNet")


def test_a_variants_markers_are_what_the_stripper_writes():
    file = {"package": "pocket", "notebooks": ["Pocket"]}
    assert msgspec.convert(file, Variant).markers == STYLE
    stars = {"code": {"begin": "**START", "end": "**END", "tail": "**"}}
    markers = msgspec.convert({**file, "markers": stars}, Variant).markers
    assert markers == Style(code=MarkerWords("**START", "**END", "**"), prose=STYLE.prose)
