"""One contender of ``tests.bench_layers``, in a process of its own: times what it is asked.

Thread pools of several libraries in one process disturb each other, so that none shares one. A line
of JSON in is a task, a line of JSON out the seconds of one call, by the clock and of the processor;
its preparation is not counted.
"""

import cProfile
import functools
import json
import pstats
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

Call = Callable[[], object]
Task = dict[str, Any]

#: The network of the training task, as ThreeLayerConvNet takes it.
FILTERS, SIDE, HIDDEN, BATCH, RATE, DECAY = 32, 7, 500, 50, 1e-3, 1e-3
ITERATIONS = 10


def main(contender: str, threads: int) -> None:
    """Answer tasks until the input ends."""
    prepare = CONTENDERS[contender](threads)
    calls: dict[str, Call | None] = {}
    for line in sys.stdin:
        task = json.loads(line)
        if line not in calls:
            calls[line] = prepare(task)
            if (call := calls[line]) is not None:
                call()  # caches, pools and memory are warm from here on
        call = calls[line]
        if call is None:
            print("null", flush=True)
        elif task["what"] == "profile":
            print(json.dumps(profiled(call)), flush=True)
        else:
            wall, cpu = time.perf_counter(), time.process_time()
            call()
            print([time.perf_counter() - wall, time.process_time() - cpu], flush=True)


def profiled(call: Call) -> list[tuple[str, float]]:
    """Where the time of some iterations goes: functions, and milliseconds an iteration."""
    profile = cProfile.Profile()
    profile.runcall(call)
    # It is there in every version, and in no stub.
    stats = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    own = {
        f"{file.rpartition('/')[2]}:{name}": 1e3 * row[2] / ITERATIONS
        for (file, _, name), row in stats.items()
    }
    return sorted(own.items(), key=lambda item: -item[1])[:12]


def arrays(task: Task) -> dict[str, Any]:
    """The same random inputs for every contender."""
    rng, dtype = np.random.RandomState(0), task["dtype"]
    made: dict[str, Any] = {"x": rng.randn(*task["x"]).astype(dtype)}
    if "w" in task:
        made["w"] = rng.randn(*task["w"]).astype(dtype)
        made["b"] = rng.randn(task["w"][0]).astype(dtype)
    return made


def ours(threads: int) -> Callable[[Task], Call | None]:
    """The fast layers."""
    from convnet import fast_layers
    from convnet.threads import set_num_threads

    set_num_threads(threads)
    return lambda task: with_numpy(task, fast_layers, "fast")


def limit(_threads: int) -> Callable[[Task], Call | None]:
    """The least that NumPy needs for the like of a task, see ``tests.bench_layers``."""

    def prepare(task: Task) -> Call | None:
        if task["what"] == "conv":
            given = arrays(task)
            ways = 1 if task["way"] == "forward" else 2
            places = (task["x"][2] + 2 * task["pad"] - task["w"][2]) // task["stride"] + 1
            sums = ways * task["x"][0] * places**2 * given["w"].size
            a = np.random.randn(*2 * (round(sums ** (1 / 3)),)).astype(task["dtype"])
            return lambda: a @ a
        if task["what"] == "max_pool":
            x = arrays(task)["x"]
            return functools.partial(np.copyto, np.empty_like(x), x)
        if task["what"] == "train":
            rng, inputs = np.random.RandomState(0), FILTERS * 16 * 16
            shapes = (BATCH, inputs), (inputs, HIDDEN), (BATCH, HIDDEN)
            x, w, dout = (rng.randn(*shape).astype(task["dtype"]) for shape in shapes)
            return lambda: [(x @ w, dout @ w.T, x.T @ dout) for _ in range(ITERATIONS)]
        return None

    return prepare


def im2col(_threads: int) -> Callable[[Task], Call | None]:
    """The convolution by way of a matrix of patches."""
    from convnet import im2col

    return lambda task: with_numpy(task, im2col, "im2col") if task["what"] == "conv" else None


def naive(_threads: int) -> Callable[[Task], Call | None]:
    """The layers as students write them."""
    from convnet import layers

    return lambda task: (
        with_numpy(task, layers, "naive") if task["what"] in ("conv", "max_pool") else None
    )


def with_numpy(task: Task, module: Any, kind: str) -> Call | None:
    """A task for layers that are functions of NumPy arrays."""
    if task["what"] == "gemm":
        a = np.random.randn(1500, 1500).astype(task["dtype"])
        return lambda: a @ a
    if task["what"] in ("train", "profile"):
        return training(task)
    forward = getattr(module, f"{task['what']}_forward_{kind}")
    backward = getattr(module, f"{task['what']}_backward_{kind}")
    given = arrays(task)
    param = {"stride": task["stride"], "pad": task.get("pad"), **task.get("pool", {})}
    inputs = (*given.values(), param)
    if task["way"] == "forward":
        return lambda: forward(*inputs)
    out, cache = forward(*inputs)
    dout = np.random.RandomState(1).randn(*out.shape).astype(out.dtype)
    return lambda: backward(dout, cache)


def training(task: Task) -> Call:
    """Some iterations of the Solver."""
    from convnet.classifiers.cnn import ThreeLayerConvNet
    from convnet.solver import Solver

    rng = np.random.RandomState(0)
    data = {"X_train": rng.randn(1000, 3, 32, 32), "y_train": rng.randint(10, size=1000)}
    data |= {"X_val": data["X_train"][:1], "y_val": data["y_train"][:1]}
    model = ThreeLayerConvNet(
        num_filters=FILTERS, filter_size=SIDE, hidden_dim=HIDDEN, reg=DECAY,
        dtype=np.dtype(task["dtype"]).type,
    )  # fmt: skip
    solver = Solver(
        model, data, update_rule=task["rule"], optim_config={"learning_rate": RATE},
        batch_size=BATCH, verbose=False,
    )  # fmt: skip
    return lambda: [solver.step() for _ in range(ITERATIONS)]


def pytorch(threads: int) -> Callable[[Task], Call | None]:
    """PyTorch on the processor."""
    import torch
    from torch.nn import functional as F

    torch.set_num_threads(threads)
    ops = torch.ops.aten

    def prepare(task: Task) -> Call | None:
        if task["what"] == "gemm":
            a = torch.randn(1500, 1500, dtype=getattr(torch, task["dtype"]))
            return lambda: a @ a
        if task["what"] == "train":
            return torch_training(task, torch) if task["rule"] == "adam_fast" else None
        if task["what"] == "profile":
            return None
        given = {name: torch.from_numpy(array) for name, array in arrays(task).items()}
        x, stride = given["x"], [task["stride"]] * 2
        if task["what"] == "conv":
            w, b, pad = given["w"], given["b"], [task["pad"]] * 2
            dout = torch.randn_like(F.conv2d(x, w, b, stride, pad))
            settings = (stride, pad, [1, 1], False, [0, 0], 1)
            if task["way"] == "forward":
                return lambda: F.conv2d(x, w, b, stride, pad)
            return lambda: ops.convolution_backward(
                dout, x, w, [len(b)], *settings, [True, True, True]
            )
        window = list(task["pool"].values())
        out, winners = ops.max_pool2d_with_indices(x, window, stride)
        dout = torch.randn_like(out)
        if task["way"] == "forward":
            return lambda: ops.max_pool2d_with_indices(x, window, stride)
        return lambda: ops.max_pool2d_with_indices_backward(
            dout, x, window, stride, [0, 0], [1, 1], False, winners
        )

    return prepare


def torch_training(task: Task, torch: Any) -> Call:
    """Iterations of the same network, loss and update rule."""
    nn, dtype = torch.nn, getattr(torch, task["dtype"])
    model = nn.Sequential(
        nn.Conv2d(3, FILTERS, SIDE, padding=SIDE // 2), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(FILTERS * 16 * 16, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, 10),
    ).to(dtype)  # fmt: skip
    rule = torch.optim.Adam(model.parameters(), lr=RATE, weight_decay=DECAY, fused=True)
    rng = np.random.RandomState(0)
    images = torch.from_numpy(rng.randn(1000, 3, 32, 32))
    classes = torch.from_numpy(rng.randint(10, size=1000))

    def step() -> None:
        chosen = torch.randint(len(images), (BATCH,))
        scores = model(images[chosen].to(dtype))
        loss = nn.functional.cross_entropy(scores, classes[chosen])
        rule.zero_grad()
        loss.backward()
        rule.step()
        loss.item()

    return lambda: [step() for _ in range(ITERATIONS)]


CONTENDERS = {"ours": ours, "limit": limit, "im2col": im2col, "naive": naive, "PyTorch": pytorch}

if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
