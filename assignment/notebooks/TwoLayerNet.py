# %% [markdown] id="title"
# # A network of two layers
#
# The smallest network that deserves the name: one hidden layer. You write its parts, each able to
# compute its output and to send a gradient back, put them together, train the whole, and look for
# the settings with which it learns best.
#
# **How to work.** Each section names the function to write and where it is. Write it there, run the
# cells below the text, and compare the errors with those that are given. The cell `check("...")`
# runs the checks that come with the assignment and shows what differs. Some answers are written in
# this notebook, between the markers `BEGIN YOUR ...` and `END YOUR ...`; leave the markers as they
# are.

# %% include="helpers"

# %% include="models"

# %% id="setup" role="setup"
from convnet.classifiers.fc_net import TwoLayerNet
from convnet.vis_utils import visualize_grid


def accuracy(model, data, part):
    """The share of a part of the data, val or test, that a model gets right."""
    return np.mean(np.argmax(model.loss(data[f"X_{part}"]), axis=1) == data[f"y_{part}"])


def show_weights(model, shape, title):
    """Draw the weights of each hidden unit as a picture of the shape (C, H, W)."""
    units = model.params["W1"].T.reshape(-1, *shape).transpose(0, 2, 3, 1)
    grid = visualize_grid(units).astype(np.uint8)
    plt.figure(figsize=(7, 7))
    plt.imshow(grid if shape[0] == 3 else grid[:, :, 0])
    plt.title(title)
    plt.axis("off")
    plt.show()


# %% include="first_layers"

# %% [markdown] id="questions-text"
# ## Questions on the layers
#
# Two questions before the network is trained. Write the numbers of your picks between the markers,
# in one line.

# %% [markdown] id="choice-initial-loss" role="answer"
# **Question (select one).** A new network has tiny random weights and has to tell 100 classes
# apart. Before it is trained its loss, without regularisation, is about ...
#
# 1. $\log 10 \approx 2.3$ with the softmax loss, 9 with the SVM loss;
# 2. 0.01 with the softmax loss, 1 with the SVM loss;
# 3. $\log 100 \approx 4.6$ with the softmax loss, 99 with the SVM loss;
# 4. 100 with the softmax loss, 0 with the SVM loss.
#
# Only the one right pick earns the points.
#
# <!-- BEGIN SOLUTION choice_initial_loss -->
# <!-- TODO: Write the number of your pick behind "Answer:". -->
# Answer: 3
# <!-- END SOLUTION choice_initial_loss -->

# %% [markdown] id="choice-saturation" role="answer"
# **Question (select all that apply).** Other functions have been used where this network has its
# ReLU, each applied to every element. For which of them is there a whole range of inputs in which
# the derivative is zero or as good as zero, so that hardly any gradient gets through?
#
# 1. $\tanh(x)$
# 2. the leaky ReLU, $\max(0.1\,x,\ x)$
# 3. the sigmoid, $1 / (1 + e^{-x})$
# 4. the absolute value, $|x|$
# 5. the ReLU, $\max(0,\ x)$
#
# Every right pick earns its share, every wrong pick loses as much, and no question earns less than
# nothing.
#
# <!-- BEGIN SOLUTION choice_saturation -->
# <!-- TODO: Write the numbers of your picks behind "Answer:", separated by commas, in one line. -->
# Answer: 1, 3, 5
# <!-- END SOLUTION choice_saturation -->

# %% [markdown] id="train-text" when="train_two_layer"
# ## Training
#
# The `Solver`, in [[solver.Solver]], draws batches, asks a model for its loss and gradients, moves
# the parameters by an update rule, and writes down how it went. Read its docstring.
#
# Write a function that builds a `TwoLayerNet` with 50 to 100 hidden units, trains it with a
# `Solver` and returns it. This is a start, not yet a search: plain gradient descent with settings
# that you guess is good enough. On CIFAR-10 36 % of the validation images should come out right, and
# 34 % of test images that only the graders have; of the digits 88 % and 86 %. The pixels of CIFAR-10
# go up to 255 and those of the digits up to 1, so the two want other weight scales and other learning
# rates. A Solver does not guess the learning rate; you give it as
# `optim_config={"learning_rate": ...}`.

# %% id="train-answer" role="answer"


def train_two_layer(data):
    """Train a TwoLayerNet on ``data``; return the trained model."""
    # BEGIN SOLUTION train_two_layer
    # TODO: Build a TwoLayerNet for images of the shape of data["X_train"], train it with a Solver
    # for a few epochs, and return it.
    shape = data["X_train"].shape[1:]
    scale, rate = (1e-3, 1e-3) if shape[-1] == 32 else (1e-1, 5e-1)
    net = TwoLayerNet(input_dim=shape, hidden_dim=64, weight_scale=scale)
    trainer = Solver(
        net,
        data,
        optim_config={"learning_rate": rate},
        lr_decay=0.95,
        num_epochs=8,
        batch_size=50,
        print_every=1000,
    )
    trainer.train()
    return net
    # END SOLUTION train_two_layer


# %% [markdown] id="curves-text"
# The next cell trains your network and looks on: it keeps every `Solver` that is made meanwhile, so
# that the curves can be drawn afterwards.

# %% id="curves-example"


def watched(train, data):
    """What a training function returns, and the last Solver that it has used, if any."""
    used = []
    begin = Solver.train

    def train_and_note(solver):
        used.append(solver)
        return begin(solver)

    Solver.train = train_and_note
    try:
        return train(data), (used or [None])[-1]
    finally:
        Solver.train = begin


np.random.seed(231)
first_model, first_solver = watched(train_two_layer, data)
print(f"validation accuracy: {accuracy(first_model, data, 'val'):.3f}")
if first_solver:
    plot_training({"two layers": first_solver}, "A first training")

# %% id="train-check"
check("train_two_layer")

# %% [markdown] id="weights-text"
# What does a hidden unit look for? Its weights have the shape of an image, so they can be looked at
# as one: bright where a pixel excites the unit, dark where it holds it back. On CIFAR-10 a network
# that has learnt well shows blobs of colour and faint shapes. The digits are learnt so quickly that
# much of the noise that the weights began with is still there.

# %% id="weights-example"
show_weights(first_model, input_dim, "What the hidden units look for")

# %% [markdown] id="wrong-text" when="train_two_layer"
# ## What is wrong with the training?
#
# A training that did not go well usually tells why, if one looks at it:
#
# - **The loss falls in a nearly straight line and still falls at the end**: the learning rate is
#   too low, or the training too short.
# - **The loss jumps up and down, or becomes `nan`**: the learning rate is too high.
# - **The loss stays for a long time where it began**: the initial weights are too small, or the
#   learning rate is.
# - **Training and validation accuracy go together and stay low**: the network is too small, or
#   regularised too much.
# - **The training accuracy runs ahead of the validation accuracy**: overfitting. More
#   regularisation, fewer epochs or more data help.
# - **Pictures of weights that look like noise**, on CIFAR-10: these units have hardly learnt
#   anything yet.
#
# The next cell trains the same network with three learning rates, one of which is far too low and
# one too high. Find for each curve the line of the list that fits, and then look at your own
# curves again.

# %% id="wrong-example"
middle = 1e-3 if on_cifar else 5e-1
few = {"X_train": data["X_train"][:5000], "y_train": data["y_train"][:5000]}
few |= {"X_val": data["X_val"], "y_val": data["y_val"]}
by_rate = {}
for rate in (middle / 30, middle, middle * (5 if on_cifar else 16)):
    np.random.seed(231)
    model = TwoLayerNet(input_dim=input_dim, hidden_dim=50, weight_scale=1e-3 if on_cifar else 1e-1)
    solver = Solver(
        model, few, optim_config={"learning_rate": rate}, num_epochs=8, batch_size=50, verbose=False
    )
    with np.errstate(all="ignore"):  # too high a rate may overflow
        solver.train()
    by_rate[f"rate {rate:.1e}"] = solver
plot_training(by_rate, "Three learning rates")

# %% [markdown] id="search-text" when="best_two_layer_net"
# ## Searching for better settings
#
# Now find out how good two layers can be. There are the number of hidden units, the learning rate
# and its decay, the number of epochs, the batch size, the weight scale and the strength of the
# regularisation. Trying all of them by hand is no fun; let loops do it, and let the **validation**
# accuracy choose. Search coarsely first, by factors of three or ten and with short trainings, then
# finely around the best.
#
# Write a function that tries several settings and returns the best model that it has found. More
# than 48 % of the validation *and* of the test images of CIFAR-10 should come out right, and 52 %
# can be reached; of the digits 93 % and 92 %. The function is run again when your work is graded,
# with test images that only the graders have: leave only as many settings in it as it can try in a
# few minutes.

# %% id="search-answer" role="answer"


def best_two_layer_net(data):
    """Train TwoLayerNets with several settings; return the one that validates best."""
    # BEGIN SOLUTION best_two_layer_net
    # TODO: Go through several settings, train a network with each, and keep the one whose Solver
    # has the best best_val_acc. Print what you try: it helps to choose what to try next.
    shape = data["X_train"].shape[1:]
    if shape[-1] == 32:
        scale, epochs, trials = 1e-3, 10, ((1e-3, 0.05), (1e-3, 0.5), (5e-4, 0.1))
    else:
        scale, epochs, trials = 1e-1, 30, ((0.2, 1e-3), (0.5, 1e-4), (0.5, 1e-3), (0.5, 5e-3))
    best_accuracy, best_net = -1.0, None
    for rate, reg in trials:
        net = TwoLayerNet(input_dim=shape, hidden_dim=120, weight_scale=scale, reg=reg)
        settings = {"optim_config": {"learning_rate": rate}, "lr_decay": 0.93}
        trainer = Solver(net, data, num_epochs=epochs, batch_size=100, verbose=False, **settings)
        trainer.train()
        print(f"rate {rate:g}, reg {reg:g}: {trainer.best_val_acc:.3f}")
        if trainer.best_val_acc > best_accuracy:
            best_accuracy, best_net = trainer.best_val_acc, net
    return best_net
    # END SOLUTION best_two_layer_net


# %% id="search-example"
np.random.seed(231)
best_model = best_two_layer_net(data)
show_weights(best_model, input_dim, "The best network")

# %% [markdown] id="evaluation-text" when="best_two_layer_net"
# ## Evaluation
#
# The test set comes last and once: as soon as settings are chosen by it, it says nothing any more
# about images that nobody has seen.

# %% id="evaluation-example"
for part in ("val", "test"):
    print(f"{part:>5}: accuracy {accuracy(best_model, data, part):.3f}")

# %% id="evaluation-check"
check("best_two_layer_net")

# %% [markdown] id="gap-text" when="choice_gap"
# ## The gap
#
# A network nearly always does better on the images that it was trained on than on others.

# %% [markdown] id="choice-gap" role="answer"
# **Question (select all that apply).** A network gets 62 % of its training images right, and 49 %
# of the test images. Which of these changes can be expected to bring the two numbers closer
# together?
#
# 1. Twice as many hidden units.
# 2. A larger `reg`.
# 3. Training for more epochs with the same settings.
# 4. Many more images to train on.
# 5. Stopping as soon as the validation accuracy no longer rises.
#
# Every right pick earns its share, every wrong pick loses as much, and no question earns less than
# nothing.
#
# <!-- BEGIN SOLUTION choice_gap -->
# <!-- TODO: Write the numbers of your picks behind "Answer:", separated by commas, in one line. -->
# Answer: 2, 4, 5
# <!-- END SOLUTION choice_gap -->

# %% [markdown] id="inline-gap-explained" role="answer" points=1
# **Explain your picks**: what does each of the changes do to the training accuracy, and what to the
# test accuracy?
#
# <!-- BEGIN SOLUTION inline_gap_explained -->
# <!-- TODO: A sentence or two on each. -->
# The gap is overfitting: the network has learnt properties of its training images that others do
# not share. More images leave less room for such accidents, so that the test accuracy rises and the
# training accuracy falls a little. Stronger regularisation keeps the weights small and so forbids
# the sharp bends that are needed to fit single images; the training accuracy falls, and the test
# accuracy rises unless it is overdone. Stopping early leaves the training before it turns to the
# accidents. More units give more room to learn by heart, and more epochs more time: both raise the
# training accuracy above all.
# <!-- END SOLUTION inline_gap_explained -->
