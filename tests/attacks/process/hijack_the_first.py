# Tries: to rewrite the box's first process through /proc/1/mem, so that it outlives its killer.
# Must happen: /proc cannot be written, that memory not be opened.
# Score: 2
# Outcomes: lurking_treasure=failed|error|killed
import os


def secret():
    for number in (1, os.getppid()):
        for what in ("mem", "maps", "fd", "oom_score_adj", "comm", "autogroup", "clear_refs"):
            try:
                os.close(os.open(f"/proc/{number}/{what}", os.O_RDWR))
                print("GOT", number, what)
            except OSError:
                pass
    return 0
