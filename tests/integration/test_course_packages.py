"""A course that needs Python packages: nothing runs without them, and students learn of them."""

import json
import tomllib
import zipfile

import pytest

from tests.integration.test_own_course import hand_in
from tests.own_course import CHECKS, write_course

MODULE = "def one():\n    # BEGIN SOLUTION\n    return 1.5\n    # END SOLUTION\n"
IMPORTS = "import no_such_package_of_python\n" + CHECKS


@pytest.mark.parametrize("command", ["try", "release"])
def test_a_missing_package_is_named_before_the_checks_that_import_it(in_course, tmp_path, command):
    write_course(
        tmp_path,
        {"course.toml": 'python = ["no-such-package-of-python>=2"]\n', "hw1/checks.py": IMPORTS},
    )
    code, output = in_course(command, "hw1")
    assert code == 2
    words = " ".join(output.split())
    assert "needs Python packages that are not here: no-such-package-of-python>=2 (not" in words
    assert "-m pip install" in words
    assert "ModuleNotFoundError" not in words


def test_a_wrong_requirement_is_named_with_its_file(in_course, tmp_path):
    write_course(tmp_path, {"hw1/assignment.toml": 'python = ["numpy >> 2"]\n'})
    code, output = in_course("try", "hw1")
    assert code == 2
    assert "assignment.toml: python: 'numpy >> 2' is no requirement" in " ".join(output.split())


def test_no_student_loses_points_by_a_package_that_is_missing_where_they_are_graded(
    in_course, tmp_path
):
    write_course(tmp_path)
    assert in_course("release")[0] == 0
    hand_in(tmp_path, "hw1", "anna", rate="rate = np.log(2) / 3")
    harness = tmp_path / "release/hw1/harness.zip"
    with zipfile.ZipFile(harness) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files["harness.json"]) | {"python": ["no-such-package-of-python"]}
    files["harness.json"] = json.dumps(manifest).encode()
    files["checks/checks.py"] = IMPORTS.encode()  # as on a machine where the package was there
    with zipfile.ZipFile(harness, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    code, output = in_course("grade", "hw1", "class")
    assert code == 2
    assert "Nothing was run, because students would lose points by it" in " ".join(output.split())
    assert not (tmp_path / "grades").exists()


def test_students_get_a_project_that_names_the_packages(in_course, tmp_path):
    write_course(
        tmp_path,
        {
            "course.toml": 'title = "Numerics"\npython = ["matplotlib>=3"]\n',
            "hw1/assignment.toml": 'title = "Say \\"root\\""\npython = ["rich", "matplotlib>=3"]\n',
        },
    )
    code, output = in_course("release")
    assert code == 0, output
    with zipfile.ZipFile(tmp_path / "release/hw1/student.zip") as archive:
        (name,) = [n for n in archive.namelist() if n.endswith("pyproject.toml")]
        project = tomllib.loads(archive.read(name).decode())
    assert project["project"]["dependencies"] == ["numpy", "matplotlib>=3", "rich"]
    assert project["project"]["description"] == 'Say "root"'
    assert project["tool"]["setuptools"]["packages"] == []


def test_the_courses_own_project_must_name_them(in_course, tmp_path):
    project = '[project]\nname = "hw1"\nversion = "1"\ndependencies = ["numpy>=1.26"]\n'
    write_course(
        tmp_path,
        {
            "course.toml": 'python = ["NumPy", "rich"]\n',
            "hw1/pyproject.toml": project,
            "hw1/pack/__init__.py": b"",
            "hw1/pack/m.py": MODULE,
            "hw1/checks.py": CHECKS
            + '\n\n@check("one")\ndef once(student, rng):\n    return {"one": student.m.one()}\n',
        },
    )
    code, output = in_course("release")
    assert code == 2
    assert "the course needs rich too; add it to dependencies" in " ".join(output.split())
