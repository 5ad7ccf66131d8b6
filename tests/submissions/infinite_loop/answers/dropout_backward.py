    mask = cache
    while mask is None:
        mask = cache
    dx = mask * dout
