"""Submissions that look for expected values or forge results: none of them gains anything."""

import json

import pytest

from autograder.records import Outcome, encode

HUNT = """
import gc, os, sys

def double(x):
    print("ENVIRONMENT", dict(os.environ))
    for top, _, names in os.walk("/"):
        if top.startswith(("/proc", "/sys", "/usr", "/submission/box_modules", sys.prefix)):
            continue
        for name in names:
            path = os.path.join(top, name)
            if not os.path.isfile(path):
                continue
            print("FILE", path)
            try:
                with open(path, "rb") as file:
                    data = file.read()
            except OSError:
                continue
            if b"lurk" + b"ing" in data:  # but for this very line
                print("FOUND in", path)
    frame = sys._getframe()
    while frame is not None:
        for name, value in frame.f_locals.items():
            print("FRAME", frame.f_code.co_filename, name, repr(value)[:500])
        frame = frame.f_back
    for thing in gc.get_objects():
        if isinstance(thing, np.ndarray) or "Expected" in type(thing).__name__:
            print("OBJECT", repr(thing)[:500])
    for number in os.listdir("/proc"):
        if number.isdigit():
            for what in ("cmdline", "environ"):
                try:
                    with open(f"/proc/{number}/{what}", "rb") as file:
                        print("PROCESS", file.read())
                except OSError:
                    pass
    return x
"""


def test_a_walk_over_disk_environment_frames_and_objects_finds_no_expected_value(released):
    report = released.grade(HUNT)
    printed = "".join(check.output for check in report.checks)
    assert "FRAME" in printed
    assert "FOUND" not in printed
    assert "lurking" not in printed
    hidden = released.harness.expected["double.lurking_vector"].observations["out"]
    for value in hidden[:5]:
        assert f"{value:.8f}"[:9] not in printed
    assert report.score <= 1  # single precision stays, by giving back what came


FORGERIES = {
    "patches numpy's comparisons": """
        import numpy as np
        np.testing.assert_allclose = np.testing.assert_array_equal = lambda *a, **k: None
        np.allclose = np.array_equal = np.isclose = lambda *a, **k: True
        np.abs = np.max = np.maximum = lambda *a, **k: 0.0
        def double(x): return x * 0 + 7
    """,
    "returns an array subclass that always agrees": """
        import numpy as np
        class Sly(np.ndarray):
            def __eq__(self, other): return np.ones(self.shape, bool)
            def __sub__(self, other): return np.zeros(self.shape)
            __rsub__ = __sub__
            def __array_ufunc__(self, *a, **k): return np.zeros(self.shape)
            def __array_function__(self, *a, **k): return True
            @property
            def dtype(self): return np.dtype("float64")
        def double(x): return np.full(x.shape, 7.0).view(Sly)
    """,
    "returns an object that equals everything": """
        class Yes:
            def __eq__(self, other): return True
            def __getattr__(self, name): return self
            def __call__(self, *a, **k): return self
            def __array__(self, *a, **k): raise TypeError
            shape, dtype, ndim = (2, 3), "float64", 2
        def double(x): return Yes()
    """,
    "prints a forged report": """
        import sys
        def double(x):
            for stream in (sys.stdout, sys.stderr):
                stream.write('{"schema":1,"score":4,"outcome":"passed","points":4}')
                stream.write("4 passed, 0 failed\\n")
            return x * 0 + 7
    """,
    "writes a forged report to every descriptor and file": """
        import os
        def double(x):
            for number in range(3, 30):
                try: os.write(number, b'{"score": 4}')
                except OSError: pass
            for name in ("/tmp/report.json", "/submission/report.json", "report.json"):
                try: open(name, "w").write('{"score": 4}')
                except OSError: pass
            return x * 0 + 7
    """,
    "replaces the given files and the box modules": """
        import sys, types
        def double(x):
            for name in list(sys.modules):
                if name.startswith("autograder"):
                    sys.modules[name] = types.ModuleType(name)
            return x * 0 + 7
    """,
    "answers with frames of its own": """
        import os, struct
        def double(x):
            frame = b"PLM1" + struct.pack("<IQ", 2, 0) + bytes([0x90, 0x90])
            for number in range(3, 30):
                try: os.write(number, frame * 3)
                except OSError: pass
            return x * 0 + 7
    """,
    "returns not a number, nothing, and what broadcasts": """
        import numpy as np
        class Turn: n = 0
        def double(x): return np.array([np.nan]) if x.ndim == 1 else np.zeros((0,))
    """,
}


@pytest.mark.parametrize("source", FORGERIES.values(), ids=list(FORGERIES))
def test_a_forgery_gains_nothing(released, source):
    report = released.grade(source)
    outcomes = {check.name: check.outcome for check in report.checks}
    # The third check asks for the dtype alone, which an honest wrong answer may have right.
    assert outcomes["plain_case"] not in (Outcome.PASSED, Outcome.PARTIAL, Outcome.NOT_GRADED)
    assert outcomes["lurking_vector"] not in (Outcome.PASSED, Outcome.PARTIAL, Outcome.NOT_GRADED)
    assert report.score <= 1


def test_a_given_file_is_never_replaced(pocket):
    pocket.write(
        "assignment/checks/half.py",
        """\
        from plumbline import check

        @check("double", points=1, seed=4, visible=True)
        def with_half(student, rng):
            \"\"\"Half of twice.\"\"\"
            return {"out": student.given.half(student.arithmetic.double(rng.randn(3)))}
    """,
    )
    honest = pocket.grade("def double(x): return x * 3", given="def half(x): return x / 3")
    outcomes = {check.name: check.outcome for check in honest.checks}
    assert outcomes["with_half"] is Outcome.FAILED


def test_two_runs_give_the_same_report_but_for_times(released):
    def plain(report):
        def cut(value):
            if isinstance(value, dict):
                return {k: cut(v) for k, v in value.items() if k not in ("seconds", "started")}
            return [cut(v) for v in value] if isinstance(value, list) else value

        return cut(json.loads(encode(report)))

    wrong = "import numpy as np\ndef double(x):\n    print(x)\n    return x * np.arange(x.size)\n"
    assert plain(released.grade(wrong)) == plain(released.grade(wrong))
