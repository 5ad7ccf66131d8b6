    x, w, conv_param = cache
    s, p = conv_param["stride"], conv_param["pad"]
    F, C, HH, WW = w.shape
    padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    dpadded = np.zeros_like(padded)
    dw = np.zeros_like(w)
    db = np.sum(dout, axis=(0, 2, 3))
    for n in range(x.shape[0]):
        for f in range(F):
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    g = dout[n, f, i, j]
                    here = np.s_[n, :, i * s : i * s + HH, j * s : j * s + WW]
                    dw[f] += g * padded[here]
                    dpadded[here] += g * w[f]
    dx = dpadded[:, :, p:-p, p:-p]
