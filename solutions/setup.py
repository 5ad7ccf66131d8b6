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
    optional=True,  # without a compiler the package still works, on NumPy alone
)

setup(ext_modules=cythonize([kernels], language_level=3))
