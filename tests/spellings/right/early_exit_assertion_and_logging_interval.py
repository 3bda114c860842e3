import torch


def train(model, loader, opt, crit, log_interval=10, save_interval=1000):
    total = 0.0
    for it, batch in enumerate(loader):
        loss = crit(model(batch))
        opt.zero_grad(set_to_none=True)
        loss.backward()
        opt.step()
        total += loss.detach()
        if it % log_interval == 0:
            print(it, (total / log_interval).item())
            total = 0.0
        if it and it % save_interval == 0:
            torch.save(model.state_dict(), f"{it}.pt")
