"""Training for networks that are functions: see `convnet.classifiers.neural_net`."""

import numpy as np


class ClassifierTrainer:
    """Trains a dictionary of parameters by some variant of stochastic gradient descent.

    ``step_cache`` holds, for every parameter by name, what the update rule remembers from one step
    to the next.
    """

    def __init__(self):
        """Begin with nothing remembered."""
        self.step_cache = {}

    def train(
        self,
        X,
        y,
        X_val,
        y_val,
        model,
        loss_function,
        reg=0.0,
        learning_rate=1e-2,
        momentum=0,
        learning_rate_decay=0.95,
        update="momentum",
        sample_batches=True,
        num_epochs=30,
        batch_size=100,
        acc_frequency=None,
        verbose=False,
    ):
        """Move the parameters in `model` so that the loss becomes small.

        Inputs:
        - X, y: training examples (N, d_1, ..., d_k) and their classes (N,).
        - X_val, y_val: validation examples and their classes.
        - model: dictionary of arrays; it is changed.
        - loss_function: ``loss_function(X, model)`` gives scores (N, C), and
          ``loss_function(X, model, y, reg)`` a loss and a dictionary of gradients.
        - reg: the strength of the regularisation, handed to loss_function.
        - learning_rate: the size of the first steps.
        - momentum: how much of its last step a parameter keeps, for the rule "momentum".
        - learning_rate_decay: the learning rate is multiplied by it after every epoch.
        - update: "sgd", "momentum" or "rmsprop".
        - sample_batches: if true, every step draws a batch, with replacement; if false, it uses all
          training examples, and an epoch is one step.
        - num_epochs: how often as many examples as there are have been used.
        - batch_size: how many examples a step draws.
        - acc_frequency: take the accuracies also every so many steps.
        - verbose: print a line whenever the accuracies are taken.

        Returns ``(best_model, loss_history, train_acc_history, val_acc_history)``:
        - best_model: a copy of the parameters with the best validation accuracy.
        - loss_history: list of the loss of every step.
        - train_acc_history, val_acc_history: lists of the accuracies after the first step, at the
          end of every epoch, and every acc_frequency steps; that of training is taken on at most
          1000 examples, drawn at random.

        Raises ValueError for any other update.
        """
        if update not in ("sgd", "momentum", "rmsprop"):
            raise ValueError(f'update is {update!r}; it must be "sgd", "momentum" or "rmsprop"')
        per_epoch = max(len(X) // batch_size, 1) if sample_batches else 1
        best_model, best_val_acc, epoch = {}, 0.0, 0
        loss_history, train_acc_history, val_acc_history = [], [], []
        for step in range(num_epochs * per_epoch):
            batch = np.random.choice(len(X), batch_size) if sample_batches else slice(None)
            loss, grads = loss_function(X[batch], model, y[batch], reg)
            loss_history.append(loss)
            for name in model:
                model[name] += self._change(name, grads[name], update, learning_rate, momentum)

            ends_epoch = (step + 1) % per_epoch == 0
            if ends_epoch:
                learning_rate *= learning_rate_decay
                epoch += 1
            if step == 0 or ends_epoch or (acc_frequency and step % acc_frequency == 0):
                some = np.random.choice(len(X), 1000) if len(X) > 1000 else slice(None)
                train_acc_history.append(_accuracy(loss_function, X[some], y[some], model))
                val_acc_history.append(_accuracy(loss_function, X_val, y_val, model))
                if val_acc_history[-1] > best_val_acc:
                    best_val_acc = val_acc_history[-1]
                    best_model = {name: value.copy() for name, value in model.items()}
                if verbose:
                    print(
                        f"epoch {epoch} of {num_epochs}: loss {loss:.4f}, training "
                        f"{train_acc_history[-1]:.3f}, validation {val_acc_history[-1]:.3f}"
                    )
        return best_model, loss_history, train_acc_history, val_acc_history

    def _change(self, name, gradient, update, learning_rate, momentum):
        """What is added to a parameter in one step, an array shaped like it."""
        if update == "sgd":
            return -learning_rate * gradient
        if name not in self.step_cache:
            self.step_cache[name] = np.zeros_like(gradient)
        if update == "momentum":
            return self._momentum_change(name, gradient, learning_rate, momentum)
        return self._rmsprop_change(name, gradient, learning_rate)

    def _momentum_change(self, name, gradient, learning_rate, momentum):
        """A step that keeps the share `momentum` of the last one, which is in the step cache."""
        # BEGIN SOLUTION trainer_momentum
        # TODO: Combine the last step with a step against the gradient, keep the sum in
        # self.step_cache[name] for the next time, and return it as ``change``.
        change = momentum * self.step_cache[name] - learning_rate * gradient
        self.step_cache[name] = change
        # END SOLUTION trainer_momentum
        return change

    def _rmsprop_change(self, name, gradient, learning_rate):
        """A step divided by the recent size of the gradient, element by element.

        The decay of the running mean of the squared gradients is 0.99; the smoothing 1e-8 stands
        inside the root.
        """
        # BEGIN SOLUTION trainer_rmsprop
        # TODO: Update the running mean in self.step_cache[name], then divide the step against the
        # gradient by the root of the mean plus the smoothing; return the step as ``change``.
        mean = 0.99 * self.step_cache[name] + 0.01 * gradient**2
        self.step_cache[name] = mean
        change = -learning_rate * gradient / np.sqrt(mean + 1e-8)
        # END SOLUTION trainer_rmsprop
        return change


def _accuracy(loss_function, X, y, model):
    """The share of examples that get the highest score for their own class."""
    return float(np.mean(np.argmax(loss_function(X, model), axis=1) == y))
