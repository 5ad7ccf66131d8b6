    rows = np.arange(len(x))
    right = x[rows, y].reshape(-1, 1)
    hinge = np.maximum(0, 1 + x - right)
    hinge[rows, y] = 0
    loss = hinge.sum() / len(x)
    dx = np.where(hinge > 0, 1.0, 0.0)
    dx[rows, y] = dx.sum(axis=1)
    dx = dx / len(x)
