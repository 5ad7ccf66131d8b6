"""Builds the sample class from the reference, the stubs and each sample's own lines.

Run as ``python -m tests.submissions.build FOLDER``.
"""

import io
import shutil
import sys
import tarfile
import tomllib
from pathlib import Path

from plumb import bundle
from plumb.assignment import read_assignment
from plumb.notebooks import build, fill_notebook
from plumb.regions import find_regions
from plumb.strip import fill
from plumb.trees import built_notebooks, reference_sources, stubs

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


def samples():
    """The samples by name: what their submission.toml says."""
    return {
        path.parent.name: tomllib.loads(path.read_text("utf-8"))
        for path in sorted(HERE.glob("*/submission.toml"))
    }
