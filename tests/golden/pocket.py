# %% [markdown] id="title"
# # A pocket notebook

# %% id="setup" role="setup"
import math
# %matplotlib inline

# %% [markdown] id="double"
# Twice $x$ is $2x$.

# %% id="double-answer" role="answer"
def double(x):
    """Twice x."""
    # BEGIN SOLUTION double
    # TODO: give back twice x.
    return 2 * x
    # END SOLUTION double

# %% id="example"
double(math.pi)

# %% [markdown] id="why" role="answer"
# Why two?
#
# <!-- BEGIN SOLUTION inline_why -->
# <!-- TODO: Say why. -->
# Because two is even.
# <!-- END SOLUTION inline_why -->
