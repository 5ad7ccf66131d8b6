/* Max pooling and Adam, for one type of numbers (real): plain loops that compilers turn into
   vectors by themselves. */

/* out: the largest number of every window. The winner's number in its window, row by row, goes to
   narrow, or to wide if the window has more than 256 pixels; the other one is NULL. Of equal ones
   the first wins, and a window that holds NaN gives NaN. Returns 0, or -1 if memory is short. */
static int NAME(pool_forward)(const pool_shape *s, const real *x, real *out, uint8_t *narrow,
                              int32_t *wide)
{
    /* Rows first: the largest of each column of the window, and its number, as a real too. The
       columns are compared afterwards. */
    void *whole;
    real *best = new_scratch(3 * s->width + s->out_w, sizeof(real), &whole);
    if (best == NULL)
        return -1;
    real *number = best + s->width, *won = number + s->width;
    for (size p = 0; p < s->planes; p++, x += s->height * s->width)
        for (size h = 0; h < s->out_h; h++) {
            const real *restrict first = x + h * s->stride_h * s->width;
            for (size w = 0; w < s->width; w++) {
                best[w] = first[w];
                number[w] = 0;
            }
            for (size i = 1; i < s->window_h; i++) {
                const real *restrict row = first + i * s->width;
                real its = (real)(i * s->window_w);
                for (size w = 0; w < s->width; w++) {
                    int better = !(row[w] <= best[w]) & (best[w] == best[w]);
                    best[w] = better ? row[w] : best[w];
                    number[w] = better ? its : number[w];
                }
            }
            for (size w = 0; w < s->out_w; w++) {
                const real *b = best + w * s->stride_w, *k = number + w * s->stride_w;
                real largest = b[0], winner = k[0];
                for (size j = 1; j < s->window_w; j++) {
                    real its = k[j] + (real)j;
                    int better = (!(b[j] <= largest) & (largest == largest))
                        | ((b[j] == largest || (b[j] != b[j] && largest != largest)) & (its < winner));
                    largest = better ? b[j] : largest;
                    winner = better ? its : winner;
                }
                out[w] = largest;
                won[w] = winner;
            }
            if (narrow)
                for (size w = 0; w < s->out_w; w++)
                    *narrow++ = (uint8_t)(int32_t)won[w];
            else
                for (size w = 0; w < s->out_w; w++)
                    *wide++ = (int32_t)won[w];
            out += s->out_w;
        }
    free(whole);
    return 0;
}

/* dx: zero but for the winners, which get the gradients of their windows. Returns 0, or -1 if
   memory is short. */
static int NAME(pool_backward)(const pool_shape *s, const real *dout, const uint8_t *narrow,
                               const int32_t *wide, real *dx)
{
    size pixels = s->window_h * s->window_w;
    size *offset = malloc((size_t)pixels * sizeof(size));
    if (offset == NULL)
        return -1;
    for (size k = 0; k < pixels; k++)
        offset[k] = k / s->window_w * s->width + k % s->window_w;
    for (size p = 0; p < s->planes; p++, dx += s->height * s->width) {
        memset(dx, 0, (size_t)(s->height * s->width) * sizeof(real));
        for (size h = 0; h < s->out_h; h++, dout += s->out_w) {
            real *window = dx + h * s->stride_h * s->width;
            if (narrow)
                for (size w = 0; w < s->out_w; w++)
                    window[w * s->stride_w + offset[*narrow++]] += dout[w];
            else
                for (size w = 0; w < s->out_w; w++)
                    window[w * s->stride_w + offset[*wide++]] += dout[w];
        }
    }
    free(offset);
    return 0;
}

/* dx: the gradients where the output of a ReLU is positive, zero elsewhere. */
static void NAME(relu_backward)(size n, const real *restrict dout, const real *restrict out,
                                real *restrict dx)
{
    for (size i = 0; i < n; i++)
        dx[i] = out[i] > 0 ? dout[i] : 0;
}

/* A step of Adam, the t-th; w, m and v are changed. */
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
