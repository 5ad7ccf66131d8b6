# %% id="models" role="setup"
from convnet.solver import Solver


def compare_model_gradients(model, X, y, h=1e-5):
    """Compare all gradients of a model with numeric ones, of differences over 2h."""
    for name, gradient in sorted(model.loss(X, y)[1].items()):
        numeric = eval_numerical_gradient(
            lambda _: model.loss(X, y)[0], model.params[name], verbose=False, h=h
        )
        compare(**{name: (gradient, numeric)})


def plot_training(solvers_by_name, title=""):
    """Draw the losses and the accuracies of solvers, given as a dictionary by name."""
    figure, panels = plt.subplots(1, 3, figsize=(15, 4))
    curves = {
        "training loss": "loss_history",
        "training accuracy": "train_acc_history",
        "validation accuracy": "val_acc_history",
    }
    for panel, (label, curve) in zip(panels, curves.items()):
        of_loss = curve == "loss_history"
        for name, solver in solvers_by_name.items():
            panel.plot(getattr(solver, curve), "." if of_loss else "o-", label=name)
        panel.set(title=label, xlabel="iteration" if of_loss else "epoch")
    panels[2].sharey(panels[1])  # so that a gap between the two can be seen
    panels[1].set_ylim(0, 1.03)
    panels[0].legend()
    figure.suptitle(title)
    figure.tight_layout()
    plt.show()
