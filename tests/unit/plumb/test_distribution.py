"""The distribution has a name of its own, and no text sends anybody to other people's packages."""

import re
import tomllib

from tests.commands import plumb_here
from tests.integration.conftest import ROOT

#: What is shown to people: our code's messages, texts for students, the documentation.
TEXTS = ("autograder", "tools", "assignment", "solutions", "docs", "README.md", "CONTRIBUTING.md",
         "CHANGELOG.md")  # fmt: skip
#: These names on PyPI belong to others.
FOREIGN = re.compile(r"pip3? install[^\n`]*[\s\"'`](plumbline|plumb|autograder)(?![\w./-])")


PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
NAME = PROJECT["name"]
#: A file that pip installs, in texts and commands.
WHEEL = re.compile(r"\b(\w+)-(\d[\w.]*)-py3-none-any\.whl")


def texts():
    """The files of `TEXTS`."""
    for name in TEXTS:
        top = ROOT / name
        for path in [top] if top.is_file() else top.rglob("*"):
            if path.suffix in (".py", ".md", ".toml", ".json", ".sh", ".txt", ".zh"):
                yield path


def test_its_name_stands_in_one_place():
    """For the day of publishing: in pyproject.toml, and in what the wheel is called after it."""
    assert NAME not in ("plumbline", "plumb", "autograder")
    assert [str(path) for path in texts() if NAME in path.read_text("utf-8")] == []
    for name in ("README.md", "docs/first-assignment.md"):
        wheels = set(WHEEL.findall((ROOT / name).read_text("utf-8")))
        assert wheels == {(NAME.replace("-", "_"), PROJECT["version"])}, name


def test_the_version_is_that_of_the_distribution_that_brought_the_command():
    assert plumb_here("--version").stdout == f"Plumbline {PROJECT['version']}\n"


def test_no_text_says_to_install_a_package_of_others():
    assert FOREIGN.search("Say `pip install plumbline`.")
    assert not FOREIGN.search(f"pip install ./{NAME}-0.1.0-py3-none-any.whl")
    for path in texts():
        found = FOREIGN.search(path.read_text("utf-8"))
        assert found is None, f"{path}: {found and found[0]}"
