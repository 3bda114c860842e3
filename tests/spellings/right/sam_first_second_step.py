import torch
from sam import SAM


def train(model, loader, crit):
    optimizer = SAM(model.parameters(), torch.optim.SGD, rho=0.05, lr=0.1, momentum=0.9)
    for x, y in loader:
        loss = crit(model(x), y)
        loss.backward()
        optimizer.first_step(zero_grad=True)
        crit(model(x), y).backward()
        optimizer.second_step(zero_grad=True)
