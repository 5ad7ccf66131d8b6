"""Renderings of a report, each drawn from the records alone."""

from autograder.render.grades_csv import grades_csv
from autograder.render.html import feedback_page, index_page

__all__ = ["feedback_page", "grades_csv", "index_page"]
