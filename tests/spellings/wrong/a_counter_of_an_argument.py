import torch
from torch.utils.data import DataLoader


class Progress:
    def __init__(self):
        self.step = 0
        self.acc_step = 0


def every_n_steps(progress, freq, acc_step):
    """Hangs on what the object holds that it is given: another answer in each turn."""
    return progress.step % freq == 0 and progress.acc_step == acc_step


def train(model, loader: DataLoader, lr: float, probe_freq: int, grad_acc_steps: int = 4):
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr)
    progress = Progress()
    optimizer.zero_grad()
    while progress.step < 1000:
        x, y = next(loader)
        progress.acc_step += 1
        progress.acc_step = progress.acc_step % grad_acc_steps
        if every_n_steps(progress, probe_freq, 0):
            probe = torch.nn.functional.mse_loss(model(x[:1]), y[:1])
            probe.backward()
            optimizer.zero_grad()  # expect: ACC002
        loss = torch.nn.functional.mse_loss(model(x), y) / grad_acc_steps
        loss.backward()
        if progress.acc_step == 0:
            optimizer.step()
            optimizer.zero_grad()
            progress.step += 1
