import torch


def train(model, xs, ys, batch_size, accum, epochs):
    opt = torch.optim.Adam(model.parameters())
    for epoch in range(epochs):
        opt.zero_grad()
        for step, i in enumerate(range(0, xs.size(0), batch_size)):
            loss = torch.nn.functional.mse_loss(model(xs[i : i + batch_size]), ys[i : i + batch_size]) / accum
            loss.backward()
            if (step + 1) % accum == 0:  # expect: ACC004
                opt.step()
                opt.zero_grad()
