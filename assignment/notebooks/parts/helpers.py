# %% [markdown] id="colab-text" when="colab"
# ## On Google Colab
#
# On your own computer, go on to the next section. On Colab this notebook comes without the files
# that belong to it: run the next cell first, and again whenever the machine has been reset. It asks
# for the assignment's archive, as you received it or as a zip of its folder, unpacks it, compiles
# the fast layers and fetches CIFAR-10, which takes a few minutes.
#
# The notebook that you work in is *not* among those files: Colab keeps it in your Drive, and the
# one that was unpacked is blank. So do not hand in from Colab. Download your notebook (File >
# Download > Download .ipynb), put it into the assignment's folder on your own computer in the place
# of the blank one, under the same name, and run `python -m selfcheck submit` there.

# %% id="colab" when="colab"
import os
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

if "google.colab" in sys.modules:
    from google.colab import files

    setup = Path("setup.py")  # unless it lies in a folder of the archive
    for content in map(BytesIO, files.upload().values()):
        if zipfile.is_zipfile(content):
            archive = zipfile.ZipFile(content)
            archive.extractall()
            inside = [path for path in map(Path, archive.namelist()) if path.name == "setup.py"]
            setup = min(inside, key=lambda path: len(path.parts), default=setup)
    if not setup.is_file():
        raise FileNotFoundError(
            "There is no setup.py in what you uploaded: run this cell again and choose the "
            "assignment's archive, or a zip of the whole folder that it unpacks to."
        )
    os.chdir(setup.resolve().parent)
    sys.path.insert(0, os.getcwd())
    for command in (
        ["-m", "pip", "install", "--quiet", "cython", "setuptools"],
        ["setup.py", "build_ext", "--inplace"],
        ["-m", "convnet.data_utils"],
    ):
        subprocess.run([sys.executable, *command], check=True)

# %% [markdown] id="setup-text"
# ## Set-up
#
# The next cells import what the notebook needs and define a few helpers. Files that you edit are
# loaded again by themselves. Errors are measured as *relative errors*: for two arrays of the same
# shape, the largest value of
#
# $$\frac{|x_i - y_i|}{\max(10^{-8},\ |x_i| + |y_i|)}.$$

# %% id="helpers" role="setup"
# %matplotlib inline
# %load_ext autoreload
# %autoreload 2
import matplotlib.pyplot as plt
import numpy as np

from convnet.data_utils import get_data
from convnet.gradient_check import (
    eval_numerical_gradient,
    eval_numerical_gradient_array,
    rel_error,
)

plt.rcParams.update({"figure.figsize": (10, 4), "image.cmap": "gray"})


def evenly(low, high, *shape):
    """Evenly spaced numbers, the first and the last as given, in an array of a shape."""
    return np.linspace(low, high, np.prod(shape)).reshape(shape)


def normal(**shapes):
    """Normally distributed arrays of these shapes, by name; the same in every run."""
    generator = np.random.RandomState(231)
    return {name: generator.randn(*shape) for name, shape in shapes.items()}


def compare(**pairs):
    """Print the relative error of each pair of arrays, which must be of one shape."""
    for name, (ours, theirs) in pairs.items():
        if np.shape(ours) != np.shape(theirs):
            raise ValueError(f"{name}: the shapes differ: {np.shape(ours)}, {np.shape(theirs)}")
        print(f"{name:>10}: relative error {rel_error(ours, theirs):.1e}")


def numeric_gradients(layer, inputs, dout):
    """Gradients of sum(layer(*inputs) * dout) with respect to each input, by small differences."""
    return [eval_numerical_gradient_array(lambda _: layer(*inputs), a, dout) for a in inputs]


def compare_layer(forward, backward, dout, **inputs):
    """Compare what a layer's backward function returns with numeric gradients, input by input."""
    gradients = backward(dout, forward(*inputs.values())[1])
    gradients = gradients if isinstance(gradients, tuple) else (gradients,)
    numeric = numeric_gradients(lambda *arrays: forward(*arrays)[0], [*inputs.values()], dout)
    pairs = zip(gradients, numeric)
    compare(**{f"d{name}": pair for name, pair in zip(inputs, pairs)})


# %% id="selfcheck"
from selfcheck import check

# %% [markdown] id="data-text"
# The data: CIFAR-10 if it is on this computer, otherwise small pictures of handwritten digits that
# come with the assignment. Everything below runs on either; the digits take seconds where CIFAR-10
# takes minutes. The text at the top of [[data_utils.get_data]] tells how to get CIFAR-10.

# %% id="data"
data = get_data()
for name, array in data.items():
    print(f"{name:>8}: {array.shape}")

input_dim = data["X_train"].shape[1:]
on_cifar = input_dim == (3, 32, 32)
