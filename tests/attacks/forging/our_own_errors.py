# Tries: to be taken for a failure of the grader's, for which nobody loses points.
# Must happen: whatever it raises or calls itself, it is the student's error.
# Score: 2
# Outcomes: double=error lurking_treasure=error unlocks=error
#   lurking_lock=error
import sys

import autograder.core.errors as errors


class SandboxUnavailable(errors.PlumblineError):
    pass


class BoxError(Exception):
    pass


def double(x):
    raise SandboxUnavailable("the box failed twice; not graded")


def secret():
    raise BoxError("no sandbox here")


def unlocked(x, lock):
    sys.stderr.write("plumb: bubblewrap cannot make a sandbox here\n")
    raise errors.CheckError("the check broke (all.py:1): not the student's fault")
