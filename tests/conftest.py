"""What holds for all tests."""

import os

from hypothesis import settings

# Two workers on two cores, each with two threads of BLAS, take ten times as long as with one.
# NumPy reads this when it is loaded, which is after this file.
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(name, "1")

# How long an example takes says nothing here: other tests run beside it.
settings.register_profile("plumbline", deadline=None)
settings.load_profile("plumbline")
