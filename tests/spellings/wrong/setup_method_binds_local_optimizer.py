import torch
import torch.nn.functional as F


class Task:
    def setup(self, name, lr):
        if name == "adam":
            optimizer = torch.optim.Adam(self.model.parameters(), lr=lr)
        else:
            optimizer = torch.optim.SGD(self.model.parameters(), lr=lr)
        self.optimizer = optimizer

    def fit(self, loader, total_steps, accumulation_steps=1):
        step = 0
        for epoch in range(total_steps):
            for x, y in loader:
                step += 1
                loss = F.cross_entropy(self.model(x), y) / accumulation_steps
                loss.backward()
                if step % accumulation_steps == 0:
                    self.optimizer.step()  # expect: ACC001
                if step == total_steps:
                    break
            if step == total_steps:
                break
