# Tries: to become root in a new namespace, and to mount what it likes.
# Must happen: no namespace can be made; nothing is mounted.
# Score: 2
# Outcomes: lurking_treasure=failed|error|killed
import ctypes
import os

FLAGS = {
    "user": 0x10000000, "pid": 0x20000000, "net": 0x40000000, "mount": 0x00020000,
    "ipc": 0x08000000, "uts": 0x04000000, "cgroup": 0x02000000,
}  # fmt: skip


def secret():
    libc = ctypes.CDLL(None, use_errno=True)
    got = [name for name, flag in FLAGS.items() if libc.unshare(flag) == 0]
    got += [name for name, flag in FLAGS.items() if libc.unshare(flag | FLAGS["user"]) == 0]
    if libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0:
        got.append("a mount")
    if libc.mount(b"/", b"/tmp", None, 4096, None) == 0:
        got.append("a bind")
    if libc.chroot(b"/tmp") == 0 or libc.pivot_root(b"/tmp", b"/tmp") == 0:
        got.append("another root")
    if os.system("unshare -Ur true") == 0:
        got.append("a program's namespace")
    if got:
        print("GOT", got)
    return 0
