import torch


def fit(model, loader, lr=0.1):
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    lossf = torch.nn.MSELoss()
    for x, y in loader:

        def closure():
            loss = lossf(model(x), y)
            loss.backward()
            return loss

        opt.step(closure)  # expect: ACC001
