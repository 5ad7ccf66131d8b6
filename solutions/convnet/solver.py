"""Training a model: batches, an update rule, accuracies on the way, the best parameters kept."""

import json
import os
import sys

import numpy as np

from convnet import optim


class Solver:
    """Trains a model by some variant of stochastic gradient descent.

    A model has ``params``, a dictionary of arrays, and ``loss(X, y)``, which returns the loss and a
    dictionary of gradients, or the scores (N, C) if it is called without y.

    Inputs:
    - model: the model; its ``params`` are changed.
    - data: dictionary of arrays: X_train (N, d_1, ..., d_k), y_train (N,) of class numbers, and
      X_val, y_val likewise.

    Options:
    - update_rule: the name of a function of ``convnet.optim``.
    - optim_config: dictionary of its settings; every rule needs a ``learning_rate``.
    - lr_decay: the learning rate is multiplied by it after every epoch.
    - batch_size: how many examples a step draws, with replacement.
    - num_epochs: how often as many examples as there are have been drawn.
    - num_train_samples: so many training examples are used for the accuracy; None for all.
    - num_val_samples: so many validation examples are used for the accuracy; None for all.
    - checkpoint_name: if given, the state after every epoch is saved in files of that name.
    - print_every: print the loss every so many iterations.
    - verbose: print anything at all; in a terminal a bar shows the progress.

    After ``train()``:
    - loss_history: the loss of every iteration.
    - train_acc_history, val_acc_history: the accuracies before training and after every epoch.
    - best_val_acc, best_params: the best validation accuracy and its parameters, which are the
      model's then.
    """

    def __init__(
        self,
        model,
        data,
        *,
        update_rule="sgd",
        optim_config=None,
        lr_decay=1.0,
        batch_size=100,
        num_epochs=10,
        num_train_samples=1000,
        num_val_samples=None,
        checkpoint_name=None,
        print_every=10,
        verbose=True,
    ):
        self.update_rule = getattr(optim, update_rule, None)
        if not callable(self.update_rule):
            raise ValueError(f"convnet.optim has no update rule {update_rule!r}")
        self.model = model
        self.X_train, self.y_train = data["X_train"], data["y_train"]
        self.X_val, self.y_val = data["X_val"], data["y_val"]
        self.update_rule_name = update_rule
        # A NumPy float64 would turn float32 parameters into float64; a plain number does not.
        self.optim_config = {
            key: value.item() if isinstance(value, np.generic) else value
            for key, value in (optim_config or {}).items()
        }
        self.lr_decay = float(lr_decay)
        self.batch_size = batch_size
        self.num_epochs = num_epochs
        self.num_train_samples = num_train_samples
        self.num_val_samples = num_val_samples
        self.checkpoint_name = checkpoint_name
        self.print_every = print_every
        self.verbose = verbose
        self.reset()

    def reset(self):
        """Forget all that training has found; the model's parameters stay as they are."""
        self.epoch = 0
        self.best_val_acc = 0.0
        self.best_params = {}
        self._best = {}
        self.loss_history = []
        self.train_acc_history = []
        self.val_acc_history = []
        self.optim_configs = {name: dict(self.optim_config) for name in self.model.params}

    def train(self):
        """Train; leaves the best parameters in the model, also when stopped with Ctrl-C."""
        per_epoch = max(len(self.X_train) // self.batch_size, 1)
        total = self.num_epochs * per_epoch
        progress = _Progress(total, self.verbose)
        try:
            for step in range(total):
                self.step()
                if self.verbose and step % self.print_every == 0:
                    loss = self.loss_history[-1]
                    progress.say(f"(Iteration {step + 1} / {total}) loss: {loss:.6f}")
                if step == 0:
                    self._take_stock(progress)
                if (step + 1) % per_epoch == 0:
                    self.epoch += 1
                    for config in self.optim_configs.values():
                        config["learning_rate"] *= self.lr_decay
                    self._take_stock(progress)
                    if self.checkpoint_name:
                        self.save_checkpoint(f"{self.checkpoint_name}_epoch_{self.epoch}")
                progress.advance()
        except KeyboardInterrupt:
            progress.say("Stopped. The model has the best parameters that were found so far.")
        finally:
            progress.close()
            self._restore(self._best)

    def step(self):
        """Draw one batch and update every parameter once."""
        chosen = np.random.choice(len(self.X_train), self.batch_size)
        loss, grads = self.model.loss(self.X_train[chosen], self.y_train[chosen])
        self.loss_history.append(loss)
        for name, value in self.model.params.items():
            config = self.optim_configs[name]
            updated, config = self.update_rule(value, grads[name], config)
            self.model.params[name] = updated.astype(value.dtype, copy=False)
            self.optim_configs[name] = config

    def check_accuracy(self, X, y, num_samples=None, batch_size=100):
        """The share of examples that the model classifies rightly.

        Inputs: X (N, d_1, ..., d_k), y (N,); num_samples: draw so many of them; batch_size: how
        many are sent through the model at once.
        """
        if num_samples is not None and num_samples < len(X):
            chosen = np.random.choice(len(X), num_samples)
            X, y = X[chosen], y[chosen]
        right = 0
        for start in range(0, len(X), batch_size):
            scores = self.model.loss(X[start : start + batch_size])
            right += int(np.sum(np.argmax(scores, axis=1) == y[start : start + batch_size]))
        return right / len(X)

    def save_checkpoint(self, name):
        """Save parameters, settings and histories in ``name.npz`` and ``name.json``."""
        arrays = self._learnt()
        arrays |= {f"best/{key}": value for key, value in self._best.items()}
        numbers = {}
        for param, config in self.optim_configs.items():
            for key, value in config.items():
                if isinstance(value, np.ndarray):
                    arrays[f"optim/{param}/{key}"] = value
                else:
                    numbers.setdefault(param, {})[key] = value
        state = {
            "update_rule": self.update_rule_name,
            "epoch": self.epoch,
            "best_val_acc": self.best_val_acc,
            "optim": numbers,
            "loss_history": [float(loss) for loss in self.loss_history],
            "train_acc_history": self.train_acc_history,
            "val_acc_history": self.val_acc_history,
        }
        np.savez(f"{name}.npz", **arrays)
        with open(f"{name}.json", "w", encoding="utf-8") as file:
            json.dump(state, file, indent=1)

    def load_checkpoint(self, name):
        """Take up the state that ``save_checkpoint(name)`` left."""
        with open(f"{name}.json", encoding="utf-8") as file:
            state = json.load(file)
        if state["update_rule"] != self.update_rule_name:
            raise ValueError(
                f"{name} was trained with {state['update_rule']}, "
                f"this Solver uses {self.update_rule_name}"
            )
        for key in (
            "epoch",
            "best_val_acc",
            "loss_history",
            "train_acc_history",
            "val_acc_history",
        ):
            setattr(self, key, state[key])
        self.optim_configs = {param: {} for param in self.model.params}
        for param, config in state["optim"].items():
            self.optim_configs[param].update(config)
        with np.load(f"{name}.npz", allow_pickle=False) as arrays:
            saved = dict(arrays)
        self._restore({key: saved[key] for key in saved if key.startswith(("param/", "bn/"))})
        self._keep_best(
            {key.removeprefix("best/"): saved[key] for key in saved if key.startswith("best/")}
        )
        for key, value in saved.items():
            if key.startswith("optim/"):
                _, param, setting = key.split("/")
                self.optim_configs[param][setting] = value

    def _learnt(self):
        """Copies of all that the model has learnt: parameters, and running averages if it has any.

        The averages belong to the parameters: with those of a later step, batch normalisation
        would give another accuracy than the one that was measured.
        """
        arrays = {f"param/{name}": value.copy() for name, value in self.model.params.items()}
        for number, bn_param in enumerate(getattr(self.model, "bn_params", [])):
            for key, value in bn_param.items():
                if isinstance(value, np.ndarray):
                    arrays[f"bn/{number}/{key}"] = value.copy()
        return arrays

    def _restore(self, arrays):
        """Give the model back what `_learnt` took from it."""
        for key, value in arrays.items():
            kind, *names = key.split("/")
            if kind == "param":
                self.model.params[names[0]] = value.copy()
            else:
                self.model.bn_params[int(names[0])][names[1]] = value.copy()

    def _keep_best(self, arrays):
        self._best = arrays
        self.best_params = {
            key.removeprefix("param/"): value
            for key, value in arrays.items()
            if key.startswith("param/")
        }

    def _take_stock(self, progress):
        """Measure the accuracies, tell them, and keep the parameters if they are the best."""
        train = self.check_accuracy(self.X_train, self.y_train, self.num_train_samples)
        val = self.check_accuracy(self.X_val, self.y_val, self.num_val_samples)
        self.train_acc_history.append(train)
        self.val_acc_history.append(val)
        if self.verbose:
            progress.say(
                f"(Epoch {self.epoch} / {self.num_epochs}) "
                f"train acc: {train:.6f}; val_acc: {val:.6f}"
            )
        if val > self.best_val_acc or not self.best_params:
            self.best_val_acc = val
            self._keep_best(self._learnt())


class _Progress:
    """A bar where a person watches a terminal, plain lines elsewhere."""

    def __init__(self, total, verbose):
        self._bar = None
        if verbose and sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
            try:
                from tqdm import tqdm
            except ImportError:
                tqdm = _PlainBar
            self._bar = tqdm(total=total, unit="it", leave=False)

    def say(self, line):
        if self._bar is None:
            print(line)
        else:
            self._bar.write(line)

    def advance(self):
        if self._bar is not None:
            self._bar.update()

    def close(self):
        if self._bar is not None:
            self._bar.close()


class _PlainBar:
    """The little of tqdm that is needed, where it is not installed."""

    def __init__(self, total, **_):
        self._done, self._total = 0, total

    def update(self):
        self._done += 1
        self._show(f"{self._done} / {self._total} iterations")

    def write(self, line):
        self._show("")
        print(line, flush=True)

    def close(self):
        self._show("")

    def _show(self, text):
        print(f"\r{text:40}\r{text}", end="", file=sys.stderr, flush=True)
