# %% [markdown] id="title"
# # Normalisation
#
# A deep network is easier to train if the signals in it neither fade nor grow on their way from
# layer to layer. Good initial weights see to that at the beginning only. The layers of this
# notebook see to it in every step: they normalise what goes through them, over the examples of a
# batch or over the features of an example.
#
# **How to work.** Each section names the function to write and where it is. Write it there, run the
# cells below the text, and compare the errors with those that are given. The cell `check("...")`
# runs the checks that come with the assignment and shows what differs.

# %% include="helpers"

# %% include="models"

# %% id="setup" role="setup"
from time import perf_counter

from convnet.classifiers.fc_net import FullyConnectedNet
from convnet.layers import (
    batchnorm_backward,
    batchnorm_backward_alt,
    batchnorm_forward,
    layernorm_backward,
    layernorm_forward,
)


def show_statistics(title, a, axis=0):
    """Print the means and the deviations of an array along an axis."""
    print(f"{title}\n   means {a.mean(axis=axis)}\n   stds  {a.std(axis=axis)}")


# %% [markdown] id="batchnorm-text" when="batchnorm_forward"
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
# Write `batchnorm_forward` in [[layers.batchnorm_forward]], training first. In the next cell the
# means should come out as $\beta$ and the deviations as $\gamma$.

# %% [markdown] id="batchnorm-float32-text" when="batchnorm_forward, float32"
# **Single precision.** Arrays of float32 give an output of float32. `np.zeros` makes float64 if
# it is not told otherwise.

# %% id="batchnorm-train-example"
np.random.seed(231)
activations = np.maximum(0, np.random.randn(200, 50) @ np.random.randn(50, 60))
activations = activations @ np.random.randn(60, 3)

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

# %% [markdown] id="batchnorm-backward-text" when="batchnorm_backward"
# ## Batch normalisation: backward
#
# Draw the forward pass as a graph, a node for each simple operation: the mean, the difference, the
# square, the mean of the squares, the root, the quotient, the scale, the shift. Then walk back node
# by node. Two nodes are used more than once, and gradients that meet there are added.
#
# Write `batchnorm_backward` in [[layers.batchnorm_backward]]. Expect errors between `1e-13` and
# `1e-8`.

# %% [markdown] id="batchnorm-backward-float32-text" when="batchnorm_backward, float32"
# **Single precision.** Arrays of float32 give gradients of float32.

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

# %% [markdown] id="batchnorm-alt-text" when="batchnorm_backward_alt"
# ## The same, simplified
#
# On paper the whole graph collapses. Write $g = \gamma \cdot \mathrm{dout}$ for the gradient with
# respect to $\hat x$. Since $\mu$ and $\sigma$ are functions of all $N$ values of a feature, moving
# one of them by a little moves all the others too; working that out leaves three terms, in which
# nothing is needed but $g$, $\hat x$, $\sigma$ and means over the batch. Derive it: you know that
# the result must not change if a constant is added to $x$, nor if $x$ is multiplied by one, and so
# the gradient must be perpendicular to both directions.
#
# Write `batchnorm_backward_alt` in [[layers.batchnorm_backward_alt]]. It must agree with the long
# way to `1e-8` or better, and is faster.

# %% [markdown] id="batchnorm-alt-float32-text" when="batchnorm_backward_alt, float32"
# **Single precision.** Arrays of float32 give gradients of float32.

# %% id="batchnorm-alt-example"
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

# %% [markdown] id="layernorm-text" when="layernorm_forward"
# ## Layer normalisation: forward
#
# Batch normalisation ties the examples of a batch together, and with a batch of two its statistics
# are hardly worth the name. Layer normalisation (J. Ba, J. Kiros and G. Hinton, 2016) normalises
# each *example* over its features instead. No example sees another, so there is nothing to average,
# and training and testing are the same. $\gamma$ and $\beta$ still belong to the features.
#
# Write `layernorm_forward` in [[layers.layernorm_forward]]; the rows come out with mean 0 and
# deviation 1.

# %% [markdown] id="layernorm-float32-text" when="layernorm_forward, float32"
# **Single precision.** Arrays of float32 give an output of float32. `np.zeros` makes float64 if
# it is not told otherwise.

# %% id="layernorm-forward-example"
np.random.seed(231)
np.set_printoptions(precision=6, suppress=True)
rows = np.maximum(0, np.random.randn(4, 50) @ np.random.randn(50, 60)) @ np.random.randn(60, 30)
show_statistics("before", rows, axis=1)
out, _ = layernorm_forward(rows, np.ones(30), np.zeros(30), {})
show_statistics("after", out, axis=1)
out, _ = layernorm_forward(rows, np.full(30, 3.0), np.full(30, 5.0), {})
show_statistics("after, gamma 3, beta 5", out, axis=1)

# %% id="layernorm-forward-check"
check("layernorm_forward")

# %% [markdown] id="layernorm-backward-text" when="layernorm_backward"
# ## Layer normalisation: backward
#
# The way back is that of batch normalisation with the axes exchanged, though not in every place.
# Write `layernorm_backward` in [[layers.layernorm_backward]]. Expect errors between `1e-12` and
# `1e-8`.

# %% [markdown] id="layernorm-backward-float32-text" when="layernorm_backward, float32"
# **Single precision.** Arrays of float32 give gradients of float32.

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

# %% [markdown] id="norm-net-text" when="net_with_normalization"
# ## Normalisation in the network
#
# Go back to `FullyConnectedNet` in [[classifiers.fc_net.FullyConnectedNet]] and put the new layers
# where the argument `normalization` asks for them, between each affine layer and its ReLU:
#
# > {affine - normalisation - relu} × (L - 1) - affine - softmax
#
# Scale and shift of the first hidden layer are the parameters `gamma1` and `beta1`, and so on; the
# last layer has none. Every batch normalisation keeps running averages of its own: the dictionaries
# `self.bn_params` are ready for that.
#
# For the gradients, expect errors up to about `1e-5` for weights under batch normalisation. There
# the gradients of `b1` and `b2` are zero but for rounding, since the normalisation takes any bias
# away again: do not wonder if their relative errors are large.

# %% id="norm-net-example"
np.random.seed(231)
X = np.random.randn(4, 15)
y = np.random.randint(10, size=4)
for kind in ("batchnorm", "layernorm"):
    model = FullyConnectedNet(
        [20, 30], input_dim=15, reg=0.5, weight_scale=5e-2, normalization=kind, dtype=np.float64
    )
    print(f"{kind}: initial loss {model.loss(X, y)[0]:.4f}")
    compare_model_gradients(model, X, y)

# %% id="norm-net-check"
check("net_with_normalization")

# %% [markdown] id="norm-training-text"
# ## What it is good for
#
# A deep network whose initial weights are too small, trained with and without normalisation.
# Without it the network is slow to start; on CIFAR-10 it hardly does.

# %% id="norm-training"
part = {
    "X_train": data["X_train"][:4000],
    "y_train": data["y_train"][:4000],
    "X_val": data["X_val"],
    "y_val": data["y_val"],
}


def train_deep(weight_scale, normalization, batch_size=50, epochs=6, hidden=100):
    """Train five layers; returns the solver."""
    np.random.seed(231)
    model = FullyConnectedNet(
        [hidden] * 4,
        input_dim=input_dim,
        weight_scale=weight_scale,
        normalization=normalization,
    )
    solver = Solver(
        model,
        part,
        update_rule="adam",
        optim_config={"learning_rate": 1e-3},
        num_epochs=epochs,
        batch_size=batch_size,
        verbose=False,
    )
    with np.errstate(all="ignore"):  # weights that are far too large may overflow
        solver.train()
    return solver


plot_training(
    {
        "no normalisation": train_deep(2e-2, None),
        "batch normalisation": train_deep(2e-2, "batchnorm"),
        "layer normalisation": train_deep(2e-2, "layernorm"),
    },
    "Small initial weights",
)

# %% [markdown] id="norm-scale-text"
# ## The scale of the initial weights
#
# How small is too small, and how large too large? The same network again, begun with weights of
# many scales, each trained for a few epochs with batch normalisation and without. The pictures show
# how far it has come, as a function of the weight scale.

# %% id="norm-scale"
scales = np.logspace(-4, 0.5, 10)
results = {
    "no normalisation": [train_deep(scale, None, epochs=4) for scale in scales],
    "batch normalisation": [train_deep(scale, "batchnorm", epochs=4) for scale in scales],
}

_, (accuracies, losses) = plt.subplots(1, 2, figsize=(12, 4))
for name, solvers in results.items():
    accuracies.semilogx(scales, [max(solver.val_acc_history) for solver in solvers], "o-")
    ends = [np.mean(solver.loss_history[-10:]) for solver in solvers]
    losses.loglog(scales, ends, "o-", label=name)
accuracies.set(title="best validation accuracy", xlabel="weight scale", ylim=(0, 1.03))
losses.set(title="training loss at the end", xlabel="weight scale")
losses.legend()
plt.show()

# %% [markdown] id="inline-norm-scale" role="answer" points=1
# **Question.** What does the scale of the initial weights do to the network without normalisation,
# at both ends of the range, and to the one with batch normalisation? Explain the difference.
#
# <!-- BEGIN SOLUTION inline_norm_scale -->
# <!-- TODO: Three or four sentences. -->
# Without normalisation only a narrow range of scales trains well. Weights below it let the signal,
# and with it the gradients, fade by a factor in each layer, so that hardly anything moves; weights
# above it make both explode, the first losses are huge and the steps cannot repair them. Batch
# normalisation divides the output of every layer by its deviation, so that a factor on the weights
# cancels: the signal has the same size whatever they were multiplied by, and the network trains
# with weights that are a hundred times smaller. It is not free of the scale, above all at the upper
# end: the last layer is not normalised, and the gradient shrinks as the weights grow.
# <!-- END SOLUTION inline_norm_scale -->

# %% [markdown] id="norm-batch-text"
# ## The size of the batch
#
# Batch normalisation knows the mean and the deviation of a feature only as well as the batch at
# hand shows them. Here the batches become smaller and smaller, down to five examples. The number of
# epochs is the same for all, so smaller batches mean more steps: compare each curve with that of
# the network without normalisation which has had the same batches.

# %% id="norm-batch"
sizes = (5, 10, 50)
kinds = {"none": None, "batch": "batchnorm", "layer": "layernorm"}

_, panels = plt.subplots(1, len(sizes), figsize=(15, 4), sharey=True)
for panel, size in zip(panels, sizes):
    for name, kind in kinds.items():
        solver = train_deep(5e-2, kind, batch_size=size, epochs=5, hidden=50)
        panel.plot(solver.val_acc_history, "o-", label=f"normalisation: {name}")
        print(f"batches of {size:>2}, {name:>5}: best {max(solver.val_acc_history):.3f}")
    panel.set(title=f"validation accuracy, batches of {size}", xlabel="epoch", ylim=(0, 1.03))
panels[0].legend()
plt.tight_layout()
plt.show()

# %% [markdown] id="inline-norm-batch" role="answer" points=1
# **Question.** How does the size of the batch change what batch normalisation is worth, and why?
# Would you expect the same of layer normalisation?
#
# <!-- BEGIN SOLUTION inline_norm_batch -->
# <!-- TODO: Three or four sentences; refer to the curves. -->
# With batches of fifty the network is far ahead of the plain one; with batches of five most of the
# advantage is gone, and the one with layer normalisation is better. Mean and deviation of a few
# examples are poor guesses: each example is moved and scaled by an amount that depends on which
# others happen to be in its batch, and the running averages that testing uses are not what training
# has seen. Layer normalisation takes its statistics over the features of one example, so that the
# size of the batch makes no difference to them; what suffers there is only what always suffers from
# small batches, the noise of the gradients.
# <!-- END SOLUTION inline_norm_batch -->

# %% [markdown] id="preprocessing-text" when="choice_preprocessing"
# ## Normalisation and preprocessing
#
# Data are often normalised before they reach a network at all. Such steps differ in the same way as
# the layers of this notebook do: in what the statistics are taken over.

# %% [markdown] id="choice-preprocessing" role="answer"
# **Question (select all that apply).** Each of these steps is applied to all images before
# training. Which of them are like *batch* normalisation, in that a number of an image is changed by
# statistics of the same place in many images?
#
# 1. Every image is divided by the root of the sum of its own squared pixels.
# 2. For every pixel, the mean over the training set is subtracted and the result divided by the
#    deviation over the training set.
# 3. All pixels are divided by 255.
# 4. The mean image of the training set is subtracted from every image.
# 5. From every image its own mean brightness is subtracted, and the rest divided by its own
#    deviation.
#
# Every right pick earns its share, every wrong pick loses as much, and no question earns less than
# nothing. If you like, add below the picks which steps are like layer normalisation.
#
# <!-- BEGIN SOLUTION choice_preprocessing -->
# <!-- TODO: Write the numbers of your picks behind "Answer:", separated by commas, in one line. -->
# Answer: 2, 4
# <!-- END SOLUTION choice_preprocessing -->
