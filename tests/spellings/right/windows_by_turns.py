import torch


def train(generator, critic, loader, n, epochs, loss_of_generator, loss_of_critic):
    optimizer_g = torch.optim.Adam(generator.parameters())
    optimizer_c = torch.optim.Adam(critic.parameters())
    for epoch in range(epochs):
        first = epoch % 2 == 0
        optimizer = optimizer_g if first else optimizer_c
        compute = loss_of_generator if first else loss_of_critic
        for i, x in enumerate(loader):
            if i % n == 0:
                optimizer.zero_grad()
            (compute(generator, critic, x) / n).backward()
            if (i + 1) % n == 0 or i + 1 == len(loader):
                optimizer.step()
