"""Bulk downloads of course sites: recognized by their names, sorted by student."""

import contextlib
import io
import tracemalloc
import warnings
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import DownloadChanged, SubmissionError
from autograder.sites import SITES, gradescope
from autograder.submissions.attempt import Attempt, Person
from autograder.submissions.bulk_download import listed_download, read_attempt
from autograder.submissions.download_format import attempts_in, recognize
from autograder.submissions.download_listing import may_be_submission, read_listing
from autograder.submissions.fingerprint import attempt_fingerprint
from tests.tiny import zipped

KNOWN = {"ops.py", "more.py", "Tiny.ipynb", "part-1.ipynb"}
CANVAS = [
    "onestudent_1001_50001_hw1.zip",
    "twostudent_LATE_1002_50002_hw1.zip",
    "threestudent_1003_50003_ops.py",
    "threestudent_1003_50004_Tiny.ipynb",
]
MOODLE = [
    "Student One_7001_assignsubmission_file_/hw1.zip",
    "Student Two_7002_assignsubmission_file_/tiny/ops.py",
    "Student Two_7002_assignsubmission_file_/Tiny.ipynb",
    "Student Two_7002_assignsubmission_onlinetext_/onlinetext.html",
]
GRADESCOPE = [
    "assignment_9_export/submission_metadata.yml",
    "assignment_9_export/submission_81/ops.py",
    "assignment_9_export/submission_82/tiny/ops.py",
    "assignment_9_export/submission_83/hw.zip",
]
METADATA = b"""---
submission_81:
  :submitters:
  - :name: Student One
    :sid: '3001'
    :email: one@school.example
  :created_at: 2024-03-01 09:00:00.000000000 -08:00
  :score: 3.0
  :status: processed
  :results:
    :tests:
    - :output: &1 |
        a long text
      :again: *1
  :history:
  - :id: 71
    :score: 1.0
    :created_at: &2 2024-02-01 09:00:00.000000000 Z
  - :id: 72
    :created_at: *2
submission_82:
  :submitters:
  - :name: Student Two
    :sid: 3002
    :email: two@school.example
  - :name: Student Three
    :sid: 3003
    :email:
  :created_at: 2024-03-01 12:00:00 UTC
"""


def sorted_out(names, metadata=None):
    download = recognize(names, KNOWN, SITES)
    found = attempts_in(download, lambda _: contextlib.nullcontext(io.BytesIO(metadata)), [])
    return download.format, {one.name: one for one in found}


@pytest.mark.parametrize(
    ("names", "format_name"),
    [
        (CANVAS, "Canvas"),
        ([f"submissions/{name}" for name in CANVAS], "Canvas"),
        ([*CANVAS, "roster.csv", "README.md"], "Canvas"),
        (["anon_aB3dE_50001_hw1.zip", "LATE_anon_x9Y2z_50002_hw1.zip"], "Canvas"),
        (MOODLE, "Moodle"),
        (MOODLE[:1], "Moodle"),
        ([f"top/{name}" for name in MOODLE], "Moodle"),
        (["Participant_7001_assignsubmission_file_hw1.zip"], "Moodle"),
        (["Participant_7001_assignsubmission_file_/ops.py"], "Moodle"),
        (GRADESCOPE, "Gradescope"),
        ([name.partition("/")[2] for name in GRADESCOPE], "Gradescope"),
        (["student-one.zip", "student-two.tar.gz"], "archive of archives"),
        (
            ["class/student-one.zip", "class/student-two.zip", "class/notes.txt"],
            "archive of archives",
        ),
        ([], None),
        (["hw.zip"], None),
        (["tiny/ops.py", "Tiny.ipynb"], None),
        (["ops.py", *CANVAS[:3]], None),
        (["tiny/ops.py", "tiny/old.zip", "tiny/older.zip"], None),
        (["student-one.zip", "student-two.zip", "deep/down/helper.py"], None),
        (["a_1_2_helper.py", "main.py", "other.py"], None),
    ],
)
def test_forms_are_told_apart_by_their_names(names, format_name):
    for order in (names, names[::-1]):
        download = recognize(order, KNOWN, SITES)
        assert (download and download.format) == format_name


def test_canvas_files_are_put_together_by_student():
    format_name, found = sorted_out(CANVAS)
    assert format_name == "Canvas"
    one, _, three = found.values()
    assert one.people == (Person(name="onestudent", site_number="1001"),)
    assert (one.name, one.files) == (CANVAS[0], (("hw1.zip", CANVAS[0]),))
    assert [one.late for one in found.values()] == [False, True, False]
    assert three.name == f"{CANVAS[2]} and 1 more"
    assert dict(three.files) == {"ops.py": CANVAS[2], "Tiny.ipynb": CANVAS[3]}
    assert one.number is None


def test_blind_canvas_files_are_put_together_by_their_tokens():
    names = ["anon_aB3dE_50001_ops.py", "anon_aB3dE_50002_b.py", "LATE_anon_x9Y2z_50003_ops.py"]
    _, found = sorted_out(names)
    people = [one.people[0] for one in found.values()]
    assert [(person.site_number, person.name) for person in people] == [
        ("anon_aB3dE", ""), ("anon_x9Y2z", "")
    ]  # fmt: skip
    assert [one.late for one in found.values()] == [False, True]


def test_a_canvas_resubmission_bears_its_first_name_again():
    names = [*CANVAS[:2], "fourstudent_1004_50009_hw1-2.zip", "fourstudent_1004_50010_ops-1.py"]
    _, found = sorted_out(names)
    four = found["fourstudent_1004_50009_hw1-2.zip and 1 more"]
    assert four.number == 3
    assert [name for name, _ in four.files] == ["hw1.zip", "ops.py"]
    assert four.notes == (
        "hw1-2.zip was read as hw1.zip, handed in again",
        "ops-1.py was read as ops.py, handed in again",
    )


def test_of_two_versions_in_one_canvas_download_the_newer_counts_and_the_other_is_named():
    names = ["onestudent_1001_50001_hw1.zip", "onestudent_1001_50008_hw1-1.zip"]
    for order in (names, names[::-1]):
        _, found = sorted_out(order)
        (one,) = found.values()
        assert one.files == (("hw1.zip", names[1]),)
        assert (one.number, one.earlier) == (2, (names[0],))


@pytest.mark.parametrize(
    "names",
    [
        ["a_1_11_homework-2.zip", "b_2_12_homework-2.zip"],  # the homework's number
        ["a_1_11_half-1.py", "a_1_12_half-2.py"],  # two parts of one attempt
        ["a_1_11_part-1.ipynb"],  # asked for by this name
    ],
)
def test_a_number_that_counts_no_attempts_stays_in_the_name(names):
    _, found = sorted_out(names)
    kept = [name for one in found.values() for name, _ in one.files]
    assert kept == [name.split("_", 3)[3] for name in names]
    assert {one.number for one in found.values()} == {None}
    assert not any(one.earlier for one in found.values())


def test_canvas_tells_of_those_who_wrote_instead_of_uploading():
    format_name, found = sorted_out([CANVAS[0], "twostudent_1002_text.html"])
    assert format_name == "Canvas"
    assert found["twostudent_1002_text.html"].people[0].site_number == "1002"


def test_moodle_folders_are_students():
    format_name, found = sorted_out(MOODLE)
    assert format_name == "Moodle"
    one, two = found.values()
    assert one.people == (Person(name="Student One", site_number="7001"),)
    assert one.files == (("hw1.zip", MOODLE[0]),)
    assert dict(two.files) == {"tiny/ops.py": MOODLE[1], "Tiny.ipynb": MOODLE[2]}


def test_flat_and_blind_moodle_files_are_put_together():
    names = [
        "Participant_7001_assignsubmission_file_ops.py",
        "Participant_7001_assignsubmission_file_my_own.py",
        "Participant_7002_assignsubmission_file_hw.zip",
    ]
    _, found = sorted_out(names)
    assert [one.people for one in found.values()] == [
        (Person(site_number="7001"),), (Person(site_number="7002"),)
    ]  # fmt: skip
    first = next(iter(found.values()))
    assert [name for name, _ in first.files] == ["ops.py", "my_own.py"]


def test_gradescope_folders_are_the_submitters():
    format_name, found = sorted_out(GRADESCOPE, METADATA)
    assert format_name == "Gradescope"
    one = found["submission_81"]
    assert one.people == (
        Person(name="Student One", student_id="3001", email="one@school.example"),
    )
    assert one.files == (("ops.py", GRADESCOPE[1]),)
    assert one.number == 3
    assert one.time_key == "2024-03-01T17:00:00+00:00"
    two = found["submission_82"]
    assert [person.student_id for person in two.people] == ["3002", "3003"]
    assert two.number is None
    assert two.time_key < one.time_key
    three = found["submission_83"]
    assert three.people == (Person(site_number="submission_83"),)
    assert "does not say who" in three.notes[0]


def test_what_fits_no_form_is_a_submission_by_itself():
    names = [*CANVAS, "student-five.zip", "six/ops.py", "grades.csv"]
    _, found = sorted_out(names)
    assert found["student-five.zip"].people == (Person(student_id="student-five"),)
    assert found["six"].files == (("ops.py", "six/ops.py"),)
    assert len(found) == 5


def test_files_beside_the_folders_of_gradescope_are_submissions_by_themselves():
    """An archive and a folder of work are; a text such as notes.txt is not."""
    names = [*GRADESCOPE, "assignment_9_export/late.zip", "assignment_9_export/five/ops.py"]
    _, found = sorted_out([*names, "assignment_9_export/notes.txt"], METADATA)
    assert found["late.zip"].people == (Person(student_id="late"),)
    assert found["late.zip"].files == (("late.zip", "assignment_9_export/late.zip"),)
    assert found["five"].files == (("ops.py", "assignment_9_export/five/ops.py"),)
    assert set(found) == {"submission_81", "submission_82", "submission_83", "late.zip", "five"}


@pytest.mark.parametrize(
    ("text", "site"),
    [
        ("Student Two_7002_assignsubmission_onlinetext_onlinetext.html", "Moodle"),
        ("twostudent_1002_text.html", "Canvas"),
    ],
)
def test_a_text_that_a_student_wrote_on_the_site_may_be_a_submission(text, site):
    """Other .html files at the top of a download are an instructor's."""
    assert may_be_submission(text, SITES)
    assert not may_be_submission("index.html", SITES)
    format_name, found = sorted_out([text])
    assert format_name == site
    (attempt,) = found.values()
    assert (attempt.name, attempt.people[0].site_number[1:]) == (text, "002")


@pytest.mark.parametrize(
    "name",
    ["ann_ops.py.txt", "Tiny.ipynb.json", "Ops.PY", "essay.docx", "anna.txt", "ben.md", "hw.html",
     "hw1.json", "my notes.txt"],
)  # fmt: skip
def test_work_with_the_suffix_of_a_clerical_file_leaves_a_row(name):
    assert may_be_submission(name, SITES)


@pytest.mark.parametrize(
    "name",
    ["README.md", "notes.txt", "Index.html", "metadata.json", "grades.csv", "whatever.xlsx",
     "submission_metadata.yml"],
)  # fmt: skip
def test_what_an_instructor_keeps_beside_submissions_leaves_none(name):
    assert not may_be_submission(name, SITES)


@pytest.mark.parametrize("folder", ["submission_1", "homework", "onestudent_1001_50001_hw1"])
def test_a_folder_around_a_download_may_have_any_name(folder):
    download = recognize([f"{folder}/{name}" for name in CANVAS], KNOWN, SITES)
    assert (download.format, download.listing.top_folder) == ("Canvas", f"{folder}/")


texts = st.text(st.one_of(st.sampled_from("/_-.1aLATE "), st.characters()), max_size=25)
parts = st.sampled_from(
    ["_LATE_", "_1_2_", "_assignsubmission_file_", "anon_x", ".zip", "/", "-1", "_text.html",
     "submission_metadata.yml", "submission_1/", "top/"]
)  # fmt: skip
names = st.lists(
    st.lists(st.one_of(texts, parts), min_size=1, max_size=5).map("".join), max_size=8, unique=True
)


@given(names)
def test_every_file_of_any_download_is_in_one_submission_at_most(listed):
    download = recognize(listed, KNOWN, SITES)
    if download is None:
        return
    empty = contextlib.nullcontext(io.BytesIO())
    placed = [m for one in attempts_in(download, lambda _: empty, []) for _, m in one.files]
    assert len(placed) == len(set(placed))
    assert set(placed) <= set(listed)


class TestMetadata:
    def read(self, data):
        return gradescope.read_metadata(io.BytesIO(data))

    @pytest.mark.parametrize(
        "data",
        [
            b"", b"---", b"- a\n- b\n", b"just text", b"a: [", b"a: b: c", b"\xff\xfe\x00",
            b"a: *no", b"\x00", b"a: &x [*x", b"? [",
        ],
    )  # fmt: skip
    def test_anything_else_is_refused_in_a_sentence(self, data):
        with pytest.raises(SubmissionError, match=r"submission_metadata.yml cannot be read"):
            self.read(data)

    @given(st.binary(max_size=200), st.integers(0, len(METADATA)))
    def test_bytes_of_any_kind_are_read_or_refused(self, noise, where):
        data = METADATA[:where] + noise + METADATA[where + len(noise) :]
        with contextlib.suppress(SubmissionError):
            assert all(type(e) is gradescope.SubmissionMetadata for e in self.read(data).values())

    def test_aliases_do_not_multiply(self):
        levels = [b"a0: &a0 [x, x, x, x, x, x, x, x]\n"]
        for n in range(1, 30):
            levels.append(b"a%d: &a%d [%s]\n" % (n, n, b", ".join([b"*a%d" % (n - 1)] * 9)))
        found = self.read(b"".join(levels) + b"submission_1: *a29\n" + METADATA[4:])
        assert found["submission_1"].people == []
        assert found["submission_81"].people[0].student_id == "3001"

    def test_deep_nesting_and_many_entries_are_refused(self, monkeypatch):
        with pytest.raises(SubmissionError, match="nested more than"):
            self.read(b"a:\n  b: " + b"[" * 500)
        # PyYAML has a limit of its own from 6.0.4 on: whoever refuses it, the sentence is ours.
        with pytest.raises(SubmissionError, match=r"cannot be read: it is (nested|not valid YAML)"):
            self.read(b"a:\n  b: " + b"[" * 5000)
        monkeypatch.setattr(gradescope, "MAX_SUBMISSIONS", 3)
        with pytest.raises(SubmissionError, match="more than 3 submissions"):
            self.read(b"".join(b"submission_%d: {}\n" % n for n in range(5)))

    def test_its_length_is_capped(self, monkeypatch):
        monkeypatch.setattr(gradescope, "MAX_METADATA", 1 << 20)
        with pytest.raises(SubmissionError, match="larger than 1 MiB"):
            self.read(METADATA + b"# more\n" * 200_000)

    def test_what_tests_printed_is_not_kept(self):
        loud = b"".join(
            b"submission_%d:\n  :results:\n    - :output: |\n        %s\n" % (n, b"x" * 9000)
            for n in range(500)
        )
        tracemalloc.start()
        try:
            assert len(self.read(loud)) == 500
            assert tracemalloc.get_traced_memory()[1] < 4 << 20
        finally:
            tracemalloc.stop()


class TestAttempts:
    FILES = {"tiny/ops.py": b"1", "Tiny.ipynb": b"{}"}  # noqa: RUF012  nobody changes it

    def bulk(self, tmp_path, files, folder=False):
        """The files as a zip, or unpacked in a folder."""
        if not folder:
            (tmp_path / "bulk.zip").write_bytes(zipped(files))
            return tmp_path / "bulk.zip"
        for name, data in files.items():
            path = tmp_path / "bulk" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return tmp_path / "bulk"

    @pytest.mark.parametrize("folder", [False, True])
    def test_one_archive_among_the_files_is_opened_in_place(self, tmp_path, folder):
        path = self.bulk(tmp_path, {"x_hw.zip": zipped(self.FILES), "x_a.pdf": b"%"}, folder)
        attempt = Attempt("x", (("hw.zip", "x_hw.zip"), ("a.pdf", "x_a.pdf")))
        submitted = read_attempt(path, attempt)
        assert submitted.files == self.FILES
        assert submitted.documents == ["a.pdf"]

    @pytest.mark.parametrize("folder", [False, True])
    def test_archives_beside_other_files_become_folders(self, tmp_path, folder):
        path = self.bulk(
            tmp_path, {"1": zipped({"ops.py": b"1"}), "2": b"2", "3": b"garbage", "4": b"4"}, folder
        )
        named = ("old.zip", "ops.py", "bad.tar.gz", "sub/more.zip")
        attempt = Attempt("x", tuple(zip(named, "1234", strict=True)))
        submitted = read_attempt(path, attempt)
        assert submitted.files == {"old/ops.py": b"1", "ops.py": b"2"}
        assert "ignored bad.tar.gz: the archive is damaged" in submitted.notes[0]

    def test_of_two_archives_of_one_name_the_last_counts_and_a_note_says_so(self, tmp_path):
        path = self.bulk(tmp_path, {n: zipped({"a.py": n.encode()}) for n in "12"})
        submitted = read_attempt(path, Attempt("x", (("w.zip", "1"), ("w.zip", "2"))))
        assert submitted.files == {"a.py": b"2"}
        assert submitted.notes == ["w.zip is there more than once; the last one counts"]

    def test_a_zip_and_a_folder_have_one_fingerprint(self, tmp_path):
        files = {"a": b"1", "b": b"2"}
        attempt = Attempt("x", (("one.py", "a"), ("two.py", "b")))
        digest = attempt_fingerprint(self.bulk(tmp_path, files), attempt)
        assert attempt_fingerprint(self.bulk(tmp_path, files, folder=True), attempt) == digest
        seen = {digest}
        for other in ({"a": b"1", "b": b"3"}, {"a": b"12", "b": b""}):
            seen.add(attempt_fingerprint(self.bulk(tmp_path, other), attempt))
        renamed = Attempt("x", (("one.py", "b"), ("two.py", "a")))
        seen.add(attempt_fingerprint(self.bulk(tmp_path, files), renamed))
        assert len(seen) == 4

    def test_many_archives_are_not_all_opened(self, tmp_path):
        files = {f"{n}.zip": zipped({"a.py": b"%d" % n}) for n in range(25)}
        attempt = Attempt("x", tuple((name, name) for name in files))
        submitted = read_attempt(self.bulk(tmp_path, files), attempt)
        assert len(submitted.files) == 20
        assert sum("more than 20 archives" in note for note in submitted.notes) == 5

    def test_what_lies_deep_in_a_students_folder_is_opened_too(self, tmp_path):
        files = {"x/Tiny.ipynb": b"{}", "x/hw/tiny.zip": zipped({"ops.py": b"1"})}
        attempt = Attempt("x", tuple((name.removeprefix("x/"), name) for name in files))
        submitted = read_attempt(self.bulk(tmp_path, files), attempt)
        assert submitted.files == {"Tiny.ipynb": b"{}", "hw/tiny/ops.py": b"1"}

    @pytest.mark.parametrize("folder", [False, True])
    @pytest.mark.parametrize(
        "name", ["h\x07w.py", "h\u202ew.py", "h\nw.py", "con.py", "hw\x1b.zip"]
    )
    def test_a_student_whose_only_file_has_an_unsafe_name_has_a_row(self, tmp_path, folder, name):
        files = {f"onestudent_1001_5_{name}": b"1", "twostudent_1002_6_ops.py": b"2"}
        path = self.bulk(tmp_path, files, folder)
        with listed_download(path) as (names, open_member):
            found = attempts_in(recognize(names, KNOWN, SITES), open_member, [])
        attempts = {attempt.people[0].site_number: attempt for attempt in found}
        assert set(attempts) == {"1001", "1002"}
        read = read_attempt(path, attempts["1001"])
        assert (read.files, len(read.notes)) == ({}, 1)
        assert read.notes[0].isprintable()
        assert len(attempt_fingerprint(path, attempts["1001"])) == 64

    @pytest.mark.parametrize("top", ["", "all of them/"])
    def test_what_tools_leave_beside_the_entries_is_nobodys(self, top):
        left = ["__MACOSX/._ann.py", ".DS_Store", "._x.zip", ".git/a.py", ".localized", ".x/notes"]
        names = ["ann.zip", ".ben.zip", ".hw/a.py", "cy/.DS_Store", "../dan.zip", "ed/../../f.py"]
        kept = [name for name in names if not name.startswith("..")]
        listing = read_listing([f"{top}{name}" for name in [*left, *names]], KNOWN, SITES)
        assert listing.names == tuple(f"{top}{name}" for name in kept)

    def test_what_tools_leave_is_not_counted_among_a_students_files(self, tmp_path, monkeypatch):
        monkeypatch.setattr("autograder.submissions.submitted_files.MAX_MEMBERS", 2)
        files = {f"x/.git/{number}.py": b"1" for number in range(9)} | {"x/ops.py": b"2"}
        path = self.bulk(tmp_path, files)
        attempt = Attempt("x", tuple((name.removeprefix("x/"), name) for name in files))
        assert read_attempt(path, attempt).files == {"ops.py": b"2"}
        alone = Attempt("x", (("ops.py", "x/ops.py"),))
        assert attempt_fingerprint(path, attempt) == attempt_fingerprint(path, alone)

    def test_a_download_lists_nothing_that_leads_out(self, tmp_path):
        outside = tmp_path / "outside.py"
        outside.write_bytes(b"secret")
        listed = {"a.py": b"1", "../b.py": b"", "/c.py": b"", "C:/d.py": b"", "e\u202e.py": b"",
                  "__MACOSX/._a.py": b"", "con.py": b""}  # fmt: skip
        buffer = io.BytesIO(zipped(listed))
        with zipfile.ZipFile(buffer, "a") as archive:
            link = zipfile.ZipInfo("link.py")
            link.create_system, link.external_attr = 3, 0o120777 << 16
            archive.writestr(link, str(outside))
        path = tmp_path / "bulk.zip"
        path.write_bytes(buffer.getvalue())
        with listed_download(path) as (found, _):
            assert read_listing(found, KNOWN, SITES).names == ("a.py", "e\u202e.py", "con.py")
        folder = self.bulk(tmp_path, {"a.py": b"1"}, folder=True)
        (folder / "link.py").symlink_to(outside)
        (folder / "linked").symlink_to(tmp_path)
        with listed_download(folder) as (found, _):
            assert found == ["a.py"]

    @pytest.mark.parametrize("folder", [False, True])
    def test_work_in_odd_folders_is_listed_so_that_its_student_has_a_row(self, tmp_path, folder):
        files = {"\u200eOne_1/hw/a.py": b"1", "Two_2/.hw/a.py": b"2", "Two_2/.git/a.py": b"3"}
        path = self.bulk(tmp_path, files, folder)
        with listed_download(path) as (found, _):
            assert sorted(found) == ["One_1/hw/a.py", "Two_2/.git/a.py", "Two_2/.hw/a.py"]
        read = read_attempt(path, Attempt("One_1", (("hw/a.py", "One_1/hw/a.py"),)))
        assert read.files == {"hw/a.py": b"1"}
        read = read_attempt(path, Attempt("Two_2", ((".hw/a.py", "Two_2/.hw/a.py"),)))
        assert (read.files, len(read.notes)) == ({}, 1)

    @pytest.mark.parametrize("folder", [False, True])
    def test_names_that_differ_in_a_mark_alone_are_both_listed(self, tmp_path, folder):
        files = {"One_1/\u202aa.py": b"1", "One_1/a.py": b"2", "One_1/\u202ab.py": b"3",
                 "One_1/\u200eb.py": b"4"}  # fmt: skip
        path = self.bulk(tmp_path, files, folder)
        with listed_download(path) as (found, _):
            assert len(found) == 4
        own = tuple((name.removeprefix("One_1/"), name) for name in sorted(found))
        read = read_attempt(path, Attempt("One_1", own))
        assert read.files == {"a.py": b"2", "a (1).py": b"1", "b.py": b"4", "b (1).py": b"3"}
        assert len([note for note in read.notes if "mark of text direction" in note]) == 2

    def test_of_two_files_of_one_name_the_last_counts_and_a_note_says_so(self, tmp_path):
        """Bytes that are equal, and files that are not read, are no reason for a note."""
        path = tmp_path / "bulk.zip"
        with warnings.catch_warnings(), zipfile.ZipFile(path, "w") as archive:
            warnings.simplefilter("ignore")  # names are there twice
            for name, data in [
                *(("a.py", b"1"), ("same.py", b"3"), ("seen.png", b"5"), (".DS_Store", b"7")),
                *(("a.py", b"2"), ("same.py", b"3"), ("seen.png", b"6"), (".DS_Store", b"8")),
                *(("w.zip", zipped({"b.py": b"1"})), ("w.zip", zipped({"b.py": b"22"}))),
            ]:
                archive.writestr(f"One_1/{name}", data)
        with listed_download(path) as (found, _):
            own = tuple((name.removeprefix("One_1/"), name) for name in found)
        read = read_attempt(path, Attempt("One_1", own))
        assert read.files == {"a.py": b"2", "same.py": b"3", "w/b.py": b"22"}
        assert read.notes == [
            f"{name} is there more than once; the last one counts" for name in ("a.py", "w.zip")
        ]

    def test_a_bomb_in_a_download_is_given_up(self, tmp_path, monkeypatch):
        monkeypatch.setattr("autograder.submissions.bulk_download.MAX_NESTED", 8 << 20)
        path = self.bulk(tmp_path, {"hw.zip": bytes(32 << 20), "ops.py": bytes(32 << 20)})
        with pytest.raises(SubmissionError, match="unpacked it is larger"):
            read_attempt(path, Attempt("x", (("hw.zip", "hw.zip"),)))
        submitted = read_attempt(path, Attempt("x", (("ops.py", "ops.py"),)))
        assert submitted.notes == ["ignored ops.py: it is larger than 1 MiB"]

    @given(
        st.lists(st.tuples(st.integers(-250, 600), st.binary(min_size=1, max_size=9)), max_size=4)
    )
    def test_a_damaged_download_is_read_or_refused(self, tmp_path_factory, noise):
        packed = {"0.zip": zipped({"a.py": b"1"})}
        data = bytearray(zipped(packed | {f"{n}.py": b"x = %d\n" % n * 40 for n in range(4)}))
        for place, piece in noise:
            place %= len(data) - len(piece)
            data[place : place + len(piece)] = piece
        path = tmp_path_factory.getbasetemp() / "bulk.zip"
        path.write_bytes(bytes(data))
        with contextlib.suppress(SubmissionError):
            with listed_download(path) as (found, _):
                attempt = Attempt("x", tuple((name, name) for name in found))
            assert len(attempt_fingerprint(path, attempt)) == 64
            assert len(read_attempt(path, attempt).files) <= 5

    def test_a_download_that_changed_meanwhile_is_our_failure(self, tmp_path):
        path = self.bulk(tmp_path, {"a.py": b"1"})
        with pytest.raises(DownloadChanged, match=r"b\.py is no longer in bulk\.zip"):
            read_attempt(path, Attempt("x", (("b.py", "b.py"),)))
