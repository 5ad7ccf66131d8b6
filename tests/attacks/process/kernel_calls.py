# Tries: system calls that no exercise needs and kernels were broken by: bpf, io_uring, keyctl,
#   perf.
# Must happen: the filter of system calls refuses every one of them.
# Score: 2
# Outcomes: lurking_treasure=failed|error|killed
# Needs: system calls
import ctypes
import errno

CALLS = {"bpf": 321, "io_uring_setup": 425, "userfaultfd": 323, "perf_event_open": 298,
         "keyctl": 250, "add_key": 248, "open_by_handle_at": 304, "kexec_load": 246,
         "init_module": 175, "mount_setattr": 442, "fsopen": 430, "pidfd_getfd": 438}  # fmt: skip


def secret():
    libc = ctypes.CDLL(None, use_errno=True)
    for name, number in CALLS.items():
        done = libc.syscall(number, 0, 0, 0, 0, 0)
        if done >= 0 or ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS):
            print("GOT", name, done, ctypes.get_errno())
    return 0
