# Tries: to stop the whole class by pretending that somebody pressed Ctrl-C, by exception and
#   signal.
# Must happen: the check fails; nobody else's grading stops.
# Score: 2
# Outcomes: double=error lurking_treasure=error|killed
import os
import signal


def double(x):
    raise KeyboardInterrupt


def secret():
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGINT)
