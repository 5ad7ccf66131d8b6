# %% [markdown] id="title"
# # Fully-connected networks
#
# A deep network is a chain of simple layers. If every layer can do two things, compute its output
# and send a gradient back, then layers can be stacked like bricks, and nobody ever has to derive
# the gradient of a whole network by hand. In this notebook you write the bricks, stack them, and
# train what you have built.
#
# Every layer consists of two functions:
#
# - **forward** takes the input $x$ and the layer's parameters, and returns the output together with
#   a *cache*: whatever the way back will need. What goes into the cache is your choice.
# - **backward** takes $\partial L/\partial \mathrm{out}$, called `dout`, and the cache. It returns
#   the gradient of the loss $L$ with respect to each thing that went in: `dx`, `dw`, `db`, ...
#   A gradient always has the shape of what it belongs to.
#
# **How to work.** Each section names the function to write and the file it is in. Write it there,
# run the cells below the text, and compare the errors with those that are given. The cell
# `check("...")` runs the checks that come with the assignment and shows what differs. A few answers
# are written in this notebook, between the markers `BEGIN YOUR ...` and `END YOUR ...`; leave the
# markers as they are.

# %% [markdown] id="setup-text"
# ## Set-up
#
# The next cell imports what the notebook needs and defines a few helpers. Files that you edit are
# loaded again by themselves. Errors are measured as *relative errors*: for two arrays of the same
# shape, the largest value of
#
# $$\frac{|x_i - y_i|}{\max(10^{-8},\ |x_i| + |y_i|)}.$$

# %% id="setup" role="setup"
# %matplotlib inline
# %load_ext autoreload
# %autoreload 2
import matplotlib.pyplot as plt
import numpy as np

from convnet.classifiers.fc_net import FullyConnectedNet, TwoLayerNet
from convnet.data_utils import get_data
from convnet.gradient_check import eval_numerical_gradient, eval_numerical_gradient_array
from convnet.layer_utils import affine_relu_backward, affine_relu_forward
from convnet.layers import (
    affine_backward,
    affine_forward,
    batchnorm_backward,
    batchnorm_backward_alt,
    batchnorm_forward,
    dropout_backward,
    dropout_forward,
    layernorm_backward,
    layernorm_forward,
    relu_backward,
    relu_forward,
    softmax_loss,
    svm_loss,
)
from convnet.optim import adam, rmsprop, sgd_momentum
from convnet.solver import Solver

plt.rcParams.update({"figure.figsize": (10, 4), "image.cmap": "gray"})


def rel_error(x, y):
    """The largest relative error between two arrays of the same shape."""
    x, y = np.asarray(x), np.asarray(y)
    if x.shape != y.shape:
        raise ValueError(f"the shapes differ: {x.shape} and {y.shape}")
    return np.max(np.abs(x - y) / np.maximum(1e-8, np.abs(x) + np.abs(y)))


def compare(**pairs):
    """Print the relative error of each pair of arrays."""
    for name, (ours, theirs) in pairs.items():
        print(f"{name:>10}: relative error {rel_error(ours, theirs):.1e}")


def numeric_gradients(layer, inputs, dout):
    """Gradients of sum(layer(*inputs) * dout) with respect to each input, by small differences."""
    return [eval_numerical_gradient_array(lambda _: layer(*inputs), a, dout) for a in inputs]


def compare_model_gradients(model, X, y):
    """Compare all gradients of a model with numeric ones."""
    _, grads = model.loss(X, y)
    for name in sorted(grads):
        numeric = eval_numerical_gradient(
            lambda _: model.loss(X, y)[0], model.params[name], verbose=False, h=1e-5
        )
        compare(**{name: (grads[name], numeric)})


def plot_training(solvers, title=""):
    """Draw the losses and the accuracies of solvers, given as a dictionary by name."""
    figure, panels = plt.subplots(1, 3, figsize=(15, 4))
    curves = ("loss_history", "train_acc_history", "val_acc_history")
    labels = ("training loss", "training accuracy", "validation accuracy")
    for panel, curve, label in zip(panels, curves, labels):
        style = "." if curve == "loss_history" else "o-"
        for name, solver in solvers.items():
            panel.plot(getattr(solver, curve), style, label=name)
        panel.set_title(label)
        panel.set_xlabel("iteration" if curve == "loss_history" else "epoch")
    panels[0].legend()
    figure.suptitle(title)
    figure.tight_layout()
    plt.show()


# %% id="selfcheck"
from selfcheck import check

# %% [markdown] id="data-text"
# The data: CIFAR-10 if it is on this computer, otherwise small pictures of handwritten digits that
# come with the assignment. Everything below runs on either; the digits take seconds where CIFAR-10
# takes minutes. `convnet/data_utils.py` tells how to get CIFAR-10.

# %% id="data"
data = get_data()
for name, array in data.items():
    print(f"{name:>8}: {array.shape}")

input_dim = data["X_train"].shape[1:]
on_cifar = input_dim == (3, 32, 32)

# %% [markdown] id="affine-forward-text"
# ## Affine layer: forward
#
# Every example $x_i$, whatever its shape, is laid out as one row of $D$ numbers. With weights
# $W$ of shape $(D, M)$ and a bias $b$ of shape $(M,)$ the layer computes
#
# $$\mathrm{out} = X W + b .$$
#
# Open `convnet/layers.py` and write `affine_forward`. Then run the next cell; expect an error of
# about `1e-9`, which is as exact as the printed numbers are.

# %% id="affine-forward-example"
images = np.linspace(-0.1, 0.5, 2 * 120).reshape(2, 4, 5, 6)
weights = np.linspace(-0.2, 0.3, 120 * 3).reshape(120, 3)
bias = np.linspace(-0.3, 0.1, 3)

scores, _ = affine_forward(images, weights, bias)
published = np.array([[1.49834967, 1.70660132, 1.91485297], [3.25553199, 3.5141327, 3.77273342]])
compare(out=(scores, published))

# %% id="affine-forward-check"
check("affine_forward")

# %% [markdown] id="affine-backward-text"
# ## Affine layer: backward
#
# Every output is a sum of products, so each gradient is a matrix product as well. You can find
# which one on paper, for one element of $W$, or let the shapes guide you: there are few ways to
# combine $(N, M)$ with $(D, M)$ to get $(N, D)$.
#
# Write `affine_backward`. The next cell compares it with *numeric* gradients: every element of an
# input is moved a little to both sides, and the change of $\sum \mathrm{out} \cdot \mathrm{dout}$
# is measured. Expect errors around `1e-10`.

# %% id="affine-backward-example"
np.random.seed(231)
x, w, b = np.random.randn(10, 2, 3), np.random.randn(6, 5), np.random.randn(5)
dout = np.random.randn(10, 5)

_, cache = affine_forward(x, w, b)
dx, dw, db = affine_backward(dout, cache)
numeric = numeric_gradients(lambda *inputs: affine_forward(*inputs)[0], (x, w, b), dout)
compare(dx=(dx, numeric[0]), dw=(dw, numeric[1]), db=(db, numeric[2]))

# %% id="affine-backward-check"
check("affine_backward")

# %% [markdown] id="relu-forward-text"
# ## ReLU: forward
#
# Without something that is not linear between them, a hundred affine layers would be no more than
# one. The *rectified linear unit* is the simplest such thing: $\max(0, x)$ for every element.
#
# Write `relu_forward`. Expect an error of about `5e-8`, from the rounding of the printed numbers.

# %% id="relu-forward-example"
ramp = np.linspace(-0.5, 0.5, 12).reshape(3, 4)
bent, _ = relu_forward(ramp)
published = np.array(
    [
        [0, 0, 0, 0],
        [0, 0, 0.04545455, 0.13636364],
        [0.22727273, 0.31818182, 0.40909091, 0.5],
    ]
)
compare(out=(bent, published))

# %% id="relu-forward-check"
check("relu_forward")

# %% [markdown] id="relu-backward-text"
# ## ReLU: backward
#
# Where the input passed through, its gradient passes back; where it was cut off, changing it a
# little changes nothing. Write `relu_backward`, and expect an error around `1e-12`.

# %% id="relu-backward-example"
np.random.seed(231)
x, dout = np.random.randn(10, 10), np.random.randn(10, 10)

_, cache = relu_forward(x)
(numeric,) = numeric_gradients(lambda a: relu_forward(a)[0], (x,), dout)
compare(dx=(relu_backward(dout, cache), numeric))

# %% id="relu-backward-check"
check("relu_backward")

# %% [markdown] id="inline-dead-units" role="answer"
# **Question.** A hidden unit whose ReLU lets nothing through for any example of the training set is
# called *dead*. Why will gradient descent never bring it back to life, and what in the choice of
# the learning rate or of the initial weights makes dead units likely?
#
# <!-- BEGIN SOLUTION inline_dead_units -->
# <!-- TODO: Two or three sentences. -->
# For a dead unit the derivative of the ReLU is zero on all examples, so that no gradient reaches
# the weights and the bias in front of it: they stay as they are, and the unit stays dead (only
# weight decay, or a change in the layers below, can move its inputs). One very large step, from too
# high a learning rate, can push a bias or a whole row of weights so far that this happens; so can
# initial biases that are strongly negative, or weights that are large and of one sign.
# <!-- END SOLUTION inline_dead_units -->

# %% [markdown] id="sandwich-text"
# ## Two layers in one
#
# An affine layer is nearly always followed by a ReLU, so `convnet/layer_utils.py` has the two as
# one pair of functions. Nothing is to be written; read `affine_relu_forward` and
# `affine_relu_backward` and note in which order they use the caches. Errors around `1e-10` show
# that your layers fit together.

# %% id="sandwich-example"
np.random.seed(231)
x, w, b = np.random.randn(2, 3, 4), np.random.randn(12, 10), np.random.randn(10)
dout = np.random.randn(2, 10)

_, cache = affine_relu_forward(x, w, b)
dx, dw, db = affine_relu_backward(dout, cache)
numeric = numeric_gradients(lambda *inputs: affine_relu_forward(*inputs)[0], (x, w, b), dout)
compare(dx=(dx, numeric[0]), dw=(dw, numeric[1]), db=(db, numeric[2]))

# %% [markdown] id="softmax-text"
# ## Softmax loss
#
# The last layer gives every example a score for each of the $C$ classes. The softmax turns the
# scores $s$ into probabilities, and the loss is the mean, over the batch, of minus the logarithm of
# what the right class $y$ got:
#
# $$p_j = \frac{e^{s_j}}{\sum_k e^{s_k}}, \qquad L = -\frac1N \sum_{i=1}^N \log p_{i, y_i},
# \qquad \frac{\partial L}{\partial s_{ij}} = \frac{p_{ij} - [j = y_i]}{N}.$$
#
# $e^{1000}$ is no number that a computer can hold. What may you subtract from all scores of an
# example without changing any probability?
#
# Write `softmax_loss`. With tiny random scores all classes are about equally likely, so the loss
# should be close to $\log 10 \approx 2.3026$; the gradient's error should be around `1e-8`.

# %% id="softmax-example"
np.random.seed(231)
x = 0.001 * np.random.randn(50, 10)
y = np.random.randint(10, size=50)

loss, dx = softmax_loss(x, y)
numeric = eval_numerical_gradient(lambda s: softmax_loss(s, y)[0], x, verbose=False)
print(f"loss {loss:.9f}, published 2.302545845")
compare(dx=(dx, numeric))

print("large scores:", softmax_loss(np.array([[1000.0, 0.0], [0.0, 1000.0]]), np.array([0, 0]))[0])

# %% [markdown] id="softmax-large-text"
# The last line should say 500: the first example is right and costs nothing, the second is wrong
# by 1000.

# %% id="softmax-check"
check("softmax_loss")

# %% [markdown] id="svm-text"
# ## SVM loss
#
# The multi-class hinge loss asks for less: the right class should win by a margin of 1, and beyond
# that nothing matters.
#
# $$L = \frac1N \sum_{i=1}^N \sum_{j \ne y_i} \max(0,\ s_{ij} - s_{i, y_i} + 1)$$
#
# Each term above zero pulls at two scores, that of its class $j$ and that of the right class.
# Write `svm_loss`. Nearly equal scores violate all nine margins, by about 1 each: expect a loss of
# about 9, and an error around `1e-9`.

# %% id="svm-example"
loss, dx = svm_loss(x, y)
numeric = eval_numerical_gradient(lambda s: svm_loss(s, y)[0], x, verbose=False)
print(f"loss {loss:.9f}, published 8.999602749")
compare(dx=(dx, numeric))

# %% id="svm-check"
check("svm_loss")

# %% [markdown] id="two-layer-text"
# ## A network of two layers
#
# Time to stack: *affine - relu - affine - softmax*. Open `convnet/classifiers/fc_net.py`, read all
# of `TwoLayerNet`, since every network of this course has the same two methods, and fill in both
# regions. With a regularisation strength $\lambda$ (`reg`) the loss is
#
# $$L + \frac{\lambda}{2} \Big(\sum W_1^2 + \sum W_2^2\Big).$$
#
# The factor $\frac12$ makes the gradient of the second part simply $\lambda W$. Biases are not
# regularised.
#
# The next cell looks at the initial weights, at scores and losses for fixed parameters, and at all
# gradients; expect gradient errors of `1e-7` or less.

# %% id="two-layer-example"
np.random.seed(231)
features, hidden, classes = 5, 50, 7
model = TwoLayerNet(input_dim=features, hidden_dim=hidden, num_classes=classes, weight_scale=1e-3)
for name in ("W1", "W2"):
    print(f"{name}: deviation {model.params[name].std():.1e}, to be about 1e-03")
for name in ("b1", "b2"):
    print(f"{name}: largest {np.abs(model.params[name]).max():g}, to be 0")

for name, low, high, shape in (
    ("W1", -0.7, 0.3, (features, hidden)),
    ("b1", -0.1, 0.9, (hidden,)),
    ("W2", -0.3, 0.4, (hidden, classes)),
    ("b2", -0.9, 0.1, (classes,)),
):
    model.params[name] = np.linspace(low, high, np.prod(shape)).reshape(shape)
X = np.linspace(-5.5, 4.5, 3 * features).reshape(features, 3).T
published = np.array(
    [
        [11.53165108, 12.2917344, 13.05181771, 13.81190102, 14.57198434, 15.33206765, 16.09215096],
        [12.05769098, 12.74614105, 13.43459113, 14.1230412, 14.81149128, 15.49994135, 16.18839143],
        [12.58373087, 13.20054771, 13.81736455, 14.43418138, 15.05099822, 15.66781506, 16.2846319],
    ]
)
compare(scores=(model.loss(X), published))

y = np.array([0, 5, 1])
for reg, figure in ((0.0, 3.4702243556), (1.0, 26.5948426952)):
    model.reg = reg
    print(f"reg {reg:g}: loss {model.loss(X, y)[0]:.10f}, published {figure}")

# %% id="two-layer-gradients"
for reg in (0.0, 0.7):
    print(f"reg = {reg}")
    model.reg = reg
    compare_model_gradients(model, X, y)

# %% id="two-layer-check"
check("two_layer_net")

# %% [markdown] id="solver-text"
# ## Training
#
# `convnet/solver.py` holds the `Solver`: it draws batches, asks the model for the loss and the
# gradients, moves the parameters by an update rule, and writes down how it went. Read its
# docstring; you will use it from here on.
#
# Here it trains your two layers. On CIFAR-10 about 50 % of the validation images should come out
# right, on the digits more than 90 %. The loss should fall quickly at first and then level off.
# Curves of training and validation accuracy that drift far apart are a sign of overfitting.

# %% id="solver-example"
# The pixels of CIFAR-10 go up to 255 and those of the digits up to 1: other inputs, other settings.
if on_cifar:
    scale, reg, rate = 1e-3, 1e-2, 1e-3
else:
    scale, reg, rate = 1e-2, 1e-3, 1.0

np.random.seed(231)
model = TwoLayerNet(input_dim=input_dim, hidden_dim=100, weight_scale=scale, reg=reg)
two_layer_solver = Solver(
    model,
    data,
    optim_config={"learning_rate": rate},
    lr_decay=0.95,
    num_epochs=10,
    batch_size=100,
    print_every=1000 if on_cifar else 50,
)
two_layer_solver.train()
print(f"best validation accuracy: {two_layer_solver.best_val_acc:.3f}")
plot_training({"two layers": two_layer_solver}, "A network of two layers")

# %% [markdown] id="fully-connected-text"
# ## A network of any depth
#
# `FullyConnectedNet`, in the same file, takes a list of layer sizes. For $L$ layers it is
#
# > {affine - [normalisation] - relu - [dropout]} × (L - 1) - affine - softmax
#
# What stands in brackets comes later in this notebook: write the network without it first, and
# return to it when the layers are there. (The question's last points wait for that.)
#
# **Sanity first.** A new network knows nothing, so its loss should be close to $\log C$; with
# regularisation it should be larger. Then the gradients: errors of `1e-6` or less are fine. With
# `reg = 0`, up to about `1e-5` may show for W2: where a ReLU stands right at its bend, the small
# difference falls on both sides of it.

# %% id="fully-connected-example"
np.random.seed(231)
X = np.random.randn(2, 15)
y = np.random.randint(10, size=2)
for reg in (0, 3.14):
    model = FullyConnectedNet(
        [20, 30], input_dim=15, num_classes=10, reg=reg, weight_scale=5e-2, dtype=np.float64
    )
    print(f"reg = {reg}: initial loss {model.loss(X, y)[0]:.6f}")
    compare_model_gradients(model, X, y)

# %% [markdown] id="fully-connected-figure-text"
# If you draw the weights in the order W1, W2, W3 with `np.random.randn`, the losses are 2.300479
# and 7.052115. Another way to draw them is just as right and gives other numbers near 2.3 and 7.

# %% [markdown] id="inline-initial-loss" role="answer"
# **Question.** Why is $\log C$ the loss that you should see at first, and what would you suspect if
# an untrained network began with a loss of 20?
#
# <!-- BEGIN SOLUTION inline_initial_loss -->
# <!-- TODO: Two or three sentences. -->
# Small weights make small scores, so that the softmax gives each of the C classes a probability
# near 1/C; minus the logarithm of that is log C, whichever class is the right one. A loss of 20
# means that the network is confidently wrong: the initial weights (or the inputs) are far too
# large, or the loss is summed over the batch where it should be averaged.
# <!-- END SOLUTION inline_initial_loss -->

# %% id="fully-connected-check"
check("fully_connected_net")

# %% [markdown] id="overfit-three-text"
# ## Learning fifty digits by heart
#
# A network that cannot learn fifty examples by heart has a mistake somewhere. So before you train
# on much data, train on little: full accuracy *on the training examples* must come quickly. This
# also shows what a right learning rate and weight scale look like.
#
# Find a `weight_scale` and a `learning_rate` with which three layers of 100 hidden units each reach
# 100 % training accuracy within 20 epochs of plain gradient descent, from any random start. Only
# these two numbers may change. Whatever data you have, this exercise uses the digits, so that the
# same settings are right for everyone.

# %% id="overfit-three-answer" role="answer"


def overfit_three_layers():
    """Return ``(weight_scale, learning_rate)`` for a network with hidden layers [100, 100]."""
    # BEGIN SOLUTION overfit_three_layers
    # TODO: Return the two numbers. Search by factors of ten first, then more finely, and look at
    # the curves: does the loss fall too slowly, or does it jump?
    return 0.3, 0.3
    # END SOLUTION overfit_three_layers


# %% id="overfit-three-example"
digits = get_data("digits")
few_digits = {
    "X_train": digits["X_train"][:50],
    "y_train": digits["y_train"][:50],
    "X_val": digits["X_val"],
    "y_val": digits["y_val"],
}


def overfit(hidden_dims, settings):
    """Train on fifty digits for 20 epochs; returns the solver."""
    scale, rate = settings
    model = FullyConnectedNet(
        hidden_dims, input_dim=few_digits["X_train"].shape[1:], weight_scale=scale
    )
    solver = Solver(
        model,
        few_digits,
        update_rule="sgd",
        optim_config={"learning_rate": rate},
        num_epochs=20,
        batch_size=25,
        verbose=False,
    )
    solver.train()
    print(f"best training accuracy in 20 epochs: {max(solver.train_acc_history):.2f}")
    return solver


np.random.seed(231)
plot_training({"three layers": overfit([100, 100], overfit_three_layers())}, "Fifty digits")

# %% id="overfit-three-check"
check("overfit_three_layers")

# %% [markdown] id="overfit-five-text"
# Now with five layers. Every layer multiplies the signal on its way up and the gradient on its way
# down, so a weight scale that is a little off is off to the fifth power.

# %% id="overfit-five-answer" role="answer"


def overfit_five_layers():
    """Return ``(weight_scale, learning_rate)`` for hidden layers [100, 100, 100, 100]."""
    # BEGIN SOLUTION overfit_five_layers
    # TODO: Return the two numbers. Start from what was right for three layers.
    return 0.2, 0.2
    # END SOLUTION overfit_five_layers


# %% id="overfit-five-example"
np.random.seed(231)
plot_training({"five layers": overfit([100] * 4, overfit_five_layers())}, "Fifty digits")

# %% id="overfit-five-check"
check("overfit_five_layers")

# %% [markdown] id="inline-depth" role="answer"
# **Question.** Which of the two networks was harder to get right, and which of the two settings did
# it depend on more? Explain what happens to the signal in the deeper one.
#
# <!-- BEGIN SOLUTION inline_depth -->
# <!-- TODO: Two or three sentences. -->
# The deeper one, and mostly because of the weight scale. Each layer multiplies the size of the
# signal by about the weight scale times the root of half the number of inputs; over five layers
# a factor that is not near one makes the scores, and with them the gradients, vanish or explode.
# With three layers a wrong factor is felt less, and the learning rate can make up for it.
# <!-- END SOLUTION inline_depth -->

# %% [markdown] id="momentum-text"
# ## Better steps: momentum
#
# Plain gradient descent takes a step $-\alpha\, \partial L/\partial w$ and forgets it. With
# *momentum* the parameter has a velocity $v$, which is slowed down by a factor $\mu$ and
# accelerated by every gradient:
#
# $$v \leftarrow \mu v - \alpha\, \frac{\partial L}{\partial w}, \qquad w \leftarrow w + v .$$
#
# All update rules are in `convnet/optim.py`; the text at its top says how they are called. Write
# `sgd_momentum`. Expect errors of `1e-8` or less.

# %% id="momentum-example"
w = np.linspace(-0.4, 0.6, 20).reshape(4, 5)
dw = np.linspace(-0.6, 0.4, 20).reshape(4, 5)
config = {"learning_rate": 1e-3, "velocity": np.linspace(0.6, 0.9, 20).reshape(4, 5)}

next_w, config = sgd_momentum(w.copy(), dw, config)
published_w = np.array(
    [
        [0.1406, 0.20738947, 0.27417895, 0.34096842, 0.40775789],
        [0.47454737, 0.54133684, 0.60812632, 0.67491579, 0.74170526],
        [0.80849474, 0.87528421, 0.94207368, 1.00886316, 1.07565263],
        [1.14244211, 1.20923158, 1.27602105, 1.34281053, 1.4096],
    ]
)
published_velocity = np.array(
    [
        [0.5406, 0.55475789, 0.56891579, 0.58307368, 0.59723158],
        [0.61138947, 0.62554737, 0.63970526, 0.65386316, 0.66802105],
        [0.68217895, 0.69633684, 0.71049474, 0.72465263, 0.73881053],
        [0.75296842, 0.76712632, 0.78128421, 0.79544211, 0.8096],
    ]
)
compare(next_w=(next_w, published_w), velocity=(config["velocity"], published_velocity))

# %% id="momentum-check"
check("sgd_momentum")

# %% [markdown] id="momentum-training-text"
# Six layers, once with plain steps and once with momentum, everything else being equal. Momentum
# should be clearly faster.

# %% id="momentum-training"
num_train = min(4000, len(data["X_train"]))
part = {
    "X_train": data["X_train"][:num_train],
    "y_train": data["y_train"][:num_train],
    "X_val": data["X_val"],
    "y_val": data["y_val"],
}
rates = {
    "sgd": 5e-3 if on_cifar else 3e-2,
    "sgd_momentum": 5e-3 if on_cifar else 3e-2,
    "rmsprop": 1e-4 if on_cifar else 1e-3,
    "adam": 1e-3,
}


def train_deep(rule):
    """Train six layers with an update rule; returns the solver."""
    np.random.seed(231)
    model = FullyConnectedNet(
        [100] * 5, input_dim=input_dim, weight_scale=5e-2 if on_cifar else 1e-1
    )
    solver = Solver(
        model,
        part,
        update_rule=rule,
        optim_config={"learning_rate": rates[rule]},
        num_epochs=5,
        batch_size=100 if on_cifar else 50,
        verbose=False,
    )
    solver.train()
    print(f"{rule:>12}: validation accuracy {solver.val_acc_history[-1]:.3f} after 5 epochs")
    return solver


by_rule = {rule: train_deep(rule) for rule in ("sgd", "sgd_momentum")}
plot_training(by_rule, "Plain steps and momentum")

# %% [markdown] id="rmsprop-text"
# ## A step size for each parameter: RMSProp
#
# Some parameters have large gradients, others small ones; one learning rate cannot suit all.
# RMSProp keeps a running mean $c$ of the squared gradient of every parameter and divides by its
# root (T. Tieleman and G. Hinton, lecture 6.5 of *Neural Networks for Machine Learning*, 2012):
#
# $$c \leftarrow \rho\, c + (1 - \rho) \Big(\frac{\partial L}{\partial w}\Big)^2, \qquad
# w \leftarrow w - \frac{\alpha}{\sqrt{c} + \epsilon}\, \frac{\partial L}{\partial w} .$$
#
# Write `rmsprop`; note that $c$ is updated before it is used, and that $\epsilon$ stands outside
# the root. Expect errors of `1e-7` or less.

# %% id="rmsprop-example"
config = {"learning_rate": 1e-2, "cache": np.linspace(0.6, 0.9, 20).reshape(4, 5)}

next_w, config = rmsprop(w.copy(), dw, config)
published_w = np.array(
    [
        [-0.39223849, -0.34037513, -0.28849239, -0.23659121, -0.18467247],
        [-0.132737, -0.08078555, -0.02881884, 0.02316247, 0.07515774],
        [0.12716641, 0.17918792, 0.23122175, 0.28326742, 0.33532447],
        [0.38739248, 0.43947102, 0.49155973, 0.54365823, 0.59576619],
    ]
)
published_cache = np.array(
    [
        [0.5976, 0.6126277, 0.6277108, 0.64284931, 0.65804321],
        [0.67329252, 0.68859723, 0.70395734, 0.71937285, 0.73484377],
        [0.75037008, 0.7659518, 0.78158892, 0.79728144, 0.81302936],
        [0.82883269, 0.84469141, 0.86060554, 0.87657507, 0.8926],
    ]
)
compare(next_w=(next_w, published_w), cache=(config["cache"], published_cache))

# %% id="rmsprop-check"
check("rmsprop")

# %% [markdown] id="adam-text"
# ## Both at once: Adam
#
# Adam (D. Kingma and J. Ba, *Adam: A Method for Stochastic Optimization*, ICLR 2015) keeps a
# running mean $m$ of the gradients, like momentum, and one, $v$, of their squares, like RMSProp:
#
# $$m \leftarrow \beta_1 m + (1 - \beta_1)\, g, \qquad
# v \leftarrow \beta_2 v + (1 - \beta_2)\, g^2 .$$
#
# Both begin at zero, and so they are too small in the first steps. The factor by which they are is
# known, and divided away; $t$ counts the steps, the first one being 1:
#
# $$w \leftarrow w - \alpha\, \frac{m / (1 - \beta_1^t)}{\sqrt{v / (1 - \beta_2^t)} + \epsilon} .$$
#
# Only the corrected values are used in the step, only the uncorrected ones are kept. Write `adam`,
# with this correction. Expect errors of `1e-7` or less.

# %% id="adam-example"
config = {
    "learning_rate": 1e-2,
    "m": np.linspace(0.6, 0.9, 20).reshape(4, 5),
    "v": np.linspace(0.7, 0.5, 20).reshape(4, 5),
    "t": 5,
}

next_w, config = adam(w.copy(), dw, config)
published_w = np.array(
    [
        [-0.40094747, -0.34836187, -0.29577703, -0.24319299, -0.19060977],
        [-0.1380274, -0.08544591, -0.03286534, 0.01971428, 0.0722929],
        [0.1248705, 0.17744702, 0.23002243, 0.28259667, 0.33516969],
        [0.38774145, 0.44031188, 0.49288093, 0.54544852, 0.59801459],
    ]
)
published_v = np.array(
    [
        [0.69966, 0.68908382, 0.67851319, 0.66794809, 0.65738853],
        [0.64683452, 0.63628604, 0.6257431, 0.61520571, 0.60467385],
        [0.59414753, 0.58362676, 0.57311152, 0.56260183, 0.55209767],
        [0.54159906, 0.53110598, 0.52061845, 0.51013645, 0.49966],
    ]
)
published_m = np.array(
    [
        [0.48, 0.49947368, 0.51894737, 0.53842105, 0.55789474],
        [0.57736842, 0.59684211, 0.61631579, 0.63578947, 0.65526316],
        [0.67473684, 0.69421053, 0.71368421, 0.73315789, 0.75263158],
        [0.77210526, 0.79157895, 0.81105263, 0.83052632, 0.85],
    ]
)
compare(
    next_w=(next_w, published_w),
    v=(config["v"], published_v),
    m=(config["m"], published_m),
)

# %% id="adam-check"
check("adam")

# %% [markdown] id="rules-text"
# All four rules, on the same network and the same data. Adam and RMSProp should be far ahead after
# the first epoch.

# %% id="rules-training"
by_rule.update({rule: train_deep(rule) for rule in ("rmsprop", "adam")})
plot_training(by_rule, "Four update rules")

# %% [markdown] id="inline-adagrad" role="answer"
# **Question.** AdaGrad is an older rule of this family. Its cache is a sum where RMSProp has a
# running mean: every step adds $g^2$ to $c$ and moves the parameter by $-\alpha\, g / (\sqrt{c} +
# \epsilon)$. Networks that are trained with it soon hardly move any more. Why? Does Adam suffer
# from the same?
#
# <!-- BEGIN SOLUTION inline_adagrad -->
# <!-- TODO: Two or three sentences. -->
# Squares are never negative, so the sum only grows; with gradients of a steady size it grows like
# t, and the steps shrink like one over the root of t, whether or not the minimum is near. Adam
# divides by a running mean instead, which forgets: its value follows the present size of the
# gradients, and when these become small the divisor does too, so the steps do not die away.
# <!-- END SOLUTION inline_adagrad -->

# %% [markdown] id="batchnorm-text"
# ## Batch normalisation: forward
#
# Networks learn best when the inputs of each layer have mean 0 and variance 1, and while the layers
# below keep changing that cannot be arranged beforehand. Batch normalisation (S. Ioffe and
# C. Szegedy, ICML 2015) arranges it in every step, feature by feature, with the mean $\mu$ and the
# (biased) variance $\sigma^2$ of the batch at hand:
#
# $$\hat x = \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}}, \qquad
# \mathrm{out} = \gamma\, \hat x + \beta .$$
#
# $\gamma$ and $\beta$ are learned, so that a layer that needs another mean or variance can have it.
# At test time there may be no batch. So training keeps running averages of $\mu$ and $\sigma^2$,
#
# $$r \leftarrow m\, r + (1 - m)\, \mu \quad (m \text{ is the momentum}),$$
#
# and testing uses these instead. They are kept in the dictionary `bn_param`, between the calls.
#
# Write `batchnorm_forward` in `convnet/layers.py`, training first. In the next cell the
# means should come out as $\beta$ and the deviations as $\gamma$.

# %% id="batchnorm-train-example"
np.random.seed(231)
activations = np.maximum(0, np.random.randn(200, 50) @ np.random.randn(50, 60))
activations = activations @ np.random.randn(60, 3)


def show_statistics(title, a, axis=0):
    """Print the means and the deviations of an array along an axis."""
    print(f"{title}\n   means {a.mean(axis=axis)}\n   stds  {a.std(axis=axis)}")


np.set_printoptions(precision=6, suppress=True)
show_statistics("before", activations)
for gamma, beta in ((np.ones(3), np.zeros(3)), (np.array([1.0, 2, 3]), np.array([11.0, 12, 13]))):
    out, _ = batchnorm_forward(activations, gamma, beta, {"mode": "train"})
    show_statistics(f"after, gamma {gamma}, beta {beta}", out)

# %% [markdown] id="batchnorm-test-text"
# And testing: after many batches the running averages know the data, so that new data comes out
# with means *about* 0 and deviations *about* 1, less exactly than in training.

# %% id="batchnorm-test-example"
np.random.seed(231)
first, second = np.random.randn(50, 60), np.random.randn(60, 3)
bn_param = {"mode": "train"}
for _ in range(50):
    batch = np.maximum(0, np.random.randn(200, 50) @ first) @ second
    batchnorm_forward(batch, np.ones(3), np.zeros(3), bn_param)

bn_param["mode"] = "test"
batch = np.maximum(0, np.random.randn(200, 50) @ first) @ second
show_statistics("at test time", batchnorm_forward(batch, np.ones(3), np.zeros(3), bn_param)[0])

# %% id="batchnorm-forward-check"
check("batchnorm_forward")

# %% [markdown] id="batchnorm-backward-text"
# ## Batch normalisation: backward
#
# Draw the forward pass as a graph, a node for each simple operation: the mean, the difference, the
# square, the mean of the squares, the root, the quotient, the scale, the shift. Then walk back node
# by node. Two nodes are used more than once, and gradients that meet there are added.
#
# Write `batchnorm_backward`. Expect errors between `1e-13` and `1e-8`.

# %% id="batchnorm-backward-example"
np.random.seed(231)
x = 5 * np.random.randn(4, 5) + 12
gamma, beta, dout = np.random.randn(5), np.random.randn(5), np.random.randn(4, 5)

_, cache = batchnorm_forward(x, gamma, beta, {"mode": "train"})
dx, dgamma, dbeta = batchnorm_backward(dout, cache)
numeric = numeric_gradients(
    lambda *inputs: batchnorm_forward(*inputs, {"mode": "train"})[0], (x, gamma, beta), dout
)
compare(dx=(dx, numeric[0]), dgamma=(dgamma, numeric[1]), dbeta=(dbeta, numeric[2]))

# %% id="batchnorm-backward-check"
check("batchnorm_backward")

# %% [markdown] id="batchnorm-alt-text"
# ## The same, simplified
#
# On paper the whole graph collapses. Write $g = \gamma \cdot \mathrm{dout}$ for the gradient with
# respect to $\hat x$. Since $\mu$ and $\sigma$ are functions of all $N$ values of a feature, moving
# one of them by a little moves all the others too; working that out leaves three terms, in which
# nothing is needed but $g$, $\hat x$, $\sigma$ and means over the batch. Derive it: you know that
# the result must not change if a constant is added to $x$, nor if $x$ is multiplied by one, and so
# the gradient must be perpendicular to both directions.
#
# Write `batchnorm_backward_alt`. It must agree with the long way to `1e-8` or better, and is
# faster.

# %% id="batchnorm-alt-example"
from time import perf_counter

np.random.seed(231)
x = 5 * np.random.randn(500, 500) + 12
gamma, beta, dout = np.random.randn(500), np.random.randn(500), np.random.randn(500, 500)
_, cache = batchnorm_forward(x, gamma, beta, {"mode": "train"})


def timed(backward):
    """The best time of five calls, and what the function returned."""
    times = []
    for _ in range(5):
        start = perf_counter()
        result = backward(dout, cache)
        times.append(perf_counter() - start)
    return min(times), result


long_time, long_way = timed(batchnorm_backward)
short_time, short_way = timed(batchnorm_backward_alt)
compare(**dict(zip(("dx", "dgamma", "dbeta"), zip(short_way, long_way))))
print(f"the long way {1e3 * long_time:.1f} ms, the short one {1e3 * short_time:.1f} ms")

# %% id="batchnorm-alt-check"
check("batchnorm_backward_alt")

# %% [markdown] id="layernorm-text"
# ## Layer normalisation
#
# Batch normalisation ties the examples of a batch together, and with a batch of two its statistics
# are hardly worth the name. Layer normalisation (J. Ba, J. Kiros and G. Hinton, 2016) normalises
# each *example* over its features instead. No example sees another, so there is nothing to average,
# and training and testing are the same. $\gamma$ and $\beta$ still belong to the features.
#
# Write `layernorm_forward`; the rows come out with mean 0 and deviation 1.

# %% id="layernorm-forward-example"
np.random.seed(231)
rows = np.maximum(0, np.random.randn(4, 50) @ np.random.randn(50, 60)) @ np.random.randn(60, 30)
show_statistics("before", rows, axis=1)
out, _ = layernorm_forward(rows, np.ones(30), np.zeros(30), {})
show_statistics("after", out, axis=1)
out, _ = layernorm_forward(rows, np.full(30, 3.0), np.full(30, 5.0), {})
show_statistics("after, gamma 3, beta 5", out, axis=1)

# %% id="layernorm-forward-check"
check("layernorm_forward")

# %% [markdown] id="layernorm-backward-text"
# The way back is that of batch normalisation with the axes exchanged, though not in every place.
# Write `layernorm_backward`. Expect errors between `1e-12` and `1e-8`.

# %% id="layernorm-backward-example"
np.random.seed(231)
x = 5 * np.random.randn(4, 5) + 12
gamma, beta, dout = np.random.randn(5), np.random.randn(5), np.random.randn(4, 5)

_, cache = layernorm_forward(x, gamma, beta, {})
dx, dgamma, dbeta = layernorm_backward(dout, cache)
numeric = numeric_gradients(
    lambda *inputs: layernorm_forward(*inputs, {})[0], (x, gamma, beta), dout
)
compare(dx=(dx, numeric[0]), dgamma=(dgamma, numeric[1]), dbeta=(dbeta, numeric[2]))

# %% id="layernorm-backward-check"
check("layernorm_backward")

# %% [markdown] id="dropout-text"
# ## Dropout
#
# Dropout (N. Srivastava and others, JMLR 2014) switches hidden units off at random while a network
# trains, so that none can rely on a few others. Here `p` is the probability to **keep** a unit.
# Units that are kept are divided by `p`: the mean of each output is then the input itself, and at
# test time there is nothing to do. This is called *inverted* dropout.
#
# Write `dropout_forward`. In training, the mean of the outputs should be about that of the inputs,
# and a share of about $1 - p$ of them zero; at test time input and output are the same.

# %% id="dropout-forward-example"
np.random.seed(231)
x = np.random.randn(500, 500) + 10
for p in (0.25, 0.4, 0.7):
    trained, _ = dropout_forward(x, {"mode": "train", "p": p})
    tested, _ = dropout_forward(x, {"mode": "test", "p": p})
    print(f"p = {p}: mean of the input {x.mean():.3f}")
    for mode, out in (("train", trained), ("test", tested)):
        print(f"   {mode:>5}: mean {out.mean():.3f}, share of zeros {(out == 0).mean():.3f}")

# %% id="dropout-forward-check"
check("dropout_forward")

# %% [markdown] id="dropout-backward-text"
# The gradient goes back through the same units that the signal went through. Write
# `dropout_backward`; with a fixed `seed` the numeric gradient sees the same mask in every call.
# Expect an error around `1e-10`.

# %% id="dropout-backward-example"
np.random.seed(231)
x, dout = np.random.randn(10, 10) + 10, np.random.randn(10, 10)
dropout_param = {"mode": "train", "p": 0.2, "seed": 123}

_, cache = dropout_forward(x, dropout_param)
(numeric,) = numeric_gradients(lambda a: dropout_forward(a, dropout_param)[0], (x,), dout)
compare(dx=(dropout_backward(dout, cache), numeric))

# %% id="dropout-backward-check"
check("dropout_backward")

# %% [markdown] id="inline-dropout" role="answer"
# **Question.** What would go wrong at test time if the units that are kept were *not* divided by
# `p` in training, and how could testing make up for it?
#
# <!-- BEGIN SOLUTION inline_dropout -->
# <!-- TODO: Two sentences. -->
# In training the next layer would see sums that are on average only p times those of all units
# together; at test time, with all units on, its inputs would be 1/p times larger than what its
# weights were learned for. Multiplying the outputs by p at test time would mend it, which is how
# dropout was first described; dividing in training costs nothing when the network is in use.
# <!-- END SOLUTION inline_dropout -->

# %% [markdown] id="complete-net-text"
# ## The complete network
#
# Go back to `FullyConnectedNet` and use the new layers where the arguments `normalization` and
# `dropout_keep_ratio` ask for them. For the gradients, expect errors up to about `1e-5` for weights
# under batch normalisation. There the gradients of `b1` and `b2` are zero but for rounding, since
# the normalisation takes any bias away again: do not wonder if their relative errors are large.

# %% id="complete-net-example"
np.random.seed(231)
X = np.random.randn(4, 15)
y = np.random.randint(10, size=4)
for options in (
    {"normalization": "batchnorm"},
    {"normalization": "layernorm"},
    {"dropout_keep_ratio": 0.75, "seed": 123},
):
    print(options)
    model = FullyConnectedNet(
        [20, 30], input_dim=15, reg=0.5, weight_scale=5e-2, dtype=np.float64, **options
    )
    print(f"   initial loss {model.loss(X, y)[0]:.4f}")
    compare_model_gradients(model, X, y)

# %% id="complete-net-check"
check("fully_connected_net")

# %% [markdown] id="norm-training-text"
# What the layers are for: a deep network whose initial weights are too small, trained with and
# without normalisation. Without it the network is slow to start; on CIFAR-10 it hardly does.

# %% id="norm-training"


def train_small_weights(**options):
    """Train five layers that begin with small weights; returns the solver."""
    np.random.seed(231)
    model = FullyConnectedNet([100] * 4, input_dim=input_dim, weight_scale=2e-2, **options)
    solver = Solver(
        model,
        part,
        update_rule="adam",
        optim_config={"learning_rate": 1e-3},
        num_epochs=6,
        batch_size=50,
        verbose=False,
    )
    solver.train()
    return solver


plot_training(
    {
        "no normalisation": train_small_weights(),
        "batch normalisation": train_small_weights(normalization="batchnorm"),
        "layer normalisation": train_small_weights(normalization="layernorm"),
    },
    "Small initial weights",
)

# %% [markdown] id="dropout-training-text"
# And dropout: few examples, a wide layer. With dropout the network learns its examples more slowly.
# On CIFAR-10 training and validation accuracy come closer to each other; the digits are so easy
# that there is hardly anything to be gained.

# %% id="dropout-training"
few = {
    "X_train": data["X_train"][:500],
    "y_train": data["y_train"][:500],
    "X_val": data["X_val"],
    "y_val": data["y_val"],
}
by_ratio = {}
for ratio in (1, 0.25):
    np.random.seed(231)
    model = FullyConnectedNet([500], input_dim=input_dim, dropout_keep_ratio=ratio)
    solver = Solver(
        model,
        few,
        update_rule="adam",
        optim_config={"learning_rate": 5e-4 if on_cifar else 1e-3},
        num_epochs=25,
        batch_size=100,
        verbose=False,
    )
    solver.train()
    by_ratio[f"keep {ratio:g}"] = solver
plot_training(by_ratio, "500 examples, with and without dropout")

# %% [markdown] id="best-text"
# ## Your best network
#
# Now train the best fully-connected network that you can, with whatever you have built: depth,
# normalisation, dropout, regularisation, update rules, a learning rate that decays. On CIFAR-10 get
# at least 50 % of the validation images right; 55 % is possible. On the digits 95 % is within
# reach.
#
# Write a function that takes the data and returns the trained model, so that it can be trained
# again. Search on a part of the data for a few epochs; look at the curves; refine. Choose by the
# *validation* accuracy only, and look at the test set once, at the end.

# %% id="best-answer" role="answer"


def best_fc_net(data):
    """Train a FullyConnectedNet on ``data``; return the trained model."""
    # BEGIN SOLUTION best_fc_net
    # TODO: Build a model, train it with a Solver, and return it.
    options = {"normalization": "batchnorm", "dropout_keep_ratio": 0.8, "weight_scale": 5e-2}
    net = FullyConnectedNet([200, 100], data["X_train"].shape[1:], reg=1e-4, **options)
    settings = {"update_rule": "adam", "optim_config": {"learning_rate": 2e-3}, "lr_decay": 0.9}
    trainer = Solver(net, data, num_epochs=15, batch_size=100, verbose=False, **settings)
    trainer.train()
    return net
    # END SOLUTION best_fc_net


# %% id="best-example"
np.random.seed(231)
best_model = best_fc_net(data)
for name in ("train", "val", "test"):
    X, y = data[f"X_{name}"][:1000], data[f"y_{name}"][:1000]
    accuracy = np.mean(np.argmax(best_model.loss(X), axis=1) == y)
    print(f"{name:>6}: accuracy {accuracy:.3f}")

# %% [markdown] id="inline-best-fc-net" role="answer"
# **Describe your network.** Which settings did you try, how did you choose between them, and what
# helped most?
#
# <!-- BEGIN SOLUTION inline_best_fc_net -->
# <!-- TODO: A short paragraph; name the final architecture and its settings. -->
# Two hidden layers of 200 and 100 units with batch normalisation, trained with Adam. Learning rates
# were tried by factors of three for two epochs each, and 2e-3 was the largest that did not make the
# loss jump; letting it decay by a tenth every epoch gave the last per cent. Batch normalisation
# made the weight scale unimportant, and keeping 80 % of the units narrowed the gap between training
# and validation accuracy, where stronger regularisation only slowed the training down.
# <!-- END SOLUTION inline_best_fc_net -->
