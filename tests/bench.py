"""What grading costs here: a submission alone, twenty with two workers, a remote call; plumb try.

Run as ``make bench``. Times are medians of several runs on this machine; compare them with each
other and not with another machine's.
"""

import contextlib
import ctypes
import io
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from autograder.limits import Limits
from autograder.sandbox import backend
from autograder.sandbox.session import StudentSession
from tests.own_course import twenty_questions, write_course
from tests.submissions.build import build

ROOT = Path(__file__).parent.parent
HARNESS = ROOT / "release" / "convnet" / "harness.zip"
#: How often each command of the author's loop is run.
_SAMPLES = 5
_PR_SET_CHILD_SUBREAPER = 36
_LIBC = ctypes.CDLL(None)


def main() -> None:
    """Print the figures as a table, and as JSON behind it."""
    with tempfile.TemporaryDirectory(prefix="plumb-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # the box's user has to reach what lies below
        build(folder / "samples")
        figures = {**remote_calls(folder)}
        with peak_memory() as peak:
            figures["one submission alone, s"] = alone(folder)
        figures["its peak memory, MiB"] = peak[0]
        with peak_memory() as peak:
            figures["twenty with two workers, s"] = twenty(folder)
        figures["their peak memory, MiB"] = peak[0]
        figures |= author_loop(folder / "course")
    for what, value in figures.items():
        print(f"{what:45} {value:10.3f}")
    print(json.dumps(figures))


def remote_calls(folder: Path) -> dict[str, float]:
    """Milliseconds for a box, for a check in a running one, for a call with and without array."""
    package = folder / "run" / "package" / "pocket"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("def same(x):\n    return x\n")
    box = backend("bubblewrap")
    starts, checks, calls, arrays = [], [], [], []
    image = np.zeros((50, 3, 32, 32))
    for _ in range(9):
        begun = time.perf_counter()
        with StudentSession(box, folder / "run", "pocket", Limits()) as session:
            with session.student(seed=0, seconds=10) as student:
                student.same(1)
            starts.append(time.perf_counter() - begun)
            begun = time.perf_counter()
            with session.student(seed=0, seconds=10) as student:
                student.same(1)
            checks.append(time.perf_counter() - begun)
            with session.student(seed=0, seconds=10) as student:
                calls.append(timed(lambda: student.same(1.0), 500))
                arrays.append(timed(lambda: student.same(image), 20))
    return {
        "a box with one check, ms": 1e3 * statistics.median(starts),
        "a check in a running box, ms": 1e3 * statistics.median(checks),
        "a warm call, ms": 1e3 * statistics.median(calls),
        f"a warm call with {image.nbytes / 2**20:.1f} MiB both ways, ms": 1e3
        * statistics.median(arrays),
    }


@contextmanager
def peak_memory() -> Iterator[list[float]]:
    """The largest sum, in MiB, of what the grader, its workers and boxes hold; looked at often."""
    peak, done = [0.0], threading.Event()

    def watch() -> None:
        while not done.wait(0.1):
            peak[0] = max(peak[0], sum(map(held, Path("/proc").glob("[0-9]*"))))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield peak
    finally:
        done.set()
        thread.join()


def held(process: Path) -> float:
    """A process's share of memory in MiB, pages in common divided among those who share them."""
    try:
        if not re.search(rb"plumb|multiprocessing|autograder", (process / "cmdline").read_bytes()):
            return 0.0
        found = re.search(r"^Pss:\s+(\d+) kB", (process / "smaps_rollup").read_text(), re.MULTILINE)
    except OSError:  # it has ended
        return 0.0
    return int(found[1]) / 1024 if found else 0.0


def timed(call, times: int) -> float:
    """Seconds for one of many calls."""
    begun = time.perf_counter()
    for _ in range(times):
        call()
    return (time.perf_counter() - begun) / times


def alone(folder: Path) -> float:
    """Median seconds to grade the complete submission, the command's start included."""
    return statistics.median(
        grade([folder / "samples" / "complete"], folder / f"alone{number}", 1)
        for number in range(3)
    )


def twenty(folder: Path) -> float:
    """Seconds to grade twenty complete submissions with two workers."""
    paths = []
    for number in range(20):
        path = folder / "class" / f"student{number:02}.zip"
        path.parent.mkdir(exist_ok=True)
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            source = folder / "samples" / "complete"
            for file in sorted(source.rglob("*")):
                if file.is_file():
                    archive.write(file, file.relative_to(source))
            archive.writestr("notes.txt", str(number))
        path.write_bytes(buffer.getvalue())
        paths.append(path)
    return grade(paths, folder / "twenty", 2)


def author_loop(course: Path) -> dict[str, float]:
    """Seconds of ``plumb try`` for one and for twenty questions, and the ratio to a release.

    On a machine with other work, the processors' time tells more than the clock.
    """
    write_course(course, twenty_questions())
    plumb = Path(sys.executable).parent / "plumb"
    commands = {
        "plumb try, one question": ("try", "hw1", "f3"),
        "plumb try, twenty questions": ("try",),
        "plumb release of these": ("release",),
    }
    measure([plumb, *commands["plumb try, one question"]], course)  # the first fills the caches
    samples: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for _ in range(_SAMPLES):
        for name, arguments in commands.items():
            samples[name].append(measure([plumb, *arguments], course))
    figures = {}
    for name, measured in samples.items():
        clock, processors = zip(*measured, strict=True)
        figures[f"{name}, s"] = statistics.median(clock)
        figures[f"{name}, s of processors"] = statistics.median(processors)
    _, twenty, released = (figures[f"{name}, s"] for name in commands)
    return {**figures, "plumb try of twenty / plumb release": twenty / released}


def measure(command: list[str | Path], folder: Path) -> tuple[float, float]:
    """Seconds that a command takes: by the clock, and of the processors with all it starts.

    The processes of a box outlive those that started them. They become our children, and count once
    they are waited for.
    """
    _LIBC.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    used, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    quiet = subprocess.DEVNULL
    # Where nothing forbids it, the second run finds the bytecode of our modules.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with subprocess.Popen(command, cwd=folder, env=env, stdout=quiet, stderr=quiet) as process:
        clock = 0.0
        with contextlib.suppress(ChildProcessError):
            while True:
                ended, status = os.waitpid(-1, 0)
                if ended == process.pid:
                    clock = time.perf_counter() - begun
                    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    return clock, now.ru_utime - used.ru_utime + now.ru_stime - used.ru_stime


def grade(paths: list[Path], out: Path, workers: int) -> float:
    """Seconds that ``plumb grade`` takes."""
    command = [Path(sys.executable).parent / "plumb", "grade", *paths, "--harness", HARNESS]
    begun = time.perf_counter()
    subprocess.run(
        [*command, "--out", out, "--workers", str(workers)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
