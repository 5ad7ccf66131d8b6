# cython: boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""The inner loops of the fast layers, for float32 and float64.

The arrays are C-contiguous and their shapes fit together: ``fast_layers`` sees to that. N images of
C channels, H by W pixels; windows of HH by WW pixels at OH by OW places.
"""

ctypedef fused real:
    float
    double


def image_to_columns(const real[:, :, :, ::1] x, real[:, :, :, :, :, ::1] columns,
                     Py_ssize_t stride, Py_ssize_t pad):
    """Write the pixel (h, w) of every window to columns[n, c, h, w, :, :], zero outside x."""
    cdef Py_ssize_t n, c, h, w, i, j, row, col
    cdef Py_ssize_t height = x.shape[2], width = x.shape[3]
    with nogil:
        for n in range(columns.shape[0]):
            for c in range(columns.shape[1]):
                for h in range(columns.shape[2]):
                    for w in range(columns.shape[3]):
                        for i in range(columns.shape[4]):
                            row = i * stride + h - pad
                            for j in range(columns.shape[5]):
                                col = j * stride + w - pad
                                if 0 <= row < height and 0 <= col < width:
                                    columns[n, c, h, w, i, j] = x[n, c, row, col]
                                else:
                                    columns[n, c, h, w, i, j] = 0


def columns_to_image(const real[:, :, :, :, :, ::1] columns, real[:, :, :, ::1] x,
                     Py_ssize_t stride, Py_ssize_t pad):
    """Add columns[n, c, h, w, :, :] back to the pixels they were taken from."""
    cdef Py_ssize_t n, c, h, w, i, j, row, col
    cdef Py_ssize_t height = x.shape[2], width = x.shape[3]
    with nogil:
        for n in range(columns.shape[0]):
            for c in range(columns.shape[1]):
                for h in range(columns.shape[2]):
                    for w in range(columns.shape[3]):
                        for i in range(columns.shape[4]):
                            row = i * stride + h - pad
                            if row < 0 or row >= height:
                                continue
                            for j in range(columns.shape[5]):
                                col = j * stride + w - pad
                                if 0 <= col < width:
                                    x[n, c, row, col] += columns[n, c, h, w, i, j]


def pool_forward(const real[:, :, :, ::1] x, real[:, :, :, ::1] out, int[:, :, :, ::1] winners,
                 Py_ssize_t pool_height, Py_ssize_t pool_width, Py_ssize_t stride):
    """Write the largest value of every window, and its place in the image of H * W pixels.

    A window that holds NaN gives NaN, as NumPy's maximum does.
    """
    cdef Py_ssize_t n, c, i, j, row, col
    cdef int best
    cdef int width = <int>x.shape[3]
    cdef real value, largest
    with nogil:
        for n in range(out.shape[0]):
            for c in range(out.shape[1]):
                for i in range(out.shape[2]):
                    for j in range(out.shape[3]):
                        best = <int>(i * stride) * width + <int>(j * stride)
                        largest = x[n, c, i * stride, j * stride]
                        for row in range(i * stride, i * stride + pool_height):
                            for col in range(j * stride, j * stride + pool_width):
                                value = x[n, c, row, col]
                                if value > largest or (value != value and largest == largest):
                                    largest = value
                                    best = <int>row * width + <int>col
                        out[n, c, i, j] = largest
                        winners[n, c, i, j] = best


def pool_backward(const real[:, :, :, ::1] dout, const int[:, :, :, ::1] winners,
                  real[:, :, ::1] dx):
    """Add every gradient to the pixel that won its window; dx is (N, C, H * W)."""
    cdef Py_ssize_t n, c, i, j
    with nogil:
        for n in range(winners.shape[0]):
            for c in range(winners.shape[1]):
                for i in range(winners.shape[2]):
                    for j in range(winners.shape[3]):
                        dx[n, c, winners[n, c, i, j]] += dout[n, c, i, j]
