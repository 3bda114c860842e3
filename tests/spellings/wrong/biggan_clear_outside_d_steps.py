import torch
import torch.nn.functional as F


def train_step(G, D, x, y, z_, y_, config):
    G.optim.zero_grad()
    D.optim.zero_grad()
    x = torch.split(x, config["batch_size"])
    y = torch.split(y, config["batch_size"])
    counter = 0
    D.requires_grad_(True)
    G.requires_grad_(False)
    for step_index in range(config["num_D_steps"]):
        for accumulation_index in range(config["num_D_accumulations"]):
            z_.sample_()
            fake = D(G(z_), y_)
            real = D(x[counter], y[counter])
            loss = (F.relu(1 + fake).mean() + F.relu(1 - real).mean()) / config["num_D_accumulations"]
            loss.backward()
            counter += 1
        D.optim.step()  # expect: ACC001
    D.requires_grad_(False)
    G.requires_grad_(True)
    G.optim.zero_grad()
    for accumulation_index in range(config["num_G_accumulations"]):
        z_.sample_()
        G_loss = -D(G(z_), y_).mean() / config["num_G_accumulations"]
        G_loss.backward()
    G.optim.step()
