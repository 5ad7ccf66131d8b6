"""The environment variables of a box, which also make its numbers the same on most machines."""

from __future__ import annotations

import functools
import platform

import numpy as np

from autograder.sandbox.box_folders import RUN
from autograder.sandbox.box_modules import FONTS_FILE


def box_environment(home: str, run: str = RUN) -> dict[str, str]:
    """All environment variables of a box.

    BLAS gets one thread, and BLAS and NumPy one instruction set: with others, the last bits of the
    reference's results were different.

    Args:
        home: a folder that the student's code can write to.
        run: the run folder's path inside the box.
    """
    variables = {
        "FONTCONFIG_FILE": f"{run}/{FONTS_FILE}",
        "HOME": home,
        "IPYTHONDIR": f"{home}/ipython",
        "LANG": "C.UTF-8",
        "MPLBACKEND": "Agg",
        "MPLCONFIGDIR": f"{home}/matplotlib",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PATH": "/usr/bin:/bin",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "TZ": "UTC",
        "USER": "student",
    }
    return variables | _own_instruction_set()


def pinned_numerics() -> str:
    """What `box_environment` sets to make numbers the same everywhere, in words."""
    variables = [f"{name}={value}" for name, value in sorted(_own_instruction_set().items())]
    return "; ".join([", ".join(["one thread", *variables]), "by environment"])


@functools.cache
def _own_instruction_set() -> dict[str, str]:
    """`instruction_set` for this machine."""
    simd = np.show_config(mode="dicts")["SIMD Extensions"]
    return instruction_set(
        platform.machine(),
        supported={*simd.get("baseline", ()), *simd.get("found", ())},
        unsupported=set(simd.get("not found", ())),
    )


def instruction_set(machine: str, supported: set[str], unsupported: set[str]) -> dict[str, str]:
    """The variables that limit BLAS and NumPy to AVX2, or on ARM to plain ARMv8.

    Most machines have these instructions, so that their results agree to the last bit.

    Args:
        machine: as `platform.machine` names it.
        supported, unsupported: NumPy's names for the processor features that this machine has, and
            for the others that NumPy knows. The names differ between versions of NumPy, which warns
            of names that it does not know.
    """
    variables = {}
    if supported & {"AVX2", "X86_V3"}:
        variables["OPENBLAS_CORETYPE"] = "Haswell"
    elif machine == "aarch64":
        variables["OPENBLAS_CORETYPE"] = "ARMV8"
    disabled = [
        name
        for name in sorted(supported | unsupported)
        if name.startswith(("AVX512", "X86_V4", "SVE"))
    ]
    if disabled:
        variables["NPY_DISABLE_CPU_FEATURES"] = " ".join(disabled)
    return variables
