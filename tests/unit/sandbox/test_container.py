"""The command line that a container engine is given; real engines run in the integration tests."""

import os
import stat
import subprocess
import sys

import pytest

from autograder.errors import SandboxUnavailable
from autograder.limits import MIB, Limits
from autograder.sandbox import container
from autograder.sandbox.launch import Descriptors, Launch
from autograder.sandbox.pipe_broker import PipeBroker
from autograder.sandbox.running import Running
from tests.boxes import run_folder

#: An engine of few words: notes what it is asked, and knows the image only once it is imported.
ENGINE = """#!/bin/sh
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
BOUNDED = f"echo {64 * MIB}; echo 33"


@pytest.fixture
def engine(tmp_path, monkeypatch):
    """Puts an engine of that name and behaviour first on the path; gives what it was asked."""

    def install(name, run=BOUNDED, security="name=seccomp"):
        program, log = tmp_path / name, tmp_path / "log"
        program.write_text(ENGINE.format(log=log, folder=tmp_path, run=run, security=security))
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
        return lambda: log.read_text().splitlines()

    for cached in (container._image, container._bounded):
        cached.cache_clear()
    return install


def launched(name, limits=None):
    """The command for a run folder, its words."""
    with run_folder("") as run:
        pipes = Descriptors(0, 0, 0, 0)
        launch = container.Container(name).launch(run, "pocket", limits or Limits(), pipes)
        launch.broker.close()
        return launch.command, launch


@pytest.mark.parametrize("name", ["podman", "docker"])
def test_a_container_can_do_nothing_and_leaves_nothing(engine, name):
    engine(name)
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
def test_root_is_never_root_in_a_container(engine):
    engine("docker")
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
def test_an_ordinary_user_stays_who_they_are(engine, monkeypatch, name, security, user):
    engine(name, security=security)
    monkeypatch.setattr(container, "unprivileged_uid", lambda: None)
    monkeypatch.setattr(os, "getuid", lambda: 1234)
    monkeypatch.setattr(os, "getgid", lambda: 1234)
    assert container._user(name, name) == [user]


def test_the_empty_image_is_made_once(engine):
    asked = engine("podman")
    container.Container("podman")
    container._image.cache_clear()
    container.Container("podman")
    assert sum(line.startswith("import -") for line in asked()) == 1


def test_limits_that_the_engine_does_not_set_are_told(engine):
    engine("podman", run="echo max; echo max")
    box = container.Container("podman")
    assert box.describe(Limits())["memory of the box"].startswith("NOT ENFORCED")
    assert "rlimit" in box.describe(Limits())["processes"]
    words, _ = launched("podman")
    assert not [word for word in words if word.startswith("--memory")]


def test_an_engine_that_cannot_run_is_quoted_with_what_to_do(engine):
    engine("docker", run="echo the daemon sleeps >&2; exit 125")
    with pytest.raises(SandboxUnavailable, match="the daemon sleeps") as info:
        container.Container("docker")
    assert "apt-get install bubblewrap" in str(info.value)


SLOW = """#!/bin/sh
sleep 0.5
ls {run} > {log}
"""


def test_an_engine_in_the_middle_of_its_work_is_not_killed(tmp_path, monkeypatch):
    """Told to stop meanwhile we wait for it; and nobody is at the desk for what it starts."""
    with run_folder("") as run:
        program, log = tmp_path / "podman", tmp_path / "log"
        program.write_text(SLOW.format(run=run, log=log))
        program.chmod(0o755)
        broker = PipeBroker(run)
        monkeypatch.setattr(broker, "hand_out", lambda *_: sys.exit(143))
        remove = ["sh", "-c", f"cat {log} > {log}.then"]
        with pytest.raises(SystemExit):
            Running(
                Launch([str(program)], {}, broker=broker, cleanup=remove), Descriptors(0, 0, 0, 0)
            )
        then = tmp_path / "log.then"
        assert then.read_text() == "package\n"


def test_a_question_to_the_engine_is_not_broken_off(tmp_path, monkeypatch):
    program, log = tmp_path / "podman", tmp_path / "log"
    program.write_text(f"#!/bin/sh\nsleep 0.5\necho done > {log}\n")
    program.chmod(0o755)
    monkeypatch.setattr(subprocess.Popen, "communicate", lambda *_: sys.exit(143))
    with pytest.raises(SystemExit):
        container._done([str(program)])
    assert log.read_text() == "done\n"
