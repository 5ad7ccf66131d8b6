# Tries: to keep what one check showed for the next: in files, in memory, in names, in settings.
# Must happen: the places are empty again and the process is a new one; the first look is its own.
# Score: 4
# Outcomes: looks=passed lurking_look=passed lurking_recall=error|failed
import glob
import os

import numpy as np

PLACES = (
    "/tmp",
    "/dev/shm",
    "/var/tmp",
    "/run",
    ".",
    os.path.dirname(__file__),
    os.path.expanduser("~"),
)
KEPT = []


def look(values):
    KEPT.append(values)
    np.kept = values
    for place in PLACES:
        try:
            np.save(f"{place}/.attack-was-here.npy", values)
            os.setxattr(place, "user.kept", values.tobytes())
        except OSError:
            pass
    os.environ["KEPT"] = repr(list(values))
    return float(sum(values))


def recall():
    for place in PLACES:
        for path in glob.glob(f"{place}/.attack*", include_hidden=True):
            return np.load(path)
        try:
            return np.frombuffer(os.getxattr(place, "user.kept"))
        except OSError:
            pass
    return KEPT[-1] if KEPT else np.kept
