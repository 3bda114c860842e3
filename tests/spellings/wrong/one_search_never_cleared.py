import torch
from torch import nn, optim


def temperature(logits, labels, lr=0.01, max_iter=50):
    """LBFGS calls the closure up to max_iter times in its one step."""
    T = torch.ones(1, requires_grad=True)
    criterion = nn.CrossEntropyLoss()
    optimizer = optim.LBFGS([T], lr=lr, max_iter=max_iter)

    def closure():
        loss = criterion(logits / T, labels)
        loss.backward()
        return loss

    optimizer.step(closure)  # expect: ACC001
    return T.item()
