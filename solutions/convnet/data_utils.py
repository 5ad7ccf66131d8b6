"""Data to train on: CIFAR-10, fetched once and kept, and a small set of digits that comes along.

Both come as a dictionary with X_train, y_train, X_val, y_val, X_test, y_test: images (N, C, H, W)
of floats with the mean training image taken off, classes (N,) of integers.

CIFAR-10 is kept in the folder that the environment variable CONVNET_DATA names, else in
``~/.cache/convnet``. ``python -m convnet.data_utils`` fetches it. Graders name a file to write:
``python -m convnet.data_utils cifar10.npz``.
"""

import argparse
import contextlib
import hashlib
import http.client
import io
import os
import pickle
import sys
import tarfile
import urllib.request
import zlib
from pathlib import Path

import numpy as np

CIFAR10_URL = "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz"
CIFAR10_MD5 = "c58f30108f718f92721af3b95e74349a"
CIFAR10_CLASSES = ("plane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")

_ARCHIVE = "cifar-10-python.tar.gz"
_TRAIN = tuple(f"cifar-10-batches-py/data_batch_{number}" for number in range(1, 6))
_TEST = "cifar-10-batches-py/test_batch"
_LARGEST = 40_000_000  # bytes; a batch has 31 million
# What an array in a pickle may name: among others the function that makes an empty one, which NumPy
# keeps in one module or another.
_EMPTY_ARRAY = np.empty(0).__reduce__()[0]
_KNOWN = {
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
    ("numpy.core.multiarray", "_reconstruct"): _EMPTY_ARRAY,
    ("numpy._core.multiarray", "_reconstruct"): _EMPTY_ARRAY,
    ("_codecs", "encode"): lambda text, _: text.encode("latin1"),
}
_DIGITS = Path(__file__).parent / "data" / "digits.npz"


class DataError(Exception):
    """Data are not there or are damaged; the message says what to do."""


def get_data(name="auto", subtract_mean=True):
    """The data set of the notebooks.

    Inputs:
    - name: "cifar10", "digits", or "auto" for CIFAR-10 where it has been fetched and the digits
      elsewhere; "auto" prints which it is.
    - subtract_mean: take the mean training image off all images.

    Raises DataError if it is not to be had, ValueError for another name.
    """
    if name == "auto":
        name = "cifar10" if (data_folder() / _ARCHIVE).is_file() else "digits"
        hint = "" if name == "cifar10" else " (`python -m convnet.data_utils` fetches CIFAR-10)"
        print(f"Data set: {name}{hint}")
    if name == "digits":
        return get_digits_data(subtract_mean)
    if name == "cifar10":
        return get_CIFAR10_data(subtract_mean=subtract_mean)
    raise ValueError(f"no data set {name!r}; there are cifar10, digits and auto")


def get_digits_data(subtract_mean=True):
    """Handwritten digits: 1000 training, 200 validation and 200 test images (N, 1, 8, 8).

    The values are scaled to 0 .. 1. The order is that of the file, which has been shuffled.
    """
    with np.load(_DIGITS, allow_pickle=False) as arrays:
        images = arrays["images"][:, np.newaxis] / 16.0
        labels = arrays["labels"].astype(np.int64)
    return _split(images, labels, 1000, 200, 200, subtract_mean)


def get_CIFAR10_data(num_training=49000, num_validation=1000, num_test=1000, subtract_mean=True):
    """CIFAR-10: images (N, 3, 32, 32) in ten classes; fetched if it is not there yet.

    Validation images are those that follow the training images in the training set.
    Raises DataError if it cannot be fetched or is damaged.
    """
    X_train, y_train, X_test, y_test = load_CIFAR10()
    return _split(
        np.concatenate([X_train[: num_training + num_validation], X_test[:num_test]]),
        np.concatenate([y_train[: num_training + num_validation], y_test[:num_test]]),
        num_training,
        num_validation,
        num_test,
        subtract_mean,
    )


def load_CIFAR10(folder=None, url=CIFAR10_URL, md5=CIFAR10_MD5):
    """The whole of CIFAR-10 as it is published.

    Inputs: folder to keep it in, else `data_folder()`; url and md5 of the archive.

    Returns ``(X_train, y_train, X_test, y_test)``: 50,000 and 10,000 images (N, 3, 32, 32) of
    uint8, which take an eighth of the memory that floats would, and their classes.
    Raises DataError if it cannot be fetched or is damaged.
    """
    batches = _batches(fetch(Path(folder or data_folder()), url, md5))
    images = np.concatenate([batches[name][0] for name in _TRAIN])
    labels = np.concatenate([batches[name][1] for name in _TRAIN])
    return images, labels, *batches[_TEST]


def write_graders_file(path, folder=None, num_training=49000, num_validation=1000, num_test=1000):
    """Write CIFAR-10 in the form in which graders keep their data; fetched if it is not there yet.

    Inputs:
    - path: the .npz file to write; one that is there already is replaced.
    - folder: to keep CIFAR-10 in, else `data_folder()`.
    - num_training, num_validation, num_test: how many images there are of each kind.

    The file holds X_train, y_train, X_val and y_val, the images and classes that
    `get_CIFAR10_data` gives too; X_test and y_test, the test images that follow those that it
    gives; X_board and y_board, as many again; all of uint8. The images are as they are published,
    so the number ``scale`` to multiply them by is 1.
    Raises DataError if CIFAR-10 cannot be fetched or is damaged, or the file cannot be written;
    ValueError if there are fewer images than that.
    """
    X_train, y_train, X_test, y_test = load_CIFAR10(folder)
    if len(X_train) < num_training + num_validation or len(X_test) < 3 * num_test:
        raise ValueError(f"there are only {len(X_train)} and {len(X_test)} images")
    arrays = {"scale": np.array(1.0)}
    for name, images, labels, start, count in (
        ("train", X_train, y_train, 0, num_training),
        ("val", X_train, y_train, num_training, num_validation),
        ("test", X_test, y_test, num_test, num_test),
        ("board", X_test, y_test, 2 * num_test, num_test),
    ):
        arrays[f"X_{name}"] = images[start : start + count]
        arrays[f"y_{name}"] = labels[start : start + count].astype(np.uint8)

    path = Path(path)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        try:
            with open(part, "wb") as file:
                np.savez_compressed(file, **arrays)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise DataError(f"{path} could not be written: {error}") from None


def data_folder():
    """Where data sets are kept."""
    return Path(os.environ.get("CONVNET_DATA") or Path.home() / ".cache/convnet")


def fetch(folder, url=CIFAR10_URL, md5=CIFAR10_MD5):
    """Download an archive unless a good copy is in the folder; returns its path.

    The download is checked before it takes its name, so that a broken one never stays.
    """
    path = folder / _ARCHIVE
    if path.is_file() and _md5(path) == md5:
        return path
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _download(url, part)
        found = _md5(part)
        if found != md5:
            raise DataError(
                f"{url} gave {part.stat().st_size:,} bytes with the MD5 sum {found}, "
                f"not {md5}; try again, the download may have been cut short"
            )
        part.replace(path)
    except (OSError, http.client.HTTPException) as error:
        kept = f"What lies at {path} is damaged: its MD5 sum is not {md5}.\n"
        raise DataError(
            f"CIFAR-10 could not be fetched from {url}: {error}.\n{kept if path.exists() else ''}"
            f"Fetch it elsewhere and put it at {path}, name another folder in the environment "
            'variable CONVNET_DATA, or use get_data("digits"), which needs no network'
        ) from None
    finally:
        with contextlib.suppress(OSError):
            part.unlink()
    return path


def _download(url, path):
    with urllib.request.urlopen(url, timeout=30) as response, open(path, "wb") as file:
        total = int(response.headers.get("Content-Length") or 0)
        done = 0
        while block := response.read(1 << 18):
            file.write(block)
            done += len(block)
            if sys.stderr.isatty():
                of = f" of {total / 1e6:.0f}" if total else ""
                print(f"\rfetching CIFAR-10: {done / 1e6:.0f}{of} MB", end="", file=sys.stderr)
        if sys.stderr.isatty():
            print(file=sys.stderr)


def _md5(path):
    checksum = hashlib.md5(usedforsecurity=False)
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            checksum.update(block)
    return checksum.hexdigest()


def _batches(archive):
    """What the archive holds under the six names that are known: images and classes by name.

    In one pass, because a compressed archive is slow to go back in.
    """
    batches = {}
    try:
        with tarfile.open(archive, "r:gz") as tar:
            for member in tar:
                # A link could lead anywhere, and a lying size could fill the memory.
                known = member.name in (*_TRAIN, _TEST) and member.isreg()
                if known and member.size <= _LARGEST:
                    batches[member.name] = _batch(member.name, tar.extractfile(member).read())
    except (tarfile.TarError, zlib.error, EOFError, OSError) as error:
        raise DataError(f"{archive} cannot be read: {error}") from None
    for name in (*_TRAIN, _TEST):
        if name not in batches:
            raise DataError(f"{archive} does not hold {name}")
    return batches


def _batch(name, content):
    """One file of the archive: images (N, 3, 32, 32) of uint8 and classes (N,)."""
    try:
        batch = _Batch(io.BytesIO(content), encoding="bytes").load()
        images, labels = batch[b"data"], np.asarray(batch[b"labels"], dtype=np.int64)
        if images.dtype != np.uint8 or images.shape != (*labels.shape, 3072):
            raise ValueError(f"images {images.shape} of {images.dtype}, labels {labels.shape}")
    except DataError:
        raise
    except Exception as error:  # damaged pickles fail in every way there is
        raise DataError(f"{name} is damaged: {type(error).__name__}: {error}") from None
    return images.reshape(-1, 3, 32, 32), labels


class _Batch(pickle.Unpickler):
    """Reads a pickle of dictionaries, lists and arrays; anything else could run code."""

    def find_class(self, module, name):
        if (module, name) in _KNOWN:
            return _KNOWN[module, name]
        raise DataError(f"the data hold {module}.{name}, which CIFAR-10 does not")


def _split(images, labels, num_train, num_val, num_test, subtract_mean):
    """Training, validation and test set out of one row of images."""
    if len(images) < num_train + num_val + num_test:
        raise ValueError(f"there are only {len(images)} images")
    bounds = np.cumsum([num_train, num_val])
    parts = {}
    for name, X, y in zip(
        ("train", "val", "test"), np.split(images, bounds), np.split(labels, bounds)
    ):
        parts[f"X_{name}"], parts[f"y_{name}"] = X.astype(np.float64), y.copy()
    if subtract_mean:
        mean = parts["X_train"].mean(axis=0)
        for name in ("X_train", "X_val", "X_test"):
            parts[name] -= mean
    return parts


def main(arguments=None):
    """The command: fetch CIFAR-10, and write the grader's file if one is named."""
    parser = argparse.ArgumentParser(
        prog="python -m convnet.data_utils",
        description="Fetch CIFAR-10 (170 MB) unless it is there already.",
    )
    parser.add_argument(
        "file", nargs="?", metavar="FILE.npz", help="for graders: write their file of data here"
    )
    path = parser.parse_args(arguments).file
    if path is not None and not path.endswith(".npz"):
        parser.error(f"{path!r} does not end in .npz")
    try:
        print(f"CIFAR-10 is in {fetch(data_folder())}")
        if path is not None:
            write_graders_file(path)
            print(f"The grader's file is {path}")
    except DataError as error:
        sys.exit(f"{error}")


if __name__ == "__main__":
    main()
