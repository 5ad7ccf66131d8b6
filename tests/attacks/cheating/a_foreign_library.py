# Tries: to use libraries that are not among those of the course.
# Must happen: they are not installed where code is graded: the import fails.
# Score: 2
# Outcomes: slow=error train=error
def slow(x):
    import torch

    return torch.cumsum(torch.tensor(x), 0).numpy()


def train(data):
    from sklearn.neighbors import KNeighborsClassifier

    return KNeighborsClassifier().fit(data["X_train"].reshape(80, -1), data["y_train"])
