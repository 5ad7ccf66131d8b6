/* Includes the loops for float and for double, with the kind of vectors that _kernels.h chose. */

#define real float
#define SQUARE_ROOT sqrtf
#define INTEGER int32_t
#define LANES (VECTOR_BYTES ? VECTOR_BYTES / 4 : 1)
#include "_kernels_vectors.h"
#include "_kernels_conv.h"
#include "_kernels_pool.h"
#undef real
#undef SQUARE_ROOT
#undef INTEGER
#undef vector
#undef integers
#undef AS_BYTES
#undef AS_INTEGERS
#undef EACH
#undef SHUFFLE
#undef LANES

#define real double
#define SQUARE_ROOT sqrt
#define INTEGER int64_t
#define LANES (VECTOR_BYTES ? VECTOR_BYTES / 8 : 1)
#include "_kernels_vectors.h"
#include "_kernels_conv.h"
#include "_kernels_pool.h"
#undef real
#undef SQUARE_ROOT
#undef INTEGER
#undef vector
#undef integers
#undef AS_BYTES
#undef AS_INTEGERS
#undef EACH
#undef SHUFFLE
#undef LANES

#undef KIND
#undef VECTOR_BYTES
#undef REGISTERS
