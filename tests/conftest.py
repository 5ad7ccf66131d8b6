"""What holds for all tests."""

import os
import signal

from hypothesis import settings

# Two workers on two cores, each with two threads of BLAS, take ten times as long as with one.
# NumPy reads this when it is loaded, which is after this file.
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(name, "1")

# A shell lets its background jobs ignore Ctrl-C, and what a process ignores, its children ignore
# too. The programs that the tests start, and interrupt, begin as they do in a terminal.
signal.signal(signal.SIGINT, signal.default_int_handler)

# How long an example takes says nothing here: other tests run beside it.
settings.register_profile("plumbline", deadline=None)
settings.load_profile("plumbline")
