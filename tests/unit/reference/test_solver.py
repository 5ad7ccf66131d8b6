"""Training: the Solver, and the data it trains on."""

import hashlib
import io
import pickle
import sys
import tarfile

import numpy as np
import pytest

from convnet import data_utils, vis_utils
from convnet.classifiers.cnn import ThreeLayerConvNet
from convnet.classifiers.fc_net import FullyConnectedNet, TwoLayerNet
from convnet.solver import Solver


@pytest.fixture(scope="module")
def data():
    return data_utils.get_data("digits")


def small(data, number):
    return data | {"X_train": data["X_train"][:number], "y_train": data["y_train"][:number]}


@pytest.mark.parametrize("rule", ["sgd", "sgd_momentum", "rmsprop", "adam"])
def test_every_update_rule_overfits_fifty_images(data, rule):
    np.random.seed(0)
    model = FullyConnectedNet([50, 50], input_dim=64, weight_scale=0.15, dtype=np.float64)
    rate = {"sgd": 0.4, "sgd_momentum": 0.05, "rmsprop": 2e-3, "adam": 5e-3}[rule]
    solver = Solver(
        model, small(data, 50), update_rule=rule, optim_config={"learning_rate": rate},
        num_epochs=40, batch_size=25, verbose=False,
    )  # fmt: skip
    solver.train()
    assert solver.train_acc_history[-1] == 1
    assert len(solver.loss_history) == 80
    assert len(solver.train_acc_history) == len(solver.val_acc_history) == 41
    assert solver.best_val_acc == max(solver.val_acc_history)


def test_a_convnet_learns_digits(data):
    np.random.seed(0)
    model = ThreeLayerConvNet((1, 8, 8), 8, 3, 50, weight_scale=0.2)
    solver = Solver(
        model, data, update_rule="adam", optim_config={"learning_rate": 1e-2},
        num_epochs=6, batch_size=50, verbose=False,
    )  # fmt: skip
    solver.train()
    assert solver.best_val_acc > 0.9
    accuracy = solver.check_accuracy(data["X_test"], data["y_test"])
    assert accuracy > 0.88


def test_the_best_parameters_are_the_models_in_the_end(data):
    np.random.seed(0)
    model = TwoLayerNet(64, 20, 10, weight_scale=0.1)
    solver = Solver(model, small(data, 100), optim_config={"learning_rate": 5.0}, num_epochs=3,
                    verbose=False)  # fmt: skip
    with np.errstate(all="ignore"):
        solver.train()
    for name, value in model.params.items():
        assert np.array_equal(value, solver.best_params[name])
    assert solver.check_accuracy(data["X_val"], data["y_val"]) == solver.best_val_acc


def test_ctrl_c_keeps_what_was_found(data):
    model = TwoLayerNet(64, 20, 10, weight_scale=0.1)
    solver = Solver(model, data, optim_config={"learning_rate": 0.1}, verbose=False)
    step, calls = solver.step, []

    def interrupted():
        calls.append(1)
        if len(calls) == 20:
            raise KeyboardInterrupt
        step()

    solver.step = interrupted
    solver.train()
    assert len(solver.loss_history) == 19
    assert set(solver.best_params) == set(model.params)


def test_the_learning_rate_decays_and_lines_are_printed(data, capsys):
    model = TwoLayerNet(64, 20, 10)
    solver = Solver(model, small(data, 20), optim_config={"learning_rate": 1.0}, lr_decay=0.5,
                    batch_size=10, num_epochs=2, print_every=2)  # fmt: skip
    solver.train()
    assert solver.optim_configs["W1"]["learning_rate"] == 0.25
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("(Iteration 1 / 4) loss: 2.30")
    assert lines[-1].startswith("(Epoch 2 / 2) train acc: ")


def test_a_checkpoint_is_taken_up_where_it_was_left(data, tmp_path):
    def fresh():
        np.random.seed(1)
        return Solver(
            TwoLayerNet(64, 20, 10, weight_scale=0.1), data, update_rule="adam", num_epochs=1,
            optim_config={"learning_rate": 1e-2}, verbose=False,
            checkpoint_name=str(tmp_path / "c"),
        )  # fmt: skip

    first = fresh()
    first.train()
    second = fresh()
    second.load_checkpoint(str(tmp_path / "c_epoch_1"))
    assert second.epoch == 1
    assert second.loss_history == pytest.approx(first.loss_history)
    assert second.optim_configs["W1"]["t"] == len(first.loss_history)
    assert np.array_equal(second.optim_configs["W1"]["m"], first.optim_configs["W1"]["m"])
    with pytest.raises(ValueError, match="was trained with adam"):
        Solver(TwoLayerNet(), data).load_checkpoint(str(tmp_path / "c_epoch_1"))


def test_a_checkpoint_keeps_the_best_parameters_too(data, tmp_path):
    """The last epoch is not the best one: a high learning rate sees to that."""

    def fresh():
        np.random.seed(3)
        model = FullyConnectedNet([10], (1, 8, 8), normalization="batchnorm", dtype=np.float64)
        return Solver(
            model, small(data, 200), num_epochs=8, optim_config={"learning_rate": np.float32(5)},
            batch_size=20, verbose=False, checkpoint_name=str(tmp_path / "c"),
        )  # fmt: skip

    first, second = fresh(), fresh()
    first.train()
    assert first.val_acc_history[-1] < first.best_val_acc
    second.load_checkpoint(str(tmp_path / "c_epoch_8"))
    assert second.best_val_acc == first.best_val_acc
    assert second.optim_configs["W1"] == {"learning_rate": 5.0}
    second.num_epochs = 0
    second.train()  # ends with the best that is known
    for name, value in first.best_params.items():
        assert np.array_equal(second.model.params[name], value)
    accuracy = second.check_accuracy(data["X_val"], data["y_val"])
    assert accuracy == first.best_val_acc, "running averages of another step"


@pytest.mark.parametrize("rule", ["sgd", "sgd_momentum", "rmsprop", "adam"])
def test_float32_parameters_stay_float32(data, rule):
    """Also with a learning rate as a search draws it, a float64 of NumPy."""
    model = FullyConnectedNet([10], (1, 8, 8), reg=np.float64(0.1), dtype=np.float32)
    rate = 10 ** np.random.RandomState(0).uniform(-3, -2)
    solver = Solver(
        model, small(data, 100), update_rule=rule, optim_config={"learning_rate": rate},
        lr_decay=np.float64(0.9), num_epochs=1, verbose=False,
    )  # fmt: skip
    solver.train()
    assert {value.dtype for value in model.params.values()} == {np.dtype(np.float32)}


def test_a_person_at_a_terminal_sees_a_bar(data, monkeypatch, capsys):
    """The plain one, as where tqdm is not installed."""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setitem(sys.modules, "tqdm", None)
    monkeypatch.setenv("TERM", "xterm")
    Solver(TwoLayerNet(64, 20, 10), small(data, 20), batch_size=10, num_epochs=2).train()
    out, err = capsys.readouterr()
    assert "4 / 4 iterations" in err
    assert "(Epoch 2 / 2)" in out


def test_an_unknown_update_rule_is_refused(data):
    with pytest.raises(ValueError, match="no update rule 'sdg'"):
        Solver(TwoLayerNet(), data, update_rule="sdg")


def test_the_digits_are_split_and_centred(data):
    assert {k: v.shape for k, v in data.items()} == {
        "X_train": (1000, 1, 8, 8), "y_train": (1000,), "X_val": (200, 1, 8, 8), "y_val": (200,),
        "X_test": (200, 1, 8, 8), "y_test": (200,),
    }  # fmt: skip
    assert np.abs(data["X_train"].mean(axis=0)).max() < 1e-12
    assert set(data["y_val"]) == set(range(10))


def cifar_archive(per_batch, extra=None):
    """A tiny archive of CIFAR-10's layout, and its MD5 sum."""
    rng, buffer = np.random.RandomState(0), io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name in (*data_utils._TRAIN, data_utils._TEST):
            content = {
                b"data": rng.randint(256, size=(per_batch, 3072)).astype(np.uint8),
                b"labels": [int(label) for label in rng.randint(10, size=per_batch)],
            }
            raw = pickle.dumps(extra or content, protocol=2)
            member = tarfile.TarInfo(name)
            member.size = len(raw)
            tar.addfile(member, io.BytesIO(raw))
    return buffer.getvalue(), hashlib.md5(buffer.getvalue()).hexdigest()


@pytest.fixture
def published(tmp_path):
    """Publish bytes at a file:// address."""

    def publish(content):
        path = tmp_path / "published.tar.gz"
        path.write_bytes(content)
        return path.as_uri()

    return publish


def test_cifar10_is_fetched_checked_and_kept(tmp_path, published, monkeypatch):
    content, md5 = cifar_archive(4)
    url = published(content)
    X_train, y_train, X_test, y_test = data_utils.load_CIFAR10(tmp_path / "d", url, md5)
    assert (X_train.shape, X_test.shape) == ((20, 3, 32, 32), (4, 3, 32, 32))
    assert (y_train.shape, y_test.dtype) == ((20,), np.int64)
    (tmp_path / "published.tar.gz").unlink()
    again = data_utils.load_CIFAR10(tmp_path / "d", url, md5)
    assert np.array_equal(again[0], X_train)
    monkeypatch.setenv("CONVNET_DATA", str(tmp_path / "d"))
    monkeypatch.setattr(data_utils.load_CIFAR10, "__defaults__", (None, url, md5))
    data = data_utils.get_CIFAR10_data(10, 5, 3)
    assert data["X_val"].shape == (5, 3, 32, 32)
    assert np.abs(data["X_train"].mean(axis=0)).max() < 1e-10


def test_a_damaged_download_is_said_and_never_kept(tmp_path, published):
    content, md5 = cifar_archive(2)
    with pytest.raises(data_utils.DataError, match="MD5 sum"):
        data_utils.fetch(tmp_path / "d", published(content[:-10]), md5)
    assert list((tmp_path / "d").iterdir()) == []


def test_offline_the_error_says_what_to_do(tmp_path):
    with pytest.raises(data_utils.DataError, match="CONVNET_DATA") as info:
        data_utils.fetch(tmp_path, "http://127.0.0.1:9/cifar.tar.gz")
    assert 'get_data("digits")' in str(info.value)


def test_a_pickle_that_would_run_code_is_refused(tmp_path, published):
    class Evil:
        def __reduce__(self):
            return print, ("ran",)

    content, md5 = cifar_archive(1, extra={b"data": Evil()})
    with pytest.raises(data_utils.DataError, match=r"builtins\.print|__builtin__\.print"):
        data_utils.load_CIFAR10(tmp_path / "d", published(content), md5)


@pytest.mark.parametrize(
    "extra", [{b"labels": [1]}, [1], {b"data": [1, 2], b"labels": [1]}, {b"data": np.zeros((1, 5))}]
)
def test_a_batch_that_is_none_is_refused(tmp_path, published, extra):
    content, md5 = cifar_archive(1, extra)
    with pytest.raises(data_utils.DataError, match="data_batch_1 is damaged"):
        data_utils.load_CIFAR10(tmp_path / "d", published(content), md5)


def test_a_link_in_the_archive_is_not_followed(tmp_path, published):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        member = tarfile.TarInfo(data_utils._TRAIN[0])
        member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(member)
    md5 = hashlib.md5(buffer.getvalue()).hexdigest()
    with pytest.raises(data_utils.DataError, match=r"does not hold .*data_batch_1"):
        data_utils.load_CIFAR10(tmp_path / "d", published(buffer.getvalue()), md5)


@pytest.mark.parametrize("content", [b"not an archive", b""])
def test_what_is_no_archive_is_refused(tmp_path, published, content):
    md5 = hashlib.md5(content).hexdigest()
    with pytest.raises(data_utils.DataError, match="cannot be read"):
        data_utils.load_CIFAR10(tmp_path / "d", published(content), md5)


def test_a_batch_as_python_2_pickled_it(tmp_path):
    """The real files are of that kind: byte strings as keys, numpy.core, no encode."""
    pixels = bytes(range(256)) * 12
    pickled = (
        b"\x80\x02}(U\x06labels]K\x07aU\x04datacnumpy.core.multiarray\n_reconstruct\n"
        b"(cnumpy\nndarray\n(K\x00tU\x01btR(K\x01K\x01M\x00\x0c\x86cnumpy\ndtype\n(U\x02u1K\x00K\x01tR"
        b"(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89T\x00\x0c\x00\x00"
        + pixels
        + b"tbu."
    )
    images, labels = data_utils._batch("data_batch_1", pickled)
    assert images.tobytes() == pixels
    assert (images.shape, labels.tolist()) == ((1, 3, 32, 32), [7])


def test_auto_takes_the_digits_and_says_so_where_cifar10_is_not(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CONVNET_DATA", str(tmp_path))
    assert data_utils.get_data()["X_train"].shape == (1000, 1, 8, 8)
    assert "digits" in capsys.readouterr().out
    with pytest.raises(ValueError, match="no data set 'mnist'"):
        data_utils.get_data("mnist")


def test_real_cifar10_pictures_are_learnt():
    """On the real subset where a developer has it beside the project."""
    from pathlib import Path

    path = Path(__file__).parents[4] / "shared" / "data" / "cifar10_real_subset.npz"
    if not path.is_file():
        pytest.skip("the CIFAR-10 subset is not beside the project")
    with np.load(path) as arrays:
        X, y = arrays["X_train"][:1000] / 255.0, arrays["y_train"][:1000].astype(int)
    X -= X.mean(axis=0)
    np.random.seed(0)
    model = ThreeLayerConvNet(num_filters=8, filter_size=3, weight_scale=3e-2)
    data = {"X_train": X[:900], "y_train": y[:900], "X_val": X[900:], "y_val": y[900:]}
    solver = Solver(model, data, update_rule="adam", optim_config={"learning_rate": 2e-3},
                    num_epochs=4, batch_size=50, verbose=False)  # fmt: skip
    solver.train()
    assert max(solver.train_acc_history) > 0.35


def test_a_grid_of_images():
    images = np.arange(5 * 2 * 3 * 1, dtype=float).reshape(5, 2, 3, 1)
    grid = vis_utils.visualize_grid(images)
    assert grid.shape == (5, 11, 1)
    assert (grid.min(), grid.max()) == (0, 255)
    assert np.array_equal(vis_utils.scale(np.ones((2, 2))), np.zeros((2, 2)))
