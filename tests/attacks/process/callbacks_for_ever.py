# Tries: to keep the grader busy with calls of a function, without end.
# Must happen: calls have a maximum, and the student's own time goes on between them.
# Score: 2
# Outcomes: unlocks=timeout lurking_lock=timeout


def unlocked(x, lock):
    while True:
        try:
            lock(x)
        except RuntimeError:
            pass
