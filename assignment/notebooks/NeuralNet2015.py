# %% [markdown] id="title"
# # Networks as functions
#
# Before networks were classes they were functions: the parameters lie in a dictionary, and one
# function turns a batch and that dictionary into scores, or into a loss and a dictionary of
# gradients. Nothing is hidden in such a network, and a trainer that knows nothing about it can
# train it. In this notebook you write two of them and the heart of the trainer.
#
# **How to work.** Each section names the function to write and where it is. Write it there, run the
# cells below the text, and compare the errors with those that are given. The cell `check("...")`
# runs the checks that come with the assignment and shows what differs.

# %% include="helpers"

# %% id="setup" role="setup"
from convnet.classifier_trainer import ClassifierTrainer
from convnet.classifiers.convnet import init_two_layer_convnet, two_layer_convnet
from convnet.classifiers.neural_net import init_two_layer_model, two_layer_net
from convnet.vis_utils import visualize_grid


def compare_function_gradients(function, X, model, y, reg, h=1e-5):
    """Compare all gradients that a network's function returns with numeric ones."""
    _, grads = function(X, model, y, reg)
    for name in sorted(grads):
        numeric = eval_numerical_gradient(
            lambda _: function(X, model, y, reg)[0], model[name], verbose=False, h=h
        )
        compare(**{name: (grads[name], numeric)})


def train_on_a_handful(**options):
    """Train a small network on ten examples, all at once; prints the first and the last loss."""
    generator = np.random.RandomState(231)
    X, y = 5 * generator.randn(10, 4), generator.randint(3, size=10)
    model = {
        "W1": 0.3 * generator.randn(4, 20),
        "b1": np.zeros(20),
        "W2": 0.3 * generator.randn(20, 3),
        "b2": np.zeros(3),
    }
    trainer = ClassifierTrainer()
    settings = {"learning_rate_decay": 1, "sample_batches": False, "num_epochs": 100, **options}
    _, losses, _, _ = trainer.train(X, y, X, y, model, two_layer_net, **settings)
    print(f"loss {losses[0]:.3f} at first, {losses[-1]:.4f} after {len(losses)} steps")


def plot_histories(histories, title):
    """Draw loss and accuracies of trainings, given as what ``train`` returned, by name."""
    figure, panels = plt.subplots(1, 3, figsize=(15, 4))
    for name, (_, losses, train, val) in histories.items():
        panels[0].plot(losses, ".", label=name)
        panels[1].plot(train, "o-", label=name)
        panels[2].plot(val, "o-", label=name)
    for panel, label in zip(panels, ("loss", "training accuracy", "validation accuracy")):
        panel.set_title(label)
    panels[0].legend()
    figure.suptitle(title)
    figure.tight_layout()
    plt.show()


# %% [markdown] id="function-text" when="neural_net"
# ## A network of two layers in one function
#
# `two_layer_net` is in [[classifiers.neural_net.two_layer_net]]. It computes, for a batch $X$ of
# $N$ rows and the parameters $W_1, b_1, W_2, b_2$,
#
# $$H = \max(0,\ X W_1 + b_1), \qquad S = H W_2 + b_2, \qquad P_{ij} = \frac{e^{S_{ij}}}{\sum_k
# e^{S_{ik}}}, \qquad L = -\frac1N \sum_i \log P_{i, y_i} + \frac{\lambda}{2} \Big(\sum W_1^2 + \sum
# W_2^2\Big).$$
#
# The way back begins with $\partial L / \partial S = (P - Y) / N$, where $Y$ has a one in each row,
# at the right class, and zeros elsewhere. Everything else follows from the chain rule, one matrix
# product for each product on the way forward.
#
# Fill in the three regions. For the evenly spaced numbers of the next cell the losses are
# 3.4702243556 without and 26.5948426952 with regularisation; gradients should agree to `1e-7`.

# %% id="function-example"
spaced = {
    "W1": evenly(-0.7, 0.3, 5, 50),
    "b1": evenly(-0.1, 0.9, 50),
    "W2": evenly(-0.3, 0.4, 50, 7),
    "b2": evenly(-0.9, 0.1, 7),
}
X = evenly(-5.5, 4.5, 5, 3).T
y = np.array([0, 5, 1])
for reg in (0.0, 1.0):
    print(f"reg {reg:g}: loss {two_layer_net(X, spaced, y, reg)[0]:.10f}")
compare_function_gradients(two_layer_net, X, spaced, y, reg=0.7)

# %% id="function-check"
check("neural_net")

# %% [markdown] id="trainer-text" when="trainer_momentum"
# ## A trainer for any function: momentum
#
# `ClassifierTrainer`, in [[classifier_trainer.ClassifierTrainer]], draws batches, asks the function
# for gradients, changes every parameter, and takes the accuracies now and then. Read it: the change
# of a parameter $w$ with the gradient $g$ is all that is missing. With momentum $\mu$ and learning
# rate $\alpha$ each step keeps a share of the one before,
#
# $$v \leftarrow \mu v - \alpha g, \qquad w \leftarrow w + v .$$
#
# Write the region in `_momentum_change`. The network below should learn a handful of examples by
# heart: the loss falls below 0.1.

# %% id="trainer-example"
train_on_a_handful(update="momentum", momentum=0.9, learning_rate=0.05)

# %% id="trainer-check"
check("trainer_momentum")

# %% [markdown] id="rmsprop-text" when="trainer_rmsprop"
# ## A trainer for any function: RMSProp
#
# RMSProp gives every element of a parameter a step size of its own, by a running mean $c$ of its
# squared gradient:
#
# $$c \leftarrow 0.99\, c + 0.01\, g^2, \qquad w \leftarrow w - \frac{\alpha\, g}{\sqrt{c +
# 10^{-8}}} .$$
#
# Mind where the smoothing stands: here it is inside the root. Write the region in `_rmsprop_change`.

# %% id="rmsprop-example"
train_on_a_handful(update="rmsprop", learning_rate=0.01)

# %% id="rmsprop-check"
check("trainer_rmsprop")

# %% [markdown] id="inline-rmsprop-2015" role="answer" points=1
# **Question.** What would go wrong in the first step without the smoothing term, and how does its
# effect differ between the two places where courses and libraries put it, inside the root and
# outside?
#
# <!-- BEGIN SOLUTION inline_rmsprop_2015 -->
# <!-- TODO: Two or three sentences. -->
# Where a gradient has been zero so far, the running mean is zero too, and the quotient is no
# number. Inside the root the term acts like its own root: 1e-8 there is worth 1e-4 outside, so that
# elements whose gradients stay below about 1e-4 take steps in proportion to them again, while with
# 1e-8 outside even gradients of 1e-7 are blown up to full steps.
# <!-- END SOLUTION inline_rmsprop_2015 -->

# %% [markdown] id="training-text" when="neural_net"
# ## Training the network of two layers
#
# Now on pictures, with each of the three rules. Examples are rows here. On the digits every rule
# should get beyond 90 % of the validation images, on CIFAR-10 beyond 45 %.

# %% id="training"
flat = {
    name: array.reshape(len(array), -1) if name.startswith("X") else array
    for name, array in data.items()
}
rates = {"sgd": 1e-4, "momentum": 1e-5, "rmsprop": 1e-4} if on_cifar else {
    "sgd": 0.5,
    "momentum": 0.1,
    "rmsprop": 3e-3,
}
histories = {}
for rule, rate in rates.items():
    np.random.seed(231)
    # The trainer begins where the dictionary is: with larger weights than 1e-5 it is faster.
    network = init_two_layer_model(flat["X_train"].shape[1], 100, 10)
    for name in ("W1", "W2"):
        network[name] *= 1e2 if on_cifar else 1e4
    histories[rule] = ClassifierTrainer().train(
        flat["X_train"],
        flat["y_train"],
        flat["X_val"],
        flat["y_val"],
        network,
        two_layer_net,
        reg=1e-3,
        learning_rate=rate,
        momentum=0.9,
        update=rule,
        num_epochs=15,
        batch_size=50,
    )
    print(f"{rule:>9}: best validation accuracy {max(histories[rule][3]):.3f}")
plot_histories(histories, "Three rules")

# %% id="training-weights"
best = histories["momentum"][0]
shape = (*input_dim, -1)
weights = best["W1"].reshape(shape).transpose(3, 1, 2, 0)
grid = visualize_grid(weights[:64]).astype(np.uint8)
plt.imshow(grid if on_cifar else grid[:, :, 0])
plt.title("what 64 hidden units look for")
plt.axis("off")
plt.show()

# %% include="first_layers"

# %% [markdown] id="convolution-mathematics-text" when="conv_forward"
# ## Convolution and pooling are linear
#
# Before you write them, look at what they are. Lay out the pieces of a padded image $x$, one a row,
# as a matrix $\phi(x)$ of shape $(H'W',\ C\,HH\,WW)$, and the filters as the columns of a matrix
# $F$. Then the convolution of the image is
#
# $$Y = \phi(x)\, F ,$$
#
# and since $\phi$ only copies numbers, it is linear; it has a transpose $\phi^*$, which adds every
# number of such a matrix up at the pixel that it was copied from. The gradients are those of any
# matrix product:
#
# $$\frac{\partial L}{\partial F} = \phi(x)^T\, \frac{\partial L}{\partial Y}, \qquad
# \frac{\partial L}{\partial x} = \phi^*\Big(\frac{\partial L}{\partial Y}\, F^T\Big) .$$
#
# Max pooling picks: for a given $x$ it is a matrix $S$ of zeros and ones, with one 1 in each row,
# $\mathrm{vec}\, y = S\, \mathrm{vec}\, x$. So $\partial L/\partial\, \mathrm{vec}\, x = S^T\,
# \partial L/\partial\, \mathrm{vec}\, y$: every gradient goes back to the pixel that was picked, and
# where a pixel was picked more than once, the gradients add up.

# %% include="convolution"

# %% [markdown] id="convnet-text" when="two_layer_convnet"
# ## A ConvNet as a function
#
# The same again with a convolution in front: *conv - relu - 2 × 2 max pool - affine - softmax*.
# `two_layer_convnet` is in [[classifiers.convnet.two_layer_convnet]], and the layers that it needs
# are in [[layer_utils.conv_relu_pool_forward]]. The first loss should be about $\log 10 \approx
# 2.3026$; gradients should agree to `1e-5`.

# %% id="convnet-example"
np.random.seed(231)
images, labels = np.random.randn(20, 3, 32, 32), np.random.randint(10, size=20)
print(f"first loss {two_layer_convnet(images, init_two_layer_convnet(), labels)[0]:.4f}")

images, labels = np.random.randn(2, 3, 8, 8), np.random.randint(10, size=2)
network = init_two_layer_convnet(
    weight_scale=0.1, bias_scale=0.1, input_shape=(3, 8, 8), num_filters=3, filter_size=3
)
compare_function_gradients(two_layer_convnet, images, network, labels, reg=0.3, h=1e-6)

# %% id="convnet-check"
check("two_layer_convnet")

# %% [markdown] id="convnet-overfit-text"
# **Fifty images by heart** first: the training accuracy should reach 1.

# %% id="convnet-overfit"
np.random.seed(231)
settings = {"input_shape": input_dim, "filter_size": 5, "num_filters": 16}
network = init_two_layer_convnet(weight_scale=1e-3 if on_cifar else 5e-2, **settings)
few = ClassifierTrainer().train(
    data["X_train"][:50],
    data["y_train"][:50],
    data["X_val"],
    data["y_val"],
    network,
    two_layer_convnet,
    learning_rate=1e-4 if on_cifar else 0.03,
    momentum=0.9,
    learning_rate_decay=1,
    batch_size=10,
    num_epochs=20,
)
print(f"training accuracy {few[2][-1]:.2f}")
plot_histories({"fifty images": few}, "Fifty images by heart")

# %% [markdown] id="convnet-train-text"
# **Then all of them**, for a few epochs. On the digits about 95 % of the validation images should
# come out right, on CIFAR-10 about half.

# %% id="convnet-train"
np.random.seed(231)
network = init_two_layer_convnet(weight_scale=1e-3 if on_cifar else 5e-2, **settings)
first_filters = network["W1"].copy()
trained = ClassifierTrainer().train(
    data["X_train"],
    data["y_train"],
    data["X_val"],
    data["y_val"],
    network,
    two_layer_convnet,
    reg=1e-3,
    learning_rate=1e-4 if on_cifar else 0.03,
    momentum=0.9,
    batch_size=50,
    num_epochs=2 if on_cifar else 10,
    verbose=True,
)
plot_histories({"ConvNet": trained}, "A ConvNet of two layers")

# %% id="convnet-filters"
_, panels = plt.subplots(1, 2, figsize=(8, 4))
for panel, title, filters in zip(
    panels, ("filters at first", "filters after training"), (first_filters, trained[0]["W1"])
):
    grid = visualize_grid(filters.transpose(0, 2, 3, 1)).astype(np.uint8)
    panel.imshow(grid if on_cifar else grid[:, :, 0])
    panel.set_title(title)
    panel.axis("off")
plt.show()
