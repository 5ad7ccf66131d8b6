"""The course sites whose bulk downloads are understood, a file each.

To add a site, write one file and one line:

1. a file in this folder with a class that has the attribute and the three methods of
   `autograder.submissions.download_listing.Site`; ``moodle.py`` is a short example;
2. an instance of this class in `SITES`, below. Sites are asked in this order whether a download is
   theirs, and the first one that recognizes it reads it. So a site that could take another's
   download for its own comes behind it.

Nothing else knows the sites by name. The site's name in reports is its `name`.
"""

from autograder.sites.canvas import Canvas
from autograder.sites.gradescope import Gradescope
from autograder.sites.moodle import Moodle
from autograder.submissions.download_listing import Site

__all__ = ["SITES"]

#: The surest sign comes first: a file that only Gradescope writes, then Moodle's long word in each
#: name, then Canvas's numbers.
SITES: tuple[Site, ...] = (Gradescope(), Moodle(), Canvas())
