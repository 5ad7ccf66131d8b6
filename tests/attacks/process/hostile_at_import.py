# Tries: all at once, before a function is even called: to fork, to print, to end the process.
# Must happen: the module is only ever run in a check's own process; other modules keep their
#   points.
# Score: 2
# Outcomes: double=error
import os
import time

if os.fork() == 0:
    os.setsid()
    time.sleep(1000)
print("score: 21/21")
os._exit(0)


def double(x):
    return 2 * x
