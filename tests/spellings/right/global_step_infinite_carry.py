import torch


def cycle(dl):
    while True:
        for b in dl:
            yield b


class Trainer:
    def __init__(self, diffusion, dl, gradient_accumulate_every=2, train_num_steps=100000, lr=8e-5):
        self.model = diffusion
        self.dl = cycle(dl)
        self.gradient_accumulate_every = gradient_accumulate_every
        self.train_num_steps = train_num_steps
        self.opt = torch.optim.Adam(diffusion.parameters(), lr=lr, betas=(0.9, 0.99))
        self.scaler = torch.cuda.amp.GradScaler()
        self.step = 0

    def train(self):
        while self.step < self.train_num_steps:
            for i in range(self.gradient_accumulate_every):
                data = next(self.dl).cuda()
                with torch.cuda.amp.autocast():
                    loss = self.model(data)
                    self.scaler.scale(loss / self.gradient_accumulate_every).backward()
                print(f"{self.step}: {loss.item()}")
            self.scaler.step(self.opt)
            self.scaler.update()
            self.opt.zero_grad()
            self.step += 1
