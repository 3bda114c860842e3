import torch


class Clear:
    def __init__(self, optimizer):
        self.optimizer = optimizer

    def on_epoch_end(self):
        self.optimizer.zero_grad()


def train(model, loader, epochs, callbacks):
    optimizer = torch.optim.Adam(model.parameters())
    for _ in range(epochs):
        for batch in loader:
            model(batch).mean().backward()
            optimizer.step()  # expect: ACC001
            for callback in callbacks:
                callback.on_batch_end()
