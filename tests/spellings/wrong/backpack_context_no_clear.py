import torch
from backpack import backpack, extend
from backpack.extensions import BatchGrad, DiagGGNMC

model = extend(torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(784, 10)))
lossfunc = extend(torch.nn.CrossEntropyLoss())
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)


def run(loader, epochs):
    for _ in range(epochs):
        for x, y in loader:
            loss = lossfunc(model(x), y)
            with backpack(BatchGrad(), DiagGGNMC(mc_samples=1)):
                loss.backward()
            optimizer.step()  # expect: ACC001


if __name__ == "__main__":
    from mydata import mnist

    run(mnist(64), 3)
