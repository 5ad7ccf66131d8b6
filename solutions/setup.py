"""Compiles the fast layers; everything else about this package stands in pyproject.toml."""

import numpy as np
from Cython.Build import cythonize
from setuptools import Extension, setup

kernels = Extension(
    "convnet._kernels",
    ["convnet/_kernels.pyx"],
    include_dirs=[np.get_include()],
    define_macros=[("NPY_NO_DEPRECATED_API", "NPY_1_7_API_VERSION")],
    extra_compile_args=["-O3"],
)

extensions = cythonize([kernels], language_level=3)
for extension in extensions:
    # Without a compiler the package still works, on NumPy alone. cythonize() makes new objects and
    # would forget it if it were said above.
    extension.optional = True

# The licence stands here because versions of setuptools want it in pyproject.toml in other ways.
setup(ext_modules=extensions, license="BSD-3-Clause")
