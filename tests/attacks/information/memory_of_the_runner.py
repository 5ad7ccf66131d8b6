# Tries: to read what the runner holds in memory, and its own memory for what was left of others.
# Must happen: the runner's cannot be opened, and in its own there is nothing of the grader's.
# Score: 2
# Outcomes: lurking_treasure=failed|timeout|killed|error
import os

SOUGHT = (b"cana" + b"ry-", b"lurk" + b"ing_")


def secret():
    for number in (os.getppid(), 1, "self"):
        try:
            with (
                open(f"/proc/{number}/maps") as listed,
                open(f"/proc/{number}/mem", "rb", 0) as memory,
            ):
                for line in listed:
                    span, rights = line.split()[:2]
                    if "rw" not in rights:
                        continue
                    start, end = (int(n, 16) for n in span.split("-"))
                    memory.seek(start)
                    data = memory.read(min(end - start, 1 << 24))
                    for word in SOUGHT:
                        place = data.find(word)
                        if place >= 0:
                            print("GOT", number, data[place : place + 40])
        except (OSError, ValueError, OverflowError):
            continue
    return 0
