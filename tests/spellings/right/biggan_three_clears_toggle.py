import torch


def toggle_grad(model, on):
    for p in model.parameters():
        p.requires_grad = on


def train(G, D, loader, num_D_steps, num_D_accumulations, bs, z):
    for x, y in loader:
        toggle_grad(D, True)
        toggle_grad(G, False)
        xs, ys = torch.split(x, bs), torch.split(y, bs)
        counter = 0
        for _ in range(num_D_steps):
            D.optim.zero_grad()
            for _ in range(num_D_accumulations):
                z.sample_()
                D_fake, D_real = D(G(z, ys[counter]), ys[counter]), D(xs[counter], ys[counter])
                D_loss = (torch.relu(1 - D_real).mean() + torch.relu(1 + D_fake).mean()) / float(num_D_accumulations)
                D_loss.backward()
                counter += 1
            D.optim.step()
        toggle_grad(D, False)
        toggle_grad(G, True)
        G.optim.zero_grad()
        z.sample_()
        G_loss = -D(G(z, y), y).mean()
        G_loss.backward()
        G.optim.step()
