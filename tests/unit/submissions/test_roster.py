"""Class lists: our own columns, the exports of course sites, and what is wrong with others."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import RosterError
from autograder.submissions.attempt import Person
from autograder.submissions.roster import COLUMNS, parse_roster, read_roster
from autograder.submissions.roster_languages import (
    PARTICIPANT,
    TRANSLATED,
    column_key,
    participant_number,
)
from autograder.submissions.roster_matching import Matcher
from autograder.submissions.student_ids import safe_id

OWN = (
    "student_id,name,email\ns1,Student One,one@school.example\ns2,Student Two,two@school.example\n"
)
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,hw1 (55)\n"
    ",,,,,Manual Posting\n"
    "    Points Possible,,,,,100\n"
    '"One, Student",1001,s1,login1,Section,\n'
    '"Two, Student",1002,s2,login2,Section,\n'
    '"Student, Test",1999,,,Section,\n'
)
MOODLE = (
    '\ufeffIdentifier,"Full name","ID number","Email address",Status,Grade\n'
    '"Participant 7001","Student One",s1,one@school.example,"Submitted for grading",\n'
    '"Participant 7002","Student Two",s2,two@school.example,"No submission",\n'
)
MOODLE_IN_GERMAN = (
    '\ufeffID,"Vollständiger Name",ID-Nummer,E-Mail-Adresse,Status,Bewertung\n'
    '"Teilnehmer/in7001","Student One",s1,one@school.example,Abgegeben,\n'
    '"Teilnehmer/in7002","Student Two",s2,two@school.example,"Keine Abgabe",\n'
)
GRADESCOPE = (
    "First Name,Last Name,SID,Email,Role,Section\n"
    "Student,One,s1,one@school.example,Student,A\n"
    "Student,Two,s2,two@school.example,Student,A\n"
)


def ids(text):
    data = text if isinstance(text, bytes) else text.encode()
    return [student.id for student in parse_roster(data)]


@pytest.mark.parametrize("text", [OWN, CANVAS, MOODLE, MOODLE_IN_GERMAN, GRADESCOPE])
def test_our_own_form_and_every_sites_export_are_read(text):
    students = parse_roster(text.encode())
    assert [student.id for student in students] == ["s1", "s2"]
    assert all("studentone" in students[0].names for _ in students)
    expected = {CANVAS: "1001", MOODLE: "7001", MOODLE_IN_GERMAN: "7001"}.get(text, "")
    assert students[0].site_number == expected


@pytest.mark.parametrize("participant", PARTICIPANT)
@pytest.mark.parametrize("header", ["ID", *TRANSLATED["identifier"]])
def test_a_participants_number_is_no_id_in_any_language(header, participant):
    text = f"{header},Email\n{participant} 7001,one@school.example\n{participant}0702,\n"
    one, two = parse_roster(text.encode())
    assert (one.id, one.site_number) == ("one@school.example", "7001")
    assert (two.id, two.site_number) == (safe_id(f"{participant}0702"), "702")


@pytest.mark.parametrize("text", ["student7", "Participants 7", "7", "s7", ""])
def test_other_ids_are_no_participants_numbers(text):
    assert participant_number(text) == ""


def test_no_word_means_two_columns():
    keys = [key for names in TRANSLATED.values() for key in {column_key(n) for n in names}]
    assert keys == list(TRANSLATED)
    known = {column_key(name) for names in COLUMNS.values() for name in names}
    assert known >= TRANSLATED.keys()
    assert {column_key(name) for name in known} == known


@pytest.mark.parametrize(
    ("role", "staff"),
    [
        ("Student", False), ("", False), ("Teilnehmer/in", False), ("Learner", False),
        ("TA", True), ("instructor", True), ("Teaching Assistant", True), ("Reader", True),
        ("Non-editing teacher", True), ("TaEnrollment", True), ("Graders", True),
    ],
)  # fmt: skip
def test_staff_are_told_from_students_by_their_role(role, staff):
    student, other = parse_roster(f"sid,role\ns1,Student\nt1,{role}\n".encode())
    assert (student.staff, other.staff) == (False, staff)


def test_staff_need_no_id_and_are_no_class():
    assert ids("sid,role\ns1,Student\n,Instructor\n") == ["s1"]
    with pytest.raises(RosterError, match="names no student"):
        ids("sid,role\nt1,TA\n")


@pytest.mark.parametrize(
    "data",
    [
        OWN.replace(",", ";").encode(),
        OWN.replace(",", "\t").encode("utf-16"),
        b"sep=;\r\n" + OWN.replace(",", ";").replace("\n", "\r\n").encode(),
        b"\n\n" + OWN.encode(),
        (OWN + ",,\n\n").encode(),
        OWN.replace("student_id", "SID").encode(),
        OWN.replace("student_id", " Student-ID ").encode(),
    ],
)
def test_spreadsheets_write_it_in_many_ways(data):
    assert ids(data) == ["s1", "s2"]


def test_the_first_column_of_ids_that_a_row_fills_counts():
    text = (
        "SIS User ID,SIS Login ID,ID,Student\n,login1,1001,One\ns2,login2,1002,Two\n,,1003,Three\n"
    )
    assert ids(text) == ["login1", "s2", "1003"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "it is empty"),
        ("\n\n", "it is empty"),
        ("name,grade\nStudent One,1\n", "no column holds the students' ids.*name, grade"),
        (OWN + "s1,Another,three@school.example\n", r"line 4: the id s1 stands in line 2 already"),
        (OWN + "S1,Another,three@school.example\n", r"line 4: the id S1 stands in line 2 already"),
        (OWN + "a/b,A,\na b,B,\n", r"line 5: the id a_b stands in line 4"),
        ("sid,name\n,Student One\n", "line 2: this student has no id"),
        ("student_id,name\n", "it names no student"),
        ('student_id,name\ns1,"Stu"dent\n', "line 2: .*no proper CSV"),
        (b"student_id\n\xff\xfa\n", "no UTF-8 text; save it"),
        (b"PK\x03\x04\x00\x00", "no text; save it"),
    ],
)
def test_a_bad_roster_is_refused_with_the_line_and_what_to_do(text, words):
    with pytest.raises(RosterError, match=words):
        ids(text)


def test_the_file_is_named_in_what_is_wrong(tmp_path):
    with pytest.raises(RosterError, match=r"none\.csv: the roster cannot be read: No such file"):
        read_roster(tmp_path / "none.csv")
    (tmp_path / "class.csv").write_text("a,b\n1,2\n")
    with pytest.raises(RosterError, match=r"class\.csv: no column holds"):
        read_roster(tmp_path / "class.csv")


def test_a_roster_of_absurd_size_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("autograder.submissions.roster.MAX_ROSTER", 100)
    with pytest.raises(RosterError, match="no class list"):
        parse_roster(OWN.encode() * 2)


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_anything_is_read_or_refused(noise):
    for data in (noise, b"student_id,name\n" + noise):
        with contextlib.suppress(RosterError):
            assert parse_roster(data)


def test_the_documentation_names_every_column():
    page = (Path(__file__).parents[3] / "docs" / "downloads.md").read_text("utf-8").casefold()
    for names in COLUMNS.values():
        for name in names:
            assert f"`{name}`" in page or f"`{name.replace(' ', '_')}`" in page, name


class TestMatching:
    def test_ids_addresses_and_numbers_are_sure(self):
        matcher = Matcher(parse_roster(CANVAS.encode()))
        for person in (
            Person(student_id="S1"),
            Person(student_id="login1"),
            Person(site_number="1001"),
            Person(site_number="01001"),
        ):
            assert matcher.find_by_id(person).id == "s1"
        matcher = Matcher(parse_roster(OWN.encode()))
        assert matcher.find_by_id(Person(email="TWO@school.example")).id == "s2"
        for person in (
            Person(),
            Person(student_id="s3"),
            Person(site_number="1001"),
            Person(name="s1"),
        ):
            assert matcher.find_by_id(person) is None

    @pytest.mark.parametrize(
        ("written", "site"),
        [
            ("One, Student", "onestudent"),
            ("Student One", "onestudent"),
            ("Student One", "Student One"),
            ("Student Middle One", "onestudentmiddle"),
            ("One-Half, Student", "onehalfstudent"),
            ("Stüdent Ône", "onestudent"),
            ("Student One", "Group A-Student One"),
            ("学生 一", "学生一"),
        ],
    )
    def test_names_are_found_however_a_site_squeezes_them(self, written, site):
        matcher = Matcher(parse_roster(f'id,name\ns1,"{written}"\ns2,Somebody Else\n'.encode()))
        assert [student.id for student in matcher.find_by_name(Person(name=site))] == ["s1"]

    def test_two_of_one_name_are_both_found(self):
        matcher = Matcher(parse_roster(b"id,name\ns1,Student One\ns2,One Student\n"))
        found = matcher.find_by_name(Person(name="onestudent"))
        assert {student.id for student in found} == {"s1", "s2"}
