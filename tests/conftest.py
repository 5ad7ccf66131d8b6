"""What holds for all tests."""

import os

# Two workers on two cores, each with two threads of BLAS, take ten times as long as with one.
# NumPy reads this when it is loaded, which is after this file.
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(name, "1")
