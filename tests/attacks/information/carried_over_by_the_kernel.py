# Tries: to keep what one check showed in the kernel: keys, shared memory, message queues.
# Must happen: keys are cleared, and a box with shared memory left in it is not used again.
# Score: 4
# Outcomes: looks=passed lurking_look=passed lurking_recall=error|failed
import ctypes

import numpy as np

LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.shmat.restype = ctypes.c_void_p
ADD_KEY, KEYCTL, SEARCH, READ = 248, 250, 10, 11
RINGS = (-1, -2, -3, -4, -5)


def look(values):
    data = np.asarray(values).tobytes()
    for ring in RINGS:
        LIBC.syscall(ADD_KEY, b"user", b"attack", data, len(data), ring)
    number = LIBC.shmget(0x5EC2E7, 4096, 0o1666)
    if number >= 0:
        ctypes.memmove(LIBC.shmat(number, None, 0), data, len(data))
    return float(sum(values))


def recall():
    buffer = ctypes.create_string_buffer(40)
    for ring in RINGS:
        key = LIBC.syscall(KEYCTL, SEARCH, ring, b"user", b"attack", 0)
        if key > 0 and LIBC.syscall(KEYCTL, READ, key, buffer, 40) == 40:
            return np.frombuffer(buffer.raw)
    number = LIBC.shmget(0x5EC2E7, 4096, 0o666)
    if number >= 0:
        return np.frombuffer(ctypes.string_at(LIBC.shmat(number, None, 0), 40))
    raise LookupError("nothing was kept")
