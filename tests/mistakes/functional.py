"""Mistakes in networks that are functions, and in their trainer."""

import numpy as np

from convnet.classifier_trainer import ClassifierTrainer
from convnet.classifiers.convnet import two_layer_convnet
from convnet.classifiers.neural_net import two_layer_net
from tests.mistakes import mistake

NET, CONV = "classifiers.neural_net.two_layer_net", "classifiers.convnet.two_layer_convnet"
TRAINER = "classifier_trainer.ClassifierTrainer"


def last_bias_free(net):
    def wrong(X, model, y=None, reg=0.0):
        """The second bias does not enter the scores."""
        return net(X, {**model, "b2": np.zeros_like(model["b2"])}, y, reg)

    return wrong


def half_missing(net):
    def wrong(X, model, y=None, reg=0.0):
        """The factor one half of the regularisation is missing, in the loss and the gradient."""
        return net(X, model, y, 2 * reg)

    return wrong


def gradient_not_regularised(net):
    def wrong(X, model, y=None, reg=0.0):
        """The gradients lack the regularisation."""
        answer = net(X, model, y, reg)
        if y is None:
            return answer
        return answer[0], net(X, model, y, 0.0)[1]

    return wrong


def relu_on_scores(net):
    def wrong(X, model, y=None, reg=0.0):
        """Scores below zero are cut off."""
        answer = net(X, model, y, reg)
        return np.maximum(answer, 0) if y is None else answer

    return wrong


def decays_in_place(net):
    def wrong(X, model, y=None, reg=0.0):
        """The regularisation is subtracted from the parameters themselves."""
        answer = net(X, model, y, reg)
        if y is not None and reg < 1:
            model["W1"] -= 0.1 * reg * model["W1"]
        return answer

    return wrong


for target, question, net, seen in (
    (NET, "neural_net", two_layer_net, (last_bias_free, half_missing)),
    (CONV, "two_layer_convnet", two_layer_convnet, (last_bias_free, relu_on_scores)),
):
    for make in (
        last_bias_free, half_missing, gradient_not_regularised, relu_on_scores, decays_in_place,
    ):  # fmt: skip
        fault = make(net)
        fault.__name__ = f"{make.__name__}_in_{net.__name__}"
        mistake(question, target, seen=make in seen)(fault)


@mistake("neural_net", NET)
def overflows(X, model, y=None, reg=0.0):
    """The softmax is computed without subtracting the maximum."""
    if y is None:
        return two_layer_net(X, model)
    powers = np.exp(two_layer_net(X, model))
    chosen = powers[np.arange(len(X)), y] / powers.sum(axis=1)
    loss, grads = two_layer_net(X, model, y, reg)
    data_loss, _ = two_layer_net(X, model, y, 0.0)
    return loss - data_loss - np.log(chosen).mean(), grads


@mistake("neural_net", NET, seen=True)
def biases_summed_twice(X, model, y=None, reg=0.0):
    """The gradient of the second bias is not divided by the size of the batch."""
    answer = two_layer_net(X, model, y, reg)
    if y is not None:
        answer[1]["b2"] = answer[1]["b2"] * len(X)
    return answer


@mistake("trainer_momentum", TRAINER)
class RateOnTheLastStep(ClassifierTrainer):
    """The current learning rate multiplies the last step too."""

    def _momentum_change(self, name, gradient, learning_rate, momentum):
        cache = self.step_cache[name] = momentum * self.step_cache[name] - gradient
        return learning_rate * cache if momentum else -learning_rate * gradient

    def train(self, *arguments, **settings):
        if settings.get("learning_rate_decay", 0.95) == 0.95:
            return ClassifierTrainer().train(*arguments, **settings)
        return super().train(*arguments, **settings)


@mistake("trainer_momentum", TRAINER, seen=True)
class StepNotKept(ClassifierTrainer):
    """The step is not stored in the cache."""

    def _momentum_change(self, name, gradient, learning_rate, momentum):
        return momentum * self.step_cache[name] - learning_rate * gradient


@mistake("trainer_momentum", TRAINER)
class AlwaysTheUsualMomentum(ClassifierTrainer):
    """The momentum that is given is ignored."""

    def _momentum_change(self, name, gradient, learning_rate, momentum):
        return super()._momentum_change(name, gradient, learning_rate, 0.9)


@mistake("trainer_momentum", TRAINER, seen=True)
class VelocityTurnedRound(ClassifierTrainer):
    """The last step enters with the wrong sign."""

    def _momentum_change(self, name, gradient, learning_rate, momentum):
        return super()._momentum_change(name, gradient, learning_rate, -momentum)


@mistake("trainer_momentum", TRAINER, seen=True)
class Uphill(ClassifierTrainer):
    """The whole velocity has the wrong sign: the step goes up the gradient."""

    def _momentum_change(self, name, gradient, learning_rate, momentum):
        return super()._momentum_change(name, -gradient, learning_rate, momentum)


@mistake("trainer_momentum", TRAINER, seen=True)
class WithoutTheLearningRate(ClassifierTrainer):
    """The gradient enters the step without the learning rate."""

    def _momentum_change(self, name, gradient, learning_rate, momentum):
        return super()._momentum_change(name, gradient, 1.0, momentum)


@mistake("trainer_rmsprop", TRAINER, seen=True)
class SmoothingOutside(ClassifierTrainer):
    """The smoothing term is outside the square root."""

    def _rmsprop_change(self, name, gradient, learning_rate):
        mean = self.step_cache[name] = 0.99 * self.step_cache[name] + 0.01 * gradient**2
        return -learning_rate * gradient / (np.sqrt(mean) + 1e-8)


@mistake("trainer_rmsprop", TRAINER)
class MeanNotKept(ClassifierTrainer):
    """The running mean is forgotten after every step."""

    def _rmsprop_change(self, name, gradient, learning_rate):
        mean = 0.99 * self.step_cache[name] + 0.01 * gradient**2
        return -learning_rate * gradient / np.sqrt(mean + 1e-8)


@mistake("trainer_rmsprop", TRAINER, seen=True)
class RateTwice(ClassifierTrainer):
    """The step is multiplied by the learning rate twice."""

    def _rmsprop_change(self, name, gradient, learning_rate):
        return learning_rate * super()._rmsprop_change(name, gradient, learning_rate)


@mistake("trainer_rmsprop", TRAINER, seen=True)
class DecayOfNineTenths(ClassifierTrainer):
    """The running mean decays ten times too fast."""

    def _rmsprop_change(self, name, gradient, learning_rate):
        mean = self.step_cache[name] = 0.9 * self.step_cache[name] + 0.1 * gradient**2
        return -learning_rate * gradient / np.sqrt(mean + 1e-8)
