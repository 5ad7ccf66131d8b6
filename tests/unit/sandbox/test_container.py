"""The command line that a container runtime is given; real ones run in the integration tests."""

import os
import stat
import subprocess
import sys

import pytest

from autograder.box.setup import BoxPipes
from autograder.errors import SandboxUnavailable
from autograder.limits import MIB, Limits
from autograder.sandbox import container
from autograder.sandbox.box_process import BoxProcess
from autograder.sandbox.launch import Launch
from autograder.sandbox.pipe_broker import PipeBroker
from tests.boxes import run_folder

#: A container runtime that notes its arguments, and knows the image once it is imported.
RUNTIME = """#!/bin/sh
echo "$@" >> {log}
case "$1 $2" in
    "image inspect") test -e {folder}/image ;;
    "import -") cat > {folder}/image ;;
    "info "*) echo "{security}" ;;
esac || exit 1
case " $* " in *" run "*)
    {run}
esac
"""
NO_PIPES = BoxPipes(control_in=0, control_out=0, data_in=0, data_out=0)
BOUNDED = f"echo {64 * MIB}; echo 33"


@pytest.fixture
def runtime(tmp_path, monkeypatch):
    """Puts a runtime of that name and behaviour first on the path; returns what it was asked."""

    def install(name, run=BOUNDED, security="name=seccomp"):
        program, log = tmp_path / name, tmp_path / "log"
        program.write_text(RUNTIME.format(log=log, folder=tmp_path, run=run, security=security))
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
        return lambda: log.read_text().splitlines()

    for cached in (container._image, container._sets_limits):
        cached.cache_clear()
    return install


def launched(name, limits=None):
    """The command for a run folder, as a list of words, and the launch."""
    with run_folder("") as run:
        launch = container.Container(name).launch(run, "pocket", limits or Limits(), NO_PIPES)
        launch.broker.close()
        return launch.command, launch


@pytest.mark.parametrize("name", ["podman", "docker"])
def test_a_container_can_do_nothing_and_leaves_nothing(runtime, name):
    runtime(name)
    words, launch = launched(name, Limits(memory_mb=99, processes=7, tmp_mb=5, shm_mb=6))
    assert {
        "run", "--rm", "--network=none", "--read-only", "--cap-drop=all", "--pull=never",
        "--security-opt=no-new-privileges", "--ipc=private", "--log-driver=none", "--memory=99m",
        "--memory-swap=99m", "--pids-limit=7", "--shm-size=6m", "--init=false",
    } <= set(words)  # fmt: skip
    assert any(word.startswith("--security-opt=seccomp=") for word in words)
    assert any(word.startswith("--tmpfs=/tmp:") and "size=5m" in word for word in words)
    mounts = [word for word in words if word.startswith("--mount=")]
    assert mounts
    assert all(word.endswith(",readonly") for word in mounts)
    given = next(word for word in words if word.startswith("--name="))
    assert launch.cleanup[-1] == given.removeprefix("--name=")
    assert "OPENBLAS_NUM_THREADS=1" in " ".join(words)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be kept from being root")
def test_root_is_never_root_in_a_container(runtime):
    runtime("docker")
    words, _ = launched("docker")
    (user,) = (word for word in words if word.startswith("--user="))
    assert int(user.partition("=")[2].partition(":")[0]) > 1000


@pytest.mark.parametrize(
    ("name", "security", "user"),
    [
        ("podman", "", "--userns=keep-id"),
        ("docker", "name=seccomp name=rootless", "--user=0:0"),
        ("docker", "name=seccomp", "--user=1234:1234"),
    ],
)
def test_an_ordinary_user_stays_who_they_are(runtime, monkeypatch, name, security, user):
    runtime(name, security=security)
    monkeypatch.setattr(container, "unprivileged_uid", lambda: None)
    monkeypatch.setattr(os, "getuid", lambda: 1234)
    monkeypatch.setattr(os, "getgid", lambda: 1234)
    assert container._user(name, name) == [user]


def test_the_empty_image_is_made_once(runtime):
    asked = runtime("podman")
    container.Container("podman")
    container._image.cache_clear()
    container.Container("podman")
    assert sum(line.startswith("import -") for line in asked()) == 1


def test_limits_that_the_runtime_does_not_set_are_told(runtime):
    runtime("podman", run="echo max; echo max")
    box = container.Container("podman")
    assert not box.describe(Limits())["memory of the box"].enforced
    assert "rlimit" in box.describe(Limits())["processes"].by
    words, _ = launched("podman")
    assert not [word for word in words if word.startswith("--memory")]


def test_a_runtime_that_cannot_run_is_quoted_with_what_to_do(runtime):
    runtime("docker", run="echo the daemon sleeps >&2; exit 125")
    with pytest.raises(SandboxUnavailable, match="the daemon sleeps") as info:
        container.Container("docker")
    assert "apt-get install bubblewrap" in str(info.value)


SLOW = """#!/bin/sh
sleep 0.5
ls {run} > {log}
"""


def test_a_runtime_in_the_middle_of_its_work_is_not_killed(tmp_path, monkeypatch):
    """If we are told to stop we wait for it. The runner that it starts finds no pipe broker."""
    with run_folder("") as run:
        program, log = tmp_path / "podman", tmp_path / "log"
        program.write_text(SLOW.format(run=run, log=log))
        program.chmod(0o755)
        broker = PipeBroker(run)
        monkeypatch.setattr(broker, "hand_out", lambda *_: sys.exit(143))
        remove = ["sh", "-c", f"cat {log} > {log}.then"]
        with pytest.raises(SystemExit):
            BoxProcess(Launch([str(program)], {}, broker=broker, cleanup=remove), NO_PIPES)
        then = tmp_path / "log.then"
        assert then.read_text() == "package\n"


def test_a_question_to_the_runtime_is_not_broken_off(tmp_path, monkeypatch):
    program, log = tmp_path / "podman", tmp_path / "log"
    program.write_text(f"#!/bin/sh\nsleep 0.5\necho done > {log}\n")
    program.chmod(0o755)
    monkeypatch.setattr(subprocess.Popen, "communicate", lambda *_: sys.exit(143))
    with pytest.raises(SystemExit):
        container._run([str(program)])
    assert log.read_text() == "done\n"
