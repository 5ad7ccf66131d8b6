# Tries: to read every file that it can reach, looking for what the grader knows.
# Must happen: nothing of the grader's is there; it has nothing to give back.
# Score: 2
# Outcomes: lurking_treasure=failed|timeout
import os
import sys

SOUGHT = (b"cana" + b"ry-", b"lurk" + b"ing", b"gradebook")


def secret():
    for top, folders, names in os.walk("/"):
        if top.startswith(("/proc", "/sys", "/usr", sys.prefix, sys.base_prefix)):
            folders.clear()
            continue
        for name in names:
            path = os.path.join(top, name)
            try:
                if os.path.isfile(path) and os.path.getsize(path) < 1 << 24:
                    with open(path, "rb") as file:
                        data = file.read()
                    for word in SOUGHT:
                        place = data.find(word)
                        if place >= 0 and not path.endswith("ops.py"):
                            print("GOT", path, data[place : place + 60])
            except OSError:
                pass
    return 0
