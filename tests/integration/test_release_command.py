"""``plumb release`` on an assignment that fits in a pocket: one variant, or all of them."""

import json
import os
import re
import shutil
import tempfile
from pathlib import Path

import pytest

from tests.commands import plumb_here
from tests.integration.conftest import VARIANT
from tests.integration.test_commands import plumb


def release(pocket, *options, how=plumb, **more):
    folder = pocket.folder
    return how(
        "release", "--assignment", folder / "assignment", "--solutions", folder / "solutions",
        "--out", pocket.out, *options, **more,
    )  # fmt: skip


@pytest.fixture
def three(pocket):
    """The assignment with variants that differ in the package's name and the markers."""
    purse = VARIANT.replace('"pocket"', '"purse"', 1)
    pocket.write("assignment/variants/purse.toml", purse)
    marks = '[markers]\ncode = { begin = "**START", end = "**END", tail = "**" }\n'
    pocket.write("assignment/variants/bag.toml", VARIANT + marks)
    return pocket


def published(pocket):
    """The variants that the manifest has, each with both of its archives on disk."""
    listed = json.loads((pocket.out / "MANIFEST.json").read_text())
    names = {name.partition("/")[0] for name in listed}
    for name in names:
        for archive in ("student.zip", "harness.zip"):
            assert f"{name}/{archive}" in listed
            assert (pocket.out / name / archive).is_file()
    return names


def test_one_variant_is_published_and_no_other(three):
    done = release(three, "--variant", "purse")
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    assert line.startswith(
        f"{three.out}/purse/student.zip and harness.zip: 3 checks, 2 of them hidden, worth 4 points"
    )
    assert published(three) == {"purse"}
    assert sorted(path.name for path in three.out.iterdir()) == ["MANIFEST.json", "purse"]


@pytest.mark.long
def test_all_variants_are_published_each_with_its_line(three):
    done = release(three, "--all")
    assert done.returncode == 0, done.stderr
    folders = [line.partition("/student.zip")[0] for line in done.stdout.splitlines()]
    assert folders == [f"{three.out}/{name}" for name in ("bag", "pocket", "purse")]
    assert published(three) == {"bag", "pocket", "purse"}


@pytest.mark.long
def test_a_variant_that_is_refused_keeps_no_other_from_being_published(three):
    wrong = f"{VARIANT}points = 5\n"
    three.write("assignment/variants/pocket.toml", wrong)
    done = release(three, "--all")
    assert done.returncode == 2
    assert "plumb: pocket: variants/pocket.toml says 5 points" in " ".join(done.stderr.split())
    assert done.stderr.endswith("1 of 3 refused: pocket\n")
    assert "Traceback" not in done.stderr
    assert published(three) == {"bag", "purse"}
    assert not (three.out / "pocket").exists()


@pytest.mark.long
def test_what_was_published_before_stays_when_a_later_release_is_refused(three):
    assert release(three, "--variant", "purse").returncode == 0
    before = (three.out / "purse" / "student.zip").read_bytes()
    three.write("assignment/handout/notes.md", "    twice_the_input = x + x\n")
    done = release(three, "--variant", "purse")
    assert done.returncode == 2
    assert "student.zip: notes.md:1: a line of the solution" in done.stderr
    assert (three.out / "purse" / "student.zip").read_bytes() == before
    assert published(three) == {"purse"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--variant", "nosuch"], "no variant 'nosuch'; there are: bag, pocket, purse"),
        (["--variant", "pocket.toml"], "no variant 'pocket.toml'; there are: bag, pocket, purse"),
    ],
)
def test_an_unknown_variant_is_a_sentence_with_those_that_there_are(three, options, words):
    done = release(three, *options, how=plumb_here)
    assert done.returncode == 2
    assert " ".join(done.stderr.split()) == f"plumb: {words}"
    assert done.stdout == ""
    assert not three.out.exists()


def test_without_a_word_the_variant_of_the_assignments_name_is_built(three):
    done = release(three)
    assert done.returncode == 0, done.stderr
    assert published(three) == {"pocket"}
    (three.folder / "assignment" / "variants" / "pocket.toml").unlink()
    done = release(three)
    assert done.returncode == 2
    assert "pocket has several variants: bag, purse; choose one with --variant" in done.stderr


def test_a_folder_without_variants_is_a_sentence(pocket):
    (pocket.folder / "assignment/variants/pocket.toml").unlink()
    done = release(pocket, "--all", how=plumb_here)
    assert done.returncode == 2
    message = " ".join(done.stderr.split())
    assert "has no variants; name the folder with --assignment" in message
    assert not pocket.out.exists()


def test_all_texts_without_translation_are_listed_with_their_heads(pocket):
    more = "".join(f'\n# %% [markdown] id="t{n}"\n# Text {n}.\n' for n in range(10))
    path = pocket.folder / "assignment/notebooks/Pocket.py"
    path.write_text(path.read_text() + more)
    pocket.write("assignment/variants/pocket.toml", f'{VARIANT}language = "zh"\n')
    pocket.write("assignment/variants/titles.zh", "")
    done = release(pocket, "--variant", "pocket")
    assert done.returncode == 0, done.stderr
    message = [
        re.fullmatch(
            r"  not translated: (\w+\.zh\.md): (.+) is missing; its head: \2 \| [0-9a-f]{8}", line
        )
        for line in done.stderr.splitlines()
        if ".zh.md: " in line
    ]
    assert [(line[1], line[2]) for line in message] == [
        ("Pocket.zh.md", "cell title"),
        *(("Pocket.zh.md", f"cell t{n}") for n in range(10)),
        ("todos.zh.md", "todo double"),
    ]


def test_a_language_without_any_text_is_refused_with_those_that_there_are(three):
    three.write("assignment/variants/purse.toml", f'{VARIANT}language = "zz-klingon"\n')
    three.write("assignment/notebooks/Pocket.zh.md", "")
    done = release(three, "--variant", "purse", how=plumb_here)
    assert done.returncode == 2
    assert " ".join(done.stderr.split()).startswith(
        "plumb: variants/purse.toml: language = 'zz-klingon', in which there is no text; "
        "there are en, zh. "
    )
    assert not three.out.exists()


@pytest.mark.parametrize(("options", "code"), [(["--variant", "purse"], 3), (["--all"], 2)])
def test_a_sandbox_that_breaks_ends_a_release_in_a_sentence(three, options, code):
    """It is there, and looks sound, but starts nothing."""
    with tempfile.TemporaryDirectory() as tools:
        wrapper = Path(tools, "bwrap")
        wrapper.write_text(
            '#!/bin/sh\ncase "$*" in --args*) echo no more >&2; exit 1;; esac\n'
            f'exec {shutil.which("bwrap")} "$@"\n'
        )
        for path in (wrapper, Path(tools)):  # the sandbox's user starts it
            path.chmod(0o755)
        done = release(three, *options, env={"PATH": f"{tools}:{os.environ['PATH']}"})
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    message = " ".join(done.stderr.split())
    assert "the sandbox failed: the box " in message
    assert "`plumb doctor` tells what is wrong on this machine" in message
    assert not three.out.exists()


def test_without_bubblewrap_an_author_can_release_and_is_told(three):
    empty = three.folder / "empty"
    empty.mkdir()
    done = release(three, "--variant", "purse", env={"PATH": str(empty)})
    assert done.returncode == 0, done.stderr
    (line,) = " ".join(done.stderr.split()).split("  ")
    assert line.startswith("there is no sandbox here: bubblewrap is not installed. Your own code")
    assert published(three) == {"purse"}
