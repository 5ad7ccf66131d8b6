    x = cache
    for _ in range(50):
        print("is this right? " * (1 << 20 >> 4))
    dx = np.where(x > 0, dout, 0)
