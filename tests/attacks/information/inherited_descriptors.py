# Tries: to read what lies in files and pipes that it inherited.
# Must happen: there are only its own pipes, and nothing in them but its own calls.
# Score: 2
# Outcomes: lurking_treasure=failed|error|timeout
import os
import select
import stat


def secret():
    for number in range(3, 64):
        try:
            kind = stat.S_IFMT(os.fstat(number).st_mode)
        except OSError:
            continue
        if kind == stat.S_IFREG:
            print("GOT a file:", number, os.pread(number, 200, 0))
        elif kind == stat.S_IFDIR:
            print("GOT a folder:", number, os.listdir(number))
        elif select.select([number], [], [], 0)[0]:
            print("bytes in", number, os.read(number, 200))
    return 0
