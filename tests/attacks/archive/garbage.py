# Tries: to break the grader by bytes that are no archive.
# Must happen: unreadable, with the reason, and what to do.
# Form: .zip
# Status: unreadable
# Score: 0
import random


def build(path, honest):
    path.write_bytes(random.Random(0).randbytes(100_000))
