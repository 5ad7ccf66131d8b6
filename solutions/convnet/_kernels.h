/* The inner loops of the fast layers: which instructions they use.

   _kernels_conv.h and _kernels_pool.h contain the loops, written once. This file includes them
   several times: for float and for double, and for each kind of vectors that the processor may
   have. A vector is a few neighbouring numbers in one register; one instruction works on all of
   them. GCC and Clang let C code add and multiply such vectors like numbers. With another compiler
   a "vector" is a single number, and the code below is plain C.

   On x86-64 everything is compiled for three generations of processors. The functions at the end
   of this file choose one of them at run time, so the compiled file also works on other machines.

   -DTHIS_MACHINE -march=native   compiles for the processor of this machine only.
   -DPLAIN_LOOPS                  compiles without vectors. */

#ifndef CONVNET_KERNELS_H
#define CONVNET_KERNELS_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__GNUC__) && !defined(PLAIN_LOOPS)
#define VECTORS 1
/* An inlined block is compiled once for each size it is called with, so that its loops unroll. */
#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("GCC unroll 16")
#define UNROLL_3 _Pragma("GCC unroll 3")
#else
#define VECTORS 0
#define INLINE static
#define UNROLL
#define UNROLL_3
#endif

#if defined(_MSC_VER)
#define restrict __restrict
#endif

typedef ptrdiff_t size;

/* The sizes of a convolution; the vertical direction comes first. */
typedef struct {
    size images, channels, height, width; /* x */
    size filters, filter_h, filter_w;     /* w */
    size out_h, out_w;                    /* out */
    size stride_h, stride_w, pad_h, pad_w;
} conv_shape;

/* The sizes of a pooling; a plane is one channel of one image. */
typedef struct {
    size planes, height, width;
    size window_h, window_w;
    size out_h, out_w;
    size stride_h, stride_w;
} pool_shape;

INLINE size smaller(size a, size b) { return a < b ? a : b; }
INLINE size larger(size a, size b) { return a > b ? a : b; }
INLINE size divided_up(size a, size b) { return (a + b - 1) / b; }

/* Memory for count numbers of the given size in bytes; it starts at a cache line. The caller frees
   *allocation. Returns NULL if memory is short. */
static void *new_scratch(size count, size bytes, void **allocation)
{
    *allocation = malloc((size_t)(count * bytes) + 128);
    return *allocation == NULL ? NULL : (void *)(((uintptr_t)*allocation + 63) & ~(uintptr_t)63);
}

#define JOIN_(a, b, c) a##_##b##_##c
#define JOIN(a, b, c) JOIN_(a, b, c)
#define NAME(function) JOIN(function, real, KIND)

/* --- one kind of vectors, or several ------------------------------------------------------------ */

#if VECTORS && !defined(THIS_MACHINE) && defined(__x86_64__)

#define KIND base
#define VECTOR_BYTES 16
#define REGISTERS 16
#include "_kernels_types.h"

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma")
#endif
#define KIND avx2
#define VECTOR_BYTES 32
#define REGISTERS 16
#include "_kernels_types.h"
#if defined(__clang__)
#pragma clang attribute pop
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma"))), apply_to = function)
#else
#pragma GCC pop_options
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl,fma,prefer-vector-width=512")
#endif
#define KIND avx512
#define VECTOR_BYTES 64
#define REGISTERS 32
#include "_kernels_types.h"
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

static int has_avx2(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }
static int has_avx512(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}
#define CHOOSE(function, type)                                       \
    (has_avx512() ? function##_##type##_avx512                       \
                  : has_avx2() ? function##_##type##_avx2 : function##_##type##_base)
static const char *vector_kind(void)
{
    return has_avx512() ? "AVX-512, chosen at run time"
                        : has_avx2() ? "AVX2, chosen at run time" : "SSE2, chosen at run time";
}

#else

#define KIND only
#if !VECTORS
#define VECTOR_BYTES 0
#define REGISTERS 16
#define KIND_NAME "plain loops"
#elif defined(__AVX512F__)
#define VECTOR_BYTES 64
#define REGISTERS 32
#define KIND_NAME "AVX-512"
#elif defined(__AVX2__)
#define VECTOR_BYTES 32
#define REGISTERS 16
#define KIND_NAME "AVX2"
#elif defined(__aarch64__)
#define VECTOR_BYTES 16
#define REGISTERS 32
#define KIND_NAME "NEON"
#else
#define VECTOR_BYTES 16
#define REGISTERS 16
#define KIND_NAME "vectors of 16 bytes"
#endif
#include "_kernels_types.h"
#define CHOOSE(function, type) function##_##type##_only
static const char *vector_kind(void) { return KIND_NAME; }

#endif

/* --- what _kernels.pyx calls ------------------------------------------------------------------- */

#define FUNCTIONS(real)                                                                            \
    static int conv_forward_##real(const conv_shape *s, const real *x, const real *w,              \
                                   const real *b, real *out, int relu)                             \
    { return CHOOSE(conv_forward, real)(s, x, w, b, out, relu); }                                  \
    static int conv_backward_x_##real(const conv_shape *s, const real *dout, const real *w,        \
                                      real *dx)                                                    \
    { return CHOOSE(conv_backward_x, real)(s, dout, w, dx); }                                      \
    static int conv_backward_w_##real(const conv_shape *s, const real *dout, const real *x,        \
                                      real *dw, real *db)                                          \
    { return CHOOSE(conv_backward_w, real)(s, dout, x, dw, db); }                                  \
    static void pool_forward_##real(const pool_shape *s, const real *x, real *out,                 \
                                    uint8_t *narrow, int32_t *wide)                                \
    { CHOOSE(pool_forward, real)(s, x, out, narrow, wide); }                                       \
    static int pool_backward_##real(const pool_shape *s, const real *dout, const uint8_t *narrow,  \
                                    const int32_t *wide, real *dx)                                 \
    { return CHOOSE(pool_backward, real)(s, dout, narrow, wide, dx); }                             \
    static void relu_backward_##real(size n, const real *dout, const real *out, real *dx)          \
    { CHOOSE(relu_backward, real)(n, dout, out, dx); }                                             \
    static void adam_##real(size n, const real *dw, real *w, real *m, real *v, double rate,        \
                            double beta1, double beta2, double epsilon, double t)                  \
    { CHOOSE(adam, real)(n, dw, w, m, v, rate, beta1, beta2, epsilon, t); }

FUNCTIONS(float)
FUNCTIONS(double)

#endif
