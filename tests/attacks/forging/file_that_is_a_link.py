# Tries: to let the grader read its own files by a link in the place of the file that is asked for.
# Must happen: the link is not followed; it would lead through the box's files alone.
# Score: 2
# Outcomes: lurking_file=error
import os


def save(count):
    os.symlink("/proc/1/environ", "rows.csv")
