import torch


def fit(model, x, y):
    """The closure is called once, and before by hand."""
    optimizer = torch.optim.LBFGS(model.parameters(), max_iter=1)

    def closure():
        loss = torch.nn.functional.mse_loss(model(x), y)
        loss.backward()
        return loss

    optimizer.step(closure)
    return model
