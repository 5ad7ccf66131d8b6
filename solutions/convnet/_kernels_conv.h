/* Direct convolution, for one type of numbers (real) and one kind of vectors.

   No matrix of patches is made: every patch is read where it lies in the image. Each pixel of a
   patch, a "tap", lies at a fixed offset from the patch's first pixel. The offset is the same for
   every patch of a padded image. So the sum of a filter

       out[f][place] = b[f] + sum over taps t of w[f][t] * padded[place + offset[t]]

   is computed for LANES neighbouring places at once, with one vector. A block of several filters
   times several vectors keeps all its sums in registers. A vector of pixels or a weight is loaded
   once and then used in several multiplications, and a sum is stored only when it is complete.

   One image at a time is padded, in scratch memory that stays in the cache. With a stride of 2,
   neighbouring places read every other pixel. Therefore the columns of a padded row are sorted by
   phase, which is column modulo stride: first those of phase 0, then those of phase 1, and so on.
   In each phase the pixels of neighbouring places are neighbours again. */

/* How many filters a block may have; with two vectors each, the sums fill most of the registers. */
#define MOST_FILTERS (REGISTERS == 32 ? 8 : 6)
/* How many vectors of places a block of so many filters has. */
#define PLACES_FOR(filters)                                                                        \
    (REGISTERS == 32 ? ((filters) <= 4 ? 6 : 3)                                                    \
                     : ((filters) <= 2 ? 4 : (filters) <= 3 ? 3 : 2))
#define MOST_PLACES 6
/* In the gradient of the weights: taps of a block, for one and for two vectors of filters. */
#define MOST_TAPS (REGISTERS == 32 ? 8 : 6)

/* --- padding ----------------------------------------------------------------------------------- */

/* How the rows of a padded image lie in scratch memory. */
typedef struct {
    size rows, pitch; /* rows of a channel; numbers from one phase of a row to the next */
    size phases;      /* the stride across */
    size top, left;   /* zeros before the image */
} NAME(layout);
#define layout NAME(layout)

INLINE size NAME(row_length)(const layout *f) { return f->phases * f->pitch; }
INLINE size NAME(channel_length)(const layout *f) { return f->rows * f->phases * f->pitch; }

/* Copy one image into padded memory. The padding around it must be zero already and stays so. */
static void NAME(copy_padded)(const layout *f, const real *restrict x, size channels, size height,
                              size width, real *restrict padded)
{
    for (size c = 0; c < channels; c++)
        for (size h = 0; h < height; h++, x += width) {
            real *row = padded + c * NAME(channel_length)(f) + (f->top + h) * NAME(row_length)(f);
            if (f->phases == 1) {
                memcpy(row + f->left, x, (size_t)width * sizeof(real));
                continue;
            }
            for (size phase = 0; phase < smaller(f->phases, width); phase++) {
                size first = f->left + phase;
                real *restrict to = row + first % f->phases * f->pitch + first / f->phases;
                const real *restrict from = x + phase;
                size count = divided_up(width - phase, f->phases);
                if (f->phases == 2)
                    for (size i = 0; i < count; i++)
                        to[i] = from[2 * i];
                else
                    for (size i = 0; i < count; i++)
                        to[i] = from[i * f->phases];
            }
        }
}

/* --- sums of products at all places ------------------------------------------------------------- */

/* Everything that a pass over an image needs, except the image itself. */
typedef struct {
    size filters, taps;
    size *offsets;                /* of the taps, from the first pixel of a patch */
    real *weights;                /* by block of filters, by tap, by filter in the block */
    size places;                  /* vectors of places */
    size *in_offset, *out_offset; /* of each vector: where its patch begins, where its outputs go */
    size *first, *last;           /* of each vector: the range of taps that are not padding */
    size lanes;                   /* how many numbers of a vector are outputs; the same for all */
    size out_plane;               /* numbers from one filter's output to the next one's */
} NAME(pass);
#define pass NAME(pass)

INLINE size NAME(block_size)(size filters, size from)
{
    /* The blocks have about the same size: 32 filters are 6 + 6 + 5 + 5 + 5 + 5, not 5 x 6 + 2. */
    return divided_up(filters - from, divided_up(filters - from, MOST_FILTERS));
}

/* Compute the outputs of a block of filters at a few vectors of places. */
INLINE void NAME(block)(int filters, int places, const pass *p, const real *padded, size place,
                        const real *restrict weights, const real *bias, real *out, int relu)
{
    vector sums[MOST_FILTERS][MOST_PLACES];
    const real *patch[MOST_PLACES];
    real *output[MOST_PLACES];
    size first = p->taps, last = 0;
    UNROLL
    for (int v = 0; v < places; v++) {
        /* If fewer places are left than a block has, the last one is computed several times. */
        size at = smaller(place + v, p->places - 1);
        patch[v] = padded + p->in_offset[at];
        output[v] = out + p->out_offset[at];
        first = smaller(first, p->first[at]);
        last = larger(last, p->last[at]);
        UNROLL
        for (int f = 0; f < filters; f++)
            sums[f][v] = (vector){0} + (bias ? bias[f] : 0);
    }
    const size *offsets = p->offsets;
    for (size t = first; t < last; t++) {
        const real *w = weights + t * filters;
        vector pixels[MOST_PLACES];
        UNROLL
        for (int v = 0; v < places; v++)
            pixels[v] = NAME(load)(patch[v] + offsets[t]);
        UNROLL
        for (int f = 0; f < filters; f++) {
            UNROLL
            for (int v = 0; v < places; v++)
                sums[f][v] += pixels[v] * w[f];
        }
    }
    UNROLL
    for (int f = 0; f < filters; f++) {
        UNROLL
        for (int v = 0; v < places; v++) {
            real values[LANES];
            memcpy(values, &sums[f][v], sizeof values);
            if (relu)
                for (int i = 0; i < LANES; i++)
                    values[i] = values[i] < 0 ? 0 : values[i];
            vector value;
            memcpy(&value, values, sizeof values);
            NAME(store)(output[v] + f * p->out_plane, value, p->lanes);
        }
    }
}

/* Compute the outputs of all filters at all places of one padded image. */
static void NAME(run)(const pass *p, const real *padded, const real *bias, real *out, int relu)
{
    const real *weights = p->weights;
    for (size from = 0, count; from < p->filters; from += count) {
        count = NAME(block_size)(p->filters, from);
        const real *b = bias ? bias + from : NULL;
        real *to = out + from * p->out_plane;
        switch (count) {
#define CASE(n)                                                                                    \
    case n:                                                                                        \
        for (size v = 0; v < p->places; v += PLACES_FOR(n))                                        \
            NAME(block)(n, PLACES_FOR(n), p, padded, v, weights, b, to, relu);                     \
        break;
            CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6)
#if REGISTERS == 32
            CASE(7) CASE(8)
#endif
#undef CASE
        }
        weights += count * p->taps;
    }
}

/* --- preparing a pass --------------------------------------------------------------------------- */

/* What a pass computes: out[f][h][w]. Its patch begins in the padded image at the row
   row + h * step and the column col + w of each phase. */
typedef struct {
    size filters, channels, taps_h, taps_w;
    size row, col, step;
    size out_h, out_w, out_row, out_plane; /* numbers from one row or plane to the next */
} NAME(task);
#define task NAME(task)

/* Where the pass finds a weight: first[f * filter + c * channel + i * row + j * col]. */
typedef struct {
    const real *first;
    size filter, channel, row, col;
} NAME(weights);

static void NAME(release)(pass *p)
{
    free(p->offsets);
    free(p->weights);
}

/* Offsets of the taps, ordered by row of the filter, then by channel. So the taps that lie in the
   padding above or below the image come first or last, and the pass can leave them out. */
static void NAME(find_taps)(const task *t, const layout *f, size *offsets)
{
    for (size i = 0; i < t->taps_h; i++)
        for (size c = 0; c < t->channels; c++)
            for (size j = 0; j < t->taps_w; j++)
                *offsets++ = c * NAME(channel_length)(f) + i * NAME(row_length)(f)
                    + j % f->phases * f->pitch + j / f->phases;
}

/* The rows of taps inside the image, for one row of places: from *first to before *last. */
INLINE void NAME(rows_inside)(const task *t, const layout *f, size height, size row, size *first,
                              size *last)
{
    size start = t->row + row * t->step;
    *first = larger(0, f->top - start);
    *last = smaller(t->taps_h, f->top + height - start);
}

/* Prepare a pass over images with the given height; returns 0, or -1 if memory is short. */
static int NAME(prepare)(pass *p, const task *t, const layout *f, size height,
                         const NAME(weights) *w)
{
    size across = divided_up(t->out_w, LANES), row_taps = t->channels * t->taps_w;
    p->filters = t->filters;
    p->taps = t->taps_h * row_taps;
    p->places = t->out_h * across;
    p->lanes = smaller(t->out_w, LANES);
    p->out_plane = t->out_plane;
    p->offsets = malloc((size_t)(p->taps + 4 * p->places + 1) * sizeof(size));
    p->weights = malloc((size_t)(p->taps * p->filters + 1) * sizeof(real));
    if (p->offsets == NULL || p->weights == NULL)
        return -1;

    NAME(find_taps)(t, f, p->offsets);
    p->in_offset = p->offsets + p->taps;
    p->out_offset = p->in_offset + p->places;
    p->first = p->out_offset + p->places;
    p->last = p->first + p->places;
    for (size h = 0, place = 0; h < t->out_h; h++)
        for (size v = 0; v < across; v++, place++) {
            /* The last vector of a row may overlap the one before it, to end with the row. */
            size column = smaller(v * LANES, larger(0, t->out_w - LANES)), first, last;
            p->in_offset[place] = (t->row + h * t->step) * NAME(row_length)(f) + t->col + column;
            p->out_offset[place] = h * t->out_row + column;
            NAME(rows_inside)(t, f, height, h, &first, &last);
            p->first[place] = first < last ? first * row_taps : p->taps;
            p->last[place] = first < last ? last * row_taps : 0;
        }

    real *to = p->weights;
    for (size from = 0, count; from < p->filters; from += count) {
        count = NAME(block_size)(p->filters, from);
        for (size i = 0; i < t->taps_h; i++)
            for (size c = 0; c < t->channels; c++)
                for (size j = 0; j < t->taps_w; j++) {
                    const real *one = w->first + from * w->filter + c * w->channel;
                    for (size k = 0; k < count; k++)
                        *to++ = one[k * w->filter + i * w->row + j * w->col];
                }
    }
    return 0;
}

/* Zeroed scratch memory for a padded image. A vector that begins in the last row may read beyond
   the image, so there is room for two more vectors. */
static real *NAME(new_padded)(const layout *f, size channels, void **allocation)
{
    size count = channels * NAME(channel_length)(f) + 2 * LANES;
    real *padded = new_scratch(count, sizeof(real), allocation);
    if (padded != NULL)
        memset(padded, 0, (size_t)count * sizeof(real));
    return padded;
}

static layout NAME(layout_of_x)(const conv_shape *s)
{
    layout f = {s->height + 2 * s->pad_h, divided_up(s->width + 2 * s->pad_w, s->stride_w),
               s->stride_w, s->pad_h, s->pad_w};
    return f;
}

static task NAME(task_forward)(const conv_shape *s)
{
    task t = {s->filters, s->channels, s->filter_h, s->filter_w, 0, 0, s->stride_h,
              s->out_h, s->out_w, s->out_w, s->out_h * s->out_w};
    return t;
}

/* --- forward ------------------------------------------------------------------------------------ */

/* out = x convolved with w, plus b. If relu, negative numbers become zero. Returns 0, or -1 if
   memory is short. */
static int NAME(conv_forward)(const conv_shape *s, const real *x, const real *w, const real *b,
                              real *out, int relu)
{
    layout f = NAME(layout_of_x)(s);
    task t = NAME(task_forward)(s);
    size plane = s->filter_h * s->filter_w;
    NAME(weights) view = {w, s->channels * plane, plane, s->filter_w, 1};
    pass p;
    void *allocation;
    real *padded = NAME(new_padded)(&f, s->channels, &allocation);
    int failed = NAME(prepare)(&p, &t, &f, s->height, &view) || padded == NULL;
    for (size n = 0; n < s->images && !failed; n++) {
        NAME(copy_padded)(&f, x + n * s->channels * s->height * s->width, s->channels,
                          s->height, s->width, padded);
        NAME(run)(&p, padded, b, out + n * s->filters * t.out_plane, relu);
    }
    NAME(release)(&p);
    free(allocation);
    return failed ? -1 : 0;
}

/* --- backward, with respect to the images ------------------------------------------------------- */

/* Take the pixels of dx in one direction whose position modulo the stride is the same. The forward
   pass multiplied them by the same weights: every stride-th, from weight to
   weight + stride * (taps - 1). The gradient of the i-th of these pixels is a sum over taps: the
   numbers of dout from before + i on, times the weights in reverse order. */
typedef struct {
    size pixels, weight, taps, before;
} NAME(phase);

static NAME(phase) NAME(phase_of)(size phase, size stride, size pad, size image, size filter)
{
    NAME(phase) q;
    q.pixels = image > phase ? divided_up(image - phase, stride) : 0;
    q.weight = (phase + pad) % stride;
    q.taps = q.weight < filter ? divided_up(filter - q.weight, stride) : 0;
    q.before = (phase + pad) / stride - larger(0, q.taps - 1);
    return q;
}

/* How many zeros all phases together need before and after a row or a column of dout. */
static void NAME(zeros_around)(size stride, size pad, size image, size filter, size out,
                               size *front, size *behind)
{
    *front = *behind = 0;
    for (size k = 0; k < stride; k++) {
        NAME(phase) q = NAME(phase_of)(k, stride, pad, image, filter);
        *front = larger(*front, -q.before);
        *behind = larger(*behind, q.before + q.pixels + larger(0, q.taps - 1) - out);
    }
}

/* Copy rows whose columns are sorted by phase, with the columns in their usual order. */
static void NAME(merge_phases)(size phases, size pitch, size rows, size width,
                               const real *restrict from, real *restrict to)
{
    for (size h = 0; h < rows; h++, from += phases * pitch, to += width) {
        size w = 0;
        if (phases == 2)
            for (; w + 1 < width; w += 2) {
                to[w] = from[w / 2];
                to[w + 1] = from[pitch + w / 2];
            }
        for (; w < width; w++)
            to[w] = from[w % phases * pitch + w / phases];
    }
}

/* dx is a convolution too: of dout with the weights in reverse order, one for each phase of the
   pixels. Returns 0, or -1 if memory is short. */
static int NAME(conv_backward_x)(const conv_shape *s, const real *dout, const real *w, real *dx)
{
    size front_h, behind_h, front_w, behind_w;
    NAME(zeros_around)(s->stride_h, s->pad_h, s->height, s->filter_h, s->out_h, &front_h,
                       &behind_h);
    NAME(zeros_around)(s->stride_w, s->pad_w, s->width, s->filter_w, s->out_w, &front_w,
                       &behind_w);
    layout f = {front_h + s->out_h + behind_h, front_w + s->out_w + behind_w, 1, front_h, front_w};
    size plane = s->filter_h * s->filter_w, image = s->channels * s->height * s->width;
    size phases = s->stride_h * s->stride_w;
    /* Columns are computed sorted by phase and merged at the end. One phase needs no merging. */
    size pitch = divided_up(s->width, s->stride_w), row = s->stride_w * pitch;
    void *allocation, *sorted_allocation;
    real *padded = NAME(new_padded)(&f, s->filters, &allocation);
    real *sorted = new_scratch(s->channels * s->height * row, sizeof(real), &sorted_allocation);
    pass *passes = calloc((size_t)phases, sizeof(pass));
    int failed = padded == NULL || sorted == NULL || passes == NULL;
    for (size k = 0; k < phases && !failed; k++) {
        NAME(phase) down = NAME(phase_of)(k / s->stride_w, s->stride_h, s->pad_h, s->height,
                                          s->filter_h);
        NAME(phase) across = NAME(phase_of)(k % s->stride_w, s->stride_w, s->pad_w, s->width,
                                            s->filter_w);
        size last_h = down.weight + s->stride_h * (down.taps - 1);
        size last_w = across.weight + s->stride_w * (across.taps - 1);
        if (down.taps == 0 || across.taps == 0) /* no patch reached these pixels */
            down.taps = across.taps = last_h = last_w = down.before = across.before = 0;
        task t = {s->channels, s->filters, down.taps, across.taps,
                  front_h + down.before, front_w + across.before, 1,
                  down.pixels, across.pixels, s->stride_h * row, s->height * row};
        NAME(weights) view = {w + last_h * s->filter_w + last_w, plane, s->channels * plane,
                              -s->stride_h * s->filter_w, -s->stride_w};
        failed = NAME(prepare)(&passes[k], &t, &f, s->out_h, &view);
    }
    for (size n = 0; n < s->images && !failed; n++) {
        real *image_dx = dx + n * image, *to = s->stride_w == 1 ? image_dx : sorted;
        NAME(copy_padded)(&f, dout + n * s->filters * s->out_h * s->out_w, s->filters,
                          s->out_h, s->out_w, padded);
        for (size k = 0; k < phases; k++)
            NAME(run)(&passes[k], padded, NULL,
                      to + k / s->stride_w * row + k % s->stride_w * pitch, 0);
        if (s->stride_w > 1)
            NAME(merge_phases)(s->stride_w, pitch, s->channels * s->height, s->width, sorted,
                               image_dx);
    }
    for (size k = 0; k < phases && passes != NULL; k++)
        NAME(release)(&passes[k]);
    free(passes);
    free(allocation);
    free(sorted_allocation);
    return failed ? -1 : 0;
}

/* --- backward, with respect to weights and biases ----------------------------------------------- */

/* Transpose LANES rows of LANES numbers. Read all numbers row after row, and interleave the first
   half with the second half, number by number. After log2(LANES) rounds of this the numbers are
   ordered by column. */
INLINE void NAME(transpose_square)(const real *const *rows, real *to, size pitch)
{
    vector r[LANES], interleaved[LANES];
    UNROLL
    for (int i = 0; i < LANES; i++)
        r[i] = rows[i] == NULL ? (vector){0} : NAME(load)(rows[i]);
    UNROLL
    for (int round = 1; round < LANES; round *= 2) {
        UNROLL
        for (int i = 0; i < LANES / 2; i++) {
            interleaved[2 * i] = NAME(interleave_first)(r[i], r[i + LANES / 2]);
            interleaved[2 * i + 1] = NAME(interleave_last)(r[i], r[i + LANES / 2]);
        }
        UNROLL
        for (int i = 0; i < LANES; i++)
            r[i] = interleaved[i];
    }
    UNROLL
    for (int i = 0; i < LANES; i++)
        NAME(store)(to + i * pitch, r[i], LANES);
}

/* to[place][filter] = from[filter][place], for some consecutive places and the filters from first
   to first + width. Filters that do not exist become zeros. */
static void NAME(transpose)(const real *restrict from, size filters, size plane, size places,
                            size first, size width, real *restrict to)
{
    for (size f = 0; f < width; f += LANES)
        if (places >= LANES)
            for (size v = 0; v < places; v += LANES) {
                size q = smaller(v, places - LANES); /* the last square may overlap */
                const real *rows[LANES];
                for (size k = 0; k < LANES; k++)
                    rows[k] = first + f + k < filters ? from + (first + f + k) * plane + q : NULL;
                NAME(transpose_square)(rows, to + q * width + f, width);
            }
        else
            for (size q = 0; q < places; q++)
                for (size k = f; k < f + LANES; k++)
                    to[q * width + k] = first + k < filters ? from[(first + k) * plane + q] : 0;
}

/* sums[tap][filter] += transposed[place][filter] * padded[place + offset[tap]], summed over rows
   of places, for a few taps and a few vectors of filters; transposed has no other filters. */
INLINE void NAME(tap_block)(int taps, int vectors, const real *restrict transposed, size pitch,
                            const real *restrict padded, size row, const size *offsets, size rows,
                            size width, real *restrict sums)
{
    vector total[MOST_TAPS][4];
    const real *pixel[MOST_TAPS];
    UNROLL
    for (int t = 0; t < taps; t++) {
        pixel[t] = padded + offsets[t];
        UNROLL
        for (int v = 0; v < vectors; v++)
            total[t][v] = NAME(load)(sums + t * pitch + v * LANES);
    }
    for (size h = 0; h < rows; h++)
        for (size w = 0; w < width; w++, transposed += vectors * LANES) {
            vector upstream[4];
            size at = h * row + w;
            UNROLL
            for (int v = 0; v < vectors; v++)
                upstream[v] = NAME(load)(transposed + v * LANES);
            UNROLL
            for (int t = 0; t < taps; t++) {
                UNROLL
                for (int v = 0; v < vectors; v++)
                    total[t][v] += upstream[v] * pixel[t][at];
            }
        }
    UNROLL
    for (int t = 0; t < taps; t++) {
        UNROLL
        for (int v = 0; v < vectors; v++)
            NAME(store)(sums + t * pitch + v * LANES, total[t][v], LANES);
    }
}

/* sums[filter] += transposed[place][filter], summed over all places. */
static void NAME(add_up)(const real *restrict transposed, size places, size width,
                         real *restrict sums)
{
    for (size f = 0; f < width; f += LANES) {
        vector sum = NAME(load)(sums + f);
        for (size q = 0; q < places; q++)
            sum += NAME(load)(transposed + q * width + f);
        NAME(store)(sums + f, sum, LANES);
    }
}

/* dw and db, summed over the images. Here a vector holds neighbouring filters, so dout is
   transposed: two vectors of filters at a time, and as many rows of places as fit into the nearest
   cache. Returns 0, or -1 if memory is short. */
static int NAME(conv_backward_w)(const conv_shape *s, const real *dout, const real *x, real *dw,
                                 real *db)
{
    layout f = NAME(layout_of_x)(s);
    task t = NAME(task_forward)(s);
    size pitch = divided_up(s->filters, LANES) * LANES, places = s->out_h * s->out_w;
    size row_taps = s->channels * s->filter_w, taps = s->filter_h * row_taps;
    size rows_at_once = larger(1, 24576 / (s->out_w * 2 * LANES * (size)sizeof(real)));
    void *padded_allocation, *transposed_allocation, *sums_allocation;
    real *padded = NAME(new_padded)(&f, s->channels, &padded_allocation);
    real *transposed = new_scratch(rows_at_once * s->out_w * 2 * LANES, sizeof(real),
                                   &transposed_allocation);
    real *sums = new_scratch((taps + 1) * pitch, sizeof(real), &sums_allocation);
    size *offsets = malloc((size_t)(taps + 1) * sizeof(size));
    int failed = padded == NULL || transposed == NULL || sums == NULL || offsets == NULL;
    if (!failed) {
        NAME(find_taps)(&t, &f, offsets);
        memset(sums, 0, (size_t)((taps + 1) * pitch) * sizeof(real));
    }
    for (size n = 0; n < s->images && !failed; n++) {
        NAME(copy_padded)(&f, x + n * s->channels * s->height * s->width, s->channels,
                          s->height, s->width, padded);
        for (size h = 0; h < s->out_h; h += rows_at_once) {
            size rows = smaller(rows_at_once, s->out_h - h), count;
            const real *patch = padded + h * s->stride_h * NAME(row_length)(&f);
            size row = s->stride_h * NAME(row_length)(&f);
            for (size v = 0, vectors; v < pitch; v += vectors * LANES) {
                vectors = smaller(2, (pitch - v) / LANES);
                NAME(transpose)(dout + n * s->filters * places + h * s->out_w, s->filters, places,
                                rows * s->out_w, v, vectors * LANES, transposed);
                NAME(add_up)(transposed, rows * s->out_w, vectors * LANES, sums + taps * pitch + v);
                for (size tap = 0; tap < taps; tap += count) {
                    count = divided_up(taps - tap, divided_up(taps - tap, MOST_TAPS));
                    switch (count + (vectors - 1) * MOST_TAPS) {
#define CASE(n)                                                                                    \
    case n:                                                                                        \
        NAME(tap_block)(n, 1, transposed, pitch, patch, row, offsets + tap, rows, s->out_w,         \
                        sums + tap * pitch + v);                                                   \
        break;                                                                                     \
    case n + MOST_TAPS:                                                                            \
        NAME(tap_block)(n, 2, transposed, pitch, patch, row, offsets + tap, rows, s->out_w,         \
                        sums + tap * pitch + v);                                                   \
        break;
                        CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6)
#if REGISTERS == 32
                        CASE(7) CASE(8)
#endif
#undef CASE
                    }
                }
            }
        }
    }
    for (size k = 0; k < s->filters && !failed; k++) {
        for (size c = 0; c < s->channels; c++)
            for (size i = 0; i < s->filter_h; i++)
                for (size j = 0; j < s->filter_w; j++)
                    *dw++ = sums[(i * row_taps + c * s->filter_w + j) * pitch + k];
        db[k] = sums[taps * pitch + k];
    }
    free(padded_allocation);
    free(transposed_allocation);
    free(sums_allocation);
    free(offsets);
    return failed ? -1 : 0;
}

#undef layout
#undef pass
#undef task
#undef MOST_FILTERS
#undef PLACES_FOR
#undef MOST_PLACES
#undef MOST_TAPS
