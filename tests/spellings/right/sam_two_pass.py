import torch


class SAM(torch.optim.Optimizer):
    def __init__(self, params, base, rho=0.05, **kw):
        super().__init__(params, dict(rho=rho, **kw))
        self.base_optimizer = base(self.param_groups, **kw)

    @torch.no_grad()
    def first_step(self, zero_grad=False):
        for g in self.param_groups:
            for p in g["params"]:
                e = p.grad * g["rho"] / (p.grad.norm() + 1e-12)
                p.add_(e)
                self.state[p]["e"] = e
        if zero_grad:
            self.zero_grad()

    @torch.no_grad()
    def second_step(self, zero_grad=False):
        for g in self.param_groups:
            for p in g["params"]:
                p.sub_(self.state[p]["e"])
        self.base_optimizer.step()
        if zero_grad:
            self.zero_grad()


def train(model, loader, criterion):
    opt = SAM(model.parameters(), torch.optim.SGD, lr=0.1)
    for x, y in loader:
        criterion(model(x), y).backward()
        opt.first_step(zero_grad=True)
        criterion(model(x), y).backward()
        opt.second_step(zero_grad=True)
