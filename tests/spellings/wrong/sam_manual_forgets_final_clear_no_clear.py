import torch


def train(model, loader, opt, crit, rho=0.05):
    for x, y in loader:
        crit(model(x), y).backward()
        norm = torch.stack([p.grad.norm() for p in model.parameters()]).norm() + 1e-12
        eps = []
        with torch.no_grad():
            for p in model.parameters():
                e = p.grad * (rho / norm)
                p.add_(e)
                eps.append(e)
        crit(model(x), y).backward()
        with torch.no_grad():
            for p, e in zip(model.parameters(), eps):
                p.sub_(e)
        opt.step()  # expect: ACC001
