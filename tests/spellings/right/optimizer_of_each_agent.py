import torch


def train(agents, critics, loader):
    ao = [torch.optim.Adam(a.parameters()) for a in agents]
    co = [torch.optim.Adam(c.parameters()) for c in critics]
    for obs in loader:
        for o in ao + co:
            o.zero_grad()
        for i in range(len(agents)):
            critics[i](obs).pow(2).mean().backward()
            co[i].step()
        for i in range(len(agents)):
            ao[i].zero_grad()
            (-critics[i](agents[i](obs[i]))).mean().backward()
            ao[i].step()
