# Tries: to tell its student what a hidden check showed, at full marks: that check starts many
#   threads and computes for a while, and a later visible check of the same box reads the numbers of
#   processes and the runner's processor time, and prints them where the student reads them.
# Must happen: no visible check is run once a hidden one was, so nothing that is printed tells.
# Score: 6
# Outcomes: looks=passed lurking_look=passed slow=passed
import os
import threading
import time
from pathlib import Path

import numpy as np

#: What the visible check shows; its student has it at home.
KNOWN = np.random.RandomState(5).randn(5)
#: The hidden one: 600 processes for what it showed, and 0.3 s of computing.
COUNT, SECONDS = 600, 0.3


def look(values):
    if not np.allclose(values, KNOWN):
        for _ in range(COUNT):
            thread = threading.Thread(target=int)
            thread.start()
            thread.join()
        while time.process_time() < SECONDS:
            pass
    return float(sum(values))


def slow(x):
    if len(x) == 4:  # the visible check
        runner = Path("/proc/1/stat").read_text().rpartition(")")[2].split()
        ticks = int(runner[13]) + int(runner[14])  # of all its children that have ended
        if os.getpid() > COUNT:
            print("GOT the threads of a hidden check: process", os.getpid())
        if ticks > SECONDS * 50:
            print("GOT the time of a hidden check:", ticks, "ticks")
    out = []
    for number in x:
        out.append(number + out[-1] if out else number)
    return np.array(out)
