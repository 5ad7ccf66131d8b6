"""From what an instructor names to jobs: downloads, attempts, rosters, and who is missing."""

import re
import unicodedata

import pytest

from autograder.errors import RosterError, SubmissionError
from autograder.sites import SITES
from autograder.submissions.attempt import Attempt, Person
from autograder.submissions.download_listing import are_most
from autograder.submissions.find_submissions import find_submissions
from autograder.submissions.roster import parse_roster
from autograder.submissions.submission import read_submission
from tests.tiny import ANSWER_CELL, ANSWERS, handed_in, notebook, tiny_harness, zipped
from tests.unit.submissions.test_downloads import METADATA

WORK = {f"tiny/{name}": text for name, text in ANSWERS.items()}
ZIP = zipped(WORK)
BOOK = notebook({"id": "best", "source": ANSWER_CELL})
CANVAS = {
    "onestudent_1001_50001_hw1.zip": ZIP,
    "twostudent_LATE_1002_50002_hw1-1.zip": ZIP,
    "threestudent_1003_50003_ops.py": ANSWERS["ops.py"],
    "threestudent_1003_50004_Tiny.ipynb": BOOK,
}
MOODLE = {
    "Student One_7001_assignsubmission_file_/hw.zip": ZIP,
    "Student Two_7002_assignsubmission_file_/tiny/ops.py": ANSWERS["ops.py"],
}
FLAT = {
    "Participant_7001_assignsubmission_file_hw.zip": ZIP,
    "Participant_7002_assignsubmission_file_ops.py": ANSWERS["ops.py"],
}
GRADESCOPE = {
    "assignment_9_export/submission_metadata.yml": METADATA,
    **{f"assignment_9_export/submission_81/{name}": text for name, text in WORK.items()},
    "assignment_9_export/submission_82/ops.py": ANSWERS["ops.py"],
}
ROSTER = b"""\
student_id,name,email,number
s1,Student One,one@school.example,
s2,"Two, Student",two@school.example,
s3,Student Three,,
s4,Student Four,,
"""


@pytest.fixture(scope="module")
def harness(tmp_path_factory):
    return tiny_harness(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def lay(tmp_path):
    """Lays files out as a zip of this name, or unpacked in a folder of it."""

    def lay(name, files):
        path = tmp_path / name
        if path.suffix:
            path.write_bytes(zipped(files))
            return path
        for inner, data in files.items():
            file = path / inner
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path

    return lay


def by_student(found):
    return {job.student: job for job in found.jobs}


@pytest.mark.parametrize("name", ["bulk.zip", "bulk"])
@pytest.mark.parametrize(
    ("files", "students"),
    [
        (CANVAS, {"onestudent_1001": "zip", "twostudent_1002": "zip", "threestudent_1003": "one"}),
        (MOODLE, {"Student_One_7001": "zip", "Student_Two_7002": "one"}),
        (FLAT, {"participant_7001": "zip", "participant_7002": "one"}),
        (GRADESCOPE, {"3001": "zip", "3002": "one", "3003": "one"}),
        ({"student-one.zip": ZIP, "student-two.zip": ZIP}, {"student-one": "zip",
                                                            "student-two": "zip"}),
    ],
    ids=["canvas", "moodle", "flat", "gradescope", "archives"],
)  # fmt: skip
def test_a_download_gives_every_student_their_own_files(harness, lay, name, files, students):
    found = find_submissions([lay(name, files)], harness, SITES)
    assert set(by_student(found)) == set(students)
    assert (found.absent, found.remarks) == ([], [])
    for job in found.jobs:
        submission = read_submission(job.path, harness, job.attempt)
        whole = students[job.student] == "zip"
        assert set(submission.modules) == ({"ops.py", "sub/more.py"} if whole else {"ops.py"})


def test_what_the_site_says_is_kept(harness, lay):
    jobs = by_student(find_submissions([lay("canvas.zip", CANVAS)], harness, SITES))
    two = jobs["twostudent_1002"].info
    assert (two.site, two.late, two.attempt_number, two.name) == ("Canvas", True, 2, "twostudent")
    assert jobs["onestudent_1001"].info.late is False
    jobs = by_student(find_submissions([lay("gradescope.zip", GRADESCOPE)], harness, SITES))
    assert jobs["3001"].info.attempt_number == 3
    assert jobs["3003"].info.name == "Student Three"
    assert jobs["3003"].notes == ("handed in for 2 students together",)


def test_of_attempts_in_several_downloads_the_newest_counts(harness, lay):
    first = lay("first.zip", CANVAS)
    again = lay("again.zip", {"onestudent_1001_50010_hw1-1.zip": ZIP, "b_9_8_x.zip": ZIP})
    for order in ([first, again], [again, first]):
        jobs = by_student(find_submissions(order, harness, SITES))
        assert set(jobs) == {"onestudent_1001", "twostudent_1002", "threestudent_1003", "b_9"}
        one = jobs["onestudent_1001"]
        assert one.name == "onestudent_1001_50010_hw1-1.zip"
        assert one.path == again
        assert one.info.attempt_number == 2
        assert one.info.earlier == ("onestudent_1001_50001_hw1.zip in first.zip",)


def test_names_that_make_one_id_are_two_students_and_neither_reads_of_the_other(harness, lay):
    jobs = find_submissions(
        [lay("class.zip", {"Ann Lee.zip": ZIP, "ann_lee.zip": ZIP})], harness, SITES
    ).jobs
    assert {job.name for job in jobs} == {"Ann Lee.zip", "ann_lee.zip"}
    assert len({job.student.casefold() for job in jobs}) == 2
    notes = " ".join(note for job in jobs for note in job.notes)
    assert "has the same student id" in notes
    assert "ann" not in notes.casefold().replace(" ann_lee-2", "").replace(" ann_lee_2", "")


def test_where_nothing_tells_the_newer_the_download_named_last_counts(harness, lay):
    first, second = lay("first.zip", MOODLE), lay("second.zip", MOODLE)
    for order in ([first, second], [second, first]):
        jobs = by_student(find_submissions(order, harness, SITES))
        assert set(jobs) == {"Student_One_7001", "Student_Two_7002"}
        assert {job.path for job in jobs.values()} == {order[1]}
        assert jobs["Student_One_7001"].info.attempt_number == 2
        assert order[0].name in jobs["Student_One_7001"].info.earlier[0]


def test_a_students_archive_cannot_speak_for_others(harness, lay, tmp_path):
    lay("class", {"student-one.zip": ZIP, "student-two.zip": ZIP})
    forged = lay("class/student-six.zip", CANVAS)
    for named in ([tmp_path / "class"], sorted((tmp_path / "class").iterdir())):
        found = find_submissions(named, harness, SITES)
        assert set(by_student(found)) == {"student-one", "student-two", "student-six"}
        assert by_student(found)["student-six"].attempt is None
    assert "looks like a bulk download (Canvas)" in found.remarks[0]
    assert len(find_submissions([forged], harness, SITES).jobs) == 3


@pytest.mark.parametrize(
    "data", [b"garbage", zipped({"tiny/ops.py": "1"}), zipped({"in.zip": ZIP})]
)
def test_any_other_archive_is_a_submission(harness, tmp_path, data):
    path = tmp_path / "student-one.zip"
    path.write_bytes(data)
    (job,) = find_submissions([path], harness, SITES).jobs
    assert (job.student, job.attempt) == ("student-one", None)


def test_what_does_not_exist_is_said(harness, tmp_path):
    with pytest.raises(SubmissionError, match="does not exist"):
        find_submissions([tmp_path / "nowhere.zip"], harness, SITES)


def test_broken_metadata_cost_only_the_names(harness, lay):
    files = GRADESCOPE | {"assignment_9_export/submission_metadata.yml": "- no\n"}
    found = find_submissions([lay("bulk.zip", files)], harness, SITES)
    assert set(by_student(found)) == {"submission_81", "submission_82"}
    assert "cannot be read" in found.remarks[0]


class Campus:
    """A made-up course site, whose downloads are folders such as ``1234-late/hw1.zip``."""

    name = "Campus"
    entry = re.compile(r"(?P<number>[0-9]{4})(?P<late>-late)?")

    def gives_name(self, entry, *, folder):
        return folder and self.entry.fullmatch(entry) is not None

    def recognizes(self, listing, submissions):
        folders = sum(self.gives_name(e, folder=True) for e in listing.entries - listing.top_files)
        return are_most(folders, submissions)

    def attempts(self, listing, open_member, remarks):
        files = {}
        for name in listing.names:
            entry, below = listing.split(name)
            if below and self.gives_name(entry, folder=True):
                files.setdefault(entry, []).append((below, name))
        return [
            Attempt(
                name=entry,
                files=tuple(files[entry]),
                people=(Person(site_number=self.entry.fullmatch(entry)["number"]),),
                late=entry.endswith("-late"),
            )
            for entry in files
        ]


@pytest.mark.parametrize("name", ["bulk.zip", "bulk"])
def test_a_new_site_is_one_class_in_the_registry(harness, lay, name):
    files = {
        "1001/hw1.zip": ZIP,
        "1002-late/tiny/ops.py": ANSWERS["ops.py"],
        "1003/Tiny.ipynb": BOOK,
        "other.zip": ZIP,
    }
    path = lay(name, files)
    found = find_submissions([path], harness, [*SITES, Campus()])
    jobs = by_student(found)
    assert set(jobs) == {"participant_1001", "participant_1002", "participant_1003", "other"}
    assert {jobs[student].info.site for student in jobs} == {"Campus"}
    assert [jobs[student].info.late for student in sorted(jobs)] == [False, False, True, False]
    one = jobs["participant_1001"]
    assert set(read_submission(one.path, harness, one.attempt).modules) == set(ANSWERS)
    three = jobs["participant_1003"]
    assert read_submission(three.path, harness, three.attempt).notebooks


@pytest.mark.parametrize("name", ["bulk.zip", "bulk"])
@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({".hw.zip": ZIP}, "ignored .hw.zip: hidden files are not read"),
        ({".ops.py": ANSWERS["ops.py"]}, "ignored .ops.py: hidden files are not read"),
        ({".hw/hw.zip": ZIP}, "ignored .hw/: hidden folders are not read"),
        ({"a/.hw/ops.py": ANSWERS["ops.py"]}, "ignored a/.hw/: hidden folders are not read"),
        ({"aux.zip": ZIP}, "ignored aux.zip: its name means a device on Windows"),
        ({"h\x01w.zip": ZIP}, "there are control characters in its name"),
        ({"venv/site-packages/a.py": "1"}, "what lies in venv/site-packages/ is not read"),
        ({".DS_Store": "1"}, "it holds none of ops.py, sub/more.py, Tiny.ipynb"),
    ],
)
def test_whatever_a_student_has_handed_in_leaves_a_row_with_the_reason(
    harness, lay, name, files, why
):
    entry = "Student Two_7002_assignsubmission_file_"
    two = {f"{entry}/{inner}": data for inner, data in files.items()}
    others = {f"Student {n}_700{n}_assignsubmission_file_/hw.zip": ZIP for n in (3, 4)}
    path = lay(name, two | others | {"__MACOSX/._x.zip": "", ".DS_Store": ""})
    found = find_submissions([path], harness, SITES, parse_roster(ROSTER))
    jobs = by_student(found)
    assert len(jobs) == 3
    assert [student.student for student in found.absent] == ["s1", "s3", "s4"]
    with pytest.raises(SubmissionError, match=re.escape(why)):
        read_submission(jobs["s2"].path, harness, jobs["s2"].attempt)


@pytest.mark.parametrize("name", ["class.zip", "class"])
def test_a_class_of_files_has_the_same_ids_in_a_zip_and_in_a_folder(harness, lay, name):
    path = lay(name, {"a.zip": ZIP, "b.zip": ZIP, ".dora.zip": ZIP, "emil.docx": b"x"})
    assert set(by_student(find_submissions([path], harness, SITES))) == {"a", "b", "dora", "emil"}


@pytest.mark.parametrize("suffix", [".zip.txt", ".ZIP.json", ".tar.gz.txt"])
def test_an_archive_with_a_suffix_more_is_one(harness, lay, tmp_path, suffix):
    path = lay("class", {"ann.zip": ZIP, f"carol{suffix}": ZIP})
    jobs = by_student(find_submissions([path], harness, SITES))
    assert set(jobs) == {"ann", "carol"}
    assert set(read_submission(jobs["carol"].path, harness).modules) == set(ANSWERS)


@pytest.mark.parametrize("name", ["bulk.zip.txt", "bulk.tar.gz"])
def test_a_download_whose_name_has_a_wrong_suffix_is_recognized(harness, lay, name):
    found = find_submissions([lay(name, MOODLE)], harness, SITES)
    assert {job.info.site for job in found.jobs} == {"Moodle"}


class TestRoster:
    roster = parse_roster(ROSTER)

    @pytest.mark.parametrize("files", [CANVAS, MOODLE, GRADESCOPE])
    def test_names_become_students_and_the_missing_are_listed(self, harness, lay, files):
        found = find_submissions([lay("bulk.zip", files)], harness, SITES, self.roster)
        jobs = by_student(found)
        here = {"s1", "s2"} if files is MOODLE else {"s1", "s2", "s3"}
        assert set(jobs) == here
        assert {job.student for job in found.absent} == {"s1", "s2", "s3", "s4"} - here
        assert jobs["s1"].info.name == "Student One"
        assert found.remarks == []

    def test_names_with_combining_marks_are_one_student_each_and_matched(self, harness, lay):
        who = ["กิตติใจดี", "रामकुमार", unicodedata.normalize("NFD", "müllerjörg"), "ნინო"]
        files = {}
        for number, name in enumerate(who, 101):
            files[f"{name}_{number}_900{number}_ops.py"] = ANSWERS["ops.py"]
            files[f"{name}_LATE_{number}_901{number}_Tiny.ipynb"] = BOOK
        found = find_submissions([lay("bulk.zip", files)], harness, SITES)
        assert set(by_student(found)) == {
            f"{unicodedata.normalize('NFC', name)}_{number}" for number, name in enumerate(who, 101)
        }
        rows = ["ใจดี กิตติ", "राम कुमार", "Jörg Müller", "ნინო"]
        text = "id,name\n" + "".join(f"s{n},{name}\n" for n, name in enumerate(rows))
        found = find_submissions(
            [lay("bulk.zip", files)], harness, SITES, parse_roster(text.encode())
        )
        assert set(by_student(found)) == {"s0", "s1", "s2", "s3"}
        assert (found.absent, found.remarks) == ([], [])

    def test_names_that_differ_in_marks_alone_are_two_students(self, harness, lay):
        roster = parse_roster("id,name\ns1,ป่า\ns2,ป้า\n".encode())
        files = {"ป้า_102_9002_hw.zip": ZIP, "ป่า_101_9001_hw.zip": ZIP}
        found = find_submissions([lay("bulk.zip", files)], harness, SITES, roster)
        names = {student: job.name for student, job in by_student(found).items()}
        assert names == {"s1": "ป่า_101_9001_hw.zip", "s2": "ป้า_102_9002_hw.zip"}

    @pytest.mark.parametrize("group", ["Group A", "Group A-1", "A-team-2"])
    def test_the_name_of_a_group_may_stand_before_a_name_with_hyphens(self, harness, lay, group):
        roster = parse_roster(b"id,name\ns1,Jean-Luc Picard\ns2,Ann Lee\n")
        files = {f"{group}-Jean-Luc Picard_11_assignsubmission_file_/hw.zip": ZIP,
                 f"{group}-Ann Lee_12_assignsubmission_file_/hw.zip": ZIP}  # fmt: skip
        found = find_submissions([lay("bulk.zip", files)], harness, SITES, roster)
        assert set(by_student(found)) == {"s1", "s2"}

    def test_numbers_decide_before_names(self, harness, lay):
        roster = parse_roster(
            b"Student,ID,SIS User ID\n"
            b'"Student, One",1002,s1\n"Student, One",1001,s2\n"Three, Student",1009,s3\n'
        )
        files = {
            "studentone_1001_5_hw.zip": ZIP, "studentone_1002_6_hw.zip": ZIP,
            "threestudent_1003_7_hw.zip": ZIP,
        }  # fmt: skip
        found = find_submissions([lay("bulk.zip", files)], harness, SITES, roster)
        names = {student: job.name for student, job in by_student(found).items()}
        assert names == {
            "s1": "studentone_1002_6_hw.zip",
            "s2": "studentone_1001_5_hw.zip",
            "threestudent_1003": "threestudent_1003_7_hw.zip",  # another number: another person
        }
        assert [job.student for job in found.absent] == ["s3"]

    def test_blind_submissions_are_found_by_the_worksheet(self, harness, lay):
        roster = parse_roster(b"Identifier,ID number\nParticipant 7001,s1\nParticipant 7002,s2\n")
        found = find_submissions([lay("bulk.zip", FLAT)], harness, SITES, roster)
        assert set(by_student(found)) == {"s1", "s2"}

    @pytest.mark.parametrize(
        ("roster", "files"),
        [
            (b"id,name\ns1,Student One\ns2,One Student\n", {"onestudent_1_2_hw.zip": ZIP}),
            (b"id,name\ns1,Student One\n", {"onestudent_1_2_hw.zip": ZIP,
                                            "onestudent_3_4_hw.zip": ZIP}),
        ],
    )  # fmt: skip
    def test_what_is_ambiguous_is_said_and_nothing_is_lost(self, harness, lay, roster, files):
        students = parse_roster(roster)
        found = find_submissions([lay("bulk.zip", files)], harness, SITES, students)
        assert {job.name for job in found.jobs} == set(files)
        assert {job.student for job in found.jobs}.isdisjoint(s.id for s in students)
        assert {job.student for job in found.absent} == {s.id for s in students}
        assert all("may be theirs" in job.notes[0] for job in found.absent)
        assert "may be by s1" in found.remarks[0]
        for job in found.jobs:  # the student reads this: it names nobody else
            assert job.notes == ("more than one student may have handed this in; a person decides",)

    def test_who_is_not_on_it_is_graded_all_the_same(self, harness, lay):
        found = find_submissions(
            [lay("class", {"s1.zip": ZIP, "stranger.zip": ZIP})], harness, SITES, self.roster
        )
        assert set(by_student(found)) == {"s1", "stranger"}
        assert by_student(found)["stranger"].notes == ("it is by nobody on the roster",)
        assert "stranger.zip is by nobody on the roster" in found.remarks[0]

    def test_single_submissions_are_matched_by_id_address_and_name(self, harness, lay, tmp_path):
        handed_in(tmp_path / "class" / "S1")
        lay("class", {"two@school.example.zip": ZIP, "student-three.zip": ZIP})
        found = find_submissions([tmp_path / "class"], harness, SITES, self.roster)
        assert set(by_student(found)) == {"s1", "s2", "s3"}

    def test_two_by_one_student_are_both_graded(self, harness, lay):
        found = find_submissions(
            [lay("class", {"s1.zip": ZIP, "one@school.example.zip": ZIP})],
            harness,
            SITES,
            self.roster,
        )
        assert {job.student for job in found.jobs} == {"s1", "s1-2"}
        assert len(found.absent) == 3

    def test_no_other_takes_the_id_of_one_who_is_missing(self, harness, lay):
        roster = parse_roster(b"id,name\nx,\nb_9,\nb_9_unclear,\ns4,d\n")
        files = {"b_9_8_x.zip": ZIP, "c_7_6_x.zip": ZIP, "d_3_4_x.zip": ZIP}
        found = find_submissions([lay("bulk.zip", files)], harness, SITES, roster)
        assert {job.student for job in found.absent} == {"x", "b_9", "b_9_unclear"}
        assert {job.student for job in found.jobs} == {"b_9_unclear_unclear", "c_7", "s4"}

    def test_a_second_one_never_gets_the_id_of_another_student(self, harness, lay):
        roster = parse_roster(b"id,email\nab1,one@school.example\nab1-2,\nAB1-3,\n")
        files = {"ab1.zip": ZIP, "one@school.example.zip": ZIP}
        found = find_submissions([lay("class", files)], harness, SITES, roster)
        assert {job.student for job in found.jobs} == {"ab1", "ab1-4"}
        assert {job.student for job in found.absent} == {"ab1-2", "AB1-3"}

    def test_staff_are_never_absent_but_may_hand_in(self, harness, lay):
        roster = parse_roster(b"SID,Email,Role\ns1,,Student\ns2,,Student\nt1,,TA\nt2,,Instructor\n")
        found = find_submissions(
            [lay("class", {"s1.zip": ZIP, "t1.zip": ZIP})], harness, SITES, roster
        )
        assert {job.student for job in found.jobs} == {"s1", "t1"}
        assert [job.student for job in found.absent] == ["s2"]

    @pytest.mark.parametrize("folder", ["Teilnehmerin_{}", "参加者_{}", "Student {}_{}"])
    def test_a_worksheet_in_another_language_names_every_student(self, harness, lay, folder):
        roster = parse_roster(
            "ID;Vollständiger Name;ID-Nummer;E-Mail-Adresse;Status\n"
            "Teilnehmer/in7001;Student One;s1;one@school.example;Zur Bewertung abgegeben\n"
            "Teilnehmer/in7002;Student Two;;two@school.example;Keine Abgabe\n".encode()
        )
        files = {f"{folder.format(n, n)}_assignsubmission_file_/ops.py": ANSWERS["ops.py"]
                 for n in (7001, 7002)}  # fmt: skip
        found = find_submissions([lay("bulk.zip", files)], harness, SITES, roster)
        assert set(by_student(found)) == {"s1", "two@school.example"}
        assert (found.absent, found.remarks) == ([], [])

    def test_the_roster_of_another_class_is_refused_with_what_was_missed(self, harness, lay):
        files = {f"Somebody {n}_{n}_assignsubmission_file_/ops.py": "" for n in (7001, 7002)}
        other = parse_roster(b"ID,Name\nuczestnik 7001,\nuczestnik 7002,\n")
        with pytest.raises(RosterError, match=r"none of the 2 submissions .*'Somebody 7001 7001'"):
            find_submissions([lay("bulk.zip", files)], harness, SITES, other)


@pytest.mark.parametrize("inside", [[], ["inner/"], ["__MACOSX/._ops.py", ".DS_Store"]])
def test_an_empty_folder_that_is_named_is_nobodys_submission(harness, tmp_path, inside):
    handed_in(tmp_path / "anna")
    (tmp_path / "empty").mkdir()
    for name in inside:
        path = tmp_path / "empty" / name
        path.parent.mkdir(exist_ok=True)
        path.mkdir() if name.endswith("/") else path.write_text("")
    found = find_submissions([tmp_path / "anna", tmp_path / "empty"], harness, SITES)
    assert [job.student for job in found.jobs] == ["anna"]
    assert found.remarks == [
        f"{tmp_path / 'empty'} is an empty folder, so that it is nobody's submission"
    ]


@pytest.mark.parametrize("inside", [".work/ops.py", "answers.docx"])
def test_a_folder_with_anything_in_it_is_somebodys(harness, tmp_path, inside):
    path = tmp_path / "ben" / inside
    path.parent.mkdir(parents=True)
    path.write_text("x = 1")
    assert [job.student for job in find_submissions([tmp_path / "ben"], harness, SITES).jobs] == [
        "ben"
    ]


def test_an_empty_folder_in_a_class_is_a_students(harness, tmp_path):
    handed_in(tmp_path / "class" / "anna")
    (tmp_path / "class" / "ben").mkdir()
    jobs = find_submissions([tmp_path / "class"], harness, SITES).jobs
    assert [job.student for job in jobs] == ["anna", "ben"]
