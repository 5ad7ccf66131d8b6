# Tries: to take the runner over with ptrace, and to read and write its memory from outside.
# Must happen: it is forbidden; nothing of it comes back.
# Score: 2
# Outcomes: lurking_treasure=failed|error|killed
import ctypes
import os

ATTACH, SEIZE = 16, 0x4206


def secret():
    libc = ctypes.CDLL(None, use_errno=True)
    runner = os.getppid()
    done = [libc.ptrace(how, runner, None, None) for how in (ATTACH, SEIZE)]
    buffer = ctypes.create_string_buffer(64)

    class Piece(ctypes.Structure):
        _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]

    here = Piece(ctypes.addressof(buffer), 64)
    there = Piece(0x400000, 64)
    read = libc.process_vm_readv(runner, ctypes.byref(here), 1, ctypes.byref(there), 1, 0)
    if 0 in done or read > 0:
        print("GOT the runner", done, read)
    return 0
