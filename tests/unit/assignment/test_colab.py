"""The set-up cell for Colab, run as there, whatever is uploaded to it."""

import io
import os
import subprocess
import sys
import zipfile

import pytest

from plumb.handout import handout
from tests.real_assignment import real_assignment

#: Colab as far as the cell knows it: one file is uploaded, or none if the dialogue is closed.
COLAB = """
import sys, types
from pathlib import Path
files = types.SimpleNamespace(
    upload=lambda: {p.name: p.read_bytes() for p in Path("uploaded").iterdir()})
sys.modules["google"] = types.ModuleType("google")
sys.modules["google.colab"] = types.SimpleNamespace(files=files)
sys.path[:] = [entry for entry in sys.path if entry not in ("", ".")]
"""
AFTER = """
import HW5_code
print("imported from", Path(HW5_code.__file__).parent, "in", Path.cwd())
"""
FILES = {
    "setup.py": "import pathlib\npathlib.Path('built').write_text('built')\n",
    "HW5_code/__init__.py": "",
    "HW5_code/data_utils.py": "import pathlib\npathlib.Path('fetched').write_text('fetched')\n",
}


@pytest.fixture(scope="module")
def hw5():
    return real_assignment("hw5")


def packed(folder="", **others):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in (FILES | others).items():
            if text is not None:
                archive.writestr(folder + name, text)
    return stream.getvalue()


@pytest.fixture
def run(hw5, tmp_path):
    """Runs the cell with some content uploaded, in a machine of its own."""
    (cell,) = [cell for cell in hw5.cells["ConvolutionalNetworks"] if cell.id == "colab"]

    def run(content):
        (tmp_path / "uploaded").mkdir()
        if content is not None:
            (tmp_path / "uploaded" / "hw5.zip").write_bytes(content)
        (tmp_path / "cell.py").write_text(COLAB + cell.text + AFTER)
        command = [sys.executable, "-P", "cell.py"]
        usual = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        return subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, check=False, env=usual
        )

    return run


@pytest.mark.parametrize("folder", ["", "hw5/", "courses/hw5/"])
def test_the_archive_or_a_zip_of_its_folder_is_unpacked_and_built(run, tmp_path, folder):
    done = run(packed(folder, **{"HW5_code/old/setup.py": "raise SystemExit('wrong one')"}))
    place = tmp_path / folder
    assert done.returncode == 0, done.stderr
    assert f"imported from {place / 'HW5_code'} in {place}" in done.stdout
    assert (place / "built").is_file()
    assert (place / "fetched").is_file()


@pytest.mark.parametrize("content", [None, b"a notebook", packed("hw5/", **{"setup.py": None})])
def test_without_a_setup_it_ends_in_a_sentence_that_says_what_to_upload(run, content):
    done = run(content)
    assert done.returncode != 0
    message = done.stderr.splitlines()[-1]
    assert message.startswith(
        "FileNotFoundError: There is no setup.py in what you uploaded: run this"
    )


def test_run_again_without_an_upload_what_is_there_is_built(run, tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    done = run(None)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "built").is_file()


def test_students_are_told_that_their_notebook_is_in_the_drive(hw5):
    (text,) = [c.text for c in hw5.cells["ConvolutionalNetworks"] if c.id == "colab-text"]
    page = handout(hw5)["README.md"].decode()
    for message in (text, page):
        assert "Download .ipynb" in message
        assert "put it into" in message
    others = real_assignment("cs231n")
    assert "Colab" not in handout(others)["README.md"].decode()
