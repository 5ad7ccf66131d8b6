"""The attacks that the doctor tries on a box: what each does, and how to see that it succeeded.

The code that runs inside the box is in `probe`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import StudentFault
from autograder.limits import Limits
from autograder.sandbox.session import StudentSession

#: Small, so that no attack uses much of the machine, but enough for honest code.
LIMITS = Limits(data_mb=512, memory_mb=384, processes=40, tmp_mb=24, shm_mb=8)
#: Seconds for an attack that sets no others.
ATTACK_TIMEOUT_S = 10.0


@dataclass(frozen=True)
class Scene:
    """A box to attack, and what the attacks try to reach.

    Attributes:
        session: runs the attacker's module, `probe`, in a box.
        outside: a file outside the box that every user of this machine may read.
        secret: the text of that file, and of an environment variable of the grader.
        port: a port on which the grader listens, on this machine's loopback network.
        abstract: the name of an abstract socket on which the grader listens.
        probe: the file of the attacker's module, outside the box.
        scratch: a folder that the box may write to, by its path inside the box.
    """

    session: StudentSession
    outside: Path
    secret: str
    port: int
    abstract: str
    probe: Path
    scratch: str

    def call(self, name: str, *arguments: Any, seconds: float = ATTACK_TIMEOUT_S) -> Any:
        """Call a function of the probe, as a check of its own would. Raises StudentFault."""
        with self.session.student(seed=0, seconds=seconds) as student:
            return getattr(student, name)(*arguments)


#: Runs an attack and returns whether it succeeded.
RunAttack = Callable[[Scene], bool]


@dataclass(frozen=True)
class Attack:
    """One attack.

    Attributes:
        meaning: what it means if the attack succeeds, as a sentence.
        run: runs the attack and returns whether it succeeded. It failed if this raises a
            StudentFault.
        quick: whether it takes so little time that it is tried before every grading.
        needs: the name of a limit. If the backend does not enforce it, the attack is not tried.
    """

    name: str
    meaning: str
    run: RunAttack
    quick: bool
    needs: str = ""


ATTACKS: list[Attack] = []


def _attack(*, quick: bool = True, needs: str = "") -> Callable[[RunAttack], RunAttack]:
    """Add a function to the attacks.

    The function's name says what the attack tries. Its docstring says what success would mean.
    """

    def add(run: RunAttack) -> RunAttack:
        name, meaning = run.__name__.replace("_", " "), (run.__doc__ or "").rstrip(".")
        ATTACKS.append(Attack(name, meaning, run, quick, needs))
        return run

    return add


@_attack()
def read_a_file_outside(scene: Scene) -> bool:
    """The box reads files of this machine."""
    return scene.secret in str(scene.call("read", str(scene.outside)))


@_attack()
def read_the_environment_of_the_grader(scene: Scene) -> bool:
    """The box reads the grader's environment variables."""
    if scene.secret in scene.call("environment"):
        return True
    return bool(scene.call("read", f"/proc/{os.getpid()}/environ"))


@_attack()
def write_where_it_must_not(scene: Scene) -> bool:
    """The box writes outside its scratch folders."""
    package = "/submission/package/probe"
    files = [f"{package}/__init__.py", str(scene.outside)]
    folders = ["/", "/usr", "/dev", "/etc", package, str(scene.outside.parent)]
    return bool(scene.call("creatable", *folders) or scene.call("openable", *files))


@_attack()
def write_to_proc(scene: Scene) -> bool:
    """The box changes the kernel's settings."""
    paths = ("/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/proc/1/mem")
    return bool(scene.call("openable", *paths))


@_attack()
def see_other_processes(scene: Scene) -> bool:
    """The box sees processes of this machine."""
    return bool(len(scene.call("processes")) > 4)


@_attack()
def reach_the_network(scene: Scene) -> bool:
    """The box has a network."""
    return bool(scene.call("connect", scene.port, scene.abstract))


@_attack()
def make_system_calls_no_homework_needs(scene: Scene) -> bool:
    """The filter of system calls does not work."""
    return bool(scene.call("possible_calls"))


@_attack()
def look_into_the_runner(scene: Scene) -> bool:
    """The student's code can look into the runner's process."""
    return bool(scene.call("look_into_runner"))


@_attack()
def forge_an_answer(scene: Scene) -> bool:
    """A forged answer was believed."""
    # An attacker may answer its own call as it likes. The next call counts, and the next check.
    with suppress(StudentFault), scene.session.student(seed=0, seconds=ATTACK_TIMEOUT_S) as student:
        student.forge()
        if student.honest() != "honest":
            return True
    return bool(scene.call("honest") != "honest")


@_attack()
def find_what_an_earlier_check_left(scene: Scene) -> bool:
    """A check finds what an earlier check left."""
    file = f"{scene.scratch}/left"
    with suppress(StudentFault):
        scene.call("leave", file)
    processes = len(scene.call("processes"))
    with suppress(StudentFault):
        return bool("left" in scene.call("read", file))
    return bool(processes > 4)


@_attack()
def take_more_memory_than_a_process_may(scene: Scene) -> bool:
    """One process takes more memory than its limit."""
    return bool(scene.call("allocate", 2 * LIMITS.data_mb))


@_attack(quick=False, needs="memory of the box")
def take_more_memory_than_the_box_may(scene: Scene) -> bool:
    """Many processes together take more memory than the box's limit."""
    return bool(scene.call("start_processes", 12, LIMITS.memory_mb // 6, seconds=30) == 12)


@_attack(quick=False)
def start_processes_without_end(scene: Scene) -> bool:
    """The number of processes is not limited."""
    return bool(
        scene.call("start_processes", 3 * LIMITS.processes, 0, seconds=30) > LIMITS.processes
    )


@_attack(quick=False)
def fill_the_disk(scene: Scene) -> bool:
    """The size of the scratch folder is not limited."""
    return bool(scene.call("fill", scene.scratch, 2 * LIMITS.tmp_mb) > LIMITS.tmp_mb)


@_attack(quick=False)
def print_without_end(scene: Scene) -> bool:
    """The amount of printed text is not limited."""
    return bool(scene.call("flood", 2 * LIMITS.output_killed >> 20, seconds=60))


@_attack(quick=False)
def survive_being_killed(scene: Scene) -> bool:
    """A process outlives its box."""
    import fcntl  # Windows has no such module, and no sandbox to attack

    with suppress(StudentFault):
        scene.call("survive", seconds=2.0)
    with open(scene.probe, "rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
