# %% [markdown] id="title"
# # A small notebook
#
# With $x^2$ in it.

# %% id="setup" role="setup"
# %matplotlib inline
import numpy as np

# %% Try it id="square-example" tags=["slow"]
print(np.square(3))

# %% id="square" role="answer"


def square(x):
    # BEGIN SOLUTION square
    # TODO: Multiply x by itself.
    return x * x
    # END SOLUTION square


# %% [markdown] id="why" role="answer"
# **Why is a square never negative?**
#
# <!-- BEGIN SOLUTION inline_why -->
# <!-- TODO: Answer in one
# sentence. -->
# Because both factors have the *same* sign.
#
# Zero has none.
# <!-- END SOLUTION inline_why -->
