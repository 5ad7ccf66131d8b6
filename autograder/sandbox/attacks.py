"""Attacks on a box of one's own: what each tries, and how it shows that it got that."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import StudentFault
from autograder.limits import Limits
from autograder.sandbox.session import StudentSession

#: Small, so that no attack costs much, and with room for honest code.
LIMITS = Limits(data_mb=512, memory_mb=384, processes=40, tmp_mb=24, shm_mb=8)
#: Seconds for an attack, if it does not ask for others.
SECONDS = 10.0


@dataclass(frozen=True)
class Scene:
    """What the attacks are after, and the box they start from.

    Attributes:
        outside: a file of this machine that every user may read; it holds the `secret`, and so
            does a variable of ours.
        port, abstract: where we listen, on this machine's network.
        probe: the attacker's module, as it lies outside.
    """

    session: StudentSession
    outside: Path
    secret: str
    port: int
    abstract: str
    probe: Path
    scratch: str

    def ask(self, name: str, *arguments: Any, seconds: float = SECONDS) -> Any:
        """Call a function of the probe, in a check of its own. Raises StudentFault."""
        with self.session.student(seed=0, seconds=seconds) as student:
            return getattr(student, name)(*arguments)


Act = Callable[[Scene], bool]


@dataclass(frozen=True)
class Attack:
    """One attack.

    Attributes:
        succeeded: what it means if it succeeds.
        act: whether it got what it wanted; a StudentFault means that it did not.
        quick: fit to be tried before every grading.
        needs: the limit, as the backend describes it, without which it is not tried.
    """

    name: str
    succeeded: str
    act: Act
    quick: bool
    needs: str = ""


ATTACKS: list[Attack] = []


def _attack(*, quick: bool = True, needs: str = "") -> Callable[[Act], Act]:
    """List an attack: its function's name says what it tries, its docstring what success means."""

    def listed(act: Act) -> Act:
        name, succeeded = act.__name__.replace("_", " "), (act.__doc__ or "").rstrip(".")
        ATTACKS.append(Attack(name, succeeded, act, quick, needs))
        return act

    return listed


@_attack()
def read_a_file_outside(scene: Scene) -> bool:
    """The box reads files of this machine."""
    return scene.secret in str(scene.ask("read", str(scene.outside)))


@_attack()
def read_the_environment_of_the_grader(scene: Scene) -> bool:
    """The environment leaks into the box."""
    if scene.secret in scene.ask("environment"):
        return True
    return bool(scene.ask("read", f"/proc/{os.getpid()}/environ"))


@_attack()
def write_where_it_must_not(scene: Scene) -> bool:
    """The box writes outside of its scratch folders."""
    own = "/submission/package/probe"
    files = [f"{own}/__init__.py", str(scene.outside)]
    folders = ["/", "/usr", "/dev", "/etc", own, str(scene.outside.parent)]
    return bool(scene.ask("creatable", *folders) or scene.ask("openable", *files))


@_attack()
def write_to_proc(scene: Scene) -> bool:
    """The box changes the kernel's settings."""
    paths = ("/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/proc/1/mem")
    return bool(scene.ask("openable", *paths))


@_attack()
def see_other_processes(scene: Scene) -> bool:
    """The box sees processes of this machine."""
    return bool(len(scene.ask("processes")) > 4)


@_attack()
def reach_the_network(scene: Scene) -> bool:
    """The box has a network."""
    return bool(scene.ask("connect", scene.port, scene.abstract))


@_attack()
def make_system_calls_no_homework_needs(scene: Scene) -> bool:
    """The filter of system calls is not in force."""
    return bool(scene.ask("forbidden_calls"))


@_attack()
def look_into_the_runner(scene: Scene) -> bool:
    """The box's first process can be taken over."""
    return bool(scene.ask("look_into_first"))


@_attack()
def forge_an_answer(scene: Scene) -> bool:
    """A forged answer was believed."""
    # The answer to its own call is its to give: what counts is the next one, and the next check.
    with suppress(StudentFault), scene.session.student(seed=0, seconds=SECONDS) as student:
        student.forge()
        if student.honest() != "honest":
            return True
    return bool(scene.ask("honest") != "honest")


@_attack()
def find_what_an_earlier_check_left(scene: Scene) -> bool:
    """Something is carried from one check to the next."""
    left = f"{scene.scratch}/left"
    with suppress(StudentFault):
        scene.ask("leave", left)
    seen = len(scene.ask("processes"))
    with suppress(StudentFault):
        return bool("left" in scene.ask("read", left))
    return bool(seen > 4)


@_attack()
def take_more_memory_than_a_process_may(scene: Scene) -> bool:
    """One process may take more than its limit."""
    return bool(scene.ask("allocate", 2 * LIMITS.data_mb))


@_attack(quick=False, needs="memory of the box")
def take_more_memory_than_the_box_may(scene: Scene) -> bool:
    """Many processes may take all of this machine's memory."""
    return bool(scene.ask("crowd", 12, LIMITS.memory_mb // 6, seconds=30) == 12)


@_attack(quick=False)
def start_processes_without_end(scene: Scene) -> bool:
    """A fork bomb is not held."""
    return bool(scene.ask("crowd", 3 * LIMITS.processes, 0, seconds=30) > LIMITS.processes)


@_attack(quick=False)
def fill_the_disk(scene: Scene) -> bool:
    """The scratch folder has no end."""
    return bool(scene.ask("fill", scene.scratch, 2 * LIMITS.tmp_mb) > LIMITS.tmp_mb)


@_attack(quick=False)
def print_without_end(scene: Scene) -> bool:
    """Printed text is taken without end."""
    return bool(scene.ask("flood", 2 * LIMITS.output_killed >> 20, seconds=60))


@_attack(quick=False)
def survive_being_killed(scene: Scene) -> bool:
    """A process outlives its box."""
    with suppress(StudentFault):
        scene.ask("survive", seconds=2.0)
    with open(scene.probe, "rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
