import torch.nn.functional as F


def train_step(G, D, opt_g, opt_d, x, y, z_, num_d_accum, num_g_accum):
    opt_d.zero_grad()
    for k in range(num_d_accum):
        loss = F.relu(1 + D(G(z_).detach(), y)).mean() / num_d_accum
        loss.backward()
    opt_d.step()
    opt_g.zero_grad()
    for k in range(num_g_accum):
        g_loss = -D(G(z_), y).mean()
        g_loss.backward()  # expect: ACC003
    opt_g.step()


def fit(G, D, opt_g, opt_d, loader, z_, num_d_accum, num_g_accum):
    for x, y in loader:
        train_step(G, D, opt_g, opt_d, x, y, z_, num_d_accum, num_g_accum)
