# %% id="convolution-setup" role="setup"
from convnet.layers import (
    conv_backward_naive,
    conv_forward_naive,
    max_pool_backward_naive,
    max_pool_forward_naive,
)

# %% [markdown] id="conv-forward-text" when="conv_forward"
# ## Convolution: forward
#
# Frame every image with `pad` rows and columns of zeros on each side. Then lay a filter, a small
# block of weights through all channels, onto its upper left corner, multiply what lies on top of
# each other, add it all up, add the bias: that is one number of the output. Move the filter by
# `stride` pixels and repeat. With the padded image $\bar x$ and the stride $s$,
#
# $$\mathrm{out}_{n f i j} = b_f + \sum_{c, u, v} w_{f c u v}\; \bar x_{n, c,\, i s + u,\, j s + v},
# \qquad H' = 1 + \frac{H + 2\,\mathrm{pad} - HH}{s},$$
#
# and $W'$ likewise. Neither images nor filters need be square.
#
# Write `conv_forward_naive` in [[layers.conv_forward_naive]], with as many loops as you find clear.
# The loops are to be yours: the fast layers that are given to you are out of its reach when it is
# graded, and so it is with those of the other naive functions.
# The error should be about `2e-8`, which is the rounding of the printed numbers.

# %% [markdown] id="conv-forward-float32-text" when="conv_forward, float32"
# **Single precision.** Arrays of float32 give an output of float32. `np.zeros` makes float64 if
# it is not told otherwise.

# %% [markdown] id="conv-forward-leftovers-text" when="conv_forward, leftovers"
# **What does not fit.** The last step need not end at the border: $H'$ and $W'$ are rounded down,
# and rows and columns that are left over are not used.

# %% id="conv-forward-answer" role="answer" defines="layers.conv_forward_naive"

# %% id="conv-forward-example"
images, filters = evenly(-0.1, 0.5, 2, 3, 4, 4), evenly(-0.2, 0.3, 3, 3, 4, 4)
out, _ = conv_forward_naive(images, filters, evenly(-0.1, 0.2, 3), {"stride": 2, "pad": 1})
published = np.array(
    [
        [
            [[-0.08759809, -0.10987781], [-0.18387192, -0.2109216]],
            [[0.21027089, 0.21661097], [0.22847626, 0.23004637]],
            [[0.50813986, 0.54309974], [0.64082444, 0.67101435]],
        ],
        [
            [[-0.98053589, -1.03143541], [-1.19128892, -1.24695841]],
            [[0.69108355, 0.66880383], [0.59480972, 0.56776003]],
            [[2.36270298, 2.36904306], [2.38090835, 2.38247847]],
        ],
    ]
)
compare(out=(out, published))

# %% id="conv-forward-check"
check("conv_forward")

# %% [markdown] id="filters-text" when="conv_forward"
# ## What a filter can do
#
# People designed filters long before networks learned them. Here are three, applied to two pictures
# by *your* convolution:
#
# - **grey**: a weighted sum of red, green and blue at the pixel itself, weighted as the eye does;
# - **horizontal edges**: the rows above the pixel minus the rows below, in the blue channel;
# - **vertical edges**: the same on its side.
#
# The edge filters have a bias of 128, so that no change at all comes out as medium grey. The lines
# along the borders are real: there the picture ends and the frame of zeros begins. If the pictures
# look shifted, mirrored or torn, so is your convolution.

# %% id="filters-pictures"
size = 64
row, column = np.mgrid[0:size, 0:size] / size


def paint(picture, where, color):
    """Give the pixels of a picture (3, H, W) a colour wherever `where` holds."""
    picture[:, where] = np.array(color, dtype=float)[:, np.newaxis]


# A house under the sun: sky, hill, sun, wall, roof, door.
house = np.stack([110 + 90 * row, 150 + 70 * row, 235 + 0 * row])
paint(house, row > 0.72 - 0.12 * np.sin(3 * column), (70, 140, 60))
paint(house, (row - 0.2) ** 2 + (column - 0.8) ** 2 < 0.012, (255, 225, 70))
paint(house, (abs(column - 0.38) < 0.19) & (abs(row - 0.69) < 0.16), (225, 205, 170))
paint(
    house, (row > 0.33) & (row < 0.54) & (abs(column - 0.38) < 1.25 * (row - 0.33)), (170, 50, 40)
)
paint(house, (abs(column - 0.44) < 0.05) & (abs(row - 0.75) < 0.10), (90, 55, 30))

# A boat at night: sky, moon, water with waves, sail, hull.
boat = np.stack([15 + 25 * row, 20 + 35 * row, 70 + 60 * row])
paint(boat, (row - 0.18) ** 2 + (column - 0.22) ** 2 < 0.008, (245, 240, 215))
paint(boat, row > 0.7 + 0.015 * np.sin(40 * column), (20, 75, 120))
paint(boat, (row > 0.82) & (np.sin(60 * row + 8 * column) > 0.6), (60, 120, 165))
paint(
    boat,
    (row > 0.22) & (row < 0.6) & (column > 0.56) & (column - 0.56 < 0.7 * (row - 0.2)),
    (235, 235, 245),
)
paint(
    boat,
    (row > 0.63) & (row < 0.75) & (abs(column - 0.58) < 0.3 - 0.8 * (row - 0.63)),
    (150, 80, 45),
)

# %% id="filters-example"
filters = np.zeros((3, 3, 3, 3))
filters[0, :, 1, 1] = 0.3, 0.6, 0.1
filters[1, 2] = np.outer([1, 0, -1], [1, 2, 1])
filters[2, 2] = filters[1, 2].T

pictures = np.stack([house, boat])
filtered, _ = conv_forward_naive(
    pictures, filters, np.array([0, 128, 128]), {"stride": 1, "pad": 1}
)

_, panels = plt.subplots(2, 4, figsize=(12, 6))
titles = ("picture", "grey", "horizontal edges", "vertical edges")
for panel_row, picture, results in zip(panels, pictures, filtered):
    panel_row[0].imshow(picture.transpose(1, 2, 0).astype(np.uint8))
    for panel, result in zip(panel_row[1:], results):
        panel.imshow(np.clip(result, 0, 255), vmin=0, vmax=255)
for panel, title in zip(panels[0], titles):
    panel.set_title(title)
for panel in panels.flat:
    panel.axis("off")
plt.show()

# %% [markdown] id="conv-backward-text" when="conv_backward"
# ## Convolution: backward
#
# Each number of the output was a sum of products, a piece of the padded image times a filter. So
# each number of `dout` flows back to both: to the filter, in proportion to the piece of the image,
# and to that piece of the image, in proportion to the filter. Pieces overlap and filters are used
# everywhere, so the contributions are added up. At the end the frame comes off; see that this works
# without a frame too.
#
# Write `conv_backward_naive` in [[layers.conv_backward_naive]]. Expect errors of `1e-8` or less.

# %% [markdown] id="conv-backward-float32-text" when="conv_backward, float32"
# **Single precision.** Arrays of float32 give gradients of float32.

# %% [markdown] id="conv-backward-leftovers-text" when="conv_backward, leftovers"
# **What does not fit.** Rows and columns that were left over at the border get a gradient of zero.

# %% id="conv-backward-answer" role="answer" defines="layers.conv_backward_naive"

# %% id="conv-backward-example"
compare_layer(
    lambda x, w, b: conv_forward_naive(x, w, b, {"stride": 1, "pad": 1}),
    conv_backward_naive,
    **normal(x=(4, 3, 5, 5), w=(2, 3, 3, 3), b=(2,), dout=(4, 2, 5, 5)),
)

# %% id="conv-backward-check"
check("conv_backward")

# %% [markdown] id="pool-forward-text" when="max_pool_forward"
# ## Max pooling: forward
#
# Pooling makes images smaller: of every window only the largest value is kept, channel by channel.
# A window is `pool_height` × `pool_width` pixels and moves by `stride`. Windows may overlap, and
# there may be gaps between them.
#
# Write `max_pool_forward_naive` in [[layers.max_pool_forward_naive]]. The error should be about
# `4e-8`.

# %% [markdown] id="pool-forward-float32-text" when="max_pool_forward, float32"
# **Single precision.** Arrays of float32 give an output of float32. `np.zeros` makes float64 if
# it is not told otherwise.

# %% [markdown] id="pool-forward-leftovers-text" when="max_pool_forward, leftovers"
# **What does not fit.** The last window need not end at the border: $H'$ and $W'$ are rounded down,
# and rows and columns that are left over are not used.

# %% id="pool-forward-example"
pool_param = {"pool_height": 2, "pool_width": 2, "stride": 2}
out, _ = max_pool_forward_naive(evenly(-0.3, 0.4, 2, 3, 4, 4), pool_param)
published = np.array(
    [
        [
            [[-0.26315789, -0.24842105], [-0.20421053, -0.18947368]],
            [[-0.14526316, -0.13052632], [-0.08631579, -0.07157895]],
            [[-0.02736842, -0.01263158], [0.03157895, 0.04631579]],
        ],
        [
            [[0.09052632, 0.10526316], [0.14947368, 0.16421053]],
            [[0.20842105, 0.22315789], [0.26736842, 0.28210526]],
            [[0.32631579, 0.34105263], [0.38526316, 0.4]],
        ],
    ]
)
compare(out=(out, published))

# %% id="pool-forward-check"
check("max_pool_forward")

# %% [markdown] id="pool-backward-text" when="max_pool_backward"
# ## Max pooling: backward
#
# Only the largest value of a window had any influence, so it alone receives the gradient. Where
# windows overlap, one pixel may have been the largest of several.
#
# Write `max_pool_backward_naive` in [[layers.max_pool_backward_naive]]. Expect an error around
# `1e-12`.

# %% [markdown] id="pool-backward-float32-text" when="max_pool_backward, float32"
# **Single precision.** Arrays of float32 give a gradient of float32.

# %% [markdown] id="pool-backward-leftovers-text" when="max_pool_backward, leftovers"
# **What does not fit.** Rows and columns that were left over at the border get a gradient of zero.

# %% id="pool-backward-example"
compare_layer(
    lambda x: max_pool_forward_naive(x, pool_param),
    max_pool_backward_naive,
    **normal(x=(3, 2, 8, 8), dout=(3, 2, 4, 4)),
)

# %% id="pool-backward-check"
check("max_pool_backward")
