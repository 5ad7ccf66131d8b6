# Tries: to take all memory of the machine, page by page, in one process.
# Must happen: the limit for a process holds: the check fails, no other process is harmed.
# Score: 2
# Outcomes: lurking_treasure=error|killed
def secret():
    kept = []
    while True:
        kept.append(bytearray(16 << 20))
