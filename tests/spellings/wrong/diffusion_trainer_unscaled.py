import torch


def cycle(dl):
    while True:
        for b in dl:
            yield b


class Trainer:
    def __init__(self, model, dl, gradient_accumulate_every=2, train_num_steps=100000):
        self.model = model
        self.dl = cycle(dl)
        self.gradient_accumulate_every = gradient_accumulate_every
        self.train_num_steps = train_num_steps
        self.opt = torch.optim.Adam(model.parameters(), lr=8e-5)

    def train(self):
        for step in range(self.train_num_steps):
            for i in range(self.gradient_accumulate_every):
                x, y = next(self.dl)
                loss = torch.nn.functional.mse_loss(self.model(x), y)
                loss.backward()  # expect: ACC003
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            self.opt.step()
            self.opt.zero_grad()
