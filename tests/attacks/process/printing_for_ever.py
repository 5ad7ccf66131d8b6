# Tries: to keep the reader of its output busy, by bits and pieces without end on both streams.
# Must happen: it is stopped in time or at its limit.
# Score: 2
# Outcomes: lurking_treasure=killed|timeout
import sys


def secret():
    while True:
        print("\0\x1b[2J", end="\r", flush=True)
        sys.stderr.write("é" * 1000)
