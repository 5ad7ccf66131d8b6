/* Vectors of one type of numbers (real), and operations on them other than sums and products. */

#if VECTORS
typedef real NAME(vector) __attribute__((vector_size(VECTOR_BYTES)));
/* Integers of the same width. A comparison gives an integer with all bits set for true, zero for
   false. */
typedef INTEGER NAME(integers) __attribute__((vector_size(VECTOR_BYTES)));
typedef uint8_t NAME(bytes) __attribute__((vector_size(LANES)));
#define AS_BYTES(numbers) __builtin_convertvector(numbers, NAME(bytes))
#define AS_INTEGERS(numbers) __builtin_convertvector(numbers, integers)
#else
typedef real NAME(vector);
typedef INTEGER NAME(integers);
typedef uint8_t NAME(bytes);
#define AS_BYTES(numbers) (NAME(bytes))(numbers)
#define AS_INTEGERS(numbers) (integers)(numbers)
#endif
#define vector NAME(vector)
#define integers NAME(integers)

/* SHUFFLE(a, b, FROM): its i-th number is the FROM(i)-th number of a followed by b. */
#if LANES == 2
#define EACH(FROM) FROM(0), FROM(1)
#elif LANES == 4
#define EACH(FROM) FROM(0), FROM(1), FROM(2), FROM(3)
#elif LANES == 8
#define EACH(FROM) FROM(0), FROM(1), FROM(2), FROM(3), FROM(4), FROM(5), FROM(6), FROM(7)
#elif LANES == 16
#define EACH(FROM)                                                                                 \
    FROM(0), FROM(1), FROM(2), FROM(3), FROM(4), FROM(5), FROM(6), FROM(7), FROM(8), FROM(9),      \
        FROM(10), FROM(11), FROM(12), FROM(13), FROM(14), FROM(15)
#endif
#if LANES == 1
#define SHUFFLE(a, b, FROM) (FROM(0) == 0 ? (a) : (b))
#elif defined(__clang__)
#define SHUFFLE(a, b, FROM) __builtin_shufflevector(a, b, EACH(FROM))
#else
#define SHUFFLE(a, b, FROM) __builtin_shuffle(a, b, (integers){EACH(FROM)})
#endif

/* memcpy, because the address of a pixel is not aligned for a vector; it is one instruction. */
INLINE vector NAME(load)(const real *from)
{
    vector v;
    memcpy(&v, from, sizeof v);
    return v;
}

INLINE void NAME(store)(real *to, vector v, size count)
{
    if (count == LANES)
        memcpy(to, &v, sizeof v);
    else
        memcpy(to, &v, (size_t)count * sizeof(real));
}

/* a0, b0, a1, b1, and so on: the first half of these numbers; below, the second half. */
INLINE vector NAME(interleave_first)(vector a, vector b)
{
#define FROM(i) ((i) / 2 + (i) % 2 * LANES)
    return SHUFFLE(a, b, FROM);
#undef FROM
}

INLINE vector NAME(interleave_last)(vector a, vector b)
{
#define FROM(i) ((LANES + (i)) / 2 + (LANES + (i)) % 2 * LANES)
    return SHUFFLE(a, b, FROM);
#undef FROM
}

/* count numbers of a row, one every stride. */
INLINE vector NAME(load_strided)(const real *from, size stride, size count)
{
    real values[LANES] = {0};
    if (stride == 1 && count == LANES)
        return NAME(load)(from);
    /* From two vectors that share a number, so that nothing after the last number is read. */
#define FROM(i) ((i) < (LANES + 1) / 2 ? 2 * (i) : 2 * (i) + 1)
    if (stride == 2 && count == LANES)
        return SHUFFLE(NAME(load)(from), NAME(load)(from + LANES - 1), FROM);
#undef FROM
    for (size i = 0; i < count; i++)
        values[i] = from[i * stride];
    return NAME(load)(values);
}

#if VECTORS
INLINE integers NAME(select_integers)(integers which, integers yes, integers no)
{
    return (which & yes) | (~which & no);
}

INLINE vector NAME(select)(integers which, vector yes, vector no)
{
    return (vector)NAME(select_integers)(which, (integers)yes, (integers)no);
}
#else
INLINE integers NAME(select_integers)(integers which, integers yes, integers no)
{
    return which ? yes : no;
}

INLINE vector NAME(select)(integers which, vector yes, vector no) { return which ? yes : no; }
#endif
