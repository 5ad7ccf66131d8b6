"""Whose predictions they are: as `plumb grade` finds submissions, and by the archives of phases."""

import shutil
import zipfile

import pytest

from autograder.core.predictions import PredictionForm
from autograder.errors import RosterError
from autograder.leaderboard.jobs import find_leaderboard_jobs
from autograder.leaderboard.submissions import find_predictions
from autograder.sites import SITES
from autograder.submissions.roster import read_roster
from tests.tiny import tiny_harness, zipped

FORM = PredictionForm((20,), 10)

BARE = zipped({"prediction.npy": b"bare"})


def whole(word=b"whole"):
    """An assignment's folder as an archive, with predictions for phase 1."""
    return zipped({"hw/output/phase_1/prediction.npy": word, "hw/output/nickname.txt": "Lion"})


@pytest.fixture(scope="module")
def harness(tmp_path_factory):
    return tiny_harness(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def found(harness, tmp_path):
    """The class in a download or a folder with these files, by the lines of a roster."""

    def found(files, *roster, folder=False, name="class.zip"):
        path = tmp_path / name
        path.write_bytes(zipped(files))
        if folder:
            with zipfile.ZipFile(path) as archive:
                archive.extractall(tmp_path / "class")
            path = tmp_path / "class"
        students = None
        if roster:
            (tmp_path / "roster.csv").write_text("\n".join(["student_id,name", *roster]))
            students = read_roster(tmp_path / "roster.csv")
        return find_leaderboard_jobs([path], harness, SITES, students)

    return found


def students(submissions):
    return [job.student for job in submissions.jobs]


def predictions(submissions):
    """What each student hands in, all jobs of theirs together."""
    result = {}
    for job in submissions.jobs:
        handed = find_predictions(job.path, 2, FORM, job.attempt)
        assert handed.faults == {}
        result.setdefault(job.student, {}).update(handed.predictions)
    return result


DOWNLOADS = {
    "canvas": {
        "lovelaceada_21_801_hw.zip": whole(b"old"),
        "lovelaceada_21_809_hw-1.zip": whole(),
        "byronanna_LATE_22_802_prediction_phase_1.zip": BARE,
        "byronanna_LATE_22_803_prediction_phase_2.zip": BARE,
    },
    "moodle": {
        "Ada Lovelace_21_assignsubmission_file_/hw.zip": whole(),
        "Anna Byron_22_assignsubmission_file_/prediction_phase_1.zip": BARE,
        "Anna Byron_22_assignsubmission_file_/prediction_phase_2.zip": BARE,
    },
    "gradescope": {
        "assignment_1_export/submission_metadata.yml": "submission_1:\n  :submitters:\n"
        "  - :name: Ada Lovelace\n    :sid: s-1\n  :created_at: 2030-01-01 10:00:00\n"
        "submission_2:\n  :submitters:\n  - :name: Anna Byron\n    :sid: s-2\n"
        "  :created_at: 2030-01-01 10:00:00\n",
        "assignment_1_export/submission_1/hw/output/phase_1/prediction.npy": b"whole",
        "assignment_1_export/submission_2/prediction_phase_1.zip": BARE,
        "assignment_1_export/submission_2/prediction_phase_2.zip": BARE,
    },
    "archive of archives": {
        "Ada Lovelace.zip": whole(),
        "Anna Byron_prediction_phase_1.zip": BARE,
        "Anna Byron_prediction_phase_2.zip": BARE,
    },
}


@pytest.mark.parametrize("folder", [False, True])
@pytest.mark.parametrize("site", DOWNLOADS)
def test_downloads_are_read_and_the_roster_says_whose_they_are(found, site, folder):
    submissions = found(DOWNLOADS[site], "s-1,Ada Lovelace", "s-2,Anna Byron", "s-3,Nobody Else",
                        folder=folder)  # fmt: skip
    assert predictions(submissions) == {"s-1": {1: b"whole"}, "s-2": {1: b"bare", 2: b"bare"}}
    assert [job.student for job in submissions.absent] == ["s-3"]
    assert submissions.remarks == []


def test_without_a_roster_the_site_names_them(found):
    submissions = found(DOWNLOADS["canvas"])
    assert students(submissions) == ["byronanna_22", "lovelaceada_21"]
    (late, newest) = submissions.jobs
    assert late.info.late
    assert newest.info.earlier == ("lovelaceada_21_801_hw.zip",)


def test_archives_of_phases_belong_to_who_stands_before_their_name(found):
    files = dict.fromkeys(
        ("Anna.zip", "anna_prediction_phase_1.zip", "ben-prediction_phase_1.zip",
         "ben-prediction_phase_2.zip", "prediction_phase_1.zip"), BARE,
    )  # fmt: skip
    for folder in (True, False):
        names = students(found(files, folder=folder))
        assert names == ["Anna", "Anna", "ben", "ben", "prediction_phase_1"]


def test_archives_of_phases_alone_are_one_student_s(found, tmp_path):
    files = {"prediction_phase_1.zip": BARE, "hw/prediction_phase_2.zip": BARE}
    assert students(found(files, name="anna.zip")) == ["anna"]
    shutil.rmtree(tmp_path / "class", ignore_errors=True)
    del files["hw/prediction_phase_2.zip"]
    assert students(found(files, folder=True)) == ["class"]


def test_an_archive_named_beside_a_submission_hands_in_for_nobody_else(harness, tmp_path):
    names = ("anna_11_111_prediction_phase_1.zip", "ben_12_112_prediction_phase_1.zip")
    (tmp_path / "mallory.zip").write_bytes(zipped(dict.fromkeys(names, BARE)))
    (tmp_path / "ben" / "output" / "phase_1").mkdir(parents=True)
    (tmp_path / "roster.csv").write_text("student_id,name\nanna,Anna\nben,Ben\nmallory,Mallory\n")
    roster = read_roster(tmp_path / "roster.csv")
    paths = [tmp_path / "ben", tmp_path / "mallory.zip"]
    submissions = find_leaderboard_jobs(paths, harness, SITES, roster)
    assert students(submissions) == ["ben", "mallory"]
    assert [job.student for job in submissions.absent] == ["anna"]
    assert "mallory.zip looks like a bulk download (Canvas)" in submissions.remarks[0]


def test_a_roster_of_another_class_is_refused(found):
    with pytest.raises(RosterError):
        found(DOWNLOADS["canvas"], "z-1,Quite Another", "z-2,And Another")


def test_a_phase_follows_its_student_whom_the_roster_does_not_know(found):
    files = {"ada.zip": whole(), "zoe.zip": whole(), "zoe_prediction_phase_2.zip": BARE}
    submissions = found(files, "s-1,ada")
    assert students(submissions) == ["s-1", "zoe", "zoe"]
    assert "zoe" in submissions.remarks[0]


def test_predictions_are_found_in_each_of_several_archives(found):
    files = {
        "lovelaceada_21_801_code.zip": zipped({"code/ops.py": b""}),
        "lovelaceada_21_802_results.zip": whole(),
        "lovelaceada_21_803_more.zip": b"no zip",
        "byronanna_22_804_hw.zip": whole(),
    }
    submissions = found(files)
    ada = submissions.jobs[1]
    handed = find_predictions(ada.path, 2, FORM, ada.attempt)
    assert (handed.predictions, handed.faults, handed.nickname) == ({1: b"whole"}, {}, "Lion")
    assert "more.zip: the archive is damaged" in handed.remarks[0]
