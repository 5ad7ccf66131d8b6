"""The filter of system calls: a program for bubblewrap, a JSON profile for container runtimes.

A box may make every system call that libseccomp knows and that is not listed here. A call that
libseccomp does not know is so new that nobody has judged it yet: in a box it does not exist.
"""

from __future__ import annotations

import ctypes
import errno
import functools
import json
import os
import platform
from collections.abc import Mapping
from typing import Any

from autograder.errors import SandboxUnavailable

#: The forbidden system calls, by what they would be used for. They fail with EPERM.
FORBIDDEN: Mapping[str, tuple[str, ...]] = {
    "looking into other processes": (
        "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "process_mrelease",
        "kcmp", "pidfd_getfd",
    ),
    "mounts and other roots": (
        "mount", "umount", "umount2", "pivot_root", "chroot", "move_mount", "open_tree", "fsopen",
        "fsconfig", "fsmount", "fspick", "mount_setattr", "quotactl", "quotactl_fd", "swapon",
        "swapoff", "name_to_handle_at", "open_by_handle_at", "fanotify_init", "fanotify_mark",
    ),
    "new namespaces": ("unshare", "setns"),
    "rarely used parts of the kernel, where most of its security holes were found": (
        "bpf", "io_uring_setup", "io_uring_enter", "io_uring_register", "perf_event_open",
        "userfaultfd", "vmsplice", "personality", "modify_ldt", "lookup_dcookie", "nfsservctl",
        "uselib", "ustat", "sysfs", "_sysctl", "vm86", "vm86old", "iopl", "ioperm",
        "mbind", "set_mempolicy", "set_mempolicy_home_node", "migrate_pages", "move_pages",
    ),
    "the machine itself": (
        "init_module", "finit_module", "delete_module", "create_module", "query_module",
        "get_kernel_syms", "kexec_load", "kexec_file_load", "reboot", "syslog", "acct", "vhangup",
        "settimeofday", "clock_settime", "clock_adjtime", "adjtimex", "stime",
    ),
    "things that outlive the process that made them": (
        "add_key", "request_key", "keyctl", "shmget", "shmat", "shmctl", "shmdt", "semget",
        "semctl", "semop", "semtimedop", "msgget", "msgctl", "msgsnd", "msgrcv", "mq_open",
        "mq_unlink", "sched_setaffinity", "sched_setattr", "sched_setparam", "sched_setscheduler",
        "ioprio_set",
    ),
    "memory that no limit of a process counts": ("memfd_create", "memfd_secret"),
}  # fmt: skip
#: Calls that do not exist in a box. A filter cannot see the flags of clone3, which lie in memory.
#: The C library uses clone instead.
_ABSENT = ("clone3",)
#: clone(2) with one of these makes a namespace: time, mount, cgroup, uts, ipc, user, pid, net.
_NAMESPACES = 0x80 | 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x60000000
#: Only sockets of the family AF_UNIX are allowed. Others reach the kernel's network code, and
#: some, such as vsock, the host.
_SOCKETS, _AF_UNIX = ("socket", "socketpair"), 1
#: The number that libseccomp gives to a call that it does not know.
_UNKNOWN = -1
_MACHINES = {"x86_64": "SCMP_ARCH_X86_64", "aarch64": "SCMP_ARCH_AARCH64"}
#: No machine has a system call with this number or a higher one.
_NUMBERS = 1024
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_EQUAL, _MASKED = 4, 7
_ACTION_ELSEWHERE, _OPTIMIZE = 2, 8


class _Condition(ctypes.Structure):
    """``struct scmp_arg_cmp``: a comparison of one argument."""

    _fields_ = (
        ("argument", ctypes.c_uint),
        ("operation", ctypes.c_int),
        ("first", ctypes.c_uint64),
        ("second", ctypes.c_uint64),
    )


@functools.cache
def bpf_program(machine: str = platform.machine()) -> bytes:
    """The filter as a BPF program for the kernel, for a machine such as ``x86_64`` or ``aarch64``.

    Raises SandboxUnavailable if libseccomp is not installed or the machine is another.
    """
    library = _library()
    context = library.seccomp_init(_ERRNO | errno.ENOSYS)
    if not context:
        raise MemoryError("seccomp_init")
    try:
        target, native = _token(machine), library.seccomp_arch_native()
        if target != native:
            _require(library.seccomp_arch_add(context, target))
            _require(library.seccomp_arch_remove(context, native))
        # No honest program makes a call with another machine's number (x32, 32 bits).
        _require(library.seccomp_attr_set(context, _ACTION_ELSEWHERE, _KILL))
        _require(library.seccomp_attr_set(context, _OPTIMIZE, 2))  # as a tree, not as a list
        for name in allowed(machine):
            _rule(context, _ALLOW, name)
        for name in forbidden(machine):
            _rule(context, _ERRNO | errno.EPERM, name)
        _rule(context, _ALLOW, "clone", _Condition(0, _MASKED, _NAMESPACES, 0))
        for name in _SOCKETS:
            _rule(context, _ALLOW, name, _Condition(0, _EQUAL, _AF_UNIX, 0))
        with open(os.memfd_create("filter"), "w+b") as file:
            _require(library.seccomp_export_bpf(context, file.fileno()))
            file.seek(0)
            return file.read()
    finally:
        library.seccomp_release(context)


def json_profile(machine: str = platform.machine()) -> str:
    """The same filter as a JSON profile for container runtimes."""
    plain: list[dict[str, Any]] = [
        {"names": allowed(machine), "action": "SCMP_ACT_ALLOW"},
        {"names": forbidden(machine), "action": "SCMP_ACT_ERRNO", "errnoRet": errno.EPERM},
        # Stated, since some runtimes ignore defaultErrnoRet: they would answer EPERM to clone3,
        # and then no thread could start.
        {"names": list(_ABSENT), "action": "SCMP_ACT_ERRNO", "errnoRet": errno.ENOSYS},
    ]
    masked = {"index": 0, "value": _NAMESPACES, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}
    unix = {"index": 0, "value": _AF_UNIX, "op": "SCMP_CMP_EQ"}
    conditional = [
        {"names": ["clone"], "action": "SCMP_ACT_ALLOW", "args": [masked]},
        {"names": list(_SOCKETS), "action": "SCMP_ACT_ALLOW", "args": [unix]},
    ]
    rules = {
        "defaultAction": "SCMP_ACT_ERRNO",
        "defaultErrnoRet": errno.ENOSYS,
        "architectures": [_MACHINES[machine]],
        "syscalls": plain + conditional,
    }
    return json.dumps(rules)


def allowed(machine: str = platform.machine()) -> list[str]:
    """The calls that a box may make with any arguments."""
    known = _known(machine)
    excluded = {*forbidden(machine), *_ABSENT, *_SOCKETS, "clone"}
    return sorted(set(known) - excluded)


def forbidden(machine: str = platform.machine()) -> list[str]:
    """The forbidden calls that exist on the machine."""
    known = _known(machine)
    return sorted(name for names in FORBIDDEN.values() for name in names if name in known)


@functools.cache
def _known(machine: str) -> dict[str, int]:
    """The numbers of the machine's system calls that libseccomp knows, by name."""
    library, token, known = _library(), _token(machine), {}
    for number in range(_NUMBERS):
        text = library.seccomp_syscall_resolve_num_arch(token, number)
        if text:
            known[ctypes.string_at(text).decode()] = number
            _free(text)
    return known


def _token(machine: str) -> int:
    """libseccomp's number for a machine. Raises SandboxUnavailable for an unknown machine."""
    if machine not in _MACHINES:
        raise SandboxUnavailable(
            f"there is no filter of system calls for {machine} machines; there are filters for "
            f"{' and '.join(_MACHINES)}. For code that you trust, use --sandbox none"
        )
    return int(_library().seccomp_arch_resolve_name(machine.encode()))


def _rule(context: int, action: int, name: str, *conditions: _Condition) -> None:
    """Add a rule to a filter: what to do on a call whose arguments fulfil all conditions."""
    library = _library()
    number = library.seccomp_syscall_resolve_name(name.encode())
    if number == _UNKNOWN:
        return
    array = (_Condition * len(conditions))(*conditions)
    _require(library.seccomp_rule_add_array(context, action, number, len(conditions), array))


def _require(code: int) -> None:
    """Raises OSError if the code that libseccomp returned is an error."""
    if code < 0:
        raise OSError(-code, f"libseccomp: {os.strerror(-code)}")


def _free(text: int) -> None:
    """Free memory that libseccomp allocated."""
    libc = ctypes.CDLL(None)
    libc.free.argtypes = (ctypes.c_void_p,)
    libc.free(text)


@functools.cache
def _library() -> ctypes.CDLL:
    """libseccomp, with the signatures of the functions that we call; see its manual pages."""
    try:
        library = ctypes.CDLL("libseccomp.so.2")
    except OSError:
        raise SandboxUnavailable(
            "libseccomp, which makes the sandbox's filter of system calls, is not installed. "
            "Install it with\n    apt-get install libseccomp2"
        ) from None
    pointer, number, integer = ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int
    signatures: dict[str, tuple[Any, ...]] = {
        "seccomp_init": (pointer, number),
        "seccomp_release": (None, pointer),
        "seccomp_arch_native": (number,),
        "seccomp_arch_resolve_name": (number, ctypes.c_char_p),
        "seccomp_arch_add": (integer, pointer, number),
        "seccomp_arch_remove": (integer, pointer, number),
        "seccomp_attr_set": (integer, pointer, integer, number),
        "seccomp_syscall_resolve_name": (integer, ctypes.c_char_p),
        "seccomp_syscall_resolve_num_arch": (pointer, number, integer),
        "seccomp_rule_add_array": (
            integer, pointer, number, integer, ctypes.c_uint, ctypes.POINTER(_Condition),
        ),
        "seccomp_export_bpf": (integer, pointer, integer),
    }  # fmt: skip
    for name, (result, *arguments) in signatures.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library
