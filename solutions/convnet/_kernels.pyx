# cython: boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Calls the inner loops of ``_kernels.h`` with NumPy arrays, for float32 and float64.

The arrays must be C-contiguous, and their shapes must fit together: ``fast_layers`` checks that. A
window, a stride and a pad are pairs of numbers, down and across. Each function writes its results
into the last arrays it is given. Other threads may run meanwhile.
"""

from libc.stdint cimport int32_t, uint8_t

ctypedef fused real:
    float
    double

ctypedef fused number:
    uint8_t
    int32_t

cdef extern from "_kernels.h" nogil:
    ctypedef struct conv_shape:
        Py_ssize_t images, channels, height, width, filters, filter_h, filter_w, out_h, out_w
        Py_ssize_t stride_h, stride_w, pad_h, pad_w

    ctypedef struct pool_shape:
        Py_ssize_t planes, height, width, window_h, window_w, out_h, out_w, stride_h, stride_w

    int conv_forward_float(conv_shape *, const float *, const float *, const float *, float *, int)
    int conv_forward_double(
        conv_shape *, const double *, const double *, const double *, double *, int)
    int conv_backward_x_float(conv_shape *, const float *, const float *, float *)
    int conv_backward_x_double(conv_shape *, const double *, const double *, double *)
    int conv_backward_w_float(conv_shape *, const float *, const float *, float *, float *)
    int conv_backward_w_double(conv_shape *, const double *, const double *, double *, double *)
    void pool_forward_float(pool_shape *, const float *, float *, uint8_t *, int32_t *)
    void pool_forward_double(pool_shape *, const double *, double *, uint8_t *, int32_t *)
    int pool_backward_float(
        pool_shape *, const float *, const uint8_t *, const int32_t *, float *)
    int pool_backward_double(
        pool_shape *, const double *, const uint8_t *, const int32_t *, double *)
    void relu_backward_float(Py_ssize_t, const float *, const float *, float *)
    void relu_backward_double(Py_ssize_t, const double *, const double *, double *)
    void adam_float(Py_ssize_t, const float *, float *, float *, float *,
                    double, double, double, double, double)
    void adam_double(Py_ssize_t, const double *, double *, double *, double *,
                     double, double, double, double, double)
    const char *vector_kind()


def vectors():
    """The vector instructions that are used on this machine, in words."""
    return vector_kind().decode()


def conv_forward(const real[:, :, :, ::1] x, const real[:, :, :, ::1] w, const real[::1] b,
                 stride, pad, bint relu, real[:, :, :, ::1] out):
    """out (N, F, H', W') = x (N, C, H, W) convolved with w (F, C, HH, WW), plus b (F,).

    If relu, negative numbers become zero.
    """
    cdef conv_shape shape = _conv_shape(x.shape, w.shape, out.shape, stride, pad)
    cdef int failed
    with nogil:
        if real is float:
            failed = conv_forward_float(
                &shape, &x[0, 0, 0, 0], &w[0, 0, 0, 0], &b[0], &out[0, 0, 0, 0], relu)
        else:
            failed = conv_forward_double(
                &shape, &x[0, 0, 0, 0], &w[0, 0, 0, 0], &b[0], &out[0, 0, 0, 0], relu)
    if failed:
        raise MemoryError("no memory to pad an image")


def conv_backward_x(const real[:, :, :, ::1] dout, const real[:, :, :, ::1] w, stride, pad,
                    real[:, :, :, ::1] dx):
    """dx (N, C, H, W) of dout (N, F, H', W') and w (F, C, HH, WW)."""
    cdef conv_shape shape = _conv_shape(dx.shape, w.shape, dout.shape, stride, pad)
    cdef int failed
    with nogil:
        if real is float:
            failed = conv_backward_x_float(
                &shape, &dout[0, 0, 0, 0], &w[0, 0, 0, 0], &dx[0, 0, 0, 0])
        else:
            failed = conv_backward_x_double(
                &shape, &dout[0, 0, 0, 0], &w[0, 0, 0, 0], &dx[0, 0, 0, 0])
    if failed:
        raise MemoryError("no memory to pad a gradient")


def conv_backward_w(const real[:, :, :, ::1] dout, const real[:, :, :, ::1] x, stride, pad,
                    real[:, :, :, ::1] dw, real[::1] db):
    """dw (F, C, HH, WW) and db (F,) of dout (N, F, H', W') and x (N, C, H, W), of all images."""
    cdef conv_shape shape = _conv_shape(x.shape, dw.shape, dout.shape, stride, pad)
    cdef int failed
    with nogil:
        if real is float:
            failed = conv_backward_w_float(
                &shape, &dout[0, 0, 0, 0], &x[0, 0, 0, 0], &dw[0, 0, 0, 0], &db[0])
        else:
            failed = conv_backward_w_double(
                &shape, &dout[0, 0, 0, 0], &x[0, 0, 0, 0], &dw[0, 0, 0, 0], &db[0])
    if failed:
        raise MemoryError("no memory to pad an image")


def pool_forward(const real[:, :, :, ::1] x, window, stride, real[:, :, :, ::1] out,
                 number[:, :, :, ::1] winners):
    """out (N, C, H', W'): the largest number of every window of x (N, C, H, W).

    winners (N, C, H', W'): the position of that number in its window, counted row by row.
    """
    cdef pool_shape shape = _pool_shape(x.shape, out.shape, window, stride)
    cdef uint8_t *narrow = NULL
    cdef int32_t *wide = NULL
    if number is uint8_t:
        narrow = &winners[0, 0, 0, 0]
    else:
        wide = &winners[0, 0, 0, 0]
    with nogil:
        if real is float:
            pool_forward_float(&shape, &x[0, 0, 0, 0], &out[0, 0, 0, 0], narrow, wide)
        else:
            pool_forward_double(&shape, &x[0, 0, 0, 0], &out[0, 0, 0, 0], narrow, wide)


def pool_backward(const real[:, :, :, ::1] dout, const number[:, :, :, ::1] winners, window,
                  stride, real[:, :, :, ::1] dx):
    """dx (N, C, H, W): dout (N, C, H', W') at the pixels that won, zero elsewhere."""
    cdef pool_shape shape = _pool_shape(dx.shape, dout.shape, window, stride)
    cdef const uint8_t *narrow = NULL
    cdef const int32_t *wide = NULL
    cdef int failed
    if number is uint8_t:
        narrow = &winners[0, 0, 0, 0]
    else:
        wide = &winners[0, 0, 0, 0]
    with nogil:
        if real is float:
            failed = pool_backward_float(&shape, &dout[0, 0, 0, 0], narrow, wide, &dx[0, 0, 0, 0])
        else:
            failed = pool_backward_double(&shape, &dout[0, 0, 0, 0], narrow, wide, &dx[0, 0, 0, 0])
    if failed:
        raise MemoryError("no memory for the offsets of a window")


def relu_backward(const real[::1] dout, const real[::1] out, real[::1] dx):
    """dx (n,): dout (n,) where out (n,) is positive, zero elsewhere."""
    with nogil:
        if real is float:
            relu_backward_float(out.shape[0], &dout[0], &out[0], &dx[0])
        else:
            relu_backward_double(out.shape[0], &dout[0], &out[0], &dx[0])


def adam(double rate, double beta1, double beta2, double epsilon, double t,
         const real[::1] dw, real[::1] w, real[::1] m, real[::1] v):
    """The t-th step of Adam for arrays (n,). Changes w, m and v."""
    with nogil:
        if real is float:
            adam_float(w.shape[0], &dw[0], &w[0], &m[0], &v[0], rate, beta1, beta2, epsilon, t)
        else:
            adam_double(w.shape[0], &dw[0], &w[0], &m[0], &v[0], rate, beta1, beta2, epsilon, t)


cdef conv_shape _conv_shape(const Py_ssize_t *x, const Py_ssize_t *w, const Py_ssize_t *out,
                            stride, pad) except *:
    cdef conv_shape shape
    shape.images, shape.channels, shape.height, shape.width = x[0], x[1], x[2], x[3]
    shape.filters, shape.filter_h, shape.filter_w = w[0], w[2], w[3]
    shape.out_h, shape.out_w = out[2], out[3]
    shape.stride_h, shape.stride_w = stride
    shape.pad_h, shape.pad_w = pad
    return shape


cdef pool_shape _pool_shape(const Py_ssize_t *x, const Py_ssize_t *out, window,
                            stride) except *:
    cdef pool_shape shape
    shape.planes, shape.height, shape.width = x[0] * x[1], x[2], x[3]
    shape.window_h, shape.window_w = window
    shape.out_h, shape.out_w = out[2], out[3]
    shape.stride_h, shape.stride_w = stride
    return shape
