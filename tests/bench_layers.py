"""How fast the fast layers are: against im2col, the naive layers, and PyTorch if it is there.

Run by ``make bench``; alone, ``python -m tests.bench_layers [rounds]``. Every contender is a
process of its own, pinned to as many processors as it has threads, and they take turns: a round is
one call of each. Figures are medians of the rounds, at least nine (three of what takes thirty times
as long as the fastest), and ratios are of medians of one run: of the processor's seconds with one
thread, of the clock's with two. A contender is the limit, which no layer can be expected to pass:
the product of two square matrices with as many multiplications as a convolution has, a copy of the
images that are pooled, the products of training's large affine layer alone. The table is printed;
it lies with its figures in ``build/bench/layers.json``, a picture of it beside.
"""

import importlib.metadata
import json
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
OUT = ROOT / "build" / "bench"

POOL_2, POOL_3 = ({"pool_height": side, "pool_width": side} for side in (2, 3))
LAYERS: dict[str, dict[str, Any]] = {
    "conv 3x3 / 2, 3 to 25 channels": {
        "what": "conv", "x": [100, 3, 31, 31], "w": [25, 3, 3, 3], "stride": 2, "pad": 1
    },
    "conv 7x7, 3 to 32 channels": {
        "what": "conv", "x": [50, 3, 32, 32], "w": [32, 3, 7, 7], "stride": 1, "pad": 3
    },
    "conv 3x3, 32 to 64 channels": {
        "what": "conv", "x": [128, 32, 16, 16], "w": [64, 32, 3, 3], "stride": 1, "pad": 1
    },
    "pool 2x2 / 2": {"what": "max_pool", "x": [128, 32, 32, 32], "stride": 2, "pool": POOL_2},
    "pool 3x3 / 2": {"what": "max_pool", "x": [128, 32, 33, 33], "stride": 2, "pool": POOL_3},
}  # fmt: skip
DTYPES = ("float32", "float64")
#: They choose a library's kernels, and often worse ones than it would.
UNSET = ("OPENBLAS_CORETYPE", "MKL_CBWR")
TRAIN = "10 iterations of training"
#: A contender that takes longer than this many times the fastest is called three times only.
BEARABLE = 30
#: Ours by the clock, whatever counts elsewhere.
CLOCK = "ours by the clock"


class Contender:
    """A worker process."""

    def __init__(self, name: str, threads: int):
        self.name = name
        places = sorted(os.sched_getaffinity(0))[-threads:]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench_worker", name, str(threads)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment(threads),
            cwd=ROOT,
            text=True,
        )
        os.sched_setaffinity(self._process.pid, places)

    def ask(self, task: dict[str, Any]) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(task), file=self._process.stdin, flush=True)
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate()


def environment(threads: int) -> dict[str, str]:
    """So many threads for every library; waiting ones sleep; BLAS chooses its kernels itself."""
    kept = {k: v for k, v in os.environ.items() if k not in UNSET}
    counts = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    return {
        **kept,
        **dict.fromkeys(counts, str(threads)),
        "OMP_WAIT_POLICY": "PASSIVE",
        "PYTHONPATH": os.pathsep.join((str(ROOT / "solutions"), str(ROOT))),
    }


def tasks() -> Iterable[tuple[str, dict[str, Any]]]:
    """Everything that is timed, by name."""
    for name, layer in LAYERS.items():
        for way in ("forward", "backward"):
            for dtype in DTYPES:
                yield f"{name}|{way}|{dtype}", {**layer, "way": way, "dtype": dtype}
    for dtype in DTYPES:
        yield f"gemm||{dtype}", {"what": "gemm", "dtype": dtype}
        yield f"{TRAIN}||{dtype}", {"what": "train", "dtype": dtype, "rule": "adam_fast"}
        yield f"{TRAIN}, adam||{dtype}", {"what": "train", "dtype": dtype, "rule": "adam"}


def measure(names: Iterable[str], threads: int, rounds: int) -> dict[str, dict[str, float]]:
    """Median seconds by task and contender."""
    contenders = [Contender(name, threads) for name in names]
    medians: dict[str, dict[str, float]] = {}
    try:
        for name, task in tasks():
            times: dict[str, list[float]] = {}
            for number in range(rounds):
                for contender in contenders:
                    had = times.get(contender.name, [])
                    fastest = min(map(min, times.values()), default=0.0)
                    if number >= 3 and (not had or min(had) > BEARABLE * fastest):
                        continue
                    seconds = contender.ask(task)
                    if seconds is not None:
                        # Other programs' turns are not counted where the processor's time tells.
                        times.setdefault(contender.name, []).append(seconds[threads == 1])
                        if contender.name == "ours":
                            times.setdefault(CLOCK, []).append(seconds[0])
            medians[name] = {who: statistics.median(each) for who, each in times.items()}
            print(f"  {threads} thread(s): {name.replace('|', ' ')}", file=sys.stderr, flush=True)
    finally:
        for contender in contenders:
            contender.close()
    return medians


def profile() -> dict[str, list[tuple[str, float]]]:
    """Where an iteration of training spends its time: milliseconds by function."""
    contender = Contender("ours", 1)
    try:
        return {
            dtype: contender.ask({"what": "profile", "dtype": dtype, "rule": "adam_fast"})
            for dtype in DTYPES
        }
    finally:
        contender.close()


def gigaflops(name: str, seconds: float) -> float | None:
    """Billions of multiplications and additions a second; None where they are not what counts."""
    layer = LAYERS.get(name.partition("|")[0], {})
    if name.startswith("gemm"):
        return 2 * 1500**3 / seconds / 1e9
    if layer.get("what") != "conv":
        return None
    places = (layer["x"][2] + 2 * layer["pad"] - layer["w"][2]) // layer["stride"] + 1
    taps = layer["w"][1] * layer["w"][2] * layer["w"][3]
    one_way = 2 * layer["x"][0] * layer["w"][0] * taps * places**2
    return (2 if "|backward|" in name else 1) * one_way / seconds / 1e9


def table(medians: dict[str, dict[str, float]]) -> list[str]:
    """The figures as lines: milliseconds of ours, its GFLOP/s, and the others' times over ours."""
    others = ("PyTorch", "limit", "im2col", "naive")
    lines = [f"{'':52} {'ours, ms':>9} {'GFLOP/s':>8}" + "".join(f"{o:>9}" for o in others)]
    for name, times in medians.items():
        rate = gigaflops(name, times["ours"])
        ratios = (f"{times[o] / times['ours']:8.2f}x" if o in times else f"{'':9}" for o in others)
        what = " ".join(part for part in name.split("|") if part)
        speed = f"{rate:8.1f}" if rate else f"{'':8}"
        lines.append(f"{what:52} {1e3 * times['ours']:9.2f} {speed}" + "".join(ratios))
    return lines


def picture(medians: dict[str, dict[str, float]], path: Path) -> None:
    """The other contenders' times as multiples of ours."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    markers = {"naive": "s", "im2col": "^", "PyTorch": "o", "limit": "|"}
    shown = {n: t for n, t in medians.items() if markers.keys() & t and not n.startswith("gemm")}
    figure, axes = plt.subplots(figsize=(9, 0.32 * len(shown) + 1))
    for contender, marker in markers.items():
        points = [
            (t[contender] / t["ours"], i) for i, t in enumerate(shown.values()) if contender in t
        ]
        if points:
            axes.plot(*zip(*points, strict=True), marker, label=contender)
    axes.axvline(1, color="black", linewidth=1)
    axes.set(xscale="log", xlabel="time, as a multiple of the fast layers' (one thread)")
    axes.set_yticks(range(len(shown)), [n.replace("||", " ").replace("|", " ") for n in shown])
    axes.invert_yaxis()
    axes.grid(axis="x", alpha=0.3)
    axes.legend()
    figure.tight_layout()
    figure.savefig(path, dpi=120)


def main(rounds: int = 10) -> None:
    """Measure, print, write."""
    sys.path.insert(0, str(ROOT / "solutions"))
    from convnet import _kernels

    try:
        torch = importlib.metadata.version("torch")
    except importlib.metadata.PackageNotFoundError:
        torch = ""
        print("PyTorch is not installed (.venv/bin/pip install -e '.[bench]'): left out.")
    rivals = ["PyTorch"] if torch else []
    about = {
        "processor": platform.processor() or platform.machine(),
        "vectors": _kernels.vectors(),
        "numpy": importlib.metadata.version("numpy"),
        "torch": torch,
        "environment": {
            k: v for k, v in environment(1).items() if k.startswith(("OMP", "OPENBLAS", "MKL"))
        },
        "unset": {k: os.environ[k] for k in UNSET if k in os.environ},
        "load before": os.getloadavg(),
        "rounds": rounds,
    }
    several = len(os.sched_getaffinity(0)) > 1
    one = measure(["ours", *rivals, "limit", "im2col", "naive"], 1, rounds)
    # Without the limit: its library's threads go on spinning into the next contender's turn.
    two = measure(["ours", *rivals], 2, rounds) if several else {}
    spent = profile()
    about["load after"] = os.getloadavg()

    print(json.dumps(about))
    print("\nOne thread; other contenders' times as multiples of ours")
    print(*table(one), sep="\n")
    if two:
        print("\nTwo threads")
        print(*table(two), sep="\n")
        print("\nOne thread's time over two threads', by the clock")
        for name, times in two.items():
            print(f"{name.replace('|', ' '):52} {one[name][CLOCK] / times[CLOCK]:9.2f}x")
    for dtype, rows in spent.items():
        print(f"\nWhere an iteration of training spends its time, {dtype}, ms")
        for function, milliseconds in rows:
            print(f"{function:52} {milliseconds:9.2f}")
    OUT.mkdir(parents=True, exist_ok=True)
    figures = {"about": about, "one thread": one, "two threads": two, "profile": spent}
    (OUT / "layers.json").write_text(json.dumps(figures, indent=1) + "\n")
    picture(one, OUT / "layers.png")
    print(f"\n{OUT / 'layers.json'} and layers.png")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
