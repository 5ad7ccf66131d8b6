"""Many submissions: workers that die, runs that are broken off, reports that are kept."""

import contextlib
import os
import platform
import resource
import signal
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import pytest

from autograder.errors import SandboxUnavailable, WorkerDied
from autograder.grading.batch import grade_jobs
from autograder.grading.workers import run_jobs
from autograder.records import Outcome, Status, decode
from autograder.sandbox import backend
from autograder.submissions.job import name_students
from tests.processes import DEADLINE_S, endless_checks, gone, processes_of, started, wait_until
from tests.tiny import ANSWERS, CHECKS, STUBS, handed_in, tiny_harness, zipped

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def harness(tmp_path_factory):
    return tiny_harness(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def work(tmp_path):
    """A class of three: right, untouched, and no archive at all."""
    handed_in(tmp_path / "class" / "alice")
    handed_in(tmp_path / "class" / "bob", STUBS, best=None)
    (tmp_path / "class" / "carol.zip").write_bytes(b"garbage")
    return sorted((tmp_path / "class").iterdir())


def run(paths, harness, out, box="none", **more):
    jobs = name_students(paths)
    return {done.job.student: done for done in grade_jobs(jobs, harness, box, out, **more)}


def test_a_report_that_cannot_be_read_back_ends_no_class(work, tmp_path):
    double = (
        "\nWIDE = Tolerance(((1e-6, 1.0),))\nobject.__setattr__(WIDE, 'tiers', ((1.0, 2.0),))\n"
    )
    checks = CHECKS.replace("check\n", f"check\n{double}", 1)
    checks = checks.replace("seed=4", "seed=4, tolerance=WIDE")
    done = run(work, tiny_harness(tmp_path, checks), tmp_path / "out")
    alice, bob = done["alice"].report, done["bob"].report
    assert (alice.status, bob.status) == (Status.NOT_GRADED, Status.GRADED)
    assert "Expected `float` <= 1.0" in alice.reason
    assert decode(done["alice"].file.read_bytes()) == alice


@pytest.mark.parametrize("box", ["bubblewrap", "none"])
def test_a_class_is_graded_and_every_report_lies_in_its_file(work, harness, tmp_path, box):
    done = run(work, harness, tmp_path / "out", box, workers=2)
    scores = {student: one.report.score for student, one in done.items()}
    assert scores == {"alice": 8, "bob": 0, "carol": 0}
    assert done["carol"].report.status is Status.UNREADABLE
    for student, one in done.items():
        assert one.file == tmp_path / "out" / "reports" / f"{student}.json"
        assert decode(one.file.read_bytes()) == one.report
    assert len(list((tmp_path / "out" / "reports").iterdir())) == 3


def test_a_small_answer_that_a_check_blows_up_costs_itself_alone(tmp_path):
    blown = CHECKS.replace(
        'return {"out": student.ops.double(rng.randn(4))}',
        'x = rng.randn(30_000)\n    return {"out": (student.ops.double(x) - x).sum()}',
    )
    harness = tiny_harness(tmp_path, blown)
    # 60,000 times 30,000 numbers are 13 GiB.
    wide = "import numpy as np\n\ndef double(x):\n    return np.ones((60_000, 1))\n"
    handed_in(tmp_path / "bob", ANSWERS | {"ops.py": wide + "\ndef pair(x):\n    return x, -x\n"})
    done = run([tmp_path / "bob"], harness, tmp_path / "out")
    checks = {check.name: check.outcome.value for check in done["bob"].report.checks}
    assert (checks["nearly"], checks["both"]) == ("failed", "passed")
    # Kilobytes; the most that any process of ours has ever held.
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 9 << 20


@pytest.mark.long
def test_what_is_graded_is_not_graded_again(work, harness, tmp_path):
    first = run(work, harness, tmp_path)
    second = run(work, harness, tmp_path)
    assert {s: one.reused for s, one in second.items()} == {
        "alice": True, "bob": True, "carol": False
    }  # fmt: skip
    assert second["alice"].report == first["alice"].report
    (work[0] / "tiny" / "ops.py").write_text(STUBS["ops.py"])
    third = run(work, harness, tmp_path)
    assert not third["alice"].reused
    assert third["alice"].report.score < 8
    assert third["bob"].reused
    assert not run(work, harness, tmp_path, again=True)["bob"].reused


@pytest.mark.long
def test_another_harness_backend_python_or_a_damaged_report_is_graded_again(
    work, harness, tmp_path
):
    run(work[:1], harness, tmp_path)
    assert not run(work[:1], harness, tmp_path, box="bubblewrap")["alice"].reused
    changed = tiny_harness(tmp_path, CHECKS + "\n")
    assert not run(work[:1], changed, tmp_path, box="bubblewrap")["alice"].reused
    report = tmp_path / "reports" / "alice.json"
    version = platform.python_version().encode()
    report.write_bytes(report.read_bytes().replace(b'"' + version, b'"2.' + version))
    assert not run(work[:1], changed, tmp_path, box="bubblewrap")["alice"].reused
    report.write_bytes(report.read_bytes()[:100])
    assert not run(work[:1], changed, tmp_path, box="bubblewrap")["alice"].reused
    assert run(work[:1], changed, tmp_path, box="bubblewrap")["alice"].reused


def test_what_was_not_wholly_graded_is_graded_again(work, tmp_path):
    broken = tiny_harness(tmp_path, CHECKS.replace("first, second =", "1 / 0; first, second ="))
    assert run(work[:1], broken, tmp_path)["alice"].report.status is Status.PARTLY_GRADED
    assert not run(work[:1], broken, tmp_path)["alice"].reused


def test_two_submissions_by_one_student_are_both_kept(harness, tmp_path):
    handed_in(tmp_path / "a" / "alice")
    for name in ("b/Alice.zip", "c/alice-2.zip"):
        (tmp_path / name).parent.mkdir()
        files = {f"tiny/{n}": text for n, text in ANSWERS.items()}
        (tmp_path / name).write_bytes(zipped(files))
    paths = [tmp_path / "a" / "alice", tmp_path / "b" / "Alice.zip", tmp_path / "c" / "alice-2.zip"]
    jobs = name_students(paths)
    assert {job.student: job.path for job in jobs} == {
        "Alice": paths[1], "alice-3": paths[0], "alice-2": paths[2]
    }  # fmt: skip
    assert name_students(reversed(paths)) == jobs
    done = run(paths, harness, tmp_path)
    assert set(done) == {"Alice", "alice-2", "alice-3"}
    assert done["alice-3"].report.student == "alice-3"
    assert "has the same student id" in done["alice-3"].report.submission.notes[0]


def test_a_worker_that_dies_costs_one_submission_alone(work, tmp_path, monkeypatch):
    # Checks run in the worker itself; this one ends it on bob's answers only.
    deadly = CHECKS.replace(
        "first, second = student.ops.pair(rng.randn(2))",
        "import os\n"
        "    try:\n"
        "        first, second = student.ops.pair(rng.randn(2))\n"
        "    except Exception:\n"
        "        os._exit(3)",
    )
    raises = f"{ANSWERS['ops.py']}\n\ndef pair(x):\n    raise ValueError\n"
    handed_in(tmp_path / "class" / "bob", ANSWERS | {"ops.py": raises})
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    done = run(work, tiny_harness(tmp_path, deadly), tmp_path / "out", workers=2)
    assert done["alice"].report.score == 8
    assert done["carol"].report.status is Status.UNREADABLE
    assert done["bob"].report.status is Status.NOT_GRADED
    assert "exit code 3, twice" in done["bob"].report.reason
    assert list((tmp_path / "tmp").iterdir()) == []


def test_no_sandbox_stops_the_run(work, harness, tmp_path, monkeypatch):
    with pytest.raises(SandboxUnavailable, match="no sandbox 'cloud'"):
        run(work, harness, tmp_path, "cloud")
    monkeypatch.setattr("autograder.grading.batch.open_backend", lambda name: None)
    with pytest.raises(SandboxUnavailable, match="no sandbox 'cloud'"):
        run(work, harness, tmp_path, "cloud")


SLOW = textwrap.dedent(
    """\
    import sys
    from pathlib import Path
    from autograder.grading.batch import grade_jobs
    from autograder.harness import read_harness
    from autograder.submissions.job import name_students

    if __name__ == "__main__":
        harness = read_harness(Path(sys.argv[1]), "0" * 64, "tiny")
        jobs = name_students(Path(name) for name in sys.argv[4:])
        for done in grade_jobs(jobs, harness, sys.argv[3], Path(sys.argv[2]), workers=2):
            print(done.job.student, flush=True)
    """
)


@pytest.mark.parametrize("box", ["bubblewrap", pytest.param("none", marks=pytest.mark.long)])
@pytest.mark.parametrize(
    "how",
    [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.long), signal.SIGKILL],
)
def test_a_run_broken_off_keeps_what_is_finished_and_leaves_no_process(tmp_path, box, how):
    harness = tiny_harness(tmp_path, CHECKS.replace("seed=4", "seed=4, seconds=60"))
    handed_in(tmp_path / "alice")
    forever = "def double(x):\n    return x + x\n\ndef pair(x):\n    while True:\n        pass\n"
    for name in ("bob", "carol"):
        handed_in(tmp_path / name, ANSWERS | {"ops.py": forever})
    script = tmp_path / "slow.py"
    script.write_text(SLOW)
    out = tmp_path / "out"
    command = [sys.executable, script, harness.folder, out, box]
    with (
        room() as scratch,
        started(
            [*command, *(tmp_path / n for n in ("alice", "bob", "carol"))],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": scratch},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as process,
    ):
        assert process.stdout.readline() == b"alice\n"
        assert wait_until(lambda: endless_checks(process.pid) == 2)
        running = processes_of(process.pid)
        assert len(running) > 4
        if how is signal.SIGINT:
            os.killpg(process.pid, how)  # as a terminal does
        else:
            process.send_signal(how)
        assert process.wait(DEADLINE_S) != 0
        gone(running)
        # A killed grader removes nothing. Its workers notice that and clean up.
        left = list(Path(scratch).rglob("*"))  # at most an empty folder, and the lock beside it
        assert len(left) == (0 if how is signal.SIGINT else 2)
    assert decode((out / "reports" / "alice.json").read_bytes()).score == 8
    assert sorted(p.name for p in (out / "reports").iterdir()) == ["alice.json"]


@contextlib.contextmanager
def room():
    """A folder for temporary files that the box's user can reach into."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o711)
        yield folder


def prepare_arithmetic(zero):
    """For the pool: a job is a number that is divided by, or a signal."""

    def work(job):
        if job == "die":
            os.kill(os.getpid(), signal.SIGSEGV)
        if job == "die once" and not zero.exists():
            zero.touch()
            os._exit(1)
        return job if isinstance(job, str) else 12 / job

    return work


def test_the_pool_gives_results_exceptions_and_deaths(tmp_path):
    jobs = [3, 0, "die", "die once", 4]
    results = dict(run_jobs(jobs, 2, prepare_arithmetic, tmp_path / "mark"))
    assert (results[0], results[4], results[3]) == (4, 3, "die once")
    assert isinstance(results[1], ZeroDivisionError)
    assert isinstance(results[2], WorkerDied)
    assert "SIGSEGV, twice" in str(results[2])


def test_a_death_that_is_explained_does_not_count(tmp_path):
    seen = []

    def twice(job, exit_code):
        assert exit_code == -signal.SIGSEGV
        seen.append(job)
        return job if len(seen) < 3 else None

    jobs = ["die"]
    arguments = (2, prepare_arithmetic, tmp_path / "mark")
    (result,) = dict(run_jobs(jobs, *arguments, explained=twice)).values()
    assert isinstance(result, WorkerDied)
    assert seen == ["die"] * 4  # two were explained, two were not


@pytest.mark.long
def test_a_check_whose_call_never_returns_over_an_answer_is_failed(tmp_path):
    """The bound on the grader's own computing ends the worker; the class goes on."""
    body = CHECKS.replace(
        "first, second = student.ops.pair(rng.randn(2))",
        "first, second = student.ops.pair(rng.randn(2)); sum(range(int(abs(second[0]))))",
    )
    assert body != CHECKS
    harness = tiny_harness(tmp_path, body)
    endless = ANSWERS["ops.py"].replace("return x, -x", "return x, -x * 1e16")
    assert endless != ANSWERS["ops.py"]
    handed_in(tmp_path / "class" / "alice", ANSWERS | {"ops.py": endless})
    handed_in(tmp_path / "class" / "ben")
    jobs = name_students((tmp_path / "class").iterdir())
    done = grade_jobs(jobs, harness, "bubblewrap", tmp_path / "out", workers=2)
    reports = {finished.job.student: finished.report for finished in done}
    (flagged,) = (check for check in reports["alice"].checks if check.flagged)
    assert (flagged.id, flagged.outcome) == ("pair.both", Outcome.FAILED)
    assert "it computed for more than 75 s" in flagged.flagged
    assert reports["alice"].graded_points == reports["alice"].points
    assert reports["ben"].score == reports["ben"].points


def test_an_iteration_that_is_given_up_leaves_no_worker(tmp_path):
    before = set(processes_of(os.getpid()))
    iterator = run_jobs([1, 2, 3, 4], 2, prepare_arithmetic, tmp_path / "mark")
    next(iterator)
    iterator.close()
    left = {pid: c for pid, c in processes_of(os.getpid()).items() if pid not in before}
    assert not [command for command in left.values() if b"spawn_main" in command]


@pytest.mark.parametrize("box", ["bubblewrap"])
def test_the_verdicts_of_the_real_box_are_the_same(harness, tmp_path, box):
    assert backend(box).isolated
    bodies = {
        "loop": ("while True: pass", Outcome.TIMEOUT),
        "exit": ("import os; os._exit(0)", Outcome.ERROR),
        "flood": ("print('x' * (50 << 20))", Outcome.KILLED),
        "leave": ("raise SystemExit(0)", Outcome.ERROR),
    }
    quick = tiny_harness(tmp_path, CHECKS.replace("seed=4", "seed=4, seconds=4"))
    for name, (body, _) in bodies.items():
        text = f"def double(x):\n    return x + x\n\ndef pair(x):\n    {body}\n"
        handed_in(tmp_path / "class" / name, ANSWERS | {"ops.py": text})
    done = run(sorted((tmp_path / "class").iterdir()), quick, tmp_path / "out", box, workers=2)
    for name, (_, outcome) in bodies.items():
        report = done[name].report
        assert report.score == 7
        assert [c.outcome for c in report.checks if c.question == "pair"] == [outcome]
