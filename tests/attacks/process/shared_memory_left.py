# Tries: to leave memory that no process owns: shared memory, message queues, semaphores.
# Must happen: a box in which any is left is not used again; the next check passes.
# Score: 2
# Outcomes: lurking_treasure=failed|error|killed
import ctypes


def secret():
    libc = ctypes.CDLL(None, use_errno=True)
    made = [libc.shmget(0x5EC2E7 + n, 1 << 20, 0o1666) for n in range(8)]
    made += [libc.msgget(0x5EC2E7, 0o1666), libc.semget(0x5EC2E7, 1, 0o1666)]
    return len(made)
