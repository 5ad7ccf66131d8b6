# Tries: to stay for ever: a busy loop that ignores every signal it may ignore.
# Must happen: it is stopped in time by a signal that cannot be ignored.
# Score: 2
# Outcomes: lurking_treasure=timeout
import signal


def secret():
    for number in range(1, signal.NSIG):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    while True:
        pass
