/* Max pooling, for one type of numbers (real) and one kind of vectors; also the gradient of a ReLU
   and a step of Adam.

   One vector holds the largest numbers so far of LANES neighbouring windows. Another vector holds
   their positions in their windows. The pixels of the windows are compared with them one after the
   other. The backward pass needs the positions of the winners alone: a byte each, unless windows
   are large. */

/* The winners of some windows: each is the position of a pixel in its window, counted row by row.
   Only one of the two pointers is used. */
typedef struct {
    uint8_t *narrow;
    int32_t *wide; /* if a window has more than 256 pixels */
} NAME(winner_store);
#define winner_store NAME(winner_store)

INLINE void NAME(store_winners)(winner_store to, size at, integers numbers, size count)
{
    if (to.wide != NULL) {
        INTEGER each[LANES];
        memcpy(each, &numbers, sizeof each);
        for (size i = 0; i < count; i++)
            to.wide[at + i] = (int32_t)each[i];
    } else {
        NAME(bytes) each = AS_BYTES(numbers);
        memcpy(to.narrow + at, &each, (size_t)count);
    }
}

/* Pool a vector of windows, or count < LANES of them. Of equal pixels the first wins. NaN counts as
   larger than any number. */
INLINE void NAME(pool_windows)(size window_h, size window_w, size stride, size count, size width,
                               const real *x, real *out, winner_store winners, size place)
{
    const real *first = x + place * stride;
    vector largest = NAME(load_strided)(first, stride, count);
    integers winner = {0};
    UNROLL_3
    for (size i = 0; i < window_h; i++) {
        UNROLL_3
        for (size j = 0; j < window_w; j++) {
            vector value = NAME(load_strided)(first + i * width + j, stride, count);
            integers better = ~(value <= largest) & (largest == largest);
            integers number = (integers){0} + (INTEGER)(i * window_w + j);
            largest = NAME(select)(better, value, largest);
            winner = NAME(select_integers)(better, number, winner);
        }
    }
    NAME(store)(out + place, largest, count);
    NAME(store_winners)(winners, place, winner, count);
}

/* Pool a row of windows. The last vector may overlap the one before it, to end with the row. */
INLINE void NAME(pool_row)(size window_h, size window_w, size stride, size places, size width,
                           const real *x, real *out, winner_store winners)
{
    if (places < LANES)
        NAME(pool_windows)(window_h, window_w, stride, places, width, x, out, winners, 0);
    else
        for (size v = 0; v < places; v += LANES)
            NAME(pool_windows)(window_h, window_w, stride, LANES, width, x, out, winners,
                               smaller(v, places - LANES));
}

/* out: the largest number of every window. Writes the winners to narrow or to wide; the other one
   is NULL. */
static void NAME(pool_forward)(const pool_shape *s, const real *x, real *out, uint8_t *narrow,
                               int32_t *wide)
{
    winner_store winners = {narrow, wide};
    for (size p = 0; p < s->planes; p++)
        for (size h = 0; h < s->out_h; h++) {
            const real *first = x + (p * s->height + h * s->stride_h) * s->width;
#define ROW(window_h, window_w, stride)                                                            \
    NAME(pool_row)(window_h, window_w, stride, s->out_w, s->width, first, out, winners)
            if (s->window_h == 2 && s->window_w == 2 && s->stride_w == 2)
                ROW(2, 2, 2);
            else if (s->window_h == 3 && s->window_w == 3 && s->stride_w == 2)
                ROW(3, 3, 2);
            else if (s->stride_w == 2)
                ROW(s->window_h, s->window_w, 2);
            else if (s->stride_w == 1)
                ROW(s->window_h, s->window_w, 1);
            else
                ROW(s->window_h, s->window_w, s->stride_w);
#undef ROW
            out += s->out_w;
            if (winners.wide != NULL)
                winners.wide += s->out_w;
            else
                winners.narrow += s->out_w;
        }
}

/* dx of one row of windows of 2 x 2 pixels that do not overlap. Every pixel belongs to one window
   only, so its gradient is written and not added. */
INLINE void NAME(tile_row)(size places, size width, const real *dout, const uint8_t *narrow,
                           real *dx)
{
    for (size v = 0; v < places; v += LANES) {
        size place = smaller(v, places - LANES);
        vector upstream = NAME(load)(dout + place);
        NAME(bytes) each;
        memcpy(&each, narrow + place, sizeof each);
        integers winner = AS_INTEGERS(each);
        for (int i = 0; i < 2; i++) {
            vector left = NAME(select)(winner == 2 * i, upstream, (vector){0});
            vector right = NAME(select)(winner == 2 * i + 1, upstream, (vector){0});
            real *to = dx + i * width + 2 * place;
            NAME(store)(to, NAME(interleave_first)(left, right), LANES);
            NAME(store)(to + LANES, NAME(interleave_last)(left, right), LANES);
        }
    }
}

/* Add the gradient of each window of a row to its winner. offsets[k]: from the first pixel of a
   window to its k-th pixel, in dx. */
INLINE void NAME(add_row)(size places, size stride, const size *offsets, const real *dout,
                          const uint8_t *narrow, const int32_t *wide, real *dx)
{
    if (wide != NULL)
        for (size w = 0; w < places; w++)
            dx[w * stride + offsets[wide[w]]] += dout[w];
    else
        for (size w = 0; w < places; w++)
            dx[w * stride + offsets[narrow[w]]] += dout[w];
}

/* dx: the winners get the gradients of their windows, all other pixels get zero. Returns 0, or -1
   if memory is short. */
static int NAME(pool_backward)(const pool_shape *s, const real *dout, const uint8_t *narrow,
                               const int32_t *wide, real *dx)
{
    size pixels = s->window_h * s->window_w;
    int tiled = s->window_h == 2 && s->window_w == 2 && s->stride_h == 2
        && s->stride_w == 2 && s->height % 2 == 0 && s->width % 2 == 0 && s->out_w >= LANES;
    size *offsets = malloc((size_t)pixels * sizeof(size));
    if (offsets == NULL)
        return -1;
    for (size k = 0; k < pixels; k++)
        offsets[k] = k / s->window_w * s->width + k % s->window_w;
    for (size p = 0; p < s->planes; p++, dx += s->height * s->width) {
        if (!tiled)
            memset(dx, 0, (size_t)(s->height * s->width) * sizeof(real));
        for (size h = 0; h < s->out_h; h++, dout += s->out_w) {
            real *window = dx + h * s->stride_h * s->width;
            if (tiled)
                NAME(tile_row)(s->out_w, s->width, dout, narrow, window);
            else
                NAME(add_row)(s->out_w, s->stride_w, offsets, dout, narrow, wide, window);
            if (wide != NULL)
                wide += s->out_w;
            else
                narrow += s->out_w;
        }
    }
    free(offsets);
    return 0;
}

/* dx: dout where the output of a ReLU is positive, zero elsewhere. */
static void NAME(relu_backward)(size n, const real *restrict dout, const real *restrict out,
                                real *restrict dx)
{
    for (size i = 0; i < n; i++)
        dx[i] = out[i] > 0 ? dout[i] : 0;
}

/* The t-th step of Adam. Changes w, m and v. */
static void NAME(adam)(size n, const real *restrict dw, real *restrict w, real *restrict m,
                       real *restrict v, double rate, double beta1, double beta2, double epsilon,
                       double t)
{
    real keep1 = (real)beta1, take1 = (real)(1 - beta1);
    real keep2 = (real)beta2, take2 = (real)(1 - beta2);
    real step = (real)(rate / (1 - pow(beta1, t))), scale = (real)(1 / (1 - pow(beta2, t)));
    real small = (real)epsilon;
    for (size i = 0; i < n; i++) {
        real mean = keep1 * m[i] + take1 * dw[i];
        real square = keep2 * v[i] + take2 * dw[i] * dw[i];
        m[i] = mean;
        v[i] = square;
        w[i] -= step * mean / (SQUARE_ROOT(square * scale) + small);
    }
}

#undef winner_store
