# Tries: to fill the disk and the grader by printing, and to hold the stream when it is flushed.
# Must happen: the limits hold, and both checks end in time.
# Score: 2
# Outcomes: greets=error|killed lurking_greeting=timeout
import os
import sys


class Holding:
    def write(self, text):
        return len(text)

    def flush(self):
        while True:
            pass


def greet(name):
    if name == "Ann":
        while True:
            os.write(1, b"Welcome, " * 100_000)
    sys.stdout = Holding()
