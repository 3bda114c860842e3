import torch
import torch.nn.functional as F


def train(model, loader, opt, epochs, final_n=8, warm=3):
    """No windows at first, then some of 8: right."""
    for epoch in range(epochs):
        n = 1 if epoch < warm else final_n
        opt.zero_grad()
        for i, (x, y) in enumerate(loader):
            loss = F.cross_entropy(model(x), y) / n
            loss.backward()
            if (i + 1) % n == 0 or i + 1 == len(loader):
                opt.step()
                opt.zero_grad()


def train_critic(actor, critic, loader, opt_a, opt_c, epochs, n_critic=5):
    for epoch in range(epochs):
        turns = 1 if epoch < 3 else n_critic
        for i, x in enumerate(loader):
            opt_c.zero_grad()
            critic(x).mean().backward()
            opt_c.step()
            if (i + 1) % turns == 0:
                opt_a.zero_grad()
                actor(x).mean().backward()
                opt_a.step()
