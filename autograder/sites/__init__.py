"""The course sites whose bulk downloads are understood, a file each.

A new site is a class with the methods of `Site` in a file here, and its line in `SITES`.
"""

from autograder.sites.canvas import Canvas
from autograder.sites.gradescope import Gradescope
from autograder.sites.moodle import Moodle
from autograder.submissions.course_site import Site

__all__ = ["SITES"]

#: In the order in which they are asked whether a download is theirs: the surest sign comes first.
SITES: tuple[Site, ...] = (Gradescope(), Moodle(), Canvas())
