"""Which files of a submission are taken. A name is used only once it was found harmless."""

from pathlib import PurePosixPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from autograder.errors import SubmissionError
from autograder.submissions.archive_suffixes import LARGEST
from autograder.submissions.file_names import folded, is_junk, printable, tidy, why_unsafe
from autograder.submissions.submitted_files import SubmittedFiles


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../layers.py", "leads out"),
        ("a/../../layers.py", "leads out"),
        ("/etc/layers.py", "absolute"),
        ("C:/layers.py", "absolute"),
        ("c:layers.py", "absolute"),
        ("a\\b.py", "backslash"),
        ("lay\x07ers.py", "control"),
        ("lay\udcffers.py", "control"),
        ("lay\u202eyp.py", "control"),
        ("lay\u2028ers.py", "control"),
        ("CON.py", "device"),
        ("com¹.py", "device"),
        ("ConOut$", "device"),
        ("a/nul/b.py", "device"),
        ("x" * 300 + ".py", "too long"),
        ("/".join(["\U0001d4d0" * 60] * 16) + "/m.py", "too long"),  # 980 characters, 3,860 bytes
    ],
)
def test_a_dangerous_name_is_ignored_with_the_reason(name, reason):
    submitted = SubmittedFiles()
    submitted.add(name, lambda _: pytest.fail("must not be read"))
    assert not submitted.files
    assert reason in submitted.notes[0]
    assert submitted.notes[0].isprintable()


@example(["a" * 200] * 6)
@given(st.lists(st.text("aé\U0001d4d0", min_size=1, max_size=60), min_size=1, max_size=30))
def test_no_file_is_kept_under_a_path_that_no_folder_can_hold(folders):
    submitted = SubmittedFiles()
    *outer, name = folders
    with submitted.put_into("".join(f"{folder}/" for folder in outer)):
        submitted.add(f"{name}.py", lambda _: b"x")
    fits = len("/".join([*outer, f"{name}.py"]).encode()) <= 1000
    assert bool(submitted.files) == fits
    assert fits or "too long" in submitted.notes[0]


@pytest.mark.parametrize(
    "name",
    ["__MACOSX/._layers.py", ".git/hooks/a.py", "a/.ipynb_checkpoints/b.ipynb", "__pycache__/x.py",
     ".venv/lib/a.py", "venv/lib/site-packages/numpy.py", "a/._b.zip", "__MACOSX/../a.py"],
)  # fmt: skip
def test_what_tools_leave_behind_is_ignored_without_a_word(name):
    submitted = SubmittedFiles()
    submitted.add(name, lambda _: pytest.fail("must not be read"))
    assert (submitted.files, submitted.notes) == ({}, [])


def test_a_hidden_folder_that_no_tool_makes_is_named_once():
    submitted = SubmittedFiles()
    for name in (".hw/a.py", ".hw/b.ipynb", ".hw/c.txt", "a/.b/c.py", ".d/e.txt", ".hw/.git/f.py"):
        submitted.add(name, lambda _: pytest.fail("must not be read"))
    assert submitted.files == {}
    assert [note.partition(":")[0] for note in submitted.notes] == ["ignored .hw/", "ignored a/.b/"]


@pytest.mark.parametrize("name", [".ops.py", "tiny/.ops.py.txt", ".tiny.zip", "hw/.a.tar.gz"])
def test_a_hidden_file_that_no_tool_makes_is_named(name):
    submitted = SubmittedFiles()
    submitted.add(name, lambda _: pytest.fail("must not be read"))
    assert submitted.notes == [
        f"ignored {name}: hidden files are not read; give it a name that does not begin with a dot"
    ]


def test_folders_of_tools_with_work_in_them_are_remembered():
    submitted = SubmittedFiles()
    for name in ("venv/site-packages/a/b.py", "venv/site-packages/c.zip", "__MACOSX/._a.py",
                 "node_modules/x.js", ".git/hooks/d.py"):  # fmt: skip
        submitted.add(name, lambda _: pytest.fail("must not be read"))
    assert list(submitted.tool_folders) == ["venv/site-packages/", ".git/"]


def test_marks_of_direction_around_a_name_are_left_out():
    submitted = SubmittedFiles()
    for name in (
        "\u200ehw\u200e/a.py",
        "\u202a\u202ab.py\u202c",
        "\u200e../c.py",
        "\u200e.git/d.py",
    ):
        submitted.add(name, lambda _: b"x")
    assert list(submitted.files) == ["hw/a.py", "b.py"]
    assert submitted.notes == ["ignored ../c.py: its name leads out of the archive"]


def test_other_kinds_of_files_are_not_read():
    submitted = SubmittedFiles()
    for name in ("a.pth", "b.so", "c.pyd", "d.pyx", "e.npz", "f", "g.py.gz"):
        submitted.add(name, lambda _: pytest.fail("must not be read"))
    assert not submitted.files


def test_ordinary_names_in_any_language_are_taken():
    submitted = SubmittedFiles()
    for name in ("作业/layers.py", "./a//b.py", "Größe.py", "my work (1)/x.ipynb"):
        submitted.add(name, lambda limit: b"x")
    assert list(submitted.files) == [
        "作业/layers.py", "a/b.py", "Größe.py", "my work (1)/x.ipynb"
    ]  # fmt: skip


@pytest.mark.parametrize("other", ["A.py", "\uff41.py", "a.py", "./a.py"])
def test_the_same_file_twice_is_harmless_if_it_says_the_same(other):
    submitted = SubmittedFiles()
    submitted.add("a.py", lambda _: b"1")
    submitted.add(other, lambda _: b"1")
    assert submitted.files == {"a.py": b"1"}


@pytest.mark.parametrize("other", ["A.py", "\uff41.py", "a.PY"])
def test_two_files_that_are_one_elsewhere_are_both_kept_to_choose_from(other):
    submitted = SubmittedFiles()
    submitted.add("a.py", lambda _: b"1")
    submitted.add(other, lambda _: b"2")
    assert submitted.files == {"a.py": b"1", other: b"2"}
    assert submitted.notes == []


def test_of_one_name_twice_the_last_counts_as_in_every_tool():
    submitted = SubmittedFiles()
    submitted.add("a.py", lambda _: b"1")
    submitted.add("a.py", lambda _: b"2")
    assert submitted.files == {"a.py": b"2"}
    assert "more than once" in submitted.notes[0]


def test_bytes_are_counted_while_reading(monkeypatch):
    asked = []

    def endless(limit):
        asked.append(limit)
        return b"x" * limit

    submitted = SubmittedFiles()
    submitted.add("a.py", endless)
    assert asked == [LARGEST[".py"] + 1]
    assert not submitted.files
    assert "larger than 1 MiB" in submitted.notes[0]
    submitted.add("a.IPYNB", endless)
    assert submitted.notes[1].endswith("larger than 32 MiB; clear its outputs and hand it in again")
    monkeypatch.setattr("autograder.submissions.submitted_files.MAX_TOTAL", submitted.unpacked + 10)
    submitted.add("b.py", lambda _: b"x" * 6)
    with pytest.raises(SubmissionError, match="are larger than"):
        submitted.add("c.py", lambda _: b"x" * 6)


def test_too_many_members_are_refused(monkeypatch):
    monkeypatch.setattr("autograder.submissions.submitted_files.MAX_MEMBERS", 3)
    submitted = SubmittedFiles()
    for _ in range(3):
        submitted.count_member()
    with pytest.raises(SubmissionError, match="more than 3 files"):
        submitted.count_member()


names = st.text(
    st.one_of(st.sampled_from("./\\ :abcA\x00\n\u202e"), st.characters()), max_size=30
).map(lambda text: f"{text}.py")


@given(names)
def test_no_name_that_is_kept_leads_out_of_where_it_is_put(name):
    submitted = SubmittedFiles()
    submitted.add(name, lambda _: b"")
    for kept in submitted.files:
        path = PurePosixPath(kept)
        assert not path.is_absolute()
        assert not {"..", ".", ""} & set(path.parts)
        assert "\\" not in kept
        assert "\0" not in kept


@given(names)
def test_messages_about_any_name_are_plain(name):
    shown = printable(name)
    assert len(shown) <= 121
    assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in shown)
    shown.encode()


@example("\xa0/.py")
@example("a \uff0fb.py")
@given(names)
def test_folding_and_tidying_settle_at_once(name):
    assert tidy(tidy(name)) == tidy(name)
    assert folded(folded(name)) == folded(name)
    assert isinstance(is_junk(name), bool)
    assert isinstance(why_unsafe(name), str)


@pytest.mark.parametrize("order", [1, -1])
def test_a_name_with_a_mark_never_replaces_the_name_alone(order):
    submitted = SubmittedFiles()
    for name, data in [("a/ops.py", b"mine"), ("a/\u200fops.py", b"other")][::order]:
        submitted.add(name, lambda _, data=data: data)
    assert submitted.files == {"a/ops.py": b"mine", "a/ops (1).py": b"other"}
    (note,) = submitted.notes
    assert r"a/\u200fops.py was read as a/ops (1).py: its name begins or ends with a mark" in note


marked = st.tuples(
    st.sampled_from(["", "\u200e", "\u200f\u200f", "\u202a"]),
    st.sampled_from(["a.py", "A.py", "b.ipynb", "a.py.txt"]),
    st.sampled_from(["", "\u200e"]),
).map("".join)


@given(st.dictionaries(marked, st.integers(0, 3), max_size=12))
def test_no_file_is_lost_for_a_mark_and_a_name_alone_has_its_own_bytes(written):
    submitted = SubmittedFiles()
    for name, data in written.items():
        submitted.add(name, lambda _, data=data: b"%d" % data)
    assert set(submitted.files.values()) == {b"%d" % data for data in written.values()}
    for name in ("b.ipynb", "a.py.txt"):
        if name in written:
            assert submitted.files[name] == b"%d" % written[name]


def test_files_that_differ_in_marks_alone_are_bounded():
    submitted = SubmittedFiles()
    for number in range(30):
        submitted.add("\u200e" * number + "a.py", lambda _, number=number: b"%d" % number)
    assert len(submitted.files) == 21
    assert sum("ignored" in note for note in submitted.notes) == 9
    predictions = SubmittedFiles(limit_of=lambda name: 9 if name == "a.npy" else 0)
    predictions.add("a.npy", lambda _: b"1")
    predictions.add("\u200ea.npy", lambda _: b"2")
    assert predictions.files == {"a.npy": b"1"}
    assert len(predictions.ignored) == 1
