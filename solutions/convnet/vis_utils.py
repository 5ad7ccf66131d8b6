"""Arrays arranged for looking at: images in a grid, values scaled to what a screen shows."""

import numpy as np


def visualize_grid(images, ubound=255.0, padding=1):
    """Arrange images in a grid that is as square as can be.

    Inputs:
    - images: array (N, H, W, C) of any values; each image is scaled on its own so that its smallest
      value becomes 0 and its largest ubound.
    - ubound: the largest value of the grid.
    - padding: blank pixels between the images.

    Returns an array (grid height, grid width, C) of floats between 0 and ubound.
    """
    num, height, width, channels = images.shape
    side = int(np.ceil(np.sqrt(num)))
    rows = int(np.ceil(num / side)) if side else 0
    grid = np.zeros(
        (
            max(0, rows * (height + padding) - padding),
            max(0, side * (width + padding) - padding),
            channels,
        )
    )
    for number, image in enumerate(images):
        row, col = divmod(number, side)
        top, left = row * (height + padding), col * (width + padding)
        grid[top : top + height, left : left + width] = scale(image, ubound)
    return grid


def scale(image, ubound=255.0):
    """Shift and stretch values so that they reach from 0 to ubound; a flat image becomes 0."""
    low, high = np.min(image), np.max(image)
    if high == low:
        return np.zeros(image.shape)
    return ubound * (image - low) / (high - low)


def plot_history(solver, goal=None):
    """Draw a Solver's loss and accuracies, one below the other; needs matplotlib.

    Inputs:
    - solver: after ``train()``.
    - goal: an accuracy to mark with a dashed line, or None.

    Returns the matplotlib figure.
    """
    import matplotlib.pyplot as plt

    figure, (above, below) = plt.subplots(2, 1, figsize=(9, 7), layout="constrained")
    above.plot(solver.loss_history, ".", markersize=3)
    above.set(title="Training loss", xlabel="iteration")
    below.plot(solver.train_acc_history, "o-", label="training")
    below.plot(solver.val_acc_history, "o-", label="validation")
    if goal is not None:
        below.axhline(goal, linestyle="--", color="black", linewidth=1)
    below.set(title="Accuracy", xlabel="epoch", ylim=(0, 1))
    below.legend(loc="lower right")
    return figure
