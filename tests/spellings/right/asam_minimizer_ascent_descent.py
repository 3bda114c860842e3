import torch


class SAMMin:
    def __init__(self, optimizer, model, rho=0.5):
        self.optimizer, self.model, self.rho = optimizer, model, rho

    @torch.no_grad()
    def ascent_step(self):
        grads = [p.grad.norm() for p in self.model.parameters() if p.grad is not None]
        scale = self.rho / (torch.stack(grads).norm() + 1e-16)
        self.eps = []
        for p in self.model.parameters():
            if p.grad is None:
                continue
            e = p.grad * scale
            p.add_(e)
            self.eps.append((p, e))
        self.optimizer.zero_grad()

    @torch.no_grad()
    def descent_step(self):
        for p, e in self.eps:
            p.sub_(e)
        self.optimizer.step()
        self.optimizer.zero_grad()


def train(model, loader, crit, lr=0.1):
    opt = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    minimizer = SAMMin(opt, model)
    for x, y in loader:
        crit(model(x), y).backward()
        minimizer.ascent_step()
        crit(model(x), y).backward()
        minimizer.descent_step()
