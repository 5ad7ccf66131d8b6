"""The attacks as files: what stands at the head of each, and what is handed in of it.

Nothing of an attack that is a module is ever run here. Only the archives and notebooks are built by
their own files, which are ours.
"""

import importlib.util
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.attacks.vault import BEYOND, HONEST_CALM, honest

HERE = Path(__file__).parent
CLASSES = ("archive", "notebook", "process", "information", "forging", "cheating")
#: These are built by a function in their file; the others are handed in as they stand.
BUILT = ("archive", "notebook")
#: The checks of the vault by question.
CHECKS = {
    "double": ("doubles_a_matrix", "lurking_vector"),
    "secret": ("unlocks", "lurking_lock", "lurking_treasure"),
    "recall": ("looks", "lurking_look", "lurking_recall"),
    "slow": ("adds_up_a_few", "lurking_sums"),
    "train": ("fits_two_heaps", "lurking_images"),
    "best": ("best_of_three", "lurking_best"),
    "show": (
        "greets", "lurking_greeting", "lurking_refusal", "lurking_file", "lurking_text",
        "lurking_figure", "lurking_expression",
    ),
    "half": ("halves_a_matrix", "lurking_half"),
}  # fmt: skip
#: The questions that honest work leaves open; few attacks are about them.
OPEN = ("show",)
_LOST = {"failed", "error", "killed"}
_KEYS = ("Tries", "Must happen", "Score", "Outcomes", "Status", "Form", "Needs")


@dataclass(frozen=True)
class Attack:
    """One file of the corpus.

    Attributes:
        kind: its class, the folder that it lies in.
        tries, must: what it tries, and what must happen, in a sentence each.
        status: of its report.
        score: what it must get, neither more nor less.
        outcomes: by a check's name, those that are allowed.
        needs: a limit, as reports name them, without which the machine cannot keep it from more
            than points: where the report says that nothing enforces it, only the score counts.
        form: the suffix of the archive, or empty for a folder.
    """

    name: str
    kind: str
    path: Path
    tries: str
    must: str
    status: str
    score: float
    outcomes: dict[str, frozenset[str]]
    needs: str
    form: str

    def hand_in(self, folder: Path, student: str) -> Path:
        """Write it into a folder as this student's submission; where that lies."""
        target = folder / f"{student}{self.form}"
        if self.kind == "archive":
            _build_of(self.path)(target, honest())
        elif self.kind == "notebook":
            write_files(target, honest() | {"Vault.ipynb": _build_of(self.path)()})
        else:
            beside = self.path.with_suffix(".files")
            more = {
                path.relative_to(beside).as_posix(): path.read_bytes()
                for path in sorted(beside.rglob("*"))
                if path.is_file() and "__pycache__" not in path.parts
            }
            own = {"vault/ops.py": self.path.read_bytes(), "vault/calm.py": HONEST_CALM.encode()}
            write_files(target, own | more)
        return target


def attacks(kinds: Iterable[str] = CLASSES) -> list[Attack]:
    """The corpus, class by class, in order of names.

    Raises ValueError naming the file if its head is not as `README.md` says.
    """
    return [read_attack(path) for kind in kinds for path in sorted((HERE / kind).glob("[a-z]*.py"))]


def read_attack(path: Path) -> Attack:
    """Read the head of one file."""
    head = _head(path)
    kind = path.parent.name
    missing = [key for key in _KEYS[:2] if not head.get(key)]
    if missing or kind not in CLASSES:
        raise ValueError(f"{path}: its head lacks {', '.join(missing) or 'a class'}")
    status = head.get("Status", "graded")
    allowed = {} if status == "unreadable" else _usual(kind)
    return Attack(
        name=path.stem,
        kind=kind,
        path=path,
        tries=head["Tries"],
        must=head["Must happen"],
        status=status,
        score=float(head["Score"]),
        outcomes=allowed | _outcomes(head.get("Outcomes", ""), path),
        needs=head.get("Needs", ""),
        form=head.get("Form", ""),
    )


def write_files(folder: Path, files: dict[str, bytes]) -> None:
    """Write files by their paths below a folder."""
    for name, data in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def _usual(kind: str) -> dict[str, frozenset[str]]:
    """What comes of each check if the head says nothing of it."""
    passed, missing = frozenset(["passed"]), frozenset(["missing"])
    every = [name for names in CHECKS.values() for name in names]
    if kind in BUILT:  # they come with work that is right
        usual = {name: frozenset(["failed"]) if name in BEYOND else passed for name in every}
        return usual | {name: missing for question in OPEN for name in CHECKS[question]}
    return {name: passed if name in CHECKS["half"] else missing for name in every}


def _outcomes(text: str, path: Path) -> dict[str, frozenset[str]]:
    """``double=failed lurking_treasure=error|killed``: by a question's id or a check's name."""
    found = {}
    for pair in text.split():
        name, _, allowed = pair.partition("=")
        names = CHECKS.get(name, (name,))
        if not allowed or not set(names) <= {n for all_ in CHECKS.values() for n in all_}:
            raise ValueError(f"{path}: {pair!r} is no check with its outcomes")
        listed = frozenset(allowed.split("|"))
        # On a busy machine whatever is hard work may also run out of time, and gains nothing by it.
        found |= dict.fromkeys(names, listed | {"timeout"} if listed & _LOST else listed)
    return found


def _head(path: Path) -> dict[str, str]:
    """The keys and texts in the comment that a file begins with."""
    head: dict[str, str] = {}
    key = ""
    for line in path.read_text("utf-8").split("\n"):
        if not line.startswith("#"):
            break
        match = re.match(rf"# ({'|'.join(_KEYS)}): *(.*)", line)
        if match:
            key = match[1]
            head[key] = match[2].strip()
        elif key:
            head[key] += f" {line.lstrip('# ').strip()}"
    return head


def _build_of(path: Path):
    """The function that makes a hostile file."""
    spec = importlib.util.spec_from_file_location(f"attack_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.build
