"""Grades a class with attacks in it by the command that everybody uses, and looks at what is left.

Everything lies below one folder: the vault, the class, what the grader writes, its home and its
place for temporary files. Canaries stand in the grader's environment, in files beside what it
writes, behind sockets of this machine, and in the work of other students.
"""

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from autograder.records import Report, decode
from autograder.sandbox.machine_cache import cache_folder
from tests.attacks import residue
from tests.attacks.judging import without_times
from tests.attacks.vault import PREFIX, Vault, build_vault, honest

PLUMB = Path(sys.executable).with_name("plumb")
#: The ways of being honest, taken in turn: what is written otherwise than in work that is right.
HONEST = {
    "all_right": {},
    "double_wrong": {"return 2 * x": "return 3 * x"},
    "slow_unwritten": {"def slow(x):": "def slower(x):"},
    "model_wrong": {"return -np.stack": "return np.stack"},
    "recall_raises": {"return np.zeros(5)": "return np.zeros(5)[7]"},
}


@dataclass
class Class:
    """A class on disk and its grading.

    Attributes:
        folder: everything is below it.
        canaries: what must not be seen, with what it is.
        honest: the students whose work is no attack and not broken.
    """

    folder: Path
    vault: Vault
    canaries: dict[str, str]
    honest: list[str] = field(default_factory=list)

    @property
    def submissions(self) -> Path:
        return self.folder / "class"

    def hand_in_honestly(self, student: str) -> None:
        """Add a submission that is right, or wrong in an ordinary way."""
        kinds = list(HONEST)
        word = self._canary(f"a word in the work of {student}")
        files = honest(word)
        text = files["vault/ops.py"].decode()
        for old, new in HONEST[kinds[len(self.honest) % len(kinds)]].items():
            text = text.replace(old, new)
        for name, data in (files | {"vault/ops.py": text.encode()}).items():
            target = self.submissions / student / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        self.honest.append(student)

    def grade(self) -> tuple[dict[str, Report], dict[str, str], list[str]]:
        """Grade all of it; the reports and the pages by student, and what was left behind."""
        out = self.folder / "graded"
        before = {name: residue.digest(self.folder / name) for name in ("class", "vault")}
        planted = self._plant(out)
        with self._sockets() as caught:
            self._run(self.submissions, out, self.folder / "tmp")
        left = [f"a process: {line}" for line in residue.processes_left()]
        left += caught
        left += [f"a temporary file: {name}" for name in residue.files_below(self.folder / "tmp")]
        left += [f"a file at home: {name}" for name in residue.files_below(self.folder / "home")]
        for name, was in before.items():
            if residue.digest(self.folder / name) != was:
                left.append(f"the {name} folder was changed")
        places = (Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"), self.folder, Path.cwd())
        left += [f"a file: {name}" for name in residue.marked_files(*places)]
        reports = {r.student: r for r in map(_read, sorted((out / "reports").glob("*.json")))}
        own = {"index.html", "grades.csv", "reports", "feedback", *planted}
        own |= {f"reports/{s}.json" for s in reports} | {f"feedback/{s}.html" for s in reports}
        left += [f"a file in the output: {n}" for n in residue.files_below(out) if n not in own]
        pages = {
            s: (out / "feedback" / f"{s}.html").read_text("utf-8", errors="replace")
            for s in reports
        }
        return reports, pages, left

    def touched(self, reports: dict[str, Report]) -> list[str]:
        """The honest students whose reports are not what they are in a clean run.

        In that run there is one for each way of being honest; the others differ from it by a name
        and a comment alone.
        """
        alone = self.folder / "alone"
        for student in self.honest[: len(HONEST)]:
            shutil.copytree(self.submissions / student, alone / student)
        out = self.folder / "graded-alone"
        self._run(alone, out, self.folder / "tmp-alone")
        clean = {r.student: r for r in map(_read, sorted((out / "reports").glob("*.json")))}
        wanted = [anonymous(clean[student]) for student in self.honest[: len(HONEST)]]
        return [
            student
            for number, student in enumerate(self.honest)
            if student not in reports or anonymous(reports[student]) != wanted[number % len(HONEST)]
        ]

    def _run(self, submissions: Path, out: Path, temporary: Path) -> None:
        temporary.mkdir()
        temporary.chmod(0o711)  # the box's user passes through it to its own folder
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        environment = os.environ | {
            "TMPDIR": str(temporary),
            "HOME": str(home),
            # What the grader keeps between runs is nothing that an attack left.
            "XDG_CACHE_HOME": str(cache_folder().parent),
            "GRADEBOOK_PASSWORD": self._canary("a word of the grader's environment"),
        }
        command = [PLUMB, "grade", submissions, "--harness", self.vault.harness, "--out", out]
        done = subprocess.run(
            list(map(str, command)), env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode not in (0, 3):
            raise RuntimeError(f"plumb grade: exit code {done.returncode}\n{done.stderr[-4000:]}")

    def _plant(self, out: Path) -> list[str]:
        """Files worth reading beside the gradebook, and in it."""
        out.mkdir()
        (out / "gradebook.txt").write_text(self._canary("a word in the gradebook"))
        (self.folder / "answers.txt").write_text(self._canary("a word beside the gradebook"))
        return ["gradebook.txt"]

    def _canary(self, what: str) -> str:
        word = PREFIX + secrets.token_hex(12)
        self.canaries[word] = what
        return word

    @contextmanager
    def _sockets(self) -> Iterator[list[str]]:
        """Servers of this machine that give a canary to whoever reaches them; who did."""
        word = self._canary("a word behind a socket of the grader's machine")
        caught: list[str] = []
        loopback = socket.create_server(("127.0.0.1", 0))
        abstract = socket.socket(socket.AF_UNIX)
        abstract.bind(f"\0plumb-{secrets.token_hex(6)}")
        abstract.listen()

        def serve(server: socket.socket, name: str) -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    caught.append(f"a connection to the {name} socket")
                    with connection, contextlib.suppress(OSError):
                        connection.sendall(word.encode())

        servers = {"loopback": loopback, "abstract": abstract}
        threads = [threading.Thread(target=serve, args=(s, n)) for n, s in servers.items()]
        for thread in threads:
            thread.start()
        try:
            yield caught
        finally:
            for server in servers.values():
                with contextlib.suppress(OSError):
                    server.shutdown(socket.SHUT_RDWR)
                server.close()
            for thread in threads:
                thread.join()


@contextmanager
def new_class() -> Iterator[Class]:
    """A class without students, its vault released; gone afterwards."""
    residue.adopt_orphans()
    with tempfile.TemporaryDirectory(prefix="plumb-attacks-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        vault = build_vault(folder / "vault")
        (folder / "class").mkdir()
        yield Class(folder, vault, dict(vault.canaries))


def anonymous(report: Report) -> str:
    """A report as text without times, and without what tells one student from another."""
    submission = msgspec.structs.replace(report.submission, name="", sha256="")
    return without_times(msgspec.structs.replace(report, student="", submission=submission))


def _read(path: Path) -> Report:
    try:
        return decode(path.read_bytes())
    except msgspec.MsgspecError as error:
        raise RuntimeError(f"{path.name} is no report: {error}") from None
