# %% [markdown] id="title"
# # Dropout
#
# A network with more weights than it needs learns its training examples by heart, and units come to
# rely on what a few others happen to do. Dropout forbids that: in every step of the training it
# switches off a random share of the units.
#
# **How to work.** Each section names the function to write and where it is. Write it there, run the
# cells below the text, and compare the errors with those that are given. The cell `check("...")`
# runs the checks that come with the assignment and shows what differs.

# %% include="helpers"

# %% include="models"

# %% id="setup" role="setup"
from convnet.classifiers.fc_net import FullyConnectedNet
from convnet.layers import dropout_backward, dropout_forward

# %% [markdown] id="dropout-text" when="dropout_forward"
# ## Dropout: forward
#
# Dropout (N. Srivastava and others, JMLR 2014) switches hidden units off at random while a network
# trains, so that none can rely on a few others. Here `p` is the probability to **keep** a unit.
# Units that are kept are divided by `p`: the mean of each output is then the input itself, and at
# test time there is nothing to do. This is called *inverted* dropout.
#
# Write `dropout_forward` in [[layers.dropout_forward]]. In training, the mean of the outputs should
# be about that of the inputs, and a share of about $1 - p$ of them zero; at test time input and
# output are the same.

# %% [markdown] id="dropout-float32-text" when="dropout_forward, float32"
# **Single precision.** An input of float32 gives an output of float32, in both modes.

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

# %% [markdown] id="dropout-backward-text" when="dropout_backward"
# ## Dropout: backward
#
# The gradient goes back through the same units that the signal went through. Write
# `dropout_backward` in [[layers.dropout_backward]]; with a fixed `seed` the numeric gradient sees
# the same mask in every call. Expect an error around `1e-10`.

# %% id="dropout-backward-example"
np.random.seed(231)
x, dout = np.random.randn(10, 10) + 10, np.random.randn(10, 10)
dropout_param = {"mode": "train", "p": 0.2, "seed": 123}

_, cache = dropout_forward(x, dropout_param)
(numeric,) = numeric_gradients(lambda a: dropout_forward(a, dropout_param)[0], (x,), dout)
compare(dx=(dropout_backward(dout, cache), numeric))

# %% id="dropout-backward-check"
check("dropout_backward")

# %% [markdown] id="inline-dropout" role="answer" points=1
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

# %% [markdown] id="dropout-net-text" when="net_with_dropout"
# ## Dropout in the network
#
# Go back to `FullyConnectedNet` in [[classifiers.fc_net.FullyConnectedNet]] and let dropout follow
# every ReLU if `dropout_keep_ratio` is not 1, on the way forward and on the way back. The scores
# are not dropped. Where the network normalises as well, dropout still comes last:
#
# > {affine - [normalisation] - relu - dropout} × (L - 1) - affine - softmax
#
# With a `seed` the same units are dropped in every call, so that a numeric gradient makes sense.
# Expect errors of `1e-6` or less; for a few, where a ReLU stands right at its bend, up to `1e-5`.

# %% id="dropout-net-example"
np.random.seed(231)
X = np.random.randn(2, 15)
y = np.random.randint(10, size=2)
for ratio in (1, 0.75, 0.5):
    model = FullyConnectedNet(
        [20, 30],
        input_dim=15,
        weight_scale=5e-2,
        dropout_keep_ratio=ratio,
        dtype=np.float64,
        seed=123,
    )
    print(f"keep {ratio}: initial loss {model.loss(X, y)[0]:.4f}")
    compare_model_gradients(model, X, y)

# %% id="dropout-net-check"
check("net_with_dropout")

# %% [markdown] id="dropout-training-text"
# ## With and without
#
# Few examples, a wide layer. With dropout the network learns its examples more slowly.
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
        optim_config={"learning_rate": 5e-4 if on_cifar else 3e-3},
        num_epochs=25,
        batch_size=100,
        verbose=False,
    )
    solver.train()
    by_ratio[f"keep {ratio:g}"] = solver
plot_training(by_ratio, "500 examples, with and without dropout")

# %% [markdown] id="inline-dropout-curves" role="answer" points=1
# **Question.** Compare the curves with and without dropout, on the training and on the validation
# images. What do they tell about dropout, and how would you choose the ratio for a layer of 50
# units instead of 500?
#
# <!-- BEGIN SOLUTION inline_dropout_curves -->
# <!-- TODO: Three or four sentences; quote accuracies. -->
# Without dropout the network knows its 500 examples by heart in the end. With it the training
# accuracy rises more slowly, since in every step three quarters of the units are missing, while the
# validation accuracy is about as high: the gap between the two is smaller. Dropout regularises. A
# layer of 50 units has less room to learn by heart and would be left with a dozen units at a ratio
# of 0.25; it wants a larger ratio, chosen by the validation accuracy.
# <!-- END SOLUTION inline_dropout_curves -->
