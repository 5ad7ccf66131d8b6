# %% id="first-layers-setup" role="setup"
from convnet.layer_utils import affine_relu_backward, affine_relu_forward
from convnet.layers import (
    affine_backward,
    affine_forward,
    relu_backward,
    relu_forward,
    softmax_loss,
    svm_loss,
)

# %% [markdown] id="layers-text" when="affine_forward"
# ## Layers, forward and backward
#
# Every layer consists of two functions:
#
# - **forward** takes the input $x$ and the layer's parameters, and returns the output together with
#   a *cache*: whatever the way back will need. What goes into the cache is your choice.
# - **backward** takes $\partial L/\partial \mathrm{out}$, called `dout`, and the cache. It returns
#   the gradient of the loss $L$ with respect to each thing that went in: `dx`, `dw`, `db`, ...
#   A gradient always has the shape of what it belongs to.

# %% [markdown] id="affine-forward-text" when="affine_forward"
# ## Affine layer: forward
#
# Every example $x_i$, whatever its shape, is laid out as one row of $D$ numbers. With weights
# $W$ of shape $(D, M)$ and a bias $b$ of shape $(M,)$ the layer computes
#
# $$\mathrm{out} = X W + b .$$
#
# Write `affine_forward` in [[layers.affine_forward]]. Then run the next cell; expect an error of
# about `1e-9`, which is as exact as the printed numbers are.

# %% [markdown] id="affine-forward-float32-text" when="affine_forward, float32"
# **Single precision.** Arrays of float32 give an output of float32. `np.zeros` makes float64 if
# it is not told otherwise.

# %% id="affine-forward-example"
images, weights = evenly(-0.1, 0.5, 2, 4, 5, 6), evenly(-0.2, 0.3, 4 * 5 * 6, 3)
scores, _ = affine_forward(images, weights, evenly(-0.3, 0.1, 3))
published = np.array([[1.49834967, 1.70660132, 1.91485297], [3.25553199, 3.5141327, 3.77273342]])
compare(out=(scores, published))

# %% id="affine-forward-check"
check("affine_forward")

# %% [markdown] id="affine-backward-text" when="affine_backward"
# ## Affine layer: backward
#
# Every output is a sum of products, so each gradient is a matrix product as well. You can find
# which one on paper, for one element of $W$, or let the shapes guide you: there are few ways to
# combine $(N, M)$ with $(D, M)$ to get $(N, D)$.
#
# Write `affine_backward` in [[layers.affine_backward]]. The next cell compares it with *numeric*
# gradients: every element of an input is moved a little to both sides, and the change of $\sum
# \mathrm{out} \cdot \mathrm{dout}$ is measured. Expect errors around `1e-10`.

# %% [markdown] id="affine-backward-float32-text" when="affine_backward, float32"
# **Single precision.** Arrays of float32 give gradients of float32.

# %% id="affine-backward-example"
arrays = normal(x=(10, 2, 3), w=(6, 5), b=(5,), dout=(10, 5))
compare_layer(affine_forward, affine_backward, **arrays)

# %% id="affine-backward-check"
check("affine_backward")

# %% [markdown] id="relu-forward-text" when="relu_forward"
# ## ReLU: forward
#
# Without something that is not linear between them, a hundred affine layers would be no more than
# one. The *rectified linear unit* is the simplest such thing: $\max(0, x)$ for every element.
#
# Write `relu_forward` in [[layers.relu_forward]]. Expect an error of about `5e-8`, from the
# rounding of the printed numbers.

# %% id="relu-forward-example"
bent, _ = relu_forward(evenly(-0.5, 0.5, 3, 4))
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

# %% [markdown] id="relu-backward-text" when="relu_backward"
# ## ReLU: backward
#
# Where the input passed through, its gradient passes back; where it was cut off, changing it a
# little changes nothing. Write `relu_backward` in [[layers.relu_backward]], and expect an error
# around `1e-12`.

# %% [markdown] id="relu-backward-float32-text" when="relu_backward, float32"
# **Single precision.** An input and a gradient of float32 give a gradient of float32.

# %% id="relu-backward-example"
compare_layer(relu_forward, relu_backward, **normal(x=(10, 10), dout=(10, 10)))

# %% id="relu-backward-check"
check("relu_backward")

# %% [markdown] id="inline-dead-units" role="answer" points=1
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

# %% [markdown] id="sandwich-text" when="affine_backward"
# ## Two layers in one
#
# An affine layer is nearly always followed by a ReLU, so [[layer_utils.affine_relu_forward]] has
# the two as one pair of functions. Nothing is to be written; read `affine_relu_forward` and
# `affine_relu_backward` and note in which order they use the caches. Errors around `1e-10` show
# that your layers fit together.

# %% id="sandwich-example"
arrays = normal(x=(2, 3, 4), w=(12, 10), b=(10,), dout=(2, 10))
compare_layer(affine_relu_forward, affine_relu_backward, **arrays)

# %% [markdown] id="softmax-text" when="softmax_loss"
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
# Write `softmax_loss` in [[layers.softmax_loss]]. With tiny random scores all classes are about
# equally likely, so the loss should be close to $\log 10 \approx 2.3026$; the gradient's error
# should be around `1e-8`.

# %% [markdown] id="softmax-float32-text" when="softmax_loss, float32"
# **Single precision.** Scores of float32 give a gradient of float32.

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

# %% [markdown] id="svm-text" when="svm_loss"
# ## SVM loss
#
# The multi-class hinge loss asks for less: the right class should win by a margin of 1, and beyond
# that nothing matters.
#
# $$L = \frac1N \sum_{i=1}^N \sum_{j \ne y_i} \max(0,\ s_{ij} - s_{i, y_i} + 1)$$
#
# Each term above zero pulls at two scores, that of its class $j$ and that of the right class. Write
# `svm_loss` in [[layers.svm_loss]]. Nearly equal scores violate all nine margins, by about 1 each:
# expect a loss of about 9, and an error around `1e-9`.

# %% [markdown] id="svm-float32-text" when="svm_loss, float32"
# **Single precision.** Scores of float32 give a gradient of float32.

# %% id="svm-example"
np.random.seed(231)
x = 0.001 * np.random.randn(50, 10)
y = np.random.randint(10, size=50)

loss, dx = svm_loss(x, y)
numeric = eval_numerical_gradient(lambda s: svm_loss(s, y)[0], x, verbose=False)
print(f"loss {loss:.9f}, published 8.999602749")
compare(dx=(dx, numeric))

# %% id="svm-check"
check("svm_loss")

# %% [markdown] id="losses-given-text" when="not softmax_loss"
# ## Loss layers, given
#
# The last layer of a network gives every example a score for each of the $C$ classes, and a loss
# layer says how good the scores are. Two of them are given in [[layers.softmax_loss]]; read both,
# forward and gradient. With the scores $s$ and the right classes $y$ they are, as means over the
# $N$ examples of a batch,
#
# $$L_{\mathrm{softmax}} = -\frac1N \sum_i \log \frac{e^{s_{i, y_i}}}{\sum_k e^{s_{ik}}}, \qquad
# L_{\mathrm{svm}} = \frac1N \sum_i \sum_{j \ne y_i} \max(0,\ s_{ij} - s_{i, y_i} + 1) .$$
#
# The first turns the scores into probabilities and asks for a large one of the right class; the
# second is content once the right class is ahead of all others by 1. Run the next cell. With ten
# classes and scores near zero, expect about $\log 10 \approx 2.3026$ from the first and 9 from the
# second: can you tell why? The errors of the gradients should be around `1e-8` and `1e-9`.

# %% id="losses-given-example"
np.random.seed(231)
x = 0.001 * np.random.randn(50, 10)
y = np.random.randint(10, size=50)

for name, given in (("softmax", softmax_loss), ("svm", svm_loss)):
    loss, dx = given(x, y)
    numeric = eval_numerical_gradient(lambda s: given(s, y)[0], x, verbose=False)
    print(f"{name}: loss {loss:.9f}")
    compare(dx=(dx, numeric))


# %% [markdown] id="two-layer-text" when="two_layer_net"
# ## A network of two layers
#
# Time to stack: *affine - relu - affine - softmax*. `TwoLayerNet` is in
# [[classifiers.fc_net.TwoLayerNet]]. Read all of it, since every network of this course has the
# same two methods, and fill in both regions. With a regularisation strength $\lambda$ (`reg`) the
# loss is
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
    model.params[name] = evenly(low, high, *shape)
X = evenly(-5.5, 4.5, features, 3).T
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
