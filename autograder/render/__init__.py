"""Reports as HTML, CSV and text for a terminal. Each is made from the records alone."""

from autograder.render.grades_csv import grades_csv
from autograder.render.instructor_page import instructor_page
from autograder.render.student_page import student_page

__all__ = ["grades_csv", "instructor_page", "student_page"]
