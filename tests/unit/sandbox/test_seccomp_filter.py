"""The filter of system calls, run by an interpreter, so that other machines can be tested too."""

import ctypes
import errno
import json
import struct

import pytest

from autograder.errors import SandboxUnavailable
from autograder.sandbox import seccomp_filter

ALLOW, KILL, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
CLONE_THREAD = 0x3D0F00
CLONE_NEWUSER = 0x10000000
FORBIDDEN = {"ptrace", "mount", "bpf", "io_uring_setup", "keyctl", "userfaultfd",
             "perf_event_open", "memfd_create", "unshare", "process_vm_readv"}  # fmt: skip
NEEDED = {"read", "write", "openat", "mmap", "futex", "execve", "exit_group", "wait4", "pipe2",
          "pidfd_open", "prctl", "prlimit64", "rt_sigaction", "sched_getaffinity"}  # fmt: skip


def decide(program, machine, number, *arguments):
    """What the kernel would do: interprets the few BPF instructions that filters use."""
    data = struct.pack("=iIQ6Q", number, machine, 0, *(*arguments, 0, 0, 0, 0, 0, 0)[:6])
    code = [struct.unpack_from("=HBBI", program, at) for at in range(0, len(program), 8)]
    at, register = 0, 0
    while True:
        operation, yes, no, value = code[at]
        at += 1
        if operation == 0x20:
            register = struct.unpack_from("=I", data, value)[0]
        elif operation == 0x54:
            register &= value
        elif operation == 0x05:
            at += value
        elif operation == 0x06:
            return value
        else:
            jumps = {0x15: register == value, 0x25: register > value, 0x35: register >= value,
                     0x45: bool(register & value)}[operation]  # fmt: skip
            at += yes if jumps else no


@pytest.fixture(params=["x86_64", "aarch64"])
def kernel(request):
    """What the kernel decides on a system call, by name or number."""
    program, numbers = (
        seccomp_filter.bpf_program(request.param),
        seccomp_filter._known(request.param),
    )

    def decided(name, *arguments):
        number = numbers[name] if isinstance(name, str) else name
        return decide(program, AUDIT[request.param], number, *arguments)

    decided.machine = request.param
    return decided


def test_what_numpy_and_python_need_is_allowed(kernel):
    assert {kernel(name) for name in NEEDED} == {ALLOW}


def test_what_no_homework_needs_is_refused(kernel):
    assert {kernel(name) for name in FORBIDDEN} == {ERRNO | errno.EPERM}


def test_every_name_of_the_list_is_known_somewhere():
    known = {*seccomp_filter._known("x86_64"), *seccomp_filter._known("aarch64")}
    of_old_machines = {"umount", "vm86", "vm86old", "stime"}
    listed = {name for names in seccomp_filter.FORBIDDEN.values() for name in names}
    assert listed - known == of_old_machines


def test_what_is_newer_than_the_library_does_not_exist(kernel):
    for number in (600, 5000, 0x3FFFFFFF):
        assert kernel(number) == ERRNO | errno.ENOSYS
    assert kernel("clone3") == ERRNO | errno.ENOSYS  # the C library falls back


def test_another_machines_numbers_are_the_end(kernel):
    program = seccomp_filter.bpf_program(kernel.machine)
    i386 = 0x40000003
    assert decide(program, i386, 1) == KILL
    if kernel.machine == "x86_64":
        assert kernel(0x40000000 | 101) == KILL  # x32


def test_threads_and_processes_but_no_namespaces(kernel):
    assert kernel("clone", CLONE_THREAD) == ALLOW
    assert kernel("clone", 17) == ALLOW  # a fork
    for bit in (0x20000, 0x02000000, 0x04000000, 0x08000000, CLONE_NEWUSER, 0x20000000, 0x40000000):
        assert kernel("clone", bit | 17) != ALLOW
        assert kernel("clone", bit | 17 | 1 << 40) != ALLOW


def test_sockets_of_one_family_only(kernel):
    for name in ("socket", "socketpair"):
        assert kernel(name, 1) == ALLOW
        for family in (0, 2, 10, 16, 17, 38, 40, 1 << 32 | 2):
            assert kernel(name, family) != ALLOW


def test_the_profile_of_container_runtimes_says_the_same(kernel):
    profile = json.loads(seccomp_filter.json_profile(kernel.machine))
    assert profile["defaultAction"] == "SCMP_ACT_ERRNO"
    by_name = {name: rule for rule in profile["syscalls"] for name in rule["names"]}
    for name in seccomp_filter._known(kernel.machine):
        rule = by_name[name]
        allowed = rule["action"] == "SCMP_ACT_ALLOW"
        if "args" not in rule:
            assert (kernel(name) == ALLOW) == allowed, name
    assert by_name["clone"]["args"][0]["value"] & CLONE_NEWUSER
    assert by_name["clone"]["args"][0]["op"] == "SCMP_CMP_MASKED_EQ"
    assert by_name["socket"]["args"][0] == {"index": 0, "value": 1, "op": "SCMP_CMP_EQ"}


def test_a_machine_without_a_table_is_said():
    with pytest.raises(SandboxUnavailable, match="no filter of system calls for riscv64"):
        seccomp_filter.bpf_program("riscv64")


def test_without_the_library_the_error_says_what_to_install(monkeypatch):
    def missing(name, **_):
        raise OSError(name)

    seccomp_filter._library.cache_clear()
    seccomp_filter.bpf_program.cache_clear()
    monkeypatch.setattr(ctypes, "CDLL", missing)
    try:
        with pytest.raises(SandboxUnavailable, match="apt-get install libseccomp2"):
            seccomp_filter.bpf_program()
    finally:
        seccomp_filter._library.cache_clear()
