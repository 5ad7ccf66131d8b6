"""The course in numerical methods, released and graded in a folder of its own.

`test_installed_wheel` grades all of its class in the three weeks from a wheel.
"""

from tests.numerics import hand_in_week, lay_out_course, wrong_verdicts


def test_a_week_with_a_data_file_comes_to_the_known_verdicts(in_course, tmp_path):
    students = ("anna", "ben", "dmitri")
    lay_out_course(tmp_path)
    code, output = in_course("release", "week2")
    assert code == 0, output
    hand_in_week(tmp_path, "week2", students)
    code, output = in_course("grade", "week2", "handed_in/week2")
    assert code == 0, output
    assert wrong_verdicts(tmp_path, "week2", students) == {}
