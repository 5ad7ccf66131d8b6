"""The distribution has a name of its own, and no text sends anybody to other people's packages."""

import re
import tomllib

from plumb import DISTRIBUTION
from tests.integration.conftest import ROOT

#: What is shown to people: our code's messages, texts for students, the documentation.
TEXTS = ("autograder", "tools", "assignment", "solutions", "docs", "README.md", "CONTRIBUTING.md")
#: These names on PyPI belong to others.
FOREIGN = re.compile(r"pip3? install[^\n`]*[\s\"'`](plumbline|plumb|autograder)(?![\w./-])")


def test_its_name_stands_in_pyproject_and_in_one_constant():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["name"] == DISTRIBUTION
    assert DISTRIBUTION not in ("plumbline", "plumb", "autograder")


def test_no_text_says_to_install_a_package_of_others():
    assert FOREIGN.search("Say `pip install plumbline`.")
    assert not FOREIGN.search(f"pip install ./{DISTRIBUTION}-0.1.0-py3-none-any.whl")
    for name in TEXTS:
        top = ROOT / name
        for path in [top] if top.is_file() else top.rglob("*"):
            if path.suffix in (".py", ".md", ".toml", ".json", ".sh", ".txt", ".zh"):
                found = FOREIGN.search(path.read_text("utf-8"))
                assert found is None, f"{path}: {found and found[0]}"
