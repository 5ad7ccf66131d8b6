"""Compiles the fast layers; everything else about this package stands in pyproject.toml.

What is built where it will run (``pip install -e .``, ``setup.py build_ext --inplace``) is compiled
for this machine's processor. A wheel may travel: it holds the loops for several generations of
processors, and chooses among them when it runs. So it is, too, wherever CONVNET_PORTABLE is set.
"""

import os
import sys
from glob import glob

import numpy as np
from Cython.Build import cythonize
from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext
from setuptools.errors import CompileError

#: The loops may be vectorised: no function sets errno, and no comparison of numbers traps.
OPTIONS = ["-O3", "-fno-math-errno", "-fno-trapping-math"]
TRAVELS = "bdist_wheel" in sys.argv or "CONVNET_PORTABLE" in os.environ
VECTORS = [] if TRAVELS else ["-DTHIS_MACHINE", "-march=native"]


class Build(build_ext):
    """Leaves out what this compiler does not know."""

    def build_extension(self, extension):
        if self.compiler.compiler_type == "msvc":
            choices = [["/O2"]]
        else:
            choices = [[*OPTIONS, *VECTORS], OPTIONS, ["-O2"], ["-O2", "-DPLAIN_LOOPS"]]
        for number, options in enumerate(choices, 1):
            extension.extra_compile_args = options
            try:
                return super().build_extension(extension)
            except CompileError:
                if number == len(choices):
                    raise


kernels = Extension(
    "convnet._kernels",
    ["convnet/_kernels.pyx"],
    include_dirs=[np.get_include()],
    depends=glob("convnet/*.h"),
    define_macros=[("NPY_NO_DEPRECATED_API", "NPY_1_7_API_VERSION")],
)

extensions = cythonize([kernels], language_level=3)
for extension in extensions:
    # Without a compiler the package still works, on NumPy alone. cythonize() makes new objects and
    # would forget it if it were said above.
    extension.optional = True

# The licence stands here because versions of setuptools want it in pyproject.toml in other ways.
setup(ext_modules=extensions, cmdclass={"build_ext": Build}, license="BSD-3-Clause")
